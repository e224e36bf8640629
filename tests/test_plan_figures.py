"""What a plan says of itself, worked out once more from its rows, and its proof, of which no law can be broken unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidTerms
from loancalc.testing import loans

COLUMNS = ("principal", "interest", "fee", "tax")


def added(rows: list[lc.Installment]) -> tuple[Fraction, ...]:
    """Each component of some rows."""
    return tuple(sum((Fraction(getattr(row, name)) for row in rows), Fraction(0)) for name in COLUMNS)


def said(totals: Any) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, (totals.principal, totals.interest, totals.fees, totals.taxes)))


@given(loans(any_plan=True), st.data())
def test_totals_are_what_the_rows_add_up_to(loan: lc.Loan, data: st.DataObject) -> None:
    plan = loan.schedule()
    rows = list(plan)
    whole = (plan.total_principal, plan.total_interest, plan.total_fees, plan.total_taxes)
    assert tuple(map(Fraction, whole)) == added(rows)
    assert Fraction(plan.total) == sum(added(rows)) == sum(Fraction(row.payable) for row in rows)
    assert plan.last_due == max(row.due for row in rows if row.due)
    years = {row.due.year for row in rows if row.due}
    by_year = plan.by_year()
    assert list(by_year) == sorted(years)
    for year in years:
        own = [row for row in rows if row.due and row.due.year == year]
        assert (by_year[year].installments, said(by_year[year])) == (len(own), added(own))
        assert Fraction(by_year[year].total) == sum(added(own))
    day = loan.start + timedelta(data.draw(st.integers(-40, (loan.dates[-1] - loan.start).days + 40)))
    left = [row for row in rows if row.due and row.due > day]
    assert (plan.remaining(day).installments, said(plan.remaining(day))) == (len(left), added(left))


@given(loans(any_plan=True), loans(any_plan=True))
def test_what_is_saved_is_what_the_rows_of_both_differ_by(one: lc.Loan, two: lc.Loan) -> None:
    ours, others = one.schedule(), two.schedule()
    if ours.currency != others.currency:
        with pytest.raises(InvalidTerms, match=r"other\.currency"):
            ours.against(others)
        return
    compared = ours.against(others)
    differ = [more - less for more, less in zip(added(list(others)), added(list(ours)), strict=True)]
    assert (compared.saved.installments, list(said(compared.saved))) == (len(others) - len(ours), differ)
    charged = [sum(Fraction(line.amount) for out in loan.disbursements for line in out.lines) for loan in (one, two)]
    assert Fraction(compared.charges_saved) == charged[1] - charged[0]
    assert Fraction(compared.cost_saved) == sum(differ[1:]) + charged[1] - charged[0]
    # a stated payment may repay before the last date
    assert compared.days_saved == (others[-1].due - ours[-1].due).days
    years = compared.by_year()
    assert [sum(said(year)[place] for year in years.values()) for place in range(4)] == differ


Broken = Iterator[tuple[str, lc.Schedule]]


def changed(values: Any, row: int, by: int) -> list[int]:
    return [value + by * (place == row) for place, value in enumerate(values)]


def broken_in(plan: lc.Schedule, row: int, by: int) -> Broken:
    """The plan with one figure changed, by turns."""
    columns, charges = plan.columns, plan.charges
    yield "principal lent", replace(plan, principal_lent=plan.principal_lent + by)
    yield "balance", replace(plan, columns=columns._replace(balance=changed(columns.balance, row, by)))
    yield "interest", replace(plan, columns=columns._replace(interest=changed(columns.interest, row, by)))
    parts = changed(columns.principal, row, by)
    balances = [balance - by * (place >= row) for place, balance in enumerate(columns.balance)]
    yield "principal", replace(plan, columns=columns._replace(principal=parts, balance=balances))
    if charges.agreement is not None:
        yield "fee", replace(plan, charges=replace(charges, fees=changed(charges.fees, row, by)))
        yield "tax", replace(plan, charges=replace(charges, taxes=changed(charges.taxes, row, by)))
    if plan.dates is not None:
        yield "dates", replace(plan, dates=plan.dates[:-1])
        late = plan.dates[-1] + timedelta(1)
        if row:
            yield "date", replace(plan, dates=(*plan.dates[:row], late, *plan.dates[row + 1 :]))


@given(loans(any_plan=True), st.data())
def test_no_law_of_a_plan_is_broken_unseen(loan: lc.Loan, data: st.DataObject) -> None:
    plan = loan.schedule()
    plan.check()
    row, by = data.draw(st.integers(0, len(plan) - 1)), data.draw(st.sampled_from([-1, 1]))
    assert [what for what, broken in broken_in(plan, row, by) if not is_refused(broken)] == []


def is_refused(plan: lc.Schedule) -> bool:
    try:
        plan.check()
    except InvalidTerms as refusal:
        return str(refusal).startswith("schedule: ")
    return False


EQUAL: list[dict[str, Any]] = [
    {}, {"payment": "nominal"}, {"payment": 1_070}, {"method": "annuity_in_advance"}, {"method": lc.Balloon(3_000)},
    {"method": lc.Balloon(term=30)}, {"method": lc.ExtraPayment(50)}, {"method": "rule_of_78"}, {"method": "equal_principal"},
    {"method": "flat"}, {"method": "flat", "day_count": "ACT/360"}, {"method": "flat", "day_count": "ACT/360", "level": True},
    {"moratorium": lc.Moratorium(2, "capitalized")}, {"down_payment": "10%"},
    {"method": "equal_principal", "rate": lc.RatePath("12%", {"2026-05-01": "6%"})},
    {"rate": lc.RatePath("12%", {"2026-05-01": "6%"}, keep="level")},
]  # fmt: skip


@pytest.mark.parametrize("residue", ["last", "first", "spread", "smooth", "visible"])
@pytest.mark.parametrize("terms", EQUAL, ids=str)
def test_a_part_that_moves_from_one_row_to_the_next_is_seen_where_all_are_equal(
    terms: dict[str, Any], residue: str
) -> None:
    """Two cents more in one row and less in the next: all adds up, and the interest is the same."""
    agreed = {"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12} | terms
    plan = lc.Loan(**agreed, rounding=lc.Rounding(residue=residue)).schedule()
    plan.check()
    columns = plan.columns
    for row in (4, 7):
        parts = changed(changed(columns.principal, row, 2), row + 1, -2)
        moved = columns._replace(principal=parts, balance=changed(columns.balance, row, -2))
        with pytest.raises(InvalidTerms, match=r"got (payment|principal) of .* in installment \d+; expected the same"):
            replace(plan, columns=moved).check()


@pytest.mark.parametrize("break_it", [lambda interest: interest + 1, lambda interest: interest - 1])
def test_the_last_interest_takes_the_residue_and_no_more(break_it: Callable[[int], int]) -> None:
    """12 payments of 1 066.19 ask for 5 cents more than what is owed: the last interest is 10.56 and 0.05."""
    loan = lc.Loan(
        12_000, "12%", "2026-01-15", installments=12, rounding=lc.Rounding(residue="last-interest")
    )  # fmt: skip
    plan = loan.schedule()
    assert (str(plan[-1].interest), str(plan[-1].total)) == ("10.61", "1066.19")
    interest = plan.columns.interest
    wrong = plan.columns._replace(interest=[*interest[:-1], break_it(interest[-1])])
    with pytest.raises(InvalidTerms, match=r"in installment 12; expected 10\.56"):
        replace(plan, columns=wrong).check()


def test_a_flat_loan_by_days_has_no_level_payment() -> None:
    """12 000 at 12 % by actual days over 360: 124.00 for 31 nights and 112.00 for 28, each beside 1 000.00. It said 1 124.00."""
    terms: dict[str, Any] = {
        "principal": 12_000,
        "rate": "12%",
        "start": "2026-01-15",
        "installments": 12,
        "method": "flat",
    }
    plan = lc.Loan(**terms, day_count="ACT/360").schedule()
    assert [str(row.total) for row in plan[:3]] == ["1124.00", "1112.00", "1124.00"]
    assert (plan.payment, plan.residue) == (None, 0)
    assert lc.Loan(**terms).schedule().payment == 1120


def test_the_level_payment_of_a_flat_loan_is_not_its_first_one_that_takes_the_residue() -> None:
    """10 000 in seven parts of 1 428.57 leave a cent, and 700.00 of interest are 100.00 each: first 1 528.58, then 1 528.57."""
    first = lc.Rounding(residue="first")
    plan = lc.Loan(10_000, "12%", "2026-01-15", installments=7, method="flat", rounding=first).schedule()
    assert [str(row.total) for row in plan[:2]] == ["1528.58", "1528.57"]
    assert str(plan.payment) == "1528.57"
