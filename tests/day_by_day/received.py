"""What a payment settled, and what of it is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from day_by_day.debt import Installment, nothing

if TYPE_CHECKING:
    from day_by_day.book import Book


class Settled(NamedTuple):
    """Something that a payment settled on a day; `for_good` if it repays principal whatever becomes of the plan."""

    installment: Installment
    component: str
    amount: int
    for_good: bool
    on: date


@dataclass
class Received:
    """A payment: what it paid by component, what of that stands by installment, what is still held and what went back.

    It may be meant for an installment, or for some components only.
    """

    id: str | None
    amount: int
    installment: int | None = None
    only: tuple[str, ...] = ()
    parts: dict[str, int] = field(default_factory=nothing)
    returned: int = 0
    held: int = 0
    settled: list[Settled] = field(default_factory=list)

    def may_settle(self, component: str) -> bool:
        """Whether the borrower meant it for that too."""
        return not self.only or component in self.only

    def last_first(self, most: int, of: tuple[Installment, str] | None = None) -> Iterator[Settled]:
        """Up to `most` of what it settled, or of a component of an installment, is taken off it, the last first."""
        for place in reversed(range(len(self.settled))):
            settled = self.settled[place]
            part = min(most, settled.amount) if of in (None, settled[:2]) else 0
            if part:
                most -= part
                self.settled[place] = settled._replace(amount=settled.amount - part)
                yield settled._replace(amount=part)

    def gives_back(self, book: Book, installment: Installment, component: str, most: int) -> int:
        """Up to `most` of what it paid of a component of an installment was not owed."""
        back = sum(settled.amount for settled in self.last_first(most, (installment, component)))
        installment.paid[component] -= back
        self.parts[component] -= back
        book.paid_early -= back if component == "interest" and installment in book.ahead else 0
        return back

    def pays(self, book: Book, installment: Installment, component: str, most: int, *, for_good: bool = False) -> int:
        """Up to `most` of a component of an installment is paid with what is held; principal not due lowers what is."""
        part = min(self.held, most)
        self.held -= part
        self.parts[component] += part
        self.settled.append(Settled(installment, component, part, for_good, book.day))
        if installment in book.ahead:
            book.undue -= part if component == "principal" else 0
            book.paid_early += part if component == "interest" else 0
        book.settle(installment, component, part, installment.paid)
        return part

    def prepays(self, book: Book, amounts: dict[str, int]) -> None:
        """Principal is repaid for good, with interest to date and a fee; the running installment shows it."""
        running = book.ahead[0]
        for component, amount in amounts.items():
            running.agreed[component] += amount
            running.prepaid[component] += amount
            self.pays(book, running, component, amount, for_good=True)

    def takes_back(self, book: Book) -> None:
        """What it paid of installments that are still not due is held again."""
        ahead = [part for part in self.settled if part.installment in book.ahead and not part.for_good]
        for installment, component, amount, *_ in ahead:
            installment.paid[component] -= amount
            self.parts[component] -= amount
            self.held += amount
            book.undue += amount if component == "principal" else 0
        self.settled = [part for part in self.settled if part not in ahead]
