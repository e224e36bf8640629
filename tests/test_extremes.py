"""The least and the most: every method at every extreme of principal, rate, number and length of periods, and rounding, is
right or refused with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from mpmath import mp, mpf

import loancalc as lc
from loancalc.errors import LoanError
from plan_loop import Rule

START = date(2026, 1, 31)
LEAST, MOST = Decimal("0.01"), Decimal(10**13)
RATES = {"0%": Fraction(0), "0.000000001%": Fraction(1, 10**11), "1000%": Fraction(10)}
FIRST = {None: Fraction(1, 12), "2026-02-01": Fraction(1, 31 * 12), "2031-01-31": Fraction(5)}
"""Due dates of the first installment, and what its period is of a year: a month, one night of the 31 of a month, five years."""

ROUNDINGS = {
    "to the cent": lc.Rounding(),
    "to 5 cents, the first takes the residue": lc.Rounding(5, "half-even", "first"),
    "up, smooth": lc.Rounding(mode="up", residue="smooth"),
    "unrounded": lc.Rounding.of("none"),
}
RULES = dict(zip(ROUNDINGS, [Rule("half-up", 1), Rule("half-even", 5), Rule("up", 1), Rule("half-up", 1)], strict=True))
"""The same for interest, written anew; unrounded work is a rounding of many places."""

REASONS = (
    "does not cover the interest", "solved as -", "or repays early", "expected 2 installments or more", "that make whole months",
    "no payment is left to solve", "has to leave", "the day count must be given",
)  # fmt: skip
"""What a refusal may say."""


def methods(count: int, lent: Decimal) -> dict[str, Any]:
    """Every method for a number of installments; what it states is a part of what is lent, whole cents."""
    part = (lent / count).quantize(Decimal("0.01"), "ROUND_DOWN")
    return {
        "annuity": "annuity",
        "in advance": "annuity_in_advance",
        "extra payment": lc.ExtraPayment(part),
        "equal principal": "equal_principal",
        "interest only": "interest_only",
        "sinking fund": lc.SinkingFund("3%"),
        "lump sum": "lump_sum",
        "flat": "flat",
        "rule of 78": "rule_of_78",
        "stated charge": lc.RuleOf78(part),
        "balloon by amount": lc.Balloon(part),
        "balloon by term": lc.Balloon(term=count + 1),
        "growing by a ratio": lc.Graduated("0.1%", every=60),
        "falling by an amount": lc.Graduated(amount="-0.01", every=400),
        "seasonal": lc.Seasonal([1, 0, 2]),
        "given payments": lc.GivenPayments([part] * (count - 1)),
        "given principal": lc.GivenPrincipal([part] * (count - 1)),
    }


METHODS = list(methods(2, LEAST))
ON_BALANCE = set(METHODS) - {"lump sum", "flat", "rule of 78", "stated charge", "in advance"}


def plan_or_none(*terms: Any, **more: Any) -> lc.Schedule | None:
    """A plan, or None where it is refused with a reason that is known."""
    try:
        return lc.Loan(*terms, **more).schedule()
    except LoanError as refusal:
        if not any(reason in str(refusal) for reason in REASONS):
            raise
    return None


def assert_interest(plan: lc.Schedule, rate: Fraction, first: Fraction, rounded: Rule) -> None:
    """The first, the second and the last row bear interest on what is owed, rounded once."""
    columns = plan.columns
    for index in {0, min(1, len(plan) - 1), len(plan) - 1}:
        owed = columns.balance[index] + columns.principal[index]
        assert columns.interest[index] == rounded(owed * rate * (Fraction(1, 12) if index else first))


def assert_payment(plan: lc.Schedule, rate: Fraction, first: Fraction) -> None:
    """One payment over a first period of its own and equal ones after it, by the formula of an annuity due, in many digits."""
    with mp.workdps(120):
        monthly, grown = (
            mpf(rate.numerator) / rate.denominator / 12,
            mpf(plan.principal_lent) * (1 + mpf((rate * first).numerator) / (rate * first).denominator),
        )
        later = len(plan) - 1
        worth = 1 + (-mp.expm1(-later * mp.log1p(monthly)) / monthly if rate else later)
        assert int(100 * (plan.payment or 0)) == int(mp.floor(grown / worth + mpf("0.5")))


def cells() -> Iterator[tuple[Decimal, str, int, str | None, str]]:
    """Every extreme; of one period with each rounding, of 1 200 with the next one, as they are a thousand times the work."""
    for place, cell in enumerate(product((LEAST, MOST), RATES, (1, 1200), FIRST)):
        names = list(ROUNDINGS)
        for rounding in names if cell[2] == 1 else [names[place % len(names)]]:
            yield *cell, rounding


@pytest.mark.parametrize("name", METHODS)
def test_every_extreme_is_right_or_refused_with_a_reason(name: str) -> None:
    made = 0
    for lent, rate, count, first, rounding in cells():
        terms: dict[str, Any] = {"installments": count, "first_due": first}
        if name == "lump sum":
            terms = {"end": first or "2126-01-31", "day_count": "30/360"}
        method = methods(count, lent)[name]
        plan = plan_or_none(lent, rate, START, method=method, rounding=ROUNDINGS[rounding], **terms)
        if plan is None:
            continue
        made += 1
        plan.check()
        assert Fraction(plan.total_principal) == Fraction(lent)
        assert rate != "0%" or name == "stated charge" or plan.total_interest == 0
        if name in ON_BALANCE:
            assert_interest(plan, RATES[rate], FIRST[first], RULES[rounding])
        if name == "annuity" and rounding == "to the cent" and len(plan) == count > 1:
            assert_payment(plan, RATES[rate], FIRST[first])
    assert made > 12


# What is around the method, at its least and its most

CHANGES: dict[str, dict[str, Any]] = {
    "from nothing to the most": {"initial": "0%", "changes": {"2026-02-10": "1000%"}},
    "from the most to nothing": {"initial": "1000%", "changes": {"2026-02-10": "0%"}},
    "one night of nothing": {"initial": "0.000000001%", "changes": {"2026-02-10": "0%", "2026-02-11": "0.000000001%"}},
    "years without interest": {"initial": "1000%", "pauses": [("2026-02-01", "2030-01-01")]},
    "in eight thousand years": {"initial": "12%", "changes": {"9998-01-01": "13%"}},
}
AROUND: dict[str, dict[str, Any]] = {
    "the least more": {"tranches": [lc.Tranche("2026-02-05", LEAST)]},
    "the most more": {"tranches": [lc.Tranche("2026-02-05", MOST)]},
    "nearly all paid back": {"down_payment": "99.99%"},
    "interest joins": {"moratorium": lc.Moratorium(1, "capitalized")},
    "interest waits": {"moratorium": lc.Moratorium(1, "carried")},
    "no room to grow": {"negative_amortization": "100%"},
    "room without end": {"negative_amortization": "1000000%"},
}
MORE_REASONS = (
    *REASONS, "expected less than the", "with tranches", "before the last tranche", "of one pay-out", "the balance would pass", "does not repay within",
    "all but the last installment", "that sum to it", "no down payment", "expected at most the principal",
)  # fmt: skip


def made_or_refused(*terms: Any, **more: Any) -> lc.Loan | None:
    try:
        loan = lc.Loan(*terms, **more)
        loan.schedule().check()
    except LoanError as refusal:
        if not any(reason in str(refusal) for reason in MORE_REASONS):
            raise
        return None
    return loan


@pytest.mark.parametrize("name", METHODS)
def test_rates_that_change_and_money_on_the_way_are_right_or_refused_at_every_extreme(name: str) -> None:
    """What is lent is repaid, with what is paid out later and what interest joined; nights of a rate of nothing bear nothing."""
    made = 0
    extremes = ((LEAST, 2), (MOST, 2), (MOST, 24))
    for (lent, count), (kind, path), (around, more) in product(extremes, CHANGES.items(), AROUND.items()):
        terms: dict[str, Any] = {"installments": count}
        if name == "lump sum":
            terms = {"end": "2031-01-31", "day_count": "30/360"}
        rate = lc.RatePath(**path, keep="term")
        loan = made_or_refused(lent, rate, START, method=methods(count, lent)[name], **terms, **more)
        if loan is None:
            continue
        made += 1
        plan = loan.schedule()
        later = sum(Fraction(tranche.amount) for tranche in loan.tranches)
        assert Fraction(plan.total_principal) == Fraction(lent) + later
        if kind == "years without interest" and around != "interest waits" and name != "stated charge":
            quiet = [
                row for row in plan if row.start and date(2026, 2, 28) <= row.start and row.due and row.due.year < 2030
            ]
            assert not any(row.interest for row in quiet) or name in ("flat", "rule of 78")
    assert made > 15 or name in ("in advance", "rule of 78", "stated charge", "lump sum")


CHARGED = [
    lc.Fee(percent="1000%", of="interest", each="installment", max=MOST),
    lc.Fee(MOST, each="year"),
    lc.Fee(percent="0.0000001%", of="outstanding-principal", each="installment", min=LEAST),
    lc.Fee(LEAST, each="installment"),
]
TAXED = [lc.Tax("1000%", on="fees"), lc.Tax("0.0000001%", on="interest")]


@pytest.mark.parametrize("name", METHODS)
def test_fees_and_taxes_are_right_at_every_extreme(name: str) -> None:
    """Ten times the interest but the most at most, the most on each anniversary, a billionth of what is owed but a cent at least, a
    cent; and ten times of all that again, with a billionth of the interest.
    """
    rounded = Rule("half-up", 1)
    for lent, count, rate in product((LEAST, MOST), (2, 24), RATES):
        terms: dict[str, Any] = {"installments": count}
        if name == "lump sum":
            terms = {"end": "2031-01-31", "day_count": "30/360"}
        more = {"fees": CHARGED, "taxes": TAXED}
        loan = made_or_refused(lent, rate, START, method=methods(count, lent)[name], **terms, **more)
        for row, before in zip(loan.schedule() if loan else (), loan.dates if loan else (), strict=False):
            assert row.due
            interest, owed = int(100 * row.interest), int(100 * (row.balance + row.principal))
            years = sum(before < date(year, 1, 31) <= row.due for year in range(2027, 2032))
            fee = min(10 * interest, int(100 * MOST)) + years * int(100 * MOST)
            fee += max(rounded(Fraction(owed, 10**9)), 1) + 1
            assert int(100 * row.fee) == fee
            assert int(100 * row.tax) == 10 * fee + rounded(Fraction(interest, 10**9))


def test_what_is_charged_at_the_pay_out_at_its_extremes() -> None:
    """Eleven times what is asked for, and a tax of all of it, are lent; all but a thousandth is deducted; and all is refused."""
    financed = lc.Fee(percent="1000%", of="original-principal", at="disbursement", settled="financed")
    tax = lc.Tax("100%", on="principal", settled="financed")
    for lent in (LEAST, MOST):
        loan = lc.Loan(lent, "12%", START, installments=2, fees=financed, taxes=tax)
        assert loan.disbursement.principal == 12 * lent == loan.schedule().total_principal
        assert loan.received == lent
    deducted = lc.Fee(percent="99.9%", of="original-principal", at="disbursement", settled="deducted")
    assert lc.Loan(MOST, "12%", START, installments=2, fees=deducted).received == MOST / 1000
    with pytest.raises(LoanError, match=r"fees: got 0\.01 deducted on 2026-01-31; expected less than the principal"):
        lc.Loan(LEAST, "12%", START, installments=2, fees=deducted)


def test_a_kept_payment_that_never_repays_says_which() -> None:
    path = lc.RatePath("0%", {"2026-02-10": "1000%"}, keep="payment")
    with pytest.raises(LoanError, match=r"payment: got (0\.01|5000000000000\.00); it does not "):
        lc.Loan(MOST, path, START, installments=2).schedule()


def of_a_cent(residue: str) -> lc.Loan:
    """1 000 % a year over a hundred years: 1 grows to 10 to the 316th, which no float holds."""
    rounding = lc.Rounding(mode="up", residue=residue)
    return lc.Loan(LEAST, "1000%", START, installments=1200, method="annuity_in_advance", rounding=rounding)


@pytest.mark.parametrize("residue", ["first", "spread", "last", "smooth"])
def test_a_residue_is_found_where_no_float_is_large_enough(residue: str) -> None:
    plan = of_a_cent(residue).schedule()
    plan.check()
    assert [str(row.total) for row in plan] == ["0.01"]


# The last day there is

LATE = lc.LateInterest("0.1%/day")


@pytest.mark.parametrize(
    ("terms", "penalty"),
    [
        # 16 September, 16 October, 15 November, 15 December; three of the second installment, two of the third, one of the last
        ({"penalties": [lc.Penalty(5, every="30 days")]}, "50.00"),
        ({"penalties": [lc.Penalty(5, every="1 month")]}, "50.00"),
        ({"penalties": [lc.Penalty(5, from_day=60)]}, "10.00"),
        ({"penalties": [lc.Penalty(5)], "grace": lc.Grace(36_525, "free")}, "0.00"),
        ({"penalties": [lc.Penalty(5)], "grace": lc.Grace(36_525, "deferred")}, "0.00"),
    ],
)
def test_what_would_come_after_the_last_day_there_is_never_comes(terms: dict[str, Any], penalty: str) -> None:
    loan = lc.Loan(1000, "12%", "9999-08-15", installments=4, late=lc.LateTerms(LATE, **terms))
    position = lc.Account(loan).as_of("9999-12-31")
    assert str(position.past_due.penalty) == penalty
    assert (position.past_due.late_interest == 0) is ("grace" in terms)


@pytest.mark.parametrize(
    "interest",
    [
        lc.LateInterest("0.1%/day", stops=36_525),
        lc.LateInterest("0.1%/day", compound="capitalize", capitalizes="1 month"),
        lc.LateInterest("0.1%/day", starts=36_525),
    ],
)
def test_late_interest_runs_to_the_last_day_there_is(interest: lc.LateInterest) -> None:
    loan = lc.Loan(1000, "12%", "9999-11-15", installments=1, late=lc.LateTerms(interest))
    position = lc.Account(loan).as_of("9999-12-31")
    assert str(position.past_due.late_interest) == ("0.00" if interest.starts else "16.00")  # 1 000 x 0.1 % x 16


def test_dates_that_no_calendar_has_are_refused() -> None:
    for terms in (
        {"installments": 5},
        {"installments": 2, "every": "1 year"},
        {"installments": 200, "every": "10 days"},
    ):
        with pytest.raises(LoanError, match=r"expected dates from 0001-01-01 to 9999-12-31 only"):
            lc.Loan(1000, "12%", "9999-08-15", **terms, day_count="ACT/365F").schedule()
