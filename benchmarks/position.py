"""Where an account stands, against a fold written by hand for its one contract (see `fold`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from statistics import median
from typing import Any

import fold
from measure import Case, compare, print_table, sample, show_time

from loancalc import Account, LateInterest, LateTerms, Loan, Payment, Position

START, COUNT = date(2023, 1, 15), 36
LATE = LateTerms(interest=LateInterest(rate="1.5x", day_count="ACT/360", compound="interest"))
COMPONENTS = ("compound_interest", "late_interest", "interest", "principal")
Money = tuple[date, int]

# What the borrower did with each installment: days late (negative: early) and the share paid then; what is short
# comes with a later payment. 23 in full on time, 3 early, 5 late, 4 in 9 parts, the last one not paid: 40 payments.
HABITS: dict[int, list[tuple[int, str]]] = {
    4: [(-3, "1")], 7: [(9, "1")], 11: [(-2, "1")], 13: [(0, "0.6"), (12, "0.5")], 16: [(21, "1.02")], 19: [(-1, "1")],
    22: [(5, "0.5"), (17, "0.3"), (26, "0.3")], 25: [(40, "1.03")], 26: [(12, "1")], 29: [(0, "0.9"), (8, "0.1")],
    33: [(3, "1")], 35: [(0, "0.4"), (14, "0.3")], 36: [],
}  # fmt: skip


def make() -> Loan:
    return Loan(principal=36_000, rate="12%", start=START, installments=COUNT, late=LATE, currency="CNY")


def typical(loan: Loan) -> list[Money]:
    """40 payments on 36 installments, mostly on time, some early, late or short."""
    payments = []
    for row in loan.schedule():
        for days, share in HABITS.get(row.number, [(0, "1")]):
            assert row.due is not None
            payments.append((row.due + timedelta(days), int(row.total * 100 * Decimal(share))))
    return sorted(payments)


def in_parts(loan: Loan, each: int, shift: int) -> list[Money]:
    """Every installment in `each` payments over 30 days, from `shift` days after its due date (negative: before)."""
    payments = []
    for row in loan.schedule():
        assert row.due is not None
        share = int(row.total * 100) // each
        payments += [(row.due + timedelta(shift + 30 * n // each), share) for n in range(each)]
    return sorted(payments)


def cents(loan: Loan, count: int) -> list[Money]:
    """A payment of one unit of the currency, `count` times: all installments pile up in arrears."""
    days = (loan.dates[-1] - loan.start).days
    return [(loan.start + timedelta(1 + (days - 1) * n // count), 100) for n in range(count)]


def events(money: list[Money]) -> list[Payment]:
    return [Payment(on, Decimal(amount) / 100) for on, amount in money]


def look(position: Position) -> object:
    """What one wants to know first."""
    return position.days_past_due, position.past_due.total, position.outstanding_principal


def check(loan: Loan, money: list[Money], day: date) -> Callable[[Any], object]:
    """The floor as something to time, once it has been seen to give the same position."""
    columns = loan.schedule().columns
    plan = list(zip(loan.dates[1:], columns.principal, columns.interest, strict=True))
    theirs = fold.position(loan.principal_minor, plan, money, day)
    ours = Account(loan, events(money)).as_of(day)
    parts = tuple(int(ours.past_due[name] * 100) for name in COMPONENTS)
    figures = ours.days_past_due, parts, int(ours.outstanding_principal * 100), int(ours.credit * 100)
    assert figures == tuple(theirs), f"ours {figures}, the floor {theirs}"
    return lambda _: fold.position(loan.principal_minor, plan, money, day)


def _fresh(loan: Loan, paid: list[Payment], day: date, _: object) -> object:
    return look(Account(loan, paid).as_of(day))


def _asked_before(loan: Loan, paid: list[Payment], day: date) -> Account:
    account = Account(loan, paid)
    account.as_of(day)
    return account


def run(rounds: int) -> None:
    loan = make()
    loan.schedule()
    _against_the_floor(loan, rounds)
    _by_events(loan, min(rounds, 7))


def _against_the_floor(loan: Loan, rounds: int) -> None:
    money, day = typical(loan), loan.dates[-1] + timedelta(20)
    paid = events(money)
    assert len(paid) == 40
    compare(
        "position: 36 installments, 40 payments, the last installments past due",
        [
            Case("floor: integer fold written for this contract", check(loan, money, day)),
            Case("Account made, position, three figures", partial(_fresh, loan, paid, day), target=4.0),
            Case(
                "position alone, Account made", lambda account: look(account.as_of(day)), partial(Account, loan, paid)
            ),
            Case(
                "position a day later, the same Account",
                lambda account: look(account.as_of(day + timedelta(1))),
                partial(_asked_before, loan, paid, day),
            ),
            Case("Payments and Account made, position", lambda _: look(Account(loan, events(money)).as_of(day))),
            Case("Loan, plan, Payments, Account, position", lambda _: look(Account(make(), events(money)).as_of(day))),
        ],
        rounds,
    )


def _by_events(loan: Loan, rounds: int) -> None:
    shapes: dict[str, Callable[[int], list[Money]]] = {
        "in small parts after each due date": lambda count: in_parts(loan, count // COUNT, 1),
        "in small parts before each due date, held": lambda count: in_parts(loan, count // COUNT, -30),
        "1.00 each, all installments in arrears": lambda count: cents(loan, count),
    }
    day = loan.dates[-1]
    for title, shape in shapes.items():
        cells = [["events", "position", "per event", "floor", "per event", "ratio"]]
        for count in (36, 108, 360, 1080, 3600):
            money = shape(count)
            paid, theirs = events(money), Case("floor", check(loan, money, day))
            ours = Case("ours", partial(_fresh, loan, paid, day))
            calls = max(1, 360 // count)
            times = [(sample(ours, calls), sample(theirs, calls)) for _ in range(rounds)]
            mine, floor = median(pair[0] for pair in times), median(pair[1] for pair in times)
            cells.append(
                [
                    str(count),
                    show_time(mine),
                    show_time(mine / count),
                    show_time(floor),
                    show_time(floor / count),
                    f"{median(own / other for own, other in times):.2f}",
                ]
            )
        print_table(f"position: time per payment on 36 installments, {title}", cells)
