"""An account seen in other ways: without an event, as it was known, month by month, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidEvent, LoanError
from loancalc.testing import accounts

LOAN = lc.Loan(1_200, "12%", "2026-01-15", installments=12)


@given(accounts(), st.integers(0, 400), st.integers(0, 400))
def test_an_account_as_it_was_known_is_one_of_the_events_known(account: lc.Account, known: int, day: int) -> None:
    then, on = account.loan.start + timedelta(known), account.loan.start + timedelta(day)
    try:
        theirs = account.as_of(on, known_on=then)
    except LoanError:
        return
    assert account.known_on(then).as_of(on).figures == theirs.figures


@given(accounts())
def test_an_event_left_out_never_happened(account: lc.Account) -> None:
    paid = [event for event in account.events if isinstance(event, lc.Payment)]
    if not paid:
        return
    name = paid[0].id
    assert name is not None
    rest = account.without(name)
    left = {event.id for event in rest.events}
    assert name not in left
    assert all(getattr(event, "of", None) in {None, *left} for event in rest.events)
    gone = [event for event in account.events if event.id not in left]
    assert all(event.id == name or getattr(event, "of", None) in {other.id for other in gone} for event in gone)


def test_reversals_of_reversals_go_with_the_event_they_lead_to() -> None:
    paid = lc.Payment("2026-02-15", "106.62", id="p")
    chain = [lc.Reversal("p", id="r", booked="2026-02-20"), lc.Reversal("r", id="rr", booked="2026-02-21")]
    account = lc.Account(LOAN, [paid, *chain, lc.Chargeback("2026-03-01", "p", id="c")])
    assert account.without("p").events == ()
    assert [event.id for event in account.without("r").events] == ["p", "c"]


def test_an_event_that_is_not_there_cannot_be_left_out() -> None:
    with pytest.raises(InvalidEvent, match="event_id: got 'march'; accepted: february"):
        lc.Account(LOAN, [lc.Payment("2026-02-15", "106.62", id="february")]).without("march")


def test_month_ends_and_quotes_are_positions() -> None:
    account = lc.Account(LOAN, [lc.Payment("2026-02-15", "106.62")])
    assert [str(p.as_of) for p in account.history("2026-03-30")] == ["2026-01-31", "2026-02-28"]
    assert account.history()[-1].as_of == date(2026, 12, 31)
    quotes = account.payoffs("2026-03-01", 20)
    assert len(quotes) == 21
    assert all(account.payoff(day) == amount for day, amount in quotes.items())
