"""What one plan saves against another: it adds up, and turns its sign when the plans change places."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

import loancalc as lc
from loancalc.errors import InvalidTerms
from loancalc.plan.plan_totals import PlanTotals
from loancalc.testing import loans

EUROS = loans(currencies=["EUR"], late=False)
OFFERS = {
    "year": lc.Loan(12_000, "12%", "2026-01-15", installments=12, fees=[lc.Fee("20", each="installment")]).schedule(),
    "two": lc.Loan(12_000, "12%", "2026-01-15", installments=24).schedule(),
    "charged": lc.Loan(
        12_000, "12%", "2026-01-15", installments=12,
        fees=[
            lc.Fee("150", at="disbursement", settled="financed"), lc.Fee("30", at="disbursement", settled="paid"),
            lc.Fee("90", at="disbursement", settled="deducted"),
        ],
        taxes=[lc.Tax(on="interest", percent="10%")],
    ).schedule(),
}  # fmt: skip


def amounts(totals: PlanTotals) -> list[Fraction]:
    return [Fraction(figure) for figure in totals]


@given(EUROS, EUROS, EUROS)
def test_savings_add_up_from_plan_to_plan(one: lc.Loan, two: lc.Loan, three: lc.Loan) -> None:
    first, second, third = (loan.schedule() for loan in (one, two, three))
    whole = first.against(third)
    steps = first.against(second), second.against(third)
    assert amounts(whole.saved) == [sum(parts) for parts in zip(*(amounts(s.saved) for s in steps), strict=True)]
    assert Fraction(whole.cost_saved) == sum(Fraction(step.cost_saved) for step in steps)
    assert whole.days_saved == (three.dates[len(third)] - one.dates[len(first)]).days


@given(EUROS, EUROS)
def test_what_is_saved_in_each_year_is_what_is_saved(one: lc.Loan, two: lc.Loan) -> None:
    compared = one.schedule().against(two.schedule())
    years = [amounts(saved) for saved in compared.by_year().values()]
    assert [sum(figures) for figures in zip(*years, strict=True)] == amounts(compared.saved)
    assert amounts(compared.saved) == [-figure for figure in amounts(compared.other.against(compared.plan).saved)]


@given(loans())
def test_a_plan_saves_nothing_against_itself(loan: lc.Loan) -> None:
    compared = loan.schedule().against(loan.schedule())
    assert not any(compared.saved)
    assert not compared.cost_saved
    assert compared.days_saved == 0


def test_what_fees_take_back_by_hand() -> None:
    """762.95 of interest less twelve times 20 of fees."""
    compared = OFFERS["year"].against(OFFERS["two"])
    assert (compared.saved.installments, compared.saved.fees) == (12, Decimal("-240.00"))
    assert compared.cost_saved == compared.saved.total == Decimal("522.95")
    assert str(compared).splitlines()[6:8] == [
        "        fees      240.00        0.00   -240.00",
        "        cost     1034.23     1557.18    522.95",
    ]


def test_what_is_charged_at_disbursement_is_a_cost_however_it_is_settled() -> None:
    compared = OFFERS["year"].against(OFFERS["charged"])
    plan = OFFERS["charged"]
    assert compared.charges_saved == plan.charged_at_disbursement == Decimal("270.00")
    assert compared.saved.principal == Decimal("150.00")
    cost = plan.total_interest + plan.total_taxes + Decimal("270.00")
    assert compared.cost_saved == cost - OFFERS["year"].total_interest - Decimal("240.00")
    assert "at disbursement" in compared._repr_html_()


def test_plans_without_dates_are_compared_without_dates() -> None:
    plain, extra = (lc.amortize(19_900, rate="5.5%", every="1 month", periods=n) for n in (24, 20))
    compared = extra.against(plain)
    assert compared.days_saved is None
    assert "last due" not in str(compared)
    assert compared.saved.interest == plain.total_interest - extra.total_interest
    with pytest.raises(InvalidTerms, match="has no due dates"):
        compared.by_year()


def test_plans_in_two_currencies_are_not_compared() -> None:
    euros = lc.Loan(12_000, "12%", "2026-01-15", installments=12, currency="EUR").schedule()
    with pytest.raises(InvalidTerms, match=r"other\.currency: got None against 'EUR'; expected plans in one currency"):
        euros.against(OFFERS["two"])


def test_the_callers_decimal_context_has_no_say() -> None:
    compared = OFFERS["year"].against(OFFERS["charged"])
    shown = str(compared)
    with localcontext(Context(prec=3)):
        assert str(OFFERS["year"].against(OFFERS["charged"])) == shown


def test_a_plan_is_compared_with_a_plan() -> None:
    loan: Any = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    with pytest.raises(
        lc.InvalidTerms, match=r"^against\.other: got Loan.*; expected a plan, as Loan\.schedule\(\) gives it"
    ):
        loan.schedule().against(loan)
