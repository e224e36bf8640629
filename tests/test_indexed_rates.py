"""Rates that follow an index: read on reset days, with a spread, inside limits of the same kind."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from dated_loop import months_later

START, END = date(2025, 1, 15), date(2028, 7, 1)


def rates_of(index: Any, spread: str = "+0pp", **more: Any) -> str:
    terms: dict[str, Any] = {"reset": "anniversary", "keep": "term"} | more
    return str(lc.IndexedRate(index, spread, **terms).path(START, END))


# Against a walk over all days

points = st.integers(0, 900)
values = st.dictionaries(st.integers(1, 1_300), points, max_size=12)


@given(
    first=points, later=values, spread=st.integers(-50, 200), resets=st.sampled_from(["anniversary", "01-01", "07-20"]),
    every=st.integers(1, 3), look_back=st.integers(0, 60), cap=st.none() | points, room=st.none() | points,
    most=st.none() | st.integers(0, 200),
)  # fmt: skip
def test_the_rate_is_that_of_a_walk_over_all_days(
    first: int, later: dict[int, int], spread: int, resets: str, every: int, look_back: int, cap: int | None,
    room: int | None, most: int | None,
) -> None:  # fmt: skip
    """In basis points, day by day: on each day of a reset the value of some days before, moved no further than it may."""
    floor = None if room is None else (min(room, cap) if cap is not None else room)
    published = {START - timedelta(100): first} | {
        START - timedelta(100) + timedelta(day): value for day, value in later.items()
    }
    if resets == "anniversary":
        days = {months_later(START, 12 * year) for year in range(every, 4, every)}
    else:
        after = [date(year, int(resets[:2]), int(resets[3:])) for year in range(2025, 2029)]
        days = set([day for day in after if day > START][::every])
    rate, walked, day = None, list[int](), START
    while day < END:
        if day == START or day in days:
            seen = [value for since, value in sorted(published.items()) if since <= day - timedelta(look_back)]
            new = seen[-1] + spread
            if rate is not None and most is not None:
                new = max(rate - most, min(rate + most, new))
            new = new if cap is None else min(new, cap)
            rate = new if floor is None else max(new, floor)
        assert rate is not None
        walked.append(rate)
        day += timedelta(1)

    def path() -> lc.RatePath:
        return lc.IndexedRate(
            {since: f"{value}bp" for since, value in published.items()}, f"{spread:+}bp", reset=resets, every=every,
            look_back=look_back, keep="term", cap=None if cap is None else f"{cap}bp",
            floor=None if floor is None else f"{floor}bp", change_cap=None if most is None else f"{most}bp",
        ).path(START, END)  # fmt: skip

    if min(walked) < 0:
        with pytest.raises(lc.InvalidRate, match=r"^rate\.floor: missing; index with .* is -"):
            path()
        return
    ours = path()
    assert [ours.on(START + timedelta(night)).value for night in range(len(walked))] == [
        Fraction(value, 10_000) for value in walked
    ]


# Limits are of the index's kind


def test_limits_are_in_the_unit_of_the_rate() -> None:
    """0.5 % a month is 6 % a year: it is above 5 % and below 8 %."""
    assert rates_of({"2024-01-01": "5%"}, cap="0.5%/month") == "5%/year"
    assert rates_of({"2024-01-01": "8%"}, cap="0.5%/month") == "6%/year"
    assert rates_of({"2024-01-01": "0.5%/month"}, cap="5%") == "5%/year"
    assert rates_of({"2024-01-01": "1%"}, floor="0.5%/month") == "6%/year"
    assert rates_of({"2024-01-01": "0.02%/day"}, cap="0.01%/day") == "0.01%/day"
    assert rates_of({"2024-01-01": "5% semi-annual"}, cap="4%") == "4%/year compounded semi-annually"


@pytest.mark.parametrize(
    ("index", "terms", "says"),
    [
        ("5%", {"cap": "0.02%/day"}, "rate.cap: got 0.02%/day beside 5%/year; expected rates of one kind"),
        ("0.02%/day", {"floor": "5%"}, "rate.floor: got 5%/year beside 0.02%/day; expected rates of one kind"),
        ("5%", {"cap": "4% effective"}, "rate.cap: got 4%/year effective beside 5%/year"),
        ("0.02%/day", {"change_cap": "2pp"}, "rate.change_cap: got '2pp' with 0.02%/day; points are a year"),
        ("0.02%/day", {"spread": "+1pp"}, "rate.spread: got +1pp over rates per day; points are a year"),
        ("5%", {"floor": "5%", "cap": "3%"}, "rate.floor: got 5%/year; expected at most the cap, 3%/year"),
        ("0.5%", {"spread": "-1pp"}, "rate.floor: missing; index with -1pp is -0.5% on 2025-01-15; expected the least"),
        ("5%", {"reset": "1st of May"}, "rate.reset: got '1st of May'; accepted: anniversary, 01-01"),
    ],
)
def test_what_cannot_be_compared_or_is_missing_is_refused(index: str, terms: dict[str, Any], says: str) -> None:
    with pytest.raises(lc.LoanError) as refusal:
        rates_of({"2024-01-01": index}, **terms)
    assert str(refusal.value).startswith(says)


def test_values_of_an_index_are_of_one_kind() -> None:
    with pytest.raises(lc.InvalidRate, match=r"^rate\.index: got 5%/year effective on 2025-06-01 beside 5%/year"):
        rates_of({"2024-01-01": "5%", "2025-06-01": "5% effective"})


# Base rates


def test_an_index_may_be_below_zero_where_a_floor_is_not() -> None:
    euribor = lc.BaseRate("Euribor 12M", {"2024-01-01": "-0.5%", "2026-01-01": "0.3%"})
    assert rates_of(euribor, "+1pp") == "0.5%/year, 1.3%/year from 2026-01-15"
    assert rates_of(euribor, "+0.2pp", floor="0%") == "0%/year, 0.5%/year from 2026-01-15"


def test_a_mortgage_follows_the_loan_prime_rate_that_comes_with_the_library() -> None:
    """LPR of more than five years plus 0.3 points, read on 1 January: 3.6 % until 20 May 2025, then 3.5 %."""
    lpr = {"2024-10-21": "3.6%", "2025-05-20": "3.5%"}
    plans = [
        lc.Loan(360_000, lc.IndexedRate(index, "+0.3pp", reset=reset, keep=keep), "2025-03-20", installments=36)
        for index, reset, keep in ((lpr, "01-01", "term"), ("5年期LPR", "每年1月1日", "期限不变"))
    ]
    assert plans[0].schedule() == plans[1].schedule()
    assert plans[0] == plans[1]
    says = (
        "rate cn-lpr-5y +0.3pp, 3.6% from 2024-10-21, 3.5% from 2025-05-20, its last value known, which goes on; "
        "recalled, unverified; source: memory"
    )
    assert says in plans[1].assumptions
    assert any(note.startswith("rate index +0.3pp, 3.6% from 2024-10-21") for note in plans[0].assumptions)
    assert says in lc.Account(plans[1]).as_of("2025-04-01").assumptions
