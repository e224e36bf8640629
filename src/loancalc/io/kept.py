"""Values as JSON and back: a loan, an account, events, terms and claims, to be kept in a file or a database.

A value is written as the call that makes it: `{"Payment": {"on": "2026-02-15", "amount": "1066.19"}}`. What a constructor
does by default is left out, so that what was not agreed is still not agreed when the value is read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, TypeAlias, get_args

from loancalc.calendars import NAMES, Calendar, JointCalendar, find_calendar
from loancalc.errors import InvalidTerms, LoanError, unknown_name
from loancalc.meaning.claims import Claim
from loancalc.plan import methods
from loancalc.plan.allocation import Allocation
from loancalc.plan.charge_caps import Cap
from loancalc.plan.fees import Fee
from loancalc.plan.late_interest import LateInterest
from loancalc.plan.late_terms import Grace, LateTerms, Tolerance, from_rule
from loancalc.plan.literals import stated_terms
from loancalc.plan.loan import Loan
from loancalc.plan.penalties import Penalty
from loancalc.plan.prepayment import Prepayment
from loancalc.plan.taxes import Tax
from loancalc.plan.tranches import Tranche
from loancalc.plan.waiting import Moratorium
from loancalc.servicing.account import Account
from loancalc.servicing.events import Event
from loancalc.servicing.several_loans import Standing
from loancalc.time.daycount import DayCount
from loancalc.time.frequency import Frequency
from loancalc.time.indexed_rates import IndexedRate
from loancalc.time.period import Periods
from loancalc.time.rate_path import RatePath
from loancalc.time.rolls import Grid, Roll
from loancalc.values.base_rates import BaseRate
from loancalc.values.rates import Rate, RelativeRate, parse_late_rate
from loancalc.values.rounding import Rounding

SCHEMA = "loancalc/value"
VERSION = 1

Value: TypeAlias = Loan | Account | Event | Claim | LateTerms | Allocation | Fee | Tax | Standing
"""What is kept most; every value that these hold can be kept on its own as well."""

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Loan, Account, Claim, Standing, *get_args(Event), *get_args(methods.Value),
        LateTerms, LateInterest, Penalty, Grace, Cap, Tolerance, Allocation, Fee, Tax, Prepayment, Moratorium, Tranche,
        RatePath, IndexedRate, BaseRate, Rounding, Periods, Grid, Roll, Frequency, Calendar, JointCalendar,
    )
}  # fmt: skip
_WORDS: dict[str, Callable[[Any], object]] = {
    "Fraction": Fraction, "Decimal": Decimal, "date": date.fromisoformat, "calendar": find_calendar,
    "Rate": Rate.parse, "RelativeRate": parse_late_rate, "DayCount": DayCount.parse,
    "base_rate": BaseRate.of, "dict": dict,
}  # fmt: skip
"""What is written as `{"date": "2026-02-15"}` where a constructor takes no text for it."""
_AS_THEY_ARE = (Periods, Grid, JointCalendar)
"""What is made of dates and frequencies, and not of words for them."""
_READ_AS: dict[tuple[type, str], Callable[[Any], object]] = {
    (Allocation, "order"): lambda allocation: allocation.as_stated,
    (Allocation, "after"): lambda allocation: dict(allocation.after),
    (BaseRate, "steps"): lambda path: dict(path.steps),
    (Tax, "percent"): lambda tax: tax.percent,
}
"""Arguments that are not the attribute of their name."""
_OF_EVERY_EVENT = ("booked", "id", "sequence")
_LONGEST = 80


def to_json(value: Value, *, indent: int | None = None) -> str:
    """A value as JSON text, with a schema version; `from_json` makes an equal one of it.

    Amounts are text in units of the currency, days are `YYYY-MM-DD`, rates carry their unit.

    Args:
        value: A loan, an account, an event, a claim, or terms; several of them in a tuple.
        indent: Spaces for each level; all on one line without it.

    Raises:
        InvalidTerms: If it holds what no text can say: a method or a calendar that is a function of the caller's own; or is
            what follows from terms and events, such as a position.

    >>> from loancalc import Payment
    >>> to_json(Payment("2026-02-15", "1066.19"))
    '{"schema": "loancalc/value", "version": 1, "value": {"Payment": {"on": "2026-02-15", "amount": "1066.19"}}}'
    """
    document = {"schema": SCHEMA, "version": VERSION, "value": _written(value, type(value).__name__, plain=False)}
    return json.dumps(document, indent=indent, ensure_ascii=False)


def from_json(text: str | bytes) -> Any:
    """The value that `to_json` wrote.

    Numbers are read as the decimals that were written, never as floats. What is read is checked as when it is typed.

    Raises:
        LoanError: If it is no such document, of another version, or says what no value can be; the message names the place
            (`value.Account.events[3].Payment: ...`).

    >>> from loancalc import Account, Loan, Payment
    >>> account = Account(Loan(1200, "12%", "2026-01-15", installments=12), [Payment("2026-02-15", "106.62")])
    >>> from_json(to_json(account)) == account
    True
    """
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once_each)
    except LoanError:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise LoanError(f"document: got {_short(text)}; expected JSON text that to_json wrote ({error})") from None
    if (
        not isinstance(document, dict)
        or document.get("schema") != SCHEMA
        or set(document) != {"schema", "version", "value"}
    ):
        raise LoanError(f"document: got {_short(text)}; expected schema {SCHEMA!r}, a version and a value")
    if document["version"] != VERSION or isinstance(document["version"], bool):
        raise LoanError(f"document.version: got {document['version']!r}; expected {VERSION}")
    return _read(document["value"], "value")


def _written(value: object, place: str, *, plain: bool = True) -> object:
    """A value as JSON has it: as its own text where that is `plain` to its reader, else as the call that makes it."""
    if plain and isinstance(value, Rate | RelativeRate | DayCount | Decimal | date | Frequency):
        return str(value)
    kind = type(value)
    if kind.__name__ in _WORDS and kind is not dict:
        return {kind.__name__: str(value)}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict | MappingProxyType):
        return {"dict": _written(list(value.items()), place)}
    if isinstance(value, list | tuple | frozenset) and not hasattr(value, "_fields"):
        items = sorted(value) if isinstance(value, frozenset) else value
        return [_written(item, f"{place}[{index}]", plain=plain) for index, item in enumerate(items)]
    if isinstance(value, BaseRate) and value.provenance:
        return {"base_rate": value.name}
    if name := _calendar_name(value):
        return {"calendar": name}
    if _KINDS.get(kind.__name__) is not kind:
        raise InvalidTerms(
            f"{place}: got {_short(value)}; expected what text can say: a name, terms, events, an account or a claim; "
            "what follows from these is worked out again when they are read"
        )
    plain = kind not in _AS_THEY_ARE
    said = {name: _written(part, f"{place}.{name}", plain=plain) for name, part in _said(value).items()}
    return {kind.__name__: said}


def _calendar_name(value: object) -> str | None:
    """The name of a calendar that comes with the library; None of any other value."""
    name = getattr(value, "name", None)
    if not (callable(getattr(value, "is_business_day", None)) and isinstance(name, str) and NAMES.get(name)):
        return None
    return name if find_calendar(name) == value else None


def _said(value: Any) -> dict[str, object]:
    """What a value has to be made of: the arguments of its constructor, by name, without those that are its defaults."""
    if isinstance(value, Loan):
        terms = {"principal": value.principal} | stated_terms(value)
        return {name: said for name, said in terms.items() if name not in value.defaulted}
    kind = _KINDS[type(value).__name__]
    said: dict[str, object] = {}
    for name, default in _accepted(kind).items():
        read = _READ_AS.get((kind, name))
        part = read(value) if read else getattr(value, name)
        if part != default:
            said[name] = part
    if said.get("booked") == said.get("on"):
        said.pop("booked", None)
    if isinstance(value, LateTerms) and value.provenance:
        said["rule"] = value.provenance.name
    return said


def _read(written: object, place: str) -> Any:
    """What a part of a document says."""
    if isinstance(written, list):
        return tuple(_read(item, f"{place}[{index}]") for index, item in enumerate(written))
    if not isinstance(written, dict):
        return written
    if len(written) != 1:
        raise LoanError(f"{place}: got {_short(written)}; expected one kind and what it says, such as {{'Fee': ...}}")
    ((kind, about),) = written.items()
    if kind not in _KINDS and kind not in _WORDS:
        raise unknown_name(place, kind, [*_KINDS, *_WORDS])
    place = f"{place}.{kind}"
    if kind in _WORDS:
        said = _read(about, place)
        return _made(place, about, _WORDS[kind], said)
    if not isinstance(about, dict):
        raise LoanError(f"{place}: got {_short(about)}; expected its arguments by name")
    arguments = {name: _read(part, f"{place}.{name}") for name, part in about.items()}
    rule = arguments.pop("rule", None) if kind == "LateTerms" else None
    accepted = _accepted(_KINDS[kind])
    for name in arguments:
        if name not in accepted:
            raise unknown_name(place, name, accepted)
    value = _made(place, about, _KINDS[kind], **arguments)
    return value if rule is None else _made(place, about, from_rule, value, rule)


@cache
def _accepted(kind: type) -> dict[str, object]:
    """What a constructor takes, by name, with its default; what every event has among it."""
    found: dict[str, object] = {}
    for name, parameter in signature(kind).parameters.items():
        is_open = parameter.kind is Parameter.VAR_KEYWORD
        found |= dict.fromkeys(_OF_EVERY_EVENT) if is_open else {name: parameter.default}
    return found


def _made(place: str, about: object, make: Callable[..., Any], *said: object, **arguments: object) -> Any:
    """What a constructor makes of what was said; where it refuses, the message begins with the place."""
    try:
        return make(*said, **arguments)
    except LoanError as error:
        raise LoanError(f"{place}: {error}") from error
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise LoanError(f"{place}: got {_short(about)}; {error}") from error


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    said = dict(pairs)
    if len(said) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise LoanError(f"document: got {twice!r} twice in one object; expected each name once")
    return said


def _no_number(text: str) -> object:
    raise LoanError(f"document: got {text}; expected a number")


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
