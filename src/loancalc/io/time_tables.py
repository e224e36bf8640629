"""The tables of contract.toml about time: business days, and periods laid out one by one or by a rule of their own."""

from __future__ import annotations

from typing import Any

from loancalc.calendars import Calendar, find_calendar
from loancalc.errors import InvalidTerms
from loancalc.io.sheet import Sheet, day, either, leaf, list_of, one_or_list, table_of, text, whole
from loancalc.io.toml_rows import Path
from loancalc.time.accrual_periods import periods as lay_out
from loancalc.time.frequency import Frequency

every = leaf(Frequency.parse)
"""Reads the length of a period."""


@leaf
def _name_or_number(value: Any, name: str) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidTerms(f"{name}: got {value!r}; expected text in quotes or a whole number")
    return value


_one_or_several = one_or_list(_name_or_number, list_of(_name_or_number))


def _roll(page: Sheet, path: Path, value: object) -> object:
    """A day, two days of each month, or words."""
    read = _one_or_several(page, path, value)
    return tuple(read) if isinstance(read, list) else read


calendar = either(
    leaf(find_calendar),
    table_of(
        Calendar,
        {
            "name": text,
            "holidays": list_of(day),
            "working_weekends": list_of(day),
            "weekend": _one_or_several,
            "valid_from": day,
            "valid_to": day,
            "provisional_from": day,
            "note": text,
        },
        {"name": "what the calendar is called"},
    ),
)
"""Reads the name of a calendar, or a table with the holidays of one."""

periods = table_of(
    lay_out,
    {
        "start": day,
        "end": day,
        "every": text,
        "count": whole,
        "stub": text,
        "roll": _roll,
        "first_regular_start": day,
        "last_regular_end": day,
        "calendar": calendar,
        "adjust": text,
        "adjust_start": text,
        "adjust_end": text,
        "payment_lag": whole,
        "accrual": text,
        "skip": _one_or_several,
        "dates": list_of(day),
        "reading": text,
    },
    {"start": "the first day that bears interest, such as 2026-01-15"},
)
"""Reads periods that `loancalc.periods` lays out."""
