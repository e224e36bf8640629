"""Rates of return as values: per period, nominal and effective a year, and for the term they were earned over."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import expm1, log1p

from loancalc.errors import InvalidTerms, MissingContext
from loancalc.meaning.flows import beyond, rate_of
from loancalc.numbers.fixed_point import ONE, compound

_DAYS_A_YEAR = 365


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
        """A rate per period, a fraction, with the number of periods a year where it is known."""
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
            raise beyond(self.per_period, f"{periods} periods") from None

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

    >>> rate = YearlyRate(1.2833e15, for_term=0.1, days=1)
    >>> rate.for_term, rate.days
    (0.1, 1)
    """

    __slots__ = ("_days", "_for_term")
    _for_term: float | int  # a float, or until it is asked for, the growth factor of a day in fixed point
    _days: int

    def __new__(cls, effective: float, *, for_term: float, days: int) -> YearlyRate:
        """An effective yearly rate, a fraction, earned over `days` nights."""
        rate = super().__new__(cls, effective)
        rate._for_term, rate._days = float(for_term), days
        return rate

    @classmethod
    def of_growth(cls, growth: int, days: int) -> YearlyRate:
        """The rate of a growth factor per day in fixed point, over so many days.

        Raises:
            NoSolution: If it is beyond what a float can hold.
        """
        rate = super().__new__(cls, rate_of(growth, _DAYS_A_YEAR))
        rate._for_term, rate._days = growth, days
        return rate

    @property
    def for_term(self) -> float:
        """The rate from the first day to the last, a fraction.

        Raises:
            NoSolution: If it is beyond what a float can hold, over many years.
        """
        if isinstance(self._for_term, int):
            self._for_term = rate_of(self._for_term, self._days)
        return self._for_term

    @property
    def days(self) -> int:
        """The nights from the first day to the last."""
        return self._days

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, float | int]]:
        return (float(self),), {"for_term": self.for_term, "days": self._days}


def _per_year(periods: float | Fraction) -> Fraction:
    try:
        is_number = isinstance(periods, int | float | Fraction | Decimal) and not isinstance(periods, bool)
        number = Fraction(periods) if is_number else Fraction(0)
    except (ValueError, OverflowError):  # not a number, or without end
        number = Fraction(0)
    if number <= 0:
        raise InvalidTerms(f"periods_per_year: got {periods!r}; expected a number above 0")
    return number
