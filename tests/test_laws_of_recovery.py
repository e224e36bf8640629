"""Laws of the ways to recover, over methods, accruals, moratoriums, later pay-outs, caps and changes of one day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import LoanError

START = date(2026, 1, 15)
METHODS: tuple[Any, ...] = ("annuity", "equal_principal", "interest_only", lc.Graduated(ratio="2%"), lc.Balloon(3_000))
ON_ORIGINAL: tuple[Any, ...] = ("flat", "rule_of_78")
INTEREST = lc.LateInterest(rate="18%", day_count="ACT/360", compound="interest")
LATE = lc.LateTerms(interest=INTEREST, penalties=[lc.Penalty(amount=20)])
CAPPED = lc.LateTerms(
    interest=INTEREST,
    penalties=[lc.Penalty(amount=20)],
    caps=[lc.Cap(amount=400, covers=["interest", "late_interest", "compound_interest", "penalty"])],
)

rates = st.sampled_from(["0%", "3.5%", "11.99%", "24%"])
accruals = st.sampled_from(["scheduled", "daily"])
days = st.integers(1, 330).map(lambda count: START + timedelta(count))
amounts = st.integers(1, 300_000).map(lambda minor: Decimal(minor).scaleb(-2))


def loan_of(method: Any, rate: Any, accrual: str, **terms: Any) -> lc.Loan:
    day_count = "ACT/365F" if accrual == "daily" else None
    made: dict[str, Any] = {"installments": 12, "late": LATE, **terms}
    return lc.Loan(12_000, rate, START, method=method, accrual=accrual, day_count=day_count, **made)


# Loans, ways to recover, and what else happens


@st.composite
def loans(draw: st.DrawFn) -> lc.Loan:
    """A loan over twelve months with some of what its plan may have beside the method."""
    accrual = draw(accruals)
    method = draw(st.sampled_from(METHODS if accrual == "daily" else METHODS + ON_ORIGINAL))
    terms: dict[str, Any] = {"late": draw(st.sampled_from([LATE, LATE, CAPPED]))}
    rate: Any = draw(rates)
    extra = draw(st.sampled_from(["", "", "tranche", "down payment", "moratorium", "path", "fees"]))
    if extra in ("tranche", "down payment") and method != "rule_of_78":
        down = "20%" if extra == "down payment" and accrual == "scheduled" else None
        terms["tranches"] = [lc.Tranche(draw(days), draw(st.integers(1, 6_000)), down_payment=down)]
    elif extra == "moratorium":
        kinds = ["paid", "carried", "capitalized"] + ([] if accrual == "daily" else ["spread", "last", "forgiven"])
        terms["moratorium"] = lc.Moratorium(draw(st.integers(1, 5)), draw(st.sampled_from(kinds)))
    elif extra == "path":
        keep = draw(st.sampled_from(["term", "payment"])) if method == "annuity" else "term"
        rate = lc.RatePath(rate, {draw(days): draw(rates)}, keep=keep)
    elif extra == "fees":
        terms["fees"] = [lc.Fee(3, each="installment"), lc.Fee(30, each="year")]
    return loan_of(method, rate, accrual, **terms)


@st.composite
def ways(draw: st.DrawFn, on: date | None = None) -> Any:
    """A way to recover that takes nothing off the debt, on a day."""
    on = draw(days) if on is None else on
    overdue = draw(st.sampled_from(["keep", "capitalize", {"principal": "capitalize", "interest": "next"}]))
    if isinstance(overdue, dict):
        rest = draw(st.sampled_from(["keep", "next"]))
        overdue = overdue | dict.fromkeys(["fee", "penalty", "late_interest", "compound_interest"], rest)
    kind = draw(st.integers(0, 4))
    if kind == 0:
        interest = draw(st.sampled_from(["next", "capitalize", "spread", "last", "waive"]))
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


@st.composite
def changes(draw: st.DrawFn, on: date) -> lc.Event:
    """What else may be agreed, on a day or a little after it."""
    day = on + timedelta(draw(st.sampled_from([0, 0, 3, 40])))
    keep = draw(st.sampled_from(["term", "payment"]))
    return draw(
        st.one_of(
            st.builds(lc.RateChange, st.just(day), rates, keep=st.just(keep)),
            st.just(lc.InterestPause(day, day + timedelta(20), keep=keep)),
            st.builds(lc.Draw, st.just(day), amounts),
            st.builds(lc.Charge, st.just(day), st.sampled_from(["cost", "fee"]), amounts),
        )
    )


@st.composite
def stories(draw: st.DrawFn) -> lc.Account | None:
    """An account with one or two ways to recover; None where the story cannot happen."""
    made = draw(
        st.lists(st.tuples(st.integers(1, 400).map(lambda count: START + timedelta(count)), amounts), max_size=4)
    )
    events: list[lc.Event] = [lc.Payment(on, amount) for on, amount in made]
    for _ in range(draw(st.integers(1, 2))):
        way = draw(ways(on=draw(st.sampled_from([date(2026, 2, 15), date(2026, 4, 14), date(2026, 6, 16)]) | days)))
        events += [way, *draw(st.lists(changes(way.on), max_size=2))]
    loan = draw(loans())
    try:
        account = lc.Account(loan, events)
        account.as_of(START + timedelta(800))
    except LoanError:
        return None
    return account


@given(account=stories())
def test_the_payoff_of_the_day_is_what_it_was_without_the_new_plan(account: lc.Account | None) -> None:
    if account is None:
        return
    kinds = lc.Deferral | lc.Extension | lc.Reamortization | lc.Reaging | lc.Restructuring
    new = [event for event in account.events if isinstance(event, kinds)][-1]
    known = account.events[: account.events.index(new) + 1]  # what was agreed before it on its day stands
    after = lc.Account(account.loan, known)
    before = lc.Account(account.loan, [event for event in known if event is not new])
    was, now = before.as_of(new.on), after.as_of(new.on)
    assert now.payoff == was.payoff
    if isinstance(new, lc.Deferral | lc.Extension):
        assert (now.oldest_unpaid_due, now.past_due) == (was.oldest_unpaid_due, was.past_due)


@given(account=stories(), end=st.integers(0, 700))
def test_principal_is_conserved_and_a_payoff_leaves_nothing(account: lc.Account | None, end: int) -> None:
    if account is None:
        return
    for count in range(0, 700, 61):
        position = account.as_of(START + timedelta(count))
        rows = position.figures.items
        settled = sum(row.paid[6] + row.waived[6] + row.written_off[6] for row in rows)
        outstanding = position.figures.undue + sum(row.owed[6] for row in rows)
        assert settled + outstanding == position.figures.advanced + position.figures.capitalized
        assert all(amount >= 0 for row in rows for amount in (*row.owed, *row.paid, *row.agreed[5:]))
        due = [row for row in rows if row.due < position.as_of]
        assert all(sum(row.agreed[6:]) == row.paid[6] + row.moved[6] + row.owed[6] for row in due)
    last = max([START + timedelta(end), *(event.on for event in account.events)])
    closed = account.with_events(lc.Payoff(last)).as_of(last + timedelta(40))
    assert closed.is_closed
    assert closed.payoff == 0


@given(account=stories())
def test_the_rows_ahead_repay_what_is_not_due(account: lc.Account | None) -> None:
    """On loans whose interest stands as planned, where nothing more is paid out or joins the principal on the way."""
    if account is None or account.loan.accrual == "daily":
        return
    last, waits = max(event.on for event in account.events), account.loan.moratorium
    capitalizes = (waits and waits.interest == "capitalized") or any(
        isinstance(event, lc.Deferral) and event.interest == "capitalize" for event in account.events
    )
    if capitalizes or any(tranche.on > last for tranche in account.loan.tranches):
        return
    figures = account.as_of(last).figures
    ahead = [row for row in figures.items if row.due > last]
    assert sum(row.agreed[6] - row.paid[6] - row.waived[6] for row in ahead) == figures.undue


@settings(max_examples=settings().max_examples // 4)
@given(account=stories())
def test_whoever_pays_what_is_due_from_then_on_ends_with_nothing(account: lc.Account | None) -> None:
    if account is None:
        return
    asked, account = 0, lc.Account(
        account.loan, [event for event in account.events if not isinstance(event, lc.Payment)]
    )  # fmt: skip
    try:
        while (due := account.as_of(_reached(account)).next_due) and asked < 60:
            account, asked = account.with_payment(due.date, due.amount), asked + 1
    except LoanError:
        return
    position = account.as_of(_reached(account))
    if position.past_due.total:  # charged to an installment after it was paid, so that it was never due next
        position = account.with_payment(position.as_of, position.past_due.total).as_of(position.as_of)
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
    """One that lets interest go leaves that of the nights before it: there, only on the first day."""
    at = 0 if interest == "waive" else at
    loan = lc.Loan(12_000, rate, START, installments=12, method=method)
    other = lc.Loan(12_000, rate, START, installments=12, method=method, moratorium=lc.Moratorium(count, waits))
    heard = lc.Account(loan, [lc.Deferral(START + timedelta(at), count, interest=interest, term="same")])
    for day in (START + timedelta(step) for step in range(15, 400, 23)):
        ours, theirs = heard.as_of(day), lc.Account(other).as_of(day)
        assert ours.figures.items == theirs.figures.items
        assert ours.payoff == theirs.payoff


@given(
    method=st.sampled_from((*METHODS, "flat")),
    rate=rates,
    accrual=accruals,
    waits=st.integers(1, 3),
    count=st.integers(1, 14),
    at=st.integers(0, 80),
    day_count=st.sampled_from(["ACT/365F", "30E/360"]),
)
def test_a_new_plan_of_the_day_on_which_interest_is_let_go_is_that_plan_alone(
    method: Any, rate: str, accrual: str, waits: int, count: int, at: int, day_count: str
) -> None:
    """No night passes in which interest is let go."""
    accrual = "scheduled" if method == "flat" else accrual
    loan = lc.Loan(12_000, rate, START, installments=12, method=method, accrual=accrual, day_count=day_count)
    day = START + timedelta(at)
    overdue = {"principal": "capitalize", "interest": "next"}
    anew = lc.Restructuring(day, installments=count, overdue=overdue)
    alone, both = lc.Account(loan, [anew]), lc.Account(loan, [lc.Deferral(day, waits, interest="waive"), anew])
    ours, theirs = ([(row.due, row.agreed) for row in account.schedule(day)] for account in (both, alone))
    assert ours == theirs
    assert both.as_of(day).payoff == alone.as_of(day).payoff


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
