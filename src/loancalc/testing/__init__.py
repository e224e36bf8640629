"""Hypothesis strategies: loans, late terms, events and accounts, for the tests of those who build on this library.

Needs the package hypothesis, which `import loancalc` does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from loancalc.errors import LoanError
from loancalc.plan.allocation import AHEAD, Allocation, allocation_presets
from loancalc.plan.charge_caps import ACCRUED_LATE
from loancalc.plan.fees import Fee
from loancalc.plan.loan import Loan
from loancalc.plan.taxes import Tax
from loancalc.servicing.account import Account
from loancalc.servicing.claim_events import CHARGEABLE, Acceleration, Charge, ChargeOff, WriteOff
from loancalc.servicing.events import Event, Payment, Payoff, Reversal, Waiver
from loancalc.servicing.money_events import Chargeback, Refund
from loancalc.testing.lateness import BY_DAYS, late_terms
from loancalc.testing.plan_terms import plan_terms
from loancalc.time.frequency import Frequency, date_at
from loancalc.time.rolls import is_month_end
from loancalc.values.money import to_decimal
from loancalc.values.names import COMPONENTS
from loancalc.values.rates import Rate
from loancalc.values.rounding import MODES, Rounding

METHODS = ("annuity", "equal_principal", "interest_only", "lump_sum", "flat")
CURRENCIES = (None, "CNY", "JPY", "KWD")
ACCRUALS = ("scheduled", "daily")

# periods, with the longest first one in days: a much longer one could bear more interest than the level payment
_EVERY = {"1 month": 42, "2 weeks": 20, "3 months": 95, "1 year": 365, "10 days": 14}
_SAFE_TO_DEDUCT = 1_000  # so that charges rounded up to a coarse step leave something to pay out


def rates() -> st.SearchStrategy[Rate]:
    """Contract rates: 0 to 36 % a year, 0 to 3 % a month, 0 to 0.1 % a day."""
    return st.one_of(
        st.integers(0, 3_600).map(lambda points: Rate(Fraction(points, 10_000))),
        st.integers(0, 300).map(lambda points: Rate(Fraction(points, 10_000), per="month")),
        st.integers(0, 100).map(lambda points: Rate(Fraction(points, 100_000), per="day")),
    )


def roundings(
    *, residues: Sequence[str] = ("last", "first", "spread", "smooth"), steps: Sequence[int] = (1, 1, 5, 100)
) -> st.SearchStrategy[Rounding]:
    """Roundings to whole minor units, one mode and step for every purpose.

    Args:
        residues: Who may take the residue.
        steps: Multiples of the minor unit to round to.
    """
    return st.builds(Rounding, st.sampled_from(steps), st.sampled_from(MODES), st.sampled_from(residues))


def allocations() -> st.SearchStrategy[Allocation]:
    """The presets, any other order in either direction, groups, orders of their own for what is due or late."""
    rules = [None, "hold", "next", "principal", "last", "next-then-last", "spread"]
    after = st.none() | st.dictionaries(st.integers(0, 90), st.sampled_from(["de-bgb-497", "us-rule"]), max_size=2)
    directions, surplus = st.sampled_from(["horizontal", "vertical"]), st.sampled_from(rules)
    own = st.builds(Allocation, _orders(), directions, surplus=surplus, after=after)
    return st.sampled_from([*allocation_presets()]).map(Allocation.of) | own


@st.composite
def _orders(draw: st.DrawFn) -> list[str | list[str]]:
    order: list[str] = list(draw(st.permutations(COMPONENTS)))
    if draw(st.booleans()):
        due = draw(st.permutations(COMPONENTS))
        order = [*(f"past due {component}" for component in order), *(f"due {component}" for component in due)]
    ahead = draw(st.lists(st.sampled_from(AHEAD), unique=True))
    cut = draw(st.integers(0, 6))
    return [*order[:cut], *([order[cut:]] if draw(st.booleans()) else order[cut:]), *(f"in advance {c}" for c in ahead)]


def fees(*, settled: Sequence[str] = ("paid", "deducted")) -> st.SearchStrategy[Fee]:
    """Agreed fees, flat and in percent: with each installment, every year, and at disbursement.

    Args:
        settled: How those at disbursement are: of "paid", "deducted" and "financed", which adds to the principal.
    """
    flat = st.integers(0, 20)
    percent = st.integers(0, 400).map(lambda points: Fraction(points, 10_000))
    bounds = st.sampled_from([{}, {"min": 1}, {"max": 5}, {"min": 2, "max": 3}])
    return st.one_of(
        flat.map(lambda fee: Fee(fee, each="installment")),
        flat.map(lambda fee: Fee(fee, each="year")),
        st.builds(
            lambda share, of, bound: Fee(percent=share, of=of, each="installment", **bound),
            percent,
            st.sampled_from(["original-principal", "outstanding-principal", "installment", "interest"]),
            bounds,
        ),
        st.builds(
            lambda share, of: Fee(percent=share, of=of, each="year"),
            percent,
            st.sampled_from(["original-principal", "outstanding-principal"]),
        ),
        st.builds(
            lambda share, how: Fee(percent=share, of="original-principal", at="disbursement", settled=how),
            percent,
            st.sampled_from(settled),
        ),
    )


def taxes(*, settled: Sequence[str] = ("paid", "deducted")) -> st.SearchStrategy[Tax]:
    """Taxes on interest, on fees and on the principal.

    Args:
        settled: How those on the principal are settled.
    """
    percent = st.integers(0, 2_000).map(lambda points: Fraction(points, 10_000))
    how = st.sampled_from(settled)
    return st.one_of(
        st.builds(lambda share, on: Tax(share, on=on), percent, st.sampled_from(["interest", "fees"])),
        st.builds(lambda share, way: Tax(share / 10, on="principal", settled=way), percent, how),
        st.builds(
            lambda share, way: Tax(share / 2_000, on="principal", each="day", most_days=365, settled=way), percent, how
        ).filter(lambda tax: tax.settled != "financed"),
    )


@st.composite
def loans(
    draw: st.DrawFn,
    *,
    methods: Sequence[str] = METHODS,
    accruals: Sequence[str] = ACCRUALS,
    currencies: Sequence[str | None] = CURRENCIES,
    rounding: st.SearchStrategy[Rounding] | None = None,
    late: bool = True,
    most_installments: int = 24,
    any_plan: bool = False,
    any_lateness: bool = False,
) -> Loan:
    """Loans of every method, rate unit, period, first period, currency and rounding.

    Args:
        methods: Repayment methods to choose from; flat interest is never daily.
        accruals: "scheduled", "daily" or both.
        currencies: ISO 4217 codes, or None.
        rounding: Roundings to choose from; all that `roundings` gives, if None.
        late: Whether the loan may have late terms.
        most_installments: The longest plan; 8 where periods are years.
        any_plan: Whether the plan may also have a moratorium, later pay-outs, a down payment, a rate that changes, negative
            amortization, interest of the first period added or set apart, or a method with parameters; what no plan can meet
            together falls back to the plain terms.
        any_lateness: Whether the late terms may be of every kind that `late_terms` has.

    >>> from hypothesis import given
    >>> @given(loans())
    ... def test_principal_parts_sum_to_what_was_lent(loan: Loan) -> None:
    ...     assert loan.schedule().total_principal == loan.principal
    >>> test_principal_parts_sum_to_what_was_lent()
    """
    accrual = draw(st.sampled_from(accruals))
    method = draw(st.sampled_from([name for name in methods if name != "flat" or accrual == "scheduled"]))
    rate, allocation = draw(rates()), draw(allocations())
    start = draw(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
    every = draw(st.sampled_from(list(_EVERY)))
    principal = draw(st.integers(1, 1_000_000))
    settled = ("paid", "deducted") if principal >= _SAFE_TO_DEDUCT else ("paid",)
    terms: dict[str, Any] = {
        "installments": draw(st.integers(1, min(most_installments, 8) if every == "1 year" else most_installments)),
        "every": every,
        "method": method,
        "accrual": accrual,
        "rests": draw(st.sampled_from(["daily", "daily", "due-dates"])) if accrual == "daily" else "daily",
        "early": draw(st.sampled_from([None] if allocation.surplus else [None, "hold", "apply"])),
        "currency": draw(st.sampled_from(currencies)),
        "rounding": draw(roundings() if rounding is None else rounding),
        "allocation": allocation,
        "fees": draw(st.lists(fees(settled=settled), max_size=2)),
        "taxes": draw(st.lists(taxes(settled=settled), max_size=1)),
    }
    ahead = accrual == "scheduled" and (terms["early"] or allocation.surplus or "hold") != "hold"
    any_late = late_terms(rate, every_kind=any_lateness, paid_ahead=ahead)
    terms["late"] = draw(st.none() | any_late) if late else None
    if method != "lump_sum":
        first = st.integers(1, _EVERY[every]).map(lambda days: start + timedelta(days))
        first_due = terms["first_due"] = draw(st.none() | first)
        may_end = every.endswith(("month", "months")) and (
            _ends_in_time(start, every) if first_due is None else is_month_end(first_due)
        )
        terms["month_end"] = may_end and draw(st.booleans())
    if rate.per != "day":
        needed = every == "10 days" or method == "lump_sum"
        terms["day_count"] = draw(st.sampled_from(BY_DAYS if needed else (None, *BY_DAYS)))
    if any_plan:
        more, path = draw(plan_terms(terms, principal, rate, start))
        try:
            loan = Loan(principal, path, start, **more)
            loan.schedule()
        except LoanError:
            pass
        else:
            return loan
    return Loan(principal, rate, start, **terms)


def _ends_in_time(start: date, every: str) -> bool:
    """Whether a first period up to the end of a month is not too long."""
    return date_at(start, Frequency.parse(every), 1, month_end=True) <= start + timedelta(_EVERY[every])


@st.composite
def events(draw: st.DrawFn, loan: Loan, *, most: int = 6, payoff: bool = True) -> list[Event]:
    """What may happen to a loan: payments and their return, waivers, charges, acceleration, charge-off, a payoff or a
    write-off at the end, reversals; some of it booked later.

    Payments add up to less than what was lent, so that a payoff is never of less than nothing.

    Args:
        loan: The loan to which it happens.
        most: The most payments, waivers and charges.
        payoff: Whether the loan may end by a payoff or a write-off; without it, nothing is called or charged off either.
    """
    plan = loan.schedule()
    length = (loan.dates[-1] - loan.start).days + 120
    dues = [(due - loan.start).days for due in loan.dates[1:]]
    days = st.integers(0, length) | st.builds(lambda due, shift: due + shift, st.sampled_from(dues), st.integers(0, 12))
    unit = loan.rounding.step if loan.rounding.step > 1 else 1
    left = loan.principal_minor - 1
    totals = [plan.columns.total(index) for index in range(len(plan))]
    happened: list[Event] = []
    payments: list[Payment] = []
    for number in range(draw(st.integers(0, most))):
        on = loan.start + timedelta(draw(days))
        booked = on + timedelta(draw(st.just(0) | st.integers(0, 60)))
        name, kind = f"event {number + 1}", draw(st.integers(0, 6))
        if kind == 0:
            component = draw(st.sampled_from(("fee", *ACCRUED_LATE, "interest")))
            made = Waiver if draw(st.booleans()) else WriteOff
            happened.append(made(on, component, "all", booked=booked, id=name))
        elif kind == 1:
            charge = to_decimal(draw(st.integers(1, 5_000)), loan.digits)
            happened.append(Charge(on, draw(st.sampled_from(CHARGEABLE)), charge, booked=booked, id=name))
        else:
            usual = draw(st.sampled_from(totals))
            amount = draw(st.sampled_from([usual, usual // 2, 2 * usual, usual + unit]) | st.integers(1, 2 * usual + 1))
            amount = min(amount, left)
            if amount > 0:
                left -= amount
                source = draw(st.sampled_from(["borrower", "borrower", "borrower", "guarantor", "lender"]))
                meant = draw(st.just({}) | _designations(loan))
                paid = Payment(on, to_decimal(amount, loan.digits), source=source, booked=booked, id=name, **meant)
                happened.append(paid)
                payments.append(paid)
    day = loan.start + timedelta(draw(days))
    end = (
        draw(st.sampled_from(["none", "none", "payoff", "write-off", "acceleration", "charge-off"]))
        if payoff
        else "none"
    )
    if end == "payoff":
        happened.append(Payoff(day, id=end))
    elif end == "write-off":
        happened.append(WriteOff(day, id=end))
    elif end == "acceleration":
        happened.append(Acceleration(day, id=end))
    elif end == "charge-off":
        happened.append(ChargeOff(day, further_interest=draw(st.booleans()), id=end))
    if payments and end not in ("payoff", "write-off") and draw(st.booleans()):
        gone = draw(st.sampled_from(payments))
        returned = gone.on + timedelta(draw(st.integers(0, 40)))
        happened.append(Chargeback(returned, gone, booked=max(returned, gone.booked), id="chargeback"))
        return happened
    if draw(st.booleans()) and end not in ("payoff", "write-off"):
        happened.append(Refund(day, "all", id="refund"))
    if not happened or draw(st.booleans()):
        return happened
    undone = draw(st.sampled_from(happened))
    return [*happened, Reversal(undone, booked=undone.booked + timedelta(draw(st.integers(0, 60))), id="reversal")]


def _designations(loan: Loan) -> st.SearchStrategy[dict[str, Any]]:
    """What a payment may be meant for: components; an installment, where early money may wait for it or cover it."""
    only: dict[str, st.SearchStrategy[Any]] = {"only": st.lists(st.sampled_from(COMPONENTS), min_size=1, max_size=3)}
    if loan.accrual == "daily" and loan.early == "apply":
        return st.fixed_dictionaries(only)
    return st.fixed_dictionaries({}, optional=only | {"installment": st.integers(1, len(loan.schedule()))})


@st.composite
def accounts(draw: st.DrawFn, /, **terms: Any) -> Account:
    """Loans and what happened to them; the arguments are those of `loans`.

    >>> from hypothesis import given
    >>> @given(accounts(accruals=["scheduled"]))
    ... def test_no_account_owes_less_than_nothing(account: Account) -> None:
    ...     assert account.as_of(account.loan.dates[-1]).outstanding_principal >= 0
    >>> test_no_account_owes_less_than_nothing()
    """
    loan = draw(loans(**terms))
    return Account(loan, draw(events(loan)))
