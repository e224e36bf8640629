"""Day counts on months of 30 (or 28) days: what a day of the month counts as, and over what year.

They differ only in how the 31st and the end of February count. Every function takes `(start, end, context)` with
`start < end`.
"""

from __future__ import annotations

from datetime import date

from loancalc.time.daycount.context import NO_CONTEXT, Context, missing
from loancalc.values.dates import is_leap


def bond_basis_days(start: date, end: date, context: Context | None = None) -> int:
    """The 31st counts as the 30th at the start; at the end only if the start counts as the 30th.

    February has no rule: 29 February to 31 March 2024 is 32 days. The rule that makes it 30 is another convention,
    30U/360. Days do not add up: 1, 30 and 31 January 2026 are 29 + 0, the whole is 30.

    Source: ISDA 2006 4.16(f).
    """
    first, last = start.day, end.day
    if first >= 30:
        first = 30
        if last == 31:
            last = 30
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def eurobond_days(start: date, end: date, context: Context | None = None) -> int:
    """The 31st counts as the 30th, at both ends.

    Source: ISDA 2006 4.16(g).
    """
    first, last = start.day, end.day
    if first == 31:
        first = 30
    if last == 31:
        last = 30
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def isda_days(start: date, end: date, context: Context | None = None) -> int:
    """The last day of any month counts as the 30th, except an end in February that is the termination date.

    Assumes that `end` is not the termination date where none is given; the name of the convention fixes no other.

    Source: ISDA 2006 4.16(h).
    """
    last = end.day if end == (context or NO_CONTEXT).termination and end.month == 2 else _month_end_day(end)
    return _months_of_30(start, end) + last - _month_end_day(start)


def month_end_days(start: date, end: date, context: Context | None = None) -> int:
    """The last day of any month, February too, counts as the 30th, at both ends, whatever the termination date."""
    return _months_of_30(start, end) + _month_end_day(end) - _month_end_day(start)


def eurobond_plus_days(start: date, end: date, context: Context | None = None) -> int:
    """The 31st counts as the 30th at the start, and as the 1st of the next month at the end.

    Days do not add up over a 31st: 30 and 31 January and 1 February 2026 are 1 + 1, the whole is 1.
    """
    return _months_of_30(start, end) + end.day - min(start.day, 30)


def nasd_days(start: date, end: date, context: Context | None = None) -> int:
    """Bond basis, but a 31st at the end counts as the 1st of the next month if the start counts before the 30th.

    The 1st of the next month lies 31 - `first` days ahead, which is what bond basis counts too.
    """
    return bond_basis_days(start, end)


def psa_days(start: date, end: date, context: Context | None = None) -> int:
    """Bond basis, with the last day of February at the start counting as the 30th (mortgage-backed securities)."""
    first = _month_end_day(start)
    last = 30 if end.day == 31 and first == 30 else end.day
    return _months_of_30(start, end) + last - first


def italian_days(start: date, end: date, context: Context | None = None) -> int:
    """The 31st, and in February every day after the 27th, count as the 30th, at both ends."""
    return _months_of_30(start, end) + _italian_day(end) - _italian_day(start)


def us_days(start: date, end: date, context: Context | None = None) -> int:
    """Bond basis, with the end-of-February rule where the loan keeps to month ends (`eom`).

    With the rule a start on the last day of February counts as the 30th, and so does the end if it is one too.
    Without it this is bond basis. `eom` is asked for only where the two differ.
    """
    if not _ends_february(start):
        return bond_basis_days(start, end)
    eom = (context or NO_CONTEXT).eom
    plain = bond_basis_days(start, end)
    ruled = _months_of_30(start, end) + _month_end_day(end) - 30
    if eom is None and plain != ruled:
        raise missing(
            "30U/360", "eom", f"{start} to {end} is {ruled} days with month ends kept (True), {plain} without"
        )
    return ruled if eom else plain


def twenty_eight_days(start: date, end: date, context: Context | None = None) -> int:
    """Months of 28 days; every day after the 28th counts as the 28th.

    Source: ACTUS 28E336; unverified, no published example.
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    return 28 * months + min(end.day, 28) - min(start.day, 28)


def eurobond_360(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """`eurobond_days` over 360, written out: the engine's most used count of this family."""
    first, last = start.day, end.day
    if first == 31:
        first = 30
    if last == 31:
        last = 30
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first, 360


def _months_of_30(start: date, end: date) -> int:
    return 360 * (end.year - start.year) + 30 * (end.month - start.month)


def _ends_february(day: date) -> bool:
    return day.month == 2 and day.day >= 28 and (day.day == 29 or not is_leap(day.year))


def _month_end_day(day: date) -> int:
    return 30 if day.day == 31 or _ends_february(day) else day.day


def _italian_day(day: date) -> int:
    return 30 if day.day == 31 or (day.month == 2 and day.day > 27) else day.day
