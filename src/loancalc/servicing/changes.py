"""Changes: new plans made from old ones. Here: what a partial prepayment could do, beside doing nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from loancalc.errors import InArrears, InvalidEvent, InvalidTerms
from loancalc.plan.loan import Loan
from loancalc.plan.prepayment import EFFECTS
from loancalc.plan.schedule import Schedule
from loancalc.servicing.book import Booked
from loancalc.servicing.kept_parts import level_ahead
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.prepaying import effects_of
from loancalc.servicing.projecting import project
from loancalc.servicing.replay import Replay
from loancalc.values.money import format_minor, to_decimal
from loancalc.values.tables import align, html_table


@dataclass(frozen=True)
class PrepaymentOption:
    """What one way of using a partial prepayment makes of the rest of the loan, if all is paid as it falls due.

    Attributes:
        effect: "keep" (the next installments are covered first), "lower" (same dates, lower payments), "shorten" (same
            payment, earlier end) or "last" (same principal parts, the last ones covered first).
        payment: The level payment from now on; None where there is none.
        installments_left: Installments that still ask for money.
        last_payment: The last of them, fees and taxes included, in units of the currency.
        interest_left: Contract interest still to be paid from now on, in units of the currency.
        interest_paid: Interest of the running period that the prepayment pays first.
        fee: The prepayment fee.
        principal_paid: Principal that it repays today; 0 for "keep" on a scheduled loan, which holds the money.
        interest_saved: Contract interest less than if nothing had been prepaid; the fee is not taken off.
        days_saved: By how many days the last payment comes earlier.
        plan: The new rows; None for "keep", where the plan stays.

    >>> from loancalc import Account, Loan
    >>> options = Account(Loan(1200, "12%", "2026-01-15", installments=12)).prepayment_options("2026-01-20", 300)
    >>> print(options["lower"])
    lower: payment 80.01, 12 installments left, the last 79.97, interest left 58.14, saved 19.34, 0 days earlier
    """

    effect: str
    payment: Decimal | None
    installments_left: int
    last_payment: Decimal
    interest_left: Decimal
    interest_paid: Decimal
    fee: Decimal
    principal_paid: Decimal
    interest_saved: Decimal
    days_saved: int
    plan: Schedule | None

    def __str__(self) -> str:
        payment = f"payment {self.payment}, " if self.payment is not None else ""
        fee = f", fee {self.fee}" if self.fee else ""
        return (
            f"{self.effect}: {payment}{self.installments_left} installments left, the last {self.last_payment}, "
            f"interest left {self.interest_left}, saved {self.interest_saved}{fee}, {self.days_saved} days earlier"
        )


@dataclass(frozen=True, eq=False, repr=False)
class PrepaymentOptions(Mapping[str, PrepaymentOption]):
    """The ways to use a partial prepayment, by effect, on one table; an effect is found by all its names.

    Attributes:
        options: One for each effect that the loan can give.

    >>> from loancalc import Account, Loan
    >>> options = Account(Loan(1200, "12%", "2026-01-15", installments=12)).prepayment_options("2026-01-20", 300)
    >>> options["缩短期限"].installments_left, options["next"] is options["keep"]
    (9, True)
    """

    options: tuple[PrepaymentOption, ...]

    def __getitem__(self, effect: str) -> PrepaymentOption:
        return {option.effect: option for option in self.options}[EFFECTS.get(effect) or effect]

    def __iter__(self) -> Iterator[str]:
        return (option.effect for option in self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __hash__(self) -> int:
        return hash(self.options)

    def to_dict(self) -> dict[str, list[Any]]:
        """The table as plain columns, ready for any data-frame library."""
        names = [field.name for field in fields(PrepaymentOption) if field.name != "plan"]
        return {name: [getattr(option, name) for option in self.options] for name in names}

    def _cells(self) -> list[list[str]]:
        columns = self.to_dict()
        rows = zip(*columns.values(), strict=True)
        return [
            [name.replace("_", " ") for name in columns],
            *(["" if value is None else str(value) for value in row] for row in rows),
        ]

    def __str__(self) -> str:
        return align(self._cells())

    def __repr__(self) -> str:
        return f"<PrepaymentOptions {', '.join(self)}>"

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


def prepayment_options(
    loan: Loan, day: date, amount: int, with_effect: Callable[[str | None], Sequence[Booked]]
) -> PrepaymentOptions:
    """The ways to use `amount` minor units that come early on a day; each is what the account would be.

    Args:
        loan: The terms.
        day: The day.
        amount: Minor units.
        with_effect: The book of the account by the day: as it is (None), or with the prepayment and one of its effects.

    Raises:
        InArrears: If the loan is past due; the message names the amount to cure first.
        InvalidTerms: If the amount does not exceed what is due, or would pay the loan off; if nothing is left to repay.
    """
    before = _today(loan, day, with_effect(None))
    _check(before, amount)
    nothing = _Rest.of(loan, before, with_effect(None))
    options = []
    for effect in effects_of(before.loan):
        book = with_effect(effect)
        try:
            after = _today(loan, day, book)
        except InvalidEvent:  # this loan has no such plan
            continue
        rest = _Rest.of(loan, after, book)
        found = _option(effect, after, before.debts.due_count, rest, nothing)
        if effect == "keep" or found.principal_paid:
            options.append(found)
    return PrepaymentOptions(tuple(options))


def _today(loan: Loan, day: date, book: Sequence[Booked]) -> Replay:
    replay = Replay(loan, book)
    replay.run_to(day)
    return replay


def _check(replay: Replay, amount: int) -> None:
    debts, digits, day = replay.debts, replay.loan.digits, replay.today
    past_due = sum(debts.claim(item, n) for item in debts.live() if item.due < day for n in range(PRINCIPAL + 1))
    if past_due:
        raise InArrears(f"prepayment: the loan is past due on {day}; cure {format_minor(past_due, digits)} first")
    due, payoff, got = debts.total(), replay.payoff(), format_minor(amount, digits)
    if payoff <= 0:
        raise InvalidTerms(f"prepayment: nothing is left to be repaid on {day}")
    if amount >= payoff:
        raise InvalidTerms(f"amount: got {got}; {format_minor(payoff, digits)} pays the loan off")
    if amount <= due:
        first = ", which is due first" if due else ""
        raise InvalidTerms(f"amount: got {got}; expected more than {format_minor(due, digits)}{first}")


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is still paid from a day on, everything on the day on which it falls due.

    Attributes:
        interest: Contract interest of it, in minor units, by money of that time and by credit held before.
        in_all: Contract interest of the whole life of the loan, in minor units.
        asked: What each later day asks for, in minor units, beside held credit.
    """

    interest: int
    in_all: int
    asked: tuple[tuple[date, int], ...]

    @classmethod
    def of(cls, loan: Loan, today: Replay, book: Sequence[Booked]) -> _Rest:
        """The rest of an account after a day, up to which it was replayed."""
        projection, _ = project(loan, book, today.today, "as-planned")
        interest = projection.settled(today.receipts)[INTEREST]
        return cls(interest, projection.settled()[INTEREST], tuple(projection.payments))


def _option(effect: str, after: Replay, due: int, rest: _Rest, nothing: _Rest) -> PrepaymentOption:
    """An option, and what it saves beside doing nothing; `due` installments were due."""
    digits, loan, receipt = after.loan.digits, after.loan, after.receipts[-1]
    early = [0] * (PRINCIPAL + 1)
    for number, component, amount, _ in receipt.parts:
        if number > due:
            early[component] += amount
    payment = None if effect == "last" else level_ahead(after.loan, after.debts.due_count - after.before)
    plan = loan.schedule() if loan.continues and effect != "keep" else None
    last, last_payment = rest.asked[-1] if rest.asked else (receipt.event.on, 0)
    ends = nothing.asked[-1][0] if nothing.asked else last
    return PrepaymentOption(
        effect=effect,
        payment=None if payment is None else to_decimal(payment, digits),
        installments_left=len(rest.asked),
        last_payment=to_decimal(last_payment, digits),
        interest_left=to_decimal(rest.interest, digits),
        interest_paid=to_decimal(early[INTEREST], digits),
        fee=to_decimal(early[FEE], digits),
        principal_paid=to_decimal(early[PRINCIPAL], digits),
        interest_saved=to_decimal(nothing.in_all - rest.in_all, digits),
        days_saved=(ends - last).days,
        plan=plan,
    )
