"""Payments that the borrower means for something: an installment, a component."""

from __future__ import annotations

import pytest

import loancalc as lc

# 1 200.00 in twelve parts of 100.00 at 12 %: interest 12.00, 11.00, 10.00 ...
TERMS = {"principal": 1200, "rate": "12%", "start": "2026-01-15", "installments": 12, "method": "equal_principal"}


def settled(account: lc.Account, index: int = 0) -> list[tuple[int, str, str]]:
    return [(line.installment, line.component, str(line.amount)) for line in account.receipts[index].lines]


def test_money_for_an_installment_settles_that_one_first_and_then_goes_the_usual_way() -> None:
    account = lc.Account(lc.Loan(**TERMS), [lc.Payment("2026-04-20", 120, installment=3)])
    # installment 3 takes 10.00 + 100.00; the 10.00 left over go to the oldest interest
    assert settled(account) == [(3, "interest", "10.00"), (3, "principal", "100.00"), (1, "interest", "10.00")]
    usual = lc.Account(lc.Loan(**TERMS), [lc.Payment("2026-04-20", 120)])
    assert settled(usual) == [
        (1, "interest", "12.00"), (2, "interest", "11.00"), (3, "interest", "10.00"), (1, "principal", "87.00"),
    ]  # fmt: skip


def test_money_for_one_component_settles_nothing_else_and_the_rest_is_held() -> None:
    account = lc.Account(lc.Loan(**TERMS), [lc.Payment("2026-03-20", 250, only="principal")])
    assert settled(account) == [(1, "principal", "100.00"), (2, "principal", "100.00")]
    position = account.as_of("2026-03-20")
    assert (str(position.credit), str(position.past_due.interest)) == ("50.00", "23.00")
    # when installment 3 falls due the money still settles principal only
    later = account.as_of("2026-04-15")
    assert (str(later.credit), str(later.due.principal), str(later.due.interest)) == ("0.00", "50.00", "10.00")


def test_held_money_waits_for_its_installment() -> None:
    account = lc.Account(lc.Loan(**TERMS), [lc.Payment("2026-02-10", 111, installment=2)])
    assert str(account.as_of("2026-02-15").due.total) == "112.00"
    assert str(account.as_of("2026-03-15").due.total) == "0.00"


def test_money_that_is_applied_early_covers_its_installment_before_what_is_past_due() -> None:
    account = lc.Account(lc.Loan(**TERMS, early="apply"), [lc.Payment("2026-02-20", 110, installment=3)])
    assert settled(account) == [(3, "interest", "10.00"), (3, "principal", "100.00")]
    assert str(account.as_of("2026-02-20").past_due.total) == "112.00"


def test_principal_only_on_a_daily_loan_leaves_the_interest_to_date_for_later() -> None:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=12, day_count="ACT/360", accrual="daily")
    first = {only: lc.Account(loan, [lc.Payment("2026-01-25", 50, only=only)]) for only in ((), "principal")}
    # 10 nights of 1 200.00 x 12 % / 360 = 0.40 a night are 4.00
    assert settled(first[()]) == [(1, "interest", "4.00"), (1, "principal", "46.00")]
    assert settled(first["principal"]) == [(1, "principal", "50.00")]
    assert str(first["principal"].as_of("2026-01-25").interest_to_date) == "4.00"


def test_an_installment_that_cannot_be_meant_is_refused() -> None:
    daily = lc.Loan(1200, "12%", "2026-01-15", installments=12, accrual="daily")
    with pytest.raises(lc.InvalidEvent, match="got installment 3 on 2026-02-20; expected one of 1 to 1"):
        lc.Account(daily, [lc.Payment("2026-02-20", 10, installment=3)]).as_of("2026-02-20")
    with pytest.raises(lc.InvalidEvent, match="got installment 13; expected one of 1 to 12"):
        lc.Account(lc.Loan(**TERMS), [lc.Payment("2026-02-20", 10, installment=13)]).as_of("2026-02-20")
    with pytest.raises(lc.InvalidEvent, match=r"payment\.installment: got 0"):
        lc.Payment("2026-02-20", 10, installment=0)


def test_the_amount_of_the_payoff_pays_off_only_if_it_is_meant_for_nothing_else() -> None:
    loan = lc.Loan(**TERMS)
    payoff = lc.Account(loan).payoff("2026-02-20")
    assert lc.Account(loan, [lc.Payment("2026-02-20", payoff)]).receipts[0].is_payoff
    assert not lc.Account(loan, [lc.Payment("2026-02-20", payoff, installment=1)]).receipts[0].is_payoff


def test_a_designation_is_pasted_back() -> None:
    payment = lc.Payment("2026-02-20", 10, installment=2, only=["本金", "interest"], id="p1")
    assert payment.only == ("interest", "principal")
    assert eval(repr(payment), {"Payment": lc.Payment}) == payment


def test_money_that_its_own_installment_takes_all_of_leaves_no_trace_on_another() -> None:
    account = lc.Account(lc.Loan(**TERMS), [lc.Payment("2026-02-20", 50, installment=1)])
    assert settled(account) == [(1, "interest", "12.00"), (1, "principal", "38.00")]
    several = lc.Account(lc.Loan(**TERMS), [lc.Payment("2026-03-20", 50, installment=2)])
    assert settled(several) == [(2, "interest", "11.00"), (2, "principal", "39.00")]
