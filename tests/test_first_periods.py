"""A first period of another length: one payment over all periods, interest added to the first installment, or set apart."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import LoanError
from loancalc.time.accrual_periods import Frequency, date_at

MARCH = {"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12, "first_due": "2026-03-01"}


def plan(**terms: Any) -> lc.Schedule:
    return lc.Loan(**MARCH | terms).schedule()


# By hand


def test_interest_added_to_the_first_installment() -> None:
    # 17 of the 31 nights of the month to 1 February, and the month to 1 March: 120 x (1 + 17/31) = 185.81
    rows = plan(first_period="interest-added")
    assert str(rows.payment) == "1066.19"  # PMT(1 %, 12, 12 000), as if the loan began on 1 February
    assert (
        str(rows[0])
        == "Installment 1, due 2026-03-01: principal 946.19, interest 185.81, total 1132.00, balance 11053.81"
    )
    assert (
        str(rows[1])
        == "Installment 2, due 2026-04-01: principal 955.65, interest 110.54, total 1066.19, balance 10098.16"
    )
    assert str(rows[-1].total) == "1066.14"
    rows.check()


def test_interest_set_apart() -> None:
    # 120 x 17/31 = 65.81 on 1 February, then twelve installments as of a loan that began on that day
    rows = plan(first_period="interest-apart")
    assert (
        str(rows[0]) == "Installment 1, due 2026-02-01: principal 0.00, interest 65.81, total 65.81, balance 12000.00"
    )
    assert (
        str(rows[1])
        == "Installment 2, due 2026-03-01: principal 946.19, interest 120.00, total 1066.19, balance 11053.81"
    )
    assert (len(rows), str(rows[-1].due), str(rows[-1].total)) == (13, "2027-02-01", "1066.14")
    rows.check()


def test_after_interest_that_is_set_apart_installments_keep_the_day_of_the_first_one() -> None:
    # due on the 31st: the period of 31 March begins on 28 February, which has no 31st; the others are not due on the 28th for that.
    # 13 of the 28 nights of the month from 31 January: 12 000 x 1 % x 13/28 = 55.714...
    rows = plan(start="2026-02-15", first_due="2026-03-31", first_period="interest-apart")
    assert [str(row.due) for row in rows[:4]] == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert (str(rows[0].interest), str(rows[1].total), str(rows[-1].due)) == ("55.71", "1066.19", "2027-02-28")
    by_the_end = plan(
        start="2026-02-15", first_due="2026-03-31", installments=None, end="2027-02-28", first_period="interest-apart"
    )
    assert list(by_the_end) == list(rows)


def test_a_loan_with_interest_set_apart_says_its_terms_as_they_were_agreed() -> None:
    for more in ({}, {"moratorium": lc.Moratorium(2, "paid")}):
        loan = lc.Loan(**MARCH | {"first_period": "interest-apart"} | more)
        assert "installments=12" in repr(loan)
        assert "first_due='2026-03-01', first_period='interest-apart'" in repr(loan)
        assert eval(repr(loan), {"Loan": lc.Loan, "Moratorium": lc.Moratorium}) == loan


def test_a_first_period_that_is_shorter_asks_for_less() -> None:
    # 17 nights of 365 to 1 February: 12 000 x 12 % x 17/365 = 67.07; a loan of 1 January pays 122.30 of 1 065.91 as interest
    rows = plan(first_due="2026-02-01", first_period="interest-added", day_count="ACT/365F")
    regular = plan(start="2026-01-01", first_due="2026-02-01", day_count="ACT/365F")
    assert (str(regular[0].interest), str(regular[0].principal), str(regular.payment)) == (
        "122.30",
        "943.61",
        "1065.91",
    )
    assert (str(rows[0].interest), str(rows[0].principal), str(rows[0].total)) == ("67.07", "943.61", "1010.68")
    with pytest.raises(
        LoanError,
        match=r"^first_period: got 'interest-apart' with a first period from 2026-01-15 to 2026-02-01, which is",
    ):
        plan(first_due="2026-02-01", first_period="interest-apart")


def test_the_sample_of_regulation_z_sets_sixteen_days_apart() -> None:
    # 12 CFR 1026, Appendix H, sample H-11: 5 000 at 12 % from 15 April, installments from 1 June; 16 days of 30/360 are 26.67
    loan = lc.Loan(
        5000,
        "12%",
        "1981-04-15",
        installments=24,
        first_due="1981-06-01",
        first_period="interest-apart",
        day_count="30/360",
    )
    assert (str(loan.schedule()[0].due), str(loan.schedule()[0].interest)) == ("1981-05-01", "26.67")


# Laws

DAYS = st.integers(-25, 75)
METHODS = st.sampled_from(["annuity", lc.Balloon(3_000), lc.Graduated(Fraction(1, 100)), lc.Seasonal([1, 0, 2])])
COUNTS = st.sampled_from([None, "ACT/360", "ACT/365F", "30E/360", "ACT/ACT ISDA", "ACT/ACT ICMA"])


@example(date(2021, 3, 29), 1, 2, "annuity", "ACT/360", "scheduled", "12%")
@example(date(2021, 3, 28), 28, 2, "annuity", None, "scheduled", "12%")
@given(
    st.dates(date(2020, 4, 1), date(2040, 1, 1)), DAYS, st.integers(2, 15), METHODS, COUNTS,
    st.sampled_from(["scheduled", "daily"]), st.sampled_from(["12%", "0%", "3.65%"]),
)  # fmt: skip
def test_but_for_the_first_interest_it_is_the_plan_of_a_loan_that_began_one_period_before_its_first_due_date(
    first_due: date, before: int, count: int, method: Any, day_count: str | None, accrual: str, rate: str
) -> None:
    terms: dict[str, Any] = {"installments": count, "method": method, "day_count": day_count, "accrual": accrual}
    begins = date_at(first_due, Frequency(1, "month"), -1)
    regular = lc.Loan(12_000, rate, begins, first_due=first_due, **terms)
    start = begins - timedelta(before)
    added = lc.Loan(12_000, rate, start, first_due=first_due, first_period="interest-added", **terms)
    level = lc.Loan(12_000, rate, start, first_due=first_due, **terms)
    assert added.columns.principal == regular.columns.principal
    assert added.columns.interest[1:] == regular.columns.interest[1:]
    assert added.columns.interest[0] == level.columns.interest[0]
    added.schedule().check()
    if before > 0 and not isinstance(method, lc.Seasonal):
        apart = lc.Loan(12_000, rate, start, first_due=first_due, first_period="interest-apart", **terms)
        assert apart.dates == (start, *regular.dates)
        # by 30E/360 the nights of two periods are not those of both together; and from 31 January to 28 February is a month, as
        # it is from the 28th
        if day_count != "30E/360" and 1 in apart.timeline.irregular:
            factors = [Fraction(*loan.timeline.factors[0]) for loan in (apart, regular, level)]
            assert factors[0] + factors[1] == factors[2]
        assert apart.columns.principal == [0, *regular.columns.principal]
        assert apart.columns.interest[1:] == regular.columns.interest
        apart.schedule().check()


@given(st.sampled_from(["level", "interest-added", "interest-apart"]), METHODS, COUNTS)
def test_a_regular_first_period_is_the_same_in_every_way(way: str, method: Any, day_count: str | None) -> None:
    terms: dict[str, Any] = {"method": method, "day_count": day_count, "first_due": "2026-02-15"}
    assert plan(first_period=way, **terms) == plan(**terms)


def test_a_change_after_the_first_installment_is_solved_on_what_is_left() -> None:
    # 11 053.81 are left on 1 March; the same loan from 1 February has the same rest
    change = lc.RateChange("2026-03-01", "6%", keep="term")
    added = lc.Account(
        lc.Loan(**MARCH | {"first_period": "interest-added"}), [lc.Payment("2026-03-01", "1132.00"), change]
    )
    regular = lc.Account(lc.Loan(**MARCH | {"start": "2026-02-01"}), [lc.Payment("2026-03-01", "1066.19"), change])
    rows, others = (account.schedule("2026-03-01") for account in (added, regular))
    assert [row.agreed.total for row in rows][1:] == [row.agreed.total for row in others][1:]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_restructuring_before_the_first_due_date_keeps_the_way_with_the_dates(accrual: str) -> None:
    # PMT(1 %, 10, 12 000) = 1 266.98, and 65.81 beside; with dates of its own it is one payment, as of a loan of any kind
    loan = lc.Loan(**MARCH | {"accrual": accrual, "first_period": "interest-added"})
    rows = lc.Account(loan, [lc.Restructuring("2026-02-10", installments=10)]).schedule("2026-02-10")
    assert [str(row.agreed.total) for row in rows[:2]] == ["1332.79", "1266.98"]
    level, added = (
        lc.Account(
            lc.Loan(**MARCH | {"accrual": accrual, "first_period": way}),
            [lc.Restructuring("2026-01-25", installments=10, first_due="2026-03-20")],
        ).schedule("2026-02-10")
        for way in ("level", "interest-added")
    )
    assert [row.agreed.principal for row in rows[1:]] != [row.agreed.principal for row in added[1:]]
    assert abs(level[1].agreed.total - added[1].agreed.total) <= 1  # by what had accrued by then


def test_who_pays_on_time_owes_nothing_and_a_late_first_installment_is_as_asked() -> None:
    for accrual in ("scheduled", "daily"):
        loan = lc.Loan(**MARCH | {"accrual": accrual, "first_period": "interest-added"})
        paid = lc.Account(loan, [lc.Payment(row.due, row.total) for row in loan.schedule()])
        assert paid.as_of("2027-02-01").payoff == 0
        assert str(lc.Account(loan).as_of("2026-03-02").past_due.total) == "1132.00"


# What does not go together


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(1, 130),
    st.integers(0, 130),
    st.sampled_from(["1 month", "3 months", "6 months"]),
    st.sampled_from(["level", "interest-added"]),
    st.sampled_from(["scheduled", "daily"]),
)
@example(date(2026, 1, 15), 45, 17, "1 month", "level", "scheduled")
def test_interest_to_date_is_that_of_icma_on_the_periods_of_the_loan(
    start: date, days: int, night: int, every: str, way: str, accrual: str
) -> None:
    """On 1 February 17 of the 31 nights of a month are over, whatever the first period is as a whole: 65.81 of 12,000."""
    terms: dict[str, Any] = {
        "start": start, "installments": 6, "every": every, "first_due": start + timedelta(days), "first_period": way,
        "accrual": accrual,
    }  # fmt: skip
    periodic = lc.Loan(12_000, "12%", **terms)
    if (
        date_at(start, Frequency.parse(every), 1) == periodic.first_due
    ):  # a regular period, though others hang otherwise
        return
    icma = lc.Loan(12_000, "12%", day_count="ACT/ACT ICMA", **terms)
    day = min(start + timedelta(night), periodic.dates[1])
    one, other = (lc.Account(loan).as_of(day) for loan in (periodic, icma))
    assert (one.interest_to_date, one.due.interest) == (other.interest_to_date, other.due.interest)
    if (start, days, night, every) == (date(2026, 1, 15), 45, 17, "1 month"):
        assert str(one.interest_to_date) == "65.81"


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(70, 400),
    st.sampled_from(["long_initial", "short_initial", "long_final", "short_final", "skip"]),
    st.sets(st.integers(1, 12), min_size=1, max_size=4),
    st.data(),
)
def test_parts_of_periods_that_were_laid_out_are_those_of_icma(
    start: date, days: int, stub: str, skipped: set[int], data: st.DataObject
) -> None:
    if stub == "skip":
        laid = lc.periods(start, every="1 month", count=6, skip=skipped)
    else:
        laid = lc.periods(start, start + timedelta(days), every="1 month", stub=stub)
    periodic, icma = (
        lc.Loan(12_000, "12%", periods=laid, day_count=day_count).timeline for day_count in ("periodic", "ACT/ACT ICMA")
    )
    number = data.draw(st.integers(1, len(laid)))
    begins, ends = laid.bounds[number - 1 : number + 1]
    first = begins + timedelta(data.draw(st.integers(0, (ends - begins).days)))
    part = number, begins, first
    assert Fraction(*periodic.part(*part)) == Fraction(*icma.part(*part))


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"first_period": "added"}, r"^first_period: got 'added'; "),
        (
            {"first_period": "interest-added", "method": "flat"},
            r"^first_period: got 'interest-added' with method 'flat'; expected one whose payments are solved, such as 'annuity', or",
        ),
        (
            {"first_period": "interest-added", "method": "annuity_in_advance"},
            r"^first_period: got 'interest-added' with method 'annuity_in_advance'; expected one whose installments are paid at",
        ),
        (
            {"first_period": "interest-apart", "method": lc.Seasonal([1, 0])},
            "first_period: .*, which counts from the first",
        ),
        (
            {"first_period": "interest-apart", "method": lc.Balloon(term=24)},
            "first_period: .*, which counts from the first",
        ),
        (
            {"first_period": "interest-apart", "moratorium": lc.Moratorium(1, "carried")},
            r"^first_period: .* is 'carried'; expected 'paid'",
        ),
    ],
)
def test_what_leaves_no_room_for_it_is_refused(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(LoanError, match=message):
        plan(**terms)
    with pytest.raises(LoanError, match=r"^first_period: got 'interest-added' with periods"):
        lc.Loan(1000, "5%", periods=lc.periods("2026-01-15", every="1 month", count=3), first_period="interest-added")


def test_a_payment_that_leaves_more_interest_unpaid_than_a_shorter_period_bears_is_refused() -> None:
    # 120.00 of a regular period less 100: 20.00 would join the principal, where one night bears 120 x 1/28 = 4.29
    terms = {"payment": 100, "negative_amortization": "125%"}
    added = plan(**terms | {"start": "2026-01-28", "first_due": "2026-03-01"}, first_period="interest-added")
    assert [str(row.total) for row in added[:2]] == ["115.48", "100.00"]  # 120 x 4/31 = 15.48 beside
    with pytest.raises(
        LoanError, match=r"^first_period: got 'interest-added' where a payment leaves 20.00 of .* bears 4.29; exp"
    ):
        plan(**terms | {"start": "2026-02-28", "first_due": "2026-03-01"}, first_period="interest-added")


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_kept_payment_that_repays_all_with_the_first_installment_asks_for_the_other_days_beside_it(
    accrual: str,
) -> None:
    # one installment of 12 000 + 59 nights at 0.05 %: 12 354.00; from 5 December 0.1 %: 2 x 6 + 57 x 12 = 696.00 of interest
    loan = lc.Loan(
        12_000, "0.05%/day", "2023-12-03", every="2 weeks", installments=1, first_due="2024-01-31", accrual=accrual,
        first_period="interest-added",
    )  # fmt: skip
    rows = lc.Account(loan, [lc.RateChange("2023-12-05", "0.1%/day", keep="payment")]).schedule("2023-12-05")
    assert [str(row.agreed.total) for row in rows] == ["12696.00"]


def test_rows_that_repay_nothing_come_after_interest_that_is_set_apart() -> None:
    rows = plan(first_period="interest-apart", moratorium=lc.Moratorium(2, "paid"))
    assert [str(row.interest) for row in rows[:4]] == ["65.81", "120.00", "120.00", "120.00"]
    assert [int(row.principal) for row in rows[:4]] == [0, 0, 0, 1146]
