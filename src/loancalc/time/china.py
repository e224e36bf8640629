"""Working days of China: days off and make-up working weekends (调休) as the State Council publishes them each year."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


class WorkingDays(NamedTuple):
    """Weekdays off and weekend days worked, complete from `first` to `last`; a guess from `provisional_from` on."""

    holidays: frozenset[date]
    working_weekends: frozenset[date]
    first: date
    last: date
    provisional_from: date | None = None


@cache
def published() -> WorkingDays:
    """The years for which the State Council has published its notice.

    >>> published().last
    datetime.date(2026, 12, 31)
    >>> date(2026, 2, 14) in published().working_weekends  # the Saturday before Spring Festival
    True
    """
    years: dict[str, dict[str, Any]] = _data()["published"]
    return WorkingDays(
        frozenset(day for year, notice in years.items() for day in _days(year, notice["holidays"])),
        frozenset(day for year, notice in years.items() for day in _days(year, notice["working_weekends"])),
        date(int(min(years)), 1, 1),
        date(int(max(years)), 12, 31),
    )


@cache
def provisional() -> WorkingDays:
    """The published years, and after them the statutory holidays alone, until a notice exists.

    A notice will add days off around them and make up for those on weekends; neither is guessed here.

    >>> date(2027, 2, 8) in provisional().holidays  # the third day of the new year
    True
    """
    known = published()
    festivals: dict[str, str] = _data()["festivals"]["days"]
    later = {year: days for year, days in festivals.items() if int(year) > known.last.year}
    statutory = {day for year, days in later.items() for day in _statutory(year, days)}
    return WorkingDays(
        known.holidays | {day for day in statutory if day.weekday() < 5},
        known.working_weekends,
        known.first,
        date(int(max(festivals)), 12, 31),
        known.last + timedelta(days=1),
    )


def sources() -> dict[int, tuple[str, ...]]:
    """Where each year's notice and its changes were published.

    >>> sources()[2011]
    ('https://www.gov.cn/gongbao/content/2010/content_1765282.htm',)
    """
    return {int(year): tuple(notice["source"]) for year, notice in _data()["published"].items()}


def _statutory(year: str, festivals: str) -> set[date]:
    new_year, *others = _days(year, festivals)
    spring = {new_year + timedelta(days=n) for n in (-1, 0, 1, 2)}
    return spring | {*others, *_days(year, "01-01 05-01 05-02 10-01 10-02 10-03")}


def _days(year: str, text: str) -> list[date]:
    return [date.fromisoformat(f"{year}-{day}") for day in text.split()]


@cache
def _data() -> dict[str, Any]:
    text = files("loancalc").joinpath("data", "china_working_days.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
