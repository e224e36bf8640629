"""Loans in time: calendars, stubs, skipped months, listed dates and every day count, as a user of `Loan` meets them.

Figures are computed by hand beside the test, or again in fractions by `recomputed`, which knows nothing of the library.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loancalc.calendars import find_calendar
from loancalc.errors import InvalidTerms, MissingContext
from loancalc.plan.late_interest import LateInterest
from loancalc.plan.late_terms import LateTerms
from loancalc.plan.loan import Loan
from loancalc.servicing.account import Account
from loancalc.servicing.events import Payment
from loancalc.time.accrual_periods import periods
from loancalc.time.daycount import DayCount, UndecidedReading, year_fraction

Row = tuple[str, Decimal, Decimal, Decimal]


def half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def recomputed(lent: int, yearly: Fraction, shares: list[Fraction]) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Principal, interest and balance of an annuity, from its definition: the payment brings the unrounded balance to 0."""
    worth, growth = Fraction(0), Fraction(1)
    for share in shares:
        growth *= 1 + yearly * share
        worth += 1 / growth
    payment, balance, rows = half_up(100 * lent / worth), 100 * lent, []
    for number, share in enumerate(shares, 1):
        interest = half_up(balance * yearly * share)
        principal = balance if number == len(shares) else payment - interest
        balance -= principal
        rows.append((Decimal(principal) / 100, Decimal(interest) / 100, Decimal(balance) / 100))
    return rows


def shown(loan: Loan) -> list[tuple[Decimal, Decimal, Decimal]]:
    return [(row.principal, row.interest, row.balance) for row in loan.schedule()]


def due(loan: Loan) -> list[str]:
    return [str(day) for day in loan.dates[1:]]


def by_ordinals(start: date, end: date) -> Fraction:
    return Fraction(end.toordinal() - start.toordinal(), 360)


# Holidays ------------------------------------------------------------------------------------------------------------

# Spring Festival 2026 in China: off from Sunday 15 to Monday 23 February. 15 March is a Sunday.
NEW_YEAR: dict[str, Any] = {
    "principal": 360_000,
    "rate": "10%",
    "start": "2026-01-15",
    "installments": 3,
    "method": "interest_only",
    "day_count": "ACT/360",
    "calendar": "CN",
    "adjust": "following",
}


@pytest.mark.parametrize(
    ("moves", "interest"),
    [
        (True, ["4000.00", "2000.00", "3000.00"]),  # 100.00 a night: 40, 20 and 30 nights
        (False, ["3100.00", "2800.00", "3100.00"]),  # 31, 28 and 31 nights, the 15th to the 15th
    ],
)
def test_a_due_date_on_a_holiday_moves_with_its_interest_or_without(moves: bool, interest: list[str]) -> None:
    loan = Loan(**NEW_YEAR, interest_moves=moves)
    assert due(loan) == ["2026-02-24", "2026-03-16", "2026-04-15"]
    assert [str(row.interest) for row in loan.schedule()] == interest


def test_whether_interest_moves_is_asked_for_where_days_count_and_only_there() -> None:
    with pytest.raises(InvalidTerms, match="interest_moves: missing"):
        Loan(**NEW_YEAR)
    assert [str(row.interest) for row in Loan(**{**NEW_YEAR, "day_count": "periodic"}).schedule()] == ["3000.00"] * 3
    assert Loan(**{**NEW_YEAR, "accrual": "daily"}).interest_moves


def test_a_preceding_business_day_brings_the_due_date_forward() -> None:
    loan = Loan(**{**NEW_YEAR, "adjust": "preceding"}, interest_moves=True)
    assert due(loan) == ["2026-02-14", "2026-03-13", "2026-04-15"]  # Saturday 14 February is worked
    assert [str(row.interest) for row in loan.schedule()] == ["3000.00", "2700.00", "3300.00"]


def test_overdue_days_are_counted_from_the_moved_date() -> None:
    late = LateTerms(interest=LateInterest(rate="18%", day_count="ACT/360"))
    stays = {key: value for key, value in NEW_YEAR.items() if key not in ("calendar", "adjust")}
    moved = Account(Loan(**NEW_YEAR, interest_moves=False, late=late))
    unmoved = Account(Loan(**stays, late=late))
    days = ["2026-02-15", "2026-02-24", "2026-02-25", "2026-03-15"]
    assert [moved.as_of(day).days_past_due for day in days] == [0, 0, 1, 19]
    assert [unmoved.as_of(day).days_past_due for day in days] == [0, 9, 10, 28]
    assert moved.as_of("2026-02-25").oldest_unpaid_due == date(2026, 2, 24)


def test_late_interest_begins_at_the_moved_date() -> None:
    late = LateTerms(interest=LateInterest(rate="18%", day_count="ACT/360"))
    terms = {**NEW_YEAR, "method": "equal_principal", "interest_moves": False, "late": late}
    position = Account(Loan(**terms)).as_of("2026-03-06")
    # 120 000 principal, 10 nights from 24 February: 120 000 x 18 % x 10/360 = 600.00
    assert (position.past_due.principal, position.past_due.late_interest) == (Decimal("120000.00"), Decimal("600.00"))


def test_money_on_the_moved_date_is_in_time_and_settles_the_installment() -> None:
    loan = Loan(**NEW_YEAR, interest_moves=True, late=LateTerms(interest=LateInterest(rate="18%", day_count="ACT/360")))
    account = Account(loan, [Payment("2026-02-24", "4000.00")])
    assert account.as_of("2026-03-16").past_due.total == 0
    assert account.as_of("2026-03-16").days_past_due == 0
    assert account.as_of("2026-03-17").days_past_due == 1


def test_a_lump_sum_that_matures_on_a_holiday_bears_interest_until_it_is_due() -> None:
    terms: dict[str, Any] = {
        "principal": 36_000, "rate": "10%", "start": "2026-01-15", "end": "2026-02-15", "method": "lump_sum",
        "day_count": "ACT/360", "calendar": "CN", "adjust": "following",
    }  # fmt: skip
    assert Loan(**terms, interest_moves=True).schedule().total_interest == Decimal("400.00")  # 40 nights at 10.00
    assert Loan(**terms, interest_moves=False).schedule().total_interest == Decimal("310.00")
    assert due(Loan(**terms, interest_moves=False)) == ["2026-02-24"]


@given(
    start=st.dates(date(2009, 1, 1), date(2023, 12, 31)),
    count=st.integers(1, 24),
    name=st.sampled_from(("CN", "TARGET", "US", "WEEKENDS")),
    adjust=st.sampled_from(("following", "modified following", "preceding", "nearest")),
    moves=st.booleans(),
)
def test_on_any_calendar_the_annuity_is_the_one_recomputed_from_its_dates(
    start: date, count: int, name: str, adjust: str, moves: bool
) -> None:
    calendar = find_calendar(name)
    loan = Loan(
        50_000,
        "7.3%",
        start,
        installments=count,
        day_count="ACT/360",
        calendar=name,
        adjust=adjust,
        interest_moves=moves,
    )
    assert all(calendar.is_business_day(day) for day in loan.dates[1:])
    nominal = [start, *(month_later(start, number) for number in range(1, count + 1))]
    assert all(abs(day - plain) <= timedelta(10) for day, plain in zip(loan.dates, nominal, strict=True))
    bounds = loan.dates if moves else nominal
    assert shown(loan) == recomputed(50_000, Fraction(73, 1000), [by_ordinals(*pair) for pair in pairwise(bounds)])


def month_later(start: date, months: int) -> date:
    """The same day `months` later, or the last of its month: by trying, day by day backward."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, start.day)


@given(start=st.dates(date(2009, 1, 1), date(2023, 12, 31)), count=st.integers(1, 12))
def test_a_daily_loan_paid_on_its_moved_dates_reproduces_its_plan(start: date, count: int) -> None:
    loan = Loan(
        9_000,
        "15%",
        start,
        installments=count,
        day_count="ACT/365F",
        accrual="daily",
        calendar="CN",
        adjust="following",
    )
    plan = loan.schedule()
    account = Account(loan, [Payment(row.due, row.total) for row in plan if row.due is not None])
    position = account.as_of(loan.dates[-1])
    assert (position.payoff, position.past_due.total, position.days_past_due) == (0, 0, 0)
    for row, receipt in zip(plan, account.receipts, strict=True):
        assert (receipt.parts.interest, receipt.parts.principal) == (row.interest, row.principal)


def test_dates_beyond_the_published_holidays_are_asked_for_and_marked() -> None:
    terms: dict[str, Any] = {"principal": 12_000, "rate": "12%", "start": "2026-01-31", "installments": 13}
    loan = Loan(**terms, calendar="CN provisional", adjust="following")
    # 31 January 2027 is a Sunday, 28 February 2027 too
    assert due(loan)[-2:] == ["2027-02-01", "2027-03-01"]
    (note,) = (note for note in loan.assumptions if note.startswith("provisional"))
    assert note == (
        "provisional: due date 12, 2027-02-01, and later ones may still move: calendar CN provisional guesses"
    )
    assert note in loan.schedule().assumptions
    assert note in Account(loan).as_of("2026-03-01").assumptions
    known = Loan(**{**terms, "installments": 10}, calendar="CN provisional", adjust="following")
    assert not any("provisional" in note for note in known.assumptions)
    with pytest.raises(ValueError, match=r'got 2027-01-31; expected 2008-01-01 to 2026-12-31.*"CN provisional"'):
        _ = Loan(**terms, calendar="CN", adjust="following").dates


# Periods laid out beforehand -----------------------------------------------------------------------------------------


def test_a_harvest_loan_carries_the_interest_of_skipped_months_into_the_next_installment() -> None:
    laid = periods("2026-10-31", every="1 month", count=5, skip=[12, 1, 2])
    loan = Loan(12_000, "12%", periods=laid)
    assert due(loan) == ["2026-11-30", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]
    shares = [Fraction(n, 12) for n in (1, 4, 1, 1, 1)]
    assert shown(loan) == recomputed(12_000, Fraction(12, 100), shares)
    rows = loan.schedule()
    assert rows[0].interest == Decimal("120.00")  # 1 % of 12 000
    assert (rows[0].balance, rows[1].interest) == (Decimal("9589.42"), Decimal("383.58"))  # 4 % of it


def test_a_payment_holiday_known_at_signing_skips_one_month_of_one_year() -> None:
    laid = periods("2026-01-15", every="1 month", count=13, skip=["2026-03"])
    loan = Loan(12_000, "12%", method="interest_only", periods=laid)
    assert due(loan)[:3] == ["2026-02-15", "2026-04-15", "2026-05-15"]
    assert due(loan)[-2:] == ["2027-02-15", "2027-03-15"]  # March of the next year is due
    assert [str(row.interest) for row in loan.schedule()][:3] == ["120.00", "240.00", "120.00"]


def test_semi_monthly_installments_are_twenty_fourths_of_a_year() -> None:
    laid = periods("2026-01-31", every="semi-monthly", count=6, roll=(15, 31))
    loan = Loan(12_000, "12%", periods=laid)
    assert due(loan) == ["2026-02-15", "2026-02-28", "2026-03-15", "2026-03-31", "2026-04-15", "2026-04-30"]
    assert shown(loan) == recomputed(12_000, Fraction(12, 100), [Fraction(1, 24)] * 6)
    assert loan.schedule()[0].interest == Decimal("60.00")  # 12 000 x 12 % / 24


def test_listed_dates_are_paid_as_listed_and_need_a_day_count() -> None:
    laid = periods("2026-01-10", dates=["2026-02-01", "2026-05-05", "2026-05-06", "2027-01-01"])
    loan = Loan(36_500, "10%", day_count="ACT/365F", method="interest_only", periods=laid)
    assert due(loan) == ["2026-02-01", "2026-05-05", "2026-05-06", "2027-01-01"]
    # 10.00 a night: 22, 93, 1 and 240 nights
    assert [str(row.interest) for row in loan.schedule()] == ["220.00", "930.00", "10.00", "2400.00"]
    with pytest.raises(InvalidTerms, match="day_count: missing; a list of dates"):
        Loan(36_500, "10%", periods=laid)


def test_a_payment_lag_moves_the_due_date_and_no_interest() -> None:
    laid = periods("2026-01-15", every="1 month", count=3, calendar="CN", adjust="following", payment_lag=2)
    loan = Loan(360_000, "10%", method="interest_only", day_count="ACT/360", periods=laid)
    # ends on business days 24 February, 16 March, 15 April; paid two business days later
    assert due(loan) == ["2026-02-26", "2026-03-18", "2026-04-17"]
    assert [str(row.interest) for row in loan.schedule()] == ["4000.00", "2000.00", "3000.00"]
    account = Account(loan)
    assert [account.as_of(day).days_past_due for day in ("2026-02-26", "2026-02-27")] == [0, 1]


def test_the_third_wednesday_of_each_quarter() -> None:
    laid = periods("2025-12-17", every="quarter", count=4, roll="3rd wednesday")
    loan = Loan(36_000, "10%", method="interest_only", day_count="ACT/360", periods=laid)
    assert due(loan) == ["2026-03-18", "2026-06-17", "2026-09-16", "2026-12-16"]
    assert [str(row.interest) for row in loan.schedule()] == ["910.00"] * 4  # 13 weeks each, 10.00 a night


def test_a_long_first_period_is_a_month_and_its_part_of_the_month_before() -> None:
    laid = periods("2026-01-10", "2026-06-30", every="1 month", stub="long_initial")
    loan = Loan(12_000, "12%", periods=laid)
    # nominal dates hang from 30 June: the month from 30 January, and 20 of the 31 nights from 30 December
    shares = [Fraction(1, 12) * (1 + Fraction(20, 31)), *[Fraction(1, 12)] * 4]
    assert due(loan) == ["2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30", "2026-06-30"]
    assert shown(loan) == recomputed(12_000, Fraction(12, 100), shares)


# Day counts ----------------------------------------------------------------------------------------------------------

MONTHS = [
    "2027-08-31",
    "2027-09-30",
    "2027-10-31",
    "2027-11-30",
    "2027-12-31",
    "2028-01-31",
    "2028-02-29",
    "2028-03-31",
]
FACTS: dict[str, Any] = {"stub": "none", "eom": False, "frequency": "P1M", "termination": MONTHS[-1]}


@pytest.mark.parametrize("convention", [c for c in DayCount if c not in ("BUS/252", "ACT/365 CA")], ids=str)
@pytest.mark.parametrize("laid", [False, True], ids=["terms", "periods"])
def test_every_day_count_is_used_by_a_loan_without_filling_in_its_context(convention: DayCount, laid: bool) -> None:
    """Eight months over a leap February; the facts of each period are spelled out on the other side."""
    if laid:
        loan = Loan(12_000, "12%", day_count=convention, periods=periods(MONTHS[0], every="1 month", count=7))
    else:
        loan = Loan(12_000, "12%", MONTHS[0], installments=7, day_count=convention)
    assert due(loan) == MONTHS[1:]
    shares = [
        year_fraction(convention, start, end, ref_start=start, ref_end=end, **FACTS) for start, end in pairwise(MONTHS)
    ]
    assert shown(loan) == recomputed(12_000, Fraction(12, 100), shares)


def test_business_days_of_a_loan_are_those_of_its_calendar() -> None:
    loan = Loan(
        252_000, "10%", "2026-01-30", installments=2, method="interest_only", day_count="BUS/252", calendar="CN",
        adjust="following", interest_moves=True,
    )  # fmt: skip
    assert due(loan) == ["2026-02-28", "2026-03-30"]
    # 100.00 a business day. 30 January; February 2 to 6, 9 to 14 and 24 to 27: 1 + 5 + 6 + 4 = 16;
    # 28 February, worked; March 2 to 6, 9 to 13, 16 to 20 and 23 to 27: 1 + 4 x 5 = 21
    assert [str(row.interest) for row in loan.schedule()] == ["1600.00", "2100.00"]
    with pytest.raises(MissingContext, match="calendar: missing; BUS/252 needs it"):
        Loan(252_000, "10%", "2026-01-30", installments=2, day_count="BUS/252")


def test_a_lump_sum_counts_nominal_months_from_its_start() -> None:
    terms: dict[str, Any] = {"principal": 12_000, "rate": "12%", "start": "2026-01-31", "method": "lump_sum"}
    for count in (1, 12, 13):
        loan = Loan(**terms, installments=count, day_count="ACT/ACT ICMA")
        assert loan.schedule().total_interest == 120 * count
    # 31 January, April, July and October: three quarters and 5 of the 92 nights to 31 January
    stated = Loan(**terms, end="2026-11-05", every="quarter", day_count="ACT/ACT ICMA")
    assert stated.schedule().total_interest == Decimal("1099.57")  # 1 440 x (3/4 + 5/92 x 1/4) = 1 099.565
    with pytest.raises(MissingContext, match="frequency: missing; ACT/ACT ICMA needs it"):
        Loan(**terms, end="2026-11-05", day_count="ACT/ACT ICMA")


def test_a_stub_after_a_short_month_counts_alike_by_period_and_by_icma() -> None:
    laid = periods("2026-11-29", "2027-03-25", every="1 month", stub="short_final")
    plain = Loan(12_000, "12%", periods=laid)
    shares = [*[Fraction(1, 12)] * 3, Fraction(1, 12) * Fraction(25, 29)]  # 28 February to 29 March has 29 nights
    assert shown(plain) == recomputed(12_000, Fraction(12, 100), shares)
    assert shown(Loan(12_000, "12%", periods=laid, day_count="ACT/ACT ICMA")) == shown(plain)


def test_a_disputed_reading_is_accepted_where_the_periods_are_laid_out() -> None:
    with pytest.raises(UndecidedReading, match=r"reading: missing.*'exact' gives 6/73, .*'whole-period' gives 1/12"):
        Loan(12_000, "12%", "2026-06-15", installments=2, day_count="ACT/365 CA")
    shares = {"exact": ["6/73", "1/12"], "integer": ["1/12", "1/12"], "whole-period": ["1/12", "1/12"]}
    for reading, expected in shares.items():
        laid = periods("2026-06-15", every="1 month", count=2, reading=reading)
        loan = Loan(12_000, "12%", day_count="ACT/365 CA", periods=laid)
        assert shown(loan) == recomputed(12_000, Fraction(12, 100), [Fraction(share) for share in expected]), reading


@pytest.mark.parametrize(
    ("convention", "interest"),
    [
        # 36 000 at 10 %, from 31 January to 29 February and to 31 March 2028, by hand: days / year x 3 600.00
        ("30/360", ["290.00", "320.00"]),  # 29 and 32 days: February has no rule
        ("30/360 PSA", ["290.00", "300.00"]),  # 29 February is the 30th at the start
        ("30E/360", ["290.00", "310.00"]),
        ("30E/360 ISDA", ["300.00", "300.00"]),  # month ends are the 30th
        ("ACT/360", ["290.00", "310.00"]),
        ("ACT/365F", ["286.03", "305.75"]),  # 29/365 and 31/365
        ("ACT/ACT ISDA", ["285.25", "304.92"]),  # 29/366 and 31/366
        ("NL/365", ["276.16", "305.75"]),  # 28/365: the 29th ends the first period; 31/365
        ("periodic", ["300.00", "300.00"]),
    ],
)
def test_one_leap_february_by_hand(convention: str, interest: list[str]) -> None:
    loan = Loan(36_000, "10%", "2028-01-31", installments=2, method="interest_only", day_count=convention)
    assert [str(row.interest) for row in loan.schedule()] == interest


def test_the_31st_returns_after_every_short_month() -> None:
    loan = Loan(12_000, "12%", "2027-12-31", installments=13)
    days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31]
    assert [day.day for day in loan.dates[1:]] == days
    kept = Loan(12_000, "12%", "2028-02-29", installments=3, month_end=True)
    assert due(kept) == ["2028-03-31", "2028-04-30", "2028-05-31"]
    assert due(Loan(12_000, "12%", "2028-02-29", installments=3)) == ["2028-03-29", "2028-04-29", "2028-05-29"]


def test_periods_that_vanish_or_fall_together_are_refused_by_the_loan_too() -> None:
    # 1 to 7 October 2026 is one holiday; daily due dates in it would all move to the 8th
    with pytest.raises(InvalidTerms, match="adjust: got 'following' on CN, which moves installment 2"):
        _ = Loan(
            1_000, "0.05%/day", "2026-09-30", installments=5, every="1 day", calendar="CN", adjust="following",
            interest_moves=True,
        ).dates  # fmt: skip
