"""The steps of an allocation as a replay walks them: which components each step settles, by their numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from loancalc.values.names import COMPONENTS, Component

Numbers = tuple[int, ...]
"""Components by their place in `COMPONENTS`."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """What each step settles on one installment before it turns to the next.

    Attributes:
        steps: For each step, what it settles of an installment that is past due, and of one that is due.
        ahead: For each step of early money, what it settles of an installment that is not due yet.
        surplus: Where money goes that is more than what is past due and due; None where the loan says so.
        past_due, due: All steps in one, as they come to on a single installment; `at_once` is both.
    """

    steps: Sequence[tuple[Numbers, Numbers]]
    ahead: Sequence[Numbers]
    surplus: str | None
    past_due: Numbers = field(init=False, repr=False)
    due: Numbers = field(init=False, repr=False)
    at_once: Sequence[tuple[Numbers, Numbers]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "past_due", tuple(number for late, _ in self.steps for number in late))
        object.__setattr__(self, "due", tuple(number for _, due in self.steps for number in due))
        object.__setattr__(self, "at_once", ((self.past_due, self.due),))

    @property
    def names_installments(self) -> bool:
        """Whether early money is for certain installments, and not for the principal at large."""
        return self.surplus not in (None, "hold", "principal")

    def only(self, components: Iterable[Component]) -> Waterfall:
        """The same steps for money that may settle only some components; all of them if none is named.

        >>> Waterfall([((0, 5, 6), (5, 6))], [(5, 6)], None).only(["principal"])
        Waterfall(steps=[((6,), (6,))], ahead=[(6,)], surplus=None)
        """
        kept = {COMPONENTS.index(component) for component in components}
        return self.within(kept, kept) if kept else self

    def within(self, past_due: Collection[int], due: Collection[int]) -> Waterfall:
        """The same steps where an installment that is past due, and one that is not, can owe only some components.

        >>> Waterfall([((0, 5, 6), (0, 5, 6))], [(5, 6)], None).within({4, 5, 6}, {5, 6})
        Waterfall(steps=[((5, 6), (5, 6))], ahead=[(5, 6)], surplus=None)
        """
        steps = [(_keep(late, past_due), _keep(now, due)) for late, now in self.steps]
        ahead = [_keep(step, due) for step in self.ahead]
        return Waterfall([step for step in steps if any(step)], ahead, self.surplus)


def _keep(numbers: Numbers, kept: Collection[int]) -> Numbers:
    return tuple(number for number in numbers if number in kept)
