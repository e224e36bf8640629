"""One cap: on no day do the covered charges exceed the limit."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day.arithmetic import earned
from day_by_day.debt import LATE, Installment

if TYPE_CHECKING:
    from day_by_day.book import Book

Piece = tuple[Installment, str, int]


class Limit:
    """The limit grows with every night; what exceeds it is cut, latest item first.

    Attributes:
        grown: The limit so far, exact.
        allowed: What the covered components came to when last looked at, less what was cut.
        seen: What each had come to, cut or not.
        cuts: What was cut, oldest first.
    """

    def __init__(self, loan: lc.Loan) -> None:
        assert loan.late
        self.cap = loan.late.caps[0]
        self.grown = Fraction(0)
        self.allowed = 0
        self.seen: dict[tuple[int, str], int] = {}
        self.cuts: list[Piece] = []
        unit = 10**loan.digits
        if self.cap.amount is not None:
            self.grown = Fraction(self.cap.amount) * unit
        elif self.cap.share is not None:
            self.grown = Fraction(loan.principal) * unit * self.cap.share

    def night(self, book: Book, day: date) -> None:
        """The night of `day` adds base x rate x share."""
        if self.cap.rate is None:
            return
        base = sum(installment.unpaid("principal") for installment in book.installments)
        if self.cap.base == "outstanding-principal":
            base += book.undue
        self.grown += base * earned(self.cap.rate, self.cap.day_count, day, day + timedelta(1))

    def enforce(self, book: Book) -> None:
        """Cut what exceeds the limit from what was charged since the last look: what is within it stands.

        With `recover`, what was cut comes back as far as there is room, the oldest first.
        """
        grown = self._grown_since_the_last_look(book)
        room = floor(self.grown) - self.allowed - sum(amount for _, _, amount in grown)
        self.allowed += sum(amount for _, _, amount in grown)
        if room < 0:
            book.has_cut = True
            self._cut(-room, grown)
        elif self.cap.recover:
            self._give_back(room)

    def _grown_since_the_last_look(self, book: Book) -> list[Piece]:
        """Latest item first: penalty, compound interest, late interest; of each, the latest installment first."""
        grown = []
        for component in (name for name in LATE if name in self.cap.covers):
            for installment in reversed(book.installments):
                charged = book.charged(installment, component)
                more = charged - self.seen.get((installment.number, component), 0)
                self.seen[installment.number, component] = charged
                if more:
                    grown.append((installment, component, more))
        return grown

    def _cut(self, excess: int, grown: list[Piece]) -> None:
        pieces = []
        for installment, component, amount in grown:
            part = min(amount, excess)
            installment.cut[component] += part
            self.allowed -= part
            excess -= part
            pieces.append((installment, component, part))
        assert excess == 0
        self.cuts += reversed(pieces)

    def _give_back(self, room: int) -> None:
        while room and self.cuts:
            installment, component, amount = self.cuts.pop(0)
            part = min(amount, room)
            installment.cut[component] -= part
            self.allowed += part
            room -= part
            if amount > part:
                self.cuts.insert(0, (installment, component, amount - part))
