"""Plans of terms that meet: later pay-outs, down payments, a grace period, rates that change, payments that are capped or kept,
and a limit for what unpaid interest may make. Row by row in fractions, written from what the terms mean and from nothing of the
library; what a method solves is in `plan_loop`, and what a night bears in `dated_loop`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from dated_loop import Time
from plan_loop import NotCovered, Row, Shape, Terms, refuse_negative, solved, split


class Out(NamedTuple):
    """Principal that is paid out on a day, and what of it is paid back at once."""

    on: date
    amount: int
    back: int = 0


class Agreed(NamedTuple):
    """What was agreed beside the method.

    `waits` rows repay nothing, and `waited` is what becomes of their interest; `cap` is by how much a new rate may raise the
    payment, `limit` how much the balance may come to.
    """

    outs: Sequence[Out] = ()
    back_at_start: int = 0
    waits: int = 0
    waited: str = "paid"
    cap: Fraction | None = None
    limit: int | None = None


class Walk:
    """The rows of a plan, one after the other."""

    def __init__(self, terms: Terms, method: str, shape: Shape | None, time: Time, agreed: Agreed) -> None:
        self.terms, self.method, self.shape, self.time, self.agreed = terms, method, shape, time, agreed
        self.count = len(time.bounds) - 1
        self.owed = terms.lent - agreed.back_at_start
        self.put_off = [0] * self.count
        self.level: int | None = None
        self.asked: list[int | None] = []
        self.parts: list[int] = []
        self.free = False  # whether the limit was reached since the last change

    def rows(self) -> list[Row]:
        """Principal and interest of every row, with a row for each down payment on its day."""
        rows, own = list[Row](), list[int]()
        if self.agreed.back_at_start:
            rows.append((self.agreed.back_at_start, 0))
        for row in range(self.count):
            made = self.row(row)
            rows += [(out.back, 0) for out in self.agreed.outs if out.back and self.time.row_of(out.on) == row]
            own.append(len(rows))
            rows.append(made)
            if not self.owed and row >= self.agreed.waits:
                if any(self.time.row_of(out.on) > row for out in self.agreed.outs):
                    raise NotCovered
                break
        return self.with_what_was_put_off(rows, own[self.agreed.waits :])

    def with_what_was_put_off(self, rows: list[Row], after: Sequence[int]) -> list[Row]:
        """What waiting rows did not ask for is asked for by those after them."""
        whole = sum(self.put_off)
        if self.agreed.waited == "spread":
            shares = [whole // len(after) + (place < whole % len(after)) for place in range(len(after))]
        else:
            shares = [0] * len(after)
            shares[0 if self.agreed.waited == "carried" else -1] = whole
        for place, share in zip(after, shares, strict=True):
            rows[place] = rows[place][0], rows[place][1] + share
        return rows

    def row(self, row: int) -> Row:
        """One row: what is paid out on its way, its interest, and what its payment leaves of it."""
        agreed, terms, time = self.agreed, self.terms, self.time
        interest = self.owed * time.factor(row)
        out_here = [out for out in agreed.outs if time.row_of(out.on) == row]
        for out in out_here:
            interest += (out.amount - out.back) * time.factor(row, out.on)
        changes = any(time.bounds[0] < day and self.row_holds(row, day) for day, _ in time.rates[1:])
        if changes and not row and not agreed.waits and self.is_level:
            self.level = self.agreed_at_the_start()
        self.owed += sum(out.amount - out.back for out in out_here)
        accrued = terms.interest(interest)
        if row < agreed.waits:
            if agreed.waited == "capitalized":
                self.owed += accrued
                return -accrued, accrued
            if agreed.waited == "paid":
                return 0, accrued
            if agreed.waited != "forgiven":
                self.put_off[row] = accrued
            return 0, 0
        if row == agreed.waits or out_here or (changes and self.shape is not None):
            self.free = False
            self.solve(row, interest, capped=changes)
        return self.paid(row, accrued, interest)

    def agreed_at_the_start(self) -> int | None:
        """The payment before any rate has changed."""
        assert self.shape is not None
        known = self.time.known_at(self.time.bounds[0])
        terms = self.terms._replace(lent=self.owed, factors=[known.factor(row) for row in range(self.count)])
        return self.terms.installment(solved(terms, self.shape))

    def row_holds(self, row: int, day: date) -> bool:
        return self.time.bounds[row] <= day < self.time.bounds[row + 1]

    def solve(self, row: int, interest: Fraction, *, capped: bool) -> None:
        """What the row and all later ones ask for, as if the rates that are known by the row's end lasted."""
        left = self.count - row
        if self.shape is None:
            rest = self.terms._replace(lent=self.owed, factors=[Fraction(0)] * left)
            equal = split(rest, self.owed) if self.method == "equal_principal" else [0] * (left - 1) + [self.owed]
            self.parts = [0] * row + equal
            return
        known = self.time.known_at(self.time.bounds[row + 1] - timedelta(1))
        factors = [interest / self.owed, *(known.factor(later) for later in range(row + 1, self.count))]
        shape = self.shape._replace(weights=self.shape.weights[row:], beside=self.shape.beside[row:])
        if not any(shape.weights):
            raise NotCovered
        ahead = self.terms._replace(lent=self.owed, factors=factors)
        asked = shape.payments(solved(ahead, shape), self.terms.installment)
        refuse_negative(asked)
        if self.is_level:
            most = None if self.level is None or self.agreed.cap is None else self.most(self.level)
            if capped and most is not None and (asked[0] or 0) > most:
                asked = [most] * left
            self.level = asked[0]
        self.asked = [None] * row + asked

    @property
    def is_level(self) -> bool:
        return self.method in ("annuity", "balloon")

    def most(self, before: int) -> int:
        assert self.agreed.cap is not None
        return self.terms.installment(before * (1 + self.agreed.cap))

    def paid(self, row: int, accrued: int, interest: Fraction) -> Row:
        """What the payment of a row leaves of it after interest; the last one clears."""
        if self.shape is None:
            part = self.parts[row]
        elif row == self.count - 1:
            part = self.owed
        else:
            payment = self.asked[row]
            part = 0 if payment is None else min(self.owed, payment - accrued)
        if part < 0:
            limit = None if self.free else self.agreed.limit
            if limit is None:
                raise NotCovered
            if self.owed - part > limit:
                self.free, self.level = True, None
                self.solve(row, interest, capped=False)
                return self.paid(row, accrued, interest)
        self.owed -= part
        return part, accrued
