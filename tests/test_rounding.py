"""Rounding: every mode and step against a definition of its own, and the residue rules against brute force."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from footing import MODES, assert_foots
from loancalc.errors import InvalidTerms, UnknownName
from loancalc.values.rounding import RESIDUES, Rounding

BY_DECIMAL = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}
WIDE = Context(prec=60)


@pytest.mark.parametrize("mode", MODES)
@given(st.integers(-(10**9), 10**9), st.sampled_from([1, 5, 10, 100]), st.sampled_from([1, 2, 4, 8, 1000]))
def test_every_mode_is_what_decimal_calls_it(mode: str, numerator: int, step: int, denominator: int) -> None:
    quotient = WIDE.divide(Decimal(numerator), Decimal(denominator * step))  # finite: the denominators are 2s and 5s
    want = int(quotient.quantize(Decimal(1), rounding=BY_DECIMAL[mode], context=WIDE)) * step
    assert Rounding(step, mode).ratio(numerator, denominator) == want


@pytest.mark.parametrize("mode", MODES)
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(1, 1000))
def test_rounding_is_symmetric_near_and_a_multiple_of_its_step(
    mode: str, numerator: int, denominator: int, step: int
) -> None:
    rounding = Rounding(step, mode)
    rounded = rounding.ratio(numerator, denominator)
    off = abs(Fraction(numerator, denominator) - rounded)
    assert rounded % step == 0
    assert off < step if mode in ("up", "down") else 2 * off <= step
    assert rounding.ratio(-numerator, denominator) == -rounded
    assert rounding.ratio(rounded, 1) == rounded


@pytest.mark.parametrize(
    ("mode", "rounded"),
    [
        ("half-up", [-3, -2, -1, 0, 1, 2, 3]),
        ("half-even", [-2, -2, 0, 0, 0, 2, 2]),
        ("up", [-3, -2, -1, 0, 1, 2, 3]),
        ("down", [-2, -1, 0, 0, 0, 1, 2]),
    ],
)
def test_halves(mode: str, rounded: list[int]) -> None:
    assert [Rounding(mode=mode).ratio(halves, 2) for halves in (-5, -3, -1, 0, 1, 3, 5)] == rounded


@given(st.integers(0, 60), st.integers(0, 10**6), st.integers(1, 10**6))
def test_places_carry_that_many_digits_more(places: int, numerator: int, denominator: int) -> None:
    fine = Rounding(places=places)
    assert fine.unit_places == places
    exact = Fraction(numerator, denominator)
    assert abs(Fraction(fine.divide("interest")(numerator * 10**places, denominator), 10**places) - exact) <= Fraction(
        1, 2 * 10**places
    )


def test_each_purpose_may_have_a_rounding_of_its_own() -> None:
    rounding = Rounding(mode="down", installment=Rounding(100, "up"), interest=Rounding(mode="half-even"))
    assert rounding.named("installment") == Rounding(100, "up")
    assert rounding.named("fee") is rounding
    plan = lc.amortize(10_000, rate=Decimal("0.01"), periods=12, rounding=rounding)
    assert str(plan.payment) == "889.00"  # 888.4878... to whole units, up
    assert_foots(plan, 10_000)
    assert [str(row.interest) for row in plan[:3]] == ["100.00", "92.11", "84.14"]  # 84.1421 half-even


def test_the_payment_is_rounded_and_the_balance_is_carried_unrounded() -> None:
    plan = lc.amortize(12_000, rate=Decimal("0.01"), periods=12, rounding=Rounding(places=50, installment=Rounding()))
    assert plan.payment == Decimal("1066.19")
    assert plan[1].interest == Decimal("110.5381")


# Residue rules on 1 000.00 at 1 % over 6 months: the level payment 172.5483... is 172.55 and leaves
# 837.45, 673.27, 507.45, 339.97, 170.82, so that the last one is 170.82 + 1.71 = 172.53.


@pytest.mark.parametrize(
    ("residue", "totals"),
    [
        ("last", ["172.55"] * 5 + ["172.53"]),
        ("first", ["172.53"] + ["172.55"] * 5),  # two cents a year earlier are two cents: 0.02 x 1.01^5 = 0.021
        ("spread", ["172.55"] * 3 + ["172.54"] * 2 + ["172.55"]),
        ("last-interest", ["172.55"] * 6),
        ("smooth", ["172.55"] * 5 + ["172.53"]),  # 172.54 would leave 172.59
        ("visible", ["172.55"] * 5 + ["172.53"]),
    ],
)
def test_a_worked_plan_under_every_residue_rule(residue: str, totals: list[str]) -> None:
    plan = lc.amortize(1000, rate=Decimal("0.01"), periods=6, rounding=Rounding(residue=residue))
    assert_foots(plan, 1000)
    assert [str(row.total) for row in plan] == totals


def _last_over_level(principal: int, rate: Fraction, payments: list[int], level: int) -> int:
    """What the last payment would be over the level one, by the recurrence written out in minor units."""
    balance = principal
    for payment in payments[:-1]:
        balance -= payment - Rounding().ratio(balance * rate.numerator, rate.denominator)
    return balance + Rounding().ratio(balance * rate.numerator, rate.denominator) - level


@pytest.mark.parametrize(
    ("principal", "percent", "count"), [(100_000, 1, 6), (1_234_567, 2, 11), (99_999, 3, 36), (500_001, 1, 48)]
)
def test_the_first_payment_brings_the_last_nearest_to_the_level_one(principal: int, percent: int, count: int) -> None:
    rate = Fraction(percent, 100)
    plan = lc.amortize(principal, rate=rate, periods=count, currency="JPY", rounding=Rounding(residue="first"))
    level = int(lc.amortize(principal, rate=rate, periods=count, currency="JPY").payment or 0)
    distances = {
        shift: abs(_last_over_level(principal, rate, [level + shift, *[level] * (count - 1)], level))
        for shift in range(-200, 201)
    }
    found = abs(int(plan[-1].total) - level)
    assert found == min(distances.values())
    assert distances[int(plan[0].total) - level] == found
    assert {int(row.total) for row in plan[1:-1]} == {level}


@pytest.mark.parametrize(
    ("principal", "percent", "count"), [(100_000, 1, 6), (1_234_567, 2, 11), (99_999, 3, 36), (500_001, 1, 48)]
)
def test_a_smooth_payment_leaves_the_smallest_residue_of_all_level_ones(
    principal: int, percent: int, count: int
) -> None:
    rate = Fraction(percent, 100)
    plan = lc.amortize(principal, rate=rate, periods=count, currency="JPY", rounding=Rounding(residue="smooth"))
    level = int(plan.payment or 0)
    left = {p: abs(_last_over_level(principal, rate, [p] * count, p)) for p in range(level - 50, level + 51)}
    assert abs(int(plan[-1].total) - level) == left[level] == min(left.values())


@pytest.mark.parametrize(
    ("principal", "percent", "count"), [(100_000, 1, 6), (1_234_567, 2, 11), (99_999, 3, 36), (500_001, 1, 48)]
)
def test_spread_payments_differ_by_one_minor_unit_the_larger_first(principal: int, percent: int, count: int) -> None:
    rate = Fraction(percent, 100)
    plan = lc.amortize(principal, rate=rate, periods=count, currency="JPY", rounding=Rounding(residue="spread"))
    level = int(lc.amortize(principal, rate=rate, periods=count, currency="JPY").payment or 0)
    moved = [int(row.total) - level for row in plan[:-1]]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] - moved[-1] <= 1
    left = []
    for lower in (-2, -1, 0, 1):
        for larger in range(count):
            payments = [level + lower + (index < larger) for index in range(count)]
            left.append(abs(_last_over_level(principal, rate, payments, level)))
    assert abs(int(plan[-1].total) - level) == min(left)


@pytest.mark.parametrize(
    ("residue", "parts"),
    [("last", [33, 33, 34]), ("first", [34, 33, 33]), ("spread", [34, 33, 33]), ("smooth", [33, 33, 34])],
)
def test_equal_principal_gives_the_residue_to_whom_it_says(residue: str, parts: list[int]) -> None:
    plan = lc.amortize(
        100, rate=0, periods=3, method="equal_principal", currency="JPY", rounding=Rounding(residue=residue)
    )
    assert [int(row.principal) for row in plan] == parts


def test_swiss_installments_are_multiples_of_five_cents() -> None:
    plan = lc.amortize(10_000, rate=Decimal("0.004"), periods=24, rounding=Rounding(5), currency="CHF")
    assert {int(row.total * 100) % 5 for row in plan} == {0}
    assert_foots(plan, 10_000)


@pytest.mark.parametrize("name", ["half-up", "HALF_UP", "half up", " Half-Even ", "up", "down", "none"])
def test_modes_are_named_leniently(name: str) -> None:
    assert isinstance(Rounding.of(name), Rounding)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"step": 0}, r"rounding\.step: got 0; expected a whole number"),
        ({"step": -5}, r"rounding\.step: got -5"),
        ({"step": 0.05}, r"rounding\.step: got 0\.05"),
        ({"step": True}, r"rounding\.step: got True"),
        ({"places": -1}, r"rounding\.places: got -1"),
        ({"places": 2.0}, r"rounding\.places: got 2\.0"),
        ({"interest": "down"}, r"rounding\.interest: got 'down'; expected a Rounding"),
        ({"fee": Rounding(interest=Rounding())}, r"rounding\.fee: got "),
    ],
)
def test_what_is_no_rounding_is_refused(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidTerms, match=message):
        Rounding(**terms)


@pytest.mark.parametrize("field", ["mode", "residue"])
def test_unknown_names_list_what_is_accepted(field: str) -> None:
    with pytest.raises(UnknownName, match=rf"rounding\.{field}: got 'halb-even'; .*accepted: "):
        Rounding(**{field: "halb-even"})
    with pytest.raises(UnknownName, match=r"rounding: got 'halb-even'; .*half-even"):
        Rounding.of("halb-even")


def test_residues_are_these() -> None:
    assert RESIDUES == ("last", "first", "spread", "last-interest", "smooth", "visible")


@pytest.mark.parametrize(
    ("word", "mode"),
    [("四舍五入", "half-up"), ("Half Up", "half-up"), ("banker's", "half-even"), ("进一法", "up"), ("去尾法", "down")],
)
def test_modes_by_the_words_of_their_markets(word: str, mode: str) -> None:
    assert lc.Rounding(mode=word) == lc.Rounding(mode=mode) == lc.Rounding.of(word)


@pytest.mark.parametrize("word", ["European", "European practice", "EU-display", "只在显示时取整", "欧洲惯例"])
def test_european_practice_has_a_name(word: str) -> None:
    assert lc.Rounding.of(word) == lc.Rounding.of("display-only")


@pytest.mark.parametrize(
    ("word", "residue"), [("Last Interest", "last-interest"), ("首期", "first"), ("SMOOTH", "smooth")]
)
def test_who_takes_the_residue_is_named_as_everything_is(word: str, residue: str) -> None:
    assert lc.Rounding(residue=word) == lc.Rounding(residue=residue)


def test_what_is_shown_has_fewer_places_than_what_is_kept() -> None:
    # 12.3456 and 0.005 are kept in ten-thousandths; shown to the cent and to the tenth of a cent, both half up
    for displayed, shown in ((Rounding(), ["12.35", "0.01"]), (Rounding(places=1), ["12.346", "0.005"])):
        kept = Rounding(places=2, displayed=displayed)
        assert [str(amount) for amount in kept.amounts([123456, 50], 4)] == shown
    with pytest.raises(
        InvalidTerms, match=r"rounding\.displayed: got 2 places; expected fewer than the 2 that are kept"
    ):
        Rounding(places=2, displayed=Rounding(places=2))
