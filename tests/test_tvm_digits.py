"""Wild arguments in bulk, every digit against mpmath: rates of 1e-18 to 10, up to 100 000 periods."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from math import log1p, ulp
from typing import Any

import pytest
from mpmath import mp, mpf

import annuities
from loancalc import tvm
from loancalc.errors import NoSolution, SeveralRates

ACCURATE = 1e-13


def wild(count: int) -> list[tuple[float, float, float, float, int]]:
    """Rates from 1e-18 to 10, a few of them below 0, over 1 to 100 000 periods, amounts of every size."""
    chance = random.Random(20261125)

    def rate() -> float:
        size = 10 ** chance.uniform(-18, 1)
        return chance.choices([size, -min(size, 0.95), 0.0], [17, 2, 1])[0]

    def periods() -> float:
        return chance.choice(
            [chance.randint(1, 400), int(10 ** chance.uniform(0, 5)), round(10 ** chance.uniform(0, 5), 3)]
        )

    def amount() -> float:
        size = round(10 ** chance.uniform(-2, 9), chance.choice([0, 2, 6]))
        return chance.choice([size, -size, 1200, -1200.0])

    return [(rate(), periods(), amount(), chance.choice([0, amount()]), chance.choice([0, 1])) for _ in range(count)]


def outcome(call: Callable[..., float], *arguments: float) -> float | None:
    """The figure, or None where it is beyond a float."""
    try:
        return call(*arguments)
    except NoSolution as error:
        if "beyond what a float" not in str(error):
            raise
        return None


def assert_accurate(name: str, exact: mpf, *arguments: Any) -> None:
    got = outcome(getattr(tvm, name), *arguments)
    if got is None:
        assert abs(exact) > mpf("1.79e308"), (name, arguments)
    elif abs(exact) < annuities.LEAST:
        assert abs(got) <= annuities.LEAST, (name, arguments, got)
    else:
        assert abs(mpf(got) / exact - 1) < ACCURATE, (name, arguments, got)


@pytest.mark.parametrize("part", range(4))
def test_wild_arguments_against_fifty_digits(part: int) -> None:
    chance = random.Random(part)
    for rate, nper, one, other, type in wild(400)[part::4]:
        assert_accurate("pmt", annuities.payment(rate, nper, one, other, type), rate, nper, one, other, type)
        assert_accurate("fv", annuities.future(rate, nper, one, other, type), rate, nper, one, other, type)
        assert_accurate("pv", annuities.present(rate, nper, one, other, type), rate, nper, one, other, type)
        per = chance.randint(1, int(nper))
        if one == -other and not (type and per == 1):  # nothing is repaid, and the oracle's cancelling sum cannot tell
            assert tvm.ppmt(rate, per, nper, one, other, type) == 0
            continue
        assert_accurate(
            "ipmt", annuities.interest(rate, per, nper, one, other, type), rate, per, nper, one, other, type
        )
        assert_accurate(
            "ppmt", annuities.principal(rate, per, nper, one, other, type), rate, per, nper, one, other, type
        )


def test_wild_numbers_of_periods_against_fifty_digits() -> None:
    for rate, _, one, other, type in wild(1000):
        exact = annuities.periods(rate, one, other, other if type else 0, type)
        if exact is None:
            with pytest.raises(NoSolution):
                tvm.nper(rate, one, other, other if type else 0, type)
        else:
            assert_accurate("nper", exact, rate, one, other, other if type else 0, type)


def test_wild_sums_of_parts_against_fifty_digits() -> None:
    chance = random.Random(3)
    for rate, _, pv, _, type in wild(150):
        nper = chance.randint(1, 60)
        first = chance.randint(1, nper)
        last = chance.randint(first, nper)
        numbers = range(first, last + 1)
        with mp.workdps(250):
            own = mp.fsum(annuities.interest(rate, per, nper, pv, 0, type) for per in numbers)
            repaid = mp.fsum(annuities.principal(rate, per, nper, pv, 0, type) for per in numbers)
        assert_accurate("cumipmt", own, rate, nper, pv, first, last, type)
        assert_accurate("cumprinc", repaid, rate, nper, pv, first, last, type)


def test_wild_rates_against_fifty_digits() -> None:
    """The payment of a rate known to a float: the rate solved is the root of its equation, to its last place."""
    solved = 0
    for rate, nper, pv, fv, type in wild(600):
        payment = outcome(tvm.pmt, rate, nper, pv, fv, type)
        if not payment or abs(payment) < 1e-40 or (type and nper == 1):
            continue
        try:
            roots = [tvm.rate(nper, payment, pv, fv, type)]
        except SeveralRates as several:
            roots = list(several.roots)
        for root in roots:
            if abs(nper * log1p(root)) > 1000:
                continue  # the oracle takes too long for a root so near to -100 %
            solved += 1
            if not root:
                assert not Fraction(repr(pv)) + Fraction(repr(nper)) * Fraction(repr(payment)) + Fraction(repr(fv))
                continue
            with annuities.many_digits(root, nper):
                step = annuities.exact(ulp(root))
                low, high = (
                    annuities.left_over(annuities.exact(root) + side * step, nper, payment, pv, fv, type)
                    for side in (-1, 1)
                )
                assert low * high <= 0, (rate, nper, payment, pv, fv, type, root)
    assert solved > 500


def test_wild_yearly_rates_against_fifty_digits() -> None:
    for rate, _, one, other, _ in wild(300):
        for npery in (1, 2, 12, 365):
            with mp.workdps(80):
                own = annuities.exact(rate)
                assert_accurate("effect", (1 + own / npery) ** npery - 1, rate, npery)
                assert_accurate("nominal", npery * ((1 + own) ** (mpf(1) / npery) - 1), rate, npery)
        pv, fv = abs(one) or 1, abs(other or one * 2) or 2
        with mp.workdps(80):
            growth = annuities.exact(fv) / annuities.exact(pv)
            assert_accurate("rri", growth ** (mpf(1) / 7) - 1, 7, pv, fv)
            if rate:
                assert_accurate("pduration", mp.log(growth) / mp.log(1 + annuities.exact(rate)), rate, pv, fv)


def test_wild_cash_flows_against_fifty_digits() -> None:
    chance = random.Random(4)
    for rate, _, one, _, _ in wild(200):
        amounts = [round(chance.uniform(-1, 1) * abs(one), 2) for _ in range(chance.randint(2, 30))]
        with mp.workdps(80):
            growth = 1 + annuities.exact(rate)
            terms = [annuities.exact(amount) / growth ** (k + 1) for k, amount in enumerate(amounts)]
            assert_accurate("npv", mp.fsum(terms), rate, amounts)
            paid = mp.fsum(-a / growth**k for k, a in enumerate(map(annuities.exact, amounts)) if a < 0)
            end = len(amounts) - 1
            received = mp.fsum(a * growth ** (end - k) for k, a in enumerate(map(annuities.exact, amounts)) if a > 0)
            if paid and received:
                assert_accurate("mirr", (received / paid) ** (mpf(1) / end) - 1, amounts, rate, rate)
