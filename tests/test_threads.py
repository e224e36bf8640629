"""Values are shared between threads: whoever asks first, and however many at once, all get the same figures."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings

import loancalc as lc
from loancalc.calendars import find_calendar
from loancalc.testing import accounts

THREADS = 6


@pytest.fixture(autouse=True, scope="module")
def switching_all_the_time() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(asked: list[Callable[[], Any]]) -> list[Any]:
    """The answers to questions that threads ask at the same moment."""
    start = Barrier(len(asked))

    def ask(question: Callable[[], Any]) -> Any:
        start.wait()
        return question()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


def questions(account: lc.Account, day: date) -> list[tuple[str, Callable[[], Any]]]:
    """What can be asked of an account and of its loan, each of which may be the first to need what the others share."""
    later = [day + timedelta(number) for number in range(0, 90, 7)]
    return [
        ("position", lambda: [str(position) for position in account.on_days(later)]),
        ("backwards", lambda: [account.as_of(day).figures for day in later[::-1]]),
        ("explained", lambda: account.as_of(day).explain()),
        ("payoffs", lambda: account.payoffs(day, 9)),
        ("receipts", lambda: [str(receipt) for receipt in account.receipts]),
        ("plan", lambda: str(account.loan.schedule())),
        ("row", lambda: account.loan.schedule().explain(1)),
        ("assumptions", lambda: account.loan.assumptions),
        ("disbursement", lambda: str(account.loan.disbursement)),
        ("without", lambda: [account.with_payment(day, 1).as_of(day).payoff, account.loan.dates]),
        ("pickled", lambda: pickle.loads(pickle.dumps(account)).as_of(day).figures),
        ("pickled plan", lambda: str(pickle.loads(pickle.dumps(account.loan)).schedule())),
    ]


@settings(max_examples=15)
@given(accounts(most_installments=8))
def test_threads_that_ask_a_fresh_account_at_once_get_what_one_alone_gets(account: lc.Account) -> None:
    fresh = pickle.dumps((account.loan, account.events))
    day = account.loan.dates[len(account.loan.dates) // 2]
    loan, events = pickle.loads(fresh)
    alone = {name: ask() for name, ask in questions(lc.Account(loan, events), day)}
    loan, events = pickle.loads(fresh)
    shared = questions(lc.Account(loan, events), day) * 2
    answers = at_once([ask for _, ask in shared])
    for (name, _), answer in zip(shared, answers, strict=True):
        assert answer == alone[name], name


def test_threads_that_pickle_and_ask_at_once_get_whole_values() -> None:
    for number in range(40):
        loan = lc.Loan(12_000 + number, "12%", "2026-01-15", installments=60, day_count="ACT/ACT ISDA")
        account = lc.Account(loan, [lc.Payment("2026-03-01", 500)])
        position = account.as_of("2026-06-01")
        asked: list[Callable[[], Any]] = [
            lambda loan=loan: pickle.loads(pickle.dumps(loan)) == loan,
            lambda account=account: pickle.loads(pickle.dumps(account)) == account,
            lambda position=position: pickle.loads(pickle.dumps(position)) == position,
            lambda loan=loan: bool(loan.schedule().explain() and loan.assumptions and loan.disbursement.lines == ()),
            lambda account=account: all(account.as_of(f"2026-07-{day:02}") for day in range(1, 28)),
            lambda position=position: bool(position.past_due and position.installments and position.lines == ()),
        ]
        assert all(at_once(asked * 2))


@pytest.mark.parametrize("name", ["CN", "TARGET", "US"])
def test_threads_that_read_a_calendar_at_once_find_the_same_business_days(name: str) -> None:
    days = [date(2026, 1, 1) + timedelta(number) for number in range(300)]
    alone = [find_calendar(name).is_business_day(day) for day in days]
    answers = at_once([lambda: [find_calendar(name).is_business_day(day) for day in days]] * THREADS)
    assert answers == [alone] * THREADS
