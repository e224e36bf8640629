"""Caps on charges while an account is replayed: the limits as the nights go by, and what exceeds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from loancalc.plan.charge_caps import CUT_ORDER, Cap
from loancalc.plan.loan import Loan
from loancalc.servicing.overdue import COMPOUND, FEE, INTEREST, LATE
from loancalc.servicing.owed import Owed
from loancalc.values.money import to_minor
from loancalc.values.names import COMPONENTS

Gross = Callable[[Owed, int], int]
"""All that was ever accrued or charged of a component of an installment, in minor units."""

_CUT_ORDER = [COMPONENTS.index(name) for name in CUT_ORDER]


class Cut(NamedTuple):
    """An amount that a cap took off a component of an installment."""

    meter: CapMeter
    item: Owed
    component: int
    amount: int


class _Growth:
    """What was newly accrued or charged of a component of an installment, as far as it was not cut."""

    __slots__ = ("amount", "component", "item")

    def __init__(self, item: Owed, component: int, amount: int) -> None:
        self.item = item
        self.component = component
        self.amount = amount


class CapMeter:
    """One limit as it grows: base x rate x share summed exactly over the nights, rounded down; or a fixed amount."""

    def __init__(self, cap: Cap, loan: Loan) -> None:
        self.cap = cap
        self.covers = [COMPONENTS.index(name) for name in cap.covers]
        self.past_due_only = cap.base == "past-due-principal"
        self.charged = 0
        self._fixed: int | None = None
        if cap.amount is not None:
            self._fixed = to_minor(cap.amount, loan.digits, "late.caps.amount")
        elif cap.share is not None:
            self._fixed = int(loan.principal_minor * cap.share)
        self._rate = cap.rate_on(loan.start) if self._fixed is None else None
        self._sum = Fraction(0)
        self._base = 0
        self._start = loan.start

    def rebase(self, on: date, base: int) -> None:
        """From the night of `on`, the limit grows on `base`."""
        if self._rate is not None and base != self._base:
            self._sum = self._exact(on)
            self._base, self._start = base, on

    def limit(self, on: date) -> int:
        """What the covered components may come to by `on`, in minor units."""
        if self._fixed is not None:
            return self._fixed
        exact = self._exact(on)
        return exact.numerator // exact.denominator

    def _exact(self, on: date) -> Fraction:
        if self._rate is None or self._base == 0 or on <= self._start:
            return self._sum
        nights = (on - self._start).days
        share = (nights, 1) if self._rate.per == "day" else self.cap.day_count.ratio(self._start, on)
        numerator, denominator = self._rate.factor(share, nights)
        return self._sum + Fraction(self._base * numerator, denominator)


class CapBook:
    """All caps of a loan. On every day the components that each covers may not exceed its limit, whatever the others cut.

    What exceeds is cut, the latest item first; the caps that cover the fewest components cut first, so that the order in
    which they are listed has no say. What a recovering cap cut comes back, the earliest first, as all limits allow.
    """

    def __init__(self, caps: Sequence[Cap], loan: Loan) -> None:
        ordered = sorted(caps, key=lambda cap: (len(cap.covers), cap.covers, repr(cap)))
        self.meters = [CapMeter(cap, loan) for cap in ordered]
        covered = {component for meter in self.meters for component in meter.covers}
        self.covers = [component for component in _CUT_ORDER if component in covered]
        self.covers_agreed = bool(covered & {FEE, INTEREST})
        self.recovers = any(cap.recover for cap in caps)
        accrues, comes_back = covered & {LATE, COMPOUND, INTEREST}, FEE in covered and self.recovers
        self.looks_daily = bool(accrues or comes_back)
        self.cuts: list[Cut] = []
        self.touched: list[Owed] = []
        self._of = {c: [meter for meter in self.meters if c in meter.covers] for c in self.covers}
        self._seen: dict[tuple[int, int], int] = {}

    def rebase(self, on: date, outstanding_principal: int, past_due_principal: int) -> None:
        """From the night of `on`, the limits grow on what is outstanding, or past due, now."""
        for meter in self.meters:
            meter.rebase(on, past_due_principal if meter.past_due_only else outstanding_principal)

    def check(self, items: Sequence[Owed], gross: Gross, on: date) -> bool:
        """Cut what exceeds a limit on a day, or give back what they allow again; whether anything was cut. `touched` are the
        installments of which either was done.
        """
        self.touched = []
        growth = self._growth(items, gross, on)
        before = len(self.cuts)
        for meter in self.meters:
            excess = meter.charged - meter.limit(on)
            if excess > 0:
                self._cut(meter, growth, excess, on)
        was_cut = len(self.cuts) > before
        if self.recovers and self.cuts:
            self._give_back(on)
        return was_cut

    def room(self, items: Sequence[Owed], gross: Gross, component: int, on: date) -> int:
        """What may still be charged of a component on a day, in minor units."""
        grown = {
            other: sum(gross(item, other) - self._seen.get((item.number, other), 0) for item in items)
            for other in self.covers
        }
        return max(0, min(
            meter.limit(on) - meter.charged - sum(grown[other] for other in meter.covers) for meter in self._of[component]
        ))  # fmt: skip

    def know(self, item: Owed, component: int, amount: int) -> None:
        """Something was charged to an installment that was counted before it was moved there."""
        self._seen[item.number, component] = self._seen.get((item.number, component), 0) + amount

    def merge(self, other: Owed, item: Owed) -> None:
        """An installment became part of another, with all that was accrued, charged and cut of it."""
        for component in self.covers:
            self.know(item, component, self._seen.pop((other.number, component), 0))
        self.cuts = [cut._replace(item=item) if cut.item is other else cut for cut in self.cuts]

    def _growth(self, items: Sequence[Owed], gross: Gross, on: date) -> list[_Growth]:
        growth: list[_Growth] = []
        for component in self.covers:
            for item in reversed(items):
                now = gross(item, component)
                grown = now - self._seen.get((item.number, component), 0)
                if grown < 0:
                    self._take_along(item, component, -grown, on)
                if grown:
                    self._seen[item.number, component] = now
                    growth.append(_Growth(item, component, grown))
        for one in growth:
            for meter in self._of[one.component]:
                meter.charged += one.amount
        return growth

    def _take_along(self, item: Owed, component: int, put_off: int, on: date) -> None:
        """What an item accrued and does not ask for is asked for by a later one: what was cut of it is cut there."""
        for place in reversed(range(len(self.cuts))):
            cut = self.cuts[place]
            if cut.item is item and cut.component == component and put_off:
                back = min(cut.amount, put_off)
                put_off -= back
                self._move(item, component, -back, on)
                self.cuts[place : place + 1] = [cut._replace(amount=cut.amount - back)] if back < cut.amount else []

    def _cut(self, meter: CapMeter, growth: list[_Growth], excess: int, on: date) -> None:
        taken: list[Cut] = []
        for grown in growth:
            amount = min(grown.amount, excess) if grown.component in meter.covers else 0
            if amount > 0:
                grown.amount -= amount
                excess -= amount
                self._move(grown.item, grown.component, amount, on)
                taken.append(Cut(meter, grown.item, grown.component, amount))
        self.cuts.extend(reversed(taken))

    def _give_back(self, on: date) -> None:
        """What recovering caps cut comes back, the earliest first, as far as every cap on it has room."""
        rooms, place = self._rooms(on), 0
        while rooms and place < len(self.cuts):
            cut = self.cuts[place]
            back = min(rooms.get(cut.component, 0), cut.amount) if cut.meter.cap.recover else 0
            if back:
                self._move(cut.item, cut.component, -back, on)
                rooms = self._rooms(on)
                self.cuts[place] = cut._replace(amount=cut.amount - back)
            place += 1
        if place:
            self.cuts = [cut for cut in self.cuts if cut.amount]

    def _rooms(self, on: date) -> dict[int, int]:
        """What every cap on a component still allows of it, where that is anything."""
        left = {id(meter): meter.limit(on) - meter.charged for meter in self.meters}
        rooms = {component: min(left[id(meter)] for meter in over) for component, over in self._of.items()}
        return {component: room for component, room in rooms.items() if room > 0}

    def _move(self, item: Owed, component: int, amount: int, on: date) -> None:
        item.cut_off(component, amount, on)
        if item not in self.touched:
            self.touched.append(item)
        for meter in self._of[component]:
            meter.charged -= amount
