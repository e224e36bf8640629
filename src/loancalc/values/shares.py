"""Shares: a percentage of an amount, which is not an interest rate."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from loancalc.errors import InvalidTerms
from loancalc.values.money import read_decimal

Share = str | Fraction | Decimal
"""A share: text with its percent sign, or a Fraction or Decimal below 1."""


def read_percent(value: Share, field: str) -> Fraction:
    """A share written with its percent sign, or as a Fraction or Decimal below 1; not an interest rate.

    >>> read_percent("2.5%", "percent"), read_percent(Decimal("0.05"), "percent")
    (Fraction(1, 40), Fraction(1, 20))
    """
    share = None
    if isinstance(value, str):
        text = value.strip().replace("％", "%")
        if not text.endswith("%"):
            raise InvalidTerms(f"{field}: got {value!r}; expected a share with its percent sign, such as '5%'")
        share = _exact(read_decimal(text[:-1], field), value, field) / 100
    elif isinstance(value, Fraction):
        share = value
    elif isinstance(value, Decimal):
        share = _exact(read_decimal(value, field), value, field)
    if share is None or (share >= 1 and not isinstance(value, str)):
        raise InvalidTerms(f"{field}: got {value!r}; expected text such as '5%', or a Fraction or Decimal below 1")
    if share < 0:
        raise InvalidTerms(f"{field}: got {value!r}; expected 0% or more")
    return share


def _exact(number: Decimal, given: Share, field: str) -> Fraction:
    """A number as a fraction; one that takes a million figures to write out is no share."""
    if number and not -_MOST_FIGURES < number.adjusted() < _MOST_FIGURES:
        raise InvalidTerms(f"{field}: got {given!r}; expected a share of at most {_MOST_FIGURES} figures")
    return Fraction(number)


_MOST_FIGURES = 400
