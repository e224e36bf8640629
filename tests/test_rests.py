"""Rests: when the contract interest of a daily loan is reckoned anew on what is outstanding (decision 15)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.errors import InvalidTerms, UnknownName
from loancalc.testing import loans


def account(*events: lc.Event, rests: str = "due-dates", **terms: Any) -> lc.Account:
    """12,000 over twelve months at 1 % a month: 1,066.19 on each 15th."""
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, accrual="daily", rests=rests, **terms)
    return lc.Account(loan, events)


EARLY = lc.Payment("2026-01-30", 5_000, id="early")  # 58.06 for 15 of 31 nights, and 4,941.94 of principal


def test_early_money_bears_interest_up_to_the_next_due_date() -> None:
    # January bears 12,000 x 1 % = 120.00, of which 58.06 is paid; February bears it on 7,058.06: 70.58
    paid = account(EARLY)
    assert paid.as_of("2026-01-30").outstanding_principal == Decimal("7058.06")
    assert paid.as_of("2026-02-15").payoff == Decimal("7120.00")
    assert paid.as_of("2026-03-15").payoff == Decimal("7190.58")
    # by daily rests the 16 nights from 30 January bear it on 7,058.06: 58.0645 + 36.4287 = 94.49, less 58.06
    assert account(EARLY, rests="daily").as_of("2026-02-15").payoff == Decimal("7094.49")


def test_late_money_does_too() -> None:
    # the second installment comes on 25 March: 11,053.81 bears the whole period, and 30 nights of it are 106.97
    late = account(lc.Payment("2026-02-15", "1066.19"), lc.Payment("2026-03-25", "1066.19"))
    assert late.as_of("2026-03-25").outstanding_principal == Decimal("10098.16")
    assert late.as_of("2026-04-14").payoff == Decimal("10205.13")
    # April bears it on what is left by then: 10,098.16 x 1 % = 100.98, beside 110.54 of March
    assert late.as_of("2026-05-15").payoff == Decimal("10309.68")


def test_what_is_past_due_bears_it_anyway() -> None:
    # nothing is paid: rests change nothing
    for day in ("2026-02-20", "2026-06-30", "2027-03-01"):
        assert account().as_of(day).payoff == account(rests="daily").as_of(day).payoff


def test_principal_that_bears_the_late_rate_bears_no_contract_interest_until_the_rest() -> None:
    # 946.19 is late from 15 February to 25 February, at 24 %: 6.22 (ACT/365); the rest of 11,053.81 bears 1 %
    terms = lc.LateTerms(interest=lc.LateInterest("24%", day_count="ACT/365F"))
    late = account(lc.Payment("2026-02-25", "1072.41"), late=terms)
    assert late.as_of("2026-02-25").past_due.total == 0
    assert late.as_of("2026-03-15").due.interest == Decimal("110.54")


def test_a_payment_that_went_back_is_not_repaid() -> None:
    # it bears interest as what is owed does, once: 120.00 for January
    back = account(EARLY, lc.Chargeback("2026-02-05", "early"))
    assert back.as_of("2026-02-15").payoff == Decimal("12120.00")
    # after the next rest it bears it from the day on: 7,058.06 x 10/28 and 12,000 x 18/28 of 1 % are 102.35
    back = account(EARLY, lc.Chargeback("2026-02-25", "early"))
    assert back.as_of("2026-03-15").payoff == Decimal("12222.35")
    # of part of it, 941.94 of principal: 4,000 stays repaid, and bears interest up to 15 February all the same
    back = account(EARLY, lc.Chargeback("2026-02-05", "early", "941.94"))
    assert back.as_of("2026-02-15").payoff == Decimal("8061.94")
    assert back.as_of("2026-03-15").payoff == Decimal("8141.94")


def test_money_that_is_paid_on_a_rest_counts_from_it() -> None:
    # on the start, and on a due date
    assert account(lc.Payment("2026-01-15", 5_000)).as_of("2026-02-15").payoff == Decimal("7070.00")
    on_its_date = account(lc.Payment("2026-02-15", "3066.19"))  # 2,000 more than it asks for
    assert on_its_date.as_of("2026-03-15").payoff == Decimal("9144.35")  # 9,053.81 + 90.54


def test_what_is_drawn_bears_interest_from_its_night() -> None:
    # 12,000 for 15 nights and 13,000 for 16: 120.00 + 5.16
    drawn = account(lc.Draw("2026-01-30", 1_000))
    assert drawn.as_of("2026-02-15").payoff == Decimal("13125.16")


def test_a_new_plan_reckons_anew_on_its_day() -> None:
    # 12,000 x 1 % x 21/31 + 7,058.06 x 0.5 % x 10/31 = 92.67, less 58.06
    changed = account(EARLY, lc.RateChange("2026-02-05", "6%", keep="term"))
    assert changed.as_of("2026-02-15").payoff == Decimal("7092.67")
    # what is repaid because the payment asks for it makes one too: 58.0645 + 36.4287 = 94.49 less 58.06
    asked = account(lc.Payment("2026-01-30", 5_000, effect="lower"))
    assert asked.as_of("2026-02-15").payoff == Decimal("7094.49")


def test_a_payoff_between_rests_pays_what_has_accrued_and_leaves_nothing() -> None:
    # 25 of 31 nights of 12,000 are 96.77, of which 58.06 is paid
    position = account(EARLY).as_of("2026-02-09")
    assert position.payoff == Decimal("7096.77")
    assert account(EARLY, lc.Payoff("2026-02-09")).as_of("2027-03-01").payoff == 0
    # where an early end costs the whole period, it does so on what bears interest
    whole = account(EARLY, prepayment=lc.Prepayment("whole-period"))
    assert whole.as_of("2026-02-09").payoff == Decimal("7120.00")


def test_what_falls_due_next_is_foreseen() -> None:
    # two installments of 6,090.15; 3,000 on 20 February pay 10.77 for 5 of 28 nights on 6,029.85, and 2,989.23 of principal.
    # The last one asks for the other 3,040.62 and for what is left of the period: 60.30 - 10.77 = 49.53
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=2, accrual="daily", rests="due-dates")
    paid = lc.Account(loan, [lc.Payment("2026-02-15", "6090.15"), lc.Payment("2026-02-20", 3_000)])
    assert str(paid.as_of("2026-02-20").next_due) == "3090.15 on 2026-03-15"
    assert paid.as_of("2026-03-15").due.total == Decimal("3090.15")


def test_a_position_says_so() -> None:
    told = account(EARLY).as_of("2026-02-09")
    assert "12000.00 x 12% x 1/12 x 25/31 = 96.774193... -> 96.77 - 58.06 paid" in told.explain()
    assert any(note.startswith("rests 'due-dates': what is repaid between") for note in told.assumptions)


def test_only_interest_by_nights_has_rests() -> None:
    with pytest.raises(InvalidTerms, match="rests: got 'due-dates' with accrual 'scheduled'"):
        lc.Loan(12_000, "12%", "2026-01-15", installments=12, rests="due-dates")
    with pytest.raises(UnknownName, match="rests: got 'monthly'; accepted: daily, due-dates"):
        account(rests="monthly")


@given(
    loans(accruals=["daily"], late=False),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), max_size=4),
)
def test_rests_further_apart_never_cost_less(loan: lc.Loan, paid: list[tuple[int, int]]) -> None:
    terms = with_terms(loan, fees=(), taxes=(), small_balance=0)
    money = [lc.Payment(loan.start + timedelta(day), int(loan.principal * share // 100 + 1)) for day, share in paid]
    by_dates, by_night = (lc.Account(with_terms(terms, rests=rests), money) for rests in ("due-dates", "daily"))
    for day in (loan.dates[1], loan.dates[-1], loan.dates[-1] + timedelta(60)):
        dear, cheap = by_dates.as_of(day), by_night.as_of(day)
        assert dear.payoff >= cheap.payoff
        assert dear.outstanding_principal >= cheap.outstanding_principal
