"""How the terms of a loan read: as a Python call, and term by term."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loancalc.calendars import NAMES, BusinessCalendar, find_calendar
from loancalc.plan.allocation import allocation_presets
from loancalc.plan.first_periods import asked_of_first_period
from loancalc.values.rounding import Rounding

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


def _calendar(calendar: BusinessCalendar | None) -> object:
    """The name of a calendar that has one in the library, else the calendar itself."""
    if calendar is None:
        return None
    return calendar.name if NAMES.get(calendar.name) and find_calendar(calendar.name) == calendar else calendar


def literal(loan: Loan) -> str:
    """The terms as something to paste back: what is not the default, by name."""
    return f"Loan('{loan.principal}', {', '.join(f'{name}={value!r}' for name, value in stated_terms(loan).items())})"


def loan_rows(loan: Loan) -> list[list[str]]:
    """The same to be read: a row for each term, and for each of several clauses."""
    terms = {"principal": loan.principal} | stated_terms(loan)
    late = terms.pop("late", None)
    if late is not None:
        terms |= {f"late {name}": value for name, value in _fields(late).items()}
    rows: list[list[str]] = []
    for name, value in terms.items():
        clauses = value if isinstance(value, list | tuple) else [value]
        rows += [[name.replace("_", " "), _read(clause)] for clause in clauses]
    return rows


def _read(value: object) -> str:
    """A clause as text: as it prints, or field by field where it has no other words."""
    if not is_dataclass(value) or type(value).__str__ is not object.__str__:
        return str(value)
    return ", ".join(f"{name.replace('_', ' ')} {_read(said)}" for name, said in _fields(value).items())


def _limit(limit: object) -> object:
    """A limit as it was said: an amount as text, like all amounts."""
    return str(limit) if isinstance(limit, Decimal) else limit


def _fields(value: Any) -> dict[str, object]:
    """What a clause says, by field."""
    found = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: said for name, said in found.items() if not (said is None or said is False or said == ())}


def stated_terms(loan: Loan) -> dict[str, object]:
    """The terms by name that are not the default, beside the principal."""
    shown: dict[str, object] = {"rate": loan.rate_path or str(loan.rate)}
    installments, moratorium = asked_of_first_period(loan)
    if loan.periods is None:
        shown["start"] = str(loan.start)
        shown |= {"installments": installments} if loan.end is None else {"end": str(loan.end)}
        shown["every"] = str(loan.every)
    else:
        shown["periods"] = loan.periods
    shown["method"] = loan.method
    optional: dict[str, object] = {
        "day_count": loan.day_count and str(loan.day_count),
        "currency": loan.currency,
        "accrual": loan.accrual,
        "rests": loan.rests != "daily" and loan.rests,
        "early": loan.early,
        "late": loan.late,
        "fees": list(loan.fees),
        "taxes": list(loan.taxes),
        "prepayment": loan.prepayment,
        "month_end": loan.month_end,
        "first_due": loan.first_due and str(loan.first_due),
        "first_period": loan.first_period != "level" and loan.first_period,
        "level": loan.level,
        "calendar": loan.periods is None and _calendar(loan.calendar),
        "adjust": loan.adjust,
        "interest_moves": loan.periods is None and loan.interest_moves,
        "past_due_counts": loan.past_due_counts,
        "moratorium": moratorium,
        "tranches": list(loan.tranches),
        "down_payment": loan.down_payment,
        "negative_amortization": _limit(loan.negative_amortization),
        "small_balance": loan.small_balance and str(loan.small_balance),
    }
    shown |= {name: value for name, value in optional.items() if value}
    if "allocation" not in loan.defaulted:
        named = allocation_presets().get(loan.allocation.name or "")
        shown["allocation"] = loan.allocation.name if named and named.allocation == loan.allocation else loan.allocation
    if loan.rounding != Rounding():
        shown["rounding"] = loan.rounding
    if loan.payment != "level":
        shown["payment"] = str(loan.payment)
    return shown
