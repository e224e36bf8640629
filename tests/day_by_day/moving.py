"""What is past due and becomes part of a new plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from day_by_day.debt import nothing

if TYPE_CHECKING:
    from day_by_day.book import Book


@dataclass
class Moved:
    """What was past due and is asked for by the new plan, by component."""

    parts: dict[str, int] = field(default_factory=nothing)

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.parts.values())


def treat_overdue(book: Book, words: Mapping[str, str]) -> dict[str, Moved]:
    """What is past due leaves its installments as it was agreed for each component, but for what is kept."""
    moved = {word: Moved() for word in ("keep", "capitalize", "next", "spread", "waive")}
    for installment in (one for one in book.installments if one.due < book.day):
        for component, word in words.items():
            amount = book.owed(installment, component) if word != "keep" else 0
            moved[word].parts[component] += amount
            book.settle(installment, component, amount, installment.waived)
    return moved
