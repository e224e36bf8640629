"""Random accounts whose plan changes on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from day_by_day.book import NEW_TERMS
from day_by_day.random_accounts import (
    known_to_the_book,
    one_order,
    possible,
    prepaid_accounts,
    taxes,
    undesignated,
)
from loancalc.errors import LoanError
from loancalc.testing import events, loans, roundings
from loancalc.values.names import COMPONENTS

ANEW = ("reamortization", "reaging", "restructuring")


def _repays_early(event: lc.Event) -> bool:
    return isinstance(event, lc.Payment) and event.effect is not None


@st.composite
def replanned_accounts(draw: st.DrawFn) -> lc.Account:
    """Scheduled loans whose plan changes on the way, once or more, with anything that may happen besides; some of the
    principal may be repaid early.
    """
    loan = draw(
        loans(
            accruals=["scheduled"], methods=["annuity", "equal_principal", "interest_only"], most_installments=6,
            rounding=roundings(residues=["last"], steps=[1, 1, 5]),
        )
    )  # fmt: skip
    fees = draw(st.lists(st.integers(0, 20).map(lambda fee: lc.Fee(fee, each="installment")), max_size=1))
    loan = with_terms(
        loan,
        allocation=draw(one_order()),
        fees=fees,
        taxes=draw(taxes()),
        early=draw(st.sampled_from(["hold", "apply"])),
    )
    money = known_to_the_book(draw(events(loan, payoff=draw(st.booleans()))), charges=False)
    return draw(with_new_terms(loan, [undesignated(event) for event in money]))


@st.composite
def replanned_daily_accounts(draw: st.DrawFn) -> lc.Account:
    """Daily loans whose plan changes on the way, once or more, with something past due or nothing."""
    loan = draw(
        loans(
            accruals=["daily"], methods=["annuity", "equal_principal", "interest_only"], most_installments=6,
            rounding=roundings(residues=["last"], steps=[1, 1, 5]),
        )
    )  # fmt: skip
    early = draw(st.sampled_from(["apply", "hold"]))
    loan = with_terms(loan, allocation=draw(one_order()), fees=(), taxes=draw(taxes()), early=early)
    paid = draw(st.sampled_from([[1], [1], [0, 1, 1, 1], [0]]))
    days = st.integers(0, (loan.dates[-1] - loan.start).days + 60).map(lambda day: loan.start + timedelta(day))
    share = st.integers(1, 30).map(lambda part: int(loan.principal * part / 100))
    happened: list[lc.Event] = [
        lc.Payment(row.due, row.payable) for row in loan.schedule() if row.payable and draw(st.sampled_from(paid))
    ]
    happened += [lc.Payment(on, amount) for on, amount in draw(st.lists(st.tuples(days, share), max_size=3)) if amount]
    return draw(with_new_terms(loan, happened))


@st.composite
def accounts_with_a_moratorium(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Loans that are restructured with a moratorium, with something past due or nothing, and another change before it or after
    it, but for a deferral.
    """
    account = draw(replanned_accounts() if accrual == "scheduled" else replanned_daily_accounts())
    loan = account.loan
    agreed = [event for event in account.events if isinstance(event, NEW_TERMS | lc.Draw)]
    money = [event for event in account.events if event not in agreed and not _repays_early(event)]
    days = st.integers(0, (loan.dates[-1] - loan.start).days - 1).map(lambda day: loan.start + timedelta(day))
    made = draw(plans_begun_anew(loan, draw(days | st.sampled_from(loan.dates[:-1])), kinds=["restructuring"]))
    assert isinstance(made, lc.Restructuring)
    interest = draw(st.sampled_from(["paid", "capitalized", "carried", "spread", "last", "forgiven"]))
    made = replace(
        made,
        id="moratorium",
        installments=made.installments + 1,
        moratorium=lc.Moratorium(draw(st.integers(1, made.installments)), interest),
    )
    account = lc.Account(loan, [*money, made])
    if not possible(account):
        return lc.Account(loan, money)
    for event in agreed[:1]:
        if event.on != made.on and not (isinstance(event, lc.Deferral) and event.on > made.on):
            account = possible(account.with_events(event)) or account
    return account


@st.composite
def accounts_with_agreed_changes(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Loans of which it is agreed from the beginning that the rate changes, nights rest or more is paid out; other changes of the
    plan and principal that is repaid early may come before and after.

    Left out: a charge-off without further interest, after which no rate has a meaning that the plan could be solved by; and a
    prepayment that shortens the plan before more is paid out, perhaps after its end, or before a rate that keeps the payment.
    """
    made = replanned_accounts() if accrual == "scheduled" else replanned_daily_accounts()
    account = draw(made | prepaid_accounts(accrual))
    loan = account.loan
    agreed = draw(agreed_changes(loan))
    changing = _loan_with(loan, agreed) or _loan_with(
        loan, {name: agreed[name] for name in agreed if name != "tranches"}
    )
    loan = changing or loan
    if accrual == "scheduled":  # what is paid ahead pays installments as they were agreed, with all that will change
        loan = (
            _loan_with(loan, {"early": "hold", "rate": loan.rate_path or loan.rate, "tranches": loan.tranches}) or loan
        )
    return _with_all_that_can_be(loan, [event for event in account.events if not _has_no_meaning(loan, event)])


@st.composite
def accounts_with_dates_of_their_own(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Loans whose periods are shares of a year, of which a plan begun anew has dates of its own, so that its first period is not one
    of them; other changes of the plan may come before and after.
    """
    account = draw(replanned_accounts() if accrual == "scheduled" else replanned_daily_accounts())
    loan = _loan_with(account.loan, {"day_count": "periodic"}) or account.loan
    days = st.integers(0, (loan.dates[-1] - loan.start).days - 1).map(lambda day: loan.start + timedelta(day))
    made = draw(plans_begun_anew(loan, draw(days | st.sampled_from(loan.dates[:-1])), kinds=ANEW[1:], own_dates=True))
    return _with_all_that_can_be(loan, [replace(made, id="anew"), *account.events])


def _with_all_that_can_be(loan: lc.Loan, happened: Sequence[lc.Event]) -> lc.Account:
    """What happened to a loan, but for what no plan can meet, what goes back of it, and a second change of the rate on a day."""
    account, rates = lc.Account(loan, []), lc.RateChange | lc.InterestPause
    for event in happened:
        before = account.events
        if isinstance(event, lc.Reversal | lc.Chargeback) and event.of not in {other.id for other in before}:
            continue
        if isinstance(event, rates) and any(other.on == event.on for other in before if isinstance(other, rates)):
            continue
        account = possible(account.with_events(event)) or account
    return account


def _has_no_meaning(loan: lc.Loan, event: lc.Event) -> bool:
    if not isinstance(event, lc.Payment) or event.effect not in ("last", "shorten"):
        return isinstance(event, lc.ChargeOff)
    kept = loan.rate_path.turns if loan.rate_path and loan.rate_path.keep == "payment" else []
    return any(day > event.on for day in (*kept, *(out.on for out in loan.tranches)))


def _loan_with(loan: lc.Loan, terms: dict[str, Any]) -> lc.Loan | None:
    try:
        changing = with_terms(loan, prepayment=loan.prepayment, **terms)
        changing.schedule()
    except LoanError:
        return None
    return changing


@st.composite
def agreed_changes(draw: st.DrawFn, loan: lc.Loan) -> dict[str, Any]:
    """Up to two changes of the rate, one of them a rest, and up to two pay-outs, before the last installment is due."""
    days = st.integers(1, (loan.dates[-1] - loan.start).days).map(lambda day: loan.start + timedelta(day))
    days |= st.sampled_from(loan.dates[1:])
    factors = st.integers(0, 20).map(lambda tenths: lc.Rate(loan.rate.value * tenths / 10, loan.rate.per))
    can_keep = loan.method == "annuity" and loan.principal_minor > 1_000 * loan.rounding.step
    keeps = st.sampled_from(["term", "payment", "level"] if can_keep else ["term"])
    turns = draw(st.lists(days, unique=True, max_size=2))
    rests = draw(st.sampled_from([[], [], turns[1:]]))
    path = lc.RatePath(
        loan.rate,
        {day: draw(factors) for day in turns if day not in rests},
        pauses=[(day, day + timedelta(draw(st.integers(1, 70)))) for day in rests],
        keep=draw(keeps),
    )
    outs = draw(st.lists(st.tuples(days, st.integers(1, int(loan.principal))), max_size=2 if not turns else 1))
    terms: dict[str, Any] = {"rate": path} if turns else {}
    return terms | ({"tranches": [lc.Tranche(on, amount) for on, amount in outs]} if outs else {})


@st.composite
def changed_after_going_back(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Loans of which principal was repaid early, that goes back, and then another rate, nights that rest, more paid out, or
    principal repaid early again.
    """
    account = draw(prepaid_accounts(accrual))
    early = [event for event in account.events if isinstance(event, lc.Payment) and event.effect]
    if not early:
        return account
    paid = draw(st.sampled_from(early))
    back = paid.on + timedelta(draw(st.integers(0, 40)))
    agreed = draw(new_terms(account.loan, back + timedelta(draw(st.integers(0, 30)))))
    account = possible(account.with_events(lc.Chargeback(back, paid))) or account
    return possible(account.with_events(agreed)) or account


@st.composite
def with_new_terms(draw: st.DrawFn, loan: lc.Loan, happened: list[lc.Event]) -> lc.Account:
    """What happened to a loan, and up to three changes of its plan; what no plan can meet does not happen.

    Left out: two changes of the rate on one day, where the library knows one thing that is kept.
    """
    for agreed in sorted(draw(st.lists(new_terms(loan), min_size=1, max_size=3)), key=lambda event: event.on):
        rates = lc.RateChange | lc.InterestPause
        twice = any(isinstance(event, rates) and event.on == agreed.on for event in happened)
        if twice and isinstance(agreed, rates):
            continue
        if possible(lc.Account(loan, [*happened, agreed])):
            happened.append(agreed)
    return lc.Account(loan, happened)


@st.composite
def new_terms(draw: st.DrawFn, loan: lc.Loan, on: date | None = None) -> lc.Event:
    """What changes the plan of a loan, on a day that is given or before the last installment is due, and often on a due date."""
    days = st.integers(0, (loan.dates[-1] - loan.start).days - 1).map(lambda day: loan.start + timedelta(day))
    on = on or draw(days | st.sampled_from(loan.dates[:-1]))
    can_keep = loan.method == "annuity" and loan.principal_minor > 1_000 * loan.rounding.step  # so that payments repay
    keep = draw(st.sampled_from(["term", "payment"])) if can_keep else "term"
    kinds = ["rate", "pause", "draw", "extension", "deferral", "deferral", "anew", "anew", "anew", "prepaid", "prepaid"]
    kind = draw(st.sampled_from(kinds))
    if kind == "prepaid":
        effect = draw(st.sampled_from(["lower", "last"] + ([] if loan.method == "interest_only" else ["shorten"])))
        amount = Fraction(int(loan.principal) * draw(st.integers(1, 30)), 100)
        return lc.Payment(on, max(1, int(amount)), effect=effect)
    if kind == "anew":
        return draw(plans_begun_anew(loan, on))
    if kind == "rate":
        return lc.RateChange(on, lc.Rate(loan.rate.value * draw(st.integers(0, 20)) / 10, loan.rate.per), keep=keep)
    if kind == "pause":
        return lc.InterestPause(on, on + timedelta(draw(st.integers(1, 70))), keep=keep)
    if kind == "draw":
        return lc.Draw(on, draw(st.integers(1, int(loan.principal))))
    if kind == "extension":
        return lc.Extension(on, draw(st.integers(1, 4)))
    interest = draw(st.sampled_from(["next", "spread", "last", "capitalize", "waive"]))
    return lc.Deferral(on, draw(st.integers(1, 3)), interest=interest, term=draw(st.sampled_from(["longer", "same"])))


@st.composite
def plans_begun_anew(
    draw: st.DrawFn, loan: lc.Loan, on: date, kinds: Sequence[str] = ANEW, *, own_dates: bool = False
) -> lc.Event:
    """A plan for what is outstanding and past due, over the dates that there are or over new ones."""
    treated = {name: draw(st.sampled_from(["keep", "capitalize", "next", "waive"])) for name in COMPONENTS}
    treated |= {"principal": draw(st.sampled_from(["keep", "capitalize", "capitalize"]))}
    treated |= {"interest": draw(st.sampled_from(["keep", "capitalize", "next", "spread", "waive"]))}
    overdue = draw(st.sampled_from(["keep", "capitalize", treated, treated]))
    first_due, count = on + timedelta(draw(st.integers(1, 40))), draw(st.integers(1, 5))
    every = ["1 month", "2 weeks" if loan.day_count is lc.DayCount.PERIODIC else "10 days"]
    kind = draw(st.sampled_from(kinds))
    if kind == "reamortization":
        return lc.Reamortization(on, overdue=overdue)
    if kind == "reaging":
        return lc.Reaging(
            on, first_due=first_due, installments=count, every=draw(st.sampled_from([None, *every])), overdue=overdue
        )
    return lc.Restructuring(
        on, installments=count, overdue=overdue,
        first_due=first_due if own_dates else draw(st.sampled_from([None, first_due])),
        rate=draw(st.none() | st.just(lc.Rate(loan.rate.value / 2, loan.rate.per))),
        method=draw(st.sampled_from([None, "annuity", "equal_principal", "interest_only"])),
    )  # fmt: skip
