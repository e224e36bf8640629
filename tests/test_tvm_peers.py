"""Where other packages are right, ours is the same: numpy-financial and pyxirr, over ordinary loans and cash flows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

import loancalc as lc
from loancalc import tvm

CLOSE = {"rel": 1e-9, "abs": 1e-9}
"""What they keep of a float on ordinary loans; on others see `test_wrong_answers`."""


@pytest.fixture(scope="module", params=["numpy_financial", "pyxirr"])
def peer(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param, reason="it stands beside ours; it comes with the extra `bench`")


def loans() -> list[tuple[float, int, float, float]]:
    chance = random.Random(7)
    return [
        (
            chance.uniform(0.0005, 0.03),
            chance.randint(2, 480),
            float(chance.randint(-500_000, -1)),
            chance.uniform(0, 1e4),
        )
        for _ in range(100)
    ]


def test_level_payments_agree(peer: Any) -> None:
    begin = (
        [{"when": "end"}, {"when": "begin"}] if peer.__name__ == "numpy_financial" else [{}, {"pmt_at_beginning": True}]
    )
    for rate, nper, pv, fv in loans():
        for type, option in enumerate(begin):
            payment = tvm.pmt(rate, nper, pv, fv, type)
            assert payment == pytest.approx(float(peer.pmt(rate, nper, pv, fv, **option)), **CLOSE)
            assert tvm.fv(rate, nper, payment, pv, type) == pytest.approx(
                float(peer.fv(rate, nper, payment, pv, **option)), rel=1e-6
            )
            assert tvm.pv(rate, nper, payment, fv, type) == pytest.approx(
                float(peer.pv(rate, nper, payment, fv, **option)), **CLOSE
            )
            assert tvm.nper(rate, payment, pv, fv, type) == pytest.approx(
                float(peer.nper(rate, payment, pv, fv, **option)), **CLOSE
            )


def test_interest_and_principal_agree(peer: Any) -> None:
    for rate, nper, pv, _ in loans():
        per = 1 + nper // 3
        assert tvm.ipmt(rate, per, nper, pv) == pytest.approx(float(peer.ipmt(rate, per, nper, pv)), rel=1e-6)
        assert tvm.ppmt(rate, per, nper, pv) == pytest.approx(float(peer.ppmt(rate, per, nper, pv)), rel=1e-6)


def test_solved_rates_agree(peer: Any) -> None:
    for rate, nper, pv, _ in loans():
        payment = tvm.pmt(rate, nper, pv)
        assert tvm.rate(nper, payment, pv) == pytest.approx(float(peer.rate(nper, payment, pv, 0)), rel=1e-5)
        if nper > 60:
            continue  # numpy-financial looks for all roots, complex ones too
        amounts = [pv, *[payment] * nper]
        assert tvm.irr(amounts) == pytest.approx(float(peer.irr(amounts)), rel=1e-7)


def test_dated_amounts_agree_with_pyxirr() -> None:
    pyxirr = pytest.importorskip("pyxirr", reason="it stands beside ours; it comes with the extra `bench`")
    chance = random.Random(8)
    for _ in range(100):
        count = chance.randint(2, 60)
        dates = [date(2020, 1, 31) + timedelta(chance.randint(1, 4000)) for _ in range(count)]
        amounts = [-float(chance.randint(1000, 100_000)), *(float(chance.randint(1, 5000)) for _ in range(count))]
        dates = [date(2020, 1, 31), *dates]
        assert lc.xirr(amounts, dates) == pytest.approx(pyxirr.xirr(dates, amounts), rel=1e-7, abs=1e-9)
        assert tvm.xnpv(0.07, amounts, dates) == pytest.approx(pyxirr.xnpv(0.07, dates, amounts), rel=1e-9, abs=1e-6)
