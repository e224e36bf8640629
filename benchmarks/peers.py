"""One 360-row schedule, ours dated and exact, beside the packages that have schedules; and 10 000 loans of 36 months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from time import process_time
from typing import Any

import schedule
from measure import Case, compare, print_table, show_time

from loancalc import Loan

PRINCIPAL, START, COUNT = 300_000, date(2026, 1, 15), 360
LOANS, MONTHS = 10_000, 36

Made = Callable[[Any], object]


def ours(start: date) -> object:
    """The loan made and validated, and its columns and dates."""
    plan = Loan(principal=PRINCIPAL, rate="4.5%", start=start, installments=COUNT).schedule()
    return plan.columns, plan.dates


def our_rows(start: date) -> object:
    """All of that, and every row as an object with decimals."""
    return Loan(principal=PRINCIPAL, rate="4.5%", start=start, installments=COUNT).schedule().rows


def amortization() -> Made:
    make = import_module("amortization.schedule").amortization_schedule
    return lambda _: list(make(PRINCIPAL, 0.045, COUNT))


def mortgagemath() -> Made:
    package = import_module("mortgagemath")
    return lambda _: package.amortization_schedule(package.us_30_year_fixed(str(PRINCIPAL), "4.5"))


def repaykit() -> Made:
    package = import_module("repaykit")
    terms = {
        "term": f"{COUNT} months",
        "payment_frequency": "monthly",
        "method": "reducing_balance",
        "start_date": START,
    }
    amounts = {"amount": Decimal(PRINCIPAL), "annual_rate": Decimal("0.045")}
    return lambda _: list(package.Loan.create(**amounts, **terms).schedule())


def pyloan() -> Made:
    package = import_module("pyloan")
    terms = {"loan_amount": PRINCIPAL, "interest_rate": 4.5, "loan_term": 30, "start_date": START.isoformat()}
    return lambda _: package.Loan(**terms).get_payment_schedule()


def money_warp() -> Made:
    package = import_module("money_warp")
    first = datetime(2026, 2, 15, tzinfo=UTC)

    def make(_: object) -> object:
        due = [on.date() for on in package.generate_monthly_dates(first, COUNT)]
        loan = package.Loan(
            package.Money(str(PRINCIPAL)),
            package.InterestRate("4.5% a"),
            due,
            disbursement_date=datetime(2026, 1, 15, tzinfo=UTC),
        )
        return list(loan.get_amortization_schedule())

    return make


PEERS: dict[str, tuple[Callable[[], Made], float | None]] = {
    "amortization (floats, no dates)": (amortization, 2.5),
    "mortgagemath (no dates)": (mortgagemath, 6),
    "repaykit": (repaykit, None),
    "pyloan": (pyloan, None),
    "money-warp": (money_warp, 100),
}
"""How to make one, and how many times as long as ours it should take at least."""


def run(rounds: int) -> None:
    days = schedule.begins(START)
    cases = [
        Case("ours: Loan made, validated, columns and dates", ours, days.__next__),
        Case("ours: all rows", our_rows, days.__next__),
    ]
    aims, missing = [], []
    for name, (prepare, least) in PEERS.items():
        try:
            cases.append(Case(name, prepare()))
            aims += [f"{name.partition(' ')[0]} {least}"] if least else []
        except ImportError:
            missing.append(name)
    note = f"; not installed: {', '.join(missing)}" if missing else ""
    compare(f"peers: 360 monthly rows (aims, ratio at least: {', '.join(aims)}{note})", cases, min(rounds, 11))
    _many(min(rounds, 5))


def _many(rounds: int) -> None:
    """10 000 loans of 36 months: ours made from terms and validated each, the floor from four numbers.

    Loans that begin on one day at one rate share their time; where they begin on 731 days, none finds that of another.
    """
    principals = [1000 * (number % 200 + 1) for number in range(LOANS)]
    together, apart = [START] * LOANS, [START + timedelta(7 * number % 731) for number in range(LOANS)]
    tasks = {
        "floor: float and round(), tuples": (_floor, together, ""),
        "ours: Loan made, validated, columns and dates": (_loan, together, "0.90"),
        "ours: the same, each from a day of its own": (_loan, apart, ""),
        "ours: all rows": (_rows, together, ""),
    }
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, (one, starts, _target) in tasks.items():
            begin = process_time()
            for principal, start in zip(principals, starts, strict=True):
                one(principal, start)
            times[name].append(process_time() - begin)
    middles = {name: sorted(own)[rounds // 2] for name, own in times.items()}
    floor = next(iter(middles.values()))
    rows = [
        [name, show_time(middles[name]), f"{middles[name] / floor:.2f}", target]
        for name, (_one, _starts, target) in tasks.items()
    ]
    print_table(f"peers: {LOANS} loans of {MONTHS} months in one process", [["", "median", "ratio", "target"], *rows])


def _floor(principal: int, start: date) -> object:
    return schedule.floor(principal, 0.12, start, MONTHS)


def _loan(principal: int, start: date) -> object:
    plan = Loan(principal=principal, rate="12%", start=start, installments=MONTHS).schedule()
    return plan.columns, plan.dates


def _rows(principal: int, start: date) -> object:
    return Loan(principal=principal, rate="12%", start=start, installments=MONTHS).schedule().rows
