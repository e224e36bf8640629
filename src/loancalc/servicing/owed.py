"""What one installment owes while an account is replayed, and the accrual lines that are open on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from loancalc.servicing.overdue import COMPOUND, INTEREST, LATE, Accrued

Amounts = tuple[int, ...]
"""An amount for each component, in minor units; a change makes new ones, so that whoever was given them keeps them."""

NOTHING: Amounts = (0, 0, 0, 0, 0, 0, 0)

NO_DEBT = [*NOTHING]
"""What is owed of an installment of which nothing is; to compare with, never to write to."""

Quote = tuple[int, int, int]
"""What has accrued on a line: exact numerator and denominator, and the rounded amount."""

Growth = tuple[int, date]
"""A base that bears late interest and the day since which it does: compound interest may run on what that comes to."""


class Line:
    """An open accrual line: what it accrues on, since when; what caps cut of it; and what was last asked of it, for one day."""

    __slots__ = ("asked", "base", "cut", "growth", "quote", "start")

    def __init__(self, base: int, start: date, growth: Growth | None = None) -> None:
        self.base = base
        self.growth = growth
        self.start = start
        self.cut = 0
        self.asked = start
        self.quote: Quote = (0, 1, 0)


NO_LINES: Sequence[Line | None] = (None,) * len(NOTHING)


class Owed:
    """One installment as it is owed, in minor units.

    `owed`, `paid`, `waived`, `written_off`, `moved` (to a new plan) and `cut` hold an amount for each component, by its
    number; `lines` the open accrual line of each, `NO_LINES` while there is none. `capitalized` is interest that joins
    the principal on the due date. While the grace is deferred (`held`), lines run but nothing of them is owed; what ended
    waits in `held_lines`. `graced` is the last day without late charges, `bears_from` the first night of late interest;
    `capital` what of late and compound interest was capitalized, and what had been settled of it before; `is_stopped` says
    that late interest has come to its end. `prepaid` is what was settled of it before the plan was made anew in its period: it counts toward
    nothing that is asked since. `over` is principal of a daily loan that came early beyond what it asked for.
    """

    __slots__ = (
        "bears_from",
        "capital",
        "capitalized",
        "cut",
        "due",
        "fee",
        "graced",
        "held",
        "held_lines",
        "held_principal",
        "interest",
        "is_stopped",
        "lines",
        "moved",
        "number",
        "over",
        "owed",
        "paid",
        "prepaid",
        "principal",
        "settled_on",
        "waived",
        "written_off",
    )  # fmt: skip

    def __init__(self, number: int, due: date, principal: int, interest: int, fee: int) -> None:
        self.number = number
        self.due = self.graced = self.bears_from = due
        self.fee = fee
        self.principal, self.interest, self.capitalized = principal, interest, 0
        if principal < 0:
            self.plan(principal, interest)
        self.owed = [0, 0, 0, 0, 0, 0, 0]
        self.paid = [0, 0, 0, 0, 0, 0, 0]
        self.waived = self.written_off = self.moved = self.cut = NOTHING
        self.lines = NO_LINES
        self.held = self.is_stopped = False
        self.prepaid = NOTHING
        self.over = 0
        self.capital: dict[int, tuple[int, int]] | None = None
        self.held_lines: tuple[Accrued, ...] = ()
        self.held_principal: tuple[tuple[int, date], ...] = ()
        self.settled_on: date | None = None

    def plan(self, principal: int, interest: int) -> None:
        """What a row of the plan asks for; interest that it does not ask for joins the principal."""
        self.capitalized = max(0, -principal)
        self.principal, self.interest = max(0, principal), interest - self.capitalized

    @property
    def is_clear(self) -> bool:
        """Nothing is owed and nothing accrues."""
        return self.lines is NO_LINES and self.owed == NO_DEBT

    def set_line(self, component: int, line: Line | None) -> None:
        """From now on a component accrues on another line, or on none."""
        lines = self.lines if isinstance(self.lines, list) else [*self.lines]
        lines[component] = line
        self.lines = NO_LINES if line is None and not any(lines) else lines

    def add(self, bucket: str, component: int, amount: int) -> None:
        """More of a component is waived, written off, cut or prepaid (the `bucket`); less, if the amount is negative."""
        before: Amounts = getattr(self, bucket)
        setattr(self, bucket, (*before[:component], before[component] + amount, *before[component + 1 :]))

    def cut_off(self, component: int, amount: int, on: date) -> None:
        """A cap cuts more of a component on a day, of what its line came to first; or it gives back, of older lines first."""
        self.add("cut", component, amount)
        line = self.lines[component]
        if line is not None and line.start < on == line.asked:
            line.cut = min(line.cut + max(0, amount), line.quote[2], self.cut[component])

    @property
    def capital_left(self) -> int:
        """What was capitalized of it and is unpaid: what is settled is first that, and what goes back last."""
        left = [amount + before - self.settled(name) for name, (amount, before) in (self.capital or {}).items()]
        known = [amount for amount, _ in (self.capital or {}).values()]
        return sum(max(0, min(pair)) for pair in zip(known, left, strict=True))

    def settled(self, component: int) -> int:
        """What was paid, waived, written off or moved to a new plan of a component."""
        return self.paid[component] + self.waived[component] + self.written_off[component] + self.moved[component]

    def settled_so_far(self) -> Sequence[int]:
        """The same for every component."""
        if self.waived is self.written_off is self.moved is NOTHING:
            return self.paid
        return [self.settled(component) for component in range(len(NOTHING))]

    @property
    def charged(self) -> Amounts:
        """Of one not yet due: what is owed of what was charged to it, caps taken off; interest to date is no part of it."""
        owed = [*map(int.__sub__, self.owed, self.cut)]
        owed[INTEREST] = 0
        return tuple(owed)

    def pass_on_waived(self, later: Sequence[Owed]) -> None:
        """Interest that was waived beyond what it asks for, since its plan changed after that, is waived of the next one."""
        over = min(self.settled(INTEREST) - self.interest, self.waived[INTEREST])
        if later and over > 0:
            self.add("waived", INTEREST, -over)
            later[0].add("waived", INTEREST, over)

    def take_over(self, other: Owed) -> None:
        """What was charged to, and settled of, another installment that is merged into this one."""
        for name in ("owed", "paid", "waived", "written_off", "moved", "cut", "prepaid"):
            mine = getattr(self, name)
            setattr(self, name, type(mine)(map(int.__add__, mine, getattr(other, name))))

    @property
    def scheduled_interest(self) -> int:
        """The unpaid interest that fell due with it; what accrues after maturity is settled after it and is no base."""
        owed = self.owed[INTEREST]
        return owed and min(owed, max(0, self.interest - self.settled(INTEREST)))

    def unpaid(self, component: int) -> int:
        """What is unpaid of what fell due with it, caps taken off."""
        owed = self.owed[component]
        if not owed:
            return 0
        if component == INTEREST:
            owed = self.scheduled_interest
        return max(0, owed - self.cut[component])

    def forget_late_lines(self) -> None:
        """It was paid inside the deferred grace: what was deferred never counts, and no late charge accrues."""
        self.held = False
        self.held_lines, self.held_principal = (), ()
        self.set_line(LATE, None)
        self.set_line(COMPOUND, None)


Part = tuple[int, int, int, date]
"""What an event settled, and when: installment, component, amount in minor units, day."""
