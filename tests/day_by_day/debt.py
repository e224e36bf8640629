"""One installment that fell due, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

LATE = ("penalty", "compound_interest", "late_interest")
SCHEDULED = ("fee", "interest", "principal")
COMPONENTS = ("cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal")


def nothing() -> dict[str, int]:
    """No amount of any component."""
    return dict.fromkeys(COMPONENTS, 0)


@dataclass
class Line:
    """Interest on one base from a day to a day; it runs while it has no end.

    Contract interest after maturity has lines too; `instead_of` names the installment whose late interest they would
    make room for at the end of a deferred grace.
    """

    component: str
    base: int
    start: date
    end: date | None = None
    instead_of: int | None = None


@dataclass
class Installment:
    """What fell due on a day; amounts are whole minor units by component.

    Attributes:
        agreed: Principal, interest and fee that fell due.
        lines: Its late and compound interest, oldest first.
        penalties: Its penalties.
        stands: Whether its late charges are owed: False inside a deferred grace, and for good if it was paid there.
    """

    number: int
    due: date
    agreed: dict[str, int]
    paid: dict[str, int] = field(default_factory=nothing)
    waived: dict[str, int] = field(default_factory=nothing)
    cut: dict[str, int] = field(default_factory=nothing)
    lines: list[Line] = field(default_factory=list)
    penalties: list[int] = field(default_factory=list)
    stands: bool = True

    def unpaid(self, component: str) -> int:
        """What is left of a scheduled component; it is settled before what accrued on it after maturity."""
        return max(0, self.agreed[component] - self.paid[component] - self.waived[component])

    @property
    def is_unpaid(self) -> bool:
        """Whether any scheduled principal, interest or agreed fee is unpaid."""
        return any(self.unpaid(component) for component in SCHEDULED)

    def runs(self, day: date, component: str, base: int, instead_of: int | None = None) -> None:
        """From the night of `day` a component accrues on a base: a line whose base changes ends, and another begins."""
        for line in self.lines:
            if (line.component, line.instead_of, line.end) == (component, instead_of, None):
                if line.base == base:
                    return
                line.end = day
        if base:
            self.lines.append(Line(component, base, day, instead_of=instead_of))
