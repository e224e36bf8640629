"""Random accounts on which both engines can be compared."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.errors import LoanError
from loancalc.testing import events, loans, roundings
from loancalc.values.money import to_decimal
from loancalc.values.names import COMPONENTS


@st.composite
def one_order(draw: st.DrawFn) -> lc.Allocation:
    """One order of the components for what is past due and due, in either direction; some may be a group."""
    order: list[str | list[str]] = list(draw(st.permutations(COMPONENTS)))
    first, count = draw(st.integers(0, 5)), draw(st.sampled_from([0, 0, 2, 3, 7]))
    if count:
        order[first : first + count] = [order[first : first + count]]
    return lc.Allocation(order, draw(st.sampled_from(["horizontal", "vertical"])))


def taxes() -> st.SearchStrategy[list[lc.Tax]]:
    """Up to two taxes on interest and on fees, of up to a fifth."""
    share = st.integers(0, 2_000).map(lambda points: Fraction(points, 10_000))
    return st.lists(st.builds(lc.Tax, share, on=st.sampled_from(["interest", "fees"])), max_size=2)


@st.composite
def two_orders(draw: st.DrawFn, accrual: str) -> lc.Allocation:
    """An order for what is past due and another for what is due, mixed where it is vertical; on a scheduled loan one for what is
    in advance too, and a surplus rule.
    """
    late = [f"past due {name}" for name in draw(st.permutations(COMPONENTS))]
    due = [f"due {name}" for name in draw(st.permutations(COMPONENTS))]
    order: list[str | list[str]] = []
    while late or due:
        order.append(draw(st.sampled_from([each for each in (late, due) if each])).pop(0))
    first, count = draw(st.integers(0, 12)), draw(st.sampled_from([0, 0, 2, 3, 7]))
    if count:
        order[first : first + count] = [order[first : first + count]]
    surplus = None
    if accrual == "scheduled":
        names = draw(st.just([]) | st.lists(st.sampled_from(["fee", "interest", "principal"]), unique=True))
        order += [f"in advance {name}" for name in names]
        surplus = draw(st.sampled_from([None, "next", "last", "next-then-last", "spread", "principal"]))
    return lc.Allocation(order, draw(st.sampled_from(["horizontal", "vertical"])), surplus=surplus)


@st.composite
def accounts_with_two_orders(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Accounts whose money is allocated in another order where it is due than where it is past due; early money is applied."""
    account = draw(compared_accounts(accruals=[accrual]))
    loan = with_terms(account.loan, allocation=draw(two_orders(accrual)), early="apply")
    return possible(lc.Account(loan, account.events)) or account


@st.composite
def compared_accounts(draw: st.DrawFn, **terms: Any) -> lc.Account:
    """Accounts whose figures the meanings decide.

    Left out: a deferred grace on a daily loan that outlasts a period, where contract interest falls due before it is
    known which rate its nights bear; a flat loan so small that rounding repays all principal before the last
    installment, where nothing says whether later interest accrues to date.
    """
    loan = draw(loans(most_installments=4 if terms.get("any_lateness") else 8, **terms))
    fees = draw(st.lists(st.integers(0, 20).map(lambda fee: lc.Fee(fee, each="installment")), max_size=1))
    loan = with_terms(loan, allocation=draw(one_order()), fees=fees, taxes=draw(taxes()))
    grace = loan.late and loan.late.grace
    if loan.late and grace and grace.kind == "deferred" and loan.accrual == "daily" and grace.days > 9:
        shorter = lc.LateTerms(loan.late.interest, loan.late.penalties, lc.Grace(9, "deferred"), loan.late.caps)
        loan = with_terms(loan, late=shorter)
    if loan.method == "flat" and not loan.schedule()[-1].principal:
        loan = with_terms(loan, method="annuity")
    return lc.Account(loan, [undesignated(event) for event in known_to_the_book(draw(events(loan)))])


def known_to_the_book(happened: list[lc.Event], *, charges: bool = True) -> list[lc.Event]:
    """Those of the events that the slow engine knows, and the reversals of those; no charge after the end."""
    end = (
        min((event.on for event in happened if event.id in ("payoff", "write-off")), default=date.max)
        if charges
        else date.min
    )
    kinds = (
        lc.Payment | lc.Waiver | lc.Payoff | lc.Refund | lc.Chargeback | lc.Acceleration | lc.ChargeOff | lc.WriteOff
    )
    known = [
        event for event in happened if isinstance(event, kinds) or (isinstance(event, lc.Charge) and event.on < end)
    ]
    days = {event.id: event.on for event in known}
    known = [event for event in known if not isinstance(event, lc.Chargeback) or event.on >= days[event.of]]
    names = {event.id for event in known}
    return known + [event for event in happened if isinstance(event, lc.Reversal) and event.of in names]


def undesignated(event: lc.Event) -> lc.Event:
    """The event, and where it is a payment, not meant for anything in particular."""
    return designated(event, {}) if isinstance(event, lc.Payment) else event


@st.composite
def short_inside_a_grace(draw: st.DrawFn) -> lc.Account:
    """Daily loans in a grace, at late rates below and above the contract rate, that start late and stop; what comes pays
    everything but a rest, or more.
    """
    every, start = draw(st.sampled_from(["1 month", "2 weeks", "10 days"])), date(2026, 1, draw(st.integers(1, 28)))
    per_day = draw(st.booleans())
    rates = ["0%/day", "0.02%/day", "0.2%/day", "0.5x", "1.5x"] if per_day else ["0%", "6%", "36%", "0.5x", "+6pp"]
    base, compound = draw(st.sampled_from([("principal", "none"), ("principal", "interest"), ("installment", "none")]))
    stops = draw(st.none() | st.integers(1, 12) | st.integers(5, 90).map(lambda day: start + timedelta(day)))
    interest = lc.LateInterest(
        draw(st.sampled_from(rates)), base=base, compound=compound, starts=draw(st.integers(0, 5)), stops=stops,
        day_count=None if per_day else "ACT/365F",
    )  # fmt: skip
    late = lc.LateTerms(
        interest,
        penalties=draw(st.lists(st.just(lc.Penalty(percent="2%", of="installment")), max_size=1)),
        grace=lc.Grace(draw(st.integers(1, 9)), draw(st.sampled_from(["deferred", "deferred", "free"]))),
        caps=draw(st.lists(st.builds(lc.Cap, amount=st.integers(0, 9), recover=st.booleans()), max_size=1)),
        tolerance=draw(st.none() | st.just(lc.Tolerance(5))),
    )
    loan = lc.Loan(
        draw(st.integers(200, 20_000)), "0.1%/day" if per_day else "24%", start, every=every, late=late,
        installments=draw(st.integers(1, 3)), method=draw(st.sampled_from(["annuity", "interest_only"])),
        accrual="daily", early=draw(st.sampled_from(["apply", "hold"])), allocation=draw(one_order()),
        day_count=None if per_day else "ACT/365F", rounding=lc.Rounding(draw(st.sampled_from([1, 1, 100]))),
    )  # fmt: skip
    happened: list[lc.Event] = []
    for row in loan.schedule():
        share = draw(st.sampled_from([0, 0, Fraction(9, 10), Fraction(999, 1000), 1]))
        amount = int(Fraction(row.total) * share) + draw(st.integers(0, 40)) if share else 0
        on = row.due + timedelta(draw(st.integers(0, 9)))
        happened += [lc.Payment(on, amount)] if amount else []
        if draw(st.integers(0, 5)) == 0:
            happened.append(lc.Waiver(on + timedelta(draw(st.integers(0, 3))), "interest", "all"))
    return lc.Account(loan, happened)


@st.composite
def compounding_under_a_cap(draw: st.DrawFn) -> lc.Account:
    """Late interest bears interest, and a cap cuts it from some night on."""
    covers = draw(st.sampled_from([["late_interest"], ["late_interest", "compound_interest"]]))
    limit = draw(st.sampled_from([{"rate": "18%"}, {"rate": "6%"}, {"share": "1%"}, {"amount": 5}, {"amount": 0}]))
    late = lc.LateTerms(
        lc.LateInterest("24%", day_count="ACT/365F", compound="interest-and-late-interest"),
        penalties=draw(st.lists(st.just(lc.Penalty(5)), max_size=1)),
        grace=draw(st.none() | st.just(lc.Grace(2, "deferred"))),
        caps=[lc.Cap(covers=covers, recover=draw(st.booleans()), **limit)],
    )
    loan = lc.Loan(
        draw(st.integers(50, 20_000)), "12%", "2026-01-15", installments=draw(st.integers(1, 3)), late=late,
        rounding=lc.Rounding(mode=draw(st.sampled_from(["half-up", "up", "down"]))), allocation=draw(one_order()),
    )  # fmt: skip
    days = st.integers(31, 150).map(lambda day: loan.start + timedelta(day))
    share = st.integers(1, 60).map(lambda part: int(loan.principal * part / 100))
    paid = draw(st.lists(st.tuples(days, share), max_size=2))
    return lc.Account(loan, [lc.Payment(on, amount) for on, amount in paid if amount])


@st.composite
def prepaid_accounts(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Loans of which some principal is repaid before it is due, once or more, with a fee or without; other money may come
    early and late.
    """
    loan = draw(
        loans(
            accruals=[accrual], methods=["annuity", "equal_principal", "interest_only"], most_installments=6,
            rounding=roundings(residues=["last"], steps=[1, 1, 5]),
        )
    )  # fmt: skip
    percent = draw(st.none() | st.integers(0, 50).map(lambda tenths: Fraction(tenths, 1000)))
    fee = None if percent is None else lc.Fee(percent=percent, of="prepaid-principal", at="prepayment")
    early = draw(st.sampled_from(["hold", "hold", "apply"] if accrual == "scheduled" else ["apply", "apply", "hold"]))
    loan = with_terms(
        loan, allocation=draw(one_order()), fees=(), taxes=(), early=early,
        prepayment=lc.Prepayment(draw(st.sampled_from(["to-date", "whole-period"])), fee=fee),
    )  # fmt: skip
    effects = ["lower", "last", "keep", None] + ([] if loan.method == "interest_only" else ["shorten"])
    days = st.integers(0, (loan.dates[-1] - loan.start).days + 30).map(lambda day: loan.start + timedelta(day))
    share = st.integers(1, 30).map(lambda part: Fraction(int(loan.principal * part), 100))
    happened: list[lc.Event] = []
    for row in loan.schedule():
        if row.payable and draw(st.integers(0, 3)):
            happened.append(lc.Payment(row.due + timedelta(draw(st.sampled_from([0, 0, 0, 5]))), row.payable))
    for _ in range(draw(st.integers(1, 3))):
        amount = int(draw(share))
        happened += [lc.Payment(draw(days), amount, effect=draw(st.sampled_from(effects)))] if amount else []
    if draw(st.booleans()):
        happened.append(lc.Payoff(draw(days)))
    return possible(lc.Account(loan, happened)) or lc.Account(loan, [])


@st.composite
def repaid_accounts(draw: st.DrawFn) -> lc.Account:
    """Scheduled loans that are repaid before their time, where the terms ask for interest of the whole period or of all."""
    account = draw(compared_accounts(accruals=["scheduled"]))
    loan, rule = account.loan, draw(st.sampled_from(["whole-period", "all-scheduled"]))
    terms = with_terms(loan, early="hold", prepayment=lc.Prepayment(interest=rule))
    payoff = lc.Payoff(loan.start + timedelta(draw(st.integers(0, (loan.dates[-1] - loan.start).days))))
    happened = [event for event in account.events if event.on <= payoff.on and event.booked <= payoff.on]
    return possible(lc.Account(terms, [*happened, payoff])) or lc.Account(terms, happened)


@st.composite
def accounts_with_orders_when_late(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Accounts whose money is allocated in another order beyond a number of days past due, or two; some of it may be meant for
    something.
    """
    any_lateness = draw(st.booleans())
    accounts = (
        compared_accounts(accruals=[accrual], any_lateness=True) if any_lateness else designated_accounts(accrual)
    )
    account = draw(accounts)
    loan, orders = account.loan, one_order() if any_lateness else one_order() | two_orders(accrual)
    own, others = (
        draw(orders),
        draw(st.dictionaries(st.integers(0, 9) | st.integers(0, 90), orders, min_size=1, max_size=2)),
    )
    order = lc.Allocation(own.as_stated, own.direction, surplus=own.surplus, after=others)
    early = "apply" if own.surplus else loan.early
    return possible(lc.Account(with_terms(loan, allocation=order, early=early), account.events)) or account


@st.composite
def designated_accounts(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Accounts with payments that are meant for an installment, for some components only, or for both."""
    account = draw(compared_accounts(accruals=[accrual]))
    order = draw(one_order() | two_orders(accrual))
    early = "apply" if order.surplus else draw(st.sampled_from(["hold", "apply"]))
    loan = with_terms(account.loan, allocation=order, early=early)
    happened = [
        designated(event, draw(designations(loan))) if isinstance(event, lc.Payment) else event
        for event in account.events
    ]
    return possible(lc.Account(loan, happened)) or account


def designations(loan: lc.Loan) -> st.SearchStrategy[dict[str, Any]]:
    """What a payment is meant for: nothing, components, an installment where that can be."""
    only: dict[str, Any] = {"only": st.lists(st.sampled_from(COMPONENTS), min_size=1, max_size=3, unique=True)}
    if loan.accrual == "daily" and loan.early == "apply":  # it repays principal whatever installment it is for
        return st.fixed_dictionaries({}, optional=only)
    return st.fixed_dictionaries({}, optional=only | {"installment": st.integers(1, len(loan.schedule()))})


def designated(payment: lc.Payment, meant: dict[str, Any]) -> lc.Payment:
    """The payment, meant for something."""
    when = {"booked": payment.booked, "id": payment.id, "sequence": payment.sequence}
    return lc.Payment(payment.on, payment.amount, **when, **meant)


@st.composite
def accounts_with_rebates(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Loans that are repaid before their time, in full or for less, with rebates of interest, where it is scheduled, and of fees at
    disbursement.
    """
    account = draw(compared_accounts(accruals=[accrual]))
    loan, happened = account.loan, list(account.events)
    if accrual == "scheduled" and draw(st.booleans()):  # where the rebate of interest by the actuarial method is one
        loan = with_terms(loan, method="flat") if loan.principal >= 100 else loan
    rules = ["to-date", "whole-period", "all-scheduled", "rule-of-78", "rule-of-78", "actuarial", "actuarial"]
    percent = draw(st.none() | st.integers(0, 50).map(lambda tenths: Fraction(tenths, 1000)))
    terms = lc.Prepayment(
        draw(st.sampled_from(rules if accrual == "scheduled" else rules[:2])),
        fee=None if percent is None else lc.Fee(percent=percent, of="prepaid-principal", at="prepayment"),
    )
    charged = st.integers(0, 40).map(lambda points: {"percent": Fraction(points, 1000), "of": "original-principal"})
    rebates = st.builds(
        lambda how, rule: lc.Fee(**how, at="disbursement", settled="paid", rebate=rule),
        charged | st.integers(1, 30).map(lambda amount: {"amount": amount}),
        st.sampled_from([None, "by-days", "by-installments", "rule-of-78"]),
    )
    fees = [*loan.fees, *draw(st.lists(rebates, max_size=2))]
    loan = with_terms(loan, early=draw(st.sampled_from(["hold", "apply"])), prepayment=terms, fees=fees)
    on = loan.start + timedelta(draw(st.integers(0, (loan.dates[-1] - loan.start).days)))
    account = lc.Account(loan, [event for event in happened if event.on <= on and event.booked <= on])
    if not possible(account):
        return draw(compared_accounts(accruals=[accrual]))
    payoff = account.as_of(on).payoff
    minor = int(payoff * 10**loan.digits) * draw(st.sampled_from([100, 100, 100, 30, 90])) // 100
    ends: list[lc.Event] = [lc.Payoff(on)]
    if 0 < minor < int(payoff * 10**loan.digits):
        ends = [lc.Settlement(on, to_decimal(minor, loan.digits), rest=draw(st.sampled_from(["waive", "write off"])))]
    elif payoff > 0 and draw(st.booleans()):
        over = draw(st.sampled_from([0, 0, 1, 100, 5_000]))
        ends = [lc.Payment(on, payoff + to_decimal(over, loan.digits))]
    return possible(account.with_events(ends)) or account


@st.composite
def settled_accounts(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Accounts of which the lender takes less than the payoff for the whole debt."""
    account = draw(compared_accounts(accruals=[accrual]) | prepaid_accounts(accrual))
    loan = account.loan
    on = loan.start + timedelta(draw(st.integers(0, (loan.dates[-1] - loan.start).days + 90)))
    account = lc.Account(loan, [event for event in account.events if event.booked < on and event.on < on])
    share, payoff = draw(st.integers(1, 99)), account.as_of(on).payoff
    minor = int(payoff * 10**loan.digits) * share // 100
    if minor <= 0:
        return account
    settlement = lc.Settlement(on, to_decimal(minor, loan.digits), rest=draw(st.sampled_from(["waive", "write off"])))
    return possible(account.with_events(settlement)) or account


@st.composite
def paid_off_with_waivers(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Accounts of which the lender lets something go on the day on which the rest is paid, or about the rest; other money may come
    that day too.
    """
    account = draw(compared_accounts(accruals=[accrual], any_lateness=draw(st.booleans())) | prepaid_accounts(accrual))
    loan = account.loan
    on = loan.start + timedelta(draw(st.integers(0, (loan.dates[-1] - loan.start).days + 90)))
    account = lc.Account(loan, [event for event in account.events if event.booked <= on and event.on <= on])
    let_go = st.sampled_from(["late_interest", "interest", "penalty", "compound_interest", "fee", "principal"])
    names = draw(st.lists(let_go, min_size=1, max_size=2, unique=True))
    lets_go = draw(st.sampled_from([lc.Waiver, lc.Waiver, lc.WriteOff]))
    account = account.with_events([lets_go(on, name, "all") for name in names])
    if draw(st.integers(0, 3)) == 0:
        account = account.with_payment(on, draw(st.integers(1, 2 * int(loan.principal) + 1)))
    quote = account.as_of(on).payoff + Decimal(draw(st.sampled_from([0, 0, 0, 1, -1]))).scaleb(-loan.digits)
    end = lc.Payment(on, quote) if quote > 0 and draw(st.booleans()) else lc.Payoff(on)
    return possible(account.with_events(end)) or account


@st.composite
def recovered_accounts(draw: st.DrawFn, accrual: str) -> lc.Account:
    """Accounts that are written off, in whole, in part or after a settlement, of which something is recovered later."""
    account = draw(settled_accounts(accrual) | compared_accounts(accruals=[accrual]))
    loan = account.loan
    on = max((event.on for event in account.events), default=loan.start) + timedelta(draw(st.integers(1, 60)))
    for event in (lc.WriteOff(on, draw(st.sampled_from(["interest", "late_interest", "principal"]))), lc.WriteOff(on)):
        account = (possible(account.with_events(event)) or account) if draw(st.booleans()) else account
    for _ in range(draw(st.integers(1, 2))):
        on += timedelta(draw(st.integers(0, 90)))
        lost = int(account.as_of(on).written_off.total * 10**loan.digits)
        part = lost * draw(st.integers(1, 100)) // 100
        recovery = lc.Recovery(on, to_decimal(part, loan.digits)) if part else None
        account = (possible(account.with_events(recovery)) or account) if recovery else account
    return account


@st.composite
def with_chargebacks(draw: st.DrawFn, accounts: st.SearchStrategy[lc.Account]) -> lc.Account:
    """Accounts of which some payments go back, on their day or later, all of them or a part, up to three times, also
    after the loan was called, charged off or repaid.
    """
    account = draw(accounts)
    payments = [event for event in account.events if isinstance(event, lc.Payment)]
    for paid in draw(st.lists(st.sampled_from(payments), min_size=1, max_size=3)) if payments else ():
        back = paid.on + timedelta(draw(st.just(0) | st.integers(0, 70)))
        share = draw(st.none() | st.integers(1, 99))
        minor = 0 if share is None else int(paid.amount * 10**account.loan.digits) * share // 100
        amount = to_decimal(minor, account.loan.digits) if minor else None
        account = possible(account.with_events(lc.Chargeback(back, paid, amount))) or account
    return account


def possible(account: lc.Account) -> lc.Account | None:
    """The account, if a plan can meet all that happens to it."""
    try:
        account.as_of(max((event.on for event in account.events), default=account.loan.start))
    except LoanError:
        return None
    return account
