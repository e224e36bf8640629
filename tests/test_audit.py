"""A lender's claim against our figures: every figure that can be claimed, what it was built from, what may explain it."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc

DAY = "2026-04-24"
LATE = lc.LateTerms(interest=lc.LateInterest(rate="1.5x", day_count="ACT/360", compound="interest"))


def account(late: lc.LateTerms | None = LATE) -> lc.Account:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=late, currency="CNY")
    return lc.Account(loan, [lc.Payment("2026-02-15", "1066.19"), lc.Payment("2026-03-20", "500.00")])


OURS: dict[str, Any] = {
    "days_past_due": 40,
    "installments_past_due": 2,
    "oldest_unpaid_due": date(2026, 3, 15),
    "past_due_total": "1649.80",
    "cost": 0,
    "fee": 0,
    "penalty": 0,
    "compound_interest": "0.45",
    "late_interest": "14.30",
    "interest": "100.98",
    "principal": "1534.07",
    "outstanding_principal": "10667.02",
    "payoff": "10810.15",
    "status_line": "*N1",
}


def test_every_figure_can_be_claimed_and_ours_are_right() -> None:
    assert [field.name for field in fields(lc.Claim)] == ["as_of", *OURS]
    result = lc.audit(account(), lc.Claim(DAY, **OURS))
    assert result.agrees
    assert result.hints == ()
    assert [finding.field for finding in result.findings] == list(OURS)
    assert {finding.verdict for finding in result.findings} == {"right"}


WRONG = {
    name: value if isinstance(value, date) else "*N2" if name == "status_line" else 99 for name, value in OURS.items()
} | {"oldest_unpaid_due": "2026-03-10"}


@pytest.mark.parametrize(
    ("name", "explanation"),
    [
        ("days_past_due", "2026-04-24 - 2026-03-15 (oldest unpaid due date) = 40"),
        ("installments_past_due", "2: no. 2, due 2026-03-15, no. 3, due 2026-04-15"),
        ("oldest_unpaid_due", "installment 2 is the first not fully paid"),
        (
            "past_due_total",
            "compound interest 0.45 + late interest 14.30 + interest 100.98 + principal 1534.07 = 1649.80",
        ),
        ("cost", "none is owed: the terms name no cost"),
        ("fee", "none is owed: the terms name no fee"),
        ("penalty", "none is owed: the terms name no penalty"),
        (
            "compound_interest",
            "0.45\nno. 3: 100.98 x 18% x 9/360 = 0.45441 -> 0.45  (2026-04-15 to 2026-04-24, still running)",
        ),
        (
            "late_interest",
            "9.96 (no. 2) + 4.34 (no. 3) = 14.30\n"
            "no. 2: 955.65 x 18% x 5/360 = 2.389125 -> 2.39  (2026-03-15 to 2026-03-20, ended)\n"
            "no. 2: 568.86 x 18% x 35/360 = 9.95505 -> 9.96  (2026-03-20 to 2026-04-24, still running)\n"
            "no. 2: 2.39 + 9.96 - 2.39 (paid 2026-03-20) = 9.96\n"
            "no. 3: 965.21 x 18% x 9/360 = 4.343445 -> 4.34  (2026-04-15 to 2026-04-24, still running)",
        ),
        ("interest", "100.98\nno. 3: 100.98, as agreed"),
        (
            "principal",
            "568.86 (no. 2) + 965.21 (no. 3) = 1534.07\n"
            "no. 2: 955.65 - 386.79 (paid 2026-03-20) = 568.86\n"
            "no. 3: 965.21, as agreed",
        ),
        ("outstanding_principal", "past due 1534.07 + not yet due 9132.95 = 10667.02"),
        ("payoff", "past due 1649.80 + interest to date 27.40 + principal not yet due 9132.95 = 10810.15"),
        (
            "status_line",
            "2026-01 *: nothing was due\n2026-02 N: nothing overdue; due 2026-02-15\n"
            "2026-03 1: 16 delinquent days at the end, due since 2026-03-15",
        ),
    ],
)
def test_a_wrong_figure_shows_how_ours_came_about(name: str, explanation: str) -> None:
    (finding,) = lc.audit(account(), lc.Claim(DAY, **{name: WRONG[name]})).findings
    assert finding.verdict == "wrong"
    assert finding.explanation == explanation


def test_every_sum_in_an_explanation_is_right_by_hand() -> None:
    """Each `a + b - c = d` and each `a x r x n/m = u -> v` of every explanation, worked out again in fractions."""
    checked = 0
    for finding in lc.audit(account(), lc.Claim(DAY, **WRONG)).findings:
        for line in finding.explanation.splitlines():
            if found := re.search(r"([\d.]+) x ([\d.]+)% x (\d+)/(\d+) = ([\d.]+) -> ([\d.]+)", line):
                base, percent, share, whole, unrounded, rounded = map(Fraction, found.groups())
                assert base * percent / 100 * share / whole == unrounded
                assert abs(unrounded - rounded) <= Fraction(1, 200)
            elif " = " in line and name_of_sum(finding.field):
                left, right = re.sub(r"\(.*?\)|no\. \d+:|[a-z]", "", line).split(" = ")
                terms = re.findall(r"([+-]?) ?([\d.]+)", left)
                assert sum(Fraction(sign + amount) for sign, amount in terms) == Fraction(right)
            else:
                continue
            checked += 1
    assert checked == 11


def name_of_sum(field: str) -> bool:
    return field not in ("days_past_due", "status_line")


def test_what_the_terms_do_not_name_is_said_and_what_they_name_is_not() -> None:
    claim = lc.Claim(DAY, late_interest=5, compound_interest=5, penalty=5)
    assert [f.explanation for f in lc.audit(account(None), claim).findings] == [
        "none is owed: the terms name no penalty",
        "none is owed: the terms name no compound interest",
        "none is owed: the terms name no late interest",
    ]
    penalty = lc.LateTerms(penalties=[lc.Penalty(10)], grace=lc.Grace(60, "free"))
    (finding,) = lc.audit(account(penalty), lc.Claim(DAY, penalty=10)).findings
    assert finding.explanation == "none is owed"


def test_on_a_paid_up_loan_there_is_nothing_past_due() -> None:
    claim = lc.Claim("2026-02-20", days_past_due=5, installments_past_due=1, past_due_total=5, interest=5)
    found = lc.audit(account(), claim)
    assert [f.explanation for f in found.findings] == ["every installment due so far is paid"] * 3 + ["none is owed"]


def test_parts_that_do_not_add_up_to_the_claims_own_total_are_pointed_out() -> None:
    parts = {"late_interest": "14.30", "interest": "100.98", "principal": "1534.07"}
    assert lc.audit(account(), lc.Claim(DAY, past_due_total="1649.80", **parts)).hints == ()
    hints = lc.audit(account(), lc.Claim(DAY, past_due_total="1730.00", **parts)).hints
    assert hints == ("the parts that the claim names add up to 1649.35, 80.65 less than its own total",)
    hints = lc.audit(account(), lc.Claim(DAY, past_due_total="1649.00", **parts)).hints
    assert "the parts that the claim names add up to 1649.35, 0.35 more than its own total" in hints


def test_a_payment_that_the_lender_did_not_count_is_found() -> None:
    unpaid = lc.Account(account().loan, [lc.Payment("2026-02-15", "1066.19")]).as_of(DAY)
    claim = lc.Claim(DAY, past_due_total=unpaid.past_due.total, payoff=unpaid.payoff)
    hints = lc.audit(account(), claim).hints
    assert hints[0] == "every figure would be right if the payment of 500.00 on 2026-03-20 had not been counted"


@pytest.mark.parametrize(
    ("claimed", "message"),
    [
        ({"days_past_due": True}, r"claim\.days_past_due: got True; expected a whole number of 0 or more"),
        ({"days_past_due": 4.0}, r"claim\.days_past_due: got 4\.0; expected a whole number of 0 or more"),
        ({"installments_past_due": -1}, r"claim\.installments_past_due: got -1; expected a whole number"),
        ({"past_due_total": "1730.00001"}, r"claim\.past_due_total: got 1730\.00001; expected at most"),
        ({"past_due_total": float("nan")}, r"claim\.past_due_total: got nan; expected a finite number"),
        ({"payoff": Decimal("sNaN")}, r"claim\.payoff: got sNaN; expected a finite number"),
        ({"payoff": -5}, r"claim\.payoff: got -5; expected an amount of 0 or more"),
        ({"status_line": 12}, r"claim\.status_line: got 12; expected the marks as text, such as '\*N12'"),
        ({"status_line": " "}, r"claim\.status_line: got ' '; expected the marks as text"),
        ({"oldest_unpaid_due": "31/02/2026"}, r"claim\.oldest_unpaid_due: got '31/02/2026'; expected a date"),
        ({}, "claim: nothing to compare; accepted: days_past_due, "),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(claimed: dict[str, Any], message: str) -> None:
    with pytest.raises(lc.LoanError, match=message):
        lc.Claim(DAY, **claimed)


def test_an_audit_of_something_else_is_refused() -> None:
    not_ours: Any = {"as_of": DAY, "days_past_due": 45}
    with pytest.raises(lc.InvalidTerms, match=r"claim: got \{'as_of'.*; expected Claim"):
        lc.audit(account(), not_ours)
    with pytest.raises(lc.InvalidTerms, match=r"account: got .*; expected Account"):
        lc.audit(not_ours, lc.Claim(DAY, days_past_due=45))
    with pytest.raises(lc.InvalidDate, match="as_of: got 2025-12-31; expected 2026-01-15, the start of the loan"):
        lc.audit(account(), lc.Claim("2025-12-31", days_past_due=45))


def test_a_claim_with_more_decimals_than_the_currency_is_refused() -> None:
    with pytest.raises(lc.InvalidAmount, match=r"claim\.past_due_total: got 1730\.001; expected at most 2 decimals"):
        lc.audit(account(), lc.Claim(DAY, past_due_total="1730.001"))


class Whole:
    """A whole number of another library."""

    def __index__(self) -> int:
        return 12


class Array:
    """Has an index only if it holds one number; this one holds more."""

    def __index__(self) -> int:
        raise TypeError("only integer scalar arrays can be converted to a scalar index")


def test_counts_may_come_from_another_library() -> None:
    assert lc.Claim(DAY, days_past_due=Whole()).days_past_due == 12
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=Whole())
    assert loan == lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    assert type(loan.installments) is int
    assert lc.Grace(Whole(), "free") == lc.Grace(12, "free")
    assert lc.Rounding(Whole()) == lc.Rounding(12)
    with pytest.raises(lc.InvalidTerms, match=r"installments: got .*; expected a whole number of 1 or more"):
        lc.Loan(12_000, "12%", "2026-01-15", installments=Array())


def test_a_line_that_counts_the_running_month_is_named() -> None:
    """On 24 April the line is *N1; the mark that April would get so far is 2."""
    counted = lc.audit(account(), lc.Claim(DAY, status_line="*N12"))
    assert counted.hints == ("status_line *N12 counts the month of 2026-04-24, which has not ended",)
    assert lc.audit(account(), lc.Claim(DAY, status_line="*N13")).hints == ()
    assert lc.audit(account(), lc.Claim("2026-04-30", status_line="*N12")).agrees
