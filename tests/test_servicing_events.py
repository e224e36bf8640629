"""What each event does to the debt, with figures worked out by hand; and the laws of each."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidEvent
from loancalc.testing import accounts

LATE = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"))
LOAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=LATE)
DUE = Decimal("1066.19")
PAID = [lc.Payment("2026-02-15", DUE, id="first")]
# after the first installment 11 053.81 is left; installment 2 is 955.65 + 110.54, 10 098.16 left after it


def shown(position: lc.Position) -> str:
    return str(position.past_due)


# Charges


def test_a_charge_is_owed_at_once_with_the_oldest_unpaid_installment() -> None:
    position = lc.Account(LOAN, [*PAID, lc.Charge("2026-04-01", "cost", 150)]).as_of("2026-04-01")
    # late interest 955.65 x 18% x 17/360 = 8.1230
    assert shown(position) == "cost 150.00, late_interest 8.12, interest 110.54, principal 955.65"
    assert position.installments[1].owed.cost == 150


def test_a_charge_while_nothing_is_unpaid_waits_for_the_next_due_date_but_a_payoff_pays_it() -> None:
    account = lc.Account(LOAN, [*PAID, lc.Charge("2026-03-01", "fee", 20)])
    position = account.as_of("2026-03-01")
    # 11 053.81 x 12%/12 x 14/28 = 55.26905; 11 053.81 + 55.27 + 20
    assert (position.past_due.total, position.charged_ahead) == (0, 20)
    assert str(position.payoff) == "11129.08"
    assert position.next_due == (LOAN.dates[2], DUE + 20)
    assert str(account.as_of("2026-03-15").due) == "fee 20.00, interest 110.54, principal 955.65"
    assert account.with_events(lc.Payoff("2026-03-01")).as_of("2026-05-01").payoff == 0


def test_a_payment_of_the_day_pays_a_charge_of_the_day() -> None:
    events = [lc.Payment("2026-03-20", 50), lc.Charge("2026-03-20", "cost", 30)]
    receipt = lc.Account(LOAN, [*PAID, *events]).receipts[1]
    assert str(receipt.parts) == "cost 30.00, late_interest 2.39, interest 17.61"


def test_a_charge_names_what_it_cannot_be() -> None:
    with pytest.raises(lc.InvalidEvent, match=r"charge\.component: got 'interest'; accepted: cost, fee, penalty"):
        lc.Charge("2026-03-20", "interest", 30)
    account = lc.Account(LOAN, [lc.Charge("2026-03-20", "fee", 30, installment=13)])
    with pytest.raises(lc.InvalidEvent, match="got installment 13; expected at most 12"):
        account.as_of("2026-03-20")


# Money that goes back


def test_a_payment_charged_back_is_owed_again_from_that_day() -> None:
    account = lc.Account(LOAN, [*PAID, lc.Chargeback("2026-03-01", "first")])
    assert account.as_of("2026-02-28").days_past_due == 0
    position = account.as_of("2026-03-11")
    # the nights until 1 March bore nothing: 946.19 x 18% x 10/360 = 4.73095
    assert shown(position) == "late_interest 4.73, interest 120.00, principal 946.19"
    assert position.days_past_due == 24
    assert (
        str(account.receipts[0]) == "2026-02-15 payment 1066.19: interest 120.00, principal 946.19; went back 1066.19"
    )


def test_part_of_a_payment_goes_back_from_its_end() -> None:
    account = lc.Account(LOAN, [*PAID, lc.Chargeback("2026-03-01", "first", 1000)])
    assert shown(account.as_of("2026-03-01")) == "interest 53.81, principal 946.19"
    again = account.with_events(lc.Chargeback("2026-03-01", "first"))
    assert shown(again.as_of("2026-03-01")) == "interest 120.00, principal 946.19"
    with pytest.raises(lc.InvalidEvent, match=r"got 1; expected at most 0\.00, what is left of payment 'first'"):
        again.with_events(lc.Chargeback("2026-03-01", "first", 1)).as_of("2026-03-01")


def test_held_credit_goes_back_first() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-10", 100, id="early"), lc.Chargeback("2026-02-12", "early", 40)])
    assert [str(account.as_of(day).credit) for day in ("2026-02-11", "2026-02-12")] == ["100.00", "60.00"]


@pytest.mark.parametrize(
    ("back", "interest", "principal"), [("2026-02-12", "59.21", "975.70"), ("2026-02-20", "51.29", "983.62")]
)
def test_early_money_of_a_daily_loan_that_goes_back_leaves_past_due_what_the_plan_asked_for(
    back: str, interest: str, principal: str
) -> None:
    # 3 000.00 on 10 February pay 6 000 x 12 % x 26/365 = 51.29 and principal; the plan asks for 1 034.91 on the 15th. Whether
    # they come back before or after it, no more than that is past due: 1 034.91 less 51.29, or 51.29 + 7.92 of four nights more
    loan = lc.Loan(6_000, "12%", "2026-01-15", installments=6, accrual="daily", day_count="ACT/365F")
    account = lc.Account(loan, [lc.Payment("2026-02-10", 3_000, id="early"), lc.Chargeback(back, "early")])
    position = account.as_of("2026-02-20")
    assert shown(position) == f"interest {interest}, principal {principal}"
    assert position.past_due.total == loan.schedule().payment
    assert position.outstanding_principal == 6_000
    assert [str(row.agreed.total) for row in account.schedule("2026-02-20")[1:5]] == ["1034.91"] * 4


def test_a_question_before_early_money_goes_back_changes_nothing() -> None:
    loan = lc.Loan(6_000, "12%", "2026-01-15", installments=6, accrual="daily", day_count="ACT/365F")
    account = lc.Account(
        loan, [lc.Payment("2026-02-10", 3_000, id="early"), lc.Chargeback("2026-02-12", "early", 2_500)]
    )
    days = [f"2026-02-{day}" for day in range(10, 29)]
    assert [account.as_of(day) for day in days] == [lc.Account(loan, account.events).as_of(day) for day in days]


def test_what_falls_due_next_is_all_that_is_due_on_its_day() -> None:
    # called on a due date: the installment of 12.00 + 396.03 and the rest, 803.97; a down payment of 20 % of 500.00 on another
    called = lc.Account(lc.Loan(1_200, "12%", "2026-01-15", installments=3), [lc.Acceleration("2026-02-15")])
    assert str(called.next_due("2026-02-15").amount) == "1212.00"
    more = [lc.Tranche("2026-03-15", 500, down_payment="20%")]
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=3, tranches=more)
    paid = lc.Account(loan, [lc.Payment("2026-02-15", "408.03")])
    for day in ("2026-03-01", "2026-03-15"):
        assert paid.next_due(day) == (date(2026, 3, 15), Decimal("508.03"))


def test_a_payment_that_ended_the_loan_is_reversed_and_not_charged_back() -> None:
    quote = lc.Account(LOAN).payoff("2026-02-10")
    account = lc.Account(LOAN, [lc.Payment("2026-02-10", quote, id="all"), lc.Chargeback("2026-02-20", "all")])
    with pytest.raises(lc.InvalidEvent, match="the payment ended the loan; expected a Reversal"):
        account.as_of("2026-02-20")


@given(accounts(), st.integers(0, 60))
def test_a_chargeback_raises_the_payoff_by_its_amount_and_changes_nothing_before(
    account: lc.Account, after: int
) -> None:
    kept = [event for event in account.events if isinstance(event, lc.Payment | lc.Waiver | lc.Charge)]
    account = lc.Account(account.loan, kept)
    payments = [event for event in kept if isinstance(event, lc.Payment)]
    if not payments:
        return
    paid = payments[-1]
    # after every event, so that nothing of that day comes after the chargeback
    day = max(event.on for event in kept) + timedelta(1 + after)
    other = account.with_events(lc.Chargeback(day, paid))
    before = day - timedelta(1)
    assert other.as_of(before) == account.as_of(before)
    mine, theirs = account.as_of(day), other.as_of(day)
    if theirs.figures.assessed_today == mine.figures.assessed_today and not theirs.figures.cut:
        assert theirs.payoff == mine.payoff + paid.amount


def test_held_credit_is_refunded() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-15", 1100), lc.Refund("2026-02-20")])
    assert [str(account.as_of(day).credit) for day in ("2026-02-19", "2026-02-20")] == ["33.81", "0.00"]
    assert str(account.receipts[0]).endswith("interest 120.00, principal 946.19; went back 33.81")
    with pytest.raises(lc.InvalidEvent, match=r"got 34; expected at most 33\.81, the credit held on 2026-02-20"):
        lc.Account(LOAN, [lc.Payment("2026-02-15", 1100), lc.Refund("2026-02-20", 34)]).as_of("2026-02-20")


# Acceleration and charge-off


def test_an_accelerated_loan_is_past_due_in_whole_from_the_next_day() -> None:
    account = lc.Account(LOAN, [*PAID, lc.Acceleration("2026-04-01")])
    on_the_day = account.as_of("2026-04-01")
    # interest to date 10 098.16 x 12%/12 x 17/31 = 55.37700
    assert str(on_the_day.due) == "interest 55.38, principal 10098.16"
    position = account.as_of("2026-04-11")
    assert (position.days_past_due, str(position.oldest_unpaid_due)) == (27, "2026-03-15")
    # late interest 955.65 x 18% x 27/360 = 12.901275; 10 098.16 x 18% x 10/360 = 50.4908
    assert shown(position) == "late_interest 63.39, interest 165.92, principal 11053.81"
    assert position.payoff == position.past_due.total
    assert len(position.installments) == 3


@given(accounts(), st.integers(1, 400))
def test_acceleration_leaves_nothing_that_is_not_due_and_the_oldest_due_date_as_it_was(
    account: lc.Account, after: int
) -> None:
    kept = [event for event in account.events if not isinstance(event, lc.Reversal | lc.Acceleration)]
    account = lc.Account(account.loan, kept)
    day = max([account.loan.start, *(event.on for event in account.events)]) + timedelta(after)
    called = account.with_events(lc.Acceleration(day))
    before, then, next_day = account.as_of(day), called.as_of(day), called.as_of(day + timedelta(1))
    assert then.payoff == before.payoff
    assert (next_day.figures.undue, next_day.figures.accrued, next_day.figures.charged_ahead) == (0, 0, 0)
    assert next_day.due.total == 0
    paid_ahead = any(item.due >= day and any(item.paid) for item in before.figures.items)
    if before.oldest_unpaid_due is not None and not paid_ahead:
        assert next_day.oldest_unpaid_due == before.oldest_unpaid_due
    assert called.as_of(day - timedelta(1)) == account.as_of(day - timedelta(1))


def test_money_paid_ahead_comes_back_at_an_acceleration_and_settles_what_is_past_due() -> None:
    # 300.00 on the first day pay principal in advance: 299.99 of the first installment, 0.01 of the second; interest of 0.01 is
    # past due on 2 February. Called, the second is not ahead any more, and its 0.01 pays that interest
    loan = lc.Loan(600, "0.01%", "2000-01-01", installments=2, early="apply", allocation="early-repayment")
    account = lc.Account(loan, [lc.Payment("2000-01-01", 300)])
    before = account.as_of("2000-02-02")
    called = account.with_events(lc.Acceleration("2000-02-02")).as_of("2000-02-03")
    assert (str(before.oldest_unpaid_due), str(before.past_due)) == ("2000-02-01", "interest 0.01")
    assert (str(called.oldest_unpaid_due), str(called.past_due)) == ("2000-02-02", "principal 300.01")
    assert called.payoff == before.payoff


def test_after_a_charge_off_without_further_interest_nothing_accrues() -> None:
    account = lc.Account(LOAN, [*PAID, lc.ChargeOff("2026-04-01", further_interest=False)])
    # late interest stops at 955.65 x 18% x 17/360 = 8.12; installment 3 asks for its interest to 1 April, 55.38
    position = account.as_of("2027-02-15")
    assert shown(position) == "late_interest 8.12, interest 165.92, principal 11053.81"
    assert str(position.charged_off) == "2026-04-01"
    going_on = lc.Account(LOAN, [*PAID, lc.ChargeOff("2026-04-01", further_interest=True)]).as_of("2027-02-15")
    assert going_on.past_due == lc.Account(LOAN, PAID).as_of("2027-02-15").past_due


@pytest.mark.parametrize(("method", "last"), [("annuity", "387.98"), ("flat", "383.92"), ("equal_principal", "383.92")])
def test_interest_that_no_longer_joins_the_principal_is_not_asked_for_as_principal(method: str, last: str) -> None:
    # two months would have made 1 224.12 of 1 200.00: three parts of 408.04, or 403.99 + 408.03 + 412.10. After the charge-off
    # on 30 January no interest joins, and the last one asks for 24.12 less; 1 200 x 1 % x 15/31 = 5.81 are owed beside them
    waits = lc.Moratorium(2, "capitalized")
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=5, method=method, moratorium=waits)
    account = lc.Account(loan, [lc.ChargeOff("2026-01-30", further_interest=False)])
    position = account.as_of("2026-07-01")
    assert shown(position) == "interest 5.81, principal 1200.00"
    assert str(position.installments[-1].owed.principal) == last
    assert account.with_payment("2026-07-01", "1205.81").as_of("2026-07-01").is_closed


def test_a_second_charge_off_changes_nothing() -> None:
    once = [*PAID, lc.ChargeOff("2026-04-01", further_interest=False)]
    twice = [*once, lc.ChargeOff("2026-06-01", further_interest=False)]
    # 55.38 to 1 April stay 55.38: interest had stopped
    for day in ("2026-04-14", "2026-06-01", "2027-02-15"):
        position = lc.Account(LOAN, twice).as_of(day)
        assert position.figures == lc.Account(LOAN, once).as_of(day).figures


def test_a_loan_that_is_repaid_cannot_be_written_off_or_sold() -> None:
    short = lc.Loan(1_200, "12%", "2026-01-15", installments=1, currency="CNY")
    for event in (lc.WriteOff("2026-02-20"), lc.Transfer("2026-02-20", "a fund")):
        with pytest.raises(lc.InvalidEvent, match="nothing is owed on 2026-02-20"):
            lc.Account(short, [lc.Payment("2026-02-15", 1_212), event]).as_of("2026-02-20")
    sold = lc.Account(short, [lc.WriteOff("2026-02-20"), lc.Transfer("2026-03-20", "a fund")]).as_of("2026-03-20")
    assert (sold.ending, sold.holder) == ("transferred", "a fund")


def test_a_loan_on_which_interest_is_still_to_come_is_not_reported_as_closed() -> None:
    # 1 200.00 repay all principal of a flat loan by the order that takes principal first; 12.00 a month are still to come
    terms = {"method": "flat", "allocation": "early-repayment", "currency": "CNY"}
    account = lc.Account(
        lc.Loan(1_200, "12%", "2026-01-15", installments=6, **terms), [lc.Payment("2026-01-20", 1_200)]
    )
    (standing,) = account.standings(["2026-01-31"])
    assert (standing.is_closed, standing.ending) == (account.as_of("2026-01-31").is_closed, None) == (False, None)
    report = lc.credit.report(account, "2026-02-28", framework="cn-credit-report-2")
    assert report.status_line == "*1"  # 12.00 of 15 February are unpaid


def test_nothing_more_is_paid_out_after_a_loan_was_called() -> None:
    # 600.00 were agreed for 1 March; called on 20 February, 1 200.00 are owed and nothing is lent any more
    later = [lc.Tranche("2026-03-01", 600)]
    for rule in ("to-date", "whole-period"):
        rest = lc.Prepayment(rule)
        loan = lc.Loan(1_200, "12%", "2026-01-15", installments=3, tranches=later, prepayment=rest)
        position = lc.Account(loan, [lc.Acceleration("2026-02-20")]).as_of("2026-03-05")
        assert (position.outstanding_principal, position.payoff) == (1_200, position.past_due.total)


def test_what_was_assessed_on_the_day_of_a_write_off_is_not_owed_that_day() -> None:
    # 5.00 on 16 February and every day after; on 20 February four are owed, a fifth is assessed and all is written off
    late = lc.LateTerms(penalties=lc.Penalty(5, every="1 day"))
    account = lc.Account(lc.Loan(1_200, "0%", "2026-01-15", installments=1, late=late), [lc.WriteOff("2026-02-20")])
    position = account.as_of("2026-02-20")
    assert (position.payoff, str(position.written_off)) == (0, "penalty 25.00, principal 1200.00")


# Giving up


def test_what_is_written_off_is_not_owed_and_can_be_recovered() -> None:
    account = lc.Account(LOAN, [*PAID, lc.WriteOff("2026-04-01")])
    position = account.as_of("2026-06-01")
    # 8.12 + 110.54 + 955.65 past due, 55.38 interest to date, 10 098.16 principal
    assert str(position.written_off) == "late_interest 8.12, interest 165.92, principal 11053.81"
    assert (position.is_closed, position.ending, position.payoff) == (True, "written off", 0)
    recovered = account.with_events(lc.Recovery("2026-05-01", 1000))
    assert str(recovered.receipts[1].parts) == "late_interest 8.12, interest 110.54, principal 881.34"
    assert str(recovered.as_of("2026-06-01").written_off) == "interest 55.38, principal 10172.47"
    with pytest.raises(lc.InvalidEvent, match=r"expected at most 11227\.85, what is written off"):
        account.with_events(lc.Recovery("2026-05-01", 20_000)).as_of("2026-05-01")


def test_one_component_can_be_written_off() -> None:
    account = lc.Account(LOAN, [*PAID, lc.WriteOff("2026-04-01", "interest", "100.00")])
    position = account.as_of("2026-04-01")
    assert shown(position) == "late_interest 8.12, interest 10.54, principal 955.65"
    assert (str(position.written_off), position.ending) == ("interest 100.00", None)


def test_a_settlement_for_less_ends_the_loan_and_shows_the_rest() -> None:
    owed = lc.Account(LOAN, PAID)
    account = owed.with_events(lc.Settlement("2026-04-01", 8000, rest="waive"))
    position = account.as_of("2026-04-01")
    # payoff 11 227.85: 1074.31 past due, 55.38 interest, then 6870.31 of 10 098.16 principal
    assert str(account.receipts[1].parts) == "late_interest 8.12, interest 165.92, principal 7825.96"
    assert (str(position.waived), str(position.written_off)) == ("principal 3227.85", "nothing")
    assert (position.payoff, position.ending) == (0, "settled for less")
    assert account.as_of("2027-06-01").payoff == 0
    with pytest.raises(lc.InvalidEvent, match=r"expected less than the payoff on 2026-04-01, 11227\.85"):
        owed.with_events(lc.Settlement("2026-04-01", 12_000, rest="waive")).as_of("2026-04-01")


def test_a_transferred_claim_is_owed_to_somebody_else() -> None:
    account = lc.Account(LOAN, [*PAID, lc.Transfer("2026-04-01", "Lotus")])
    position = account.as_of("2026-04-11")
    assert (position.holder, position.ending) == ("Lotus", "transferred")
    assert position.past_due == lc.Account(LOAN, PAID).as_of("2026-04-11").past_due


def test_only_what_is_settled_can_be_closed() -> None:
    fees = lc.Loan(12_000, "12%", "2026-01-15", installments=12, fees=[lc.Fee(20, each="installment")], early="apply")
    with pytest.raises(lc.InvalidEvent, match=r"12000\.00 is owed on 2026-01-15; expected nothing"):
        lc.Account(fees, [lc.Closing("2026-01-15")]).as_of("2026-01-15")
    events = [lc.Payoff("2026-02-15"), lc.Payment("2026-02-20", "80.39"), lc.Closing("2026-02-20")]
    holding = lc.Account(LOAN, events)
    with pytest.raises(lc.InvalidEvent, match=r"80\.39 is held as credit on 2026-02-20; expected nothing"):
        holding.as_of("2026-02-20")
    closed = lc.Account(LOAN, [lc.Payoff("2026-02-15"), lc.Closing("2026-02-20")])
    assert closed.as_of("2026-03-01").ending == "repaid"


def test_who_pays_is_kept() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-15", DUE, source="guarantor")])
    assert account.receipts[0].source == "guarantor"
    assert str(account.receipts[0]).startswith("2026-02-15 payment by guarantor 1066.19: ")
    with pytest.raises(lc.UnknownName, match=r"payment\.source: got 'uncle'"):
        lc.Payment("2026-02-15", 1, source="uncle")


def test_the_figures_of_a_returned_and_written_off_debt_explain_themselves() -> None:
    events = [*PAID, lc.Chargeback("2026-03-01", "first", 200), lc.Charge("2026-03-10", "cost", 35)]
    text = lc.Account(LOAN, [*events, lc.WriteOff("2026-03-11", "cost", 5)]).as_of("2026-03-11").explain()
    assert "  principal: 946.19 - 946.19 (paid 2026-02-15) + 200.00 (went back 2026-03-01) = 200.00" in text
    assert "  cost: 35.00 - 5.00 (written off) = 30.00" in text


def test_a_fee_charged_to_an_installment_that_was_covered_early_makes_it_unpaid_again() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, early="apply")
    account = lc.Account(loan, [lc.Payment("2026-02-01", DUE), lc.Charge("2026-02-05", "fee", 20)])
    position = account.as_of("2026-02-20")
    assert (str(position.past_due), position.days_past_due) == ("fee 20.00", 5)


def test_early_money_does_not_cover_what_was_written_off() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, early="apply")
    position = lc.Account(loan, [lc.WriteOff("2026-02-01"), lc.Payment("2026-02-10", 50)]).as_of("2026-02-10")
    assert (position.outstanding_principal, position.credit) == (0, 50)


def test_a_waiver_of_interest_that_is_not_due_is_refused_with_the_word_that_lets_it_go() -> None:
    # ten of 31 nights of 12 000.00 at 1 %: 38.71
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6)
    with pytest.raises(
        InvalidEvent, match=r"got 5; expected at most 0\.00, the interest owed .* 38\.71, .* undue=True"
    ):
        lc.Account(loan, [lc.Waiver("2026-01-25", "interest", 5)]).as_of("2026-01-25")
    with pytest.raises(InvalidEvent, match=r"the principal owed on 2026-01-25$"):
        lc.Account(loan, [lc.Waiver("2026-01-25", "principal", 5)]).as_of("2026-01-25")
    let_go = lc.Account(loan, [lc.Waiver("2026-01-25", "interest", 5, undue=True)])
    assert str(let_go.schedule("2026-01-25")[0].waived) == "interest 5.00"
