"""The tables of contract.toml about lateness: what is charged, and which part of a debt a payment settles first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from loancalc.errors import InvalidTerms
from loancalc.io.pasted import read_pasted_day
from loancalc.io.plan_tables import percent
from loancalc.io.sheet import (
    Sheet,
    amount,
    dated,
    day,
    either,
    flag,
    groups,
    keyed,
    leaf,
    list_of,
    one_or_list,
    several,
    table_of,
    text,
    whole,
    words,
)
from loancalc.io.time_tables import calendar
from loancalc.io.toml_rows import Path
from loancalc.plan.allocation import Allocation
from loancalc.plan.charge_caps import Cap
from loancalc.plan.late_interest import LateInterest
from loancalc.plan.late_terms import Grace, LateTerms, Tolerance
from loancalc.plan.penalties import Penalty
from loancalc.time.daycount import DayCount
from loancalc.values.base_rates import BaseRate
from loancalc.values.rates import parse_late_rate

day_count = leaf(DayCount.parse)
"""Reads the name of a day count."""

_late_rate = leaf(parse_late_rate)
_base_rate = either(
    text,
    table_of(
        BaseRate,
        {"name": text, "steps": dated(text)},
        {"name": "what the base rate is called", "steps": "a rate for each day from which it holds"},
    ),
)


def _most(page: Sheet, path: Path, value: object) -> object:
    return value if value == "installment" else amount(page, path, value)


@leaf
def _day_or_days(value: Any, name: str) -> date | int:
    return value if type(value) is int else read_pasted_day(value, name)


@leaf
def _stop(value: Any, name: str) -> date | int | str:
    """A day, a number of nights, or one of the words "cap" and "charge-off"."""
    if type(value) is int or (isinstance(value, str) and not value[:1].isdigit()):
        return value
    return read_pasted_day(value, name)


late_interest = table_of(
    LateInterest,
    {
        "rate": _late_rate,
        "base": text,
        "day_count": day_count,
        "over": _base_rate,
        "compound": text,
        "capitalizes": one_or_list(text, list_of(day)),
        "starts": _day_or_days,
        "stops": _stop,
        "rounded": text,
    },
    {"rate": 'a rate such as "1.5x" or "18%"'},
)
penalties = several(
    table_of(
        Penalty,
        {
            "amount": amount,
            "percent": percent,
            "of": text,
            "min": amount,
            "max": _most,
            "from_day": whole,
            "to_day": whole,
            "every": text,
            "times": whole,
            "times_in_all": whole,
            "repeat": amount,
            "within": whole,
            "pyramiding": flag,
        },
    )
)
grace = table_of(
    Grace,
    {"days": whole, "kind": text, "counted": text, "calendar": calendar},
    {"days": "a whole number", "kind": '"free", "deferred" or "status-only"'},
)
caps = several(
    table_of(
        Cap,
        {
            "rate": _late_rate,
            "covers": words,
            "base": text,
            "since": text,
            "day_count": day_count,
            "share": percent,
            "amount": amount,
            "recover": flag,
            "over": _base_rate,
            "name": text,
        },
    )
)
tolerance = table_of(Tolerance, {"amount": amount, "share": percent})

_own_terms = table_of(
    LateTerms,
    {"interest": late_interest, "penalties": penalties, "grace": grace, "caps": caps, "tolerance": tolerance},
)


@leaf
def _choice(value: Any, name: str) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str):
        raise InvalidTerms(f"{name}: got {value!r}; expected a single value")
    return value


def _by_rule(page: Sheet, path: Path, value: dict[str, object]) -> object:
    """The rule of a law or a usual contract, with what it leaves to the contract."""
    readers = dict.fromkeys(value, _choice) | {"rule": text, "on": day}
    given = {name: readers[name](page, (*path, name), entry) for name, entry in value.items()}
    if any(entry is None for entry in given.values()):
        return None
    return page.attempt(path, None, lambda: LateTerms.of(given.pop("rule"), **given))


def _late(page: Sheet, path: Path, value: dict[str, object]) -> object:
    return (_by_rule if "rule" in value else _own_terms)(page, path, value)


@leaf
def _rule_alone(value: Any, name: str) -> LateTerms:
    if not isinstance(value, str):
        raise InvalidTerms(f"{name}: got {value!r}; expected a table with some of: interest, penalties, ...")
    return LateTerms.of(value)


late = either(_rule_alone, _late)
"""Reads late terms: their own tables, or `rule`, the name of those of a law, with the choices it leaves."""


@leaf
def _named_allocation(value: Any, name: str) -> Allocation:
    return Allocation.of(value)


def _days_past_due(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise InvalidTerms(f"{name}: got {text!r}; expected a number of days past due, such as 90")
    return int(text)


def allocation(page: Sheet, path: Path, value: object) -> object:
    """Reads the name of an allocation, or a table with its order; beyond days past due it may hold another one."""
    return (_own_allocation if isinstance(value, dict) else _named_allocation)(page, path, value)


_own_allocation = table_of(
    Allocation,
    {"order": groups, "direction": text, "surplus": text, "after": keyed(_days_past_due, allocation), "name": text},
    {
        "order": "the seven components in a list, groups of them in lists of their own",
        "direction": '"horizontal" or "vertical"',
    },
)
