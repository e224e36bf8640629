"""What one installment owes while an account is replayed, and the accrual lines that run on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from loancalc.loan import Loan
from loancalc.overdue import COMPOUND, INTEREST, LATE, Accrued, LateRate, LineRates
from loancalc.timeline import Factor


class Line:
    """An open accrual line: what it accrues on, since when; and what was last asked of it, for one day."""

    __slots__ = ("asked", "base", "quote", "start")

    def __init__(self, base: int, start: date) -> None:
        self.base = base
        self.start = start
        self.asked = start
        self.quote = (0, 1, 0)


class Owed:
    """One installment as it is owed, in minor units.

    `owed`, `paid`, `waived`, `written_off` and `cut` hold an amount for each component, by its number; `lines` the open
    accrual line of each. `capitalized` is interest that joins the principal on the due date. While the grace is deferred
    (`held`), lines run but nothing of them is owed; what ended waits in `held_lines`.
    """

    __slots__ = (
        "capitalized", "cut", "due", "fee", "held", "held_lines", "held_principal", "interest", "lines", "number", "owed", "paid",
        "principal", "settled_on", "waived", "written_off",
    )  # fmt: skip

    def __init__(self, number: int, due: date, principal: int, interest: int, fee: int) -> None:
        self.number = number
        self.due = due
        self.fee = fee
        self.plan(principal, interest)
        self.owed = [0, 0, 0, 0, 0, 0, 0]
        self.paid = [0, 0, 0, 0, 0, 0, 0]
        self.waived = [0, 0, 0, 0, 0, 0, 0]
        self.written_off = [0, 0, 0, 0, 0, 0, 0]
        self.cut = [0, 0, 0, 0, 0, 0, 0]
        self.lines: list[Line | None] = [None, None, None, None, None, None, None]
        self.held = False
        self.held_lines: list[Accrued] = []
        self.held_principal: list[tuple[int, date]] = []
        self.settled_on: date | None = None

    def plan(self, principal: int, interest: int) -> None:
        """What a row of the plan asks for; interest that it does not ask for joins the principal."""
        self.capitalized = max(0, -principal)
        self.principal, self.interest = max(0, principal), interest - self.capitalized

    @property
    def is_clear(self) -> bool:
        """Nothing is owed and nothing accrues."""
        return not any(self.owed) and not any(self.lines)

    def settled(self, component: int) -> int:
        """What was paid, waived or written off of a component."""
        return self.paid[component] + self.waived[component] + self.written_off[component]

    def take_over(self, other: Owed) -> None:
        """What was charged to, and settled of, another installment that is merged into this one."""
        for name in ("owed", "paid", "waived", "written_off", "cut"):
            amounts = zip(getattr(self, name), getattr(other, name), strict=True)
            setattr(self, name, [mine + theirs for mine, theirs in amounts])

    @property
    def scheduled_interest(self) -> int:
        """The unpaid interest that fell due with it; what accrues after maturity is settled after it and is no base."""
        owed = self.owed[INTEREST]
        return owed and min(owed, max(0, self.interest - self.settled(INTEREST)))

    def forget_late_lines(self) -> None:
        """It was paid inside the deferred grace: what was deferred never counts, and no late charge accrues."""
        self.held = False
        self.held_lines = []
        self.held_principal = []
        self.lines[LATE] = self.lines[COMPOUND] = None


class Lines:
    """The arithmetic of accrual lines: exact over the nights of the line, rounded once at its end."""

    def __init__(self, loan: Loan) -> None:
        self.loan = loan
        self.late_rate = LateRate(loan) if loan.late and loan.late.interest else None
        self.divide = loan.rounding.divide("accrual")
        self.ended: list[Accrued] = []

    def rates(self) -> LineRates:
        """What the lines accrue at."""
        contract = self.loan.rate, "nights" if self.loan.day_count is None else str(self.loan.day_count)
        late = self.late_rate
        return LineRates(contract, (late.rate, late.day_count_name) if late else contract)

    def _factor(self, item: Owed, component: int, start: date, end: date) -> Factor:
        if component == INTEREST:
            return self.loan.timeline.part(item.number, start, end)
        assert self.late_rate is not None
        return self.late_rate.factor(start, end)

    def _ask(self, item: Owed, component: int, line: Line, on: date) -> tuple[int, int, int]:
        """Exact numerator and denominator of what has accrued by `on`, and the rounded amount."""
        if line.asked != on:
            numerator, denominator = self._factor(item, component, line.start, on)
            numerator *= line.base
            line.asked = on
            line.quote = numerator, denominator, self.divide(numerator, denominator)
        return line.quote

    def quote(self, item: Owed, component: int, on: date) -> int:
        """What has accrued on the open line by `on`, rounded; the line goes on."""
        line = item.lines[component]
        if line is None or on <= line.start or (item.held and component != INTEREST):
            return 0
        return self._ask(item, component, line, on)[2]

    def record(self, item: Owed, component: int, on: date) -> Accrued | None:
        """The open line as it stands on `on`, with its arithmetic; None before its first night is over."""
        line = item.lines[component]
        if line is None or on <= line.start:
            return None
        return item.number, component, line.base, line.start, on, *self._ask(item, component, line, on)

    def end(self, item: Owed, component: int, on: date) -> None:
        """What accrued on a line stands as owed, rounded once; the line begins again on the same base."""
        ended = self.record(item, component, on)
        if ended is None:
            return
        if item.held and component != INTEREST:
            item.held_lines.append(ended)
        else:
            item.owed[component] += ended[-1]
            self.ended.append(ended)
        item.lines[component] = Line(ended[2], on)

    def rebase(self, item: Owed, component: int, base: int, on: date) -> None:
        """From `on`, a component accrues on `base`: if that is a change, the line ends and another begins."""
        line = item.lines[component]
        if line is None:
            if base:
                item.lines[component] = Line(base, on)
        elif line.base != base:
            self.end(item, component, on)
            item.lines[component] = Line(base, on) if base else None

    def release(self, item: Owed) -> None:
        """The deferred grace is over: what accrued on ended lines since the due date stands as owed."""
        item.held = False
        for line in item.held_lines:
            item.owed[line[1]] += line[-1]
            self.ended.append(line)
        item.held_lines = []
        item.held_principal = []

    def correct(self, item: Owed, component: int, spans: Sequence[Span]) -> int:
        """Ended lines of a component as they would have been without what spans of nights turn out not to have borne.

        Returns what is taken back by it beyond what is owed of the component.
        """
        taken = 0
        for index, (number, kind, base, start, end, _, _, amount) in enumerate(self.ended):
            less = next((less for less, since, until in spans if since <= start and end <= until), 0)
            if kind == component and less:
                numerator, denominator = self._factor(item, component, start, end)
                numerator *= base - less
                right = self.divide(numerator, denominator)
                self.ended[index] = number, kind, base - less, start, end, numerator, denominator, right
                taken += amount - right
        owed = min(taken, item.owed[component])
        item.owed[component] -= owed
        return taken - owed


Span = tuple[int, date, date]
"""A principal and the nights, from one day to another, during which it bore the late rate."""

Part = tuple[int, int, int, date]
"""What an event settled, and when: installment, component, amount in minor units, day."""
