"""The kinds of events as a file names them, each with the fields that its class has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from inspect import Parameter, signature
from typing import Any, NamedTuple, get_args

from loancalc.plan.waiting import Moratorium
from loancalc.servicing.account import Account
from loancalc.servicing.events import Event, Payment, Payoff, Reversal, Waiver
from loancalc.servicing.happening import kind_name
from loancalc.values.names import Names

_OF_EVERY_EVENT = ("self", "on", "booked", "id", "sequence", "when")
_WORDS = re.compile("[A-Za-z]+")
_SORTS = ("Amount", "DateLike", "Treatments", "Moratorium", "Iterable", "bool", "int")


class Kind(NamedTuple):
    """A kind of event.

    Attributes:
        name: What a file calls it.
        make: Makes the event.
        fields: What it has beside its days and its id, the columns of its row, each with the sort of value that its class
            takes: "Amount", "DateLike", "Treatments" (a word, or one for each component), "Moratorium", "Iterable" (of
            names), "bool", "int" or "str".
        required: The fields that it cannot be without.
        has_day: Whether it has a value date of its own; a reversal has that of what it reverses.
    """

    name: str
    make: Callable[..., Event]
    fields: Mapping[str, str]
    required: frozenset[str]
    has_day: bool


def _kind(of: type) -> Kind:
    parameters = signature(of).parameters
    own = {name: found for name, found in parameters.items() if name not in _OF_EVERY_EVENT}
    required = frozenset(name for name, found in own.items() if found.default is Parameter.empty)
    fields = {name: _sort(str(found.annotation)) for name, found in own.items()}
    return Kind(kind_name(of.__name__), of, fields, required, "on" in parameters)


def _sort(annotation: str) -> str:
    words = _WORDS.findall(annotation)
    return next((sort for sort in _SORTS if sort in words), "str")


KINDS = {kind.name: kind for kind in map(_kind, get_args(Event))}
"""Every kind of event by its name, which is that of its class: `RateChange` is rate_change."""

FIELDS = tuple(dict.fromkeys(field for kind in KINDS.values() for field in kind.fields))
"""Every field that some kind of event has."""

_ALIASES = {
    "payment": ["还款", "付款", "repayment"],
    "payoff": ["结清", "提前结清"],
    "draw": ["提款", "放款", "disbursement"],
    "rate_change": ["利率调整", "调息"],
    "interest_pause": ["停息", "停息挂账"],
    "deferral": ["延期", "延期还款"],
    "extension": ["展期"],
    "reamortization": ["重新摊还"],
    "reaging": ["重置账龄"],
    "restructuring": ["债务重组", "重组"],
    "refund": ["退款"],
    "chargeback": ["退票", "扣款退回"],
    "recovery": ["核销收回"],
    "settlement": ["和解"],
    "waiver": ["减免", "豁免"],
    "charge": ["收费"],
    "delinquency_pause": ["暂停计算逾期天数"],
    "acceleration": ["提前到期", "加速到期"],
    "charge_off": ["转呆账"],
    "write_off": ["核销"],
    "transfer": ["债权转让"],
    "closing": ["销户"],
    "reversal": ["冲正", "撤销"],
}
TYPES = Names("type", {name: _ALIASES.get(name, []) for name in KINDS})
"""What stands in the column `type`."""


def happened(event: Event) -> str:
    """An event in words, for a list of what happened.

    >>> from loancalc import Charge, RateChange
    >>> print(happened(Charge("2026-04-01", "cost", 150, installment=2)))
    2026-04-01: charge: component cost, amount 150, installment 2
    >>> print(happened(RateChange("2027-01-01", "3.95%", keep="term")))
    2027-01-01: rate change: rate 3.95%/year, keep term
    """
    if isinstance(event, Reversal):
        return f"{event.booked}: {event.of} is reversed; it never happened"
    if isinstance(event, Waiver):
        undue = " that is not due yet" if event.undue else ""
        return f"{event.on}: {event.amount} of {_words(event.component)}{undue} is waived"
    kind = KINDS[kind_name(type(event).__name__)]
    given = {field: getattr(event, field) for field in kind.fields}
    said = {field: value for field, value in given.items() if field in kind.required or value not in (None, (), False)}
    shown = [f"{_words(field)} {_shown(value)}" for field, value in said.items()]
    return f"{event.on}: {_words(kind.name)}{': ' if shown else ''}{', '.join(shown)}"


def other_events(account: Account, day: date) -> list[Event]:
    """What had happened by the end of a day, but for payments of which a receipt says all."""
    return [event for event in account.events if event.on <= day and not _has_a_plain_receipt(event)]


def _has_a_plain_receipt(event: Event) -> bool:
    is_own_money = isinstance(event, Payment) and event.source == "borrower" and not event.is_designated
    return is_own_money or isinstance(event, Payoff)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Moratorium):
        return f"of {value.installments} installments, interest {value.interest}"
    if isinstance(value, tuple):
        return " and ".join(" ".join(map(_words, word)) if isinstance(word, tuple) else _words(word) for word in value)
    return str(value) if isinstance(value, date) else _words(str(value))


def _words(name: str) -> str:
    return name.replace("_", " ")
