"""Late interest (罚息, 逾期利息): what the contract says that a past-due amount bears. Values only; `owed` applies them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from loancalc.calendars import BusinessCalendar
from loancalc.errors import InvalidTerms
from loancalc.time.accrual_periods import Frequency
from loancalc.time.daycount import DayCount
from loancalc.values.base_rates import BaseRate
from loancalc.values.counts import read_days
from loancalc.values.dates import DateLike, read_date
from loancalc.values.money import Amount
from loancalc.values.names import Names
from loancalc.values.rates import Rate, RelativeRate, parse_late_rate

BASES = Names(
    "late.interest.base",
    {
        "principal": ["past-due principal", "逾期本金"],
        "principal+interest": ["principal and interest", "逾期本息"],
        "installment": ["principal, interest and fee", "逾期金额"],
        "outstanding-principal": ["outstanding balance", "剩余本金"],
    },
)
COMPOUND = Names(
    "late.interest.compound",
    {
        "none": ["不计复利"],
        "interest": ["on interest", "计复利"],
        "interest-and-late-interest": ["interest and late interest"],
        "capitalize": ["capitalizing", "capitalise"],
    },
)
ROUNDED = Names("late.interest.rounded", {"line": ["at the end"], "night": ["each night", "daily"]})
STOPS = Names("late.interest.stops", {"cap": ["cap reached"], "charge-off": ["charged off"]})


@dataclass(frozen=True, slots=True)
class LateInterest:
    """Late interest (罚息): what the past-due amount bears, night by night.

    Args:
        rate: The whole rate of the past-due base: absolute ("18%", "0.05%/day"), a multiple of the rate named by `over`
            ("1.5x") or points over it ("+6pp").
        base: `"principal"` (past due), `"principal+interest"`, `"installment"` (these and the agreed fee), or
            `"outstanding-principal"`: all of it, from the first day on which anything is past due.
        day_count: How nights become a share of a year; required for a yearly rate, not taken by a daily one. "BUS/252"
            counts the business days of the loan's calendar.
        over: What a relative rate is relative to: `"contract"`, the contract rate in force that night, or a `BaseRate`
            or its name, such as "de-base-rate". A line ends when the rate changes.
        compound: `"none"`; `"interest"`: simple interest at the late rate on contract interest from the day it is past due
            (复利); `"interest-and-late-interest"`: each night also on the late interest that accrued before it;
            `"capitalize"`: on contract interest, and from each of the dates of `capitalizes` on the late and compound
            interest that was unpaid then. Booked apart.
        capitalizes: Dates, or a frequency such as "1 month" counted from each installment's due date.
        starts: A date before which nothing accrues, or the number of days after the due date (or the free grace).
        stops: A date from which nothing accrues, the number of nights for which an installment accrues, "cap" (once a cap
            has cut anything) or "charge-off": from the night of a `ChargeOff`, whether or not contract interest goes on.
        rounded: `"line"`: once, when a line ends; `"night"`: every night.

    Raises:
        InvalidTerms: If compounding is asked for together with a base that already holds interest, or capitalizing
            without dates.

    >>> LateInterest(rate="1.5x", day_count="ACT/360", compound="interest").day_count
    DayCount('ACT/360')
    >>> LateInterest(rate="+5pp", over="de-base-rate", day_count="ACT/ACT ISDA").over.name
    'de-base-rate'
    """

    rate: Rate | RelativeRate
    base: str = "principal"
    day_count: DayCount | None = None
    over: BaseRate | str = "contract"
    compound: str = "none"
    capitalizes: Frequency | tuple[date, ...] | None = None
    starts: date | int = 0
    stops: date | int | str | None = None
    rounded: str = "line"

    def __init__(
        self,
        rate: Rate | RelativeRate | Amount | Fraction,
        *,
        base: str = "principal",
        day_count: DayCount | str | None = None,
        over: BaseRate | str = "contract",
        compound: str = "none",
        capitalizes: Frequency | str | Iterable[DateLike] | None = None,
        starts: DateLike | int = 0,
        stops: DateLike | int | None = None,
        rounded: str = "line",
    ) -> None:
        put = object.__setattr__
        put(self, "rate", parse_late_rate(rate, "late.interest.rate"))
        put(self, "base", BASES.find(base))
        put(self, "compound", COMPOUND.find(compound))
        convention = None if day_count is None else DayCount.parse(day_count, "late.interest.day_count")
        put(self, "day_count", convention)
        put(self, "over", over if over == "contract" else BaseRate.of(over, "late.interest.over", also=["contract"]))
        put(self, "capitalizes", _capitalizes(capitalizes, self.compound))
        put(self, "starts", _day_or_days(starts, "late.interest.starts"))
        put(self, "stops", _stops(stops))
        put(self, "rounded", ROUNDED.find(rounded))
        if self.base != "principal" and self.compound != "none":
            raise InvalidTerms(
                f"late.interest.compound: got {compound!r} with base {self.base!r}; interest would be charged twice on "
                "interest; expected compound='none', or base='principal'"
            )
        if self.over != "contract" and isinstance(self.rate, Rate):
            raise InvalidTerms(
                f"late.interest.over: got {over!r} with rate {self.rate}, which stands by itself; expected a multiple "
                "such as '4x' or points such as '+5pp'"
            )

    def resolve(self, contract: Rate, on: date, calendar: BusinessCalendar | None = None) -> Rate:
        """The late rate of the nights from a day on, checked to have its day count.

        Args:
            contract: The contract rate in force.
            on: The day, for a base rate.
            calendar: The loan's business days, for a day count that counts them.

        Raises:
            InvalidTerms: If a yearly rate has no day count, or a daily one has; or if the day count needs more than the
                two dates and a calendar.
        """
        if isinstance(self.rate, Rate):
            rate = self.rate
        else:
            rate = self.over.over(self.rate, on) if isinstance(self.over, BaseRate) else self.rate.over(contract)
        if rate.per == "day":
            if self.day_count is not None:
                raise InvalidTerms(
                    f"late.interest.day_count: got {str(self.day_count)!r} with {rate}; a rate per day accrues per night "
                    "and takes no day count"
                )
        elif self.day_count is None:
            raise InvalidTerms(
                f"late.interest.day_count: missing; late interest at {rate} needs one of "
                f"{', '.join(str(d) for d in DayCount if not d.needs_context and d is not DayCount.PERIODIC)}"
            )
        elif self.day_count.reads == ("calendar",):
            if calendar is None:
                raise InvalidTerms(
                    f"late.interest.day_count: got {str(self.day_count)!r}; expected a loan with a calendar, whose "
                    "business days it counts"
                )
        elif self.day_count.needs_context or self.day_count is DayCount.PERIODIC:
            raise InvalidTerms(
                f"late.interest.day_count: got {str(self.day_count)!r}; nights late have no periods; expected a "
                "convention that needs only the two dates, such as 'ACT/360', or business days"
            )
        return rate


def _capitalizes(
    value: Frequency | str | Iterable[DateLike] | None, compound: str
) -> Frequency | tuple[date, ...] | None:
    field = "late.interest.capitalizes"
    if (value is None) == (compound == "capitalize"):
        raise InvalidTerms(
            f"{field}: got {value!r} with compound {compound!r}; expected dates or a frequency with 'capitalize' and "
            "nothing with any other"
        )
    if value is None or isinstance(value, Frequency):
        return value
    if isinstance(value, str):
        return Frequency.parse(value, field)
    return tuple(sorted({read_date(day, field) for day in value}))


def _day_or_days(value: DateLike | int, field: str, least: int = 0) -> date | int:
    return read_days(value, field, least) if isinstance(value, int) else read_date(value, field)


def _stops(value: DateLike | int | None) -> date | int | str | None:
    if isinstance(value, str) and not value[:1].isdigit():
        return STOPS.find(value)
    return None if value is None else _day_or_days(value, "late.interest.stops", 1)
