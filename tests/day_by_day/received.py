"""What a payment settled, and what of it is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from day_by_day.debt import Installment, nothing

if TYPE_CHECKING:
    from day_by_day.book import Book


@dataclass
class Received:
    """A payment: what it settled, by component and of which installments, and what of it is still held."""

    id: str | None
    amount: int
    parts: dict[str, int] = field(default_factory=nothing)
    held: int = 0
    settled: list[tuple[Installment, str, int]] = field(default_factory=list)

    def gives_back(self, book: Book, installment: Installment, component: str, most: int) -> int:
        """Up to `most` of what it paid of a component of an installment was not owed."""
        paid = sum(part for one, name, part in self.settled if (one, name) == (installment, component))
        back = min(most, paid)
        self.parts[component] -= back
        installment.paid[component] -= back
        book.paid_early -= back if component == "interest" and installment in book.ahead else 0
        self.settled.append((installment, component, -back))
        return back

    def pays(self, book: Book, installment: Installment, component: str, most: int) -> int:
        """Up to `most` of a component of an installment is paid with what is held; principal not due lowers what is."""
        part = min(self.held, most)
        self.held -= part
        self.parts[component] += part
        self.settled.append((installment, component, part))
        if installment in book.ahead:
            book.undue -= part if component == "principal" else 0
            book.paid_early += part if component == "interest" else 0
        book.settle(installment, component, part, installment.paid)
        if component == "penalty":
            book.penalties_paid.append((book.day, part))
        return part

    def takes_back(self, book: Book) -> None:
        """What it paid of installments that are still not due is held again."""
        for installment, component, part in self.settled:
            if installment in book.ahead:
                installment.paid[component] -= part
                self.parts[component] -= part
                self.held += part
                book.undue += part if component == "principal" else 0
        self.settled = [part for part in self.settled if part[0] not in book.ahead]
