"""Penalties while an account is replayed: on which days a rule is due for an installment, and how much it asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

from loancalc.plan.loan import Loan
from loancalc.plan.penalties import Penalty
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.time.frequency import next_after
from loancalc.values.dates import days_after
from loancalc.values.money import to_minor


class PenaltyRule:
    """A penalty of the contract in minor units, and how often it was charged."""

    def __init__(self, penalty: Penalty, loan: Loan) -> None:
        digits = loan.digits
        self.penalty = penalty
        self.deferred = bool(loan.late and loan.late.grace and loan.late.grace.kind == "deferred")
        self._flat = _minor(penalty.amount, digits, "amount")
        self._repeat = _minor(penalty.repeat, digits, "repeat")
        self._least = _minor(penalty.min, digits, "min")
        self._most = _minor(penalty.max, digits, "max") if isinstance(penalty.max, Decimal) else None
        self._divide = loan.rounding.divide("fee")
        self._charged: dict[int, int] = {}
        self._missed: dict[int, date] = {}

    @cached_property
    def name(self) -> str:
        """The rule in words."""
        return str(self.penalty)

    # Days

    def first_day(self, item: Owed) -> date | None:
        """The day on which the rule is first due: the first day of its span, or the one after the grace."""
        opens, graceless = days_after(item.due, self.penalty.from_day), days_after(item.graced, 1)
        return max(opens, graceless) if opens and graceless else None

    def next_day(self, item: Owed, after: date) -> date | None:
        """The first day after a day on which the rule is due for an installment; None if there is none."""
        day = self._missed.get(item.number) or self.first_day(item)
        if day is not None and after >= day:
            day = self._recurring(item, after)
        if day is None or (self.penalty.to_day is not None and (day - item.due).days > self.penalty.to_day):
            return None
        return day

    def reopen(self, item: Owed, today: date) -> None:
        """An installment is unpaid again: what is charged once, and was not because it was paid then, is due today."""
        if self.penalty.every is None and item.number not in self._charged:
            first = self.first_day(item)
            if first is not None and first < today:
                self._missed[item.number] = today

    def _recurring(self, item: Owed, after: date) -> date | None:
        """Recurring days are counted from the first one: with a deferred grace, from where it would have been."""
        every = self.penalty.every
        anchor = days_after(item.due, self.penalty.from_day) if self.deferred else self.first_day(item)
        return None if every is None or anchor is None else next_after(anchor, every, after)

    def waiting(self, item: Owed, today: date) -> int:
        """How many charges a day stands for: more than one at the end of a deferred grace, which waits with them."""
        if not self.deferred or self.penalty.every is None or (today - item.graced).days != 1:
            return 1
        day, count = days_after(item.due, self.penalty.from_day), 1
        while day and (day := self._recurring(item, day)) and day <= today:
            count += 1
        return count

    # Amounts

    def base(self, item: Owed, outstanding_principal: int) -> int:
        """What a percentage is taken of, given what an installment owes."""
        owed, of = item.owed, self.penalty.of
        if of == "principal":
            return owed[PRINCIPAL]
        if of == "interest":
            return item.unpaid(INTEREST)
        if of == "outstanding-principal":
            return outstanding_principal
        return owed[PRINCIPAL] + item.unpaid(INTEREST)

    def amount(self, item: Owed, base: int) -> int:
        """The penalty on a base; nothing on a base of nothing, and nothing once it was charged often enough."""
        penalty = self.penalty
        if self._is_used_up(item.number):
            return 0
        if penalty.percent is None:
            charge = self._flat or 0
            if self._repeat is not None and self._was_charged_before(item.number):
                charge = self._repeat
        elif base == 0:
            return 0
        else:
            charge = self._divide(base * penalty.percent.numerator, penalty.percent.denominator)
            if self._least is not None:
                charge = max(charge, self._least)
        if self._most is not None:
            charge = min(charge, self._most)
        elif penalty.max == "installment":
            charge = min(charge, sum(item.unpaid(component) for component in (FEE, INTEREST, PRINCIPAL)))
        return charge

    def count(self, item: Owed) -> None:
        """It was charged once more."""
        self._charged[item.number] = self._charged.get(item.number, 0) + 1

    def _is_used_up(self, number: int) -> bool:
        times, in_all = self.penalty.times, self.penalty.times_in_all
        if times is not None and self._charged.get(number, 0) >= times:
            return True
        return in_all is not None and sum(self._charged.values()) >= in_all

    def _was_charged_before(self, number: int) -> bool:
        within = self.penalty.within or 0
        return any(number - within <= other < number for other in self._charged)


def _minor(amount: Decimal | None, digits: int, name: str) -> int | None:
    return None if amount is None else to_minor(amount, digits, f"late.penalties.{name}")
