"""contract.toml: the terms of a loan, its keys being the names of `Loan`'s terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from loancalc.errors import LoanError
from loancalc.io import late_tables, plan_tables, time_tables
from loancalc.io.findings import Finding, errors_in
from loancalc.io.pasted import read_pasted_day
from loancalc.io.sheet import Sheet, amount, day, either, flag, leaf, open_sheet, table_of, text, whole, words
from loancalc.io.toml_rows import Path
from loancalc.plan.loan import Loan
from loancalc.values.money import currency_code
from loancalc.values.rounding import Rounding

_ONE_ROUNDING = {"step": whole, "mode": text, "residue": text, "places": whole}
_PURPOSES = ("interest", "installment", "accrual", "part", "fee")
_named_rounding = leaf(lambda value, name: Rounding.of(value))
_own_rounding = either(_named_rounding, table_of(Rounding, _ONE_ROUNDING))
_rounding = either(
    _named_rounding, table_of(Rounding, {**_ONE_ROUNDING, **dict.fromkeys((*_PURPOSES, "displayed"), _own_rounding)})
)


def _payment(page: Sheet, path: Path, value: object) -> object:
    is_name = isinstance(value, str) and value.strip().casefold() in ("level", "nominal")
    return value if is_name else amount(page, path, value)


_TERMS = {
    "principal": amount,
    "rate": plan_tables.rate,
    "start": day,
    "installments": whole,
    "end": day,
    "every": time_tables.every,
    "method": plan_tables.method,
    "day_count": late_tables.day_count,
    "currency": leaf(lambda value, name: currency_code(value)),
    "rounding": _rounding,
    "accrual": text,
    "rests": text,
    "early": text,
    "allocation": late_tables.allocation,
    "late": late_tables.late,
    "fees": plan_tables.fees,
    "taxes": plan_tables.taxes,
    "prepayment": plan_tables.prepayment,
    "first_due": day,
    "month_end": flag,
    "first_period": text,
    "payment": _payment,
    "level": flag,
    "calendar": time_tables.calendar,
    "adjust": text,
    "interest_moves": flag,
    "periods": time_tables.periods,
    "past_due_counts": words,
    "moratorium": plan_tables.moratorium,
    "tranches": plan_tables.tranches,
    "down_payment": plan_tables.percent,
    "negative_amortization": text,
    "small_balance": amount,
}
_REQUIRED = {"principal": "the amount lent, such as 12000", "rate": 'a rate with its unit, such as "12%"'}
_START = {"start": "the first day that bears interest, such as 2026-01-15"}


def _loan(page: Sheet) -> Loan | None:
    """The loan of a sheet; periods that are laid out bring their own start."""
    required = _REQUIRED if "periods" in page.table else _REQUIRED | _START
    loan: Loan | None = table_of(Loan, _TERMS, required)(page, (), page.table)
    return loan


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
        return Contract(None, None, None, page.by_row)
    page = replace(page, currency=_quietly(currency_code, page.table.get("currency")))
    loan = _loan(page)
    if loan is not None:
        page.attempt((), None, loan.schedule)
    start = _quietly(lambda value: read_pasted_day(value, "start"), _start_of(page.table))
    refused = errors_in(page.findings)
    return Contract(None if refused else loan, start, page.currency, page.by_row)


def _start_of(table: dict[str, Any]) -> object:
    """What the file gives as the start: of the loan, or of its periods."""
    laid = table.get("periods")
    return laid.get("start") if isinstance(laid, dict) else table.get("start")


def _quietly(read: Callable[[Any], Read], value: Any) -> Read | None:
    """What can be read of a key that was read, or refused, before: the other files are checked against it."""
    try:
        return read(value)
    except LoanError:
        return None
