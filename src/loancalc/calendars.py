"""Business days by name: weekends, China, TARGET, the US; several calendars as one; other libraries' calendars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeAlias

from loancalc.errors import InvalidTerms
from loancalc.time import china, holiday_rules
from loancalc.time.holiday_calendars import SATURDAY_SUNDAY, BusinessCalendar, Calendar, RuleCalendar
from loancalc.values.names import Names

__all__ = [
    "NAMES",
    "AdaptedCalendar",
    "BusinessCalendar",
    "Calendar",
    "CalendarLike",
    "JointCalendar",
    "RuleCalendar",
    "adapt",
    "find_calendar",
    "from_holidays",
    "intersection",
    "is_provisional",
    "union",
    "weekends",
]

CalendarLike: TypeAlias = BusinessCalendar | str | None


@dataclass(frozen=True, slots=True)
class JointCalendar:
    """Several calendars as one: open when all of them are, or when any is."""

    calendars: tuple[BusinessCalendar, ...]
    all_open: bool

    @property
    def name(self) -> str:
        """The names of the calendars, joined."""
        return (" + " if self.all_open else " / ").join(calendar.name for calendar in self.calendars)

    def is_business_day(self, day: date, /) -> bool:
        """Whether `day` is a business day of all the calendars, or of any."""
        for calendar in self.calendars:
            if calendar.is_business_day(day) != self.all_open:
                return not self.all_open
        return self.all_open

    def is_provisional(self, day: date, /) -> bool:
        """Whether one of the calendars guesses."""
        return any(is_provisional(calendar, day) for calendar in self.calendars)


@dataclass(frozen=True, slots=True)
class AdaptedCalendar:
    """Another library's calendar, by the function that tells its working days."""

    name: str
    works: Callable[[date], object]

    def is_business_day(self, day: date, /) -> bool:
        """Whether the other calendar says that `day` is worked."""
        return bool(self.works(day))


def union(*calendars: CalendarLike) -> JointCalendar:
    """The union of the holidays: a business day is one in every calendar.

    >>> union("TARGET", "US").is_business_day(date(2026, 7, 3)), union("TARGET", "US").name
    (True, 'TARGET + US')
    """
    return JointCalendar(_several(calendars), all_open=True)


def intersection(*calendars: CalendarLike) -> JointCalendar:
    """The intersection of the holidays: a business day is one in any calendar.

    >>> intersection("TARGET", "US").is_business_day(date(2026, 11, 26))  # Thanksgiving
    True
    """
    return JointCalendar(_several(calendars), all_open=False)


def weekends(*days: int | str) -> Calendar:
    """A calendar with no holidays but these weekly days off; Saturday and Sunday if none is named.

    >>> weekends("friday", "saturday").is_business_day(date(2026, 3, 1))  # a Sunday
    True
    """
    return Calendar("WEEKENDS", weekend=days or SATURDAY_SUNDAY)


def adapt(source: object, name: str | None = None) -> BusinessCalendar:
    """A calendar from any object with `is_business_day`, `is_working_day` or `is_workday`.

    Such are the countries of the package `holidays` and the module `chinese_calendar`.

    Raises:
        InvalidTerms: If the object has none of these methods.

    >>> class Bank:
    ...     def is_workday(self, day):
    ...         return day.weekday() < 5
    >>> adapt(Bank()).is_business_day(date(2026, 3, 1))
    False
    """
    if name is None and isinstance(source, BusinessCalendar):
        return source
    for method in ("is_business_day", "is_working_day", "is_workday"):
        works = getattr(source, method, None)
        if callable(works):
            return AdaptedCalendar(name or str(getattr(source, "__name__", type(source).__name__)), works)
    raise InvalidTerms(
        f"calendar: got {source!r}; expected an object with is_business_day, is_working_day or is_workday"
    )


def from_holidays(country: str, subdivision: str | None = None) -> BusinessCalendar:
    """A country's calendar from the package `holidays` (`pip install loancalc[holidays]`).

    That package also answers for years whose holidays are not yet published, without saying so.

    Raises:
        ImportError: If the package is not installed.
        InvalidTerms: If it does not know the country.
    """
    try:
        import holidays
    except ImportError as error:
        raise ImportError("from_holidays: needs the package holidays; pip install 'loancalc[holidays]'") from error
    try:
        source = holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError as error:  # what the package says of a country that it does not know
        raise InvalidTerms(f"country: got {country!r}, {subdivision!r}; {error}") from error
    return adapt(source, f"holidays {country}{f'-{subdivision}' if subdivision else ''}")


NAMES = Names(
    "calendar",
    {
        "NONE": ["every day", "no holidays", "不调整"],
        "WEEKENDS": ["weekends only", "双休日"],
        "CN": ["China", "CHN", "中国", "法定节假日", "中国法定工作日"],
        "CN provisional": ["China provisional", "中国(暂定)"],
        "TARGET": ["TARGET2", "T2", "EUTA", "Europe"],
        "US": ["Federal Reserve", "US Fed", "Fedwire"],
        "US federal": ["US government", "5 USC 6103", "federal government"],
    },
)


def find_calendar(value: CalendarLike, field: str = "calendar") -> BusinessCalendar:
    """The calendar of a name, or the one given; None is a calendar on which every day is a business day.

    Raises:
        UnknownName: If no calendar has that name.
        InvalidTerms: If the object is no calendar (`adapt` makes one of others).

    >>> find_calendar("中国").is_business_day(date(2026, 2, 14))  # a Saturday that is worked
    True
    """
    if value is None or isinstance(value, str):
        return _named("NONE" if value is None else NAMES.find(value, field))
    if not callable(getattr(value, "is_business_day", None)):
        raise InvalidTerms(f"{field}: got {value!r}; expected a name or an object with is_business_day(day)")
    return value


def is_provisional(calendar: BusinessCalendar, day: date) -> bool:
    """Whether a calendar marks its answer for `day` as a guess.

    >>> is_provisional(find_calendar("CN provisional"), date(2027, 2, 8))
    True
    """
    mark = getattr(calendar, "is_provisional", None)
    return mark is not None and bool(mark(day))


def _several(calendars: tuple[CalendarLike, ...]) -> tuple[BusinessCalendar, ...]:
    if not calendars:
        raise InvalidTerms("calendars: got none; expected one or more")
    return tuple(find_calendar(calendar) for calendar in calendars)


@cache
def _named(name: str) -> BusinessCalendar:
    match name:
        case "CN":
            return _chinese(name, china.published(), 'the calendar "CN provisional" guesses later days and marks them')
        case "CN provisional":
            return _chinese(name, china.provisional(), "")
        case "TARGET":
            return RuleCalendar("TARGET", holiday_rules.target, first_year=1999)
        case "US":
            return RuleCalendar("US", holiday_rules.federal_reserve, first_year=1986)
        case "US federal":
            return RuleCalendar("US federal", holiday_rules.federal_government, first_year=1986)
        case "WEEKENDS":
            return weekends()
        case _:
            return Calendar("NONE", weekend=())


def _chinese(name: str, days: china.WorkingDays, note: str) -> Calendar:
    return Calendar(
        name,
        days.holidays,
        days.working_weekends,
        valid_from=days.first,
        valid_to=days.last,
        provisional_from=days.provisional_from,
        note=note,
    )
