"""The law of payoff: what is quoted for a day, paid on that day, leaves exactly nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.testing import events, loans


@st.composite
def quoted(draw: st.DrawFn, **terms: object) -> tuple[lc.Account, date]:
    """An account, and a day after all that happened to it (so that nothing of that day comes after the payoff)."""
    loan = draw(loans(**terms))
    happened = draw(events(loan, payoff=False))
    first = max([loan.start, *(event.on + timedelta(1) for event in happened)])
    day = draw(st.integers(0, 200).map(lambda days: first + timedelta(days)) | st.sampled_from(loan.dates))
    return lc.Account(loan, happened), max(day, first)


def assert_nothing_left(account: lc.Account, day: date) -> None:
    for later in (day, day + timedelta(1), day + timedelta(40), max(day, account.loan.dates[-1]) + timedelta(400)):
        position = account.as_of(later)
        assert position.is_closed, position
        assert (position.payoff, position.credit, position.outstanding_principal) == (0, 0, 0)
        assert (position.past_due.total, position.due.total, position.interest_to_date) == (0, 0, 0)
        assert (position.oldest_unpaid_due, position.next_due, position.days_past_due) == (None, None, 0)


@given(quoted())
def test_a_payoff_leaves_exactly_nothing(case: tuple[lc.Account, date]) -> None:
    account, day = case
    closed = account.with_events(lc.Payoff(day, id="off"))
    assert_nothing_left(closed, day)
    receipt = next(receipt for receipt in closed.receipts if receipt.id == "off")
    assert receipt.is_payoff
    assert receipt.parts.total == receipt.amount


@given(quoted())
def test_a_payment_of_exactly_the_quoted_amount_leaves_exactly_nothing(case: tuple[lc.Account, date]) -> None:
    account, day = case
    quote = account.payoff(day)
    if quote > 0:
        assert_nothing_left(account.with_payment(day, quote), day)


@given(quoted())
def test_a_payoff_pays_what_was_quoted(case: tuple[lc.Account, date]) -> None:
    account, day = case
    closed = account.with_events(lc.Payoff(day, id="off"))
    paid = next(receipt.amount for receipt in closed.receipts if receipt.id == "off")
    assert paid == account.payoff(day)


@given(quoted())
def test_a_payoff_is_what_is_owed_and_all_principal_less_credit(case: tuple[lc.Account, date]) -> None:
    account, day = case
    position = account.as_of(day)
    if any(charge.on == day for charge in position.penalties):
        return  # a payment of that day is in time: the penalty would not be assessed
    owed = position.past_due.total + position.due.total - position.past_due.principal - position.due.principal
    owed += position.charged_ahead
    total = owed + position.interest_to_date + position.outstanding_principal - position.credit
    assert position.payoff == total


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("method", ["annuity", "equal_principal", "interest_only", "flat"])
def test_interest_of_later_periods_is_not_owed(method: str, accrual: str) -> None:
    if (method, accrual) == ("flat", "daily"):
        return
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, method=method, accrual=accrual)
    account = lc.Account(loan)
    assert account.payoff("2026-01-15") == 12_000
    # 15 of the 31 nights of the first period: 120.00 x 15/31 = 58.0645...
    assert str(account.payoff("2026-01-30")) == "12058.06"


def test_interest_that_is_still_to_come_keeps_a_loan_open() -> None:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=12, early="apply")
    account = lc.Account(loan, [lc.Payment("2026-01-15", 1200, only="principal")])
    position = account.as_of("2026-01-31")
    # the plan's interest stands: 12.00 of the first month, 16 of its 31 nights are 6.1935...
    assert (str(position.outstanding_principal), str(position.payoff)) == ("0.00", "6.19")
    assert not position.is_closed
    assert_nothing_left(account.with_payment("2026-01-31", "6.19"), date(2026, 1, 31))


def test_a_flat_loan_whose_rounding_repays_early_is_open_until_its_last_interest() -> None:
    loan = lc.Loan("0.05", "35%", "2026-01-15", installments=10, method="flat")
    rows = loan.schedule()
    assert [str(row.total) for row in rows] == ["0.01"] * 5 + ["0.00"] * 4 + ["0.01"]
    account = lc.Account(loan, [lc.Payment("2026-02-01", "0.04")])
    for day, payoff in (("2026-06-20", "0.01"), ("2026-10-20", "0.01"), ("2026-11-15", "0.02")):
        assert str(account.as_of(day).payoff) == payoff
    paid = account.with_payment("2026-06-20", "0.02")  # 0.01 of it is held for the interest of November
    assert [paid.as_of(day).is_closed for day in ("2026-06-20", "2026-11-14", "2026-11-15")] == [False, False, True]
