"""Plans as the European Commission prints them: balances carried unrounded, every figure rounded for display only.

Source: European Commission, DG FISMA, "Examples for the calculation of the APRC" (G. M. Soto, January 2015), section 2.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given

import loancalc as lc
from footing import assert_foots
from loancalc.errors import InvalidTerms
from loancalc.testing import loans
from reference import read

PRINTED: dict[str, Any] = read("amortization_eu.json.gz")
TABLES: dict[str, Any] = PRINTED["tables"]

ON_PAPER: dict[str, Any] = {"rounding": "display-only", "currency": "EUR"}
MONTHLY: dict[str, Any] = {"start": "2012-01-15", "installments": 240, **ON_PAPER}


def monthly(principal: int = 200_000, rate: Any = "6%", **terms: Any) -> lc.Schedule:
    return lc.Loan(principal, rate, **MONTHLY | terms).schedule()


def over(first: Fraction, later: Fraction, count: int, **terms: Any) -> lc.Schedule:
    """Over a first period of its own: the text counts odd days as days of the year, beside whole months."""
    periods = [first, *repeat(later, count - 1)]
    return lc.amortize(200_000, rate="6%", periods=periods, **ON_PAPER, **terms)


MONTH = Fraction(1, 12)
EVERY_SECOND_YEAR = [lc.Fee(100, on=f"{year}-02-15") for year in range(2012, 2032, 2)]

PLANS = {
    "EU-1": monthly(),
    "EU-2-1": over(Fraction(3, 365) + MONTH, MONTH, 240),  # agreed on 12 January 2012, first due on 15 February
    "EU-2-3": over(Fraction(34, 365), Fraction(1), 20),
    "EU-3": monthly(fees=[lc.Fee(percent=Fraction(1, 12_000), of="original-principal", each="installment")]),
    "EU-4": monthly(fees=[lc.Fee(percent=Fraction(1, 1200), of="original-principal", each="installment")]),
    "EU-6": monthly(),  # the 100 at the end lie beyond the printed rows
    "EU-7": monthly(installments=180, method=lc.Balloon(term=360)),
    "EU-10": monthly(method=lc.Graduated("-3%", every=12)),
    "EU-13": monthly(method="equal_principal"),
    "EU-18-2": over(Fraction(20, 366) + MONTH, MONTH, 240, negative_amortization="101%"),
    "EU-19": monthly(method="equal_principal", fees=EVERY_SECOND_YEAR),
    "EU-21": monthly(rate=lc.RatePath("5%", {"2012-10-15": "5.5%"}, keep="term")),
    "EU-27": monthly(170_000),
    "EU-42": monthly(rate="7.5%", installments=12, method="interest_only"),
}


def figures(plan: lc.Schedule) -> Iterator[list[Decimal]]:
    """The rows of a table; what the balance is before the installment is unrounded, and rounded where it is shown."""
    columns, lent = plan.columns, plan.principal_lent
    opening = lent
    for index, row in enumerate(plan):
        before, grown = plan.amounts([opening, opening + columns.interest[index]])
        yield [before, row.interest, grown, row.principal, row.total, row.fee, row.payable, row.balance]
        opening = columns.balance[index]


@pytest.mark.parametrize("name", TABLES)
def test_every_printed_figure_comes_out(name: str) -> None:
    plan, table = PLANS[name], TABLES[name]
    for ours, (_, *printed, _rate) in zip(figures(plan), table["rows"], strict=False):
        assert ours == [Decimal(figure or 0) for figure in printed]
    assert len(plan) >= len(table["rows"])


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table["yearly"]])
def test_the_sums_of_the_years_are_those_of_the_unrounded_rows(name: str) -> None:
    plan, yearly = PLANS[name], TABLES[name]["yearly"]
    columns = plan.columns
    for year, printed in enumerate(yearly):
        rows = slice(12 * year, 12 * year + 12)
        ours = plan.amounts([sum(columns.interest[rows]), sum(columns.principal[rows])])
        assert ours == [Decimal(figure) for figure in printed], year + 1
    assert len(plan) == 12 * len(yearly)


def test_every_table_is_here() -> None:
    assert PLANS.keys() == TABLES.keys()
    assert sum(len(table["rows"]) for table in TABLES.values()) == 200


def test_what_is_printed_elsewhere_of_these_loans() -> None:
    """The annuity as a balloon: 142 097.69 beside the installment of month 180; EU-10 ends with 997.09."""
    level, last = (PLANS["EU-7"][index].total for index in (-2, -1))
    assert last - level == Decimal("142097.69")
    assert PLANS["EU-10"][-1].total == Decimal("997.09")
    assert PLANS["EU-13"][-1].total == Decimal("837.50")


# Display only


@given(loans(methods=["annuity", "equal_principal", "interest_only"], accruals=["scheduled"], late=False))
def test_what_is_shown_is_the_unrounded_plan_rounded(loan: lc.Loan) -> None:
    """Every figure by itself: of rows, of sums, of years."""
    terms = {
        name: getattr(loan, name) for name in ("start", "installments", "every", "day_count", "currency", "method")
    }
    exact, shown = (
        lc.Loan(loan.principal, loan.rate, **terms, rounding=name).schedule() for name in ("none", "display-only")
    )
    unit = Fraction(10) ** -loan.digits

    def rounded(amount: Decimal) -> Fraction:
        return int(Fraction(amount) / unit + Fraction(1, 2)) * unit

    for row, other in zip(exact, shown, strict=True):
        assert [rounded(amount) for amount in row[3:]] == [Fraction(amount) for amount in other[3:]]
    assert rounded(exact.total_interest) == Fraction(shown.total_interest)
    years = zip(exact.by_year().values(), shown.by_year().values(), strict=True)
    assert all(rounded(more.total) - Fraction(less.total) <= 2 * unit for more, less in years)
    assert exact.columns == shown.columns
    shown.check()


def test_rows_shown_to_the_cent_need_not_add_up_and_say_so() -> None:
    plan = PLANS["EU-1"]
    assert plan[1].principal + plan[1].interest == Decimal("1432.87") != plan[1].total == Decimal("1432.86")
    assert "rounding is for display only" in " ".join(plan.assumptions)
    assert plan.explain(2) == (
        "2: interest 199567.137883... x 6% x 1/12 = 997.835689... -> 997.84; "
        "principal 1432.862116... - 997.835689... = 435.026427... -> 435.03"
    )
    assert_foots(lc.Loan(200_000, "6%", **MONTHLY | {"rounding": "half-up"}).schedule(), 200_000)


@pytest.mark.parametrize("name", ["display-only", "eu-display", "Rounded for display", "只在显示时取整"])
def test_it_has_names(name: str) -> None:
    assert lc.Rounding.of(name).displayed == lc.Rounding()


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"displayed": lc.Rounding()}, r"rounding\.displayed: got 0 places; expected fewer than the 0"),
        ({"places": 4, "displayed": lc.Rounding(places=5)}, "got 5 places; expected fewer than the 4"),
        ({"places": 4, "displayed": "half-up"}, r"rounding\.displayed: got 'half-up'; expected a Rounding"),
        ({"places": 9, "displayed": lc.Rounding(places=9, displayed=lc.Rounding())}, "without roundings inside"),
    ],
)
def test_a_display_that_hides_nothing_is_refused(terms: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidTerms, match=says):
        lc.Rounding(**terms)


def test_an_account_settles_money_and_refuses_to_guess_it() -> None:
    loan = lc.Loan(200_000, "6%", **MONTHLY)
    with pytest.raises(InvalidTerms, match=r"rounding: got 50 places beyond the minor unit; an account settles money"):
        lc.Account(loan, [lc.Payment("2012-02-15", "1432.86")]).as_of("2012-02-15")
