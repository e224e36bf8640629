"""The acceptance examples of the design: the page runs as written, and its comments' figures are these."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parent / "data" / "design_section_3.md"


def run_page() -> dict[str, Any]:
    """The names that the page's code leaves behind, read from its one block of Python."""
    code = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    return names


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return run_page()


def test_the_plan_of_the_page(page: dict[str, Any]) -> None:
    plan = page["plan"]
    assert plan.payment == Decimal("1066.19")
    assert str(plan[0]) == (
        "Installment 1, due 2026-02-15: principal 946.19, interest 120.00, total 1066.19, balance 11053.81"
    )
    assert plan[-1].total == Decimal("1066.14")
    assert plan.total_interest == Decimal("794.23")


def test_the_lump_sum_bears_thirty_nights(page: dict[str, Any]) -> None:
    assert page["lump"].schedule().total_interest == Decimal("150.00")


def test_the_late_payment_is_allocated_as_the_page_says(page: dict[str, Any]) -> None:
    parts = page["account"].receipts[1].parts
    assert dict(parts) == {
        "cost": 0, "fee": 0, "penalty": 0, "compound_interest": Decimal("0.28"), "late_interest": Decimal("2.39"),
        "interest": Decimal("110.54"), "principal": Decimal("386.79"),
    }  # fmt: skip
    assert parts.total == 500


def test_the_position_of_the_page(page: dict[str, Any]) -> None:
    position = page["position"]
    assert position.days_past_due == 40
    assert position.oldest_unpaid_due == date(2026, 3, 15)
    assert position.past_due.principal == Decimal("1534.07") == Decimal("568.86") + Decimal("965.21")
    assert position.past_due.interest == Decimal("100.98")
    assert position.past_due.late_interest == Decimal("14.30") == Decimal("9.96") + Decimal("4.34")
    assert position.past_due.compound_interest == Decimal("0.45")
    assert position.past_due.total == Decimal("1649.80")


def test_every_figure_of_the_position_is_shown_as_a_calculation(page: dict[str, Any]) -> None:
    assert "568.86 x 18% x 35/360 = 9.95505 -> 9.96" in page["position"].explain()


def test_the_credit_line_and_the_audit_of_the_page(page: dict[str, Any]) -> None:
    assert page["report"].status_line == "*N12"
    lc = page["lc"]
    audit = lc.audit(page["account"], lc.Claim(as_of="2026-04-24", days_past_due=45, past_due_total="1730.00"))
    found = {finding.field: (finding.verdict, finding.ours, finding.difference) for finding in audit.findings}
    assert found == {
        "days_past_due": ("wrong", 40, 5),
        "past_due_total": ("wrong", Decimal("1649.80"), Decimal("80.20")),
    }


def test_the_prepayment_options_of_the_page(page: dict[str, Any]) -> None:
    options = page["options"]
    assert (options["lower"].payment, options["lower"].interest_left) == (Decimal("548.53"), Decimal("112.18"))
    shorten = options["shorten"]
    assert (shorten.installments_left, shorten.last_payment, shorten.interest_left) == (
        4, Decimal("45.14"), Decimal("64.69"),
    )  # fmt: skip
    assert options["keep"].interest_left == Decimal("218.07")


def test_the_cost_of_the_flat_loan(page: dict[str, Any]) -> None:
    lc, flat = page["lc"], page["flat"]
    cost = lc.irr(flat)
    assert (round(cost.nominal, 4), round(cost.effective, 4)) == (0.2491, 0.2796)
    without_fee = lc.Loan(principal=12_000, rate="1%/month", start="2026-01-15", installments=12, method="flat")
    assert round(lc.irr(without_fee).nominal, 4) == 0.2146
    for rule in ("us-reg-z", "eu", "cn"):
        assert 0.24 < float(lc.apr(flat, rule=rule)) < 0.29
    assert lc.xirr([-1000, 1100], ["2026-01-01", "2027-01-01"]) == pytest.approx(0.1, abs=1e-15)


def test_the_year_fraction_of_the_page(page: dict[str, Any]) -> None:
    share = page["lc"].year_fraction("ACT/ACT ISDA", "2023-11-01", "2024-05-01")
    assert share == Fraction(66491, 133590) == Fraction(61, 365) + Fraction(121, 366)
