"""Calendar values: what is asked of a calendar, one from a set of holidays, one from a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, runtime_checkable

from loancalc.errors import InvalidDate, InvalidTerms, unknown_name
from loancalc.values.dates import DateLike, in_order, read_date, read_dates
from loancalc.values.listed import several
from loancalc.values.names import Names

SATURDAY_SUNDAY = frozenset({5, 6})
_WEEKDAYS = Names(
    "weekend",
    {
        "monday": ["mon", "周一", "星期一"],
        "tuesday": ["tue", "周二", "星期二"],
        "wednesday": ["wed", "周三", "星期三"],
        "thursday": ["thu", "周四", "星期四"],
        "friday": ["fri", "周五", "星期五"],
        "saturday": ["sat", "周六", "星期六"],
        "sunday": ["sun", "周日", "星期日", "星期天"],
    },
)


@runtime_checkable
class BusinessCalendar(Protocol):
    """What the library asks of a calendar; any object with these two will do."""

    @property
    def name(self) -> str:
        """What the calendar is called."""

    def is_business_day(self, day: date, /) -> bool:
        """Whether `day` is a business day."""


@dataclass(frozen=True, slots=True, init=False)
class Calendar:
    """Business days from a set of holidays.

    Args:
        name: What the calendar is called.
        holidays: Days that are no business days, besides weekends.
        working_weekends: Days of a weekend that are business days (调休).
        weekend: The weekly days off: numbers (0 is Monday) or names; none at all makes every day a business day.
        valid_from: The first day for which the holidays are complete.
        valid_to: The last day for which the holidays are complete.
        provisional_from: From this day on answers are a guess, and marked so.
        note: What the error for a day outside `valid_from` to `valid_to` adds.

    Raises:
        InvalidDate: If a day is outside `valid_from` to `valid_to`, or a working weekend is no weekend day.
        InvalidTerms: If the weekend is the whole week.

    >>> shop = Calendar("shop", holidays=["2026-05-01"], weekend=["sunday"])
    >>> [shop.is_business_day(date(2026, 5, day)) for day in (1, 2, 3)]
    [False, True, False]
    """

    name: str
    holidays: frozenset[date]
    working_weekends: frozenset[date]
    weekend: frozenset[int]
    valid_from: date
    valid_to: date
    provisional_from: date | None
    note: str

    def __init__(
        self,
        name: str,
        holidays: Iterable[DateLike] | DateLike = (),
        working_weekends: Iterable[DateLike] | DateLike = (),
        weekend: Iterable[int | str] | int | str = SATURDAY_SUNDAY,
        valid_from: DateLike = date.min,
        valid_to: DateLike = date.max,
        provisional_from: DateLike | None = None,
        note: str = "",
    ) -> None:
        put = object.__setattr__
        if not isinstance(name, str) or not name.strip():
            raise InvalidTerms(f"name: got {name!r}; expected what the calendar is called")
        put(self, "name", name)
        put(self, "holidays", read_days(holidays, "holidays"))
        put(self, "working_weekends", read_days(working_weekends, "working_weekends"))
        put(self, "weekend", read_weekend(weekend))
        put(self, "valid_from", read_date(valid_from, "valid_from"))
        put(self, "valid_to", read_date(valid_to, "valid_to"))
        provisional = None if provisional_from is None else read_date(provisional_from, "provisional_from")
        put(self, "provisional_from", provisional)
        put(self, "note", note)
        self._check()

    def _check(self) -> None:
        in_order(self.valid_from, self.valid_to, "valid_from", "valid_to")
        for field, days in (("holidays", self.holidays), ("working_weekends", self.working_weekends)):
            for day in days:
                if not self.valid_from <= day <= self.valid_to:
                    raise InvalidDate(f"{field}: got {day}; expected {self.valid_from} to {self.valid_to}")
        for day in self.working_weekends:
            if day.weekday() not in self.weekend or day in self.holidays:
                raise InvalidDate(f"working_weekends: got {day}; expected a weekend day that is not also a holiday")

    @classmethod
    def from_dict(cls, data: Mapping[str, object], name: str | None = None) -> Calendar:
        """A calendar from its fields: `holidays`, `working_weekends`, `weekend`, `valid_from`, `valid_to`, `name`.

        `quantlib`, the name of the same calendar in that library, stands for a missing name.

        Raises:
            UnknownName: If there is another field.
            InvalidTerms: If `data` is no mapping.

        >>> data = {"valid_from": "2026-01-01", "valid_to": "2026-12-31", "holidays": ["2026-01-01"]}
        >>> Calendar.from_dict(data, name="mine").is_business_day(date(2026, 1, 1))
        False
        """
        if not isinstance(data, Mapping):
            raise InvalidTerms(f"calendar: got {data!r}; expected a mapping such as {{'holidays': [...]}}")
        fields: dict[str, Any] = dict(data)
        other = fields.pop("quantlib", "calendar")
        label = str(name or fields.pop("name", None) or other)
        fields.pop("name", None)
        for field in fields:
            if field not in cls.__dataclass_fields__:
                raise unknown_name("calendar", field, cls.__dataclass_fields__)
        return cls(label, **fields)

    def is_business_day(self, day: date, /) -> bool:
        """Whether `day` is a business day.

        Raises:
            InvalidDate: If the calendar does not reach `day`.
        """
        if type(day) is not date:
            day = read_date(day, "day")
        if not self.valid_from <= day <= self.valid_to:
            known = f"{self.valid_from} to {self.valid_to}"
            raise InvalidDate(f"calendar {self.name}: got {day}; expected {known}{self.note and '; '}{self.note}")
        if day.weekday() in self.weekend:
            return day in self.working_weekends
        return day not in self.holidays

    def is_provisional(self, day: date, /) -> bool:
        """Whether the answer for `day` is a guess until the holidays of its year are published."""
        return self.provisional_from is not None and day >= self.provisional_from


@dataclass(frozen=True, slots=True)
class RuleCalendar:
    """Business days from a rule that gives the holidays of each year.

    >>> new_year = RuleCalendar("new year", lambda year: frozenset({date(year, 1, 1)}))
    >>> new_year.is_business_day(date(2026, 1, 1))
    False
    """

    name: str
    holidays_of: Callable[[int], frozenset[date]]
    weekend: frozenset[int] = SATURDAY_SUNDAY
    first_year: int = 1

    def is_business_day(self, day: date, /) -> bool:
        """Whether `day` is a business day.

        Raises:
            InvalidDate: If the rule does not reach `day`.
        """
        if type(day) is not date:  # a datetime is found in no set of dates
            day = read_date(day, "day")
        year = day.year
        if year < self.first_year:
            raise InvalidDate(
                f"calendar {self.name}: got {day}; expected {self.first_year} or later, when its rule began"
            )
        return day.weekday() not in self.weekend and day not in self.holidays_of(year)


def read_days(days: Iterable[DateLike] | DateLike, field: str) -> frozenset[date]:
    """A set of days from several or from one.

    >>> read_days("2026-05-01", "holidays")
    frozenset({datetime.date(2026, 5, 1)})
    """
    return frozenset(read_dates([days] if isinstance(days, str | date) else days, field))


def read_weekend(days: Iterable[int | str] | int | str) -> frozenset[int]:
    """Weekly days off as numbers, 0 for Monday.

    >>> sorted(read_weekend(["saturday", "周日"]))
    [5, 6]
    """
    order = _WEEKDAYS.names
    given: tuple[Any, ...] = several(days, (int, str), "a day of the week", "weekend", InvalidTerms)
    numbers = [order.index(_WEEKDAYS.find(day)) if isinstance(day, str) else day for day in given]
    if not all(type(number) is int and 0 <= number <= 6 for number in numbers) or len(set(numbers)) == 7:
        raise InvalidTerms(
            f"weekend: got {sorted(map(str, numbers))}; expected at most six of 0 (Monday) to 6 (Sunday)"
        )
    return frozenset(numbers)
