"""Days on which rows fall, worked out once more by a plain loop: counted from an anchor, moved to business days, laid out by two
days of the month, by a weekday of the month, around months without a row, or with a stub. Written from what the words mean, and
from nothing of the library.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from fractions import Fraction

from dated_loop import months_later

DAY = timedelta(1)
CONVENTIONS = ("following", "modified following", "preceding", "modified preceding", "nearest")


def on_grid(anchor: date, every: str, number: int) -> date:
    """A day so many periods after another."""
    size, unit = every.split()
    if unit.startswith("month"):
        return months_later(anchor, int(size) * number)
    if unit == "year":
        return months_later(anchor, 12 * number)
    return anchor + timedelta(int(size) * number * (7 if unit.startswith("week") else 1))


def nominal_of_first(start: date, first_due: date, every: str, share: Fraction) -> list[tuple[date, Fraction]]:
    """The regular periods of a first one, which hang from its end: where each begins, and its share of the year."""
    found, number = list[tuple[date, Fraction]](), 0
    while (begin := on_grid(first_due, every, -number - 1)) >= start:
        found, number = [(begin, share), *found], number + 1
    end = on_grid(first_due, every, -number)
    return [(start, share * (end - start).days / (end - begin).days), *found] if start < end else found


def nominal_of_last(start: date, end: date, every: str, share: Fraction) -> list[tuple[date, Fraction]]:
    """The regular periods of a last one, which go on from its start."""
    found, number = list[tuple[date, Fraction]](), 0
    while (until := on_grid(start, every, number + 1)) <= end:
        found, number = [*found, (on_grid(start, every, number), share)], number + 1
    begin = on_grid(start, every, number)
    return [*found, (begin, share * (end - begin).days / (until - begin).days)] if begin < end else found


def moved(day: date, convention: str, off: Collection[date]) -> date:
    """Where a day goes that is a weekend's or among the days off."""

    def seek(step: timedelta) -> date:
        found = day
        while found.weekday() >= 5 or found in off:
            found += step
        return found

    later, earlier = seek(DAY), seek(-DAY)
    if convention == "nearest":
        return later if later - day <= day - earlier else earlier
    first, second = (later, earlier) if convention.endswith("following") else (earlier, later)
    return second if convention.startswith("modified") and first.month != day.month else first


def business_days_after(day: date, count: int, off: Collection[date]) -> date:
    for _ in range(count):
        day = moved(day + DAY, "following", off)
    return day


def twice_a_month(start: date, other: int, count: int) -> list[date]:
    """The start, and so many days on its day of the month and another, later one."""
    return [
        date(month.year, month.month, day)
        for number in range(count // 2 + 1)
        for month in [months_later(start.replace(day=1), number)]
        for day in (start.day, other)
    ][: count + 1]


def on_weekdays(start: date, weekday: int, place: int, count: int) -> list[date]:
    """The days of so many months, from that of the start, that are the first, second ... such weekday, or with 0 the last."""
    found = []
    for number in range(count + 1):
        first = months_later(start.replace(day=1), number)
        days = [first + timedelta(night) for night in range(31) if (first + timedelta(night)).month == first.month]
        days = [day for day in days if day.weekday() == weekday]
        found.append(days[place - 1])
    return found


def around_months(start: date, without: Callable[[date], bool], count: int) -> tuple[list[date], list[list[date]]]:
    """Days a month apart, but none in some months; and where the months of each period begin."""
    bounds, lengths, number, months = [start], list[list[date]](), 0, [start]
    while len(bounds) <= count:
        number += 1
        day = months_later(start, number)
        if without(day):
            months.append(day)
        else:
            bounds.append(day)
            lengths.append(months)
            months = [day]
    return bounds, lengths
