"""A monthly statement run: a thousand typical accounts end to end, from the terms to the status line."""

from __future__ import annotations

import gc
import random
import tracemalloc
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median, quantiles
from time import process_time
from typing import Any

from measure import print_table, show_time

from loancalc import Account, LateInterest, LateTerms, Loan, Payment, Penalty, credit

ACCOUNTS, AS_OF = 1000, date(2026, 6, 30)
STEPS = ("Loan and plan", "Payments and Account", "position", "status line")


@dataclass(frozen=True)
class Typical:
    """What a servicing system would hand over: terms as they are written, payments as text; and the payer's habit."""

    terms: dict[str, Any]
    payments: list[tuple[date, str]]
    habit: str


def typical(chance: random.Random) -> Typical:
    """One account: 70 % pay on time, 20 % sometimes late or short, 10 % stopped paying some months ago."""
    count = chance.choice((6, 12, 12, 12, 24, 24, 36, 36, 60))
    age = chance.randrange(1, count + 3)
    start = AS_OF.replace(day=1) - timedelta(days=30 * age - chance.randrange(28))
    late = LateTerms(
        interest=LateInterest(rate="1.5x", day_count="ACT/360", compound="interest"),
        penalties=[Penalty("20")] if chance.random() < 0.3 else (),
    )
    terms: dict[str, Any] = {
        "principal": 1000 * chance.randrange(3, 200),
        "rate": f"{chance.randrange(36, 240) / 10}%",
        "start": start,
        "installments": count,
        "method": chance.choices(("annuity", "equal_principal", "flat", "interest_only"), (6, 2, 1, 1))[0],
        "accrual": "scheduled",
        "currency": "CNY",
        "late": late,
    }
    if terms["method"] == "annuity" and chance.random() < 0.2:
        terms["accrual"] = "daily"
    habit = chance.choices(("on time", "sometimes late", "stopped"), (7, 2, 1))[0]
    stops = AS_OF - timedelta(30 * chance.randrange(1, 7)) if habit == "stopped" else AS_OF
    payments = []
    for row in Loan(**terms).schedule():
        assert row.due is not None
        if habit == "sometimes late" and chance.random() < 0.3:
            parts = [(chance.randrange(1, 20), Decimal("0.7")), (chance.randrange(20, 35), Decimal("0.32"))]
        else:
            parts = [(chance.choice((0, 0, 0, -1, -2)), Decimal(1))]
        payments += [
            (on, str(round(row.total * share, 2)))
            for days, share in parts
            if start <= (on := row.due + timedelta(days)) <= stops and row.total * share >= 1
        ]
    return Typical(terms, payments, habit)


def statement(given: Typical) -> list[float]:
    """Seconds for each step of one account."""
    marks = [process_time()]
    loan = Loan(**given.terms)
    loan.schedule()
    marks.append(process_time())
    account = Account(loan, [Payment(on, amount) for on, amount in given.payments])
    marks.append(process_time())
    position = account.as_of(AS_OF)
    _ = position.days_past_due, position.past_due.total, position.payoff, position.next_due
    marks.append(process_time())
    _ = credit.report(account, AS_OF, framework="cn-credit-report-2").status_line
    marks.append(process_time())
    return [after - before for before, after in pairwise(marks)]


def status_first(given: Typical) -> None:
    """The same statement, the status line asked for before the position: one replay, which goes on from the report."""
    account = Account(Loan(**given.terms), [Payment(on, amount) for on, amount in given.payments])
    _ = credit.report(account, AS_OF, framework="cn-credit-report-2").status_line
    position = account.as_of(AS_OF)
    _ = position.days_past_due, position.past_due.total, position.payoff, position.next_due


def run(rounds: int) -> None:
    chance = random.Random(2026)
    accounts = [typical(chance) for _ in range(ACCOUNTS)]
    statement(accounts[0])
    runs, others = [], []
    for _ in range(min(rounds, 5)):
        gc.collect()
        begin = process_time()
        steps = [statement(given) for given in accounts]
        runs.append((process_time() - begin, steps))
        gc.collect()
        begin = process_time()
        for given in accounts:
            status_first(given)
        others.append(process_time() - begin)
    whole, steps = sorted(runs, key=lambda run: run[0])[len(runs) // 2]
    print_table(
        f"accounts: {ACCOUNTS} end to end on one core (aim: 1000 a second), {ACCOUNTS / whole:.0f} a second; "
        f"{ACCOUNTS / median(others):.0f} with the status line asked for before the position",
        [["step", "median", "mean", "90 %", "99 %", "most"]]
        + [_spread(name, [step[index] for step in steps]) for index, name in enumerate(STEPS)]
        + [_spread("all steps", [sum(step) for step in steps])]
        + [
            _spread(
                f"  {habit}", [sum(step) for step, given in zip(steps, accounts, strict=True) if given.habit == habit]
            )
            for habit in ("on time", "sometimes late", "stopped")
        ]
        + [
            _spread(
                f"  {low} to {high} payments",
                [sum(step) for step, given in zip(steps, accounts, strict=True) if low <= len(given.payments) <= high],
            )
            for low, high in ((0, 9), (10, 19), (20, 70))
        ],
    )

    _memory(accounts[:100])


def _memory(given: list[Typical]) -> None:
    """What an account keeps beside its Loan and Payments when it is made, once it was asked, and once a report was made of it."""
    loans = [Loan(**one.terms) for one in given]
    payments = [[Payment(on, amount) for on, amount in one.payments] for one in given]
    gc.collect()
    tracemalloc.start()
    sizes = [0]

    def weigh() -> None:
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0] // len(given))

    accounts = [Account(loan, paid) for loan, paid in zip(loans, payments, strict=True)]
    weigh()
    for account in accounts:
        account.as_of(AS_OF)
    weigh()
    for account in accounts:
        credit.report(account, AS_OF)
    weigh()
    tracemalloc.stop()
    rows = zip(("Account made", "asked for a position", "and for a credit report"), sizes[1:], strict=True)
    print_table(
        f"accounts: bytes kept by an account, mean of {len(given)}", [["", "bytes"], *([n, f"{s}"] for n, s in rows)]
    )


def _spread(name: str, times: list[float]) -> list[str]:
    cut = quantiles(times, n=100)
    shown = median(times), sum(times) / len(times), cut[89], cut[98], max(times)
    return [name, *map(show_time, shown)]
