"""Parts: an amount of money by component of the debt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from loancalc.values.money import format_minor, to_decimal
from loancalc.values.names import COMPONENTS
from loancalc.values.tables import html_table


class Parts(Mapping[str, Decimal]):
    """An amount by component of the debt: attributes and items for each, and their `total`. Empty ones are zero.

    >>> parts = Parts([0, 0, 0, 28, 239, 11054, 38679], 2)
    >>> print(parts)
    compound_interest 0.28, late_interest 2.39, interest 110.54, principal 386.79
    >>> parts.interest, parts["fee"], parts.total
    (Decimal('110.54'), Decimal('0.00'), Decimal('500.00'))
    """

    __slots__ = ("_digits", "_minor")

    def __init__(self, minor: list[int] | tuple[int, ...], digits: int) -> None:
        self._minor = tuple(minor)
        self._digits = digits

    def __getitem__(self, component: str) -> Decimal:
        if component not in COMPONENTS:
            raise KeyError(component)
        return to_decimal(self._minor[COMPONENTS.index(component)], self._digits)

    def __iter__(self) -> Iterator[str]:
        return iter(COMPONENTS)

    def __len__(self) -> int:
        return len(COMPONENTS)

    def __hash__(self) -> int:
        return hash((self._minor, self._digits))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Parts):
            return NotImplemented
        return (self._minor, self._digits) == (other._minor, other._digits)

    @property
    def minor(self) -> tuple[int, ...]:
        """The amounts in whole minor units, in the order of `COMPONENTS`."""
        return self._minor

    @property
    def digits(self) -> int:
        """Decimals of the minor unit."""
        return self._digits

    cost = property(lambda self: self["cost"], doc="Costs of collection or court.")
    fee = property(lambda self: self["fee"], doc="Agreed service charges.")
    penalty = property(lambda self: self["penalty"], doc="Penalties and late fees (违约金).")
    compound_interest = property(lambda self: self["compound_interest"], doc="Interest on unpaid interest (复利).")
    late_interest = property(lambda self: self["late_interest"], doc="Late interest (罚息).")
    interest = property(lambda self: self["interest"], doc="Contract interest.")
    principal = property(lambda self: self["principal"], doc="Principal.")

    @property
    def total(self) -> Decimal:
        """The sum of all components."""
        return to_decimal(sum(self._minor), self._digits)

    def __str__(self) -> str:
        shown = [
            f"{name} {format_minor(amount, self._digits)}"
            for name, amount in zip(COMPONENTS, self._minor, strict=True)
            if amount
        ]
        return ", ".join(shown) or "nothing"

    def __repr__(self) -> str:
        return f"Parts({list(self._minor)}, {self._digits})"

    def _repr_html_(self) -> str:
        shown = [[name.replace("_", " "), str(amount)] for name, amount in self.items() if amount]
        return html_table(["component", "amount"], [*shown, ["total", str(self.total)]])
