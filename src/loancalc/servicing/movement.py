"""What moved between two days: the debt at the end of each, and what became of it in between, component by component."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from loancalc.servicing.events import Event
from loancalc.servicing.ledger import CASH, OWED, STAGES, WAIVED, WRITTEN_OFF, Entry
from loancalc.servicing.position import Position
from loancalc.values.money import to_decimal
from loancalc.values.names import COMPONENTS
from loancalc.values.tables import align, html_table

_COMPONENT_OF = {
    account: component
    for component in COMPONENTS
    for account in OWED
    if account in {f"{component} {stage}" for stage in STAGES}
}


@dataclass(frozen=True)
class Moved:
    """One component, or all together, in units of the currency: opening + paid_out + earned + capitalized - paid - waived
    - written_off = closing.

    Attributes:
        component: Its name, or "total".
        opening, closing: What is owed of it, due or not, at the end of the two days.
        paid_out: Principal paid out in between.
        earned: What accrued, fell due and was charged, less what caps cut.
        capitalized: What joined the principal; less than nothing where it comes from.
        paid: What money and held credit settled, less what went back.
        waived, written_off: What was given up; what was recovered is paid, and less was written off.
    """

    component: str
    opening: Decimal
    paid_out: Decimal
    earned: Decimal
    capitalized: Decimal
    paid: Decimal
    waived: Decimal
    written_off: Decimal
    closing: Decimal


_FIELDS = tuple(field.name for field in fields(Moved))


@dataclass(frozen=True, repr=False)
class Movement:
    """From the end of one day to the end of another.

    Attributes:
        opening, closing: Where the loan stands at the end of each.
        events: What happened in between, by value date.
        entries: The entries of the ledger in between.
        rows: What moved, by component.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(1200, "12%", "2026-01-15", installments=12)
    >>> print(Account(loan, [Payment("2026-02-15", "106.62")]).between("2026-01-31", "2026-02-28"))
    from the end of 2026-01-31 to the end of 2026-02-28
    component  opening  earned    paid  closing
     interest     6.19   10.94   12.00     5.13
    principal  1200.00    0.00   94.62  1105.38
        total  1206.19   10.94  106.62  1110.51
    """

    opening: Position
    closing: Position
    events: tuple[Event, ...]
    entries: tuple[Entry, ...]
    rows: tuple[Moved, ...]

    def __iter__(self) -> Iterator[Moved]:
        return iter(self.rows)

    def __getitem__(self, component: str) -> Moved:
        for row in self.rows:
            if row.component == component:
                return row
        raise KeyError(component)

    def to_dict(self) -> dict[str, list[Any]]:
        """The rows as plain columns, ready for any data-frame library."""
        return {name: [getattr(row, name) for row in self.rows] for name in _FIELDS}

    def _cells(self) -> list[list[str]]:
        used = [name for name in _FIELDS if name in _ALWAYS or any(getattr(row, name) for row in self.rows)]
        return [
            [name.replace("_", " ") for name in used],
            *([str(getattr(row, name)) for name in used] for row in self.rows),
        ]

    def __str__(self) -> str:
        title = f"from the end of {self.opening.as_of} to the end of {self.closing.as_of}"
        return "\n".join([title, align(self._cells())])

    def __repr__(self) -> str:
        return f"<Movement from {self.opening.as_of} to {self.closing.as_of}>"

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


_ALWAYS = ("component", "opening", "closing")


def movement(opening: Position, closing: Position, events: Iterable[Event], entries: Iterable[Entry]) -> Movement:
    """What entries moved between two positions."""
    opening_day, digits = opening.as_of, closing.figures.digits
    entries = tuple(entries)
    later = tuple(entry for entry in entries if entry.on > opening_day)
    start = _by_component(entry for entry in entries if entry.on <= opening_day)
    moved = _by_component(later)
    total = [0] * (len(_FIELDS) - 1)
    rows = []
    for component in COMPONENTS:
        begin = sum(start[component].values())
        row = [begin, *moved[component].values(), begin + sum(moved[component].values())]
        total = [one + other for one, other in zip(total, row, strict=True)]
        if any(row):
            rows.append(_moved(component, row, digits))
    return Movement(opening, closing, tuple(events), later, (*rows, _moved("total", total, digits)))


def _moved(component: str, row: list[int], digits: int) -> Moved:
    opening, paid_out, earned, capitalized, paid, waived, written_off, closing = row
    signed = (opening, paid_out, earned, capitalized, -paid, -waived, -written_off, closing)
    return Moved(component, *(to_decimal(amount, digits) for amount in signed))


def _by_component(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """What changed what is owed of each component, by why: signed, so that it adds up to the change."""
    why = ("paid_out", "earned", "capitalized", "money", WAIVED, WRITTEN_OFF)
    changed: dict[str, dict[str, int]] = {component: dict.fromkeys(why, 0) for component in COMPONENTS}
    for entry in entries:
        for component, amount in _owed_of(entry).items():
            parts = _came_to_be_owed(entry, component, amount) if entry.kind == "debt" else {entry.kind: amount}
            for name, part in parts.items():
                changed[component][name] += part
    return changed


def _owed_of(entry: Entry) -> dict[str, int]:
    """By how much an entry changes what is owed of each component, due or not."""
    sums: dict[str, int] = dict.fromkeys(COMPONENTS, 0)
    for account, amount in entry.minor:
        if account in _COMPONENT_OF:
            sums[_COMPONENT_OF[account]] += amount
    return sums


def _came_to_be_owed(entry: Entry, component: str, amount: int) -> dict[str, int]:
    legs = dict(entry.minor)
    paid_out = -legs.get(CASH, 0) if component == "principal" else 0
    earned = -legs.get(f"{component} earned", 0)
    return {"paid_out": paid_out, "earned": earned, "capitalized": amount - paid_out - earned}
