"""A plan, a statement and an audit for machines: JSON with a schema version, amounts as text, days as YYYY-MM-DD."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from loancalc.credit import CreditReport, Grade
from loancalc.errors import LoanError
from loancalc.io.event_kinds import happened, other_events
from loancalc.io.findings import Finding, errors_in, notes_in
from loancalc.meaning.auditing import Audit
from loancalc.plan.disbursement import Disbursement
from loancalc.plan.loan import Loan
from loancalc.servicing.account import Account
from loancalc.servicing.events import Event
from loancalc.servicing.happening import kind_name
from loancalc.servicing.parts import Parts
from loancalc.servicing.position import Position
from loancalc.servicing.receipts import Receipt

VERSION = 1

Document = dict[str, Any]


_BECAME = ("agreed", "charged", "paid", "waived", "written_off", "moved", "cut", "owed")
"""What was asked for of an installment, and what became of it."""


def dumps(document: Document) -> str:
    """A document as JSON text that is safe in every encoding.

    >>> print(dumps({"amount": Decimal("1066.19"), "due": date(2026, 2, 15)}))
    {
      "amount": "1066.19",
      "due": "2026-02-15"
    }
    """
    return json.dumps(document, indent=2, default=_plain)


def findings_document(findings: Iterable[Finding]) -> Document:
    """What is wrong in the files, and how they were read where that was a matter of choice."""
    found = list(findings)
    return {
        "schema": "loancalc/findings",
        "version": VERSION,
        "findings": [_finding(finding) for finding in errors_in(found)],
        "notes": [_finding(note) for note in notes_in(found)],
    }


def plan_document(loan: Loan, *, explain: bool, notes: Sequence[Finding] = ()) -> Document:
    """The plan of a loan."""
    plan = loan.schedule()
    document = {
        "schema": "loancalc/schedule",
        "version": VERSION,
        "currency": plan.currency,
        "payment": plan.payment,
        "disbursement": _disbursement(loan.disbursement),
        "later_disbursements": [{"on": str(out.on), **_disbursement(out)} for out in loan.disbursements[1:]],
        "total_principal": plan.total_principal,
        "total_interest": plan.total_interest,
        "total_fees": plan.total_fees,
        "total_taxes": plan.total_taxes,
        "total": plan.total,
        "installments": [row._asdict() for row in plan],
        "assumptions": list(plan.assumptions),
        "notes": [_finding(note) for note in notes],
    }
    return document | ({"explanation": plan.explain().splitlines()} if explain else {})


def _disbursement(paid_out: Disbursement) -> Document:
    names = ("principal", "financed", "deducted", "paid", "net_payout")
    return {name: getattr(paid_out, name) for name in names} | {"lines": [line._asdict() for line in paid_out.lines]}


def statement_document(
    account: Account,
    position: Position,
    receipts: Sequence[Receipt],
    credit: CreditReport | LoanError,
    grade: Grade | LoanError,
    *,
    explain: bool,
    notes: Sequence[Finding] = (),
) -> Document:
    """Where a loan stands."""
    return {
        "schema": "loancalc/statement",
        "version": VERSION,
        **_position(position, explain=explain),
        "receipts": [_receipt(receipt) for receipt in receipts],
        "happened": [_happened(event) for event in other_events(account, position.as_of)],
        "credit_report": {"error": str(credit)} if isinstance(credit, LoanError) else _credit(credit),
        "grade": {"error": str(grade)} if isinstance(grade, LoanError) else _grade(grade),
        "notes": [_finding(note) for note in notes],
    }


def _happened(event: Event) -> Document:
    kind = kind_name(type(event).__name__)
    return {"id": event.id, "on": event.on, "booked": event.booked, "type": kind, "text": happened(event)}


def audit_document(result: Audit, *, explain: bool, notes: Sequence[Finding] = ()) -> Document:
    """A lender's claim against our figures."""
    names = ("field", "claimed", "ours", "difference", "verdict", "explanation")
    return {
        "schema": "loancalc/audit",
        "version": VERSION,
        "as_of": result.claim.as_of,
        "agrees": result.agrees,
        "findings": [{name: getattr(finding, name) for name in names} for finding in result.findings],
        "hints": list(result.hints),
        "position": _position(result.position, explain=explain),
        "notes": [_finding(note) for note in notes],
    }


def _position(position: Position, *, explain: bool) -> Document:
    coming = position.next_due
    document = {
        "as_of": position.as_of,
        "currency": position.currency,
        "days_past_due": position.days_past_due,
        "delinquent_days": position.delinquent_days,
        "oldest_unpaid_due": position.oldest_unpaid_due,
        "installments_past_due": position.installments_past_due,
        "past_due": _parts(position.past_due),
        "due": _parts(position.due),
        "cut": _parts(position.cut),
        "cuts": [cut._asdict() for cut in position.cuts],
        "outstanding_principal": position.outstanding_principal,
        "interest_to_date": position.interest_to_date,
        "payoff_interest": position.payoff_interest,
        "payoff_fee": position.payoff_fee,
        "credit": position.credit,
        "payoff": position.payoff,
        "next_due": None if coming is None else {"date": coming.date, "amount": coming.amount},
        "is_closed": position.is_closed,
        "installments": [
            {
                "number": state.number,
                "due": state.due,
                "state": state.state,
                **{name: _parts(getattr(state, name)) for name in _BECAME},
                "settled_on": state.settled_on,
            }
            for state in position.installments
        ],
        "assumptions": list(position.assumptions),
    }
    return document | (_calculations(position) if explain else {})


def _calculations(position: Position) -> Document:
    """Every figure as a calculation in words, and the lines and penalties that the figures are built from."""
    return {
        "explanation": position.explain().splitlines(),
        "accrual_lines": [
            {
                "installment": line.installment,
                "component": line.component,
                "rate": str(line.rate),
                "day_count": line.day_count,
                "start": line.start,
                "end": line.end,
                "unrounded": str(line.unrounded),
                "is_open": line.is_open,
                "base": line.base,
                "amount": line.amount,
            }
            for line in position.lines
        ],
        "penalties": [charge._asdict() for charge in position.penalties],
    }


def _parts(parts: Parts) -> Document:
    return {**parts, "total": parts.total}


def _receipt(receipt: Receipt) -> Document:
    return {
        "id": receipt.id,
        "on": receipt.on,
        "amount": receipt.amount,
        "parts": _parts(receipt.parts),
        "lines": [line._asdict() for line in receipt.lines],
        "credit": receipt.credit,
        "returned": receipt.returned,
        "source": receipt.source,
        "is_payoff": receipt.is_payoff,
    }


def _credit(report: CreditReport) -> Document:
    rules = report.framework
    return {
        "framework": rules.version,
        "status": rules.status,
        "source": rules.source,
        "status_line": report.status_line,
        "provisional": report.provisional,
        "months": [month._asdict() for month in report.months],
        "running": report.running._asdict() if report.running else None,
        "notes": list(report.notes),
    }


def _grade(grade: Grade) -> Document:
    rules = grade.framework
    return {
        "framework": rules.version,
        "status": rules.status,
        "source": rules.source,
        "grade": grade.grade,
        "days": grade.days,
        "counts": grade.counts,
    }


def _finding(finding: Finding) -> Document:
    names = ("file", "row", "column", "value", "problem")
    return {name: getattr(finding, name) for name in names}


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a document")
