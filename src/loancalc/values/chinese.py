"""Chinese market words for rates, put into the library's own notation: 日息万分之五 is `5‱/day`."""

from __future__ import annotations

import re
from fractions import Fraction

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PERIODS = {"年": "year", "月": "month", "日": "day", "天": "day"}
_SHARES = {"百": "%", "千": "‰", "万": "‱"}
_SIGNS = {"加": "+", "减": "-", "+": "+", "-": "-"}
_COMPOUNDING = {
    "半年": "semi-annually",
    "年": "annually",
    "季": "quarterly",
    "月": "monthly",
    "周": "weekly",
    "日": "daily",
}
_EFFECTIVE = ("实际年利率", "有效年利率")
_TRADITIONAL = str.maketrans("萬點兩減個", "万点两减个")

_DIGIT = "[0-9一二两三四五六七八九]"
_WHOLE = re.compile(
    "零|〇"
    "|(?P<hundreds>[一二两三四五六七八九])百(?:零(?P<after_zero>[一二三四五六七八九]))?"
    "|(?:(?P<big>[一二两三四五六七八九])百)?(?P<tens>[一二三四五六七八九]?)十(?P<units>[一二三四五六七八九]?)"
    "|(?P<digit>[一二两三四五六七八九])"
)
_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百点]+)"
_QUANTITY = (
    rf"(?P<share>[百千万])分之(?P<part>{_NUMBER})"
    rf"|(?P<fen>{_NUMBER})分(?:(?P<li>{_DIGIT}|半)厘?)?"
    rf"|(?P<only_li>{_NUMBER})厘(?:(?P<hao>{_DIGIT}|半)毫?)?"
    r"|(?P<plain>[0-9./]+(?:%|‰|‱|bps?))"
    rf"|(?P<bp>{_NUMBER})个?基点"
)
_RATE = re.compile(
    r"(?:(?P<before>实际年利率|有效年利率|年化利率|年化|[年月日]利率|[年月日]息|[每按]?[年月日天])[:为]?)?"
    rf"(?:{_QUANTITY})"
    r"(?:[/每](?P<after>[年月日天]))?"
    r"(?:[,、]?(?:按|每)?(?P<compounds>半年|[年季月周日])(?:计)?复利)?"
)
_MULTIPLE = re.compile(
    rf"(?P<times>{_NUMBER})倍|(?P<change>上浮|加收|下浮)(?:(?P<percent>{_NUMBER})%|百分之(?P<part>{_NUMBER}))"
)
_POINTS = re.compile(rf"(?P<sign>[-+加减]?)(?P<number>{_NUMBER})个?(?P<unit>百分点|基点)")


class _NotANumeral(Exception):
    """Characters of numerals that do not make a number, such as 五三 or 十十."""


def in_plain_notation(text: str) -> str:
    """Chinese words for a rate in the notation of `Rate.parse`; other text comes back as it is.

    Years, months and days come before (日息, 年化利率, 每天) or after (/年, 每月); quantities are
    百分之, 千分之, 万分之, 分 and 厘 (of a month), 基点; relative rates are 1.5倍, 上浮50%, 加收50%
    (both 1.5 times), 下浮10%, 加6个百分点. Numbers in digits or numerals (三点八五). A yearly rate may end in its compounding
    (按半年复利), or begin as 实际年利率.

    >>> [in_plain_notation(text) for text in ("日息万分之五", "年利率12%", "月息一分五", "百分之三点八五")]
    ['5‱/day', '12%/year', '3/2分/month', '3.85%']
    >>> [in_plain_notation(text) for text in ("1.5倍", "上浮50%", "加6个百分点", "12% a year")]
    ['1.5x', '3/2x', '+6pp', '12% a year']
    """
    words = re.sub(r"\s", "", text).translate(_TRADITIONAL)
    try:
        return _relative(words) or _rate(words) or text
    except _NotANumeral:
        return text


def number_text(text: str) -> str:
    """Digits as they are, Chinese numerals as digits.

    >>> [number_text(text) for text in ("0.5", "五", "十二", "一百零五", "三点八五")]
    ['0.5', '5', '12', '105', '3.85']
    """
    if text.isascii():
        return text
    whole, point, decimals = text.partition("点")
    match = _WHOLE.fullmatch(whole)
    if not match or bool(point) != bool(decimals) or not all(digit in _DIGITS for digit in decimals):
        raise _NotANumeral(text)
    found = {name: _DIGITS[digit] if digit else None for name, digit in match.groupdict().items()}
    hundreds = found["hundreds"] or found["big"] or 0
    tens = 0 if match["tens"] is None else found["tens"] or 1
    units = found["after_zero"] or found["units"] or found["digit"] or 0
    return str(100 * hundreds + 10 * tens + units) + ("." if point else "") + "".join(str(_DIGITS[d]) for d in decimals)


def _relative(words: str) -> str | None:
    if match := _MULTIPLE.fullmatch(words):
        if match["times"]:
            return f"{number_text(match['times'])}x"
        change = Fraction(number_text(match["percent"] or match["part"])) / 100
        return f"{1 - change if match['change'] == '下浮' else 1 + change}x"
    match = _POINTS.fullmatch(words)
    if match and (match["sign"] or match["unit"] == "百分点"):
        unit = "pp" if match["unit"] == "百分点" else "bp"
        return f"{_SIGNS.get(match['sign'], '')}{number_text(match['number'])}{unit}"
    return None


def _rate(words: str) -> str | None:
    match = _RATE.fullmatch(words)
    if not match:
        return None
    named = {
        _PERIODS[character]
        for part in match.group("before", "after")
        for character in part or ""
        if character in _PERIODS
    }
    if len(named) > 1:
        return None
    compounds = f" compounded {_COMPOUNDING[match['compounds']]}" if match["compounds"] else ""
    if match["before"] in _EFFECTIVE:
        compounds += " effective"  # of a rate that compounds too there is no reading
    return _quantity(match) + "".join(f"/{period}" for period in named) + compounds


def _quantity(match: re.Match[str]) -> str:
    if match["share"]:
        return number_text(match["part"]) + _SHARES[match["share"]]
    if match["bp"]:
        return number_text(match["bp"]) + "bp"
    if match["plain"]:
        return match["plain"]
    count, next_digit = match.group("fen", "li") if match["fen"] else match.group("only_li", "hao")
    return f"{Fraction(number_text(count)) + _tenths(next_digit)}{'分' if match['fen'] else '厘'}"


def _tenths(digit: str | None) -> Fraction:
    if not digit:
        return Fraction(0)
    return Fraction(1, 2) if digit == "半" else Fraction(number_text(digit)) / 10
