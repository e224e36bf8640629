"""Adjustment: where a date goes that falls on no business day, and the business days after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from loancalc.calendars import BusinessCalendar, CalendarLike, find_calendar
from loancalc.errors import InvalidDate
from loancalc.values.dates import DateLike, read_date
from loancalc.values.names import Names

CONVENTIONS = Names(
    "adjust",
    {
        "none": ["unadjusted", "no adjustment", "actual", "不顺延", "不调整"],
        "following": ["F", "FOLL", "next", "顺延", "遇节假日顺延"],
        "modified following": ["MF", "MODFOLLOWING", "modified", "经调整的下一营业日"],
        "preceding": ["P", "PREC", "previous", "提前"],
        "modified preceding": ["MP", "MODPRECEDING"],
        "half-month modified following": ["modified following bi-monthly", "half month modified", "MFBM"],
        "nearest": ["nearest business day"],
        "nearest ISDA": ["nearest FpML", "nearest Sunday Monday"],
    },
)
_DAY = timedelta(days=1)
_SEARCHED = 366
_SUNDAY_OR_MONDAY = (6, 0)

Move = Callable[[date, BusinessCalendar], date]


def adjust(date: DateLike, convention: str, calendar: CalendarLike) -> date:
    """The business day to which a convention moves a date; a business day stays.

    - `none`: the date itself.
    - `following`, `preceding`: the next, the previous business day.
    - `modified following`, `modified preceding`: the same, unless that is in another month; then the other way.
    - `half-month modified following`: modified following that does not cross from the 15th to the 16th either.
    - `nearest`: the business day fewest days away; the following one of two equally near.
    - `nearest ISDA`: the following one for a Sunday or Monday, the preceding one for any other day.

    Disputed: what "nearest" is. The ISDA text (2006 Definitions 4.12) has only ordinary weekends in view; in a week of
    holidays it can move a date by a week although the day before was worked. The word decides here, and the text of
    ISDA has its own name.

    Args:
        date: The date to move.
        convention: One of the names above, or an alias (`ModifiedFollowing`, `顺延`).
        calendar: A calendar, the name of one, or None if every day is a business day.

    Raises:
        UnknownName: If the convention has another name.
        InvalidDate: If there is no business day within a year, or the calendar does not reach so far.

    >>> from datetime import date
    >>> [str(adjust("2026-05-31", rule, "WEEKENDS")) for rule in ("following", "modified following")]
    ['2026-06-01', '2026-05-29']
    """
    return adjuster(convention, calendar)(read_date(date, "date"))


def adjuster(convention: str, calendar: CalendarLike, field: str = "adjust") -> Callable[[date], date]:
    """The function that moves dates by a convention, for many dates of one calendar.

    >>> move = adjuster("preceding", "TARGET")
    >>> move(date(2026, 4, 6))  # Easter Monday
    datetime.date(2026, 4, 2)
    """
    move = _MOVES[CONVENTIONS.find(convention, field)]
    business = find_calendar(calendar)
    if move is None:
        return lambda day: day
    return lambda day: day if business.is_business_day(day) else move(day, business)


def add_business_days(day: date, count: int, calendar: CalendarLike) -> date:
    """The business day number `count` after `day` (before it, if negative); `day` itself is not counted.

    >>> add_business_days(date(2026, 4, 2), 1, "TARGET")  # Maundy Thursday
    datetime.date(2026, 4, 7)
    """
    business = find_calendar(calendar)
    step = _DAY if count >= 0 else -_DAY
    for _ in range(abs(count)):
        day = _seek(_moved(day, step), business, step)
    return day


def _moved(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError:
        raise InvalidDate(f"calendar: got {day}; expected a business day before the end of year 9999") from None


def _seek(day: date, calendar: BusinessCalendar, step: timedelta) -> date:
    begin = day
    for _ in range(_SEARCHED):
        if calendar.is_business_day(day):
            return day
        day = _moved(day, step)
    raise InvalidDate(f"calendar {calendar.name}: got no business day in {_SEARCHED} days from {begin}; expected one")


def _following(day: date, calendar: BusinessCalendar) -> date:
    return _seek(day, calendar, _DAY)


def _preceding(day: date, calendar: BusinessCalendar) -> date:
    return _seek(day, calendar, -_DAY)


def _modified_following(day: date, calendar: BusinessCalendar) -> date:
    moved = _following(day, calendar)
    return moved if moved.month == day.month else _preceding(day, calendar)


def _modified_preceding(day: date, calendar: BusinessCalendar) -> date:
    moved = _preceding(day, calendar)
    return moved if moved.month == day.month else _following(day, calendar)


def _half_month(day: date, calendar: BusinessCalendar) -> date:
    moved = _modified_following(day, calendar)
    return _preceding(day, calendar) if day.day <= 15 < moved.day else moved


def _nearest(day: date, calendar: BusinessCalendar) -> date:
    after, before = _following(day, calendar), _preceding(day, calendar)
    return after if after - day <= day - before else before


def _nearest_isda(day: date, calendar: BusinessCalendar) -> date:
    return _following(day, calendar) if day.weekday() in _SUNDAY_OR_MONDAY else _preceding(day, calendar)


_MOVES: dict[str, Move | None] = {
    "none": None,
    "following": _following,
    "modified following": _modified_following,
    "preceding": _preceding,
    "modified preceding": _modified_preceding,
    "half-month modified following": _half_month,
    "nearest": _nearest,
    "nearest ISDA": _nearest_isda,
}
