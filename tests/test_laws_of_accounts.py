"""Laws of accounts: what may not depend on the order, the day or the way in which things were told and asked."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import fields
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.testing import accounts, loans

days_after = st.integers(0, 900)


def days_of(account: lc.Account) -> list[date]:
    """The days on which something happens or is due, the days around them, and one long after."""
    loan = account.loan
    happened = {event.on for event in account.events} | {event.booked for event in account.events}
    key = happened | set(loan.dates) | {loan.dates[-1] + timedelta(200)}
    near = {day + timedelta(shift) for day in key for shift in (0, 1, 5)}
    return sorted(day for day in near if day >= loan.start)


def positions_of(account: lc.Account, days: Iterable[date] | None = None) -> tuple[lc.Position, ...]:
    return account.on_days(sorted(days) if days is not None else days_of(account))


@given(accounts(), st.randoms(use_true_random=False))
def test_any_permutation_of_the_event_list_gives_the_same_account(account: lc.Account, random: Random) -> None:
    shuffled = list(account.events)
    random.shuffle(shuffled)
    other = lc.Account(account.loan, shuffled)
    assert other == account
    assert hash(other) == hash(account)
    assert positions_of(other) == positions_of(account)
    assert other.receipts == account.receipts


@given(accounts())
def test_a_position_is_the_same_asked_alone_or_with_others(account: lc.Account) -> None:
    days = days_of(account)
    together = account.on_days(days[::-1])[::-1]
    alone = tuple(lc.Account(account.loan, account.events).as_of(day) for day in days)
    assert together == alone


@given(accounts())
def test_what_bureaus_count_from_is_what_the_positions_say(account: lc.Account) -> None:
    days = days_of(account)
    for position, standing in zip(account.on_days(days), account.standings(days), strict=True):
        for name in ("as_of", "oldest_unpaid_due", "days_past_due", "delinquent_days", "is_closed", "ending"):
            assert getattr(standing, name) == getattr(position, name)
        first = position.as_of.replace(day=1)
        assert standing.due == tuple(item for item in position.figures.items if first <= item.due <= position.as_of)


@given(accounts(), st.randoms(use_true_random=False))
def test_a_position_is_the_same_whatever_was_asked_before(account: lc.Account, random: Random) -> None:
    days = days_of(account)
    random.shuffle(days)
    for day in days:
        assert account.as_of(day) == lc.Account(account.loan, account.events).as_of(day)


def test_threads_that_ask_one_account_get_the_positions_of_their_days() -> None:
    late = lc.LateTerms(interest=lc.LateInterest(rate="1.5x", day_count="ACT/360", compound="interest"))
    loan = lc.Loan(36_000, "12%", "2023-01-15", installments=36, late=late)
    paid = [lc.Payment(due + timedelta(9), 1_000) for due in loan.dates[1:]]
    days = [loan.start + timedelta(7 * week) for week in range(160)]
    alone = {day: lc.Account(loan, paid).as_of(day) for day in days}
    account = lc.Account(loan, paid)
    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(account.as_of, [*days[::2], *days[1::2]]))
    assert all(position == alone[position.as_of] for position in asked)
    assert len(asked) == len(days)


def test_a_copy_of_an_account_begins_without_what_was_computed() -> None:
    account = lc.Account(lc.Loan(12_000, "12%", "2026-01-15", installments=12), [lc.Payment("2026-02-15", 500)])
    before = account.as_of("2026-06-01")
    assert len(pickle.dumps(account)) < len(pickle.dumps((account.loan, account.events))) + 100
    assert deepcopy(account).as_of("2026-06-01") == pickle.loads(pickle.dumps(account)).as_of("2026-06-01") == before


@given(accounts(), days_after)
def test_an_event_that_touches_nothing_changes_nothing(account: lc.Account, after: int) -> None:
    costs = [e.id for e in account.events if isinstance(e, lc.Charge) and e.component == "cost"]
    for charged in costs:
        account = account.without(str(charged))
    # no cost is owed now: the waiver only makes the replay stop on its day
    on = account.loan.start + timedelta(after)
    other = account.with_events(lc.Waiver(on, "cost", "all"))
    days = days_of(account)
    assert positions_of(other, days) == positions_of(account, days)


@pytest.mark.parametrize("base", ["principal", "principal+interest"])
@pytest.mark.parametrize("installments", [1, 2, 8])
def test_a_question_inside_a_deferred_grace_changes_nothing(base: str, installments: int) -> None:
    late = lc.LateTerms(lc.LateInterest("18%", day_count="ACT/360", base=base), grace=lc.Grace(5, "deferred"))
    loan = lc.Loan(
        40_000, "0.071%/day", "2026-01-01", installments=installments, every="1 month", accrual="daily", late=late
    )
    days = [loan.dates[-1] + timedelta(day) for day in range(9)] + [loan.dates[1] + timedelta(day) for day in range(9)]
    together = lc.Account(loan).on_days(days)
    alone = tuple(lc.Account(loan).as_of(day) for day in days)
    assert [position.lines for position in together] == [position.lines for position in alone]
    assert together == alone


@given(accounts())
def test_backdating_equals_having_known(account: lc.Account) -> None:
    told_in_time = lc.Account(account.loan, [at_once(event) for event in account.events])
    days = days_of(account)
    assert positions_of(told_in_time, days) == positions_of(account, days)


def at_once(event: lc.Event) -> lc.Event:
    """The event as if booked on its value date; a reversal has none of its own."""
    if isinstance(event, lc.Reversal):
        return event
    return type(event)(**{field.name: getattr(event, field.name) for field in fields(event) if field.name != "booked"})


@given(accounts())
def test_before_its_booking_an_event_is_not_known(account: lc.Account) -> None:
    bookings = sorted({event.booked for event in account.events})
    for booked in bookings:
        known = [event for event in account.events if event.booked < booked]
        then = lc.Account(account.loan, known)
        eve = booked - timedelta(1)
        for day in (account.loan.start, booked, account.loan.dates[-1]):
            if day >= account.loan.start:
                assert account.as_of(day, known_on=eve).figures == then.as_of(day).figures


@given(accounts())
def test_what_is_reversed_never_happened(account: lc.Account) -> None:
    gone = {event.of for event in account.events if isinstance(event, lc.Reversal)}
    rest = [e for e in account.events if not isinstance(e, lc.Reversal) and e.id not in gone]
    days = days_of(account)
    assert positions_of(lc.Account(account.loan, rest), days) == positions_of(account, days)


@given(accounts(), days_after, st.decimals(1, 10_000, places=0))
def test_a_payment_and_its_reversal_change_nothing(account: lc.Account, after: int, amount: Decimal) -> None:
    on = account.loan.start + timedelta(after)
    paid = lc.Payment(on, amount, id="mistake")
    other = account.with_events(paid, lc.Reversal("mistake", booked=on))
    days = days_of(account)
    assert positions_of(other, days) == positions_of(account, days)
    assert other.receipts == account.receipts


@given(accounts())
def test_principal_is_conserved_at_every_moment(account: lc.Account) -> None:
    lent = Fraction(account.loan.principal)
    for position in positions_of(account):
        settled = sum(
            Fraction(item.paid.principal + item.waived.principal + item.written_off.principal)
            for item in position.installments
        )
        assert settled + Fraction(position.outstanding_principal) == lent, position.as_of


@given(accounts())
def test_no_component_is_ever_owed_less_than_nothing(account: lc.Account) -> None:
    for position in positions_of(account):
        figures = position.figures
        assert min(*figures.past_due, *figures.due, *figures.cut) >= 0
        assert min(figures.undue, figures.accrued, figures.credit) >= 0
        for item in figures.items:
            assert min(*item.agreed, *item.paid, *item.waived, *item.written_off, *item.cut, *item.owed) >= 0
        assert position.next_due is None or position.next_due.amount > 0


@given(accounts())
def test_what_a_payment_settled_and_its_credit_sum_to_it(account: lc.Account) -> None:
    for receipt in account.receipts:
        if receipt.returned == 0:
            assert receipt.parts.total + receipt.credit == receipt.amount
        assert receipt.parts.total + receipt.credit <= receipt.amount
        assert sum((line.amount for line in receipt.lines), Decimal(0)) == receipt.parts.total
        assert all(line.amount > 0 and line.on >= receipt.on for line in receipt.lines)


@given(accounts())
def test_money_received_is_settled_or_held(account: lc.Account) -> None:
    for position in positions_of(account):
        receipts = account.receipts_as_of(position.as_of)
        received = sum((receipt.amount - receipt.returned for receipt in receipts), Decimal(0))
        settled = sum((item.paid.total for item in position.installments), Decimal(0))
        assert received == settled + position.credit
        assert sum((receipt.credit for receipt in receipts), Decimal(0)) == position.credit


@given(accounts())
def test_days_past_due_count_from_the_oldest_unpaid_due_date(account: lc.Account) -> None:
    for position in positions_of(account):
        unpaid = [item.due for item in position.installments if item.state in ("past due", "partly paid", "due")]
        assert position.oldest_unpaid_due == min(unpaid, default=None)
        counted = (position.as_of - min(unpaid)).days if unpaid else 0
        assert position.days_past_due == counted
        assert position.installments_past_due == sum(due < position.as_of for due in unpaid)
        grace = account.loan.late.grace if account.loan.late else None
        waits = grace.days if grace and grace.kind == "status-only" else 0
        assert position.delinquent_days == (0 if counted <= waits else counted)


@given(loans(), st.integers(0, 300), st.integers(1, 90), st.integers(1, 20))
def test_money_that_settles_only_a_fee_ends_no_line_of_late_interest(
    loan: lc.Loan, late: int, after: int, units: int
) -> None:
    loan = with_terms(loan, allocation="cost-interest-principal", fees=[lc.Fee(30, each="installment")])
    paid_on = loan.dates[1] + timedelta(late)
    day = paid_on + timedelta(after)
    silent, paying = lc.Account(loan), lc.Account(loan, [lc.Payment(paid_on, units)])
    before, then = silent.as_of(day).past_due, paying.as_of(day).past_due
    penalties = before.penalty - then.penalty  # a percentage of an installment may be assessed in between
    assert penalties == 0
    assert then.fee == before.fee - units
    assert [then[name] for name in _BESIDE_FEES] == [before[name] for name in _BESIDE_FEES]
    assert paying.as_of(day).lines == silent.as_of(day).lines


_BESIDE_FEES = ("compound_interest", "late_interest", "interest", "principal")


@given(accounts())
def test_the_callers_decimal_context_has_no_say(account: lc.Account) -> None:
    days = days_of(account)
    wide = [(str(p), p.explain(), p.assumptions, p.payoff, p.past_due.total) for p in positions_of(account, days[::3])]
    receipts = [str(receipt) for receipt in account.receipts]
    with localcontext(Context(prec=3)):
        again = lc.Account(account.loan, account.events)
        narrow = [
            (str(p), p.explain(), p.assumptions, p.payoff, p.past_due.total) for p in positions_of(again, days[::3])
        ]
        assert narrow == wide
        assert [str(receipt) for receipt in again.receipts] == receipts


@given(loans(accruals=["daily"]))
def test_a_daily_loan_paid_to_plan_reproduces_its_plan(loan: lc.Loan) -> None:
    plan = loan.schedule()
    account = lc.Account(loan, [lc.Payment(row.due, row.payable) for row in plan if row.payable])
    for row in plan:
        position = account.as_of(row.due)
        assert position.outstanding_principal == row.balance
        assert (position.days_past_due, position.past_due.total, position.due.total) == (0, 0, 0)
        item = position.installments[row.number - 1]
        assert (item.paid.principal, item.paid.interest, item.paid.fee) == (
            row.principal,
            row.interest,
            row.fee + row.tax,
        )
    end = account.as_of(loan.dates[-1] + timedelta(100))
    assert end.is_closed
    assert (end.payoff, end.credit) == (0, 0)


@given(loans(accruals=["scheduled"]))
def test_a_scheduled_loan_paid_to_plan_closes_at_its_last_due_date(loan: lc.Loan) -> None:
    plan = loan.schedule()
    account = lc.Account(loan, [lc.Payment(row.due, row.payable) for row in plan if row.payable])
    for row in plan:
        position = account.as_of(row.due)
        assert position.outstanding_principal == row.balance
        assert (position.days_past_due, position.past_due.total, position.due.total) == (0, 0, 0)
    assert account.as_of(plan[-1].due).is_closed


@pytest.mark.parametrize("name", ["as_of", "payoff"])
def test_nothing_is_asked_before_the_start(name: str) -> None:
    account = lc.Account(lc.Loan(1200, "12%", "2026-01-15", installments=12))
    with pytest.raises(lc.InvalidDate, match=r"as_of: got 2026-01-14; expected 2026-01-15"):
        getattr(account, name)("2026-01-14")
