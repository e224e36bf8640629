"""What may be agreed on a plan beside its dates: a method and what it states, and all that can meet it; for `combined_loop`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from dated_loop import Quote, Time
from plan_loop import Shape, Terms, level

FIXED = (
    "equal_principal", "interest_only", "lump_sum", "sinking_fund", "flat", "level_flat", "rule_of_78", "given_payments",
    "given_principal",
)  # fmt: skip
"""Methods in which nothing is solved again where a rate changes."""


class Out(NamedTuple):
    """Principal that is paid out on a day, and what of it is paid back at once."""

    on: date
    amount: int
    back: int = 0


class Way(NamedTuple):
    """A method and what it states: the last amount of a balloon, what is paid beside, a charge; or a longer term; the ratio or
    the amount of a step, and how many rows and steps; weights, payments or parts one by one; what a fund earns.
    """

    name: str
    amount: int | None = None
    term: int = 0
    ratio: Fraction = Fraction(0)
    every: int = 1
    steps: int | None = None
    first_rounded: bool = False
    numbers: Sequence[int] = ()
    fund: Quote | None = None

    def shape(self, repaid: int, done: int, count: int) -> Shape:
        """The proportions of so many payments, after others: steps count from the first that repays, seasons from the start."""
        if self.name == "seasonal":
            used = [self.numbers[number % len(self.numbers)] for number in range(done, done + count)]
            return Shape([Fraction(weight) or None for weight in used], [0] * count)
        if self.name == "graduated":
            taken = [number // self.every for number in range(repaid, repaid + count)]
            taken = taken if self.steps is None else [min(step, self.steps) for step in taken]
            if self.amount is None:
                return Shape([(1 + self.ratio) ** step for step in taken], [0] * count, self.first_rounded)
            return Shape([Fraction(1)] * count, [self.amount * step for step in taken], self.first_rounded)
        if self.name == "balloon":
            return Shape([Fraction(1)] * count, [0] * (count - 1) + [self.amount or 0])
        return level(count)


class Contract(NamedTuple):
    """What was agreed. `time` reaches beyond the `count` rows of the plan.

    `keeps` is what the change of a day keeps, `stated` a payment, `nominal` asks for that of equal periods; `waits` rows repay
    nothing, and `waited` is what becomes of their interest; `cap` is by how much a new rate may raise the payment, `limit` the
    share of all that was paid out to which the balance may grow.
    """

    terms: Terms
    way: Way
    time: Time
    count: int
    keeps: Mapping[date, str] = MappingProxyType({})
    stated: int | None = None
    nominal: bool = False
    outs: Sequence[Out] = ()
    back_at_start: int = 0
    waits: int = 0
    waited: str = "paid"
    cap: Fraction | None = None
    limit: Fraction | None = None

    @property
    def known(self) -> bool:
        """Whether all rates have their say from the start."""
        return self.way.name in FIXED or "level" in self.keeps.values()

    def changes_in(self, row: int) -> list[date]:
        """The changes in a row after which something is kept or solved."""
        if self.known:
            return []
        return [day for day in self.keeps if self.holds(row, day)]

    def holds(self, row: int, day: date) -> bool:
        return self.time.bounds[row] <= day < self.time.bounds[row + 1]
