"""Decisions about what happens to a debt, each with one small account worked out by hand."""

from __future__ import annotations

import pytest

import loancalc as lc

# The end of a plan: charges come before principal, whichever installment they were charged to


@pytest.mark.parametrize("installment", [1, 2])
def test_held_money_pays_every_charge_before_principal_when_the_debt_is_written_off(installment: int) -> None:
    loan = lc.Loan(1000, "0%", "2026-01-01", installments=2, every="6 months", method="equal_principal")
    fee = lc.Charge("2026-02-01", "fee", "5.29", installment=installment)
    account = lc.Account(loan, [fee, lc.Payment("2026-03-01", 900), lc.WriteOff("2026-04-20")])
    # 900.00 held - 5.29 fee = 894.71 of 1000.00 principal; 1000.00 - 894.71 = 105.29 is left
    assert str(account.receipts[0].parts) == "fee 5.29, principal 894.71"
    assert str(account.as_of("2026-04-20").written_off) == "principal 105.29"


def test_a_settlement_for_less_pays_every_charge_before_principal() -> None:
    loan = lc.Loan(1000, "0%", "2026-01-01", installments=1, every="6 months", method="interest_only")
    account = lc.Account(loan, [lc.Charge("2026-02-01", "cost", 40), lc.Settlement("2026-03-01", 700, rest="waive")])
    # 700.00 - 40.00 cost = 660.00 of 1000.00 principal; 340.00 is left
    assert str(account.receipts[0].parts) == "cost 40.00, principal 660.00"
    assert str(account.as_of("2026-03-01").waived) == "principal 340.00"


# A line of late interest: a base that changes and returns on one day is no change

LATE = lc.LateInterest("18.5%", day_count="ACT/360", base="installment")
ORDER = ["principal", "interest", "late_interest", "compound_interest", "penalty", "fee", "cost"]
BACK = lc.Chargeback("2026-02-02", "paid")


def late_by_two_nights(*events: lc.Event, order: list[str] = ORDER, caps: list[lc.Cap] | None = None) -> str:
    """Late interest on 3 February of 1000.00 that was due on the 1st."""
    terms = lc.LateTerms(interest=LATE, caps=caps or [])
    allocation = lc.Allocation(order, "vertical")
    loan = lc.Loan(1000, "0%", "2026-01-01", installments=1, late=terms, allocation=allocation)
    return str(lc.Account(loan, events).as_of("2026-02-03").past_due.late_interest)


def test_principal_that_is_paid_and_goes_back_on_one_day_leaves_late_interest_as_it_was() -> None:
    # one line: 1000.00 x 18.5% x 2/360 = 1.02778 -> 1.03; two of a night each would be 0.51389 -> 0.51, twice: 1.02
    assert late_by_two_nights() == "1.03"
    for amount in (400, 1000):
        assert late_by_two_nights(lc.Payment("2026-02-02", amount, id="paid"), BACK) == "1.03"
    # 1000.00 for a night, then 950.00: 0.51 and 950.00 x 18.5% x 1/360 = 0.48819 -> 0.49
    part = lc.Chargeback("2026-02-02", "paid", 350)
    assert late_by_two_nights(lc.Payment("2026-02-02", 400, id="paid"), part) == "1.00"


def test_a_fee_that_a_cap_cuts_at_once_leaves_late_interest_as_it_was() -> None:
    fee, caps = lc.Charge("2026-02-02", "fee", 100), [lc.Cap(amount=0, covers=["fee"])]
    assert late_by_two_nights(fee, caps=caps) == "1.03"
    # without the cap: 0.51 and 1100.00 x 18.5% x 1/360 = 0.56528 -> 0.57
    assert late_by_two_nights(fee) == "1.08"
    # half of it is cut: 0.51 and 1050.00 x 18.5% x 1/360 = 0.53958 -> 0.54
    assert late_by_two_nights(fee, caps=[lc.Cap(amount=50, covers=["fee"])]) == "1.05"


def test_late_interest_that_is_paid_ends_its_line_though_the_money_goes_back() -> None:
    paid = lc.Payment("2026-02-02", "0.30", id="paid")
    # 0.51, of which 0.30 was paid and is owed again, and 0.51
    assert (
        late_by_two_nights(paid, BACK, order=["late_interest", *(name for name in ORDER if name != "late_interest")])
        == "1.02"
    )


# A prepayment that goes back, and then a new plan

TAKEN_BACK = [lc.Payment("2026-01-03", 50, id="early", effect="lower"), lc.Chargeback("2026-01-05", "early")]
NEW_PLANS = [
    lc.Reamortization("2026-01-10"),
    lc.Restructuring("2026-01-10", installments=3),
    lc.Reaging("2026-01-10", installments=3, first_due="2026-02-01"),
]


def next_amount(account: lc.Account) -> str:
    due = account.as_of("2026-01-10").next_due
    return "nothing" if due is None else str(due.amount)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_new_plan_is_made_of_all_that_is_outstanding_also_of_what_went_back(accrual: str) -> None:
    loan = lc.Loan(300, "0%", "2026-01-01", installments=3, accrual=accrual)
    back = lc.Account(loan, TAKEN_BACK)
    # 250.00 / 3 = 83.33, and the 50.00 that went back with the installment that was running
    assert next_amount(back) == "133.33"
    for event in NEW_PLANS:  # 300.00 / 3
        anew = back.with_events(event)
        assert next_amount(anew) == "100.00"
        assert anew.as_of("2026-04-01").past_due.principal + anew.as_of("2026-04-01").due.principal == 300
    # 30.00 more come early: 270.00 / 3
    lower = back.with_events(lc.Payment("2026-01-10", 30, effect="lower"))
    assert next_amount(lower) == "90.00"


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_new_plan_after_a_prepayment_went_back_leaves_the_payoff_as_it_is(accrual: str) -> None:
    loan = lc.Loan(300, "12%", "2026-01-01", installments=3, accrual=accrual)
    back = lc.Account(loan, TAKEN_BACK)
    # 300.00 x 1 % x 2/31 = 0.19 was paid and went back; the plan's interest since then is 250.19 x 1 % x 7/31 = 0.56. A daily
    # loan bears it on what is outstanding: (300.00 x 2 + 250.19 x 2 + 300.00 x 5) x 1 % / 31 = 0.8388
    assert str(back.payoff("2026-01-10")) == {"scheduled": "300.75", "daily": "300.84"}[accrual]
    for event in NEW_PLANS:
        assert back.with_events(event).payoff("2026-01-10") == back.payoff("2026-01-10")


# The fee for repaying early, on a loan whose early money repays principal at once


def test_early_money_of_a_daily_loan_costs_the_fee_where_it_asks_to_repay_and_the_position_says_so() -> None:
    fee = lc.Fee(percent="1%", of="prepaid-principal", at="prepayment")
    loan = lc.Loan(1000, "0%", "2026-01-15", installments=2, accrual="daily", prepayment=lc.Prepayment(fee=fee))
    plain, asked = (lc.Account(loan, [lc.Payment("2026-01-25", 505, effect=effect)]) for effect in (None, "keep"))
    # 500.00 + 1 % of it = 505.00
    assert str(plain.receipts[0].parts) == "principal 505.00"
    assert str(asked.receipts[0].parts) == "fee 5.00, principal 500.00"
    # 495.00 + 4.95 pay the rest off
    assert str(plain.payoff("2026-01-25")) == "499.95"
    said = [note for note in plain.as_of("2026-01-25").assumptions if note.startswith("the prepayment fee is charged")]
    assert len(said) == 1
    held = lc.Loan(1000, "0%", "2026-01-15", installments=2, prepayment=lc.Prepayment(fee=fee))
    assert not any("prepayment fee" in note for note in held.schedule().assumptions)


def test_a_position_says_that_a_payoff_would_end_the_loan_for_what_was_paid_ahead() -> None:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=1, early="apply")
    # interest to 25 January: 1200.00 x 1 % x 10/31 = 3.87; the installment is 1212.00
    assert str(lc.Account(loan).payoff("2026-01-25")) == "1203.87"
    more = lc.Account(loan, [lc.Payment("2026-01-25", "1203.88")])
    position = more.as_of("2026-01-25")
    assert (str(position.payoff), position.is_closed) == ("-0.01", False)
    assert [note for note in position.assumptions if "a Payoff ends it" in note]
    # it goes on: 1212.00 - 1203.88 = 8.12 is due on 15 February; a Payoff ends it, and 0.01 is credit
    assert str(more.as_of("2026-02-15").due.total) == "8.12"
    ended = more.with_events(lc.Payoff("2026-01-25")).as_of("2026-02-15")
    assert (ended.is_closed, str(ended.credit)) == (True, "0.01")
    assert not [note for note in lc.Account(loan).as_of("2026-01-25").assumptions if "a Payoff ends it" in note]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_prepayment_that_goes_back_after_its_installment_fell_due_is_past_due_and_a_reversal_is_not(
    accrual: str,
) -> None:
    loan = lc.Loan(300, "0%", "2026-01-01", installments=3, accrual=accrual)
    early = lc.Payment("2026-01-10", 60, effect="lower", id="early")
    paid = lc.Account(loan, [early, lc.Payment("2026-02-01", 80)])
    # 240.00 / 3 = 80.00, paid; then 60.00 of the first installment are owed again
    back = paid.with_events(lc.Chargeback("2026-02-10", "early")).as_of("2026-02-10")
    assert (str(back.past_due), back.days_past_due) == ("principal 60.00", 9)
    # it never came: 300.00 / 3 = 100.00, of which 80.00 were paid
    never = paid.with_events(lc.Reversal(early, booked="2026-02-10")).as_of("2026-02-10")
    assert (str(never.past_due), never.days_past_due) == ("principal 20.00", 9)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_the_amount_quoted_pays_a_charge_that_came_after_the_loan_was_paid_off(accrual: str) -> None:
    loan = lc.Loan(1000, "0%", "2026-01-15", installments=3, accrual=accrual)
    account = lc.Account(loan, [lc.Payoff("2026-02-01"), lc.Charge("2026-02-05", "cost", "4.61")])
    assert (str(account.payoff("2026-02-06")), account.as_of("2026-02-06").is_closed) == ("4.61", False)
    paid = account.with_events(lc.Payment("2026-02-06", "4.61"))
    assert str(paid.receipts[-1].parts) == "cost 4.61"
    assert (str(paid.payoff("2026-02-06")), paid.as_of("2026-02-06").ending) == ("0.00", "repaid")


def test_credit_that_is_held_pays_at_once_what_is_owed_again_after_a_chargeback() -> None:
    late = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"))
    loan = lc.Loan(300, "0%", "2026-01-01", installments=3, late=late)
    paid = [lc.Payment("2026-02-01", 100, id="first"), lc.Payment("2026-02-05", 60, id="held")]
    account = lc.Account(loan, [*paid, lc.Chargeback("2026-02-10", "first")])
    # 100.00 are owed again, 60.00 of them are paid by what was held for March: 40.00
    position = account.as_of("2026-02-10")
    assert (str(position.past_due), position.credit, position.cure) == ("principal 40.00", 0, 40)
    # 40.00 x 18% x 19/360 = 0.38 by 1 March
    assert str(account.as_of("2026-03-01").past_due) == "late_interest 0.38, principal 40.00"
