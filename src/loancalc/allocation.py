"""Which part of a debt a payment settles first: an order of components, walked across or down the installments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from loancalc.errors import InvalidTerms
from loancalc.names import COMPONENT_NAMES, COMPONENTS, Component, Names

_DIRECTIONS = Names("allocation.direction", {"horizontal": ["横向"], "vertical": ["纵向"]})


@dataclass(frozen=True, slots=True)
class Allocation:
    """The order in which a payment settles what is past due and due (冲账顺序).

    Args:
        order: All seven components, first settled first.
        direction: `"horizontal"` finishes one installment, oldest first, then the next; `"vertical"` finishes one
            component over all installments, oldest first, then the next component.

    Raises:
        InvalidTerms: If a component is missing or named twice.

    >>> Allocation("cost interest principal fee penalty late_interest compound_interest".split(), "vertical").direction
    'vertical'
    """

    order: tuple[Component, ...]
    direction: str
    name: str | None = None

    def __init__(self, order: Iterable[str], direction: str, *, name: str | None = None) -> None:
        components = tuple(COMPONENT_NAMES.find(component, "allocation.order") for component in order)
        if sorted(components) != sorted(COMPONENTS):
            missing = [component for component in COMPONENTS if component not in components]
            raise InvalidTerms(
                f"allocation.order: got {', '.join(components)}; expected each of the seven components once"
                + (f"; missing: {', '.join(missing)}" if missing else "")
            )
        object.__setattr__(self, "order", components)
        object.__setattr__(self, "direction", _DIRECTIONS.find(direction))
        object.__setattr__(self, "name", name)

    @classmethod
    def of(cls, value: Allocation | str) -> Allocation:
        """An allocation from itself or from the name of a preset.

        >>> Allocation.of("oldest installment first").order[0]
        'cost'
        """
        return value if isinstance(value, Allocation) else PRESETS[_PRESET_NAMES.find(value)]

    def __str__(self) -> str:
        title = f"{self.name}: " if self.name else ""
        return f"{title}{', '.join(self.order)} ({self.direction})"


_LAWFUL: tuple[Component, ...] = (
    "cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal",
)  # fmt: skip
_PENALTY_FIRST: tuple[Component, ...] = (
    "cost", "penalty", "fee", "compound_interest", "late_interest", "interest", "principal",
)  # fmt: skip

PRESETS = {
    allocation.name: allocation
    for allocation in (
        Allocation(_LAWFUL, "vertical", name="cost-interest-principal"),
        Allocation(_LAWFUL, "horizontal", name="oldest-installment-first"),
        Allocation(_PENALTY_FIRST, "horizontal", name="penalty-fee-interest-principal"),
    )
    if allocation.name
}

_SOURCES = {
    "cost-interest-principal": "Civil Code of China art. 561: costs of enforcement, interest, principal. "
    "The place of fee and penalty in it, and reading the article across installments, are ours.",
    "oldest-installment-first": "Usual practice of lenders: the same order, one installment after the other.",
    "penalty-fee-interest-principal": "Usual practice of servicing systems.",
}

_PRESET_NAMES = Names(
    "allocation",
    {
        "cost-interest-principal": ["先息后本冲账", "费息本", "民法典561条"],
        "oldest-installment-first": ["先到期先冲", "按期冲账"],
        "penalty-fee-interest-principal": [],
    },
)


def presets() -> str:
    """All allocation presets, printed in full with their source.

    >>> print(presets().splitlines()[0])
    cost-interest-principal: cost, fee, penalty, compound_interest, late_interest, interest, principal (vertical)
    """
    return "\n".join(f"{allocation}\n    {_SOURCES[name]}" for name, allocation in PRESETS.items())
