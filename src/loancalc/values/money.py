"""Money: `Decimal` for people, whole minor units (`int`) inside, and splitting without losing a cent."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from functools import cache
from itertools import repeat
from typing import SupportsIndex

from loancalc.errors import InvalidAmount, unknown_name

_EXPECTED = "a whole number, a Decimal, a float or text such as '1066.19'"

Amount = SupportsIndex | str | Decimal | float
"""What is accepted where money is asked for. A float is read as the shortest decimal that prints it."""

DEFAULT_DIGITS = 2

# ISO 4217 (list one, maintained by SIX): active codes by the number of decimals of their minor unit.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
    "CHW CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV "
    "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_ALSO = {"RMB": "CNY", "人民币": "CNY"}
_DIGITS_OF = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}

_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_MOST_FIGURES = 1000
_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


def currency_code(currency: str | None) -> str | None:
    """The ISO 4217 code in capitals, or None where no currency was given.

    Raises:
        UnknownName: If it is no code of ISO 4217.

    >>> currency_code("cny"), currency_code("人民币")
    ('CNY', 'CNY')
    """
    if currency is None:
        return None
    code = currency.strip().upper() if isinstance(currency, str) else ""
    code = _ALSO.get(code, code)
    if code not in _DIGITS_OF:
        raise unknown_name("currency", currency, sorted(_DIGITS_OF), "a code of ISO 4217, such as CNY, EUR or USD")
    return code


def currency_digits(currency: str | None) -> int:
    """Decimals of the currency's minor unit (ISO 4217); 2 where no currency was given.

    >>> [currency_digits(code) for code in ("CNY", "JPY", "KWD", None)]
    [2, 0, 3, 2]
    """
    code = currency_code(currency)
    return DEFAULT_DIGITS if code is None else _DIGITS_OF[code]


def read_decimal(value: Amount, field: str) -> Decimal:
    """`value` as an exact, finite Decimal.

    Raises:
        InvalidAmount: If it is a bool, NaN, infinite, or text that is not a plain number.

    >>> read_decimal(0.1, "amount")
    Decimal('0.1')
    """
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, str):
        text = value.strip()
        if not _PLAIN_NUMBER.match(text):
            raise InvalidAmount(f"{field}: got {value!r}; expected {_EXPECTED}")
        return Decimal(text)
    elif isinstance(value, bool):
        raise InvalidAmount(f"{field}: got {value!r}; expected {_EXPECTED}")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidAmount(f"{field}: got {value!r}; expected a finite number")
        number = Decimal(float.__repr__(value))
    else:
        try:
            number = Decimal(operator.index(value))
        except TypeError:
            raise InvalidAmount(f"{field}: got {value!r}; expected {_EXPECTED}") from None
    if not number.is_finite():
        raise InvalidAmount(f"{field}: got {value}; expected a finite number")
    return number


def to_minor(value: Amount, digits: int = DEFAULT_DIGITS, field: str = "amount") -> int:
    """`value` in whole minor units, exactly.

    Args:
        value: An amount of money, in units of the currency.
        digits: Decimals of the currency's minor unit.
        field: What the amount is, for the error message.

    Raises:
        InvalidAmount: If it is not a finite number or has more decimals than the currency.

    >>> to_minor("1066.19"), to_minor(12_000), to_minor(0.1), to_minor(500, digits=0)
    (106619, 1200000, 10, 500)
    """
    if type(value) is int:
        return int(value * 10**digits)
    number = value if type(value) is Decimal and value.is_finite() else read_decimal(value, field)
    size = number.adjusted()
    if size > _MOST_FIGURES:
        raise InvalidAmount(f"{field}: got {value}; expected less than 1e{_MOST_FIGURES}")
    if size >= -digits:
        numerator, denominator = number.as_integer_ratio()
        one: int = 10**digits
        if one % denominator == 0:  # the ratio is reduced
            return numerator * (one // denominator)
    elif not number:  # 0E-999999 is nothing, and no ratio worth writing out
        return 0
    raise InvalidAmount(f"{field}: got {value}; expected at most {digits} decimals")


def add(*amounts: Decimal) -> Decimal:
    """The exact sum of amounts, whatever the caller's decimal context.

    >>> add(Decimal("1066.19"), Decimal("20.00"), Decimal("0.00"))
    Decimal('1086.19')
    """
    total = amounts[0]
    for amount in amounts[1:]:
        total = _EXACT.add(total, amount)
    return total


def subtract(amount: Decimal, less: Decimal) -> Decimal:
    """The exact difference of two amounts, whatever the caller's decimal context.

    >>> subtract(Decimal("1557.18"), Decimal("794.23"))
    Decimal('762.95')
    """
    return _EXACT.subtract(amount, less)


def to_decimals(minors: Iterable[int], digits: int = DEFAULT_DIGITS) -> list[Decimal]:
    """A column of minor units as Decimals.

    >>> to_decimals([106619, 5])
    [Decimal('1066.19'), Decimal('0.05')]
    """
    return list(map(_EXACT.multiply, minors, repeat(minor_unit(digits))))


@cache
def minor_unit(digits: int) -> Decimal:
    """One minor unit: `Decimal('0.01')` for 2 digits."""
    return Decimal((0, (1,), -digits))


def to_decimal(minor: int, digits: int = DEFAULT_DIGITS) -> Decimal:
    """Minor units as a Decimal with all its decimals, whatever the caller's decimal context.

    >>> to_decimal(106619), to_decimal(0), to_decimal(-5), to_decimal(500, digits=0)
    (Decimal('1066.19'), Decimal('0.00'), Decimal('-0.05'), Decimal('500'))
    """
    return _EXACT.multiply(minor, minor_unit(digits))


def split_minor(total: int, parts: int) -> list[int]:
    """`total` minor units in `parts` shares that differ by at most one; the earliest are the larger.

    >>> split_minor(100, 3)
    [34, 33, 33]
    """
    share, left = divmod(total, parts)
    return [share + 1] * left + [share] * (parts - left)


def format_minor(minor: int, digits: int = DEFAULT_DIGITS) -> str:
    """Minor units as text, without a thousands separator.

    >>> format_minor(106619), format_minor(-5), format_minor(500, digits=0)
    ('1066.19', '-0.05', '500')
    """
    if not digits:
        return str(minor)
    whole, part = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{digits}}"


def show_ratio(numerator: int, denominator: int, digits: int, more: int = 4) -> str:
    """An exact ratio of minor units as text, with up to `more` decimals beyond the minor unit; `...` where it goes on.

    >>> show_ratio(995505, 1000, 2), show_ratio(100, 3, 2)
    ('9.95505', '0.333333...')
    """
    scaled, left = divmod(abs(numerator) * 10**more, denominator)
    text = format_minor(-scaled if numerator < 0 else scaled, digits + more)
    if left:
        return f"{text}..."
    shortest = len(text) - more
    trimmed = text[:shortest] + text[shortest:].rstrip("0")
    return trimmed.rstrip(".")
