"""What a time-value function was given, as finite numbers of one kind, or an error that names the argument."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, TypeAlias, TypeVar

from loancalc.errors import InvalidAmount, InvalidRate, InvalidTerms, LoanError
from loancalc.meaning.flows import listed

Number: TypeAlias = float | Decimal
N = TypeVar("N", float, Decimal)
"""Floats give floats; as soon as one argument is a `Decimal`, the answer is one, to 34 digits."""

Numbers: TypeAlias = Sequence[Any]
"""All float, or all Decimal."""

_LARGEST = 1000  # orders of magnitude a Decimal may have, up or down
_RATES = {"rate", "guess", "nominal_rate", "effect_rate", "finance_rate", "reinvest_rate", "schedule"}
_TERMS = {"nper", "per", "type", "npery", "start_period", "end_period"}


def read(**given: Any) -> Numbers:
    """The arguments as floats, or as Decimals where one of them is; beside a Decimal, the float 0.1 is one tenth.

    Raises:
        InvalidAmount, InvalidRate, InvalidTerms: For a bool, NaN, infinity, text, or anything else that is not a
            number. The message names the argument.

    >>> read(rate=0.01, nper=12), read(rate=Decimal("0.01"), nper=12)
    ([0.01, 12.0], [Decimal('0.01'), Decimal('12')])
    """
    values = [_read_one(field, value) for field, value in given.items()]
    return _of_one_kind(values)


def read_all(field: str, given: Iterable[Any]) -> Numbers:
    """The numbers of a list, as `read` does; a message names the field and the index."""
    values = listed(given, field, "a list of numbers", error_of(field))
    return _of_one_kind([_read_one(f"{field}[{k}]", value) for k, value in enumerate(values)])


def _of_one_kind(values: list[Number]) -> Numbers:
    if any(isinstance(value, Decimal) for value in values):
        return [as_decimal(value) for value in values]
    return values


def as_decimal(value: Number) -> Decimal:
    """A number as the shortest decimal that prints it."""
    if isinstance(value, Decimal):
        return value
    text = repr(float(value))
    return Decimal(text.removesuffix(".0"))


def shown(value: object) -> str:
    """A number as its user would write it.

    >>> shown(1000.0), shown(0.1), shown(Decimal("12.50"))
    ('1000', '0.1', '12.50')
    """
    return str(value).removesuffix(".0")


def error_of(field: str) -> type[LoanError]:
    """The kind of error that a bad argument of this name is."""
    name = field.partition("[")[0]
    return InvalidRate if name in _RATES else InvalidTerms if name in _TERMS else InvalidAmount


def _read_one(field: str, value: Any) -> Number:
    if isinstance(value, bool):
        raise error_of(field)(f"{field}: got {value!r}; expected a number")
    if isinstance(value, Decimal):
        if value.is_finite() and (not value or abs(value.adjusted()) <= _LARGEST):
            return value
        raise error_of(field)(f"{field}: got {value}; expected a finite number from 1e-{_LARGEST} to 1e{_LARGEST}")
    try:
        number = float(value if isinstance(value, float) else operator.index(value))
    except TypeError:
        raise error_of(field)(f"{field}: got {value!r}; expected an int, a float or a Decimal") from None
    except OverflowError:
        raise error_of(field)(f"{field}: got a whole number beyond what a float can hold") from None
    if not isfinite(number):
        raise error_of(field)(f"{field}: got {value!r}; expected a finite number")
    return number


def above_minus_one(**rates: Any) -> None:
    """Refuse a rate of -100 % or less.

    >>> above_minus_one(rate=-1.0)
    Traceback (most recent call last):
        ...
    loancalc.errors.InvalidRate: rate: got -1; expected a fraction above -1 (-100 %)
    """
    for field, value in rates.items():
        if not value > -1:
            raise InvalidRate(f"{field}: got {shown(value)}; expected a fraction above -1 (-100 %)")


def above_zero(**terms: Any) -> None:
    """Refuse 0 and less."""
    for field, value in terms.items():
        if not value > 0:
            raise error_of(field)(f"{field}: got {shown(value)}; expected a number above 0")


def read_type(value: object) -> int:
    """When payments are made: 0, at the end of each period, or 1, at its start."""
    known = isinstance(value, int | float) or (isinstance(value, Decimal) and value.is_finite())
    if not known or isinstance(value, bool) or value not in (0, 1):
        raise InvalidTerms(f"type: got {value!r}; expected 0 (payments at the end of each period) or 1 (at its start)")
    return int(value)


def read_whole(field: str, value: object, least: int, most: Number | None = None, limit: str = "") -> int:
    """A whole number, at least `least` and, if there is a most, at most that rounded up to a whole number."""
    (number,) = read(**{field: value})
    if number != int(number) or number < least or (most is not None and number >= most + 1):
        upper = "or more" if most is None else f"to {-int(-most // 1)} ({limit})"
        raise error_of(field)(f"{field}: got {value}; expected a whole number, {least} {upper}")
    return int(number)
