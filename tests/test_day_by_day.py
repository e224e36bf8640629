"""Two independent engines agree: a slow one that lives through every day, written from the meanings, and the library.

The slow one (`day_by_day`) is held against the 205 printed accounts first, without the library's account, and then
compared with it on random accounts: loans of every plain method, accrual, rate unit, period, rounding and currency with
an agreed fee and taxes on fees and on interest, as they were planned; late interest at an absolute rate or over the
contract or a base rate, on every base, with every kind of compounding, a start, an end, rounded by line or by night;
penalties flat and in percent, in spans of days, recurring, counted, repeated, without pyramiding; every kind of grace,
in business days too; a tolerance; several caps on whatever they may cover, which may recover; one order of the
allocation in either direction, with groups, or others for what is due and in advance, and others beyond a number of
days past due; early money held or applied, also for the installments that a surplus rule names; payments, also those
meant for an installment or for some components only, waivers, charges, refunds, payoffs and reversals; payments that go
back, in part too, and after the loan ended; principal that is repaid early on either kind of loan, whatever it makes of
the plan, with a fee, and interest to date or of the whole period; the end of a loan before its time, where interest of
the whole period or of all is owed, with rebates of it, and of fees at disbursement; acceleration, charge-off,
settlements for less, write-off and what is recovered after it; plans that change, once or more, with something past due
or nothing: another rate, nights that rest, more paid out, installments put off, a longer term, principal repaid early,
and every plan begun anew, with a moratorium or without, over the dates that there are or over new ones, with what it
makes of what is past due, and the taxes on it all; rates, rests and pay-outs that were agreed from the beginning. Not
covered: plans with more than a method. Where the meanings leave room, the slow one says what it took.
`python -m day_by_day KIND`, from here, compares many more.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loancalc as lc
from day_by_day import Book, figures_of_book, next_due_of_book
from day_by_day.comparing import assert_both_engines_agree, days_of
from day_by_day.kinds import KINDS
from loancalc.servicing.events import Event
from reference import event_of, loan_of, read

STORIES: list[dict[str, Any]] = read("late_stories.json.gz")["stories"]


def events_of(loan: lc.Loan, story: dict[str, Any]) -> tuple[Event, ...]:
    return lc.Account(loan, [event_of(event) for event in story["events"]]).events


def figures_of_story(printed: dict[str, Any], digits: int) -> dict[str, Any]:
    """The printed figures in the words and units of the book."""

    def minor(amount: str) -> int:
        return int(Decimal(amount) * 10**digits)

    figures = {name: printed[name] for name in ("days_past_due", "delinquent_days") if name in printed}
    figures |= {name: minor(printed[name]) for name in ("outstanding_principal", "credit", "payoff") if name in printed}
    oldest, next_due = printed["oldest_unpaid_due"], printed["next_due"]
    figures["oldest_unpaid_due"] = oldest and date.fromisoformat(oldest)
    figures["past_due"] = {name: minor(amount) for name, amount in printed["past_due"].items() if name != "total"}
    figures["next_due"] = next_due and (date.fromisoformat(next_due["date"]), minor(next_due["amount"]))
    return figures


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])
def test_the_slow_engine_gives_the_printed_positions(story: dict[str, Any]) -> None:
    loan = loan_of(story["terms"])
    happened = events_of(loan, story)
    for printed in story["positions"]:
        known_on = printed.get("known_on")
        book = Book(loan, happened, known_on=known_on and date.fromisoformat(known_on))
        book.run_to(date.fromisoformat(printed["as_of"]))
        shown = figures_of_book(book) | {"next_due": next_due_of_book(book)}
        expected = figures_of_story(printed, loan.digits)
        assert {name: shown[name] for name in expected} == expected


@pytest.mark.parametrize("story", [s for s in STORIES if s.get("payoffs_paid")], ids=lambda story: story["id"])
def test_the_slow_engine_pays_off_for_the_printed_amount(story: dict[str, Any]) -> None:
    loan = loan_of(story["terms"])
    book = Book(loan, events_of(loan, story))
    payoffs = [event["id"] for event in story["events"] if event["type"] == "payoff"]
    book.run_to(max(date.fromisoformat(event["on"]) for event in story["events"] if "on" in event))
    paid = [received.amount for received in book.received if received.id in payoffs]
    assert paid == [int(Decimal(amount) * 10**loan.digits) for amount in story["payoffs_paid"]]
    assert (book.quote(), book.undue, book.credit) == (0, 0, 0)


@given(KINDS["scheduled-usual"])
def test_both_engines_agree_on_scheduled_loans(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@given(KINDS["daily-usual"])
def test_both_engines_agree_on_daily_loans(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@settings(max_examples=settings().max_examples // 2)
@given(KINDS["daily-paid-ahead"])
def test_both_engines_agree_on_daily_loans_paid_ahead(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_both_engines_agree_on_late_terms_of_every_kind(accrual: str, data: st.DataObject) -> None:
    assert_both_engines_agree(data.draw(KINDS[f"{accrual}-late-terms"]))


@given(KINDS["daily-short-in-grace"])
def test_both_engines_agree_on_daily_loans_that_are_short_inside_a_grace(account: lc.Account) -> None:
    assert_both_engines_agree(account)
    for position in account.on_days(days_of(account)):
        assert min(*position.past_due.minor, *position.due.minor, position.figures.accrued) >= 0


@settings(max_examples=max(6, settings().max_examples // 10))
@given(KINDS["scheduled-capped-compounding"])
def test_late_interest_bears_interest_only_as_far_as_a_cap_leaves_it(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@settings(max_examples=settings().max_examples // 2)
@given(KINDS["scheduled-new-plans"])
def test_both_engines_agree_on_plans_that_change(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@settings(max_examples=settings().max_examples // 4)
@given(KINDS["daily-new-plans"])
def test_both_engines_agree_on_plans_of_daily_loans_that_change(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=settings().max_examples // 4)
@given(data=st.data())
def test_both_engines_agree_on_principal_that_is_repaid_early(accrual: str, data: st.DataObject) -> None:
    assert_both_engines_agree(data.draw(KINDS[f"{accrual}-prepaid"]))


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=settings().max_examples // 8)
@given(data=st.data())
def test_both_engines_agree_on_payments_that_go_back(accrual: str, data: st.DataObject) -> None:
    assert_both_engines_agree(data.draw(KINDS[f"{accrual}-chargebacks"]))


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_both_engines_agree_on_orders_of_their_own_for_what_is_due(accrual: str, data: st.DataObject) -> None:
    assert_both_engines_agree(data.draw(KINDS[f"{accrual}-two-orders"]))


@pytest.mark.parametrize(
    "kind",
    [
        "designated",
        "orders-when-late",
        "rebates",
        "moratoriums",
        "changed-after-going-back",
        "waivers-and-payoffs",
        "agreed-changes",
        "own-dates",
    ],
)
@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=max(6, settings().max_examples // 8))
@given(data=st.data())
def test_both_engines_agree_on_terms_and_payments_of_a_special_kind(
    accrual: str, kind: str, data: st.DataObject
) -> None:
    """What a payment is meant for, the order of a loan that is late, what an early end gives back, plans that begin to repay
    later, those that change after a prepayment went back or as it was agreed from the beginning, and what is let go for who pays the
    rest.
    """
    assert_both_engines_agree(data.draw(KINDS[f"{accrual}-{kind}"]))


@settings(max_examples=settings().max_examples // 5)
@given(KINDS["scheduled-repaid"])
def test_both_engines_agree_on_the_interest_that_an_early_end_asks_for(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=settings().max_examples // 10)
@given(data=st.data())
def test_both_engines_agree_on_settlements_for_less(accrual: str, data: st.DataObject) -> None:
    assert_both_engines_agree(data.draw(KINDS[f"{accrual}-settled"]))


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=settings().max_examples // 8)
@given(data=st.data())
def test_both_engines_agree_on_what_is_recovered_of_a_debt_that_was_written_off(
    accrual: str, data: st.DataObject
) -> None:
    assert_both_engines_agree(data.draw(KINDS[f"{accrual}-recovered"]))
