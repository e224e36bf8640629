"""contract.toml: the terms of a loan, its keys being the names of `Loan`'s terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from loancalc.allocation import Allocation
from loancalc.charge_caps import Cap
from loancalc.daycount import DayCount
from loancalc.errors import LoanError
from loancalc.fees import Fee
from loancalc.frequency import Frequency
from loancalc.io import sheet
from loancalc.io.findings import Finding, errors_in
from loancalc.io.pasted import read_pasted_day
from loancalc.io.sheet import (
    Sheet,
    amount,
    either,
    flag,
    groups,
    leaf,
    open_sheet,
    several,
    table_of,
    text,
    whole,
    words,
)
from loancalc.io.toml_rows import Path
from loancalc.late_interest import LateInterest
from loancalc.late_terms import Grace, LateTerms, Tolerance
from loancalc.loan import Loan
from loancalc.methods import METHODS
from loancalc.money import currency_code
from loancalc.penalties import Penalty
from loancalc.planning import Moratorium
from loancalc.rates import Rate, parse_late_rate
from loancalc.rounding import Rounding
from loancalc.shares import read_percent
from loancalc.taxes import Tax
from loancalc.tranches import Tranche

_day_count = leaf(DayCount.parse)
_percent = leaf(read_percent)

_ONE_ROUNDING = {"step": whole, "mode": text, "residue": text, "places": whole}
_PURPOSES = ("interest", "installment", "accrual", "part", "fee")
_named_rounding = leaf(lambda value, name: Rounding.of(value))
_own_rounding = either(_named_rounding, table_of(Rounding, _ONE_ROUNDING))
_rounding = either(
    _named_rounding, table_of(Rounding, {**_ONE_ROUNDING, **dict.fromkeys((*_PURPOSES, "displayed"), _own_rounding)})
)

_allocation = either(
    leaf(lambda value, name: Allocation.of(value)),
    table_of(
        Allocation,
        {"order": groups, "direction": text, "surplus": text, "name": text},
        {
            "order": "the seven components in a list, groups of them in lists of their own",
            "direction": '"horizontal" or "vertical"',
        },
    ),
)


def _payment(page: Sheet, path: Path, value: object) -> object:
    is_name = isinstance(value, str) and value.strip().casefold() in ("level", "nominal")
    return value if is_name else amount(page, path, value)


def _most(page: Sheet, path: Path, value: object) -> object:
    return value if value == "installment" else amount(page, path, value)


_as_it_stands = leaf(lambda value, name: value)
"""A value that has its type in the file already: a date, a number of days, a name, a list."""

_late = table_of(
    LateTerms,
    {
        "interest": table_of(
            LateInterest,
            {
                "rate": leaf(parse_late_rate),
                "base": text,
                "day_count": _day_count,
                "over": text,
                "compound": text,
                "capitalizes": _as_it_stands,
                "starts": _as_it_stands,
                "stops": _as_it_stands,
                "rounded": text,
            },
            {"rate": 'a rate such as "1.5x" or "18%"'},
        ),
        "penalties": several(
            table_of(
                Penalty,
                {
                    "amount": amount,
                    "percent": _percent,
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
        ),
        "grace": table_of(
            Grace,
            {"days": whole, "kind": text, "counted": text, "calendar": text},
            {"days": "a whole number", "kind": '"free", "deferred" or "status-only"'},
        ),
        "caps": several(
            table_of(
                Cap,
                {
                    "rate": leaf(parse_late_rate),
                    "covers": words,
                    "base": text,
                    "since": text,
                    "day_count": _day_count,
                    "share": _percent,
                    "amount": amount,
                    "recover": flag,
                    "over": text,
                    "name": text,
                },
            )
        ),
        "tolerance": table_of(Tolerance, {"amount": amount, "share": _percent}),
    },
)

_fee = table_of(
    Fee,
    {
        "amount": amount,
        "percent": _percent,
        "of": text,
        "min": amount,
        "max": amount,
        "each": text,
        "at": text,
        "on": sheet.day,
        "settled": text,
        "name": text,
        "kind": text,
    },
)


def _shares(page: Sheet, path: Path, value: object) -> object:
    """A share, or a table of shares by the day from which each is in force."""
    if not isinstance(value, dict):
        return _percent(page, path, value)
    return {day: _percent(page, (*path, day), share) for day, share in value.items()}


_tax = table_of(
    Tax,
    {"percent": _shares, "on": text, "each": text, "most_days": whole, "settled": text, "name": text},
    {"percent": 'a share such as "18%"', "on": '"interest", "fees" or "principal"'},
)

_moratorium = table_of(
    Moratorium,
    {"installments": whole, "interest": text},
    {"installments": "a whole number", "interest": '"paid", "capitalized", "carried" or "forgiven"'},
)
_tranche = table_of(
    Tranche,
    {"on": sheet.day, "amount": amount, "down_payment": _percent},
    {"on": "the day of the pay-out", "amount": "an amount"},
)

_loan = table_of(
    Loan,
    {
        "principal": amount,
        "rate": leaf(Rate.parse),
        "start": sheet.day,
        "installments": whole,
        "end": sheet.day,
        "every": leaf(lambda value, name: Frequency.parse(value, name)),
        "method": leaf(METHODS.find),
        "day_count": _day_count,
        "currency": leaf(lambda value, name: currency_code(value)),
        "rounding": _rounding,
        "accrual": text,
        "early": text,
        "allocation": _allocation,
        "late": _late,
        "fees": several(_fee),
        "taxes": several(_tax),
        "first_due": sheet.day,
        "month_end": flag,
        "payment": _payment,
        "level": flag,
        "past_due_counts": words,
        "moratorium": _moratorium,
        "tranches": several(_tranche),
        "down_payment": _percent,
        "negative_amortization": text,
    },
    {
        "principal": "the amount lent, such as 12000",
        "rate": 'a rate with its unit, such as "12%"',
        "start": "the first day that bears interest, such as 2026-01-15",
    },
)


Read = TypeVar("Read")


class Contract(NamedTuple):
    """What a contract file gave: the loan (None if it was refused), and what could be read of it all the same."""

    loan: Loan | None
    start: date | None
    currency: str | None
    findings: tuple[Finding, ...]


def read_contract(raw: bytes, file: str = "contract.toml") -> Contract:
    """The loan that a contract file describes, with every finding about the file.

    Args:
        raw: The bytes of the file.
        file: Its name, for the findings.

    >>> read_contract(b'principal = "\\xc2\\xa512,000"\\nrate = "12%"\\nstart = 2026-01-15\\ninstallments = 12').loan
    Loan('12000', rate='12%/year', start='2026-01-15', installments=12, every='1 month', method='annuity', ...)
    >>> print(read_contract(b'principle = 1\\nprincipal = 1\\nrate = "12%"\\nstart = 2026-01-15').findings[0])
    contract.toml, row 1, key principle: no such key; nearest: principal; accepted: principal, rate, start, ...
    """
    page = open_sheet(raw, file, "the terms of a loan, such as principal, rate, start and installments")
    if errors_in(page.findings):
        return Contract(None, None, None, tuple(page.findings))
    page = replace(page, currency=_quietly(currency_code, page.table.get("currency")))
    loan = _loan(page, (), page.table)
    if loan is not None:
        page.attempt((), None, loan.schedule)
    start = _quietly(lambda value: read_pasted_day(value, "start"), page.table.get("start"))
    refused = errors_in(page.findings)
    return Contract(None if refused else loan, start, page.currency, tuple(page.findings))


def _quietly(read: Callable[[Any], Read], value: Any) -> Read | None:
    """What can be read of a key that was read, or refused, before: the other files are checked against it."""
    try:
        return read(value)
    except LoanError:
        return None
