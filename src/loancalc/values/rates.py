"""Rates: a number with its unit, `"12%"`, `"1%/month"`, `"0.05%/day"`, and what it earns over an interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import SupportsIndex, TypeAlias

from loancalc.errors import InvalidRate, unknown_name
from loancalc.values import quotations
from loancalc.values.compounding import growth
from loancalc.values.quotations import COMPOUNDING, PERIODS, Period, decimal_text, percent

RateLike: TypeAlias = "Rate | str | Decimal | Fraction | float | SupportsIndex"
"""What is accepted where a rate is asked for: text with its unit, or a number below 1 (a yearly fraction)."""

LateRateLike: TypeAlias = "RelativeRate | RateLike"
"""What is accepted where a late rate is asked for: a rate, or one relative to a named rate."""


@dataclass(frozen=True, slots=True, repr=False)
class Rate:
    """An interest rate: a fraction per year, month or day, and how often it compounds.

    A rate per day accrues per actual night. A rate per month is twelve times that per year. Rates
    are equal when value, unit and compounding are: `"12%"` equals `"1200bp"`, not `"1%/month"`.

    Args:
        value: The rate as a fraction of its unit: 12 % is 12/100. Not negative.
        per: `"year"`, `"month"` or `"day"`.
        compounds: None for a simple rate (the usual case: nominal, multiplied by the share of the
            year). Otherwise how often a year it compounds, the value being nominal per year: 1 is an
            effective yearly rate, 2 Canada's semi-annual compounding, also 4, 12, 52, 365.

    Raises:
        InvalidRate: If the value is negative or not a Fraction, or a rate not per year compounds.

    Examples:
        >>> Rate(Fraction(12, 100))
        Rate.parse('12%/year')
        >>> Rate.parse("日息万分之五") == Rate(Fraction(5, 10_000), per="day")
        True
    """

    value: Fraction
    per: Period = "year"
    compounds: int | None = None

    def __post_init__(self) -> None:
        _check_fraction(self.value, "rate.value")
        if self.value < 0:
            raise InvalidRate(f"rate.value: got {self.value} ({percent(self.value)}); expected 0 or more")
        if not isinstance(self.per, str) or self.per not in PERIODS:
            raise unknown_name("rate.per", self.per, PERIODS)
        if self.compounds is None:
            return
        if type(self.compounds) is not int or self.compounds not in COMPOUNDING:
            accepted = ", ".join(map(str, COMPOUNDING))
            raise InvalidRate(f"rate.compounds: got {self.compounds!r}; expected None, or times a year: {accepted}")
        if self.per != "year":
            compounding = f"{percent(self.value)} per {self.per} with compounding"
            raise InvalidRate(f"rate.per: got {compounding}; expected a yearly rate: {quotations.ONE_PERCENT_MONTHLY}")

    @classmethod
    def parse(cls, value: RateLike, field: str = "rate") -> Rate:
        """The rate that a text or number means, if it can mean only one.

        Text is a number and its unit, then the period (a year where none is named), then the
        compounding, without regard to case:

        - number: `12`, `0.05`, `.5`, or a fraction such as `1/8`;
        - unit: `%`, `bp`, `bps`; `‰` and `‱` with a period;
        - period: `/year`, `/yr`, `a year`, `per year`, `per annum`, `p.a.`; `/month`, `/mo`, `a month`,
          `per month`, `p.m.`, `a.m.` (ao mês); `/day`, `a day`, `per day`, `p.d.`, `a night`;
        - compounding, of a yearly rate: `effective`; `semi-annual`, `compounded semi-annually` or, as Canadian contracts say,
          `calculated semi-annually, not in advance`; `compounded` `annually`, `quarterly`, `monthly`, `weekly`, `daily`;
        - Chinese: 年利率, 实际年利率 (effective), 年化, 年化利率, 年息, 每年, 月利率, 月息, 每月, 日利率, 日息, 每日, 每天 before, or /年, /月,
          /日, /天 after; 百分之, 千分之, 万分之 with digits or numerals; 基点; 月息1分 (1 % a month), 月息5厘
          (0.5 %), 月息一分五 (1.5 %); 按半年复利 and the like at the end.

        A `Decimal`, `Fraction`, `float` (read as the shortest decimal that prints it) or 0 is a
        yearly fraction below 1.

        Args:
            value: What to read; a Rate comes back as it is.
            field: What the rate is, for the error message.

        Raises:
            InvalidRate: If the unit is missing (`"7"` could be 7 % or 700 %), a number is 1 or more,
                negative, NaN, infinite or a bool, or the words leave a doubt (年息1分 is 10 % or 1 %).

        Examples:
            >>> Rate.parse("12% p.a.") == Rate.parse(0.12) == Rate.parse("年利率百分之十二")
            True
            >>> print(Rate.parse("月息1分"), Rate.parse("5bp/day"), Rate.parse("5% semi-annual"), sep=", ")
            1%/month, 0.05%/day, 5%/year compounded semi-annually
            >>> Rate.parse("0.07", "loan.rate")
            Traceback (most recent call last):
            loancalc.errors.InvalidRate: loan.rate: got '0.07'; a bare number is unclear: write '0.07%' or '7%'
        """
        return value if isinstance(value, Rate) else _read(value, field, late=False)

    @classmethod
    def effective(cls, value: RateLike, field: str = "rate") -> Rate:
        """A yearly rate that already holds its compounding: a whole year earns exactly the rate.

        >>> Rate.effective("12.6825%")
        Rate.parse('12.6825%/year effective')
        """
        return _compounding(cls.parse(value, field), 1, field)

    @classmethod
    def semiannual(cls, value: RateLike, field: str = "rate") -> Rate:
        """A nominal yearly rate that compounds twice a year, as Canadian mortgages quote it.

        Source: Interest Act (R.S.C. 1985, c. I-15), s. 6.

        >>> top, bottom = Rate.semiannual("5%").factor((1, 12), 31)
        >>> f"{100 * top / bottom:.8f} % a month"
        '0.41239155 % a month'
        """
        return _compounding(cls.parse(value, field), 2, field)

    def __hash__(self) -> int:
        """Without that of the fraction, which takes a modular inverse."""
        top, bottom = self.value.as_integer_ratio()
        return hash((top, bottom, self.per, self.compounds))

    @property
    def yearly(self) -> Fraction:
        """The nominal yearly fraction of a simple rate: twelve times a monthly one.

        Raises:
            InvalidRate: For a rate per day (it has no yearly value without a day count) and for one
                that compounds (its interest is not its value times the share of the year).

        >>> Rate.parse("1%/month").yearly
        Fraction(3, 25)
        """
        if self.per == "day":
            raise InvalidRate(f"rate: got {self}; a daily rate has no yearly value without a day count")
        if self.compounds is not None:
            raise InvalidRate(f"rate: got {self}; expected a simple rate, a compounding one has only its factor")
        return self.value if self.per == "year" else 12 * self.value

    def factor(self, share: Fraction | tuple[int, int], nights: int) -> tuple[int, int]:
        """Interest on one unit of money over an interval, as numerator and positive denominator, not reduced.

        A rate per day is multiplied by the nights; a simple rate per month or year by the share of a
        year; a compounding one earns (1 + value / m) ** (m * share) - 1. That power is exact where it
        is rational; otherwise it is computed once to 30 significant digits, half-even.

        Args:
            share: The interval as a share of a year by the day count; not read for a rate per day.
            nights: The interval in actual nights; only read for a rate per day.

        >>> Rate.parse("12%").factor((35, 360), 35)
        (105, 9000)
        >>> Rate.parse("0.05%/day").factor((1, 12), 30)
        (30, 2000)
        """
        top, bottom = self.value.as_integer_ratio()
        if self.per == "day":
            return top * nights, bottom
        share_top, share_bottom = share if isinstance(share, tuple) else share.as_integer_ratio()
        if self.compounds is not None:
            return growth(self.value, self.compounds, share_top, share_bottom)
        if self.per == "month":
            top *= 12
        return top * share_top, bottom * share_bottom

    def __str__(self) -> str:
        compounding = "" if self.compounds is None else f" {COMPOUNDING[self.compounds][0]}"
        return f"{percent(self.value)}{PERIODS[self.per][0]}{compounding}"

    def __repr__(self) -> str:
        return f"Rate.parse({str(self)!r})"


@dataclass(frozen=True, slots=True, repr=False)
class RelativeRate:
    """A rate that depends on a named one: a multiple of it, or points over it, or both.

    Args:
        multiple: How many times the named rate; 3/2 is "the contract rate plus 50 %" (上浮50%). Not negative.
        points: Added to that, as a yearly fraction; 6/100 is six percentage points; may be negative.

    Raises:
        InvalidRate: If the multiple is negative, or one of them is not a Fraction.

    Examples:
        >>> RelativeRate(Fraction(3, 2)).over(Rate.parse("12%"))
        Rate.parse('18%/year')
        >>> print(RelativeRate.parse("+250bp"))
        +2.5pp
    """

    multiple: Fraction = Fraction(1)
    points: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        _check_fraction(self.multiple, "rate.multiple")
        _check_fraction(self.points, "rate.points")
        if self.multiple < 0:
            raise InvalidRate(f"rate.multiple: got {self.multiple}; expected 0 or more")

    @classmethod
    def parse(cls, value: RelativeRate | str, field: str = "rate") -> RelativeRate:
        """A relative rate from text: `1.5x`, `1.5×`, `1.5倍`, `上浮50%`, `+6pp`, `+6 points`, `+6个百分点`, `-50bp`.

        Points carry their sign: a plain `6 points` could be the whole rate.

        Raises:
            InvalidRate: If the text is anything else, `+6%` for example (six points, or 1.06 times).

        >>> RelativeRate.parse("1.5倍")
        RelativeRate.parse('1.5x')
        """
        if isinstance(value, RelativeRate):
            return value
        if not isinstance(value, str):
            raise InvalidRate(f"{field}: got {value!r}; expected {quotations.EXPECTED_RELATIVE}")
        return cls(*quotations.read_relative(value, field))

    def over(self, rate: Rate) -> Rate:
        """The rate that this makes of the named `rate`.

        Of a monthly rate it is a yearly one, of twelve times it; of a daily rate it stays per day; a
        compounding rate keeps its compounding.

        Raises:
            InvalidRate: If points are asked over a daily rate (points are per year), or the result is negative.

        >>> RelativeRate.parse("1.5x").over(Rate.parse("1%/month"))
        Rate.parse('18%/year')
        >>> RelativeRate.parse("1.5x").over(Rate.parse("0.05%/day"))
        Rate.parse('0.075%/day')
        """
        if rate.per == "day" and self.points:
            raise InvalidRate(
                f"rate: got {self} over {rate}; points are per year and this rate is per day; expected a multiple "
                "such as '1.5x', or the whole rate such as '0.07%/day'"
            )
        value = self.multiple * (12 * rate.value if rate.per == "month" else rate.value) + self.points
        if value < 0:
            raise InvalidRate(f"rate: got {self} over {rate}; expected a result of 0 or more")
        return replace(rate, value=value, per="day" if rate.per == "day" else "year")

    def __str__(self) -> str:
        points = f"{'+' if self.points > 0 else ''}{decimal_text(100 * self.points)}pp" if self.points else ""
        return points if points and self.multiple == 1 else f"{decimal_text(self.multiple)}x{points}"

    def __repr__(self) -> str:
        return f"RelativeRate.parse({str(self)!r})"


def parse_late_rate(value: LateRateLike, field: str = "rate") -> Rate | RelativeRate:
    """A late rate: absolute as `Rate.parse` reads it, or relative as `RelativeRate.parse` does.

    Raises:
        InvalidRate: As those do; also for `"150%"` (100 % or more) without its period, which could be 1.5 times a rate.

    >>> parse_late_rate("1.5x"), parse_late_rate("18%")
    (RelativeRate.parse('1.5x'), Rate.parse('18%/year'))
    """
    if isinstance(value, Rate | RelativeRate):
        return value
    if isinstance(value, str) and quotations.is_relative(value, field):
        return RelativeRate.parse(value, field)
    return _read(value, field, late=True)


def _read(value: str | Decimal | Fraction | float | SupportsIndex, field: str, *, late: bool) -> Rate:
    if isinstance(value, str):
        return _read_text(value, field, late)
    number = quotations.read_fraction(value, field)
    if number < 0:
        raise InvalidRate(f"{field}: got {value}; expected 0 or more")
    if number >= 1:
        readings = quotations.readings(number, late=late)
        raise InvalidRate(f"{field}: got {value}; a number is a yearly fraction below 1: write {readings}")
    return Rate(number)


@lru_cache(maxsize=1024)
def _read_text(text: str, field: str, late: bool) -> Rate:
    return Rate(*quotations.read_rate(text, field, late=late))


def _check_fraction(value: Fraction, field: str) -> None:
    if not isinstance(value, Fraction):
        raise InvalidRate(f"{field}: got {value!r}; expected a Fraction (text and numbers are read by parse)")
    quotations.sized(value, field)


def _compounding(rate: Rate, times: int, field: str) -> Rate:
    if rate.per != "year" or rate.compounds not in (None, times):
        raise InvalidRate(f"{field}: got {rate}; expected a plain yearly rate such as '5%'")
    return replace(rate, compounds=times)
