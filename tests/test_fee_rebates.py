"""What is given back of fees at disbursement when a loan is repaid before its end."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.io.contract import read_contract

START = date(2026, 1, 15)
RULES = ("by-days", "by-installments", "rule-of-78")


def loan_of(rule: str | None, **terms: Any) -> lc.Loan:
    fee = lc.Fee(600, at="disbursement", settled=terms.pop("settled", "paid"), rebate=rule)
    return lc.Loan(12_000, "12%", START, installments=12, **{"fees": [fee], **terms})


def paid(loan: lc.Loan, count: int) -> lc.Account:
    return lc.Account(loan, [lc.Payment(row.due, row.payable) for row in loan.schedule()[:count] if row.due])


@pytest.mark.parametrize(
    ("rule", "given_back"),
    [
        ("by-days", "286.03"),  # 174 of 365 nights are left on 25 July
        ("按剩余期数", "250.00"),  # 5 of 12 installments are wholly ahead
        ("rule-of-78", "115.38"),  # 5 x 6 / (12 x 13)
    ],
)
@pytest.mark.parametrize("settled", ["paid", "deducted"])
def test_a_fee_is_given_back_by_its_rule(rule: str, given_back: str, settled: str) -> None:
    plain, account = paid(loan_of(None, settled=settled), 6), paid(loan_of(rule, settled=settled), 6)
    position = account.as_of("2026-07-25")
    assert str(-position.payoff_fee) == given_back
    assert position.payoff == plain.payoff("2026-07-25") - Decimal(given_back)
    assert f"fees given back -{given_back}" in position.explain()
    closed = account.with_events(lc.Payoff("2026-07-25"))
    assert str(closed.receipts[-1].parts) == f"fee -{given_back}, interest 19.93, principal 6179.02"
    assert closed.as_of("2026-08-01").is_closed


@given(
    rule=st.sampled_from(RULES), accrual=st.sampled_from(["scheduled", "daily"]), count=st.integers(0, 11),
    days=st.integers(0, 364), over=st.integers(0, 1),
)  # fmt: skip
def test_a_payoff_with_a_rebate_leaves_nothing(rule: str, accrual: str, count: int, days: int, over: int) -> None:
    """Also where a loan that applies early money gets more than the payoff: the rest is held."""
    account, on = paid(loan_of(rule, accrual=accrual, day_count="ACT/365F"), count), START + timedelta(days)
    account = lc.Account(account.loan, [event for event in account.events if event.on <= on])
    quote, fee = account.payoff(on), account.as_of(on).payoff_fee
    assert -600 <= fee <= 0
    if quote <= 0:
        return
    more = over if accrual == "daily" else 0
    closed = account.with_payment(on, quote + more)
    assert closed.as_of(on + timedelta(99)).is_closed
    assert closed.as_of(on).credit == more
    assert sum(closed.ledger(on).balances().values()) == 0


def test_only_the_whole_loan_repaid_gives_a_fee_back() -> None:
    loan = loan_of("by-days")
    part = lc.Account(loan, [lc.Payment("2026-01-25", 6_000, effect="lower")])
    assert part.receipts[0].parts.fee == 0
    assert paid(loan, 12).as_of("2027-01-15").payoff == 0


def test_a_rebate_belongs_to_a_fee_at_disbursement() -> None:
    with pytest.raises(lc.InvalidTerms, match=r"fees\.rebate: got 'by-days' for a fee of a installment"):
        lc.Fee(5, each="installment", rebate="by-days")
    assert eval(repr(loan_of("by-days").fees[0]), {"Fee": lc.Fee}) == loan_of("by-days").fees[0]


def test_a_rebate_is_read_from_a_contract() -> None:
    text = """
        principal = 12000
        rate = "12%"
        start = 2026-01-15
        installments = 12

        [[fees]]
        amount = 600
        at = "disbursement"
        settled = "paid"
        rebate = "by-days"
    """
    assert read_contract(text.encode()).loan == loan_of("by-days")
