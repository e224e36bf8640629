"""What some conventions must know besides two dates, as one value that a period of a schedule carries."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, cast, get_args

from loancalc.calendars import BusinessCalendar, CalendarLike, find_calendar
from loancalc.errors import InvalidTerms, MissingContext
from loancalc.time.frequency import Frequency
from loancalc.time.rolls import Roll
from loancalc.values.dates import DateLike, in_order, read_date
from loancalc.values.names import Names

Stub = Literal["none", "initial", "final"]
Reading = Literal["exact", "integer", "whole-period"]

_STUBS = Names(
    "stub",
    {
        "none": ["regular"],
        "initial": ["first", "short initial", "long initial"],
        "final": ["last", "short final", "long final"],
    },
)
_READINGS = Names("reading", {reading: [] for reading in get_args(Reading)})


class UndecidedReading(MissingContext):
    """A convention has two readings with different answers here, and none was accepted (`reading`)."""


def read_reading(value: str | None) -> Reading | None:
    """The reading of a disputed convention that `value` names.

    >>> read_reading("whole period")
    'whole-period'
    """
    return None if value is None else cast(Reading, _READINGS.find(value))


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Context:
    """The facts about a period that some conventions need; each is None where it was not given.

    Args:
        ref_start: First day of the reference period: the coupon or loan period that the interval lies in.
        ref_end: The day after the last night of the reference period.
        stub: `"none"` for a regular reference period, `"initial"` or `"final"` for an irregular one whose nominal
            dates hang from its end or from its start.
        eom: Whether dates keep to the end of the month where they start there.
        frequency: The regular period: `"6 months"`, `"P6M"`, a `Frequency`.
        termination: The day on which the whole loan ends.
        calendar: Business days: the name of a calendar, or anything with `is_business_day(day)`.
        roll: The day of the month on which nominal dates fall, where a short month has cut the regular side: a loan of
            the 31st whose stub ends on 28 February. A side that a holiday has moved off it stands for itself.
        reading: For a convention whose rule is disputed, the reading that the caller accepts.

    Raises:
        InvalidDate: If a date cannot be read, or the reference period does not end after it starts.
        UnknownName: If `stub`, `frequency`, `calendar`, `roll` or `reading` is none of the known ones.
        InvalidTerms: If `eom` is not a bool, or `calendar` cannot tell business days.

    Examples:
        >>> Context(ref_start="2026-01-15", ref_end="2026-07-15", frequency="P6M")
        Context(ref_start='2026-01-15', ref_end='2026-07-15', frequency='6 months')
    """

    ref_start: date | None
    ref_end: date | None
    stub: Stub | None
    eom: bool | None
    frequency: Frequency | None
    termination: date | None
    calendar: BusinessCalendar | None
    roll: Roll | None
    reading: Reading | None

    def __init__(
        self,
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
    ) -> None:
        put = object.__setattr__
        begin = None if ref_start is None else read_date(ref_start, "ref_start")
        finish = None if ref_end is None else read_date(ref_end, "ref_end")
        if begin is not None and finish is not None:
            in_order(begin, finish, "ref_start", "ref_end", strictly=True)
        if eom is not None and not isinstance(eom, bool):
            raise InvalidTerms(f"eom: got {eom!r}; expected True, False or None")
        put(self, "ref_start", begin)
        put(self, "ref_end", finish)
        put(self, "stub", None if stub is None else _STUBS.find(stub))
        put(self, "eom", eom)
        put(self, "frequency", None if frequency is None else Frequency.parse(frequency, "frequency"))
        put(self, "termination", None if termination is None else read_date(termination, "termination"))
        put(self, "calendar", None if calendar is None else find_calendar(calendar))
        put(self, "roll", None if roll is None else Roll.parse(roll))
        put(self, "reading", read_reading(reading))

    def __repr__(self) -> str:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        texts = {name: str(value) for name, value in given.items() if isinstance(value, date | Frequency | Roll)}
        shown = {name: texts.get(name, value) for name, value in given.items() if value is not None}
        return f"Context({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


NO_CONTEXT = Context()


def missing(convention: str, field: str, why: str) -> MissingContext:
    """The error for a fact (or "one and another") without which a convention has no one answer.

    >>> print(missing("BUS/252", "calendar", "which days are business days decides"))
    calendar: missing; BUS/252 needs it: which days are business days decides
    """
    return MissingContext(f"{field}: missing; {convention} needs {'them' if ' and ' in field else 'it'}: {why}")
