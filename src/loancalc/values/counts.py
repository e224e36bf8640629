"""Counts: whole numbers that count installments, days or places, from whatever library they come."""

from __future__ import annotations

import operator
from typing import SupportsIndex

from loancalc.errors import InvalidTerms


def read_count(value: SupportsIndex | object, field: str, least: int = 0) -> int:
    """A whole number, as an `int`: what `operator.index` takes, but no bool.

    Args:
        value: The number.
        field: What it counts, for the error.
        least: The smallest that is accepted.

    Raises:
        InvalidTerms: If it is no whole number, or less than `least`.

    >>> read_count(12, "installments", 1)
    12
    >>> read_count(12.0, "installments", 1)
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: installments: got 12.0; expected a whole number of 1 or more
    """
    if type(value) is int and value >= least:
        return value
    if not isinstance(value, bool) and isinstance(value, SupportsIndex):
        try:
            count = operator.index(value)
        except TypeError:  # an array has the method, but only one of a single number has an index
            count = least - 1
        if count >= least:
            return count
    raise InvalidTerms(f"{field}: got {value!r}; expected a whole number of {least} or more")


HUNDRED_YEARS = 36_525


def read_days(value: SupportsIndex | object, field: str, least: int = 0) -> int:
    """A number of days after a date: a whole number, and no more than a hundred years of them.

    >>> read_days(10**9, "late.grace.days")
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: late.grace.days: got 1000000000; expected at most 36525 days, a hundred years
    """
    days = read_count(value, field, least)
    if days > HUNDRED_YEARS:
        raise InvalidTerms(f"{field}: got {days}; expected at most {HUNDRED_YEARS} days, a hundred years")
    return days
