"""What is still to come: previews, comparisons, and the schedule as it was paid and as it now stands."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.errors import InvalidDate, InvalidEvent, UnknownName
from loancalc.testing import events, loans

THEN = ("as-planned", "caught-up", "nothing")


@st.composite
def looked_at(draw: st.DrawFn, **terms: object) -> tuple[lc.Account, date, str]:
    """An account, a day on which it is looked at, before or after what happens, and an assumption."""
    loan = draw(loans(**terms))
    account = lc.Account(loan, draw(events(loan, payoff=False)))
    length = (loan.dates[-1] - loan.start).days + 60
    day = draw(st.sampled_from(loan.dates) | st.integers(0, length).map(lambda days: loan.start + timedelta(days)))
    return account, day, draw(st.sampled_from(THEN))


@given(looked_at(), st.integers(0, 60))
def test_a_preview_is_the_account_with_the_event(case: tuple[lc.Account, date, str], later: int) -> None:
    account, day, then = case
    usual = account.loan.schedule()[0].payable
    if not usual:
        return
    try:
        preview = account.preview(lc.Payment(day + timedelta(later), usual, id="looked at"), day, then=then)
    except InvalidEvent:  # a chargeback to come cannot undo the end of the loan
        return
    after = account.with_events(*preview.events)
    assert [event.id for event in preview.events] == ["looked at"]
    assert preview.before == account.outlook(day, then=then)
    assert preview.before.position == account.as_of(day)
    assert preview.after.position == after.as_of(day)
    assert preview.after.schedule == after.schedule(day, then=then)
    assert preview.cost == preview.after.to_pay - preview.before.to_pay


@given(looked_at())
def test_nothing_is_owed_when_all_that_is_taken_to_be_paid_is_paid(case: tuple[lc.Account, date, str]) -> None:
    account, day, then = case
    ahead = account.outlook(day, then=then)
    end = max([day, account.loan.dates[-1], *(event.on for event in account.events)])
    busy = {event.on for event in account.events if not isinstance(event, lc.Payment)}
    if any(payment.date in busy for payment in ahead.payments):
        return  # the money of the assumption comes after what was waived that day, a payment comes before it
    paid = account.with_events(*(lc.Payment(*payment) for payment in ahead.payments)).as_of(end)
    assert paid.payoff <= 0
    assert paid.is_closed or paid.credit  # which may be meant for something else than what is owed


@given(looked_at())
def test_what_is_settled_is_money_and_credit(case: tuple[lc.Account, date, str]) -> None:
    account, day, then = case
    stays = [event for event in account.events if not isinstance(event, lc.Refund | lc.Chargeback | lc.Reversal)]
    account = lc.Account(account.loan, stays)
    ahead = account.outlook(day, then=then)
    end = max([day, account.loan.dates[-1], *(event.on for event in account.events)])
    moved = [event for event in account.events if event.on > day]
    given_by_lender = sum(event.amount for event in moved if isinstance(event, lc.Payment) and event.source == "lender")
    known = sum(payment.amount for payment in moved if isinstance(payment, lc.Payment))
    taken = sum(payment.amount for payment in ahead.payments)
    assert ahead.to_pay + given_by_lender == known + taken
    left = ahead.to_pay + given_by_lender + account.as_of(day).credit - ahead.settled.total
    paid = account.with_events(*(lc.Payment(*payment) for payment in ahead.payments)).as_of(end)
    if not any(event.on in {p.date for p in ahead.payments} for event in account.events):
        assert left == paid.credit


@given(looked_at())
def test_rows_of_an_account_foot(case: tuple[lc.Account, date, str]) -> None:
    account, day, then = case
    schedule, position = account.schedule(day, then=then), account.as_of(day)
    receipts = account.receipts_as_of(day)
    for row in schedule:
        assert sum((line.amount for line in row.payments), Decimal(0)) == row.paid.total
        if row.due <= day:
            left = [
                sum(column)
                for column in zip(row.paid.minor, row.waived.minor, row.written_off.minor, row.cut.minor, strict=True)
            ]
            asked = [agreed + beside for agreed, beside in zip(row.agreed.minor, row.charged.minor, strict=True)]
            assert asked == [gone + owed for gone, owed in zip(left, row.owed.minor, strict=True)]
        else:
            assert not any(row.owed.minor)
    assert schedule.total("owed").total == position.past_due.total + position.due.total
    went_back = sum(part.amount for row in schedule for part in row.payments if part.amount < 0)
    assert schedule.total("paid").total == sum((receipt.parts.total for receipt in receipts), Decimal(0)) + went_back
    assert [row.number for row in schedule] == list(range(1, len(schedule) + 1))
    assert schedule.total("agreed").principal == account.loan.schedule().total_principal


@given(loans(late=False), st.sampled_from(THEN[:2]))
def test_a_loan_that_is_paid_as_planned_is_its_plan(loan: lc.Loan, then: str) -> None:
    plan, ahead = loan.schedule(), lc.Account(loan).outlook(loan.start, then=then)
    assert [payment.date for payment in ahead.payments] == [row.due for row in plan if row.payable]
    assert [payment.amount for payment in ahead.payments] == [row.payable for row in plan if row.payable]
    assert (ahead.interest, ahead.settled.principal) == (plan.total_interest, plan.total_principal)
    assert [row.outstanding for row in ahead.schedule] == [row.balance for row in plan]


LATE = lc.LateTerms(interest=lc.LateInterest("1.5x", day_count="ACT/360", compound="interest"))
LOAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=LATE, currency="CNY")
ACCOUNT = lc.Account(LOAN, [lc.Payment("2026-02-15", "1066.19"), lc.Payment("2026-03-20", "500.00")])


@given(loans(accruals=["scheduled"], late=False), st.data())
def test_the_cost_of_a_way_out_is_what_each_component_costs_more_over_the_whole_life(
    loan: lc.Loan, data: st.DataObject
) -> None:
    loan = with_terms(loan, early="apply", allocation="cost-interest-principal")
    days = st.integers(0, (loan.dates[-1] - loan.start).days - 1).map(lambda day: loan.start + timedelta(day))
    day, part = (
        data.draw(days),
        Decimal(max(1, loan.principal_minor // data.draw(st.integers(2, 9)))).scaleb(-loan.digits),
    )
    account = lc.Account(loan, [lc.Payment(loan.start, part)])
    way = data.draw(
        st.sampled_from(
            [lc.Payoff(day), lc.Acceleration(day), lc.Extension(day, 2), lc.RateChange(day, loan.rate, keep="term")]
        )
    )
    try:
        preview = account.preview(way, day)
    except lc.LoanError:
        return  # this loan cannot go that way
    before, after = preview.before, preview.after
    assert before.in_all.total == before.to_pay + part
    assert preview.cost == after.in_all.total - before.in_all.total
    assert preview.interest_cost == after.in_all.interest - before.in_all.interest
    assert after.in_all.principal == before.in_all.principal == loan.principal


def test_interest_that_comes_back_is_saved() -> None:
    # 12 794.23 in all as planned, of which 794.23 are interest; paid off on the tenth day it is 38.71
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, early="apply")
    preview = lc.Account(loan, [lc.Payment("2026-01-20", 5_000)]).preview(lc.Payoff("2026-01-25"))
    assert (str(preview.cost), str(preview.interest_cost)) == ("-755.52", "-755.52")
    # 504.43 of the 794.23 were paid on the fifth day, by money that pays 38.71 of interest if the loan ends
    assert (str(preview.before.interest), str(preview.after.interest)) == ("289.80", "0.00")


def test_what_was_paid_ahead_is_not_still_to_be_paid_where_it_is_counted_again_later() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, early="apply")
    account = lc.Account(loan, [lc.Payment("2026-01-20", 5_000), lc.Payoff("2026-02-01")])
    ahead = account.outlook("2026-01-25")
    # 12 000 x 1 % x 17/31 = 65.81; 5 000.00 paid 504.43 of interest by the day, 65.81 in the end
    assert (str(ahead.to_pay), str(ahead.settled.total)) == ("7065.81", "7065.81")
    assert (str(ahead.settled.interest), str(ahead.in_all.interest)) == ("-438.62", "65.81")


def test_ways_out_are_compared_on_one_table() -> None:
    day = "2026-04-24"
    ways = ACCOUNT.compare(
        {
            "do nothing about it": [],
            "pay the cure": lc.Payment(day, ACCOUNT.as_of(day).cure),
            "settle": lc.Settlement(day, 9_000, rest="waive"),
            "pay nothing at all": ACCOUNT.preview([], day, then="nothing"),
        },
        day,
    )
    # 1649.80 cures it; nine installments are left, of 1066.19 and the last of 1066.14
    assert ways["pay the cure"].to_pay == Decimal("1649.80") + 8 * Decimal("1066.19") + Decimal("1066.14")
    assert ways["pay the cure"].late_charges == Decimal("14.75")  # 14.30 late, 0.45 compound interest
    assert ways["pay the cure"].position.days_past_due == 0
    assert ways["settle"].to_pay == 9_000
    assert (ways["settle"].last_due, ways["settle"].next_payment) == (None, None)
    assert ways["do nothing about it"].position.days_past_due == 40
    assert ways["do nothing about it"].last_due == date(2027, 1, 15)
    assert ways.cheapest == "settle"
    owed = ACCOUNT.as_of("2027-01-15")
    assert ways["pay nothing at all"].to_pay == owed.past_due.total + owed.due.total
    table = str(ways).splitlines()
    assert table[0].split()[-1] == "then"
    assert "pay the cure  11245.46" in table[2]
    assert len(ways.to_dict()["to_pay"]) == 4


def test_arrears_stay_until_the_last_due_date_or_are_caught_up() -> None:
    planned, caught_up = ACCOUNT.outlook("2026-04-24"), ACCOUNT.outlook("2026-04-24", then="caught up")
    assert {str(payment.amount) for payment in planned.payments[:-1]} == {"1066.19"}
    first = ACCOUNT.as_of("2026-05-15")
    assert caught_up.payments[0] == (first.as_of, first.past_due.total + first.due.total)
    assert {str(payment.amount) for payment in caught_up.payments[1:-1]} == {"1066.19"}
    assert planned.late_charges > caught_up.late_charges > 0


def test_what_money_already_settled_is_not_still_to_be_paid() -> None:
    ahead = ACCOUNT.outlook("2026-03-20")
    assert ahead.settled.principal == 12_000 - Decimal("946.19") - Decimal("386.79")


def test_what_the_last_payment_makes_held_money_settle_is_still_to_be_settled() -> None:
    """0.99 is held for costs. The payoff is 1.00 - 0.99 = 0.01; it ends the loan, and 1.00 of principal is settled by both."""
    loan = lc.Loan(1, "0%", "2000-01-01", installments=1, accrual="daily", early="apply")
    ahead = lc.Account(loan, [lc.Payment("2000-01-01", "0.99", only="cost")]).outlook("2000-02-01")
    assert (ahead.to_pay, ahead.settled.principal, ahead.position.credit) == (Decimal("0.01"), 1, Decimal("0.99"))


def test_an_event_to_come_is_part_of_what_is_to_come() -> None:
    later = ACCOUNT.preview(lc.Payoff("2026-05-15"), "2026-04-24")
    assert later.after.position.figures == later.before.position.figures
    assert later.after.payments == ()
    assert later.after.to_pay == ACCOUNT.payoff("2026-05-15")


def test_an_assumption_and_a_day_are_needed() -> None:
    with pytest.raises(InvalidDate, match="as_of: missing"):
        ACCOUNT.preview([])
    with pytest.raises(InvalidDate, match="as_of: got 2026-01-14"):
        ACCOUNT.outlook("2026-01-14")
    with pytest.raises(UnknownName, match="then: got 'whatever'"):
        ACCOUNT.outlook("2026-04-24", then="whatever")
    refused: tuple[Any, ...] = ("pay", 3, None, ["pay"])
    for event in refused:
        with pytest.raises(InvalidEvent, match="event: got "):
            ACCOUNT.preview(event, "2026-04-24")
    refused = ({}, [], [lc.Payoff("2026-04-24")])
    for ways in refused:
        with pytest.raises(InvalidEvent, match="ways: got "):
            ACCOUNT.compare(ways, "2026-04-24")


def test_answers_are_values() -> None:
    day = "2026-04-24"
    ways = ACCOUNT.compare({"go on": [], "pay it off": lc.Payoff(day)}, day)
    answers = [ways, ways["go on"], ACCOUNT.preview(lc.Payoff(day)), ACCOUNT.schedule(day), ACCOUNT.payoff(day, days=3)]
    for answer in (*answers, ACCOUNT.ledger(day), ACCOUNT.between("2026-03-01", day)):
        again = pickle.loads(pickle.dumps(answer))
        assert again == answer
        assert hash(again) == hash(answer)
        assert len(repr(answer)) < 90
        assert answer._repr_html_().startswith("<table>")
    assert ACCOUNT.payoff(day, days=1) == {
        date(2026, 4, 24): ACCOUNT.payoff(day),
        date(2026, 4, 25): ACCOUNT.payoff("2026-04-25"),
    }
    assert repr(ways) == "<Comparison of go on, pay it off>"
