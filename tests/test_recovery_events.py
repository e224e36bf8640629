"""Ways to recover: deferral, extension, re-amortization, re-aging, restructuring."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidEvent, LoanError

START = date(2026, 1, 15)
METHODS: tuple[Any, ...] = ("annuity", "equal_principal", "interest_only", lc.Graduated(ratio="2%"), lc.Balloon(3_000))
LATE = lc.LateTerms(
    interest=lc.LateInterest(rate="18%", day_count="ACT/360", compound="interest"), penalties=[lc.Penalty(amount=20)]
)

rates = st.sampled_from(["0%", "3.5%", "11.99%", "24%"])
accruals = st.sampled_from(["scheduled", "daily"])
days = st.integers(1, 330).map(lambda count: START + timedelta(count))
amounts = st.integers(1, 300_000).map(lambda minor: Decimal(minor).scaleb(-2))


def loan_of(method: Any, rate: str, accrual: str, **terms: Any) -> lc.Loan:
    day_count = "ACT/365F" if accrual == "daily" else None
    return lc.Loan(
        12_000, rate, START, installments=12, method=method, accrual=accrual, day_count=day_count, late=LATE, **terms
    )


@st.composite
def ways(draw: st.DrawFn) -> Any:
    """A way to recover that takes nothing off the debt, on a day."""
    on, overdue = (
        draw(days),
        draw(st.sampled_from(["keep", "capitalize", {"principal": "capitalize", "interest": "next"}])),
    )
    if isinstance(overdue, dict):
        rest = draw(st.sampled_from(["keep", "next"]))
        overdue |= dict.fromkeys(["penalty", "late_interest", "compound_interest"], rest)
    kind = draw(st.integers(0, 4))
    if kind == 0:
        interest = draw(st.sampled_from(["next", "capitalize"]))
        return lc.Deferral(
            on, draw(st.integers(1, 3)), interest=interest, term=draw(st.sampled_from(["longer", "same"]))
        )
    if kind == 1:
        return lc.Extension(on, draw(st.integers(1, 6)), rate=draw(st.sampled_from([None, "5%"])))
    if kind == 2:
        return lc.Reamortization(on, overdue=overdue)
    first_due, count = on + timedelta(draw(st.integers(1, 70))), draw(st.integers(1, 20))
    if kind == 3:
        return lc.Reaging(on, first_due=first_due, installments=count, overdue=overdue)
    return lc.Restructuring(
        on,
        installments=count + 1,
        first_due=draw(st.sampled_from([None, first_due])),
        rate=draw(st.sampled_from([None, "4%"])),
        method=draw(st.sampled_from([None, "equal_principal", "annuity"])),
        moratorium=draw(st.sampled_from([None, lc.Moratorium(1, "paid")])),
        overdue=overdue,
    )


payments = st.lists(
    st.tuples(st.integers(1, 400).map(lambda count: START + timedelta(count)), amounts), max_size=4
).map(lambda made: [lc.Payment(on, amount) for on, amount in made])
stories = st.tuples(
    st.sampled_from(METHODS), rates, accruals, payments, st.lists(ways(), min_size=1, max_size=2), st.integers(0, 700)
)


def account_of(story: Any) -> lc.Account | None:
    """The account of a story; None where the story cannot happen."""
    method, rate, accrual, made, chosen, _ = story
    account = lc.Account(loan_of(method, rate, accrual), [*made, *chosen])
    try:
        account.as_of(START + timedelta(800))
    except LoanError:
        return None
    return account


@given(story=stories)
def test_the_payoff_of_the_day_is_what_it_was_without_the_new_plan(story: Any) -> None:
    account = account_of(story)
    if account is None:
        return
    new = account.events[max(place for place, event in enumerate(account.events) if not isinstance(event, lc.Payment))]
    known = [event for event in account.events if event.on <= new.on]
    after = lc.Account(account.loan, known)
    before = lc.Account(account.loan, [event for event in known if event is not new])
    was, now = before.as_of(new.on), after.as_of(new.on)
    assert now.payoff == was.payoff
    if isinstance(new, lc.Deferral | lc.Extension):
        assert (now.oldest_unpaid_due, now.past_due) == (was.oldest_unpaid_due, was.past_due)


@given(story=stories)
def test_principal_is_conserved_and_a_payoff_leaves_nothing(story: Any) -> None:
    account = account_of(story)
    if account is None:
        return
    for count in range(0, 700, 61):
        position = account.as_of(START + timedelta(count))
        rows = position.figures.items
        settled = sum(row.paid[6] + row.waived[6] + row.written_off[6] for row in rows)
        outstanding = position.figures.undue + sum(row.owed[6] for row in rows)
        assert settled + outstanding == position.figures.advanced + position.figures.capitalized
        due = [row for row in rows if row.due < position.as_of]
        assert all(sum(row.agreed[6:]) == row.paid[6] + row.moved[6] + row.owed[6] for row in due)
    last = max([START + timedelta(story[5]), *(event.on for event in account.events)])
    closed = account.with_events(lc.Payoff(last)).as_of(last + timedelta(40))
    assert closed.is_closed
    assert closed.payoff == 0


@given(story=stories)
def test_whoever_pays_what_is_due_from_then_on_ends_with_nothing(story: Any) -> None:
    method, rate, accrual, _, chosen, _ = story
    events: list[lc.Event] = list(chosen)
    account, asked = lc.Account(loan_of(method, rate, accrual), events), 0
    try:
        while (due := account.as_of(_reached(account)).next_due) and asked < 60:
            account, asked = account.with_payment(due.date, due.amount), asked + 1
    except LoanError:
        return
    position = account.as_of(_reached(account))
    if not position.past_due.total:
        assert position.is_closed


def _reached(account: lc.Account) -> date:
    return max((event.on for event in account.events if isinstance(event, lc.Payment)), default=START) + timedelta(1)


@pytest.mark.parametrize(
    ("interest", "waits"), [("next", "carried"), ("capitalize", "capitalized"), ("waive", "forgiven")]
)
@given(method=st.sampled_from(METHODS), rate=rates, count=st.integers(1, 5), at=st.integers(0, 14))
def test_a_deferral_in_the_first_period_is_a_moratorium(
    interest: str, waits: str, method: Any, rate: str, count: int, at: int
) -> None:
    loan = lc.Loan(12_000, rate, START, installments=12, method=method)
    other = lc.Loan(12_000, rate, START, installments=12, method=method, moratorium=lc.Moratorium(count, waits))
    heard = lc.Account(loan, [lc.Deferral(START + timedelta(at), count, interest=interest, term="same")])
    for day in (START + timedelta(step) for step in range(15, 400, 23)):
        ours, theirs = heard.as_of(day), lc.Account(other).as_of(day)
        assert ours.figures.items == theirs.figures.items
        assert ours.payoff == theirs.payoff


@given(method=st.sampled_from(METHODS), rate=rates, accrual=accruals, more=st.integers(1, 24), at=st.integers(0, 14))
def test_an_extension_in_the_first_period_is_a_longer_loan(
    method: Any, rate: str, accrual: str, more: int, at: int
) -> None:
    loan, longer = loan_of(method, rate, accrual), lc.Loan(
        12_000, rate, START, installments=12 + more, method=method, accrual=accrual, late=LATE,
        day_count="ACT/365F" if accrual == "daily" else None,
    )  # fmt: skip
    heard = lc.Account(loan, [lc.Extension(START + timedelta(at), more)])
    for day in (START + timedelta(step) for step in range(15, 800, 61)):
        ours, theirs = heard.as_of(day), lc.Account(longer).as_of(day)
        assert ours.figures.items == theirs.figures.items


@given(rate=rates, accrual=accruals, count=st.integers(1, 24), after=st.integers(1, 60), new=rates)
def test_new_dates_from_the_start_are_a_loan_with_those_dates(
    rate: str, accrual: str, count: int, after: int, new: str
) -> None:
    first, day_count = START + timedelta(after), "ACT/365F" if accrual == "daily" else None
    heard = lc.Account(loan_of("annuity", rate, accrual), [
        lc.Restructuring(START, first_due=first, installments=count, rate=new, method="equal principal"),
    ])  # fmt: skip
    agreed = lc.Loan(
        12_000, new, START, first_due=first, installments=count, method="equal_principal", accrual=accrual, late=LATE,
        day_count=day_count,
    )  # fmt: skip
    for day in (START + timedelta(step) for step in range(0, 800, 61)):
        assert heard.as_of(day).figures.items == lc.Account(agreed).as_of(day).figures.items


# By hand: 12 000.00 at 1 % a month over 6 months is 2 070.58 a month. The first payment leaves 10 049.42; a month of
# interest on that is 100.4942 -> 100.49, two months put off 200.98.

PAID = [lc.Payment("2026-02-15", "2070.58")]


def totals(account: lc.Account, on: str = "2026-03-02") -> list[str]:
    return [str(row.agreed.total) for row in account.as_of(on).installments]


@pytest.mark.parametrize(
    ("interest", "rows"),
    [
        ("waive", ["0.00", "0.00", "2070.58", "2070.58", "2070.58", "2070.58", "2070.58"]),
        ("next", ["0.00", "0.00", "2271.56", "2070.58", "2070.58", "2070.58", "2070.58"]),
        # 200.98 in five parts: 40.20, 40.20, 40.20, 40.19, 40.19
        ("spread", ["0.00", "0.00", "2110.78", "2110.78", "2110.78", "2110.77", "2110.77"]),
        ("last", ["0.00", "0.00", "2070.58", "2070.58", "2070.58", "2070.58", "2271.56"]),
        # 10 049.42 + 100.49 = 10 149.91; + 101.50 = 10 251.41, over five months at 1 %: 2 112.20
        ("capitalize", ["0.00", "0.00", "2112.20", "2112.20", "2112.20", "2112.20", "2112.19"]),
    ],
)
def test_two_installments_are_put_off(interest: str, rows: list[str]) -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    account = lc.Account(loan, [*PAID, lc.Deferral("2026-03-01", 2, interest=interest)])
    assert totals(account) == ["2070.58", *rows]
    assert account.as_of("2026-03-02").next_due == (date(2026, 5, 15), Decimal(rows[2]))
    assert account.as_of("2026-05-01").days_past_due == 0


def test_the_payoff_while_installments_are_put_off_holds_what_they_put_off() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    days = ["2026-03-15", "2026-04-15", "2026-05-15", "2026-06-15"]
    account = lc.Account(loan, [*PAID, lc.Deferral("2026-03-01", 2, interest="last")])
    # 10 049.42 + 100.49 on every due date put off and on the next; then the interest of a month on 8 079.33 more
    assert [str(account.as_of(day).payoff) for day in days] == ["10149.91", "10250.40", "10350.89", "10431.68"]


def test_past_due_joins_a_new_plan_as_agreed_for_each_component() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6, late=LATE)
    agreed = {"principal": "capitalize", "interest": "next", "late_interest": "waive", "compound_interest": "waive"}
    account = lc.Account(loan, [*PAID, lc.Reamortization("2026-04-15", overdue=agreed | {"penalty": "next"})])
    position = account.as_of("2026-04-15")
    # past due: installment 2 (1 970.09 + 100.49), a penalty of 20.00; late 1970.09 x 18% x 31/360 = 30.54 is waived.
    # installment 3 falls due that day as planned (1 989.79 + 80.79); 6 089.54 + 1 970.09 = 8 059.63 over three months: 2 740.45
    assert str(position.waived) == "compound_interest 1.56, late_interest 30.54"
    assert totals(account, "2026-04-15") == ["2070.58", "2070.58", "2070.58", "2840.94", "2740.45", "2740.46"]
    assert position.installments[1].state == "rescheduled"
    assert (position.days_past_due, position.oldest_unpaid_due) == (0, date(2026, 4, 15))
    assert position.next_due == (date(2026, 4, 15), Decimal("2070.58"))
    paid = account.with_payment("2026-04-15", "2070.58")
    assert paid.as_of("2026-04-16").next_due == (date(2026, 5, 15), Decimal("2860.94"))


def test_what_is_past_due_and_not_named_is_asked_about() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    with pytest.raises(
        InvalidEvent, match=r"100\.49 of interest is past due; expected overdue to say what becomes of it"
    ):
        lc.Account(loan, [*PAID, lc.Reamortization("2026-03-20", overdue={"principal": "capitalize"})]).as_of(
            "2026-03-20"
        )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: lc.Reamortization("2026-03-20", overdue={"principal": "waive"}), "expected keep, capitalize"),
        (
            lambda: lc.Reamortization("2026-03-20", overdue={"penalty": "spread"}),
            "expected keep, capitalize, next, waive",
        ),
        (lambda: lc.Deferral("2026-03-20", 0, interest="next"), "a whole number of 1 or more"),
        (lambda: lc.Deferral("2026-03-20", 2, interest="later"), "deferral.interest"),
        (lambda: lc.Extension("2026-03-20"), "expected exactly one of them"),
        (lambda: lc.Restructuring("2026-03-20", installments=6, every="2 weeks"), "expected the first new due date"),
    ],
)
def test_terms_that_say_too_little_are_refused(make: Any, message: str) -> None:
    with pytest.raises(LoanError, match=message):
        make()


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (lc.Deferral("2026-07-15", 1, interest="next"), "the last installment is due by then"),
        (lc.Deferral("2026-03-01", 5, interest="next", term="same"), "expected fewer than the 5 left"),
        (lc.Reaging("2026-03-01", first_due="2026-03-01", installments=6), "expected a day after 2026-03-01"),
        (lc.Extension("2026-03-01", end="2027-01-15"), "expected how many installments are added"),
        (lc.Restructuring("2026-09-01", installments=6, overdue="capitalize"), "expected first_due for the new ones"),
        (lc.Restructuring("2026-03-01", installments=6, rate="0.05%/day"), "expected a rate of the same kind"),
    ],
)
def test_what_cannot_be_agreed_on_a_day_is_refused(event: lc.Event, message: str) -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    with pytest.raises(InvalidEvent, match=message):
        lc.Account(loan, [*PAID, event]).as_of("2026-10-01")


def test_a_loan_that_is_paid_at_once_is_extended_to_a_later_day() -> None:
    loan = lc.Loan(10_000, "0.05%/day", "2026-03-01", end="2026-03-31", method="lump_sum")
    longer = lc.Account(loan, [lc.Extension("2026-03-30", end="2026-04-30", rate="0.06%/day")])
    # 29 nights at 5.00, from the night of 30 March on 31 at 6.00
    assert longer.as_of("2026-04-15").next_due == (date(2026, 4, 30), Decimal("10331.00"))
    assert longer.as_of("2026-04-15").days_past_due == 0


def test_flat_interest_goes_on_over_what_was_lent() -> None:
    loan = lc.Loan(12_000, "1%/month", START, installments=6, method="flat")
    account = lc.Account(loan, [lc.Payment("2026-02-15", 2120), lc.Deferral("2026-03-01", 1, interest="next")])
    assert totals(account) == ["2120.00", "0.00", "2220.00", "2120.00", "2120.00", "2120.00", "2120.00"]


@pytest.mark.parametrize("interest", ["paid", "carried", "capitalized"])
@given(method=st.sampled_from(METHODS), rate=rates, waits=st.integers(1, 6), end=st.integers(0, 400))
def test_a_daily_loan_with_a_moratorium_reproduces_its_plan(
    interest: str, method: Any, rate: str, waits: int, end: int
) -> None:
    loan = loan_of(method, rate, "daily", moratorium=lc.Moratorium(waits, interest))
    plan, last = loan.schedule(), START + timedelta(end)
    paid = [lc.Payment(row.due, row.total) for row in plan if row.total and row.due is not None]
    closed = lc.Account(loan, paid).as_of("2027-06-01")
    assert closed.is_closed
    rows = [(row.agreed.principal, row.agreed.interest) for row in closed.installments]
    asked = [(max(Decimal(0), row.principal), row.total - max(Decimal(0), row.principal)) for row in plan]
    assert rows == asked
    known = [payment for payment in paid if payment.on <= last]
    assert lc.Account(loan, [*known, lc.Payoff(last)]).as_of("2027-06-01").is_closed
