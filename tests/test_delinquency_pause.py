"""A pause of the delinquency count: nights that bureaus and classifications leave out, while the debt goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.testing import accounts

# The second of twelve installments, due on 15 March 2026, is not paid; the count rests from 1 April up to 1 May.
PAUSE = lc.DelinquencyPause("2026-04-01", "2026-05-01", id="rest")


def missed(*events: lc.Event, grace: lc.Grace | None = None) -> lc.Account:
    late = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"), grace=grace)
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=late)
    return lc.Account(loan, [lc.Payment("2026-02-15", "1066.19"), *events])


# 31 March is 16 days after 15 March. 10 April is 26 days after it, of which 9 nights are in the pause: 17. On 1 May all 30 of
# them are: 47 - 30 = 17, and from then on it counts again.
DAYS = [
    ("2026-03-31", 16, 16),
    ("2026-04-01", 17, 17),
    ("2026-04-10", 26, 17),
    ("2026-05-01", 47, 17),
    ("2026-05-02", 48, 18),
]


@pytest.mark.parametrize(("day", "past_due", "delinquent"), DAYS)
def test_nights_of_the_pause_are_not_counted(day: str, past_due: int, delinquent: int) -> None:
    position = missed(PAUSE).as_of(day)
    assert (position.days_past_due, position.delinquent_days) == (past_due, delinquent)


def test_a_grace_is_not_used_up_by_nights_of_the_pause() -> None:
    early = lc.DelinquencyPause("2026-03-16", "2026-03-26")
    kinds = {"from-due-date": [0, 0, 6], "after-grace": [0, 0, 1]}
    for counted, expected in kinds.items():
        account = missed(early, grace=lc.Grace(5, "status-only", counted=counted))
        # 15 March + 5 days of grace + 10 of the pause: 30 March; 16 days past due on the 31st, 6 of them counted
        assert [account.as_of(day).delinquent_days for day in ("2026-03-26", "2026-03-30", "2026-03-31")] == expected


def test_nights_of_two_pauses_are_left_out_once() -> None:
    second = lc.DelinquencyPause("2026-04-20", "2026-05-11")
    assert missed(PAUSE, second).as_of("2026-05-15").delinquent_days == 61 - 40


def test_a_pause_before_an_installment_is_past_due_counts_from_there() -> None:
    # April's installment, due on the 15th, is the oldest when March is paid: 30 days on 15 May, 16 of them in the pause
    account = missed(PAUSE, lc.Payment("2026-04-20", "1066.19", only=["interest", "principal"], installment=2))
    position = account.as_of("2026-05-15")
    assert position.oldest_unpaid_due == date(2026, 4, 15)
    assert (position.days_past_due, position.delinquent_days) == (30, 14)


def test_what_was_known_before_the_pause_stays_known_and_a_reversal_takes_it_back() -> None:
    booked = missed(lc.DelinquencyPause("2026-04-01", "2026-05-01", booked="2026-04-20", id="rest"))
    assert booked.as_of("2026-04-20").delinquent_days == 17
    assert booked.known_on("2026-04-19").as_of("2026-04-20").delinquent_days == 36
    sooner = booked.with_events(
        lc.Reversal("rest", booked="2026-04-21"), lc.DelinquencyPause("2026-04-01", "2026-04-11", booked="2026-04-21")
    )
    assert sooner.as_of("2026-05-01").delinquent_days == 47 - 10


def test_the_status_line_rests_with_the_count() -> None:
    # at the month ends 0, 16, 46 and 77 days past due; with the pause 0, 16, 17 - 1 and 47 are counted
    plain, paused = (
        lc.credit.report(account, "2026-05-31", framework="cn-credit-report-2") for account in (missed(), missed(PAUSE))
    )
    assert (plain.status_line, paused.status_line) == ("*N123", "*N112")


def test_the_explanation_names_both_counts() -> None:
    shown = missed(PAUSE).as_of("2026-05-02").explain()
    assert "days past due: 2026-05-02 - 2026-03-15 (oldest unpaid due date) = 48" in shown
    assert "delinquent days: 18 (grace and pauses of the count left out)" in shown


def test_it_has_to_end_after_it_begins() -> None:
    with pytest.raises(lc.LoanError, match=r"delinquency_pause.until: got 2026-04-01"):
        lc.DelinquencyPause("2026-04-01", "2026-04-01")


@given(accounts(any_lateness=True), st.integers(-30, 400), st.integers(1, 200), st.integers(0, 600))
def test_a_pause_of_the_count_changes_no_amount_and_never_makes_a_loan_more_delinquent(
    account: lc.Account, begins: int, nights: int, after: int
) -> None:
    start = account.loan.start
    on = max(start, start + timedelta(begins))
    paused = account.with_events(lc.DelinquencyPause(on, on + timedelta(nights)))
    day = start + timedelta(after)
    own, plain = paused.as_of(day), account.as_of(day)
    assert own.figures == plain.figures
    assert (own.oldest_unpaid_due, own.days_past_due) == (plain.oldest_unpaid_due, plain.days_past_due)
    assert max(0, plain.delinquent_days - nights) <= own.delinquent_days <= plain.delinquent_days or (
        own.delinquent_days == 0  # inside the grace still
    )
