"""Dates and rates for terms that meet, as the loop knows them and as a loan is told: regular or with a first period of its own,
moved by a calendar, or laid out beforehand; at rates that change on days or follow an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

import loancalc as lc
from calendar_loop import (
    CONVENTIONS,
    around_months,
    business_days_after,
    moved,
    nominal_of_first,
    nominal_of_last,
    on_grid,
    on_weekdays,
    twice_a_month,
)
from dated_loop import MORE_DAY_COUNTS, Nominal, Quote, Time, months_later
from index_loop import Index
from test_dated_loop import kinds, nightly, rate_of, starts

EVERY = {
    "1 month": Fraction(1, 12), "3 months": Fraction(1, 4), "1 year": Fraction(1), "2 weeks": Fraction(1, 26),
    "1 week": Fraction(1, 52), "4 weeks": Fraction(1, 13), "10 days": None,
}  # fmt: skip
OF_THEIR_PERIODS = ("periodic", "ACT/ACT ICMA")
READ_THEIR_PERIODS = ("ACT/ACT ICMA", "ACT/365L")
some = st.sampled_from([0, 0, 0, 1])


@dataclass(frozen=True)
class Dates:
    """The time of a plan of so many rows, what says so in a loan, and whether the rows can go on after them."""

    time: Time
    count: int
    terms: dict[str, Any]
    goes_on: bool = True


@dataclass(frozen=True)
class Rates:
    """The rates of a time, and what a loan is told of them: the steps, or an index."""

    steps: list[tuple[date, Quote]]
    index: dict[str, Any] | None


@st.composite
def dates(draw: st.DrawFn, method: str) -> Dates:
    """So many rows, by a day count; the rates are still to come."""
    if method == "lump_sum":
        return draw(at_once())
    if method not in ("accelerated", "annuity_in_advance", "longer") and draw(some):
        return draw(laid())
    weeks = method == "accelerated"
    every = draw(st.sampled_from(["2 weeks", "1 week", "4 weeks"] if weeks else [*["1 month"] * 5, *EVERY]))
    count = 13 * draw(st.integers(1, 2)) if weeks else draw(st.integers(2, 18))
    count += weeks and draw(some)
    start, share = draw(starts), EVERY[every]
    allowed = [name for name in MORE_DAY_COUNTS if share or name != "periodic"]
    if "month" not in every:
        allowed = [name for name in allowed if name not in READ_THEIR_PERIODS]
    day_count = draw(st.sampled_from(allowed))
    terms: dict[str, Any] = {"start": start, "every": every, "installments": count}
    first_due, own = start, dict[int, Nominal]()
    if method not in ("accelerated", "annuity_in_advance") and day_count not in READ_THEIR_PERIODS and draw(some):
        first_due = start + timedelta(draw(st.integers(1, 80)))
        own = {0: nominal_of_first(start, first_due, every, share or Fraction(0))}
        terms["first_due"] = first_due
    later = range(first_due == start, 12 * count + 40)
    bounds = [start, *(on_grid(first_due, every, number) for number in later)]
    time = Time(bounds, day_count, [], share or Fraction(0), own)
    found = Dates(time, count, terms)
    if day_count not in READ_THEIR_PERIODS and draw(some):
        found = draw(with_days_off(found))
    if method == "annuity_in_advance":
        time = found.time
        dues = time.dues and [start, *time.dues]
        found = Dates(time._replace(bounds=[start, *time.bounds], dues=dues), count, found.terms)
    return found


@st.composite
def days_off(draw: st.DrawFn, start: date) -> set[date]:
    """Days beside the weekends."""
    return {start + timedelta(day) for day in draw(st.sets(st.integers(1, 500), max_size=40))}


@st.composite
def with_days_off(draw: st.DrawFn, found: Dates) -> Dates:
    """The same with due dates that move, if no two of them meet."""
    time = found.time
    off, convention = draw(days_off(time.bounds[0])), draw(st.sampled_from(CONVENTIONS))
    dues = [time.bounds[0], *(moved(day, convention, off) for day in time.bounds[1:])]
    if any(day >= later for day, later in pairwise(dues)):
        return found
    interest_moves = draw(st.booleans())
    time = time._replace(bounds=dues) if interest_moves else time._replace(dues=dues)
    calendar = lc.Calendar("ours", holidays=off)
    return Dates(
        time, found.count, found.terms | {"calendar": calendar, "adjust": convention, "interest_moves": interest_moves}
    )


@st.composite
def at_once(draw: st.DrawFn) -> Dates:
    """One row at the end of everything."""
    start, counted = draw(starts), [name for name in MORE_DAY_COUNTS if name not in READ_THEIR_PERIODS]
    if draw(st.booleans()):
        every, count = draw(st.sampled_from(list(EVERY))), draw(st.integers(1, 18))
        share = EVERY[every]
        day_count = draw(st.sampled_from([name for name in counted if share or name != "periodic"]))
        time = Time([start, on_grid(start, every, count)], day_count, [], (share or Fraction(0)) * count)
        terms = {"start": start, "every": every, "installments": count}
    else:
        end = start + timedelta(draw(st.integers(1, 2_000)))
        day_count = draw(st.sampled_from([name for name in counted if name != "periodic"]))
        time, terms = Time([start, end], day_count, []), {"start": start, "end": end}
    return Dates(time, 1, terms, goes_on=False)


@st.composite
def laid(draw: st.DrawFn) -> Dates:
    """Rows on days that were laid out beforehand."""
    kind = draw(st.sampled_from(["twice a month", "weekday", "without months", "listed", "lagged", "first", "last"]))
    start, count, share, own = draw(starts), draw(st.integers(2, 18)), Fraction(1, 12), dict[int, Nominal]()
    dues: list[date] | None = None
    if kind == "twice a month":
        start = start.replace(day=draw(st.integers(1, 14)))
        other = draw(st.integers(start.day + 10, 28))
        bounds, share = twice_a_month(start, other, count), Fraction(1, 24)
        periods = lc.periods(start, every="semi-monthly", count=count, roll=(start.day, other))
    elif kind == "weekday":
        weekday, place = draw(st.integers(0, 6)), draw(st.integers(0, 4))
        bounds = on_weekdays(start, weekday, place, count)
        name = f"{['last', '1st', '2nd', '3rd', '4th'][place]} {bounds[0]:%A}"
        periods = lc.periods(bounds[0], every="1 month", count=count, roll=name)
    elif kind == "without months":
        skipped = draw(st.sets(st.integers(1, 12), min_size=1, max_size=8))
        bounds, months = around_months(start, lambda day: day.month in skipped, count)
        own = {row: [(day, share) for day in begin] for row, begin in enumerate(months)}
        periods = lc.periods(start, every="1 month", count=count, skip=skipped)
    elif kind == "listed":
        steps = draw(st.lists(st.integers(1, 80), min_size=count, max_size=count))
        bounds, share = [start + timedelta(sum(steps[:number])) for number in range(count + 1)], Fraction(0)
        periods = lc.periods(start, dates=bounds[1:])
    elif kind == "lagged":
        off, convention, lag = draw(days_off(start)), draw(st.sampled_from(CONVENTIONS[:3])), draw(st.integers(0, 3))
        unmoved, accrual = [on_grid(start, "1 month", n) for n in range(count + 1)], draw(st.booleans())
        ends = [moved(day, convention, off) for day in unmoved]
        bounds, dues = ends if accrual else unmoved, [business_days_after(day, lag, off) for day in ends]
        periods = lc.periods(
            start, every="1 month", count=count, calendar=lc.Calendar("ours", holidays=off), adjust=convention,
            payment_lag=lag, accrual="adjusted" if accrual else "unadjusted",
        )  # fmt: skip
        dues = [bounds[0], *dues[1:]]
    else:
        bounds, own, periods = draw(with_stub(kind, start, count))
    allowed = [name for name in MORE_DAY_COUNTS if name not in READ_THEIR_PERIODS and (share or name != "periodic")]
    time = Time(bounds, draw(st.sampled_from(allowed)), [], share, own, dues)
    return Dates(time, count, {"periods": periods}, goes_on=False)


@st.composite
def with_stub(draw: st.DrawFn, kind: str, start: date, count: int) -> tuple[list[date], dict[int, Nominal], lc.Periods]:
    """Months with a first or last period that is shorter or longer."""
    start, rest, long = start.replace(day=min(start.day, 28)), draw(st.integers(1, 27)), draw(st.booleans())
    name = f"{'long' if long else 'short'}_{'initial' if kind == 'first' else 'final'}"
    regular = count if long else count - 1
    if kind == "first":
        begin, end = start - timedelta(rest), months_later(start, regular)
        bounds = [begin, *(months_later(start, number) for number in range(int(long), regular + 1))]
        own = {0: nominal_of_first(bounds[0], bounds[1], "1 month", Fraction(1, 12))}
        return bounds, own, lc.periods(begin, end, every="1 month", stub=name)
    end = months_later(start, regular) + timedelta(rest)
    bounds = [*(months_later(start, number) for number in range(regular + (not long))), end]
    own = {count - 1: nominal_of_last(bounds[-2], end, "1 month", Fraction(1, 12))}
    return bounds, own, lc.periods(start, end, every="1 month", stub=name)


@st.composite
def rates(draw: st.DrawFn, method: str, found: Dates) -> Rates:
    """What holds from the start, and from some days on."""
    time, weeks = found.time, method == "accelerated"
    kind = draw(kinds.filter(lambda kind: not weeks or kind is not nightly))
    start, last = time.bounds[0], (time.bounds[found.count] - time.bounds[0]).days
    if draw(some):
        return draw(indexed(draw(kind), start, time.bounds[min(2 * found.count, len(time.bounds) - 1)]))
    days = draw(st.sets(st.integers(1, last - 1), max_size=3).map(sorted)) if last > 1 else []
    return Rates([(start, draw(kind)), *((start + timedelta(day), draw(kind)) for day in days)], None)


@st.composite
def indexed(draw: st.DrawFn, first: Quote, start: date, end: date) -> Rates:
    """Rates that an index makes."""
    most = first.value * 2 + Fraction(1, 1000)
    one = Fraction(1, 100_000 if first.per_night else 10_000)
    value = st.integers(0, int(most / one)).map(lambda points: points * one)
    days = draw(st.sets(st.integers(-200, (end - start).days), max_size=6).map(sorted))
    values = [
        (start - timedelta(400), draw(value)), *((start + timedelta(day), draw(value)) for day in days)
    ]  # fmt: skip
    multiple, points = Fraction(1), Fraction(0)
    if first.per_night or draw(st.booleans()):
        multiple = Fraction(draw(st.integers(5, 15)), 10)
        spread = f"{float(multiple)}x"
    else:
        basis = draw(st.integers(-100, 300))
        points, spread = Fraction(basis, 10_000), f"{basis:+}bp"
    reset = draw(
        st.sampled_from(["anniversary", (1, 1), (7, 15)])
        | st.sets(st.integers(1, (end - start).days), min_size=1, max_size=4).map(
            lambda nights: [start + timedelta(night) for night in sorted(nights)]
        )
    )
    least = draw(st.sampled_from([Fraction(0), most / 4]))
    cap = draw(st.none() | st.just(most / 2))
    change = (
        None if first.per_night else draw(st.none() | st.integers(1, 200).map(lambda basis: Fraction(basis, 10_000)))
    )
    every, back = draw(st.integers(1, 2)), draw(st.integers(0, 60))
    index = Index(values, multiple, points, reset, every, back, least, cap, change)
    told = {
        "index": [(day, rate_of(first._replace(value=value))) for day, value in values], "spread": spread,
        "reset": f"{reset[0]:02}-{reset[1]:02}" if isinstance(reset, tuple) else reset, "every": every, "look_back": back,
        "floor": rate_of(first._replace(value=least)), "cap": None if cap is None else rate_of(first._replace(value=cap)),
        "change_cap": None if change is None else f"{int(change * 10_000)}bp",
    }  # fmt: skip
    return Rates(index.rates(start, end, first), told)
