"""One installment that fell due, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from day_by_day.clock import Period

LATE = ("penalty", "compound_interest", "late_interest")
SCHEDULED = ("fee", "interest", "principal")
COMPONENTS = ("cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal")


def nothing() -> dict[str, int]:
    """No amount of any component."""
    return dict.fromkeys(COMPONENTS, 0)


@dataclass
class Line:
    """Interest on one base from a day to a day; it runs while it has no end.

    Contract interest after maturity has lines too. Compound interest may bear also on a line of late interest, as it
    grows. `worth` is what the nights before a day came to, when it was last asked; `cut` what caps took off it.
    """

    component: str
    base: int
    start: date
    end: date | None = None
    growing: Line | None = None
    worth: tuple[date, int] | None = None
    cut: int = 0


@dataclass
class Installment:
    """What fell due on a day; amounts are whole minor units by component.

    Attributes:
        agreed: Principal, interest and fee that fell due.
        charges: What was charged to it by hand.
        lines: Its late and compound interest, oldest first.
        penalties: Its penalties.
        capital: What of its late and compound interest was capitalized last, and what of them was settled before.
        waived: What the lender let go of.
        written_off: What of that was written off and may still be recovered.
        prepaid: What prepayments repaid beside its payment: it is in what is agreed and paid.
        went_back: What of prepayments went back: it is asked for until a plan is made of all that is outstanding.
        beyond: Principal that early money repaid beyond what it asked for.
        settled_on: The day on which the last of what was scheduled was settled.
        again_on: The day on which it was unpaid again because a payment went back.
        holds: Interest of its period that is asked for later, because it was put off.
        asks: What it asks for of earlier interest, by the word for who asks for it: next, spread, last.
        is_put_off: Whether it asks for nothing, because it was put off.
        joins: Interest of its period that joins the principal on its due date.
        stands: Whether its late charges are owed: False inside a deferred grace, and for good if it was paid there.
    """

    number: int
    due: date
    period: Period
    agreed: dict[str, int]
    charges: dict[str, int] = field(default_factory=nothing)
    paid: dict[str, int] = field(default_factory=nothing)
    waived: dict[str, int] = field(default_factory=nothing)
    written_off: dict[str, int] = field(default_factory=nothing)
    cut: dict[str, int] = field(default_factory=nothing)
    prepaid: dict[str, int] = field(default_factory=nothing)
    lines: list[Line] = field(default_factory=list)
    penalties: list[int] = field(default_factory=list)
    capital: dict[str, tuple[int, int]] = field(default_factory=dict)
    went_back: dict[str, int] = field(default_factory=nothing)
    beyond: int = 0
    settled_on: date | None = None
    again_on: date | None = None
    stands: bool = True
    holds: int = 0
    asks: dict[str, int] = field(default_factory=dict)
    is_put_off: bool = False
    joins: int = 0

    def unpaid(self, component: str) -> int:
        """What is left of a scheduled component, and of a fee by hand; it is settled before what accrued on it after maturity."""
        by_hand = self.charges[component] if component == "fee" else 0
        return max(0, by_hand + self.agreed[component] - self.settled(component) - self.cut[component])

    def agreed_and_unpaid(self, component: str) -> int:
        """What early money may pay of a component: what is charged by hand waits for its due date."""
        return max(0, self.agreed[component] - self.settled(component) - self.cut[component])

    def early(self, component: str) -> int:
        """What was paid of a component before it is due and counts toward its payment."""
        return self.paid[component] - self.prepaid[component]

    @property
    def capitalized(self) -> int:
        """What was capitalized last of its late and compound interest and is not settled."""
        return sum(
            min(amount, max(0, amount + before - self.settled(component)))
            for component, (amount, before) in self.capital.items()
        )

    def settled(self, component: str) -> int:
        """What was paid and waived of a component."""
        return self.paid[component] + self.waived[component]

    @property
    def waits(self) -> int:
        """Interest that waits for later installments when it falls due; less than nothing if it asks for what waited."""
        return self.holds - sum(self.asks.values())

    @property
    def is_unpaid(self) -> bool:
        """Whether any scheduled principal, interest or agreed fee is unpaid."""
        return any(self.unpaid(component) for component in SCHEDULED)

    def takes_over(self, other: Installment) -> None:
        """What was asked for with another one, settled and cut of it, belongs to this one."""
        for mine, theirs in zip(self._amounts(), other._amounts(), strict=True):
            for name in mine:
                mine[name] += theirs[name]

    def _amounts(self) -> list[dict[str, int]]:
        return [self.agreed, self.charges, self.paid, self.waived, self.written_off, self.cut, self.prepaid]

    def running(self, component: str) -> Line | None:
        """The line of a component that has not ended."""
        return next((line for line in self.lines if (line.component, line.end) == (component, None)), None)

    def end_lines(self, day: date) -> None:
        """Late and compound interest are rounded; the next night begins lines of its own."""
        for component in ("late_interest", "compound_interest"):
            if line := self.running(component):
                line.end = day

    def runs(self, day: date, component: str, base: int, growing: Line | None = None) -> None:
        """From the night of `day` a component accrues on a base: a line whose base changes ends, and another begins."""
        line = self.running(component)
        if line and line.base == base and line.growing is growing:
            return
        if line:
            line.end = day
        if base or growing:
            self.lines.append(Line(component, base, day, growing=growing))
