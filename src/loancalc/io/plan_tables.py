"""The tables of contract.toml about the plan: rates that change, methods with parameters, fees, taxes, pay-outs."""

from __future__ import annotations

from loancalc.errors import InvalidTerms, unknown_name
from loancalc.io.sheet import (
    Sheet,
    amount,
    dated,
    day,
    either,
    flag,
    leaf,
    list_of,
    number,
    one_of,
    one_or_list,
    several,
    table_of,
    text,
    whole,
)
from loancalc.io.toml_rows import Path
from loancalc.plan.fees import Fee
from loancalc.plan.method_values import Balloon, ExtraPayment, Graduated, Seasonal
from loancalc.plan.methods import METHODS, VALUE_NAMES
from loancalc.plan.prepayment import Prepayment
from loancalc.plan.stated_methods import GivenPayments, GivenPrincipal, RuleOf78, SinkingFund
from loancalc.plan.taxes import Tax
from loancalc.plan.tranches import Tranche
from loancalc.plan.waiting import Moratorium
from loancalc.time.indexed_rates import IndexedRate
from loancalc.time.rate_path import RatePath
from loancalc.values.rates import Rate
from loancalc.values.shares import read_percent

percent = leaf(read_percent)
"""Reads a share such as "5%"."""

_rate = leaf(Rate.parse)
_as_it_stands = leaf(lambda value, name: value)

_path = table_of(
    RatePath,
    {
        "initial": _rate,
        "changes": dated(_rate),
        "keep": either(text, dated(text)),
        "payment_cap": text,
        "pauses": list_of(list_of(day, 2)),
        "origin": text,
    },
    {"initial": 'the rate from the start, such as "6.5%"'},
)
_indexed = table_of(
    IndexedRate,
    {
        "index": either(text, dated(_rate)),
        "spread": text,
        "reset": one_or_list(text, list_of(day)),
        "every": whole,
        "look_back": whole,
        "cap": _rate,
        "floor": _rate,
        "change_cap": text,
        "keep": text,
        "payment_cap": text,
        "name": text,
    },
    {"reset": '"anniversary", a day of the year such as "01-01", or a list of days'},
)


def _changing(page: Sheet, path: Path, value: dict[str, object]) -> object:
    return (_indexed if "index" in value else _path)(page, path, value)


rate = either(_rate, _changing)
"""Reads a rate, a table of dated rates, or one of an index with its spread."""

_VALUES = {
    "balloon": table_of(Balloon, {"amount": amount, "term": whole}),
    "graduated": table_of(
        Graduated, {"ratio": _as_it_stands, "amount": amount, "every": whole, "steps": whole, "first_rounded": flag}
    ),
    "seasonal": table_of(Seasonal, {"weights": list_of(number)}, {"weights": "a list of numbers"}),
    "given_payments": table_of(GivenPayments, {"amounts": list_of(amount)}, {"amounts": "a list of amounts"}),
    "given_principal": table_of(GivenPrincipal, {"parts": list_of(amount)}, {"parts": "a list of amounts"}),
    "rule_of_78": table_of(RuleOf78, {"charge": amount}),
    "extra_payment": table_of(ExtraPayment, {"amount": amount}, {"amount": "an amount"}),
    "sinking_fund": table_of(SinkingFund, {"rate": _rate}, {"rate": 'the rate of the fund, such as "4%"'}),
}


def _plain_method(value: object, name: str) -> str:
    if isinstance(value, str) and METHODS.get(value) is None and (found := VALUE_NAMES.get(value)):
        raise InvalidTerms(f"{name}: got {value!r}; it has parameters: expected a table [{name}.{found}]")
    if METHODS.get(str(value)) is None:
        accepted = [*METHODS.names, *(f"[{name}.{kind}]" for kind in _VALUES)]
        raise unknown_name(name, value, accepted, aliases=METHODS.name_of | VALUE_NAMES.name_of)
    return METHODS.find(value, name)


method = either(leaf(_plain_method), one_of(_VALUES, lambda name: VALUE_NAMES.get(name) or METHODS.get(name)))
"""Reads the name of a method, or a table such as [method.balloon] with its parameters."""

_fee = table_of(
    Fee,
    {
        "amount": amount,
        "percent": percent,
        "of": text,
        "min": amount,
        "max": amount,
        "each": text,
        "in_advance": flag,
        "at": text,
        "on": day,
        "settled": text,
        "rebate": text,
        "name": text,
        "kind": text,
    },
)
fees = several(_fee)
prepayment = table_of(Prepayment, {"interest": text, "fee": _fee})
taxes = several(
    table_of(
        Tax,
        {
            "percent": either(percent, dated(percent)),
            "on": text,
            "each": text,
            "most_days": whole,
            "settled": text,
            "name": text,
        },
        {"percent": 'a share such as "18%"', "on": '"interest", "fees" or "principal"'},
    )
)
moratorium = table_of(
    Moratorium,
    {"installments": whole, "interest": text},
    {"installments": "a whole number", "interest": '"paid", "capitalized", "carried" or "forgiven"'},
)
tranches = several(
    table_of(
        Tranche,
        {"on": day, "amount": amount, "down_payment": percent},
        {"on": "the day of the pay-out", "amount": "an amount"},
    )
)
