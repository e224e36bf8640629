"""Caps: on no day do the covered charges exceed a limit."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, NamedTuple

import loancalc as lc
from day_by_day.arithmetic import earned
from day_by_day.debt import Installment

if TYPE_CHECKING:
    from day_by_day.book import Book

CUT_ORDER = ("penalty", "fee", "compound_interest", "late_interest", "interest")

Piece = tuple[Installment, str, int]


class Limit:
    """One limit: it grows with every night.

    Attributes:
        grown: The limit so far, exact.
        allows: The same in whole minor units.
        used: What the covered components came to when last looked at, less what was cut.
    """

    def __init__(self, cap: lc.Cap, loan: lc.Loan) -> None:
        self.cap = cap
        self.grown = Fraction(0)
        self.used = 0
        unit = 10**loan.digits
        if self.cap.amount is not None:
            self.grown = Fraction(self.cap.amount) * unit
        elif self.cap.share is not None:
            self.grown = Fraction(loan.principal) * unit * self.cap.share
        self.allows = floor(self.grown)

    def night(self, book: Book, day: date) -> None:
        """The night of `day` adds base x rate x share."""
        if self.cap.rate is None:
            return
        base = sum(installment.unpaid("principal") for installment in book.installments)
        if self.cap.base == "outstanding-principal":
            base += book.undue
        self.grown += base * earned(self.cap.rate, self.cap.day_count, day, day + timedelta(1))
        self.allows = floor(self.grown)

    @property
    def room(self) -> int:
        """How much more it allows."""
        return self.allows - self.used


class Cut(NamedTuple):
    """What a limit cut."""

    by: Limit
    installment: Installment
    component: str
    amount: int


class Limits:
    """All limits of a loan; those on the fewest components cut first.

    Attributes:
        seen: What each component of each installment had come to when last looked at, cut or not.
        cuts: What was cut, oldest first.
    """

    def __init__(self, loan: lc.Loan) -> None:
        assert loan.late
        caps = sorted(loan.late.caps, key=lambda cap: (len(cap.covers), cap.covers, repr(cap)))
        self.limits = [Limit(cap, loan) for cap in caps]
        self.covers = [name for name in CUT_ORDER if any(name in cap.covers for cap in caps)]
        self.seen: dict[tuple[int, str], int] = {}
        self.cuts: list[Cut] = []

    def night(self, book: Book, day: date) -> None:
        """The night of `day` lets every limit grow."""
        for limit in self.limits:
            limit.night(book, day)

    def merge(self, other: Installment, into: Installment) -> None:
        """An installment became part of another, with what was seen and cut of it."""
        for component in self.covers:
            seen = self.seen.pop((other.number, component), 0)
            self.seen[into.number, component] = self.seen.get((into.number, component), 0) + seen
        self.cuts = [cut._replace(installment=into) if cut.installment is other else cut for cut in self.cuts]

    def enforce(self, book: Book) -> None:
        """Cut what exceeds a limit from what was charged since the last look: what is within it stands.

        With `recover`, what was cut comes back as far as there is room, the oldest first.
        """
        grown = self._grown_since_the_last_look(book)
        for limit in self.limits:
            if limit.room < 0:
                book.has_cut = True
                self._cut(book, limit, -limit.room, grown)
        if any(limit.cap.recover and limit.room > 0 for limit in self.limits):
            self._give_back(book)

    def _grown_since_the_last_look(self, book: Book) -> list[Piece]:
        """Latest item first: penalty, fee, compound interest, late interest, interest; of each, the latest installment first."""
        grown = []
        for component in self.covers:
            for installment in reversed([*book.installments, *book.gone, *book.ahead]):
                charged = book.gross(installment, component)
                more = charged - self.seen.get((installment.number, component), 0)
                self.seen[installment.number, component] = charged
                if more < 0:
                    self._take_along(book, installment, component, -more)
                if more:
                    self._use(component, more)
                    grown.append((installment, component, max(0, more)))
        return grown

    def _use(self, component: str, amount: int) -> None:
        for limit in self.limits:
            limit.used += amount if component in limit.cap.covers else 0

    def _cuts(self, book: Book, installment: Installment, component: str, amount: int) -> None:
        """More is cut, of its lines the latest first; or less: of what fell due first, then of the oldest line."""
        lines = [line for line in installment.lines if line.component == component]
        fell_due = installment.cut[component] - sum(line.cut for line in lines)
        installment.cut[component] += amount
        self._use(component, -amount)
        amount = min(0, amount + fell_due) if amount < 0 else amount
        for line in reversed(lines) if amount > 0 else lines:
            part = min(amount, book.worth(line) - line.cut) if amount > 0 else -min(-amount, line.cut)
            line.cut += part
            amount -= part

    def _take_along(self, book: Book, installment: Installment, component: str, amount: int) -> None:
        """What an installment does not ask for after all was not cut of it: the last of its cuts first."""
        for place in reversed(range(len(self.cuts))):
            cut = self.cuts[place]
            if cut.installment is installment and cut.component == component:
                part = min(cut.amount, amount)
                amount -= part
                self._cuts(book, installment, component, -part)
                self.cuts[place] = cut._replace(amount=cut.amount - part)
        self.cuts = [cut for cut in self.cuts if cut.amount]

    def _cut(self, book: Book, limit: Limit, excess: int, grown: list[Piece]) -> None:
        pieces = []
        for place, (installment, component, amount) in enumerate(grown):
            part = min(amount, excess) if component in limit.cap.covers else 0
            if part:
                self._cuts(book, installment, component, part)
                grown[place] = installment, component, amount - part
                excess -= part
                pieces.append(Cut(limit, installment, component, part))
        assert excess == 0, (limit.cap, excess)
        self.cuts += reversed(pieces)

    def _give_back(self, book: Book) -> None:
        rooms = self._rooms()
        for place, cut in enumerate(self.cuts):
            part = min(cut.amount, rooms.get(cut.component, 0)) if cut.by.cap.recover else 0
            if part:
                self._cuts(book, cut.installment, cut.component, -part)
                self.cuts[place] = cut._replace(amount=cut.amount - part)
                rooms = self._rooms()
            if not rooms:
                break
        self.cuts = [cut for cut in self.cuts if cut.amount]

    def _rooms(self) -> dict[str, int]:
        """What all limits on a component still allow, where that is anything."""
        rooms = {
            component: min(limit.room for limit in self.limits if component in limit.cap.covers)
            for component in self.covers
        }
        return {component: room for component, room in rooms.items() if room > 0}
