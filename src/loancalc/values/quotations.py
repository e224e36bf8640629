"""Quotations: how rates are written, `"12% p.a."`, `"0.05%/day"`, `"+6pp"`, read into exact parts and back."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, SupportsIndex

from loancalc.errors import InvalidRate
from loancalc.values.chinese import in_plain_notation
from loancalc.values.money import format_minor

Period = Literal["year", "month", "day"]

# The first of each is how a rate prints.
PERIODS: dict[Period, tuple[str, ...]] = {
    "year": ("/year", "/yr", "a year", "per year", "per annum", "p.a.", "pa"),
    "month": ("/month", "/mo", "a month", "per month", "p.m.", "pm", "a.m."),
    "day": ("/day", "a day", "per day", "p.d.", "pd", "a night", "per night"),
}
COMPOUNDING = {
    1: ("effective", "effective annual", "compounded annually", "compounded yearly"),
    2: (
        "compounded semi-annually",
        "compounded semiannually",
        "compounded half-yearly",
        "compounded semi-annually, not in advance",
        "calculated semi-annually, not in advance",
        "calculated semi-annually not in advance",
        "semi-annual",
        "semiannual",
    ),
    4: ("compounded quarterly",),
    12: ("compounded monthly",),
    52: ("compounded weekly",),
    365: ("compounded daily",),
}
_UNITS = {"%": 100, "‰": 1000, "‱": 10_000, "bps": 10_000, "bp": 10_000, "分": 100, "厘": 1000}
_POINTS = {"pp": 100, "percentage points": 100, "percentage point": 100, "points": 100, "point": 100}
_POINTS |= {"bps": 10_000, "bp": 10_000}
_PERIOD_OF = {words: period for period, accepted in PERIODS.items() for words in accepted}
_COMPOUNDS_OF = {words: times for times, accepted in COMPOUNDING.items() for words in accepted}

EXPECTED = "a rate with its unit, such as '12%', '1%/month', '0.05%/day' or '120bp', or a yearly fraction such as 0.12"
ONE_PERCENT_MONTHLY = "1% compounding every month is '12% compounded monthly'"
EXPECTED_RELATIVE = "a multiple such as '1.5x' or points such as '+6pp' or '-50bp'"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


_NUMBER = r"(?:[0-9]+/0*[1-9][0-9]*|[0-9]*\.[0-9]+|[0-9]+)"
_RATE = re.compile(
    rf"(?P<sign>[-+]?) ?(?P<number>{_NUMBER})"
    rf"(?: ?(?P<unit>{_any_of(_UNITS)})"
    rf"(?: ?(?P<period>{_any_of(_PERIOD_OF)}))?(?:,? ?(?P<compounds>{_any_of(_COMPOUNDS_OF)}))?)?"
)
_RELATIVE = re.compile(
    rf"(?:(?P<multiple>{_NUMBER}) ?[x×] ?)?(?:(?P<sign>[-+]) ?(?P<points>{_NUMBER}) ?(?P<unit>{_any_of(_POINTS)}))?"
)
_RELATIVE_MARK = re.compile(r"^[-+]|[x×]|pp|point")
_SIGNED_PERCENT = re.compile(rf"(?P<sign>[-+]) ?(?P<number>{_NUMBER}) ?%")

_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x2212: "-"}  # and the minus sign
_MOST_CHARACTERS = 1000
_MOST_DECIMALS = 400
_MOST_BITS = 1500


class Quotation(NamedTuple):
    """What a text says: a fraction per period, and how often a year it compounds, if it does."""

    value: Fraction
    per: Period
    compounds: int | None


def read_rate(text: str, field: str, *, late: bool = False) -> Quotation:
    """The parts of an absolute rate; `late` refuses what could also be a multiple of another rate.

    >>> read_rate("5% semi-annual", "rate")
    Quotation(value=Fraction(1, 20), per='year', compounds=2)
    """
    plain = _tidy(text, field)
    match = _RATE.fullmatch(plain)
    if not match:
        relative = "such a rate is relative to another one; " if _RELATIVE_MARK.search(plain) else ""
        raise InvalidRate(f"{field}: got {text!r}; {relative}expected {EXPECTED}")
    number, unit = Fraction(match["number"]), match["unit"]
    if not unit:
        raise InvalidRate(f"{field}: got {text!r}; a bare number is unclear: write {readings(number, late=late)}")
    if match["sign"] == "+":
        raise InvalidRate(f"{field}: got {text!r}; a sign makes a rate relative; expected {EXPECTED}")
    if match["sign"] and number:
        raise InvalidRate(f"{field}: got {text!r}; expected a rate of 0 or more")
    value = number / _UNITS[unit]
    period = _PERIOD_OF[match["period"]] if match["period"] else None
    _refuse_doubt(text, field, value, unit, period)
    if late and value >= 1 and plain.endswith("%"):
        raise InvalidRate(
            f"{field}: got {text!r}; write '{decimal_text(value)}x' (times a rate) or '{percent(value)}/year'"
        )
    compounds = _COMPOUNDS_OF[match["compounds"]] if match["compounds"] else None
    if compounds and period not in (None, "year"):
        raise InvalidRate(f"{field}: got {text!r}; expected a yearly rate, only those compound: {ONE_PERCENT_MONTHLY}")
    return Quotation(sized(value, field), period or "year", compounds)


def read_relative(text: str, field: str) -> tuple[Fraction, Fraction]:
    """The multiple of, and the points (as a fraction) over, a rate that is named elsewhere.

    >>> read_relative("1.5x", "rate"), read_relative("-50bp", "rate")
    ((Fraction(3, 2), Fraction(0, 1)), (Fraction(1, 1), Fraction(-1, 200)))
    """
    plain = _tidy(text, field)
    match = _RELATIVE.fullmatch(plain)
    if not plain or not match:
        raise InvalidRate(f"{field}: got {text!r}; {_signed_percent_readings(plain)}expected {EXPECTED_RELATIVE}")
    points = Fraction(match["points"]) / _POINTS[match["unit"]] if match["points"] else Fraction(0)
    return sized(Fraction(match["multiple"] or 1), field), sized(-points if match["sign"] == "-" else points, field)


def is_relative(text: str, field: str) -> bool:
    """Whether a text is, or tries to be, relative: it has a sign, a multiplication mark or points.

    >>> [is_relative(text, "rate") for text in ("1.5x", "+6%", "6pp", "18%", "5% semi-annual")]
    [True, True, True, False, False]
    """
    return bool(_RELATIVE_MARK.search(_tidy(text, field)))


def read_fraction(value: Decimal | Fraction | float | SupportsIndex, field: str) -> Fraction:
    """A number as an exact fraction; a float is read as the shortest decimal that prints it.

    Raises:
        InvalidRate: If it is a bool, NaN, infinite, has more than 400 decimals or is not a number.
    """
    if isinstance(value, Fraction):
        return sized(value, field)
    if isinstance(value, float):
        value = Decimal(float.__repr__(value))
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int):
            raise InvalidRate(f"{field}: got {value}; expected a finite number")
        if abs(exponent) > _MOST_DECIMALS:
            raise InvalidRate(f"{field}: got {value}; expected at most {_MOST_DECIMALS} decimals")
        return sized(Fraction(value), field)
    if isinstance(value, bool):
        raise InvalidRate(f"{field}: got {value!r}; expected {EXPECTED}")
    try:
        number = Fraction(operator.index(value))
    except TypeError:
        raise InvalidRate(f"{field}: got {value!r}; expected {EXPECTED}") from None
    return sized(number, field)


def sized(value: Fraction, field: str) -> Fraction:
    """The value itself; a fraction with more digits than its text could carry is an InvalidRate."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS:
        raise InvalidRate(f"{field}: got a fraction of more than {_MOST_BITS} bits; expected fewer digits")
    return value


def readings(number: Fraction, *, late: bool = False) -> str:
    """What a number without a unit could mean.

    >>> print(readings(Fraction(7)))
    '7%' or '700%'
    """
    multiple = f" or '{decimal_text(number)}x' (times a rate)" if late else ""
    return f"'{percent(number / 100)}' or '{percent(number)}'{multiple}"


def percent(value: Fraction) -> str:
    """A fraction as exact text in percent.

    >>> percent(Fraction(1, 8)), percent(Fraction(1, 3))
    ('12.5%', '100/3%')
    """
    return f"{decimal_text(100 * value)}%"


def decimal_text(number: Fraction) -> str:
    """A number as decimal text where that ends, as a fraction where it does not.

    >>> decimal_text(Fraction(1, 8)), decimal_text(Fraction(1, 3)), decimal_text(Fraction(-5, 2))
    ('0.125', '1/3', '-2.5')
    """
    top, bottom = number.as_integer_ratio()
    twos = (bottom & -bottom).bit_length() - 1
    fives, rest = 0, bottom >> twos
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1:
        return f"{top}/{bottom}"
    places = max(twos, fives)
    return format_minor(top * 10**places // bottom, places)


def _tidy(text: str, field: str) -> str:
    """Half-width characters, small letters, single spaces, Chinese words translated.

    Only full-width forms are replaced: compatibility normalization would also turn 1² into 12.
    """
    if len(text) > _MOST_CHARACTERS:
        raise InvalidRate(f"{field}: got a text of {len(text)} characters; expected {EXPECTED}")
    plain = in_plain_notation(" ".join(text.translate(_HALF_WIDTH).casefold().split()))
    return re.sub(r" ?/ ?", "/", plain)


def _refuse_doubt(text: str, field: str, value: Fraction, unit: str, period: Period | None) -> None:
    """Per mille is quoted by the day, the month and the year; 分 and 厘 leave no doubt only by the month."""
    if unit in "‰‱" and period is None:
        choices = " or ".join(f"'{percent(value)}/{per}'" for per in PERIODS)
    elif unit in "分厘" and period != "month":
        scale = {"year": Fraction(10), "day": Fraction(1, 10), None: Fraction(1)}[period]
        other = f"'{percent(10 * value)}/year'" if period is None else f"'{percent(value)}/{period}'"
        choices = f"'{percent(scale * value)}/{period or 'month'}' or {other}"
    else:
        return
    raise InvalidRate(f"{field}: got {text!r}, which has more than one reading; write {choices}")


def _signed_percent_readings(plain: str) -> str:
    match = _SIGNED_PERCENT.fullmatch(plain)
    if not match:
        return ""
    number = Fraction(match["number"])
    multiple = 1 + (number if match["sign"] == "+" else -number) / 100
    return f"it could be '{match['sign']}{decimal_text(number)}pp' or '{decimal_text(multiple)}x'; "
