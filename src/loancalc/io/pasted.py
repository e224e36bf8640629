"""Amounts and dates as people paste them: read where they mean one thing, refused where they could mean two."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from loancalc.errors import InvalidAmount, InvalidDate
from loancalc.values.dates import read_date
from loancalc.values.money import currency_digits, read_decimal, to_minor

ACCEPTED_AMOUNT = "an amount such as 1066.19, 1,066.19 or ¥1066.19"
ACCEPTED_DAY = "a day with the year first: 2026-03-20, 2026/3/20 or 2026年3月20日"
_MOST_DIGITS = 18

_HALF_WIDTH: dict[int, str] = {0xFF01 + offset: chr(0x21 + offset) for offset in range(94)}
_HALF_WIDTH |= {0xFFE5: "¥", 0x2212: "-", 0x3000: " ", 0x00A0: " ", 0x202F: " ", 0x2009: " ", 0x2019: "'"}

_DOLLARS = frozenset(
    {"AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD", "NAD", "NZD"}
    | {"SBD", "SGD", "SRD", "TTD", "TWD", "USD", "XCD"}
)
_SIGNS: dict[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}),
    "元": frozenset({"CNY", "HKD", "MOP", "TWD"}),
    "圆": frozenset({"CNY", "HKD", "MOP", "TWD"}),
    "人民币": frozenset({"CNY"}),
    "RMB": frozenset({"CNY"}),
    "円": frozenset({"JPY"}),
    "$": _DOLLARS,
    "US$": frozenset({"USD"}),
    "HK$": frozenset({"HKD"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"FKP", "GBP", "GIP", "SHP"}),
}
_SIGN = "|".join((*map(re.escape, sorted(_SIGNS, key=len, reverse=True)), "[A-Z]{3}"))
_AMOUNT = re.compile(
    rf"(?P<minus>-?) ?(?P<before>(?:{_SIGN})?) ?(?P<number>[-+]?[0-9., ']*[0-9]) ?(?P<after>(?:{_SIGN})?)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_IN_THREES = re.compile(r"[-+]?[0-9]{1,3}(?P<mark>[, '])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?P<decimals>\.[0-9]+)?")
_IN_LAKHS = re.compile(r"[-+]?[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")

_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4}) ?(?:(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|年 ?(?P<zh_month>[0-9]{1,2}) ?月 ?(?P<zh_day>[0-9]{1,2}) ?[日号]?"
    r"|(?P<two_month>[0-9]{2})(?P<two_day>[0-9]{2}))(?:[ T]00:00(?::00)?)?"
)
_FIRST_YEAR = 1900


class Pasted(NamedTuple):
    """An amount, and the currencies that its sign can stand for (None where it has no sign)."""

    amount: Decimal
    currencies: frozenset[str] | None


def half_width(text: str) -> str:
    """Text with its full-width digits, letters, marks and spaces as plain ones, and no spaces around it.

    >>> half_width("１，０６６．１９ "), half_width("￥５")
    ('1,066.19', '¥5')
    """
    return text.translate(_HALF_WIDTH).strip()


def read_pasted(value: object, field: str, currency: str | None = None) -> Pasted:
    """An amount with a currency sign, thousands separators or full-width digits, exactly.

    Args:
        value: Text, a whole number or a Decimal.
        field: What the amount is, for the error.
        currency: The loan's currency: it fixes how many decimals there can be, and which signs fit.

    Raises:
        InvalidAmount: If it is no amount, could be read in two ways, has more decimals than the currency, or another
            currency's sign.

    >>> pasted = ("¥1,066.19", "１０６６．１９", "1066.19元", "CNY 500")
    >>> [str(read_pasted(text, "amount", "CNY").amount) for text in pasted]
    ['1066.19', '1066.19', '1066.19', '500']
    >>> read_pasted("1.066,19", "amount")
    Traceback (most recent call last):
    loancalc.errors.InvalidAmount: amount: got '1.066,19'; expected an amount such as 1066.19, 1,066.19 or ¥1066.19
    """
    digits = currency_digits(currency)
    currencies = None
    if isinstance(value, str):
        number, currencies = _number_in(value, field, digits)
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidAmount(f"{field}: got {value!r}; expected {ACCEPTED_AMOUNT}")
    else:
        number = _whole(value, field) if isinstance(value, int) else read_decimal(value, field)
    if currency and currencies is not None and currency not in currencies:
        raise InvalidAmount(f"{field}: got {value!r}; expected an amount in {currency}, the currency of the loan")
    if _has_too_many_digits(number):
        raise InvalidAmount(f"{field}: got {value!r}; expected an amount of at most {_MOST_DIGITS} digits")
    try:
        to_minor(number, digits, field)
    except InvalidAmount:
        raise InvalidAmount(f"{field}: got {value!r}; expected at most {digits} decimals") from None
    return Pasted(number, currencies)


def read_pasted_day(value: object, field: str) -> date:
    """A day written with its year first.

    Args:
        value: A date, a datetime at midnight, or text.
        field: What the date is, for the error.

    Raises:
        InvalidDate: If it is no day of the calendar, or its year does not come first.

    >>> [str(read_pasted_day(text, "date")) for text in ("2026/3/20", "2026年3月20日", "２０２６－０３－２０")]
    ['2026-03-20', '2026-03-20', '2026-03-20']
    >>> read_pasted_day("20/03/2026", "date")
    Traceback (most recent call last):
    loancalc.errors.InvalidDate: date: got '20/03/2026'; expected a day with the year first: 2026-03-20, 2026/3/20 ...
    """
    if isinstance(value, date | datetime):
        return read_date(value, field)
    found = _YEAR_FIRST.fullmatch(half_width(value)) if isinstance(value, str) else None
    if found is None:
        raise InvalidDate(f"{field}: got {value!r}; expected {ACCEPTED_DAY}")
    month, day = (
        next(int(found[name]) for name in names if found[name])
        for names in (("month", "zh_month", "two_month"), ("day", "zh_day", "two_day"))
    )
    if found["two_month"] and int(found["year"]) < _FIRST_YEAR:
        raise InvalidDate(f"{field}: got {value!r}; expected {ACCEPTED_DAY}")
    try:
        return date(int(found["year"]), month, day)
    except ValueError:
        raise InvalidDate(f"{field}: got {value!r}; the calendar has no such day; expected {ACCEPTED_DAY}") from None


def _number_in(value: str, field: str, digits: int) -> tuple[Decimal, frozenset[str] | None]:
    found = _AMOUNT.fullmatch(half_width(value))
    if found is None:
        raise InvalidAmount(f"{field}: got {value!r}; expected {ACCEPTED_AMOUNT}")
    number = found["number"]
    in_threes = _IN_THREES.fullmatch(number)
    if in_threes and digits == 3 and in_threes["mark"] == "," and number.count(",") == 1 and not in_threes["decimals"]:
        with_point, without = number.replace(",", "."), number.replace(",", "")
        raise InvalidAmount(f"{field}: got {value!r}; it could be {with_point} or {without}: write one of them")
    if not (_PLAIN.fullmatch(number) or in_threes or _IN_LAKHS.fullmatch(number)) or (
        found["minus"] and number[0] in "+-"
    ):
        raise InvalidAmount(f"{field}: got {value!r}; expected {ACCEPTED_AMOUNT}")
    amount = Decimal(found["minus"] + re.sub("[, ']", "", number))
    possible = [_currencies_of(sign, value, field) for sign in (found["before"], found["after"]) if sign]
    if not possible:
        return amount, None
    currencies = frozenset.intersection(*possible)
    if not currencies:
        raise InvalidAmount(f"{field}: got {value!r}; its two signs are of two currencies; expected {ACCEPTED_AMOUNT}")
    return amount, currencies


def _currencies_of(sign: str, value: str, field: str) -> frozenset[str]:
    name = sign.upper()
    if name in _SIGNS:
        return _SIGNS[name]
    try:
        currency_digits(name)
    except ValueError:
        raise InvalidAmount(f"{field}: got {value!r}; expected {ACCEPTED_AMOUNT}") from None
    return frozenset({name})


def _whole(value: int, field: str) -> Decimal:
    if abs(value) >= 10**_MOST_DIGITS:
        raise InvalidAmount(f"{field}: got a whole number too long to show; expected at most {_MOST_DIGITS} digits")
    return Decimal(value)


def _has_too_many_digits(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return bool(number) and (number.adjusted() >= _MOST_DIGITS or int(exponent) < -_MOST_DIGITS)
