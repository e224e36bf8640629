"""What a loan accrues by makes no difference to a borrower who pays on time, whatever becomes of the plan."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import LoanError

START = date(2026, 1, 1)
RATES, KEEPS = st.sampled_from(["0.05%/day", "0.1%/day", "0.15%/day"]), st.sampled_from(["term", "payment"])


@st.composite
def changes(draw: st.DrawFn, day: date) -> lc.Event:
    """Something that changes the plan of a loan of which nothing is past due."""
    few, later = st.integers(1, 3), st.integers(1, 40).map(lambda nights: day + timedelta(nights))
    return draw(
        st.one_of(
            st.builds(lc.RateChange, st.just(day), RATES, keep=KEEPS),
            st.builds(
                lambda nights, keep: lc.InterestPause(day, day + timedelta(nights), keep=keep), st.integers(1, 40), KEEPS
            ),
            st.builds(lc.Draw, st.just(day), st.integers(1, 300)),
            st.builds(
                lc.Deferral, st.just(day), few, interest=st.sampled_from(["next", "capitalize", "waive"]),
                term=st.sampled_from(["longer", "same"]),
            ),
            st.builds(lc.Extension, st.just(day), few),
            st.builds(lc.Reamortization, st.just(day)),
            st.builds(
                lc.Restructuring, st.just(day), installments=st.integers(1, 6), rate=st.none() | RATES,
                first_due=st.none() | later,
            ),
            st.builds(lc.Reaging, st.just(day), first_due=later, installments=st.integers(1, 6)),
        )
    )  # fmt: skip


def paid_on_time(account: lc.Account, since: date, until: date) -> tuple[lc.Account, list[lc.NextDue]]:
    """The account with a payment of what is due next on each of its dates, and those payments."""
    paid, due = list[lc.NextDue](), account.as_of(since).next_due
    while due is not None and due.date < until:
        paid.append(due)
        account = account.with_payment(due.date, due.amount) if due.amount else account
        due = account.as_of(due.date).next_due
    return account, paid


@given(st.data(), st.integers(2, 6), st.sampled_from(["annuity", "equal_principal", "interest_only"]))
def test_a_loan_paid_on_time_asks_for_the_same_money_by_nights_and_by_its_plan_whatever_changes(
    data: st.DataObject, count: int, method: str
) -> None:
    """One change a day: two rate changes of one day say only once what they keep."""
    terms = {"installments": count, "every": "30 days", "method": method}
    one, other = (lc.Account(lc.Loan(1000, "0.1%/day", START, accrual=a, **terms)) for a in ("scheduled", "daily"))
    since = START
    for gap in data.draw(st.lists(st.integers(1, 45), max_size=4)):
        day = since + timedelta(gap)
        (one, paid), (other, same) = (paid_on_time(account, since, day) for account in (one, other))
        assert paid == same
        since, event = day, data.draw(changes(day))
        try:
            changed = one.with_events(event)
            changed.as_of(day)
        except LoanError:
            continue
        one, other = changed, other.with_events(event)
        assert one.payoff(day) == other.payoff(day)
    end = date(2040, 1, 1)
    assert paid_on_time(one, since, end)[1] == paid_on_time(other, since, end)[1]
