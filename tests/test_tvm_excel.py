"""Excel's own examples, as Microsoft prints them: all 35 rows of `data/excel_examples.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import loancalc as lc
from loancalc import tvm

with (Path(__file__).parent / "data" / "excel_examples.csv").open(encoding="utf-8") as file:
    ROWS = [pytest.param(row, id=row["id"]) for row in csv.DictReader(file)]

DATE = re.compile(r"\d{4}-\d\d-\d\d")
NAMES = {
    "nominal": "nominal_rate",
    "effect": "effect_rate",
    "start": "start_period",
    "end": "end_period",
    "finance": "finance_rate",
    "reinvest": "reinvest_rate",
}


def value(text: str, number: Callable[[str], Any]) -> Any:
    """ "0.06/12" or "18*12" as a number."""
    product = 1
    for factor in text.split("*"):
        top, _, bottom = factor.partition("/")
        product = product * number(top) / number(bottom) if bottom else product * number(top)
    return product


def read(text: str, number: Callable[[str], Any]) -> tuple[list[Any], list[str], dict[str, Any]]:
    """The bare values, the dates, and the named arguments of a row."""
    values: list[Any] = []
    dates: list[str] = []
    named: dict[str, Any] = {}
    for part in text.split(";"):
        name, _, own = part.partition("=")
        if DATE.fullmatch(name):
            dates.append(name)
            values += [value(own, number)] if own else []
        elif own:
            named[NAMES.get(name, name)] = value(own, number)
        else:
            values.append(value(name, number))
    whole = {"type", "per", "npery", "start_period", "end_period"}
    return values, dates, {name: int(own) if name in whole else own for name, own in named.items()}


def answer(row: dict[str, str], number: Callable[[str], Any]) -> Any:
    values, dates, named = read(row["args"], number)
    name = row["function"].lower()
    if name == "yearfrac":
        return number(str(float(lc.year_fraction({0: "30/360 US", 3: "ACT/365F"}[int(named["basis"])], *dates))))
    if name == "days360":
        return number(str(lc.days("30/360 US", *dates)))
    if name == "npv-40000":
        return tvm.npv(named["rate"], values) - 40_000
    if name in ("npv", "xnpv"):
        return getattr(tvm, name)(named["rate"], values, *[dates] * bool(dates))
    lists = [own for own in (values, dates) if own]
    if name == "fvschedule":
        return tvm.fvschedule(named["principal"], values)
    return getattr(tvm, name)(*lists, **named)


@pytest.mark.parametrize("row", ROWS)
def test_the_printed_figure_to_its_last_place_or_its_twelfth_figure(row: dict[str, str]) -> None:
    """Where Excel prints 15 figures, the last three are the noise of its own floats: XL-RATE-1 ends in 137 for 204."""
    got = answer(row, float)
    assert isinstance(got, float)
    printed = Decimal(row["expected"])
    place = max(int(printed.as_tuple().exponent), printed.adjusted() - 11)
    assert abs(Decimal(got) - printed) <= Decimal(1).scaleb(place) * Decimal("0.51")


@pytest.mark.parametrize("row", ROWS)
def test_the_recomputed_figure_to_1e_14(row: dict[str, str]) -> None:
    assert answer(row, float) == pytest.approx(float(row["computed"]), rel=1e-14, abs=0)


@pytest.mark.parametrize("row", ROWS)
def test_decimals_give_the_same_figure_as_a_decimal(row: dict[str, str]) -> None:
    got = answer(row, Decimal)
    assert isinstance(got, Decimal)
    assert Fraction(got) == pytest.approx(Fraction(row["computed"]), rel=1e-14)


PAGE = Path(__file__).resolve().parent.parent / "docs" / "excel.md"
CALLS = re.findall(
    r"^\| `([A-Z]+)` \|[^|]*\| `(tvm\.[^`]*)` \| (\S+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
)


def test_the_page_shows_every_function() -> None:
    assert sorted(name.lower() for name, _, _ in CALLS) == sorted(tvm.__all__)


@pytest.mark.parametrize(("name", "call", "figure"), CALLS)
def test_the_figures_of_the_page_are_those_of_its_calls(name: str, call: str, figure: str) -> None:
    assert call.startswith(f"tvm.{name.lower()}(")
    places = len(figure.partition(".")[2])
    assert f"{eval(call, {'tvm': tvm}) + 0.0:.{places}f}" == figure
