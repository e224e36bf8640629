"""What a loan costs as a rate: internal rates of return of amounts at equal periods, and of amounts on dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction
from itertools import repeat
from math import expm1, inf, lcm, log1p
from operator import lt
from typing import Any, NamedTuple, Protocol, runtime_checkable

from loancalc.dates import DateLike, read_date
from loancalc.errors import InvalidTerms, MissingContext, NoSolution, SeveralRates
from loancalc.fixed_point import ONE, compound
from loancalc.frequency import Frequency, date_at
from loancalc.money import Amount, read_decimal
from loancalc.solve import growths

_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
_NONE = Fraction(0)
_SURE = 10**15  # two amounts of up to 15 digits are never the same float


class Flow(NamedTuple):
    """Money that changes hands on a day, as the lender sees it: paid out negative, received positive."""

    on: date
    amount: Decimal


class Repayment(Protocol):
    """One row of a plan: when it is due, principal plus interest, and the agreed fee with it."""

    @property
    def due(self) -> date | None: ...
    @property
    def total(self) -> Decimal: ...
    @property
    def fee(self) -> Decimal: ...


@runtime_checkable
class Repayable(Protocol):
    """What has a cost: a loan, or anything that is paid out once and repaid by a plan."""

    @property
    def principal(self) -> Decimal: ...
    @property
    def start(self) -> date: ...
    @property
    def every(self) -> Frequency: ...
    def schedule(self) -> Iterable[Repayment]: ...


class RateOfReturn(float):
    """An internal rate of return. As a number it is the rate per period, a fraction.

    `per_period`, `nominal` (a year, without compounding) and `effective` (a year, compounded) are fractions; the rate
    per period is the nearest float to the exact one, the other two are accurate to 1e-13 of their value.

    Raises:
        MissingContext: On asking for a yearly rate where it was not said how many periods a year has.

    >>> rate = RateOfReturn(0.01, periods_per_year=12)
    >>> rate.nominal, rate.effective
    (0.12, 0.12682503013196972)
    >>> print(rate)
    1.0000 % a period; a year 12.00 % nominal, 12.68 % effective
    """

    __slots__ = ("_periods_per_year",)
    _periods_per_year: Fraction | None

    def __new__(cls, per_period: float, *, periods_per_year: float | Fraction | None = None) -> RateOfReturn:
        rate = super().__new__(cls, per_period)
        rate._periods_per_year = None if periods_per_year is None else _per_year(periods_per_year)
        return rate

    @property
    def per_period(self) -> float:
        """The rate per period, a fraction."""
        return float(self)

    @property
    def periods_per_year(self) -> Fraction | None:
        """How many periods a year has, or None where it was not given."""
        return self._periods_per_year

    @property
    def nominal(self) -> float:
        """The rate per period times the periods a year, a fraction."""
        return float(Fraction(self.per_period) * self._known_periods())

    @property
    def effective(self) -> float:
        """The yearly rate with every period compounded, a fraction."""
        periods = self._known_periods()
        try:
            if periods.denominator == 1:
                top, bottom = self.per_period.as_integer_ratio()
                return compound(ONE + ONE * top // bottom, periods.numerator)
            return expm1(float(periods) * log1p(self.per_period))
        except OverflowError:
            raise _beyond(self.per_period, f"{periods} periods") from None

    def _known_periods(self) -> Fraction:
        if self._periods_per_year is None:
            raise MissingContext("periods_per_year: missing; a yearly rate needs the number of periods a year")
        return self._periods_per_year

    def __repr__(self) -> str:
        per_year = self._periods_per_year
        number = "None" if per_year is None else str(per_year) if per_year.denominator == 1 else repr(per_year)
        return f"RateOfReturn({self.per_period!r}, periods_per_year={number})"

    def __str__(self) -> str:
        line = f"{self.per_period:.4%} a period"
        if self._periods_per_year is not None:
            line += f"; a year {self.nominal:.2%} nominal, {self.effective:.2%} effective"
        return line.replace("%", " %")

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, Fraction | None]]:
        return (self.per_period,), {"periods_per_year": self._periods_per_year}


class YearlyRate(float):
    """An effective yearly rate, a fraction, with what it is for the time it was earned over.

    `for_term` is the rate from the first to the last day, `days` the number of nights between them. Over a few days a
    yearly rate can be very large; the rate for the term is then the one to read.

    >>> rate = xirr([-1000, 1100], ["2026-01-01", "2026-01-02"])
    >>> f"{rate:.4e}", rate.for_term, rate.days
    ('1.2833e+15', 0.1, 1)
    """

    __slots__ = ("_days", "_for_term")
    _for_term: float
    _days: int

    def __new__(cls, effective: float, *, for_term: float, days: int) -> YearlyRate:
        rate = super().__new__(cls, effective)
        rate._for_term, rate._days = for_term, days
        return rate

    @property
    def for_term(self) -> float:
        """The rate from the first day to the last, a fraction."""
        return self._for_term

    @property
    def days(self) -> int:
        """The nights from the first day to the last."""
        return self._days

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, float | int]]:
        return (float(self),), {"for_term": self._for_term, "days": self._days}


def irr(loan_or_amounts: Repayable | Iterable[Amount], *, periods_per_year: float | Fraction | None = None) -> RateOfReturn:
    """The internal rate of return: the rate per period at which what is paid is worth what is received.

    Args:
        loan_or_amounts: A loan (what is paid out at the start, then every installment with its agreed fee, taken as
            equally spaced; for odd periods ask `xirr` or `apr`), or amounts one period apart, paid out negative.
        periods_per_year: For the yearly figures; a loan knows its own.

    Raises:
        SeveralRates: If more than one rate above -100 % does; `roots` has them all.
        NoSolution: If none does.
        InvalidAmount: If an amount is not a finite number; the message has its index.

    Examples:
        >>> irr([-37155] + [560] * 144).per_period
        0.012581796355584634
        >>> irr([-100, 230, -132])
        Traceback (most recent call last):
            ...
        loancalc.errors.SeveralRates: amounts: 2 rates per period solve them: 10 %, 20 %; a single one is not defined
    """
    if isinstance(loan_or_amounts, Repayable):
        loan = loan_or_amounts
        flows = flows_of(loan)
        amounts = whole_amounts([flow.amount for flow in flows])
        if periods_per_year is None:
            periods_per_year = _periods_of(loan, flows)
    else:
        amounts = whole_amounts(loan_or_amounts)
    found = [rate_of(growth, 1) for growth in solved(amounts, range(len(amounts)))]
    return RateOfReturn(only(found, "rates per period"), periods_per_year=periods_per_year)


def xirr(amounts: Iterable[Amount], dates: Iterable[DateLike]) -> YearlyRate:
    """The effective yearly rate of amounts on dates, every year counted as 365 days (Excel's XIRR).

    Args:
        amounts: Paid out negative, received positive.
        dates: One for each amount, in any order.

    Raises:
        SeveralRates: If more than one rate above -100 % makes the amounts worth nothing; `roots` has them all.
        NoSolution: If none does.
        InvalidAmount: If an amount is not a finite number; the message has its index.
        InvalidDate: If a date is not one; the message has its index.
        InvalidTerms: If there are more amounts than dates, or fewer.

    Examples:
        >>> xirr([-1000, 1100], ["2026-01-01", "2027-01-01"])
        0.1
    """
    whole, on = dated_amounts(amounts, dates)
    ordinals = [day.toordinal() for day in on]
    first = min(ordinals, default=0)
    days = max(ordinals, default=0) - first
    found = solved(whole, [ordinal - first for ordinal in ordinals])
    rate = only([rate_of(growth, 365) for growth in found], "yearly rates")
    return YearlyRate(rate, for_term=rate_of(found[0], days), days=days)


def flows_of(loan: Repayable) -> tuple[Flow, ...]:
    """What changes hands over the life of a loan if everything is paid as agreed, fees included.

    >>> from loancalc.loan import Loan
    >>> flows = flows_of(Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12))
    >>> len(flows), str(flows[0].amount), str(flows[-1].amount)
    (13, '-12000', '1066.14')
    """
    flows = [Flow(loan.start, loan.principal.copy_negate())]
    for row in loan.schedule():
        if row.due is None:
            raise MissingContext("schedule: has no due dates; a cost needs them")
        flows.append(Flow(row.due, _EXACT.add(row.total, row.fee)))
    return tuple(flows)


def _periods_of(loan: Repayable, flows: Sequence[Flow]) -> Fraction:
    """The periods a year of a loan; a single payment after several periods, or part of one, is one long period."""
    share = loan.every.year_share
    per_year = Fraction(365, loan.every.number) if share is None else 1 / share
    if len(flows) != 2:
        return per_year
    start, end = flows[0].on, flows[1].on
    days = (end - start).days
    spans = round(days / 365 * per_year)
    if spans and date_at(start, loan.every, spans) == end:
        return per_year / spans
    return Fraction(365, days)


def whole_amounts(amounts: Iterable[Amount], field: str = "amounts") -> list[int]:
    """Amounts as whole multiples of one unit small enough for all of them, exactly.

    >>> whole_amounts([-1, 0.125, "0.5"])
    [-8, 1, 4]
    """
    given = list(amounts)
    cents = _in_cents(given)
    if cents is not None:
        return cents
    exact = [read_decimal(amount, f"{field}[{k}]").as_integer_ratio() for k, amount in enumerate(given)]
    unit = lcm(*(bottom for _, bottom in exact))
    return [top * (unit // bottom) for top, bottom in exact]


def _in_cents(amounts: list[Any]) -> list[int] | None:
    """Whole numbers and floats of whole cents, in cents; None where there is anything else."""
    cents = []
    for amount in amounts:
        if type(amount) is int:
            cents.append(100 * amount)
        elif type(amount) is float and -_SURE < amount * 100 < _SURE and (near := round(amount * 100)) / 100 == amount:
            cents.append(near)
        else:
            return None
    return cents


def dated_amounts(amounts: Iterable[Amount], dates: Iterable[DateLike]) -> tuple[list[int], list[date]]:
    """Amounts as whole numbers and their dates.

    Raises:
        InvalidTerms: If there are more amounts than dates, or fewer.
    """
    whole = whole_amounts(amounts)
    on = [day if type(day) is date else read_date(day, f"dates[{k}]") for k, day in enumerate(dates)]
    if len(whole) != len(on):
        raise InvalidTerms(f"dates: got {len(on)} for {len(whole)} amounts; expected one for each amount")
    return whole, on


def solved(amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction] = ()) -> list[int]:
    """Every growth factor per unit of time at which the amounts, in any order, are worth nothing; at least one.

    Raises:
        NoSolution: If there is none; the message says why.
    """
    amounts, times, fractions = _netted(amounts, times, fractions)
    if not amounts:
        raise NoSolution("amounts: nothing is left once those of one time are added up; every rate solves them")
    if min(amounts) > 0 or max(amounts) < 0:
        kind = "received" if amounts[0] > 0 else "paid out"
        raise NoSolution(f"amounts: all of them are {kind}; a rate needs amounts both paid out (negative) and received")
    try:
        found = growths(amounts, times, fractions)
    except OverflowError:
        raise NoSolution("amounts: the rate that solves them is beyond 1e65 per unit of time, or at -100 %") from None
    if not found:
        raise NoSolution("amounts: no rate exists; they are not worth nothing at any rate above -100 %")
    return found


def _netted(
    amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction]
) -> tuple[Sequence[int], Sequence[int], Sequence[Fraction]]:
    """The sum at each time, in order of time, without those that are 0."""
    if not fractions and all(amounts) and all(map(lt, times, times[1:])):
        return amounts, times, fractions
    sums: dict[tuple[int, Fraction], int] = {}
    for amount, time, fraction in zip(amounts, times, fractions or repeat(_NONE), strict=False):
        sums[time, fraction] = sums.get((time, fraction), 0) + amount
    kept = sorted(place for place, total in sums.items() if total)
    own = [fraction for _, fraction in kept]
    return [sums[place] for place in kept], [time for time, _ in kept], own if any(own) else []


def rate_of(growth: int, units: int) -> float:
    """The rate over `units` units of time of a growth factor per unit.

    Raises:
        NoSolution: If it is beyond a float; the message has the rate per unit.
    """
    try:
        return compound(growth, units)
    except OverflowError:
        raise _beyond(compound(growth, 1), f"{units} units of time") from None


def only(rates: Sequence[float], what: str) -> float:
    """The one rate there is.

    Raises:
        SeveralRates: If there are more.
    """
    if len(rates) > 1:
        listed = ", ".join(f"{100 * rate:.6g} %" for rate in rates)
        raise SeveralRates(
            f"amounts: {len(rates)} {what} solve them: {listed}; a single one is not defined", tuple(rates)
        )
    return rates[0]


def _per_year(periods: float | Fraction) -> Fraction:
    if isinstance(periods, bool) or not 0 < periods < inf:
        raise InvalidTerms(f"periods_per_year: got {periods!r}; expected a number above 0")
    return Fraction(periods)


def _beyond(rate: float, over: str) -> NoSolution:
    return NoSolution(f"rate: {100 * rate:.6g} % for one of them, compounded over {over}, is beyond what a float can hold")
