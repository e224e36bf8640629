"""What changes the plan before the first due date, where that period is longer or shorter than the others and its interest is
added to the first installment: payments are solved over the regular period, and the days beside it are asked for as they were.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import LoanError
from loancalc.time.accrual_periods import Frequency, date_at

LONGER = {
    "principal": 12_000, "rate": "12%", "start": "2026-01-05", "installments": 6, "first_due": "2026-02-20",
    "first_period": "interest-added",
}  # fmt: skip
"""15 of the 31 nights to 20 January, and the month to 20 February; without a change 2 128.64, then 2 070.58."""

SHORTER = LONGER | {"start": "2026-02-01"}
"""19 of the 31 nights of the month to 20 February."""

MARCH = {
    "principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12, "first_due": "2026-03-01",
    "first_period": "interest-apart",
}  # fmt: skip

accruals = pytest.mark.parametrize("accrual", ["scheduled", "daily"])


def asked(terms: dict[str, Any], *events: lc.Event, on: str = "2026-02-19") -> list[str]:
    """What the installments ask for, less what a prepayment paid of the first, after all that happened by a day."""
    rows = lc.Account(lc.Loan(**terms), events).schedule(on)
    early = sum(event.amount for event in events if isinstance(event, lc.Payment))
    assert sum(row.agreed.principal for row in rows) == terms["principal"] + sum(
        event.amount for event in events if isinstance(event, lc.Draw)
    )
    totals = [row.agreed.total for row in rows]
    return [str(total) for total in (totals[0] - early, *totals[1:])]


# By hand


@accruals
def test_another_rate_before_the_regular_period(accrual: str) -> None:
    # PMT(0.5 %, 6, 12 000) = 2 035.15; 10 nights at 12 % and 5 at 6 %: 120 x 10/31 + 60 x 5/31 = 48.39 beside
    # first interest: 38.7097 + 9.6774 + 60 = 108.39; 2 035.15 - 60.00 + 108.39 = 2 083.54
    change = lc.RateChange("2026-01-15", "6%", keep="term")
    assert asked(LONGER | {"accrual": accrual}, change) == ["2083.54", *["2035.15"] * 4, "2035.11"]
    # the payment stays: 2 070.58 - 60.00 + 108.39; the balances are repaid with 1 855.30 in the end
    change = lc.RateChange("2026-01-15", "6%", keep="payment")
    assert asked(LONGER | {"accrual": accrual}, change) == ["2118.97", *["2070.58"] * 4, "1855.30"]


@accruals
def test_nights_without_interest_before_the_regular_period(accrual: str) -> None:
    # 5 of the 15 nights rest: 120 x 10/31 = 38.71 beside 2 070.58
    rest = lc.InterestPause("2026-01-10", "2026-01-15", keep="term")
    assert asked(LONGER | {"accrual": accrual}, rest)[:2] == ["2109.29", "2070.58"]


@accruals
def test_a_prepayment_before_the_regular_period(accrual: str) -> None:
    # it pays the interest of 10 nights, 120 x 10/31 = 38.71, and 961.29 of the principal: 11 038.71 are left
    # PMT(1 %, 6, 11 038.71) = 1 904.71; interest of 5 nights 110.3871 x 5/31 = 17.80 beside: 110.3871 + 17.8044 = 128.19
    # 1 904.71 - 110.39 + 128.19 = 1 922.51
    lower = lc.Payment("2026-01-15", 1000, effect="lower")
    assert asked(LONGER | {"accrual": accrual}, lower) == ["1922.51", *["1904.71"] * 4, "1904.72"]
    # the payment stays: 2 070.58 - 110.39 + 128.19; balances 9 078.52, 7 098.73, 5 099.14, 3 079.55, 1 039.77
    shorten = lc.Payment("2026-01-15", 1000, effect="shorten")
    assert asked(LONGER | {"accrual": accrual}, shorten) == ["2088.38", *["2070.58"] * 4, "1050.17"]


@accruals
def test_deferrals_before_the_regular_period(accrual: str) -> None:
    # all interest of the first period, 120 x (1 + 15/31) = 178.06, is asked for with the second installment
    terms = LONGER | {"accrual": accrual}
    put_off = lc.Deferral("2026-01-10", 1, interest="next")
    assert asked(terms, put_off) == ["0.00", "2248.64", *["2070.58"] * 5]
    # or joins the principal: PMT(1 %, 6, 12 178.06) = 2 101.30
    put_off = lc.Deferral("2026-01-10", 1, interest="capitalize", term="longer")
    rows = lc.Account(lc.Loan(**terms), [put_off]).schedule("2026-02-19")
    assert [str(row.agreed.total) for row in rows[:3]] == ["0.00", "2101.30", "2101.30"]
    # or is let go from then on: 5 nights before it are 120 x 5/31 = 19.35
    put_off = lc.Deferral("2026-01-10", 1, interest="waive")
    assert asked(terms, put_off)[:3] == ["0.00", "2089.93", "2070.58"]


@accruals
def test_more_is_paid_out_in_the_regular_period_or_before_it(accrual: str) -> None:
    # 26 of its 31 nights: 120 + 10 x 26/31 = 128.3871 over 13 000 in the first month, 1 % in the others: 2 242.85
    # first interest: 178.0645 + 8.3871 = 186.45; 2 242.85 - 128.39 + 186.45 = 2 300.91
    terms = LONGER | {"accrual": accrual}
    within = ["2300.91", *["2242.85"] * 4, "2242.88"]
    assert asked(terms, lc.Draw("2026-01-25", 1000)) == within
    tranche = lc.Loan(**terms | {"tranches": [lc.Tranche("2026-01-25", 1000)]}).schedule()
    tranche.check()
    assert [str(row.total) for row in tranche] == within
    # before it: PMT(1 %, 6, 13 000) = 2 243.13; first interest 178.0645 + 10 x (1 + 10/31) = 191.29
    # 2 243.13 - 130.00 + 191.29 = 2 304.42
    assert asked(terms, lc.Draw("2026-01-10", 1000)) == ["2304.42", *["2243.13"] * 5]


@accruals
def test_the_first_period_is_cut_twice(accrual: str) -> None:
    # a prepayment as above; on 25 January, 10 nights later, 6 %: 110.3871 x 10/31 + 55.1935 x 26/31 = 81.90 is asked for
    # solved over 110.3871 x 5/31 + 55.1935 x 26/31 = 64.0957 of 11 038.71, then 0.5 %: 1 873.62; - 64.10 + 81.90 = 1 891.42
    lower = lc.Payment("2026-01-15", 1000, effect="lower")
    terms = LONGER | {"accrual": accrual}
    assert asked(terms, lower, lc.RateChange("2026-01-25", "6%", keep="term"))[:2] == ["1891.42", "1873.62"]
    # or 500 more: 110.3871 x 10/31 = 35.61 of interest, 464.39 of principal; 10 574.32 x 1 % x 26/31 = 88.69 in the first month
    # solved over that and 1 % in the others: 1 821.67, and no night is beside
    again = lc.Payment("2026-01-25", 500, effect="lower")
    assert asked(terms, lower, again) == [*["1821.67"] * 5, "1821.65"]


@accruals
def test_changes_in_a_first_period_that_is_shorter(accrual: str) -> None:
    # solved as if it had begun on 20 January: 21 nights at 12 %, 10 at 6 %: 120 x 21/31 + 60 x 10/31 = 100.6452, then 0.5 %: 2 042.00
    # first interest: 120 x 9/31 + 60 x 10/31 = 54.19; 2 042.00 - 100.65 + 54.19 = 1 995.54
    terms = SHORTER | {"accrual": accrual}
    change = lc.RateChange("2026-02-10", "6%", keep="term")
    assert asked(terms, change) == ["1995.54", *["2042.00"] * 4, "2042.03"]
    # 120 + 10 x 10/31 = 123.2258 over 13 000, then 1 %: 2 241.97; first interest 120 x 19/31 + 10 x 10/31 = 76.77
    assert asked(terms, lc.Draw("2026-02-10", 1000))[:2] == ["2195.51", "2241.97"]  # 2 241.97 - 123.23 + 76.77


@accruals
def test_rates_that_were_agreed_to_change_in_the_first_period(accrual: str) -> None:
    terms = LONGER | {"accrual": accrual}
    for keep, asked_for in (
        ("term", ["2083.54", "2035.15"]),
        ("payment", ["2118.97", "2070.58"]),
        ("level", ["2083.54", "2035.15"]),
    ):
        loan = lc.Loan(**terms | {"rate": lc.RatePath("12%", {"2026-01-15": "6%"}, keep=keep)})
        loan.schedule().check()
        assert [str(row.total) for row in loan.schedule()[:2]] == asked_for
        paid = lc.Account(loan, [lc.Payment(row.due, row.total) for row in loan.schedule()])
        assert [row.paid.total for row in paid.schedule("2026-07-20")] == [row.total for row in loan.schedule()]
        assert paid.as_of("2026-07-20").is_closed


@accruals
def test_methods_that_state_principal_parts_ask_for_the_interest_of_all_days(accrual: str) -> None:
    terms = LONGER | {"accrual": accrual, "method": "equal_principal"}  # 2 000 and 178.06, then 100 of 10 000
    assert asked(terms)[:2] == ["2178.06", "2100.00"]
    change = lc.RateChange("2026-01-15", "6%", keep="term")  # 108.39, as above, then 50
    assert asked(terms, change)[:2] == ["2108.39", "2050.00"]
    assert asked(terms | {"method": "interest_only"})[:2] == ["178.06", "120.00"]


@accruals
def test_a_night_is_a_share_of_the_regular_period_or_of_the_days_before_it(accrual: str) -> None:
    # 17 nights before 1 February are 120 x 17/31 = 65.81, the 28 of February 120; PMT(0.5 %, 12, 12 000) = 1 032.80
    terms = MARCH | {"accrual": accrual, "first_period": "interest-added"}
    assert asked(terms, lc.RateChange("2026-02-01", "6%", keep="term"))[:2] == ["1098.61", "1032.80"]  # 65.81 beside
    # 10 nights of the 17 at 12 %, 7 at 6 %: 65.8065 x 10/17 + 32.9032 x 7/17 = 52.26 beside
    assert asked(terms, lc.RateChange("2026-01-25", "6%", keep="term"))[:2] == ["1085.06", "1032.80"]
    position = lc.Account(lc.Loan(**terms)).as_of("2026-02-11")
    assert str(position.payoff) == "12108.66"  # 65.81 + 120 x 10/28 = 108.66
    assert "12000.00 x 12% x (17/372 + 1/12 x 10/28) = 108.663594... -> 108.66" in position.explain()


@accruals
def test_a_balloon_fees_and_a_down_payment(accrual: str) -> None:
    # (12 000 - 4 000 / 1.01^6) x 1 % / (1 - 1.01^-6) = 1 420.39; 58.06 beside
    assert asked(LONGER | {"accrual": accrual, "method": lc.Balloon(4_000)})[:2] == ["1478.45", "1420.39"]
    loan = lc.Loan(**LONGER | {"accrual": accrual, "fees": [lc.Fee("20", each="installment")]})
    assert [str(row.payable) for row in loan.schedule()[:2]] == ["2148.64", "2090.58"]
    # 9 600 are left: PMT 1 656.46, interest 96 x (1 + 15/31) = 142.45, 46.45 beside
    loan = lc.Loan(**LONGER | {"accrual": accrual, "down_payment": "20%"})
    loan.schedule().check()
    assert [str(row.total) for row in loan.schedule()[:3]] == ["2400.00", "1702.91", "1656.46"]


# Interest that is set apart: the installment that asks for it is put off like others


@accruals
def test_deferrals_of_interest_that_is_set_apart(accrual: str) -> None:
    # 65.81 on 1 February, then 1 066.19: what is put off is that interest, and no installment comes later for it
    terms = MARCH | {"accrual": accrual}

    def put_off(count: int, interest: str, **more: str) -> list[str]:
        deferral = lc.Deferral("2026-01-20", count, interest=interest, **more)
        rows = lc.Account(lc.Loan(**terms), [deferral]).schedule("2026-01-31")
        return [str(len(rows)), *(str(row.agreed.total) for row in rows[:4])]

    assert put_off(1, "next") == ["13", "0.00", "1132.00", "1066.19", "1066.19"]
    assert put_off(2, "next") == ["14", "0.00", "0.00", "1252.00", "1066.19"]  # 1 066.19 + 65.81 + 120.00
    # eleven payments for twelve: PMT(1 %, 11, 12 000) = 1 157.45, + 185.81
    assert put_off(2, "next", term="same") == ["13", "0.00", "0.00", "1343.26", "1157.45"]
    assert put_off(1, "capitalize") == ["13", "0.00", "1072.03", "1072.03", "1072.03"]  # PMT(1 %, 12, 12 065.81)
    assert put_off(1, "waive") == ["13", "0.00", "1085.54", "1066.19", "1066.19"]  # 120 x 5/31 = 19.35 before it


def test_installments_of_interest_alone_are_put_off_all_together() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, moratorium=lc.Moratorium(3, "paid"))
    with pytest.raises(
        LoanError, match=r"got 2 installments while the next 3 ask for interest alone; expected 3 or more"
    ):
        lc.Account(loan, [lc.Deferral("2026-01-20", 2, interest="next")]).as_of("2026-01-20")
    # 120.00 of each of them with the first that repays: PMT(1 %, 9, 12 000) = 1 400.88
    rows = lc.Account(loan, [lc.Deferral("2026-01-20", 3, interest="next")]).schedule("2026-01-20")
    assert [str(row.agreed.total) for row in rows[:5]] == ["0.00", "0.00", "0.00", "1760.88", "1400.88"]
    assert len(rows) == 12


# Laws

FIRST_DUE = date(2026, 5, 20)
BEGINS = date(2026, 4, 20)
STARTS = st.integers(-25, 60).filter(bool).map(lambda before: BEGINS - timedelta(before))
METHODS = st.sampled_from(
    ["annuity", lc.Balloon(3_000), lc.Graduated(Fraction(1, 100)), lc.Seasonal([1, 0, 2]), "equal_principal"]
)
CURRENCIES = st.sampled_from([None, "JPY", "KWD"])


def changes(first: date, last: date) -> st.SearchStrategy[list[lc.Event]]:
    """What changes rates or principal between two days, on days of their own."""
    days = st.dates(first, last)
    made = st.one_of(
        st.builds(lambda on, rate: lc.RateChange(on, rate, keep="term"), days, st.sampled_from(["6%", "18%", "0%"])),
        st.builds(
            lambda on, nights: lc.InterestPause(on, on + timedelta(nights), keep="term"), days, st.integers(1, 40)
        ),
        st.builds(lc.Draw, days, st.integers(1, 9_000)),
    )
    return st.lists(made, max_size=3, unique_by=lambda event: event.on)


@given(st.data(), STARTS, METHODS, st.sampled_from(["scheduled", "daily"]), CURRENCIES, st.sampled_from(["12%", "0%"]))
def test_the_payment_is_solved_over_the_nights_of_the_regular_period_and_the_others_are_asked_for_beside_it(
    data: st.DataObject, start: date, method: Any, accrual: str, currency: str | None, rate: str
) -> None:
    """Against a sum over nights at ACT/365F, and the plan of a loan of that balance whose first factor it is."""
    loan = lc.Loan(
        12_000, rate, start, installments=7, first_due=FIRST_DUE, first_period="interest-added", method=method, accrual=accrual,
        currency=currency, day_count="ACT/365F",
    )  # fmt: skip
    events = data.draw(changes(start + timedelta(1), FIRST_DUE - timedelta(1)))
    rests = [(event.on, event.until) for event in events if isinstance(event, lc.InterestPause)]
    rates = sorted((event.on, event.rate.value) for event in events if isinstance(event, lc.RateChange))

    def interest(since: date) -> Fraction:
        """All nights up to the first due date, on what was paid out by then, at the rate that was known then."""
        total, nights = Fraction(0), (since + timedelta(night) for night in range((FIRST_DUE - since).days))
        for night in nights:
            drawn = sum(event.amount for event in events if isinstance(event, lc.Draw) and event.on <= night)
            known = [value for on, value in rates if on <= night]
            rests_now = any(on <= night < until for on, until in rests)
            total += (
                0 if rests_now else (12_000 + Fraction(drawn)) * Fraction(known[-1] if known else loan.rate.value) / 365
            )
        return total

    rows = lc.Account(loan, events).schedule(FIRST_DUE - timedelta(1))
    unit = 10**loan.digits
    assert rows[0].agreed.interest * unit == int(interest(start) * unit + Fraction(1, 2))
    regular = lc.Loan(
        12_000, rate, BEGINS, installments=7, method=method, accrual=accrual, currency=currency, day_count="ACT/365F"
    )
    late = [event for event in events if event.on > BEGINS]
    if events == late:
        others = lc.Account(regular, events).schedule(FIRST_DUE - timedelta(1))
        assert [row.agreed.principal for row in rows] == [row.agreed.principal for row in others]
        assert [row.agreed.interest for row in rows[1:]] == [row.agreed.interest for row in others[1:]]
        assert others[0].agreed.interest * unit == int(interest(BEGINS) * unit + Fraction(1, 2))
    if method == "annuity" and rows[1].agreed.total == rows[2].agreed.total:
        solved = int(interest(BEGINS) * unit + Fraction(1, 2))
        assert (rows[0].agreed.principal * unit) + solved == rows[1].agreed.total * unit
    assert sum(row.agreed.principal for row in rows) == 12_000 + sum(e.amount for e in events if isinstance(e, lc.Draw))


@given(st.data(), STARTS, METHODS, CURRENCIES)
def test_what_was_agreed_from_the_start_is_what_is_heard(
    data: st.DataObject, start: date, method: Any, currency: str | None
) -> None:
    events = data.draw(changes(start + timedelta(1), FIRST_DUE - timedelta(1)))
    terms: dict[str, Any] = {
        "principal": 12_000, "start": start, "installments": 7, "first_due": FIRST_DUE, "method": method, "currency": currency,
        "first_period": "interest-added", "day_count": "ACT/360",
    }  # fmt: skip
    path = lc.RatePath(
        "12%", {e.on: e.rate for e in events if isinstance(e, lc.RateChange)}, keep="term",
        pauses=[(e.on, e.until) for e in events if isinstance(e, lc.InterestPause)],
    )  # fmt: skip
    drawn = [lc.Tranche(e.on, e.amount) for e in events if isinstance(e, lc.Draw)]
    agreed = lc.Loan(**terms, rate=path, tranches=drawn).schedule()
    agreed.check()
    heard = lc.Account(lc.Loan(**terms, rate="12%"), events).schedule(FIRST_DUE - timedelta(1))
    assert [(row.principal, row.interest) for row in agreed] == [
        (row.agreed.principal, row.agreed.interest) for row in heard
    ]


@given(
    st.data(), st.integers(2, 60), st.sampled_from(["annuity", "equal_principal", lc.Graduated("2%")]),
    st.sampled_from([None, "ACT/360"]), CURRENCIES,
)  # fmt: skip
def test_interest_that_is_added_is_what_is_asked_for_where_it_is_set_apart_and_all_else_is_the_same(
    data: st.DataObject, before: int, method: Any, day_count: str | None, currency: str | None
) -> None:
    """But for the rounding of two amounts, which are one: at most a unit."""
    start = BEGINS - timedelta(before)
    events = data.draw(changes(start + timedelta(1), FIRST_DUE - timedelta(1)))
    early = st.integers(1, before - 1).map(lambda day: lc.Payment(start + timedelta(day), 2_000, effect="lower"))
    events += [
        event for event in data.draw(st.lists(early, max_size=1)) if event.on not in {known.on for known in events}
    ]
    plans = []
    for way in ("interest-added", "interest-apart"):
        loan = lc.Loan(
            12_000, "12%", start, installments=6, first_due=FIRST_DUE, first_period=way, method=method, currency=currency,
            day_count=day_count,
        )  # fmt: skip
        plans.append([row.agreed for row in lc.Account(loan, events).schedule(FIRST_DUE - timedelta(1))])
    (first, *added), (apart, regular, *others) = plans
    assert abs(first.interest - apart.interest - regular.interest) * 10**loan.digits <= 1
    assert first.principal == apart.principal + regular.principal
    assert [(row.principal, row.interest) for row in added] == [(row.principal, row.interest) for row in others]


@given(STARTS, st.integers(1, 80), METHODS, st.sampled_from(["scheduled", "daily"]), CURRENCIES)
def test_a_change_to_the_same_rate_changes_nothing(
    start: date, after: int, method: Any, accrual: str, currency: str | None
) -> None:
    loan = lc.Loan(
        12_000, "12%", start, installments=7, first_due=FIRST_DUE, first_period="interest-added", method=method, accrual=accrual,
        currency=currency,
    )  # fmt: skip
    on = start + timedelta(min(after, (FIRST_DUE - start).days - 1))
    rows = lc.Account(loan, [lc.RateChange(on, "12%", keep="term")]).schedule(on)
    assert [(row.agreed.principal, row.agreed.interest) for row in rows] == [
        (row.principal, row.interest) for row in loan.schedule()
    ]


@given(
    STARTS, st.integers(1, 80), st.sampled_from(["lower", "shorten", "last"]), st.sampled_from(["annuity", lc.Balloon(3_000)]),
    st.sampled_from([None, "ACT/360"]), CURRENCIES,
)  # fmt: skip
def test_who_prepays_in_the_first_period_and_pays_on_time_then_is_repaid_by_the_plan(
    start: date, after: int, effect: str, method: Any, day_count: str | None, currency: str | None
) -> None:
    on = start + timedelta(min(after, (FIRST_DUE - start).days - 1))
    ends = []
    for accrual in ("scheduled", "daily"):
        loan = lc.Loan(
            12_000, "12%", start, installments=7, first_due=FIRST_DUE, first_period="interest-added", method=method,
            accrual=accrual, currency=currency, day_count=day_count,
        )  # fmt: skip
        account = lc.Account(loan, [lc.Payment(on, 3_000, effect=effect)])
        rows = account.schedule(on)
        paid = account.with_events(
            [lc.Payment(row.due, row.agreed.total - (3_000 if not place else 0)) for place, row in enumerate(rows)]
        )
        assert paid.as_of(rows[-1].due).is_closed
        assert sum(row.agreed.principal for row in rows) == 12_000
        payments = {row.agreed.total for row in rows[1:-1]}
        assert effect == "last" or len(payments) <= 1
        ends.append((len(rows), payments))
    assert ends[0] == ends[1]


def test_dates_at_the_ends_of_months_and_moved_by_a_calendar() -> None:
    """A regular period is what it is without the change: the loan that began one period before its first due date."""
    for first_due, calendar in ((date(2026, 3, 31), None), (date(2026, 2, 28), None), (date(2026, 5, 31), "TARGET")):
        for interest_moves in (False, True) if calendar else (False,):
            terms: dict[str, Any] = {"installments": 6, "first_due": first_due}
            if calendar:
                terms |= {
                    "calendar": calendar,
                    "adjust": "following",
                    "interest_moves": interest_moves,
                    "day_count": "ACT/360",
                }
            begins = date_at(first_due, Frequency(1, "month"), -1)
            regular = lc.Loan(12_000, "12%", begins, **terms)
            added = lc.Loan(12_000, "12%", begins - timedelta(70), first_period="interest-added", **terms)
            for event in (
                lc.RateChange(begins + timedelta(9), "6%", keep="term"),
                lc.Draw(begins + timedelta(20), 500),
            ):
                ours, theirs = (lc.Account(loan, [event]).schedule(begins + timedelta(21)) for loan in (added, regular))
                assert [row.agreed.principal for row in ours] == [row.agreed.principal for row in theirs]
                assert [row.agreed.interest for row in ours[1:]] == [row.agreed.interest for row in theirs[1:]]
                assert ours[0].agreed.interest > theirs[0].agreed.interest
