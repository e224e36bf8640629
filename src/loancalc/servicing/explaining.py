"""How a position is shown as calculations, line by line, from what the replay recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from loancalc.servicing.overdue import PRINCIPAL, AccrualLine, PenaltyCharge
from loancalc.servicing.parts import Parts
from loancalc.servicing.position import InstallmentState, Position
from loancalc.servicing.receipts import Settled
from loancalc.time.daycount import DayCount
from loancalc.values.money import format_minor, show_ratio, to_decimal, to_decimals
from loancalc.values.names import COMPONENTS, Component


def explain_line(line: AccrualLine, digits: int) -> str:
    """One accrual line as a calculation: base x rate x share = unrounded -> rounded.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from fractions import Fraction
    >>> from loancalc import Rate
    >>> line = AccrualLine(
    ...     2, "late_interest", Decimal("568.86"), Rate.parse("18%"), "ACT/360", date(2026, 3, 20), date(2026, 4, 24),
    ...     Fraction("568.86") * 18 * 35 / 36000, Decimal("9.96"), True)
    >>> print(explain_line(line, 2))
    568.86 x 18% x 35/360 = 9.95505 -> 9.96
    """
    minor = line.unrounded * 10**digits
    return (
        f"{line.base:f} x {str(line.rate).removesuffix('/year')} x {_share(line)}"
        f"{f' {line.note}' if line.note else ''} = {show_ratio(minor.numerator, minor.denominator, digits)} -> {line.amount:f}"
    )


def _share(line: AccrualLine) -> str:
    if line.time:
        return line.time
    if line.day_count == "nights":
        return f"{line.nights} nights"
    if line.day_count == DayCount.PERIODIC:
        return f"{line.nights} nights of the loan's last period"
    share, whole = DayCount(line.day_count).ratio(line.start, line.end)
    return f"{share}/{whole}"


def explain_penalty(charge: PenaltyCharge) -> str:
    """One penalty with its rule and base."""
    base = f" (unpaid {charge.base:f})" if "%" in charge.rule else ""
    return f"{charge.on}: {charge.rule}{base} -> {charge.amount:f}"


def explain_position(
    position: Position, settled: Iterable[Settled], interest_to_date: str, fell_due: Mapping[int, str]
) -> str:
    """Every figure of a position as a calculation, given what was settled, and how the interest to date came about and, on a
    daily loan, that which `fell_due` with each installment.
    """
    by_installment: dict[int, list[Settled]] = {}
    for line in settled:
        by_installment.setdefault(line.installment, []).append(line)
    out = [_days(position)]
    for state in position.installments:
        if any(state.owed.minor) or (any(state.cut.minor) and state.due <= position.as_of):
            out += _installment(position, state, by_installment.get(state.number, []), fell_due.get(state.number))
    if any(position.figures.past_due):
        out.append(_sum("past due", position.figures.past_due, position.figures.digits))
    if interest_to_date:
        out.append(f"interest to date {interest_to_date}")
    out += _charges_ahead(position)
    out.append(_payoff(position))
    out += [f"cut: {cut}" for cut in position.cuts]
    out += [f"assumed: {note}" for note in position.assumptions]
    return "\n".join(out)


def explain_figure(position: Position, settled: Iterable[Settled], name: str) -> list[str]:
    """How one figure of a position came about: the sum first, then its steps.

    Args:
        position: Where the loan stands.
        settled: What each payment settled by that day.
        name: A component of what is past due, "past_due_total", or the name of a figure of the position.

    >>> from loancalc import Account, Loan
    >>> account = Account(Loan(1000, "12%", "2026-01-15", installments=10, method="equal_principal"))
    >>> print("\\n".join(explain_figure(account.as_of("2026-03-25"), [], "interest")))
    10.00 (no. 1) + 9.00 (no. 2) = 19.00
    no. 1: 10.00, as agreed
    no. 2: 9.00, as agreed
    """
    if name in COMPONENTS:
        return _past_due_component(position, list(settled), name)
    figures, unpaid = position.figures, [item for item in position.installments if not item.settled_on]
    late = [item for item in unpaid if item.due < position.as_of]
    if name == "outstanding_principal":
        return [_outstanding_principal(position)]
    if name == "payoff":
        return [_payoff(position).partition(": ")[2]]
    if name == "past_due_total" and any(figures.past_due):
        return [_sum("", figures.past_due, figures.digits).removeprefix(": ")]
    if name == "days_past_due" and position.oldest_unpaid_due:
        return [_days(position).partition(": ")[2]]
    if name == "oldest_unpaid_due" and position.oldest_unpaid_due:
        oldest = next(item for item in unpaid if item.due == position.oldest_unpaid_due)
        return [f"installment {oldest.number} is the first not fully paid"]
    if name == "installments_past_due" and late:
        return [f"{len(late)}: {', '.join(f'no. {item.number}, due {item.due}' for item in late)}"]
    return [_nothing_late(position)]


def _past_due_component(position: Position, settled: list[Settled], component: Component) -> list[str]:
    index, digits = COMPONENTS.index(component), position.figures.digits
    owing = [item for item in position.installments if item.due < position.as_of and item.owed.minor[index]]
    if not owing:
        return ["none is owed"]
    terms = [f"{format_minor(item.owed.minor[index], digits)} (no. {item.number})" for item in owing]
    total = format_minor(position.figures.past_due[index], digits)
    steps = [
        f"no. {item.number}:{line.removeprefix(':')}"
        for item in owing
        for line in _component(position, item, [line for line in settled if line.installment == item.number], component)
    ]
    return [f"{' + '.join(terms)} = {total}" if len(terms) > 1 else total, *steps]


def _outstanding_principal(position: Position) -> str:
    figures = position.figures
    terms = [
        ("past due", figures.past_due[PRINCIPAL]),
        ("due today", figures.due[PRINCIPAL]),
        ("not yet due", figures.undue),
    ]
    shown = [f"{name} {format_minor(amount, figures.digits)}" for name, amount in terms if amount]
    return f"{' + '.join(shown) or '0'} = {position.outstanding_principal}"


def _nothing_late(position: Position) -> str:
    """Why no installment counts as late: what became of those that fell due."""
    states = {state.state for state in position.installments if state.due <= position.as_of or position.is_closed}
    if states & {"partly paid", "past due"}:
        return "what is unpaid of the installments due so far is tolerated"
    ways = [way for way in ("paid", "waived", "written off", "rescheduled") if way in states or f"{way} late" in states]
    return f"every installment due so far is {' or '.join(ways or ['paid'])}"


def _days(position: Position) -> str:
    oldest = position.oldest_unpaid_due
    if oldest is None:
        return f"as of {position.as_of}: {_nothing_late(position)}"
    days = f"days past due: {position.as_of} - {oldest} (oldest unpaid due date) = {position.days_past_due}"
    if position.delinquent_days != position.days_past_due:
        days += f"; delinquent days: {position.delinquent_days} (grace and pauses of the count left out)"
    return days


def _installment(
    position: Position, state: InstallmentState, settled: list[Settled], fell_due: str | None
) -> Iterator[str]:
    """What an installment owes, component by component: agreed, accrued or charged, less paid, waived and cut."""
    yield f"installment {state.number}, due {state.due}: {state.state}"
    if fell_due:
        yield f"  interest of its period {fell_due}"
    for component in COMPONENTS:
        yield from (f"  {_title(component)}{line}" for line in _component(position, state, settled, component))


def _component(
    position: Position, state: InstallmentState, settled: Iterable[Settled], component: Component
) -> Iterator[str]:
    """What an installment owes of one component, to follow its name: the lines it accrued on, then their sum."""
    digits, index = position.figures.digits, COMPONENTS.index(component)
    lines = [line for line in position.lines if (line.installment, line.component) == (state.number, component)]
    charges = [charge for charge in position.penalties if (charge.installment, component) == (state.number, "penalty")]
    for line in lines:
        until = "still running" if line.is_open else "ended"
        yield f" {explain_line(line, digits)}  ({line.start} to {line.end}, {until})"
    for charge in charges:
        yield f" {explain_penalty(charge)}"
    agreed = state.agreed.minor[index]
    stated = _charged(position, state, index)
    accrued = [line.amount for line in lines] + [charge.amount for charge in charges]
    plus = [amount for amount in (to_decimal(agreed, digits), *accrued, *to_decimals(stated, digits)) if amount]
    if not plus:
        return
    shown = " + ".join(f"{amount:f}" for amount in plus)
    shown += "".join(_settled(line) for line in settled if line.component == component)
    for what, parts in (
        ("waived", state.waived), ("written off", state.written_off), ("moved to the new plan", state.moved),
        ("above the cap", state.cut),
    ):  # fmt: skip
        if parts.minor[index]:
            shown += f" - {format_minor(parts.minor[index], digits)} ({what})"
    owed = format_minor(state.owed.minor[index], digits)
    if shown != owed:
        yield f": {shown} = {owed}"
    elif agreed:
        yield f": {owed}, as agreed"


def _charged(position: Position, state: InstallmentState, component: int) -> list[int]:
    """What was charged by event to an installment, in minor units."""
    place = state.number, component
    return [charge.amount for charge in position.figures.charges if (charge.installment, charge.component) == place]


def _charges_ahead(position: Position) -> Iterator[str]:
    """What was charged to installments that are not yet due, where something of it is still owed or was cut."""
    digits = position.figures.digits
    for state in position.installments:
        for index, component in enumerate(COMPONENTS):
            charged = _charged(position, state, index)
            gone, cut = sum(part.minor[index] for part in _gone(state)), state.cut.minor[index]
            left = sum(charged) - gone - cut
            if state.due > position.as_of and charged and (left or cut):
                shown = " + ".join(format_minor(amount, digits) for amount in charged)
                shown += f" - {format_minor(gone, digits)} (settled)" if gone else ""
                shown += f" - {format_minor(cut, digits)} (above the cap)" if cut else ""
                total = "" if shown == format_minor(left, digits) else f" = {format_minor(left, digits)}"
                yield f"charged to installment {state.number}, due {state.due}: {_title(component)} {shown}{total}"


def _gone(state: InstallmentState) -> tuple[Parts, ...]:
    return state.paid, state.waived, state.written_off, state.moved


def _settled(line: Settled) -> str:
    return (
        f" - {line.amount} (paid {line.on})"
        if line.amount > 0
        else f" + {line.amount.copy_negate()} (went back {line.on})"
    )


def _sum(title: str, amounts: tuple[int, ...], digits: int) -> str:
    parts = [
        f"{_title(name)} {format_minor(amount, digits)}"
        for name, amount in zip(COMPONENTS, amounts, strict=True)
        if amount
    ]
    return f"{title}: {' + '.join(parts)} = {format_minor(sum(amounts), digits)}"


def _title(component: Component) -> str:
    return component.replace("_", " ")


def _payoff(position: Position) -> str:
    figures, digits = position.figures, position.figures.digits
    later = figures.payoff_interest - figures.accrued
    terms = [
        ("past due", sum(figures.past_due)),
        ("due today", sum(figures.due)),
        ("interest to date", figures.accrued),
        ("interest of later days by agreement" if later > 0 else "interest of later days that was paid", later),
        ("prepayment fee" if figures.payoff_fee > 0 else "fees given back", figures.payoff_fee),
        ("charges not yet due", figures.charged_ahead),
        ("principal not yet due", figures.undue),
    ]
    shown = [f"{name} {format_minor(amount, digits)}" for name, amount in terms if amount]
    if figures.assessed_today:
        shown.append(f"-{format_minor(figures.assessed_today, digits)} penalty of today, not charged if it is paid")
    credit = f" - held credit {format_minor(figures.credit, digits)}" if figures.credit else ""
    return f"payoff on {position.as_of}: {' + '.join(shown) or '0'}{credit} = {position.payoff}"
