"""How the interest of each row of a plan came about, as a calculation whose last figure is the row's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from loancalc.plan.amortization import split_by
from loancalc.plan.methods import METHOD_NAMES
from loancalc.plan.timeline import Factor, all_alike
from loancalc.values.money import show_ratio

if TYPE_CHECKING:
    from loancalc.plan.schedule import Schedule
_BECOMES = {
    "carried": "carried to installment {}",
    "spread": "spread over the installments from {} on",
    "last": "carried to the last installment",
}


def explain_row(plan: Schedule, index: int) -> str:
    """How the row at `index` came about: interest, principal, fees and taxes."""
    columns = plan.columns
    total, interest, part = columns.total(index), columns.interest[index], columns.principal[index]
    principal = f"{_exact(plan, total)} - {_exact(plan, interest)} = {_exact(plan, part)}"
    if plan.basis.rounding.displayed:
        principal += f" -> {_show(plan, part)}"
    agreed = plan.charges.agreement
    lines = agreed.lines(index) if agreed else []
    beside = "".join(f"; {line.show(plan.digits)}" for line in lines if not line.is_nothing)
    return f"{index + 1}: interest {explain_interest(plan, index)}; principal {principal}{beside}"


def explain_interest(plan: Schedule, index: int) -> str:
    """The interest of the row at `index`: unrounded, rounded, and what a moratorium or the residue made of it."""
    waiting, amount = plan.basis.waiting, plan.columns.interest[index]
    if waiting is not None and (waiting.is_forgiven(index) or waiting.carries_on(index)):
        how, own = _of_balance(plan, index)
        becomes = "forgiven" if waiting.is_forgiven(index) else _BECOMES[waiting.interest].format(waiting.resumes + 1)
        return f"{how} -> {_show(plan, own)}, {becomes}: {_show(plan, amount)}"
    carried, (how, own) = _carried(plan, index), _own(plan, index)
    text, rest = f"{how} -> {_show(plan, own)}", amount - own - carried
    if carried:
        text += f" + {_show(plan, carried)} carried"
    if rest:
        why = "residue" if plan.basis.method in METHOD_NAMES else f"by method {plan.basis.method}"
        text += f" {'+' if rest > 0 else '-'} {_show(plan, abs(rest))} ({why})"
    return f"{text} = {_show(plan, amount)}" if carried or rest else text


def asked_of_interest(plan: Schedule, index: int) -> int:
    """What a row asks of interest by its balance, rate and time: all of its own, or nothing where a moratorium forgives it or asks
    for it later, and what earlier rows put off.
    """
    waiting, carried = plan.basis.waiting, _carried(plan, index)
    if waiting is not None and (waiting.is_forgiven(index) or waiting.carries_on(index)):
        return carried
    return _own(plan, index)[1] + carried


def bearing(plan: Schedule, index: int) -> int:
    """What bears interest over the whole period of a row, in units of the columns."""
    columns, basis = plan.columns, plan.basis
    on_the_way = sum(amount for amount, _, _ in basis.advances.get(index, ()))
    if basis.original is not None:
        return basis.original + columns.lent_by(index, basis.repaid_at_once) - on_the_way
    return columns.balance[index] + columns.principal[index] - on_the_way


def _own(plan: Schedule, index: int) -> tuple[str, int]:
    """The calculation of a row's own interest, and what it comes to, rounded."""
    shared: dict[int, tuple[str, int]] = {}
    if plan.basis.method in ("rule_of_78", "flat"):
        shared = plan.keep("_shares_of_interest", _shares)
    return shared.get(index) or _of_balance(plan, index)


def _shares(plan: Schedule) -> dict[int, tuple[str, int]]:
    """The same for the rows that have a share in the interest of all: by the sum of the digits, or flat over equal periods."""
    basis, found = plan.basis, dict[int, tuple[str, int]]()
    first = basis.waiting.resumes if basis.waiting else 0
    rows = [row for row in range(first, len(basis.factors)) if row not in basis.repaid_at_once]
    if basis.method == "rule_of_78":
        return dict(zip(rows, _of_digits(plan, rows), strict=True))
    starts = sorted({rows[0], *(row for row in basis.advances if row > rows[0])})
    for since, until in pairwise([*starts, len(basis.factors)]):
        whole = [row for row in rows if row >= since]
        if len(whole) > 1 and all_alike([_factor(plan, whole[0]), *(basis.factors[row] for row in whole[1:])]):
            shares = dict(zip(whole, _of_split_total(plan, whole), strict=True))
            found |= {row: share for row, share in shares.items() if row < until}
    return found


def _factor(plan: Schedule, index: int) -> Factor:
    """The interest of a row per unit of all that was lent by its end, whenever in its period that was paid out."""
    on_the_way = plan.basis.advances.get(index, ())
    whole = bearing(plan, index) + sum(amount for amount, _, _ in on_the_way)
    interest = bearing(plan, index) * Fraction(*plan.basis.factors[index])
    interest += sum((amount * Fraction(*own) for amount, _, own in on_the_way), Fraction(0))
    return (interest / whole).as_integer_ratio() if on_the_way else plan.basis.factors[index]


def _of_balance(plan: Schedule, index: int) -> tuple[str, int]:
    """Balance x rate x time, summed over what is paid out on the way."""
    basis = plan.basis
    rate = basis.rate if basis.rates is None else basis.rates[index]
    terms = [(bearing(plan, index), basis.shares[index], basis.factors[index]), *basis.advances.get(index, ())]
    exact = sum((amount * Fraction(*factor) for amount, _, factor in terms), Fraction(0))
    shown = " + ".join(f"{_exact(plan, amount)} x {rate} x {time}" for amount, time, _ in terms)
    ratio = exact.as_integer_ratio()
    return f"{shown} = {_exact(plan, *ratio)}", basis.rounding.divide("interest")(*ratio)


def _of_split_total(plan: Schedule, rows: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Flat interest over equal periods: the total is rounded, then split."""
    basis, count = plan.basis, len(rows)
    amount = bearing(plan, rows[0]) + sum(out for out, _, _ in basis.advances.get(rows[0], ()))
    numerator, denominator = basis.factors[rows[0]]
    whole = basis.rounding.divide("interest")(amount * numerator * count, denominator)
    time = basis.shares[rows[0]]
    text = f"{_exact(plan, amount)} x {basis.rate} x {time} x {count} = {_exact(plan, whole)} in {count} parts"
    return ((text, share) for share in split_by(basis.rounding, whole, count, ends_early=False))


def _of_digits(plan: Schedule, rows: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Rule of 78: what the installments so far have earned of the whole charge, less what those before have."""
    count, charge, divide = len(rows), plan.basis.charge, plan.basis.rounding.divide("interest")
    if charge is None:
        charge = sum(plan.columns.interest[rows[0] :]) - plan.columns.carried_to(rows[0])
    digits, before = count * (count + 1) // 2, 0
    for earned in accumulate(range(count, 0, -1)):
        after = divide(charge * earned, digits)
        text = f"{_exact(plan, charge)} x {earned}/{digits} = {_exact(plan, charge * earned, digits)}"
        yield text + (f" -> {_exact(plan, after)} - {_exact(plan, before)}" if before else ""), after - before
        before = after


def _carried(plan: Schedule, index: int) -> int:
    return plan.columns.asks_of_carried(index)


def _show(plan: Schedule, units: int) -> str:
    """An amount as the plan shows it."""
    return f"{plan.amounts([units])[0]:f}"


def _exact(plan: Schedule, numerator: int, denominator: int = 1) -> str:
    """An exact ratio of units, with up to four decimals beyond those that the plan shows."""
    hidden = plan.basis.rounding.hidden_places
    return show_ratio(numerator, denominator * 10**hidden, plan.digits - hidden)
