"""What Excel's functions refuse, and why: never NaN, never a foreign exception, whatever stands where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

import loancalc as lc
from loancalc import tvm
from loancalc.errors import InvalidAmount, InvalidRate, InvalidTerms, LoanError, NoSolution

DATES = ["2026-01-01", "2027-01-01"]
VALID: dict[str, tuple[Any, ...]] = {
    "pmt": (0.01, 12, 1200.0, 0, 0),
    "ipmt": (0.01, 2, 12, 1200.0, 0, 0),
    "ppmt": (0.01, 2, 12, 1200.0, 0, 0),
    "nper": (0.01, -110.0, 1200.0, 0, 0),
    "rate": (12, -110.0, 1200.0, 0, 0, 0.1),
    "pv": (0.01, 12, 100.0, 0, 0),
    "fv": (0.01, 12, 100.0, 0, 0),
    "cumipmt": (0.01, 12, 1200.0, 2, 3, 0),
    "cumprinc": (0.01, 12, 1200.0, 2, 3, 0),
    "ispmt": (0.01, 2, 12, 1200.0),
    "effect": (0.05, 4),
    "nominal": (0.05, 4),
    "rri": (12, 100.0, 110.0),
    "pduration": (0.01, 100.0, 110.0),
    "mirr": ([-100.0, 50, 70], 0.1, 0.12),
    "npv": (0.1, [1.0, 2]),
    "xnpv": (0.1, [-100.0, 110], DATES),
    "irr": ([-100.0, 110], 0.1),
    "xirr": ([-100.0, 110], DATES, 0.1),
    "fvschedule": (1.0, [0.1, 0.2]),
}
PLACES = [(name, place) for name, arguments in VALID.items() for place in range(len(arguments))]
NO_NUMBERS: list[Any] = [
    True,
    float("nan"),
    float("inf"),
    -float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    "12",
    "",
    b"12",
    1j,
    object(),
    [[]],
    {},
    {1},
]
EXTREME: list[Any] = [
    *(sign * size for sign, size in product((1, -1), (0, 1, 2, 0.5, 1e-300, 1e300, 5e-324, 1.7e308, 10**15, 10**400))),
    *map(Decimal, ("1e-999", "1e999", "-1e999", "1e5000", "-0.9999999999999999999999999999999999999")),
]


@pytest.mark.parametrize("name", VALID)
def test_every_function_answers_what_is_valid(name: str) -> None:
    assert set(VALID) == set(tvm.__all__)
    assert isinstance(getattr(tvm, name)(*VALID[name]), float)


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_what_is_no_number_is_refused_wherever_it_stands(name: str, place: int) -> None:
    for bad in NO_NUMBERS:
        arguments = [*VALID[name][:place], bad, *VALID[name][place + 1 :]]
        with pytest.raises(LoanError):
            getattr(tvm, name)(*arguments)


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_an_extreme_number_gives_a_finite_figure_or_an_error(name: str, place: int) -> None:
    for bad in EXTREME:
        arguments = [*VALID[name][:place], bad, *VALID[name][place + 1 :]]
        try:
            got = getattr(tvm, name)(*arguments)
        except LoanError:
            continue
        assert isinstance(got, float | Decimal)
        assert Decimal(got).is_finite()


@pytest.mark.parametrize("name", ["irr", "mirr", "npv", "xnpv", "xirr"])
def test_a_bad_amount_is_named_by_its_index(name: str) -> None:
    at = 1 if name in ("npv", "xnpv") else 0
    for bad in (float("nan"), True, None, object()):
        arguments = [*VALID[name][:at], [-100.0, bad], *VALID[name][at + 1 :]]
        with pytest.raises(InvalidAmount, match=r"^amounts\[1\]: got "):
            getattr(tvm, name)(*arguments)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: tvm.pmt(-1, 12, 100), InvalidRate, "rate: got -1; expected a fraction above -1"),
        (lambda: tvm.pmt(0.01, 0, 100), InvalidTerms, "nper: got 0; expected a number of periods other than 0"),
        (lambda: tvm.pmt(0.01, 12, 100, 0, 2), InvalidTerms, "type: got 2; expected 0"),
        (lambda: tvm.pmt(0.01, 12, 100, type="end"), InvalidTerms, "type: got 'end'; expected 0"),
        (lambda: tvm.ipmt(0.01, 13, 12, 100), InvalidTerms, r"per: got 13; expected a whole number, 1 to 12 \(nper\)"),
        (lambda: tvm.ppmt(0.01, 1.5, 12, 100), InvalidTerms, "per: got 1.5; expected a whole number"),
        (lambda: tvm.cumipmt(0.01, 12, 100, 5, 4), InvalidTerms, "end_period: got 4; expected 5"),
        (lambda: tvm.effect(0.05, 0), InvalidTerms, "npery: got 0; expected a whole number, 1 or more"),
        (lambda: tvm.effect(-12, 12), InvalidRate, "nominal_rate: got -12; expected a fraction above -12"),
        (lambda: tvm.nper(0, 0, 100), NoSolution, "the first period's interest on 100 is 0.00, so no number"),
        (lambda: tvm.nper(0, 0, 100, -100), NoSolution, "every number of periods brings 100 to -100"),
        (lambda: tvm.rate(1e300, -1, 1), InvalidTerms, r"nper: got 1e\+300; expected a number of at most 20 figures"),
        (lambda: tvm.rate(12, 100, 1200), NoSolution, "no rate exists"),
        (lambda: tvm.fv(0.1, 10_000, -100), NoSolution, "fv: the answer is beyond what a float"),
        (lambda: tvm.mirr([1, 2], 0.1, 0.1), NoSolution, "expected amounts both paid"),
        (lambda: tvm.npv(0.1), InvalidTerms, "amounts: got none"),
        (lambda: tvm.irr("123"), InvalidAmount, "amounts: got '123'; expected a list of amounts"),
        (lambda: tvm.irr([-1, 1.1], -1), InvalidRate, "guess: got -1; expected a fraction above -1"),
        (lambda: tvm.xirr([-1, 1.1], DATES[:1]), InvalidTerms, "dates: got 1 for 2 amounts"),
        (lambda: tvm.xirr([-1, 1.1], None), lc.InvalidDate, "dates: got None; expected a list of dates"),
        (lambda: tvm.xnpv(0.1, [-1, 1.1], DATES[::-1]), lc.InvalidDate, r"dates\[1\]: got 2026-01-01; expected 2027"),
        (lambda: tvm.pduration(0, 100, 110), NoSolution, "rate: got 0; without interest"),
        (lambda: tvm.rri(12, 100, -110), NoSolution, "fv: got -110 after 100"),
    ],
)
def test_what_is_refused_says_why(call: Callable[[], object], error: type[LoanError], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_dates_may_be_mixed_unordered_and_repeated() -> None:
    flows = [(-1000, "2026-01-01"), (400, date(2026, 7, 1)), (300, datetime(2026, 7, 1)), (500, "2027-01-01")]
    amounts, dates = [amount for amount, _ in flows], [on for _, on in flows]
    assert tvm.xirr(amounts, dates) == tvm.xirr(amounts[::-1], dates[::-1])
    assert tvm.xirr(amounts, dates) == tvm.xirr([-1000, 700, 500], [dates[0], dates[1], dates[3]])
    assert tvm.xirr(amounts, dates) == float(lc.xirr(amounts, dates))
    assert tvm.xnpv(0.1, amounts, dates) == tvm.xnpv(0.1, [-1000, 500, 700], [dates[0], dates[3], dates[1]])


@pytest.mark.parametrize(
    "bad",
    ["01/02/2026", "2026-02-30", "", 46023, 46023.0, None, True, datetime(2026, 1, 1, 9), date.max.isoformat() + "Z"],
)
@pytest.mark.parametrize("call", [tvm.xirr, lc.xirr, lambda amounts, dates: tvm.xnpv(0.1, amounts, dates)])
def test_what_is_no_date_is_refused_by_its_index(call: Callable[..., object], bad: object) -> None:
    with pytest.raises(lc.InvalidDate, match=r"^dates\[1\]: got "):
        call([-100, 110], ["2026-01-01", bad])


@pytest.mark.parametrize("given", ["-100", b"12", {-100: 1, 110: 2}, {-100, 110}, None, 5, True])
def test_what_has_no_order_is_no_list(given: Any) -> None:
    for call in (tvm.irr, lc.irr, lambda some: tvm.mirr(some, 0.1, 0.1), lambda some: tvm.xnpv(0.1, some, DATES)):
        with pytest.raises(InvalidAmount, match=r"^amounts: got "):
            call(given)
    for dated in (tvm.xirr, lc.xirr):
        with pytest.raises(lc.InvalidDate, match=r"^dates: got "):
            dated([-100, 110], given)


def test_amounts_that_meet_on_one_day_have_every_rate_or_none() -> None:
    with pytest.raises(NoSolution, match="every rate solves them"):
        tvm.xirr([-100, 100], ["2026-01-01", "2026-01-01"])
    with pytest.raises(NoSolution, match="all of them are received"):
        tvm.xirr([-100, 110], ["2026-01-01", "2026-01-01"])


def test_every_rate_is_found_on_the_longest_time_and_between_the_largest_amounts() -> None:
    assert lc.xirr([-1, 2], ["0001-01-01", "9999-12-31"]) == pytest.approx(2 ** (365 / 3652058) - 1, rel=1e-13)
    assert tvm.irr([-1e300, 1.1e300]) == tvm.irr([-1e-300, 1.1e-300]) == 0.1
    with pytest.raises(InvalidAmount, match="54 orders of magnitude"):
        tvm.irr([-1e300, 1e-300])
