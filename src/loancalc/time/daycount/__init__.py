"""Day counts: how the days between two dates become a share of the year, exactly."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from loancalc.calendars import CalendarLike
from loancalc.errors import InvalidTerms
from loancalc.time.daycount.catalog import CONVENTIONS, Days, Ratio
from loancalc.time.daycount.context import Context, UndecidedReading
from loancalc.time.daycount.names import market_name
from loancalc.time.frequency import Frequency
from loancalc.time.rolls import Roll
from loancalc.values.dates import DateLike, in_order, read_date

__all__ = ["Context", "DayCount", "UndecidedReading", "days", "year_fraction"]


class DayCount(StrEnum):
    """Every day-count convention, by its market name; other spellings are read by `parse`, and by `DayCount(...)`.

    Attributes of a member:
        rule: What it does, in one line; its `__doc__` has the details, disputes and sources.
        used: Where it is met.
        needs_context: Whether some intervals have no answer from two dates alone.
        reads: The facts of a `Context` that can change its answer.
        is_additive: Whether the shares of two adjacent intervals add up to that of the whole.
        is_verified: Whether its rule was read in its source or confirmed by two independent libraries.

    Examples:
        >>> for convention in (DayCount.ACT_360, DayCount.THIRTY_E_360):
        ...     print(f"{convention}: {convention.rule}")
        ACT/360: actual days / 360
        30E/360: day 31 is 30 at both ends; / 360
        >>> DayCount.THIRTY_E_360.fraction("2026-01-31", "2026-03-31")
        Fraction(1, 6)
    """

    PERIODIC = "periodic"
    ACT_360 = "ACT/360"
    ACT_364 = "ACT/364"
    ACT_365F = "ACT/365F"
    ACT_365A = "ACT/365A"
    ACT_365L = "ACT/365L"
    ACT_365_CA = "ACT/365 CA"
    ACT_365_25 = "ACT/365.25"
    ACT_366 = "ACT/366"
    ACT_ACT_ISDA = "ACT/ACT ISDA"
    ACT_ACT_ICMA = "ACT/ACT ICMA"
    ACT_ACT_AFB = "ACT/ACT AFB"
    ACT_ACT_YEAR = "ACT/ACT YEAR"
    THIRTY_360 = "30/360"
    THIRTY_360_NASD = "30/360 NASD"
    THIRTY_360_PSA = "30/360 PSA"
    THIRTY_360_IT = "30/360 IT"
    THIRTY_U_360 = "30U/360"
    THIRTY_365 = "30/365"
    THIRTY_E_360 = "30E/360"
    THIRTY_E_360_ISDA = "30E/360 ISDA"
    THIRTY_E_PLUS_360 = "30E+/360"
    THIRTY_E_365 = "30E/365"
    TWENTY_EIGHT_E_336 = "28E/336"
    NL_360 = "NL/360"
    NL_365 = "NL/365"
    ONE_ONE = "1/1"
    BUS_252 = "BUS/252"

    rule: str
    used: str
    needs_context: bool
    reads: tuple[str, ...]
    is_additive: bool
    is_verified: bool
    _ratio: Ratio
    _days: Days

    def __repr__(self) -> str:
        return f"DayCount({self.value!r})"

    @classmethod
    def parse(cls, name: object, field: str = "day_count") -> DayCount:
        """The convention that `name` spells, without regard to case, spaces, hyphens, underscores and slashes.

        Args:
            name: A market name, an ISDA section, an FpML, ISO 15022/20022 or ACTUS code, a spelling of QuantLib or
                Strata, or a contract's words in English or Chinese.
            field: What the name is for, in the message of the error.

        Raises:
            UnknownName: If the name is not known; the message gives the nearest. Names with two meanings say so.

        Examples:
            >>> [str(DayCount.parse(name)) for name in ("Actual/365 (Fixed)", "bond basis", "30/360 US", "实际/360")]
            ['ACT/365F', '30/360', '30U/360', 'ACT/360']
        """
        if type(name) is cls:
            return name
        member = _MEMBERS.get(name) if isinstance(name, str) else None
        return member or _MEMBERS[market_name(name, field, cls)]

    @classmethod
    def _missing_(cls, value: object) -> DayCount:
        return cls.parse(value)

    def ratio(self, start: date, end: date, context: Context | None = None) -> tuple[int, int]:
        """Share of the year as `(numerator, denominator)`, not reduced: the path for inner loops.

        Equal to `fraction` as a number. The dates must be plain `date` values.

        >>> DayCount.ACT_ACT_ISDA.ratio(date(2024, 1, 1), date(2024, 7, 1))
        (182, 366)
        """
        if start < end:
            return self._ratio(start, end, context)
        in_order(start, end)
        return 0, 1

    def fraction(self, start: DateLike, end: DateLike, context: Context | None = None) -> Fraction:
        """Exact share of a year from `start` (counted) to `end` (not counted).

        Raises:
            InvalidDate: If a date cannot be read, or `end` is before `start`.
            InvalidTerms: If `context` is no `Context`, or contradicts the interval.
            MissingContext: If the answer depends on a fact that `context` does not give.

        >>> DayCount.ACT_ACT_AFB.fraction("2023-02-28", "2024-02-29")
        Fraction(1, 1)
        """
        first = start if type(start) is date else read_date(start, "start")
        last = end if type(end) is date else read_date(end, "end")
        if first < last:
            return _share(*self._ratio(first, last, _checked(context)))
        in_order(first, last)
        return _NOTHING

    def days(self, start: DateLike, end: DateLike, context: Context | None = None) -> int:
        """The days that the convention counts from `start` (counted) to `end` (not counted).

        30/360 counts its own days, NL leaves out 29 February, BUS/252 counts business days, all others actual days.

        Raises:
            InvalidDate: If a date cannot be read, or `end` is before `start`.
            MissingContext: If the answer depends on a fact that `context` does not give.

        >>> DayCount.THIRTY_E_360.days("2026-01-31", "2026-02-28"), DayCount.ACT_360.days("2026-01-31", "2026-02-28")
        (28, 28)
        """
        first, last = read_date(start, "start"), read_date(end, "end")
        if first < last:
            return self._days(first, last, _checked(context))
        in_order(first, last)
        return 0


def _checked(context: Context | None) -> Context | None:
    if context is None or type(context) is Context:
        return context
    raise InvalidTerms(f"context: got {context!r}; expected a Context, such as Context(frequency='6 months'), or None")


_NOTHING = Fraction(0)
_NO_FACTS = (None,) * 9
_share = lru_cache(maxsize=16_384)(Fraction)  # a loan has few different shares of a year, and reducing one costs most
_MEMBERS: dict[str, DayCount] = {member.value: member for member in DayCount}

for _convention in CONVENTIONS:
    _member = _MEMBERS[_convention.name]
    _member.rule = _convention.rule
    _member.used = _convention.used
    _member.needs_context = bool(_convention.needs)
    _member.reads = _convention.reads
    _member.is_additive = _convention.is_additive
    _member.is_verified = _convention.is_verified
    _member.__doc__ = _convention.ratio.__doc__
    _member._ratio = _convention.ratio
    _member._days = _convention.days


def year_fraction(
    convention: DayCount | str,
    start: DateLike,
    end: DateLike,
    *,
    ref_start: DateLike | None = None,
    ref_end: DateLike | None = None,
    stub: str | None = None,
    eom: bool | None = None,
    frequency: Frequency | str | None = None,
    termination: DateLike | None = None,
    calendar: CalendarLike = None,
    roll: Roll | str | int | tuple[int, int] | None = None,
    reading: str | None = None,
) -> Fraction:
    """Exact share of a year from `start` (counted) to `end` (not counted).

    Args:
        convention: A `DayCount`, or any spelling of one.
        start: First day that counts.
        end: The day after the last one.
        ref_start, ref_end, stub, eom, frequency, termination, calendar, roll, reading: Facts about the period, for the
            conventions that read them (`DayCount.reads`); see `Context`. What cannot change the answer may be left out.

    Raises:
        UnknownName: If the convention, or another name, is not known.
        InvalidDate: If a date cannot be read, or `end` is before `start`.
        MissingContext: If the answer depends on a fact that is not given.

    Examples:
        >>> year_fraction("ACT/ACT ISDA", "2023-11-01", "2024-05-01")
        Fraction(66491, 133590)
        >>> year_fraction("ACT/ACT ICMA", "2023-11-01", "2024-05-01", ref_start="2023-11-01", ref_end="2024-05-01")
        Fraction(1, 2)
    """
    member = _MEMBERS.get(convention) if isinstance(convention, str) else None
    if member is None:
        member = DayCount.parse(convention, "convention")
    if (ref_start, ref_end, stub, eom, frequency, termination, calendar, roll, reading) == _NO_FACTS:
        return member.fraction(start, end)
    context = Context(
        ref_start=ref_start,
        ref_end=ref_end,
        stub=stub,
        eom=eom,
        frequency=frequency,
        termination=termination,
        calendar=calendar,
        roll=roll,
        reading=reading,
    )
    return member.fraction(start, end, context)


def days(
    convention: DayCount | str,
    start: DateLike,
    end: DateLike,
    *,
    ref_start: DateLike | None = None,
    ref_end: DateLike | None = None,
    stub: str | None = None,
    eom: bool | None = None,
    frequency: Frequency | str | None = None,
    termination: DateLike | None = None,
    calendar: CalendarLike = None,
    roll: Roll | str | int | tuple[int, int] | None = None,
    reading: str | None = None,
) -> int:
    """The days that a convention counts from `start` (counted) to `end` (not counted); arguments of `year_fraction`.

    >>> days("30/360", "2024-02-29", "2024-03-31"), days("30U/360", "2024-02-29", "2024-03-31", eom=True)
    (32, 30)
    """
    context = Context(
        ref_start=ref_start,
        ref_end=ref_end,
        stub=stub,
        eom=eom,
        frequency=frequency,
        termination=termination,
        calendar=calendar,
        roll=roll,
        reading=reading,
    )
    return DayCount.parse(convention, "convention").days(start, end, context)
