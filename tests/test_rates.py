"""Rates: the words that are read, the doubts that are refused, and interest for an interval, exactly."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loancalc.errors import InvalidRate, UnknownName
from loancalc.values.compounding import growth
from loancalc.values.quotations import COMPOUNDING, decimal_text
from loancalc.values.rates import Rate, RelativeRate, parse_late_rate

PERCENT = Fraction(1, 100)

market_values = st.decimals(min_value=0, max_value=10, places=6).map(Fraction)
values = st.one_of(
    market_values,
    st.fractions(min_value=0, max_value=100, max_denominator=10**6),
    st.floats(min_value=0, max_value=0.99).map(lambda number: Fraction(repr(number))),
)


def rates_of(values: st.SearchStrategy[Fraction]) -> st.SearchStrategy[Rate]:
    simple = st.builds(Rate, values, st.sampled_from(["year", "month", "day"]))
    return simple | st.builds(Rate, values, st.just("year"), st.sampled_from(sorted(COMPOUNDING)))


rates, market_rates = rates_of(values), rates_of(market_values)
relative_rates = st.builds(RelativeRate, values, st.fractions(min_value=-1, max_value=1, max_denominator=10**4))
shares = st.fractions(min_value=0, max_value=5, max_denominator=366)


def ratio(pair: tuple[int, int]) -> Fraction:
    assert pair[1] > 0
    return Fraction(*pair)


# Laws of text


@given(rates)
def test_a_rate_is_read_back_from_its_text(rate: Rate) -> None:
    assert Rate.parse(str(rate)) == rate


@given(rates)
def test_a_rate_is_read_back_from_its_repr_and_its_pickle(rate: Rate) -> None:
    assert eval(repr(rate)) == rate
    assert pickle.loads(pickle.dumps(rate)) == rate == copy.deepcopy(rate)
    assert len({rate, pickle.loads(pickle.dumps(rate)), Rate.parse(rate)}) == 1


@given(relative_rates)
def test_a_relative_rate_is_read_back_from_its_text_repr_and_pickle(rate: RelativeRate) -> None:
    assert RelativeRate.parse(str(rate)) == rate == parse_late_rate(str(rate))
    assert eval(repr(rate)) == rate == pickle.loads(pickle.dumps(rate))


@given(rates.filter(lambda rate: rate.value < 1))
def test_a_late_rate_is_read_as_the_rate_it_prints(rate: Rate) -> None:
    assert parse_late_rate(str(rate)) == rate == parse_late_rate(rate)


@given(st.text(alphabet="0123456789.,/+-eE _ 一二三十百点零〇１２．", max_size=12))
def test_text_without_a_unit_is_never_read(text: str) -> None:
    with pytest.raises(InvalidRate, match=r"^loan.rate: got "):
        Rate.parse(text, "loan.rate")
    with pytest.raises(InvalidRate, match=r"^late.rate: got "):
        parse_late_rate(text, "late.rate")


@given(st.text(alphabet="0123456789./%‰‱bpxp+-a年月日息利率万分之一五半厘百点十零倍上浮个 ", max_size=14))
def test_any_text_is_a_rate_or_an_invalid_rate(text: str) -> None:
    for read in (Rate.parse, RelativeRate.parse, parse_late_rate):
        try:
            rate = read(text)
        except InvalidRate:
            continue
        assert parse_late_rate(str(rate)) == rate


@given(st.decimals(min_value=0, max_value="0.999999", places=6))
def test_a_number_below_one_is_the_yearly_fraction_that_it_prints(number: Decimal) -> None:
    same = {Rate.parse(number), Rate.parse(float(number)), Rate.parse(Fraction(number))}
    assert same == {Rate(Fraction(number))} == {Rate.parse(f"{decimal_text(100 * Fraction(number))}%")}


@given(values, st.sampled_from(["1", "7.25", "0.05"]))
def test_case_spaces_and_full_width_do_not_change_a_rate(value: Fraction, number: str) -> None:
    plain = Rate.parse(f"{number}% p.a.")
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" for c in f"{number}% P.A.")
    assert Rate.parse(f"  {number} %\u00a0P.A. ") == plain == Rate.parse(wide)


# Laws of time


@given(st.builds(Rate, values, st.just("day")), st.integers(0, 10_000), st.integers(0, 10_000), shares)
def test_interest_at_a_daily_rate_is_linear_in_nights_and_reads_no_share(
    rate: Rate, first: int, second: int, share: Fraction
) -> None:
    both = ratio(rate.factor(share, first + second))
    assert both == ratio(rate.factor((0, 1), first)) + ratio(rate.factor(share, second))
    assert both == rate.value * (first + second)


@given(st.builds(Rate, values, st.sampled_from(["year", "month"])), shares, st.integers(0, 400))
def test_simple_interest_is_the_yearly_rate_times_the_share_whatever_the_nights(
    rate: Rate, share: Fraction, nights: int
) -> None:
    assert (
        ratio(rate.factor(share, nights))
        == rate.yearly * share
        == ratio(rate.factor((share.numerator * 3, share.denominator * 3), 0))
    )


@given(market_rates, st.lists(shares, min_size=2, max_size=6))
def test_interest_never_falls_as_the_interval_grows(rate: Rate, intervals: list[Fraction]) -> None:
    factors = [ratio(rate.factor(share, int(share * 366))) for share in sorted(intervals)]
    assert all(earlier <= later for earlier, later in pairwise(factors))
    assert ratio(rate.factor((0, 1), 0)) == 0


@given(values, st.sampled_from(sorted(COMPOUNDING)), st.integers(0, 60))
def test_compounding_over_whole_compounding_periods_is_exact(value: Fraction, times: int, count: int) -> None:
    rate = Rate(value, compounds=times)
    assert ratio(rate.factor((count, times), 0)) == (1 + value / times) ** count - 1


@given(st.decimals("0.000001", 3, places=6).map(Fraction), st.integers(1, 12))
def test_a_rational_root_is_exact_even_where_its_decimals_do_not_end(rate: Fraction, parts: int) -> None:
    third = rate / 3
    effective = Rate((1 + third) ** parts - 1, compounds=1)
    assert ratio(effective.factor((1, parts), 0)) == third


@given(
    market_values.filter(bool),
    st.sampled_from(sorted(COMPOUNDING)),
    st.fractions(min_value=Fraction(1, 366), max_value=5, max_denominator=366),
)
def test_a_compounding_factor_is_right_to_half_a_unit_of_its_thirtieth_digit(
    value: Fraction, times: int, share: Fraction
) -> None:
    top, bottom = Rate(value, compounds=times).factor(share, 0)
    with localcontext() as context:
        context.prec = 100
        base = 1 + Decimal(value.numerator) / value.denominator / times
        true = base ** (Decimal(times * share.numerator) / share.denominator) - 1
        half_a_unit = Decimal((0, (5,), true.adjusted() - 30))
        assert abs(Decimal(top) / bottom - true) <= half_a_unit


def test_a_compounding_rate_reaches_zero_smoothly() -> None:
    for exponent in (20, 40, 300):
        tiny = Fraction(1, 10**exponent)
        for times in COMPOUNDING:
            month = ratio(Rate(tiny, compounds=times).factor((1, 7), 0))
            assert abs(month / (tiny / 7) - 1) < Fraction(1, 10**18)


def test_the_callers_decimal_context_never_reaches_a_rate() -> None:
    def everything() -> list[object]:
        texts = ("12.3456789%", "5% semi-annual", "26.824179456% effective", "0.0512345‰/day", "日息万分之五点二三四五")
        read = [Rate.parse(text) for text in texts] + [Rate.parse(Decimal("0.123456789")), Rate.parse(0.123456789)]
        times = [rate.factor((31, 365), 31) for rate in read]
        return [*read, *times, *map(str, read)]

    expected = everything()
    growth.cache_clear()
    with localcontext() as context:
        context.prec = 3
        context.rounding = "ROUND_UP"
        assert everything() == expected
    assert getcontext().prec != 3


# What is read


@pytest.mark.parametrize(
    "text",
    [
        "5% compounded semi-annually", "5% compounded semi-annually, not in advance",
        "5% per annum, calculated semi-annually, not in advance", "5% calculated semi-annually not in advance",
        "5% compounded half-yearly", "5% semiannual", "年利率5%，按半年复利", "年利率百分之五、按半年计复利", "5%半年复利",
    ],
)  # fmt: skip
def test_the_canadian_rate_in_every_accepted_word(text: str) -> None:
    assert Rate.parse(text) == Rate.semiannual("5%")


@pytest.mark.parametrize(
    "text", ["5% effective", "5% effective annual", "5% compounded annually", "实际年利率5%", "年利率5%按年复利"]
)
def test_an_effective_rate_in_every_accepted_word(text: str) -> None:
    assert Rate.parse(text) == Rate.effective("5%")


@pytest.mark.parametrize("text", ["月利率1%按月复利", "实际年利率5%按月复利", "日息万分之五日复利", "月复利1%"])
def test_chinese_words_that_compound_what_is_no_plain_yearly_rate_are_refused(text: str) -> None:
    with pytest.raises(InvalidRate):
        Rate.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "12%", "12 %", "12.0%", "12%/year", "12% / yr", "12% a year", "12% per year", "12% per annum", "12% p.a.",
        "12% PA", "1200bp", "1200 bps", "1200bp/year", "120‰/year", "12/1%", "１２％", "年利率12%", "年利率：12%",
        "年利率为12%", "年化12%", "年化利率12%", "年息12%", "年利率百分之十二", "百分之十二", "百分之12", "12%/年",
        "每年12%", "12%每年", "年利率 12 %", "1200个基点/年", "年利率12%/年",
    ],
)  # fmt: skip
def test_twelve_percent_a_year_in_every_accepted_word(text: str) -> None:
    assert Rate.parse(text) == Rate(12 * PERCENT)


@pytest.mark.parametrize(
    "text",
    [
        "1%/month", "1%/mo", "1% a month", "1% per month", "1% p.m.", "1% a.m.", "1% pm", "100bp/month",
        "10‰/month", "月利率1%", "月息1%", "1%/月", "每月1%", "月息1分", "月息一分", "月利率10‰", "月息千分之十",
        "月息百分之一", "月息10厘",
    ],
)  # fmt: skip
def test_one_percent_a_month_in_every_accepted_word(text: str) -> None:
    assert Rate.parse(text) == Rate(PERCENT, "month")


@pytest.mark.parametrize(
    "text",
    [
        "0.05%/day", ".05%/day", "0.05% a day", "0.05% per day", "0.05% p.d.", "0.05% a night", "5bp/day",
        "0.5‰/day", "5‱/day", "1/20%/day", "日利率0.05%", "日息0.05%", "0.05%/日", "0.05%/天", "日息万分之五",
        "日利率万分之五", "万分之五/日", "万分之五/天", "日万分之五", "每日万分之五", "每天万分之五",
        "按日万分之五", "日息万分之5", "日息萬分之五", "日息千分之零点五", "日息百分之零点零五", "日息5基点",
    ],
)  # fmt: skip
def test_five_in_ten_thousand_a_day_in_every_accepted_word(text: str) -> None:
    assert Rate.parse(text) == Rate(5 * PERCENT / 100, "day")


@pytest.mark.parametrize(
    ("text", "percent_a_month"),
    [
        ("月息5厘", "0.5"), ("月息五厘", "0.5"), ("月息一分五", "1.5"), ("月息一分五厘", "1.5"),
        ("月息1分5厘", "1.5"), ("月息1分5", "1.5"), ("月息1.5分", "1.5"), ("月息一点五分", "1.5"),
        ("月息一分半", "1.5"), ("月息两分", "2"), ("月息3分", "3"), ("月息8厘5", "0.85"), ("月息八厘五毫", "0.85"),
        ("月息五厘半", "0.55"), ("1分5厘/月", "1.5"), ("月息千分之八", "0.8"), ("月息15厘", "1.5"),
    ],
)  # fmt: skip
def test_fen_and_li_of_a_month(text: str, percent_a_month: str) -> None:
    assert Rate.parse(text) == Rate(Fraction(percent_a_month) * PERCENT, "month")


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("百分之三点八五", "3.85"), ("百分之二十四", "24"), ("百分之十", "10"), ("百分之三十", "30"),
        ("百分之十五点四", "15.4"), ("百分之一百二十", "120"), ("百分之一百零五", "105"), ("百分之一百一十", "110"),
        ("百分之零", "0"), ("百分之〇点五", "0.5"), ("百分之二百", "200"),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, percent: str) -> None:
    assert Rate.parse(text) == Rate(Fraction(percent) * PERCENT)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("5% effective", 1), ("5%/year effective", 1), ("5% p.a. effective", 1), ("5% compounded annually", 1),
        ("5% semi-annual", 2), ("5% compounded semi-annually", 2), ("5% a year, compounded semi-annually", 2),
        ("5% compounded quarterly", 4), ("5% Compounded Monthly", 12), ("5% compounded weekly", 52),
        ("500bp compounded daily", 365),
    ],
)  # fmt: skip
def test_compounding_is_explicit(text: str, times: int) -> None:
    assert Rate.parse(text) == Rate(5 * PERCENT, compounds=times) != Rate(5 * PERCENT)


def test_compounding_rates_have_named_constructors() -> None:
    assert (
        Rate.effective("5%")
        == Rate.parse("5% effective")
        == Rate.effective(Rate.parse("5% effective"))
        == Rate.effective(0.05)
    )
    assert Rate.semiannual("5%") == Rate.parse("5% semi-annual") == Rate.semiannual(Decimal("0.05"))
    for refused in ("5%/month", "0.05%/day", "5% compounded monthly"):
        with pytest.raises(InvalidRate, match=r"^loan.rate: got .*expected a plain yearly rate"):
            Rate.semiannual(refused, "loan.rate")


@pytest.mark.parametrize("text", ["0%", "0%/day", "-0%", "0.00% a month"])
def test_zero_is_a_rate(text: str) -> None:
    assert Rate.parse(text).value == 0
    assert Rate.parse(0) == Rate(Fraction(0)) == Rate.parse(0.0) == Rate.parse(Decimal("0.00"))


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Rate(12 * PERCENT), "12%/year"), (Rate(PERCENT / 20, "day"), "0.05%/day"),
        (Rate(PERCENT, "month"), "1%/month"), (Rate(5 * PERCENT, compounds=1), "5%/year effective"),
        (Rate(Fraction(1, 3)), "100/3%/year"), (RelativeRate(Fraction(3, 2)), "1.5x"),
        (RelativeRate(points=6 * PERCENT), "+6pp"), (RelativeRate(), "1x"),
        (RelativeRate(Fraction(4, 3), -PERCENT / 2), "4/3x-0.5pp"),
    ],
)  # fmt: skip
def test_how_rates_print(rate: Rate | RelativeRate, text: str) -> None:
    assert str(rate) == text
    assert repr(rate) == f"{type(rate).__name__}.parse({text!r})"


# What is refused


@pytest.mark.parametrize(
    ("text", "small", "large"),
    [
        ("7", "7%", "700%"),
        ("0.07", "0.07%", "7%"),
        ("12", "12%", "1200%"),
        (" １２ ", "12%", "1200%"),
    ],
)
def test_a_bare_number_in_text_shows_both_readings(text: str, small: str, large: str) -> None:
    with pytest.raises(InvalidRate) as caught:
        Rate.parse(text)
    assert str(caught.value) == f"rate: got {text!r}; a bare number is unclear: write '{small}' or '{large}'"
    with pytest.raises(InvalidRate) as caught:
        parse_late_rate(text)
    readings = f"'{small}' or '{large}' or '{small[:-1]}x' (times a rate)"
    assert str(caught.value) == f"rate: got {text!r}; a bare number is unclear: write {readings}"


@pytest.mark.parametrize("number", [7, 1, 1.0, 12.5, Decimal(7), Fraction(3, 2), 10**30, Decimal("1e30")])
def test_a_number_of_one_or_more_shows_both_readings(number: float | Decimal | Fraction) -> None:
    small, large = (decimal_text(Fraction(number) * times) for times in (1, 100))
    with pytest.raises(InvalidRate, match=f"'{small}%' or '{large}%'"):
        Rate.parse(number)


def test_seven_could_be_seven_or_seven_hundred_percent() -> None:
    with pytest.raises(InvalidRate) as caught:
        Rate.parse(7, "loan.rate")
    assert str(caught.value) == "loan.rate: got 7; a number is a yearly fraction below 1: write '7%' or '700%'"


@pytest.mark.parametrize(
    "number",
    [
        float("nan"), float("inf"), -float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), True,
        False, None, [], 1j, -0.01, Decimal("-1"), -1, Fraction(-1, 10), Decimal("1e-400000000"),
        Decimal("1e400000000"), b"12%", "nan%", "inf%",
    ],
)  # fmt: skip
def test_what_is_not_a_number_is_refused_with_its_field(number: object) -> None:
    for read in (Rate.parse, parse_late_rate):
        with pytest.raises(InvalidRate, match=r"^loan\.rate: got "):
            read(number, "loan.rate")  # type: ignore[arg-type]  # the wrong types are the test


@pytest.mark.parametrize(
    "text",
    [
        "", "%", "twelve percent", "12%%", "1,5%", "1.000,5%", "1e-2%", "1/0%", "12%/week", "12% monthly",
        "12% a.a.", "1²%", "5½%", "٣%", "1_0%", "12 bp x", "0x1%", "-1%", "--1%", "+6%", "1.5x", "+6pp", "6pp",
        "6 points", "5% quarterly", "1%/month effective", "0.05%/day compounded monthly", "万分之", "百分之五三",
        "百分之一百五", "百分之十十", "百分之点五", "百分之五点", "月息%", "日息0.05%/年", "周息1%", "月息1分15",
        "月息一分一十", "1.5倍", "12%" * 400, "1/" + "9" * 900 + "%", "9" * 5000 + "%", "LPR+60bp",
    ],
)  # fmt: skip
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRate, match=r"^rate: got "):
        Rate.parse(text)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("年息1分", "'10%/year' or '1%/year'"), ("年息5厘", "'5%/year' or '0.5%/year'"),
        ("日息1分", "'0.1%/day' or '1%/day'"), ("日息5厘", "'0.05%/day' or '0.5%/day'"),
        ("1分5厘", "'1.5%/month' or '15%/year'"), ("万分之五", "'0.05%/year' or '0.05%/month' or '0.05%/day'"),
        ("千分之八", "'0.8%/year' or '0.8%/month' or '0.8%/day'"),
        ("5‰", "'0.5%/year' or '0.5%/month' or '0.5%/day'"),
    ],
)  # fmt: skip
def test_market_words_that_leave_a_doubt_show_their_readings(text: str, readings: str) -> None:
    with pytest.raises(InvalidRate) as caught:
        Rate.parse(text)
    assert str(caught.value) == f"rate: got {text!r}, which has more than one reading; write {readings}"


def test_a_rate_is_a_fraction_of_a_known_period_and_only_a_yearly_one_compounds() -> None:
    for value in (0.12, Decimal("0.12"), "12%", 1, True):
        with pytest.raises(InvalidRate, match="expected a Fraction"):
            Rate(value)  # type: ignore[arg-type]  # the wrong types are the test
    with pytest.raises(InvalidRate, match="expected 0 or more"):
        Rate(Fraction(-1, 100))
    with pytest.raises(UnknownName, match="accepted: year, month, day"):
        Rate(PERCENT, "week")  # type: ignore[arg-type]  # the wrong name is the test
    for times in (0, 3, -1, True, 2.0):
        with pytest.raises(InvalidRate, match="times a year: 1, 2, 4, 12, 52, 365"):
            Rate(PERCENT, compounds=times)  # type: ignore[arg-type]  # the wrong types are the test
    with pytest.raises(InvalidRate, match="compounded monthly"):
        Rate(PERCENT, "month", 12)
    with pytest.raises(InvalidRate, match="fewer digits"):
        Rate(Fraction(1, 10**5000))


def test_a_daily_or_a_compounding_rate_has_no_yearly_value() -> None:
    assert Rate.parse("12%").yearly == Rate.parse("1%/month").yearly == 12 * PERCENT
    with pytest.raises(InvalidRate, match="no yearly value without a day count"):
        _ = Rate.parse("0.05%/day").yearly
    with pytest.raises(InvalidRate, match="expected a simple rate"):
        _ = Rate.effective("12%").yearly


# Relative rates


@pytest.mark.parametrize(
    ("text", "multiple", "points"),
    [
        ("1.5x", "1.5", "0"), ("1.5 x", "1.5", "0"), ("1.5X", "1.5", "0"), ("1.5×", "1.5", "0"),
        ("1.5倍", "1.5", "0"), ("一点五倍", "1.5", "0"), ("上浮50%", "1.5", "0"), ("加收百分之五十", "1.5", "0"),
        ("下浮10%", "0.9", "0"), ("0x", "0", "0"), ("+6pp", "1", "0.06"), ("+ 6 pp", "1", "0.06"),
        ("+6 points", "1", "0.06"), ("+1 point", "1", "0.01"), ("+6 percentage points", "1", "0.06"),
        ("+6个百分点", "1", "0.06"), ("加六个百分点", "1", "0.06"), ("+250bp", "1", "0.025"),
        ("+250 bps", "1", "0.025"), ("加60个基点", "1", "0.006"), ("-50bp", "1", "-0.005"),
        ("\u22120.5pp", "1", "-0.005"), ("减50基点", "1", "-0.005"), ("1.5x+6pp", "1.5", "0.06"),
        ("1.5x + 6pp", "1.5", "0.06"),
    ],
)  # fmt: skip
def test_relative_rates_in_every_accepted_word(text: str, multiple: str, points: str) -> None:
    expected = RelativeRate(Fraction(multiple), Fraction(points))
    assert RelativeRate.parse(text) == expected == parse_late_rate(text) == RelativeRate.parse(expected)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("+6%", r"'\+6pp' or '1.06x'"), ("-6%", "'-6pp' or '0.94x'"), ("6pp", "points such as"),
        ("6 points", "points such as"), ("150%x", "a multiple such as '1.5x'"), ("x", "a multiple such as"),
        ("-1.5x", "a multiple such as"), ("1.5x 6pp", "points such as"), ("6个百分点", "points such as"),
        ("下浮150%", "."), ("+pp", "points such as"),
    ],
)  # fmt: skip
def test_relative_text_that_leaves_a_doubt_is_refused(text: str, hint: str) -> None:
    with pytest.raises(InvalidRate, match=f"^late.rate: got .*{hint}"):
        parse_late_rate(text, "late.rate")
    with pytest.raises(InvalidRate, match=r"^late\.rate: got "):
        RelativeRate.parse(text, "late.rate")


def test_text_that_could_be_absolute_is_not_relative() -> None:
    for text in ("", "18%", "250bp", "1.5", "0.05%/day"):
        with pytest.raises(InvalidRate, match=r"a multiple such as '1.5x'"):
            RelativeRate.parse(text)
    with pytest.raises(InvalidRate, match=r"a multiple such as '1.5x'"):
        RelativeRate.parse(1.5)  # type: ignore[arg-type]  # the wrong type is the test
    assert parse_late_rate("250bp") == parse_late_rate(0.025) == Rate.parse("2.5%")


def test_a_late_rate_of_150_percent_could_be_a_multiple_of_one_and_a_half() -> None:
    with pytest.raises(InvalidRate, match=r"write '1\.5x' \(times a rate\) or '150%/year'"):
        parse_late_rate("150%")
    assert parse_late_rate("150%/year") == Rate.parse("150%") == Rate(Fraction(3, 2))
    with pytest.raises(InvalidRate, match=r"'1\.5%' or '150%' or '1\.5x' \(times a rate\)"):
        parse_late_rate(1.5)


@pytest.mark.parametrize(
    ("relative", "rate", "result"),
    [
        ("1.5x", "12%", "18%"), ("+6pp", "12%", "18%"), ("1.5x", "1%/month", "18%"), ("+6pp", "1%/month", "18%"),
        ("1x", "1%/month", "12%"), ("1.5x", "0.05%/day", "0.075%/day"), ("-50bp", "3.85%", "3.35%"),
        ("4x", "3.85%", "15.4%"), ("1.5x", "5% effective", "7.5% effective"),
        ("+2pp", "5% semi-annual", "7% semi-annual"), ("0x", "12%", "0%"), ("1.5x+1pp", "12%", "19%"),
    ],
)  # fmt: skip
def test_a_relative_rate_over_a_named_one(relative: str, rate: str, result: str) -> None:
    assert RelativeRate.parse(relative).over(Rate.parse(rate)) == Rate.parse(result)


def test_points_over_a_daily_rate_and_results_below_zero_are_refused() -> None:
    with pytest.raises(InvalidRate, match=r"\+6pp over 0\.05%/day; points are per year and this rate is per day"):
        RelativeRate.parse("+6pp").over(Rate.parse("0.05%/day"))
    with pytest.raises(InvalidRate, match="expected a result of 0 or more"):
        RelativeRate.parse("-5pp").over(Rate.parse("4%"))
    with pytest.raises(InvalidRate, match=r"rate\.multiple: got -1; expected 0 or more"):
        RelativeRate(Fraction(-1))
    with pytest.raises(InvalidRate, match="expected a Fraction"):
        RelativeRate(1.5)  # type: ignore[arg-type]  # the wrong type is the test


# Published figures

SEMIANNUAL_PERIOD_RATES = [  # nominal rate, payments a year, period rate to 40 digits: (1 + r/2) ** (2/m) - 1
    ("5%", 12, "0.004123915465144271401093578688687307083264"),
    ("3.9%", 12, "0.003223904142012818297263683865821203386213"),
    ("7.25%", 26, "0.002742864593921427798382439969984334877622"),
    ("6%", 52, "0.001137523498927151617683774912833181410069"),
    ("0%", 12, "0"),
]


@pytest.mark.parametrize(("nominal", "payments", "period_rate"), SEMIANNUAL_PERIOD_RATES)
def test_canadian_period_rates_to_thirty_digits(nominal: str, payments: int, period_rate: str) -> None:
    with localcontext() as context:
        context.prec = 30
        expected = +Decimal(period_rate)
    assert ratio(Rate.semiannual(nominal).factor((1, payments), 30)) == Fraction(expected)


@pytest.mark.parametrize(("nominal", "percent_a_month"), [("4.79%", "0.39524"), ("5%", "0.41239")])
def test_canadian_equivalent_monthly_rates_as_published(nominal: str, percent_a_month: str) -> None:
    # Pages that print 0.39488 for 4.79 % or 0.41246 for 5 % do not follow from (1 + r/2) ** (1/6) - 1.
    assert f"{float(100 * ratio(Rate.semiannual(nominal).factor((1, 12), 30))):.5f}" == percent_a_month


def test_a_canadian_mortgage_payment_as_published() -> None:
    period = ratio(Rate.semiannual("5%").factor((1, 12), 30))  # 500 000 over 300 months: 2 908.02
    assert f"{float(500_000 * period / (1 - (1 + period) ** -300)):.10f}" == "2908.0249251851"


@pytest.mark.parametrize(
    ("monthly", "effective"), [("1%", "12.6825"), ("2%", "26.8242"), ("3%", "42.5761"), ("4%", "60.1032")]
)
def test_brazilian_yearly_effective_rates_of_monthly_ones(monthly: str, effective: str) -> None:
    # Published tables state these pairs, the yearly rate to four decimals of a percent.
    nominal = Rate(12 * Rate.parse(monthly).value, compounds=12)
    assert f"{float(100 * ratio(nominal.factor((1, 1), 365))):.4f}" == effective
    month = ratio(Rate.effective(f"{effective}%").factor((1, 12), 30))
    assert f"{float(100 * month):.5f}" == f"{float(100 * Rate.parse(monthly).value):.5f}"
    year = Rate.effective((1 + Rate.parse(monthly).value) ** 12 - 1)
    assert ratio(year.factor((1, 12), 30)) == Rate.parse(monthly).value


def test_the_statutory_late_rates_of_1996_to_2003_as_yearly_rates_on_a_360_day_year() -> None:
    # 2.1 per 10 000 a day is published as 7.56 % a year (China, 10 June 1999 to 31 December 2003).
    assert ratio(Rate.parse("日万分之二点一").factor((1, 1), 360)) == Rate.parse("7.56%").value


def test_rates_written_where_a_percent_was_meant() -> None:
    # A tool that reads 0.07 in text as 0.07 % answers 561.43 for a loan at 7 %.
    with pytest.raises(InvalidRate, match=r"'0\.07%' or '7%'"):
        Rate.parse("0.07")
    assert Rate.parse(0.07) == Rate.parse("7%")
