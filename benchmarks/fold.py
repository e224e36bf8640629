"""The floor of `position`: the fold that one would write by hand for one contract, in whole cents, and for no other.

Scheduled interest; late interest at 18 % a year (1.5 times 12 %), ACT/360, on past-due principal; compound interest at
the same rate on past-due interest; a payment settles compound interest, late interest, interest, principal, each over
all installments, oldest first; what accrues on an unchanged base is exact and rounded once, half up; money that comes
early waits for the next due date. It leaves out whatever this contract and these events do not need: fees, penalties,
costs, grace, caps, waivers, reversals, payoffs, other conventions and orders; it records nothing (no receipts, no
accrual lines, no states of the installments), checks nothing, and takes amounts in cents and events in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

RATE, WHOLE = 18, 100 * 360

PlanRow = tuple[date, int, int]
"""Due date, principal, interest."""


class Standing(NamedTuple):
    days_past_due: int
    past_due: tuple[int, int, int, int]
    """Compound interest, late interest, interest, principal."""
    outstanding: int
    credit: int


class Debt:
    """One installment that is due, and since when late and compound interest run on what is unpaid of it."""

    __slots__ = ("compound", "compound_since", "due", "interest", "late", "late_since", "principal")

    def __init__(self, due: date, principal: int, interest: int) -> None:
        self.due = self.late_since = self.compound_since = due
        self.principal = principal
        self.interest = interest
        self.late = self.compound = 0


def accrued(base: int, since: date, day: date) -> int:
    return (2 * base * RATE * (day - since).days + WHOLE) // (2 * WHOLE)


def settle(debts: list[Debt], amount: int, day: date) -> int:
    """Walk the order of allocation over what is due; returns what is left."""
    for debt in debts:
        grown = accrued(debt.interest, debt.compound_since, day) if debt.interest else 0
        claim = debt.compound + grown
        if claim:
            taken = min(claim, amount)
            if taken > debt.compound:
                debt.compound, debt.compound_since = claim, day
            debt.compound -= taken
            amount -= taken
            if not amount:
                return 0
    for debt in debts:
        grown = accrued(debt.principal, debt.late_since, day) if debt.principal else 0
        claim = debt.late + grown
        if claim:
            taken = min(claim, amount)
            if taken > debt.late:
                debt.late, debt.late_since = claim, day
            debt.late -= taken
            amount -= taken
            if not amount:
                return 0
    for debt in debts:
        if debt.interest:
            debt.compound += accrued(debt.interest, debt.compound_since, day)
            debt.compound_since = day
            taken = min(debt.interest, amount)
            debt.interest -= taken
            amount -= taken
            if not amount:
                return 0
    for debt in debts:
        if debt.principal:
            debt.late += accrued(debt.principal, debt.late_since, day)
            debt.late_since = day
            taken = min(debt.principal, amount)
            debt.principal -= taken
            amount -= taken
            if not amount:
                return 0
    return amount


def position(lent: int, plan: Sequence[PlanRow], payments: Iterable[tuple[date, int]], as_of: date) -> Standing:
    """Where the loan stands at the end of a day."""
    debts: list[Debt] = []
    credit = number = 0
    undue, count = lent, len(plan)
    for day, amount in [*payments, (as_of, 0)]:
        if day > as_of:
            day, amount = as_of, 0
        while number < count and plan[number][0] <= day:
            due, principal, interest = plan[number]
            number += 1
            undue -= principal
            debts.append(Debt(due, principal, interest))
            if credit:
                credit = settle(debts, credit, due)
                debts = [d for d in debts if d.principal or d.interest or d.late or d.compound]
        if amount:
            if debts:
                amount = settle(debts, amount, day)
                debts = [d for d in debts if d.principal or d.interest or d.late or d.compound]
            credit += amount
    late = [debt for debt in debts if debt.due < as_of]
    oldest = next((debt.due for debt in debts if debt.principal or debt.interest), as_of)
    return Standing(
        (as_of - oldest).days,
        (
            sum(debt.compound + accrued(debt.interest, debt.compound_since, as_of) for debt in late),
            sum(debt.late + accrued(debt.principal, debt.late_since, as_of) for debt in late),
            sum(debt.interest for debt in late),
            sum(debt.principal for debt in late),
        ),
        undue + sum(debt.principal for debt in debts),
        credit,
    )
