"""Events: what happened, when it counts, when it was known, and what cannot have happened."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

import loancalc as lc
from loancalc.errors import InvalidAmount, InvalidDate, InvalidEvent, LoanError, UnknownName
from loancalc.servicing.book import in_force
from loancalc.testing import accounts

LOAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
DUE = Decimal("1066.19")
PAID = lc.Payment("2026-02-15", DUE, id="paid")


@given(accounts())
def test_an_event_is_a_value(account: lc.Account) -> None:
    for event in account.events:
        assert pickle.loads(pickle.dumps(event)) == event
        again = eval(repr(event), {name: getattr(lc, name) for name in lc.__all__})
        assert again == event
        assert hash(again) == hash(event)


@given(accounts())
def test_an_account_pickles_to_an_equal_one(account: lc.Account) -> None:
    copied = pickle.loads(pickle.dumps(account))
    day = account.loan.dates[-1]
    assert copied == account
    assert copied.as_of(day) == account.as_of(day)


def test_events_without_an_id_are_numbered_in_the_order_of_the_list() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-03-15", 5), lc.Payment("2026-02-15", 5), lc.Payment("2026-01-15", 5)])
    assert [(event.id, event.sequence) for event in account.events] == [("e3", 2), ("e2", 1), ("e1", 0)]


def test_new_events_are_booked_after_those_there_are() -> None:
    account = lc.Account(LOAN).with_payment("2026-02-15", DUE).with_payment("2026-02-15", 1)
    assert [(event.id, event.sequence) for event in account.events] == [("e1", 0), ("e2", 1)]
    assert len(lc.Account(LOAN).events) == 0


def test_a_payment_on_its_due_date_is_in_time() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-15", DUE)])
    assert [account.as_of(day).days_past_due for day in ("2026-02-15", "2026-02-16")] == [0, 0]
    assert [lc.Account(LOAN).as_of(day).days_past_due for day in ("2026-02-15", "2026-02-16")] == [0, 1]


def test_booking_does_not_move_the_value_date() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-15", DUE, booked="2026-02-20")])
    assert account.as_of("2026-02-18").days_past_due == 0
    assert account.as_of("2026-02-18", known_on="2026-02-18").days_past_due == 3
    assert account.as_of("2026-02-18", known_on="2026-02-20").days_past_due == 0


def test_a_reversal_counts_on_the_day_of_what_it_reverses_once_it_is_known() -> None:
    account = lc.Account(
        LOAN, [lc.Payment("2026-02-15", DUE, id="bounced"), lc.Reversal(of="bounced", booked="2026-02-25")]
    )
    assert account.as_of("2026-02-20").days_past_due == 5
    assert account.as_of("2026-02-20", known_on="2026-02-24").days_past_due == 0
    assert account.receipts == ()


def test_a_reversed_reversal_leaves_the_payment() -> None:
    events = [
        lc.Payment("2026-02-15", DUE, id="paid"),
        lc.Reversal(of="paid", booked="2026-02-20", id="mistake"),
        lc.Reversal(of="mistake", booked="2026-02-21"),
    ]
    account = lc.Account(LOAN, events)
    assert [event.id for event in in_force(account.events)] == ["paid"]
    assert in_force(account.events, date(2026, 2, 20)) == []
    assert [event.id for event in in_force(account.events, date(2026, 2, 19))] == ["paid"]


def test_what_a_reversed_reversal_left_can_be_reversed_again() -> None:
    events = [
        PAID,
        lc.Reversal("paid", booked="2026-02-20", id="mistake"),
        lc.Reversal("mistake", booked="2026-02-21"),
        lc.Reversal("paid", booked="2026-02-22"),
    ]
    account = lc.Account(LOAN, events)
    counted = {day: in_force(account.events, date(2026, 2, day)) for day in (19, 20, 21, 22)}
    assert {day: len(events) for day, events in counted.items()} == {19: 1, 20: 0, 21: 1, 22: 0}


def test_one_event_needs_no_list() -> None:
    assert lc.Account(LOAN, PAID) == lc.Account(LOAN, [PAID])


def test_a_waiver_lets_go_of_the_oldest_first() -> None:
    account = lc.Account(LOAN, [lc.Waiver("2026-03-20", "interest", "150.00")])
    first, second, *_ = account.as_of("2026-03-20").installments
    assert (str(first.waived), str(second.waived)) == ("interest 120.00", "interest 30.00")
    assert str(account.as_of("2026-03-20").past_due) == "interest 80.54, principal 1901.84"


def test_money_too_early_is_held_and_applied_on_the_due_date() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-01", "1100.00")])
    assert str(account.as_of("2026-02-14").credit) == "1100.00"
    assert str(account.as_of("2026-02-15").credit) == "33.81"
    receipt = account.receipts_as_of("2026-02-15")[0]
    assert str(receipt) == "2026-02-01 payment 1100.00: interest 120.00, principal 946.19; held as credit 33.81"
    assert {line.on for line in receipt.lines} == {date(2026, 2, 15)}


def test_early_money_is_applied_at_once_if_so_agreed() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, early="apply")
    position = lc.Account(loan, [lc.Payment("2026-02-01", "1100.00")]).as_of("2026-02-01")
    assert str(position.credit) == "0.00"
    assert str(position.outstanding_principal) == "11053.81"
    # installment 1 is covered, and 33.81 of the interest of installment 2
    assert position.next_due == (date(2026, 3, 15), Decimal("1032.38"))


def test_a_penalty_is_not_assessed_if_the_money_comes_on_its_day() -> None:
    late = lc.LateTerms(penalties=[lc.Penalty(25)])
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=late)
    for day, owed in (("2026-02-16", "0.00"), ("2026-02-17", "25.00")):
        assert str(lc.Account(loan, [lc.Payment(day, DUE)]).as_of("2026-02-20").past_due.total) == owed


def test_the_quote_on_the_day_of_a_penalty_pays_off() -> None:
    late = lc.LateTerms(penalties=[lc.Penalty(25)])
    account = lc.Account(lc.Loan(1200, "12%", "2026-01-15", installments=12, late=late))
    quote = account.payoff("2026-02-16")
    for closed in (account.with_payment("2026-02-16", quote), account.with_events(lc.Payoff("2026-02-16"))):
        assert closed.as_of("2026-02-16").is_closed
        assert closed.as_of("2026-02-16").payoff == 0


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: lc.Payment("31/02/2026", 5), InvalidDate, "payment.on: got '31/02/2026'"),
        (lambda: lc.Payment("2026-02-29", 5), InvalidDate, "payment.on: got '2026-02-29'"),
        (lambda: lc.Payment(datetime(2026, 2, 15, 8), 5), InvalidDate, "payment.on: got datetime"),
        (lambda: lc.Payment(datetime(2026, 2, 15, tzinfo=UTC), 5), InvalidDate, "payment.on: got datetime"),
        (lambda: lc.Payment("2026-02-15", 5, booked="soon"), InvalidDate, "payment.booked: got 'soon'"),
        (lambda: lc.Payment("2026-02-15", 0), InvalidEvent, "payment.amount: got 0; expected more than 0"),
        (lambda: lc.Payment("2026-02-15", "-5"), InvalidEvent, "payment.amount: got -5"),
        (lambda: lc.Payment("2026-02-15", float("nan")), InvalidAmount, "payment.amount: got nan"),
        (lambda: lc.Payment("2026-02-15", float("inf")), InvalidAmount, "payment.amount: got inf"),
        (lambda: lc.Payment("2026-02-15", True), InvalidAmount, "payment.amount: got True"),
        (lambda: lc.Payment("2026-02-15", "all"), InvalidAmount, "payment.amount: got 'all'"),
        (lambda: lc.Waiver("2026-02-15", "intrest", 5), UnknownName, "waiver.component: got 'intrest'; nearest: "),
        (lambda: lc.Waiver("2026-02-15", "interest", 0), InvalidEvent, "waiver.amount: got 0"),
        (lambda: lc.Reversal(of="", booked="2026-02-15"), InvalidEvent, "reversal.of: got ''"),
        (lambda: lc.Reversal(of=lc.Payoff("2026-02-15"), booked="2026-02-15"), InvalidEvent, "reversal.of: got Payoff"),
        (lambda: lc.Reversal(of="e1", booked=None), InvalidDate, "reversal.booked: got None"),
        (lambda: lc.Payoff("tomorrow"), InvalidDate, "payoff.on: got 'tomorrow'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_event_is_refused_by_field_and_value(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error) as refusal:
        make()
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    ("events", "error", "message"),
    [
        ([PAID, PAID], InvalidEvent, "id: got 'paid' twice"),
        ([PAID, lc.Reversal(of="pay", booked="2026-03-01")], InvalidEvent, "reversal.of: got 'pay'; accepted: "),
        ([lc.Payment("2026-01-14", 5)], InvalidEvent, "Payment('2026-01-14', '5', id='e1'"),
        ([lc.Payoff("2025-12-31")], InvalidEvent, "Payoff('2025-12-31', id='e1'"),
        (["2026-02-15"], InvalidEvent, "events[0]: got '2026-02-15'; expected Payment, Payoff, Draw"),
        ("2026-02-15", InvalidEvent, "events: got '2026-02-15'; expected an event (Payment, Payoff, Draw"),
        (None, InvalidEvent, "events: got None; expected an event (Payment"),
        (
            [PAID, lc.Reversal("paid", booked="2026-02-14")],
            InvalidEvent,
            "reversal.of: got 'paid'; 'paid' was booked 2026-02-15, the reversal before; expected a later day",
        ),
        (
            [PAID, lc.Reversal("paid", booked="2026-03-01"), lc.Reversal("paid", booked="2026-03-02", id="again")],
            InvalidEvent,
            "reversal.of: got 'paid'; 'e2' takes it back already; expected one reversal of an event",
        ),
        (
            [PAID, lc.Reversal("b", booked="2026-03-01", id="a"), lc.Reversal("a", booked="2026-03-01", id="b")],
            InvalidEvent,
            "reversal.of: got 'b'; 'b' was booked 2026-03-01, the reversal before",
        ),
        ([lc.Payment("2026-02-15", "5.001")], InvalidAmount, "payment.amount: got 5.001; expected at most 2 decimals"),
        ([lc.Waiver("2026-02-15", "fee", "5.001")], InvalidAmount, "waiver.amount: got 5.001"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_account_refuses_what_cannot_have_happened(events: Any, error: Any, message: str) -> None:
    with pytest.raises(error) as refusal:
        lc.Account(LOAN, events)
    assert str(refusal.value).startswith(message)


def test_an_account_is_of_a_loan() -> None:
    with pytest.raises(LoanError, match=r"^loan: got 'loan'; expected a Loan"):
        lc.Account("loan")


def test_a_waiver_of_more_than_is_owed_is_refused_with_what_is() -> None:
    account = lc.Account(LOAN, [lc.Waiver("2026-02-20", "interest", 500)])
    with pytest.raises(InvalidEvent, match=r"got 500; expected at most 120\.00, the interest owed on 2026-02-20"):
        account.as_of("2026-02-20")


def test_a_payoff_of_less_than_nothing_is_refused() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-01", 20_000), lc.Payoff("2026-02-10")])
    with pytest.raises(InvalidEvent, match=r"holds 7899\.35 more than is owed.*; there is nothing to pay off"):
        account.as_of("2026-02-10")
