"""Day counts that read the reference period: the coupon or loan period that an interval lies in.

Every function takes `(start, end, context)` with `start < end` and returns a ratio of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial

from loancalc.errors import InvalidDate, InvalidTerms
from loancalc.time.daycount.actual import leap_days_until
from loancalc.time.daycount.context import NO_CONTEXT, Context, UndecidedReading, missing
from loancalc.time.frequency import Frequency, date_at, days_in_month
from loancalc.time.rolls import Grid
from loancalc.values.dates import is_leap

COUPON_MONTHS = (1, 2, 3, 4, 6, 12)
MOVED_DAYS = 15  # farther than this, no business-day rule has moved the end of a regular period


def act_act_icma(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Each regular period is its exact share of the year; a part of one is shared by its actual days.

    Needs the reference period, and where that is irregular, its `stub` side and `frequency`. An irregular period is
    divided into nominal periods that hang from its regular side, and is the sum of the parts it takes of them. A
    reference period of exactly 1, 2, 3, 4, 6 or 12 months tells its frequency itself (28 days do not: they could be
    four weeks).

    Disputed: nominal dates. Decided here: each is counted from the regular side, never from the previous one, so that
    a February in between neither loses the day of the month nor turns 28 February into a month end; `eom` alone does.
    Where the regular side itself was cut to a short month, `roll` is the day that it stands for.

    Source: ICMA rule 251; ISDA 2006 4.16(c).
    """
    facts = context or NO_CONTEXT
    return _nominal_share("ACT/ACT ICMA", start, end, facts, facts.frequency or _coupon_frequency(facts))


def periodic(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Each regular period of the loan is exactly its share of the year; a part of one is shared by its actual days.

    A month is 1/12, a quarter 1/4, half a month 1/24, a week 1/52, two weeks 1/26, four weeks 1/13: what Excel's PMT
    and the textbooks count. It is ACT/ACT ICMA on the loan's own periods. Periods of days have no such share.
    """
    facts = context or NO_CONTEXT
    return _nominal_share("periodic", start, end, facts, facts.frequency)


def act_365_canadian(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 365 in the early part of a regular period; later, its share less the days left over 365.

    Undecided: where the early part ends, as the text of the rule was not seen. `reading="exact"` ends it at 365/f
    days (182.5 for half-years), `"integer"` at that number cut to whole days; a whole period should pay 1/f, which
    neither gives for 181 days, and `"whole-period"` makes it so and is `"exact"` inside. Where these agree, the
    answer is theirs; where they differ and none is accepted, `UndecidedReading` shows all.

    Shares do not add up within a period. Unverified.
    """
    facts = context or NO_CONTEXT
    nights = end.toordinal() - start.toordinal()
    frequency = facts.frequency or (None if facts.ref_start is None else _coupon_frequency(facts))
    if frequency is not None and (frequency.unit != "month" or frequency.number not in COUPON_MONTHS):
        raise InvalidTerms(f"frequency: got {frequency}; ACT/365 CA expects 1, 2, 3, 4, 6 or 12 months")
    months = frequency.number if frequency else 1
    if nights < 28 * months:  # shorter than any regular period: every reading agrees
        return nights, 365
    ref_start, ref_end = _reference("ACT/365 CA", facts)
    if frequency is None:
        raise missing("ACT/365 CA", "frequency", "it decides where the early part of the period ends")
    _inside("ACT/365 CA", start, end, ref_start, ref_end)
    size = ref_end.toordinal() - ref_start.toordinal()
    if not _is_regular(facts, ref_start, ref_end, frequency):
        if 12 * size < 365 * months - 12:
            return nights, 365
        raise InvalidTerms(
            f"ref_start, ref_end: got {ref_start} to {ref_end}; ACT/365 CA expects a regular period of {frequency}"
        )
    early, late = (nights, 365), (365 * months - 12 * (size - nights), 4380)
    readings = {
        "exact": early if 12 * nights < 365 * months else late,
        "integer": early if nights < 365 * months // 12 else late,
    }
    readings["whole-period"] = (months, 12) if nights == size else readings["exact"]
    if facts.reading is not None:
        return readings[facts.reading]
    answers = {name: Fraction(*ratio) for name, ratio in readings.items()}
    if len(set(answers.values())) > 1:
        shown = ", ".join(f"{name!r} gives {answer}" for name, answer in answers.items())
        raise UndecidedReading(f"reading: missing; ACT/365 CA is undecided for {start} to {end}: {shown}; accept one")
    return readings["exact"]


def act_365_leap(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 365 or 366, as the reference period decides.

    With yearly periods 366 if a 29 February lies after the start of the reference period and not after its end; with
    shorter ones 366 if the reference period ends in a leap year.

    Source: ICMA rule 251.1(i); ISO 15022 A009.
    """
    facts = context or NO_CONTEXT
    ref_start, ref_end = facts.ref_start, facts.ref_end
    if ref_end is None:
        raise missing("ACT/365L", "ref_end", "its year decides between 365 and 366")
    _inside("ACT/365L", start, end, ref_start or start, ref_end)
    by_year = is_leap(ref_end.year)
    frequency = facts.frequency or (_coupon_frequency(facts) if ref_start else None)
    yearly = None if frequency is None else frequency == Frequency(12, "month")
    nights = end.toordinal() - start.toordinal()
    if yearly is False:
        return nights, 366 if by_year else 365
    by_leap_day = leap_days_until(ref_end) > leap_days_until(ref_start or start)
    if (
        ref_start is None
        and not by_leap_day
        and leap_days_until(start) > leap_days_until(date_at(ref_end, Frequency(12, "month"), -1))
    ):
        raise missing("ACT/365L", "ref_start", f"a 29 February before {start} counts if it lies in the period")
    if yearly is None and by_leap_day != by_year:
        raise missing("ACT/365L", "frequency", "yearly periods divide by another year length here than shorter ones")
    return nights, 366 if by_leap_day else 365


def _reference(convention: str, facts: Context) -> tuple[date, date]:
    ref_start, ref_end = facts.ref_start, facts.ref_end
    if ref_start is None or ref_end is None:
        fields = [name for name in ("ref_start", "ref_end") if getattr(facts, name) is None]
        raise missing(convention, " and ".join(fields), "a day's share depends on the period it lies in")
    return ref_start, ref_end


def _inside(convention: str, start: date, end: date, ref_start: date, ref_end: date) -> None:
    if start < ref_start or end > ref_end:
        raise InvalidDate(
            f"start, end: got {start} to {end}; {convention} expects an interval inside its reference period, "
            f"{ref_start} to {ref_end}"
        )


def _coupon_frequency(facts: Context) -> Frequency | None:
    """The frequency that a regular reference period shows by itself, if any."""
    ref_start, ref_end = facts.ref_start, facts.ref_end
    if ref_start is None or ref_end is None or facts.stub in ("initial", "final"):
        return None
    months = 12 * (ref_end.year - ref_start.year) + ref_end.month - ref_start.month
    if months not in COUPON_MONTHS or (ref_end - ref_start).days == 28:
        return None
    frequency = Frequency(months, "month")
    return frequency if _spans(ref_start, ref_end, frequency) else None


def _spans(ref_start: date, ref_end: date, frequency: Frequency) -> bool:
    """Whether the two dates are one nominal period apart, counted from either or from month end to month end."""
    if date_at(ref_start, frequency, 1) == ref_end or date_at(ref_end, frequency, -1) == ref_start:
        return True
    return _is_month_end(ref_start) and date_at(ref_start, frequency, 1, True) == ref_end


def _is_regular(facts: Context, ref_start: date, ref_end: date, frequency: Frequency) -> bool:
    if facts.stub is None:
        return _spans(ref_start, ref_end, frequency)
    if facts.stub == "none":
        nominal = date_at(ref_start, frequency, 1)
        if abs((ref_end - nominal).days) > MOVED_DAYS:
            raise InvalidTerms(
                f"stub: got 'none' for {ref_start} to {ref_end}; expected 'initial' or 'final', as a regular period of "
                f"{frequency} ends about {nominal}"
            )
    return facts.stub == "none"


def _is_month_end(day: date) -> bool:
    return day.day >= 28 and day.day == days_in_month(day.year, day.month)


def _nominal_share(
    convention: str, start: date, end: date, facts: Context, frequency: Frequency | None
) -> tuple[int, int]:
    ref_start, ref_end = _reference(convention, facts)
    if frequency is None:
        raise missing(convention, "frequency", "it is the share of the year that a regular period is")
    share = frequency.year_share
    if share is None:
        raise InvalidTerms(f"frequency: got {frequency}; {convention} expects months, half-months or weeks")
    if not _is_regular(facts, ref_start, ref_end, frequency):
        _inside(convention, start, end, ref_start, ref_end)
        periods = _stub_periods(convention, start, end, facts, frequency)
    elif ref_start <= start and end <= ref_end:
        nights, size = end.toordinal() - start.toordinal(), ref_end.toordinal() - ref_start.toordinal()
        return share.numerator * nights, share.denominator * size
    else:
        periods = _regular_periods(convention, start, end, facts, frequency)
    return (share * periods).as_integer_ratio()


def _stub_periods(convention: str, start: date, end: date, facts: Context, frequency: Frequency) -> Fraction:
    """How many nominal periods the interval takes of an irregular period; each side and month-end flag tried."""
    ref_start, ref_end = _reference(convention, facts)
    anchors = {"initial": ref_end, "final": ref_start}
    readings = {
        side: [_periods(start, end, dates) for dates in _nominal_dates(facts, anchor, frequency)]
        for side, anchor in anchors.items()
        if facts.stub in (None, side)
    }
    if len({reading for side in readings.values() for reading in side}) > 1:
        why = f"{ref_start} to {ref_end} is no regular period of {frequency}"
        same_side = any(len(set(side)) > 1 for side in readings.values())
        raise missing(convention, "eom" if same_side and facts.stub else "stub", why)
    return next(iter(readings.values()))[0]


def _regular_periods(convention: str, start: date, end: date, facts: Context, frequency: Frequency) -> Fraction:
    """How many nominal periods an interval takes that reaches beyond its regular reference period."""
    ref_start, ref_end = _reference(convention, facts)
    number, anchor = (0, ref_start) if ref_start.day >= ref_end.day else (1, ref_end)

    def dates(counted: Callable[[int], date]) -> Callable[[int], date]:
        return lambda place: (ref_start, ref_end)[place] if place in (0, 1) else counted(place - number)

    readings = {_periods(start, end, dates(counted)) for counted in _nominal_dates(facts, anchor, frequency)}
    if len(readings) > 1:
        raise missing(convention, "eom", f"{start} to {end} reaches beyond {ref_start} to {ref_end}")
    return readings.pop()


def _nominal_dates(facts: Context, anchor: date, frequency: Frequency) -> list[Callable[[int], date]]:
    """The dates of nominal periods by their number, the anchor's being 0: on the roll, or on the anchor's own day.

    Two where the anchor is a month's end and nobody said whether month ends are kept.
    """
    if facts.roll is not None and frequency.unit in ("month", "semi-month"):
        grid = Grid(anchor, frequency, facts.roll)
        if grid.at(0) == anchor:
            return [grid.at]
    month_ends = (False,) if not _is_month_end(anchor) else (False, True) if facts.eom is None else (facts.eom,)
    return [partial(date_at, anchor, frequency, month_end=month_end) for month_end in month_ends]


def _periods(start: date, end: date, dates: Callable[[int], date]) -> Fraction:
    """The interval in periods between consecutive `dates`, parts by their actual days."""
    place = 0
    while dates(place) > start:
        place -= 1
    while dates(place + 1) <= start:
        place += 1
    total, near = Fraction(0), dates(place)
    while near < end:
        far = dates(place := place + 1)
        total += Fraction((min(end, far) - max(start, near)).days, (far - near).days)
        near = far
    return total
