"""Business days over 252: the count of the Brazilian market."""

from __future__ import annotations

from datetime import date

from loancalc.time.daycount.context import NO_CONTEXT, Context, missing


def business_days(start: date, end: date, context: Context | None = None) -> int:
    """Business days of the context's calendar, `start` counted if it is one, `end` not."""
    calendar = (context or NO_CONTEXT).calendar
    if calendar is None:
        raise missing("BUS/252", "calendar", "it tells which days are business days")
    days = map(date.fromordinal, range(start.toordinal(), end.toordinal()))
    return sum(map(calendar.is_business_day, days))


def bus_252(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Business days over 252, by the calendar that is given.

    The contract names the calendar (Brazil's own, ANBIMA, has its holidays), so none is assumed.
    """
    return business_days(start, end, context), 252
