"""96 plans at 40 digits: unrounded work agrees to 20 of them, and what is rounded to the cent still foots."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc
from footing import RESIDUES, assert_foots
from loancalc.errors import NoSolution
from reference import read

CASES: list[dict[str, Any]] = read("amortization.json.gz")["cases"]

METHODS = {
    "annuity": "annuity",
    "annuity_advance": "annuity_in_advance",
    "equal_principal": "equal_principal",
    "interest_only_bullet": "interest_only",
    "flat_add_on": "flat",
    "canadian_semiannual": "annuity",
    "annuity_daily_simple": "annuity",
    "equal_principal_daily_simple": "equal_principal",
}
LAST_INTEREST_TOO_SMALL = {"VA0076", "VA0086"}  # without interest there is none to take the cents left over
EVERY = {12: "1 month", 26: "2 weeks", 52: "1 week"}


def method_of(case: dict[str, Any]) -> Any:
    """The method of a case; where it has parameters, the value that states them."""
    name = case["method"]
    if name == "bullet":
        return lc.LumpSum(compound=case["accrual"] == "compound")
    if name == "balloon":
        return lc.Balloon(case["balloon"])
    if name == "rule_of_78":
        return lc.RuleOf78(case["finance_charge"])
    if name == "annuity_geometric":
        return lc.Graduated(Fraction(case["growth"]))
    if name == "annuity_arithmetic":
        return lc.Graduated(amount=case["step"])
    return METHODS[name]


DATED = [case for case in CASES if "start" in case]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}-{case['method']}")


def plan_of(case: dict[str, Any], rounding: lc.Rounding | str) -> lc.Schedule:
    method = method_of(case)
    if "start" in case:
        return loan_of(case, rounding).schedule()
    if "years" in case:
        rate = lc.Rate.semiannual(Decimal(case["nominal_rate_semiannual"]))
        each, count = EVERY[case["payments_per_year"]], case["years"] * case["payments_per_year"]
        return lc.amortize(case["principal"], rate=rate, every=each, periods=count, method=method, rounding=rounding)
    rate_of_period = Fraction(case.get("period_rate", case.get("flat_period_rate", 0)))
    return lc.amortize(
        case["principal"], rate=rate_of_period, periods=case["periods"], method=method, rounding=rounding
    )


def loan_of(case: dict[str, Any], rounding: lc.Rounding | str) -> lc.Loan:
    return lc.Loan(
        case["principal"],
        Decimal(case["annual_rate"]),
        case["start"],
        installments=case["periods"],
        method=METHODS[case["method"]],
        day_count=case["day_count"],
        month_end=case["roll"] == "EOM",
        rounding=rounding,
    )


def agrees(ours: Decimal | None, printed: str) -> bool:
    """To 20 significant digits; zero is zero."""
    assert ours is not None
    want = Fraction(printed)
    return abs(Fraction(ours) - want) <= abs(want) * Fraction(1, 2 * 10**19)


def test_no_case_is_left_out() -> None:
    counts = Counter(case["method"] for case in CASES)
    assert counts["bullet"] == 8
    assert (len(CASES), len(DATED)) == (96, 10)


@every_case
def test_unrounded_rows_agree_to_twenty_digits(case: dict[str, Any]) -> None:
    plan = plan_of(case, "none")
    rows = case.get("schedule") or case.get("schedule_sample") or []
    assert rows or case["method"] == "bullet"
    for row in rows:
        ours = plan[row["n"] - 1]
        for field, value in (
            ("payment", ours.total),
            ("interest", ours.interest),
            ("principal", ours.principal),
            ("balance", ours.balance),
        ):
            assert agrees(value, row[field]), (row["n"], field, value, row[field])


@every_case
def test_unrounded_totals_agree_to_twenty_digits(case: dict[str, Any]) -> None:
    plan = plan_of(case, "none")
    if "level_payment" in case:
        assert agrees(plan.payment, case["level_payment"])
    if case["method"] == "bullet":
        assert agrees(plan[-1].total, case["maturity_payment"])
        assert agrees(plan.total_interest, case["interest"])
        return
    if "first_payment" in case:
        assert agrees(plan[0].total, case["first_payment"])
    totals = case["totals"]
    assert agrees(plan.total, totals["payments"])
    assert agrees(plan.total_interest, totals["interest"])
    assert agrees(plan.total_principal, totals["principal"])
    if "total_interest_closed_form" in case:
        assert agrees(plan.total_interest, case["total_interest_closed_form"])


@pytest.mark.parametrize("case", DATED, ids=lambda case: case["id"])
def test_a_dated_plan_is_the_plan_over_its_shares_of_a_year(case: dict[str, Any]) -> None:
    plan = loan_of(case, "none").schedule()
    assert [str(row.due) for row in plan] == case["dates"]
    bounds = [case["start"], *case["dates"]]
    counted = [lc.days(case["day_count"], a, b) for a, b in zip(bounds, case["dates"], strict=False)]
    assert counted == case["days"]
    year = 360 if case["day_count"] == "ACT/360" else 365
    undated = lc.amortize(
        case["principal"],
        rate=Decimal(case["annual_rate"]),
        periods=[Fraction(days, year) for days in case["days"]],
        method=METHODS[case["method"]],
        rounding="none",
    )
    assert [row[3:] for row in plan] == [row[3:] for row in undated]


@pytest.mark.parametrize("residue", RESIDUES)
@every_case
def test_rounded_to_the_cent_every_plan_foots(case: dict[str, Any], residue: str) -> None:
    rounding = lc.Rounding(residue=residue)
    if case["id"] in LAST_INTEREST_TOO_SMALL and residue == "last-interest":
        with pytest.raises(NoSolution, match=r"rounding\.residue: got 'last-interest'; the last interest would be -"):
            plan_of(case, rounding)
    else:
        assert_foots(plan_of(case, rounding), case["principal"])


@every_case
def test_rounding_moves_a_row_by_less_than_what_was_rounded(case: dict[str, Any]) -> None:
    # Each row rounds interest once and inherits half a cent from every row before it, grown by its interest.
    exact, plan = plan_of(case, "none"), plan_of(case, lc.Rounding())
    if len(plan) < len(exact):
        return
    slack = Fraction(len(exact) + 1, 100)
    growth = 1 + Fraction(exact.total_interest) / Fraction(exact.total_principal)
    for unrounded, row in zip(exact, plan, strict=True):
        assert abs(Fraction(unrounded.balance) - Fraction(row.balance)) <= slack * growth
        assert abs(Fraction(unrounded.interest) - Fraction(row.interest)) <= slack * growth
