"""Roll days: on which day of the month due dates fall, and the nominal dates that follow from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from loancalc.errors import InvalidTerms, UnknownName
from loancalc.time.frequency import Frequency, date_at, dates_from, days_in_month, half_months
from loancalc.values.names import fold_name

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = {
    word: n
    for n, words in enumerate(("1st first", "2nd second", "3rd third", "4th fourth"), 1)
    for word in words.split()
}
_NTH = re.compile(rf"(?P<nth>{'|'.join(_ORDINALS)}|last)(?P<weekday>{'|'.join(WEEKDAYS)})(?:ofthemonth)?")
_DAY = re.compile(r"(?:d|day)?(?P<day>\d{1,2})(?:st|nd|rd|th|日|号)?")
_ACCEPTED = (
    "a day of the month 1 to 31, 'EOM', two days such as (1, 15) for half-months, the first before the 28th, "
    "'3rd wednesday', 'last friday'"
)


@dataclass(frozen=True, slots=True)
class Roll:
    """The day of the month on which dates fall.

    Args:
        days: One day of the month (31 is the last, 30 the last of February), or two for half-months.
        month_end: Where the anchor is the last day of its month, so is every date; otherwise its own day counts.
        nth: Which weekday of the month: 1 to 4, or -1 for the last.
        weekday: 0 for Monday to 6 for Sunday.

    >>> Roll.parse("3rd wednesday").in_month(2026, 3)
    datetime.date(2026, 3, 18)
    """

    days: tuple[int, ...] = ()
    month_end: bool = False
    nth: int = 0
    weekday: int = 0

    @classmethod
    def parse(cls, value: object, field: str = "roll") -> Roll:
        """A roll from a day, two days, or words.

        Raises:
            UnknownName: If the words name no roll, or a day is none of a month.

        >>> [Roll.parse(value).days for value in (17, "D30", "15th", (15, 31), "5 and 20")]
        [(17,), (30,), (15,), (15, 31), (5, 20)]
        """
        roll = value if isinstance(value, Roll) else _read(value)
        if roll is None:
            raise UnknownName(f"{field}: got {value!r}; expected {_ACCEPTED}")
        return roll

    def __str__(self) -> str:
        if self.month_end:
            return "EOM"
        if self.nth:
            return f"{('last', '1st', '2nd', '3rd', '4th')[max(self.nth, 0)]} {WEEKDAYS[self.weekday]}"
        return " and ".join(map(str, self.days))

    def in_month(self, year: int, month: int) -> date:
        """The date in a month, for a roll with one date a month."""
        length = days_in_month(year, month)
        if not self.nth:
            return date(year, month, min(self.days[0], length))
        if self.nth < 0:
            last = date(year, month, length)
            return last.replace(day=length - (last.weekday() - self.weekday) % 7)
        return date(year, month, 1 + (self.weekday - date(year, month, 1).weekday()) % 7 + 7 * (self.nth - 1))

    def at(self, anchor: date) -> Roll:
        """The roll once its anchor is known: the month's end becomes day 31, or the anchor's own day."""
        return Roll((31 if is_month_end(anchor) else anchor.day,)) if self.month_end else self

    def matches(self, day: date) -> bool:
        """Whether `day` is a date of this roll."""
        if self.month_end:
            return True
        if self.nth:
            return self.in_month(day.year, day.month) == day
        return any(min(own, days_in_month(day.year, day.month)) == day.day for own in self.days)


def is_month_end(day: date) -> bool:
    """Whether `day` is the last of its month.

    >>> is_month_end(date(2026, 2, 28)), is_month_end(date(2028, 2, 28))
    (True, False)
    """
    return day.day == days_in_month(day.year, day.month)


def _read(value: object) -> Roll | None:
    if isinstance(value, str):
        return _read_words(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        days = tuple(sorted(value)) if len(value) == 2 and all(type(day) is int for day in value) else ()
        return Roll(days) if days and 1 <= days[0] < days[1] <= 31 and days[0] < 28 else None
    return Roll((value,)) if type(value) is int and 1 <= value <= 31 else None


def _read_words(text: str) -> Roll | None:
    words = fold_name(text)
    if words in ("eom", "monthend", "endofmonth", "lastday", "月末", "月底"):
        return Roll(month_end=True)
    if words == "imm":
        return Roll(nth=3, weekday=2)
    if match := _NTH.fullmatch(words):
        return Roll(nth=_ORDINALS.get(match["nth"], -1), weekday=WEEKDAYS.index(match["weekday"]))
    matches = [_DAY.fullmatch(part) for part in re.split(r",|and|和|、", words)]
    days = [int(match["day"]) for match in matches if match]
    if len(days) != len(matches):
        return None
    return _read(days[0] if len(days) == 1 else days)


@dataclass(frozen=True, slots=True)
class Grid:
    """The nominal dates of a schedule, numbered from the anchor's own, which is number 0.

    >>> grid = Grid(date(2026, 1, 31), Frequency(1, "month"))
    >>> [str(day) for day in grid.dates(1, 3)], grid.number_of(date(2026, 4, 30)), grid.floor(date(2026, 5, 30))
    (['2026-02-28', '2026-03-31', '2026-04-30'], 3, 3)
    """

    anchor: date
    frequency: Frequency
    roll: Roll | None = None

    def __post_init__(self) -> None:
        roll, unit = self.roll, self.frequency.unit
        if roll is None:
            return
        if unit in ("day", "week"):
            raise InvalidTerms(
                f"roll: got {roll}; expected None, as periods of {self.frequency} keep no day of the month"
            )
        if unit == "month" and len(roll.days) == 2:
            raise InvalidTerms(f"roll: got two days, {roll}; expected one, as periods are {self.frequency}")
        if unit == "semi-month" and roll.nth:
            raise InvalidTerms(
                "roll: got a weekday of the month; expected two days of the month, as periods are half-months"
            )
        object.__setattr__(self, "roll", self._semi_monthly(roll) if unit == "semi-month" else roll.at(self.anchor))

    def _semi_monthly(self, roll: Roll) -> Roll | None:
        if roll.month_end:
            return Roll((15, 31)) if self.anchor.day == 15 or is_month_end(self.anchor) else None
        return roll

    @property
    def own_roll(self) -> Roll | None:
        """The roll by which any of its dates gives the others; None where periods keep no day of the month."""
        return self.roll or roll_of(self.anchor, self.frequency)

    def dates(self, first: int, count: int) -> list[date]:
        """The dates number `first` to `first + count - 1`."""
        roll = self.roll
        if roll is None:
            return dates_from(self.anchor, self.frequency, count, first=first)
        if not roll.nth:
            day = roll.days[0] if len(roll.days) == 1 else (roll.days[0], roll.days[1])
            return dates_from(self.anchor, self.frequency, count, first=first, day=day)
        months = dates_from(self.anchor, self.frequency, count, first=first, day=1)
        return [roll.in_month(month.year, month.month) for month in months]

    def at(self, number: int) -> date:
        """The date number `number`."""
        if self.roll is None:
            return date_at(self.anchor, self.frequency, number)
        return self.dates(number, 1)[0]

    def floor(self, day: date) -> int:
        """The number of the last date that is not after `day`."""
        number = self._estimate(day)
        while self.at(number) > day:
            number -= 1
        return number

    def number_of(self, day: date) -> int | None:
        """The number of `day`, or None if it is no nominal date."""
        number = self.floor(day)
        return number if self.at(number) == day else None

    def position(self, day: date) -> Fraction:
        """Where `day` lies on the grid, in nominal periods from the anchor; parts of one by its actual days."""
        number = self.floor(day)
        begin = self.at(number)
        if begin == day:
            return Fraction(number)
        return number + Fraction((day - begin).days, (self.at(number + 1) - begin).days)

    def _estimate(self, day: date) -> int:
        """A number that is right or too large, never too small."""
        step = self.frequency.number
        months = 12 * (day.year - self.anchor.year) + day.month - self.anchor.month
        if self.frequency.unit == "month":
            return months // step
        if self.frequency.unit == "semi-month":
            return (2 * months + 1) // step
        return (day - self.anchor).days // (7 * step if self.frequency.unit == "week" else step)


def roll_of(anchor: date, frequency: Frequency, month_end: bool = False) -> Roll | None:
    """The roll of dates that are counted from an anchor; None where periods keep no day of the month.

    >>> roll_of(date(2026, 1, 31), Frequency(1, "month")) == Roll((31,))
    True
    """
    if frequency.unit == "month":
        return Roll((31 if month_end else anchor.day,))
    if frequency.unit == "semi-month":
        return Roll((15, 31) if month_end else half_months(anchor.day))
    return None
