"""Periods without dates: how many, how long, and what each is worth in interest."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from loancalc.errors import InvalidRate, InvalidTerms
from loancalc.plan.amortization import check_installments
from loancalc.plan.timeline import Factor
from loancalc.time.accrual_periods import Frequency
from loancalc.values.money import Amount, read_decimal
from loancalc.values.rates import Rate


class NumberedPeriods(NamedTuple):
    """Periods without dates.

    Attributes:
        factors: Interest per unit of principal of each.
        rate, shares: The rate and each period's time, as text.
        year: The yearly rate and the share of the year of a period, where both are known.
    """

    factors: list[Factor]
    rate: str
    shares: list[str]
    year: tuple[Rate, Fraction] | None = None


def read_periods(
    rate: Rate | Amount | Fraction, periods: int | Sequence[Fraction], every: Frequency | str | None
) -> NumberedPeriods:
    """The periods that a number and a rate, or shares of a year and a yearly rate, describe.

    Raises:
        InvalidRate: If the rate cannot be read as the rate of a period.

    >>> read_periods("12%", 2, "1 month").factors
    [(3, 300), (3, 300)]
    """
    if isinstance(periods, Sequence) and not isinstance(periods, str | bytes):
        return _by_shares(Rate.parse(rate), [_share(value, place) for place, value in enumerate(periods)])
    count = check_installments(periods, "periods")
    if isinstance(rate, str | Rate):
        return _of_a_frequency(Rate.parse(rate), count, every)
    value = rate if isinstance(rate, Fraction) else Fraction(read_decimal(rate, "rate"))
    if not 0 <= value < 1:
        raise InvalidRate(f"rate: got {rate}; expected 0 or more and below 1, as the fraction of one period")
    shown = f"{read_decimal(rate, 'rate') * 100:f}%" if not isinstance(rate, Fraction) else str(rate)
    return NumberedPeriods([value.as_integer_ratio()] * count, shown, ["1 period"] * count)


def _share(value: str | Fraction | Decimal | float, place: int) -> Fraction:
    try:
        if not isinstance(value, bool):
            return Fraction(value)
    except (TypeError, ValueError, ArithmeticError):
        pass
    raise InvalidTerms(f"periods[{place}]: got {value!r}; expected a share of a year, such as '1/12'")


def _by_shares(yearly: Rate, shares: Sequence[Fraction]) -> NumberedPeriods:
    if yearly.per == "day":
        raise InvalidRate(f"rate: got {yearly}; shares of a year need a rate per year or month")
    if not shares or min(shares) < 0:
        raise InvalidTerms("periods: expected at least one share of a year, none below 0")
    factors = [yearly.factor(share.as_integer_ratio(), 0) for share in shares]
    return NumberedPeriods(factors, str(yearly), [str(share) for share in shares])


def _of_a_frequency(rate: Rate, count: int, every: Frequency | str | None) -> NumberedPeriods:
    if every is None:
        raise InvalidRate(
            f"rate: got {rate} without the length of a period; expected every='1 month', or a number per period"
        )
    length = every if isinstance(every, Frequency) else Frequency.parse(every, "every")
    share = length.year_share
    if share is None or rate.per == "day":
        raise InvalidRate(f"rate: got {rate} with periods of {length}; expected a rate per period as a number")
    factor = rate.factor(share.as_integer_ratio(), 0)
    return NumberedPeriods([factor] * count, str(rate).removesuffix("/year"), [str(share)] * count, (rate, share))
