"""Figures: what a replay hands over at the end of a day, in whole minor units, from which a position is read."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from loancalc.lazily import cached_property
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL, Accrued, Assessed, LineRates
from loancalc.servicing.record import Charged

AGREED = (FEE, INTEREST, PRINCIPAL)

Minor = tuple[int, ...]
"""An amount for each component, in whole minor units, in the order of `COMPONENTS`."""

Row = tuple[int, date, int, int, int, Minor, Minor, Minor, Minor, Minor, Minor, date | None]
"""One installment as a replay hands it over: the fields of an `Item`."""


def ended_by(ending: str | None, *, is_closed: bool, is_whole: bool) -> str | None:
    """How a loan ended: by the event that ended it, or since nothing is owed any more: repaid, if that `is_whole`, and for less
    where part of it stays written off. Where a payment went back after the end, it is owed, and has not ended.
    """
    if ending in ("written off", "settled for less") and not is_closed:
        return None
    return ending or (None if not is_closed else "repaid" if is_whole else "settled for less")


class Item(NamedTuple):
    """One installment in whole minor units; the fields are those of `InstallmentState`, and what was agreed one by one."""

    number: int
    due: date
    fee: int
    interest: int
    principal: int
    paid: Minor
    waived: Minor
    written_off: Minor
    moved: Minor
    cut: Minor
    owed: Minor
    settled_on: date | None

    @property
    def agreed(self) -> Minor:
        """What was agreed, by component."""
        return 0, self.fee, 0, 0, 0, self.interest, self.principal

    def state_on(self, day: date) -> str:
        """What the installment is called at the end of the day of which it stands like this."""
        if self.settled_on is not None:
            if any(self.written_off):
                return "written off"
            if any(self.moved):
                return "rescheduled"
            if any(self.waived[component] for component in AGREED) and not any(self.paid[part] for part in AGREED):
                return "waived"
            return "paid" if self.settled_on <= self.due else "paid late"
        if self.due >= day:
            return "upcoming" if self.due > day else "due"
        return "partly paid" if any(self.paid[component] for component in AGREED) else "past due"


class _Figures(NamedTuple):
    digits: int
    past_due: Minor
    due: Minor
    cut: Minor
    undue: int
    advanced: int
    capitalized: int
    accrued: int
    charged_ahead: int
    assessed_today: int
    credit: int
    next_due: tuple[date, int] | None
    rows: tuple[Row, ...]
    ended_lines: tuple[Accrued, ...]
    open_lines: tuple[Accrued, ...]
    rates: LineRates
    penalties: tuple[Assessed, ...]
    charges: tuple[Charged, ...]
    ending: str | None
    charged_off: date | None
    holder: str | None
    payoff_interest: int
    payoff_fee: int
    cuts: tuple[tuple[str, int, int, int], ...]
    kept: int


class Figures(_Figures):
    """What a replay hands over at the end of a day, in whole minor units.

    `advanced` is the principal that was paid out, `capitalized` what joined it; `undue` what of both is not yet due;
    `cuts` what each cap cut: its text, installment, component, minor units.
    """

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The rows by the names of their fields."""
        return tuple(map(Item._make, self.rows))
