"""Dates: what is accepted as one, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TypeAlias

from loancalc.errors import InvalidDate

DateLike: TypeAlias = date | str
"""A `date`, a naive `datetime` at midnight, or text `YYYY-MM-DD`."""

ACCEPTED = "a date, text YYYY-MM-DD, or a naive datetime at midnight"
_MIDNIGHT = time(0)
_LAST = date.max.toordinal()


def read_date(value: DateLike, field: str) -> date:
    """The day that `value` names.

    Args:
        value: A `date`, a naive `datetime` at midnight, or text `YYYY-MM-DD` and nothing else.
        field: What the date is, for the message of the error.

    Raises:
        InvalidDate: For a day that no calendar has, a time of day, a time zone, another spelling, another type.

    Examples:
        >>> read_date("2026-02-28", "start")
        datetime.date(2026, 2, 28)
        >>> read_date("31/02/2026", "start")
        Traceback (most recent call last):
            ...
        loancalc.errors.InvalidDate: start: got '31/02/2026'; expected a date, text YYYY-MM-DD, ...
    """
    if type(value) is date:
        return value
    read = _from_text(value) if isinstance(value, str) else _from_date(value)
    if read is None:
        raise InvalidDate(f"{field}: got {value!r}; expected {ACCEPTED}")
    return read


def read_dates(values: Iterable[DateLike], field: str) -> list[date]:
    """The days that a list names.

    Raises:
        InvalidDate: If it is no list, or one of them is no date; the message names its place.

    >>> read_dates(["2026-02-28"], "days")
    [datetime.date(2026, 2, 28)]
    >>> read_dates("2026-02-28", "days")
    Traceback (most recent call last):
    loancalc.errors.InvalidDate: days: got '2026-02-28'; expected a list of dates
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidDate(f"{field}: got {values!r}; expected a list of dates")
    return [read_date(value, f"{field}[{place}]") for place, value in enumerate(values)]


def _from_text(text: str) -> date | None:
    # date.fromisoformat alone would also take 20260228 and 2026-W09-6
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _from_date(value: object) -> date | None:
    if isinstance(value, datetime):
        # a "not a time" of a data-frame library is a datetime that differs from itself
        if value != value or value.tzinfo is not None or value.time() != _MIDNIGHT:
            return None
        return date(value.year, value.month, value.day)
    return date(value.year, value.month, value.day) if isinstance(value, date) else None


def in_order(
    start: date, end: date, start_field: str = "start", end_field: str = "end", *, strictly: bool = False
) -> None:
    """Refuse an end before its start; `strictly`, on it too.

    >>> in_order(date(2026, 3, 1), date(2026, 2, 1))
    Traceback (most recent call last):
        ...
    loancalc.errors.InvalidDate: end: got 2026-02-01; expected 2026-03-01 (start) or later
    """
    if end < start or (strictly and end == start):
        accepted = f"a day after {start} ({start_field})" if strictly else f"{start} ({start_field}) or later"
        raise InvalidDate(f"{end_field}: got {end}; expected {accepted}")


def days_after(day: date, days: int) -> date | None:
    """The day so many days after another; None where no calendar has it.

    >>> days_after(date(2026, 2, 27), 3), days_after(date(9999, 12, 30), 2)
    (datetime.date(2026, 3, 2), None)
    """
    later = day.toordinal() + days
    return date.fromordinal(later) if later <= _LAST else None


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February.

    >>> [year for year in (1900, 2000, 2023, 2024, 2100) if is_leap(year)]
    [2000, 2024]
    """
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
