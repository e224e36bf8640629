"""Single figures of plans that guides, textbooks and calculators print, each with its source.

Of the collection that they come from, the others are no plans: the Canadian monthly rates CA-3 and CA-5 are in test_rates,
the yearly rates UK-1, UK-2, UK-3, FS-1 and IFRS9-1 in test_apr.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import loancalc as lc
from loancalc.values.rates import Rate

PLANS: dict[str, tuple[str, str, Callable[[], object]]] = {
    "CA-1": (
        "two public guides (robinn.app, mortgagecomparecalculator.com): 500 000 at 5 % compounded twice a year, 300 months",
        "2908.02",
        lambda: lc.amortize(500_000, rate=Rate.semiannual("5%"), every="1 month", periods=300).payment,
    ),
    "R78-1": (
        "easycalculation.com, Rule of 78: of a charge of 100 over 12 months, 9 are not earned",
        "57.69",
        lambda: sum(row.interest for row in _rule_of_78(100)[3:]),
    ),
    "R78-2": (
        "The Free Dictionary, financial dictionary, rule of 78s: the share of the first of 12 months, in percent",
        "15.38",
        lambda: _rule_of_78(100)[0].interest,
    ),
    "SAC-1": (
        "slideserve, Sistema SAC, example of p. 124: 3 500 at 2 % a month over 6 months, the first payment",
        "653.33",
        lambda: lc.amortize(3_500, rate="2%/month", every="1 month", periods=6, method="SAC")[0].total,
    ),
    "SAC-6": (
        "the same, the last payment: unrounded, as the parts of 583.33 leave 583.35 for it",
        "595.00",
        lambda: lc.amortize(
            3_500, rate="2%/month", every="1 month", periods=6, method="SAC", rounding="display-only"
        )[-1].total,
    ),
    "PRICE-1": (
        "scribd 622149570, simulation sheet: 10 000 at 10 % a month over 4 months",
        "3154.71",
        lambda: lc.amortize(10_000, rate="10%/month", every="1 month", periods=4, method="Price").payment,
    ),
    "CN-1": (
        "the annuity formula, 等额本息; a text that circulates (777doc 4480273) prints 6731.725, which its own terms do not "
        "give: its arithmetic is rounded midway",
        "6731.67",
        lambda: lc.amortize(20_000, rate="5.841%", every="1 month", periods=3, method="等额本息").payment,
    ),
}  # fmt: skip
NO_PLANS = {"CA-3", "CA-5", "UK-1", "UK-2", "UK-3", "FS-1", "IFRS9-1"}


def _rule_of_78(charge: int) -> lc.Schedule:
    return lc.amortize(1_000, rate=0, periods=12, method=lc.RuleOf78(charge))


@pytest.mark.parametrize("name", PLANS)
def test_a_printed_figure_comes_out(name: str) -> None:
    _, printed, ours = PLANS[name]
    assert ours() == Decimal(printed)


def test_the_cent_of_equal_parts_stands_in_the_last_payment() -> None:
    plan = lc.amortize(3_500, rate="2%/month", every="1 month", periods=6, method="SAC")
    assert (str(plan[0].principal), str(plan[-1].principal), str(plan[-1].total)) == ("583.33", "583.35", "595.02")


def test_no_example_of_the_collection_is_left_out(shared: Callable[[str], Path]) -> None:
    examples = json.loads(shared("facts/other_examples.json").read_text())["examples"]
    assert {example["id"] for example in examples} == PLANS.keys() | NO_PLANS
    assert {e["id"]: e["expected"] for e in examples if e["id"] in PLANS} == {k: v[1] for k, v in PLANS.items()}
