"""Excel's functions: laws, then the edges. `test_tvm_digits` has them in bulk, `test_tvm_refused` what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from math import ulp
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import loancalc as lc
from loancalc import tvm
from loancalc.errors import NoSolution, SeveralRates

ACCURATE = 1e-13
ULPS = 64
"""What a figure may lose on its way through a function and its inverse, in units of the last place."""

# --- laws -------------------------------------------------------------------------------------------------------------

powers_of_ten = st.floats(-12, 0).map(lambda power: float(f"{10.0**power:.17g}"))
rates = st.one_of(st.just(0.0), powers_of_ten, st.floats(-0.5, -1e-9))
counts = st.one_of(st.integers(1, 600), st.floats(0.1, 600))
wholes = st.integers(1, 120)
sums = st.one_of(st.integers(1, 10**9), st.floats(0.01, 1e9)).flatmap(lambda size: st.sampled_from([size, -size]))
types = st.sampled_from([0, 1])


# Below 0, the last place of a rate or a time moves the payment by as many of its own as there are periods.


def size(number: Any) -> Any:
    """Without its sign; `abs` would round a Decimal."""
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


def near(got: float, wanted: float, beside: float = 0) -> bool:
    return abs(got - wanted) <= ULPS * ulp(max(abs(wanted), abs(beside)))


@given(rates, counts, sums, types)
def test_what_a_payment_is_worth_is_what_it_repays(rate: float, nper: float, pv: float, type: int) -> None:
    assert near(tvm.pv(rate, nper, tvm.pmt(rate, nper, pv, 0, type), 0, type), pv)


@given(rates, counts, sums, types)
def test_what_is_saved_by_a_payment_is_what_it_was_solved_for(rate: float, nper: float, fv: float, type: int) -> None:
    assert near(tvm.fv(rate, nper, tvm.pmt(rate, nper, 0, fv, type), 0, type), fv)


@given(rates, counts, sums, types)
@example(1.0, 250.5, 1, 0)
def test_the_payment_over_the_solved_time_is_the_payment(rate: float, nper: float, pv: float, type: int) -> None:
    payment = tvm.pmt(rate, nper, pv, 0, type)
    try:
        solved = tvm.nper(rate, payment, pv, 0, type)
    except NoSolution:  # the payment is the interest, to the last digit
        assert near(payment * (1 + rate * type), -pv * rate)
    else:
        assert near(tvm.pmt(rate, solved, pv, 0, type), payment, beside=payment * (nper if rate < 0 else 1))


@given(rates, wholes, sums, types)
def test_the_payment_at_the_solved_rate_is_the_payment(rate: float, nper: int, pv: float, type: int) -> None:
    payment = tvm.pmt(rate, nper, pv, 0, type)
    if type and nper == 1:
        return  # all is paid back at once, and no rate has to do with it
    solved = tvm.rate(nper, payment, pv, 0, type)
    assert near(tvm.pmt(solved, nper, pv, 0, type), payment, beside=payment * (nper if rate < 0 else 1))


@given(rates, wholes, sums, sums, types)
def test_in_decimals_all_five_are_inverse_to_each_other(
    rate: float, nper: int, pv: float, fv: float, type: int
) -> None:
    exact = [Decimal(repr(number)) for number in (rate, nper, pv, fv)]
    payment = tvm.pmt(*exact, type)
    close = max(abs(exact[2]), abs(exact[3]), abs(payment)) * Decimal("1e-15")
    with localcontext(prec=60):
        grown = (1 + exact[0]) ** nper
        assert abs(tvm.pv(exact[0], nper, payment, exact[3], type) - exact[2]) <= close * max(1, 1 / grown)
        assert abs(tvm.fv(exact[0], nper, payment, exact[2], type) - exact[3]) <= close * max(1, grown)


@given(rates, wholes, st.data(), sums, sums, types)
def test_interest_and_principal_are_the_payment(
    rate: float, nper: int, data: st.DataObject, pv: float, fv: float, type: int
) -> None:
    per = data.draw(st.integers(1, nper))
    own, repaid = tvm.ipmt(rate, per, nper, pv, fv, type), tvm.ppmt(rate, per, nper, pv, fv, type)
    assert near(own + repaid, tvm.pmt(rate, nper, pv, fv, type), beside=max(abs(own), abs(repaid)))


@given(rates, st.integers(1, 60), sums, types)
def test_the_principal_in_all_payments_repays_what_is_owed(rate: float, nper: int, pv: float, type: int) -> None:
    assert near(tvm.cumprinc(rate, nper, pv, 1, nper, type), -pv)


@given(rates, st.integers(1, 40), st.data(), sums, types)
def test_sums_over_payments_are_the_sums_of_their_parts(
    rate: float, nper: int, data: st.DataObject, pv: float, type: int
) -> None:
    first = data.draw(st.integers(1, nper))
    last = data.draw(st.integers(first, nper))
    payments = range(first, last + 1)
    own = [tvm.ipmt(rate, per, nper, pv, 0, type) for per in payments]
    repaid = [tvm.ppmt(rate, per, nper, pv, 0, type) for per in payments]
    assert near(tvm.cumipmt(rate, nper, pv, first, last, type), sum(own), beside=sum(map(abs, own)))
    assert near(tvm.cumprinc(rate, nper, pv, first, last, type), sum(repaid), beside=sum(map(abs, repaid)))


@given(rates, wholes, sums, types)
def test_interest_over_all_payments_is_what_they_exceed_the_loan_by(
    rate: float, nper: int, pv: float, type: int
) -> None:
    total = nper * tvm.pmt(rate, nper, pv, 0, type)
    assert near(tvm.cumipmt(rate, nper, pv, 1, nper, type), total + pv, beside=max(abs(total), abs(pv)))


@given(st.floats(1e-12, 1), wholes, sums, st.data())
def test_in_advance_every_later_part_is_one_period_smaller(
    rate: float, nper: int, pv: float, data: st.DataObject
) -> None:
    per = data.draw(st.integers(2, nper + 1)) if nper > 1 else 1
    if per > nper or per < 2:
        return
    for part in (tvm.ipmt, tvm.ppmt):
        assert near(part(rate, per, nper, pv, 0, 1) * (1 + rate), part(rate, per, nper, pv))


CALLS: list[Callable[..., Any]] = [
    lambda r, n, a, b, t: tvm.pmt(r, n, a, b, t),
    lambda r, n, a, b, t: tvm.fv(r, n, a, b, t),
    lambda r, n, a, b, t: tvm.pv(r, n, a, b, t),
    lambda r, n, a, b, t: tvm.ipmt(r, 1 + n // 2, n, a, b, t),
    lambda r, n, a, b, t: tvm.ppmt(r, 1 + n // 2, n, a, b, t),
    lambda r, n, a, b, t: tvm.cumipmt(r, n, a, 1, n, t),
    lambda r, n, a, b, t: tvm.cumprinc(r, n, a, 1, 1 + n // 2, t),
    lambda r, n, a, b, t: tvm.ispmt(r, n // 2, n, a),
    lambda r, n, a, b, t: tvm.effect(r, n),
    lambda r, n, a, b, t: tvm.nominal(r, n),
    lambda r, n, a, b, t: tvm.npv(r, a, b, a),
    lambda r, n, a, b, t: tvm.mirr([size(a), b, -1], r, r),
    lambda r, n, a, b, t: tvm.fvschedule(a, [r, r, r]),
    lambda r, n, a, b, t: tvm.rri(n, size(a), size(b)),
]


@given(st.sampled_from(CALLS), rates, wholes, sums, sums, types)
def test_a_decimal_gives_what_the_float_that_prints_it_gives(
    call: Callable[..., Any], rate: float, nper: int, one: float, other: float, type: int
) -> None:
    from_floats = call(rate, nper, float(one), float(other), type)
    from_decimals = call(
        *[Decimal(repr(number)) for number in (rate,)], nper, Decimal(repr(one)), Decimal(repr(other)), type
    )
    assert isinstance(from_decimals, Decimal)
    assert from_floats == pytest.approx(float(from_decimals), rel=ACCURATE, abs=0)


@given(st.sampled_from(CALLS), rates, wholes, sums, sums, types)
def test_no_figure_depends_on_the_decimal_context_of_the_caller(
    call: Callable[..., Any], rate: float, nper: int, one: float, other: float, type: int
) -> None:
    given = [Decimal(repr(rate)), nper, abs(Decimal(repr(one))), abs(Decimal(repr(other))), type]
    plain, from_floats = call(*given), call(rate, nper, one, other, type)
    with localcontext(prec=3, rounding="ROUND_UP"):
        assert (call(*given), call(rate, nper, one, other, type)) == (plain, from_floats)


@given(rates, wholes, sums, types)
def test_what_is_received_by_one_is_paid_by_the_other(rate: float, nper: int, pv: float, type: int) -> None:
    assert tvm.pmt(rate, nper, -pv, 0, type) == -tvm.pmt(rate, nper, pv, 0, type)
    assert tvm.ppmt(rate, 1, nper, -pv, 0, type) == -tvm.ppmt(rate, 1, nper, pv, 0, type)


@given(st.floats(1e-9, 0.9), st.integers(1, 365))
def test_nominal_and_effective_are_inverse(nominal: float, npery: int) -> None:
    assert near(tvm.nominal(tvm.effect(nominal, npery), npery), nominal)


@given(st.floats(1e-6, 5).map(lambda rate: rate), st.floats(0.5, 200), st.floats(1, 1e6))
def test_growth_its_rate_and_its_time_agree(rate: float, nper: float, pv: float) -> None:
    grown = tvm.fv(rate, nper, 0, -pv)
    assert tvm.rri(nper, pv, grown) == pytest.approx(rate, rel=1e-9)
    assert tvm.pduration(rate, pv, grown) == pytest.approx(nper, rel=1e-9)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20), st.floats(-0.5, 3))
def test_equal_periods_of_365_days_are_periods(amounts: list[int], rate: float) -> None:
    day = [f"{2021 + k}-01-01" for k in range(3)]  # 2024 is the next leap year
    some = amounts[:3]
    own = tvm.xnpv(rate, some, day[: len(some)])
    assert own == pytest.approx(tvm.npv(rate, some) * (1 + rate), rel=1e-12, abs=1e-12 * sum(map(abs, some)))


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=12))
def test_amounts_are_worth_nothing_at_each_of_their_rates(amounts: list[int]) -> None:
    try:
        found = [tvm.irr(amounts)]
    except SeveralRates as several:
        found = list(several.roots)
        for root in found:
            assert tvm.irr(amounts, guess=root) == root
    except NoSolution:
        return
    for root in found:
        sizes = tvm.npv(root, [abs(amount) for amount in amounts])
        # half a unit of the rate's last place moves no amount by more than its number of periods
        assert abs(tvm.npv(root, amounts)) <= 2 * len(amounts) * sizes * ulp(1.0 + abs(root)) / (1 + root)


# --- at the edges -----------------------------------------------------------------------------------------------------


def test_the_limit_at_no_interest_is_reached_smoothly() -> None:
    payments = [tvm.pmt(10.0**-power, 12, 1200) for power in range(2, 19)]
    assert payments == sorted(payments)
    assert payments[-1] == tvm.pmt(0, 12, 1200) == -100.0
    assert tvm.pmt(5e-324, 12, 1200) == -100.0


def test_whole_numbers_floats_and_decimals_may_be_mixed() -> None:
    assert tvm.pmt(0, 12, 1200) == tvm.pmt(0.0, 12.0, 1200.0) == -100.0
    assert tvm.pmt(Decimal("0.1"), 1, 1.1) == Decimal("-1.21")  # beside a Decimal, the float 1.1 is eleven tenths
    assert tvm.irr([Decimal(-100), 110]) == Decimal("0.1")
    assert tvm.xirr([Decimal(-100), 110], ["2026-01-01", "2027-01-01"]) == Decimal("0.1")
    with localcontext(prec=40):
        root = (60 + Decimal(27_600).sqrt()) / 200 - 1  # of 100 g^2 - 60 g - 60 = 0, with g = 1 + root
    assert str(tvm.rate(Decimal(2), -60, 100)) == str(root)[:36]


def test_the_schedule_in_cents_and_the_formula_agree_before_rounding() -> None:
    plan = lc.amortize(200_000, rate="7%", every="1 month", periods=360)
    assert float(plan.payment) == round(-tvm.pmt(0.07 / 12, 360, 200_000), 2)
    assert float(plan[0].interest) == round(-tvm.ipmt(0.07 / 12, 1, 360, 200_000), 2)
    equal = lc.amortize(4000, rate="12%", every="1 month", periods=4, method="equal_principal")
    assert [float(row.interest) for row in equal] == [-tvm.ispmt(0.01, per, 4, 4000) for per in range(4)]


def test_of_two_rates_the_guess_takes_the_nearer() -> None:
    with pytest.raises(SeveralRates) as several:
        tvm.rate(2, 230, -100, -362)
    assert several.value.roots == pytest.approx((0.1, 0.2), rel=1e-13)
    assert tvm.rate(2, 230, -100, -362, 0, 0.1499) == several.value.roots[0]
    assert tvm.rate(2, 230, -100, -362, 0, 0.1501) == several.value.roots[1]
    amounts, dates = [-100, 230, -132], ["2025-01-01", "2026-01-01", "2027-01-01"]
    assert (tvm.irr(amounts, 0.1), tvm.irr(amounts, 7)) == (0.1, 0.2)
    assert (tvm.xirr(amounts, dates, -0.99), tvm.xirr(amounts, dates, 0.16)) == (0.1, 0.2)


def test_a_rate_of_broken_periods_is_found() -> None:
    # once lost: steps of 1e-15 of a period, in which the rate is 1e-17
    for nper in (31.093930974661564, 4.271917027241996, 0.3212295803259969, 457.17249927886496):
        for type in (0, 1):
            payment = tvm.pmt(0.0058, nper, 1000, 0, type)
            assert tvm.rate(nper, payment, 1000, 0, type) == pytest.approx(0.0058, rel=1e-12)


def test_a_payment_in_advance_for_one_period_has_every_rate_or_none() -> None:
    with pytest.raises(NoSolution, match="worth nothing at every rate"):
        tvm.rate(1, -1000, 1000, 0, 1)
    with pytest.raises(NoSolution, match="no rate exists"):
        tvm.rate(1, -1001, 1000, 0, 1)
