"""`python -m loancalc`: a plan, a statement, an audit, from the files of a borrower. Nothing reads today's date."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TextIO, TypeVar

from loancalc import credit
from loancalc.account import Account
from loancalc.audit import Claim, audit
from loancalc.credit import CreditReport, Grade
from loancalc.errors import InvalidDate, LoanError
from loancalc.io import documents, statement
from loancalc.io.claim import read_claim
from loancalc.io.contract import Contract, read_contract
from loancalc.io.decoding import read_bytes
from loancalc.io.findings import Finding, errors_in, notes_in
from loancalc.io.pasted import read_pasted_day
from loancalc.io.payments import PaymentFile, read_payments
from loancalc.loan import Loan
from loancalc.position import Position

FINE, FINDINGS, BAD_INPUT = 0, 1, 2

YEARS_AFTER_THE_END = 100
"""How long after the last due date a day may lie: beyond it, it is a slip of the pen."""

_EXIT_CODES = "exit codes: 0 fine; 1 findings (something is past due, or the claim is wrong); 2 input that cannot be read"


class Output(NamedTuple):
    """What a command prints, and the exit code it ends with."""

    text: str
    code: int


class Refused(Exception):
    """The files cannot be read: every finding about them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__("the files cannot be read")
        self.findings = tuple(findings)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code: 0 fine, 1 findings, 2 bad input."""
    options = _parser().parse_args(arguments)
    try:
        output = _COMMANDS[options.command](options)
    except Refused as refused:
        return _refuse(refused.findings, as_json=options.json)
    except LoanError as error:
        return _refuse([Finding(options.contract, None, None, None, str(error))], as_json=options.json)
    _print(output.text, sys.stdout)
    return output.code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="loancalc", description="What a loan costs, where it stands, and whether the lender's figure is right.",
        epilog=_EXIT_CODES,
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str, *files: tuple[str, str]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help, description=help, epilog=_EXIT_CODES)
        for file, what in files:
            added.add_argument(file, metavar=f"{file.upper()}{'.csv' if file == 'payments' else '.toml'}", help=what)
        added.add_argument("--explain", action="store_true", help="show every figure as a calculation")
        added.add_argument("--json", action="store_true", help="print JSON for machines")
        return added

    contract = ("contract", "the terms of the loan")
    payments = ("payments", "what was paid: a table with the columns date and amount")
    claim = ("claim", "what the lender says")
    command("schedule", "Print the plan.", contract)
    standing = command("statement", "Print where the loan stands on a day.", contract, payments)
    standing.add_argument("--as-of", required=True, metavar="DATE", help="the day, such as 2026-04-24")
    comparing = command("audit", "Compare a lender's message with our figures.", contract, payments, claim)
    comparing.add_argument("--as-of", metavar="DATE", help="the day of the claim, where CLAIM.toml has no as_of")
    standing.add_argument(
        "--framework", default="cn-credit-report-2", metavar="NAME", help="rule set of the status line (%(default)s)"
    )
    return parser


def _schedule(options: argparse.Namespace) -> Output:
    contract = _contract(options.contract)
    loan = _accepted(contract.loan, contract.findings)
    notes = notes_in(contract.findings)
    if options.json:
        return Output(documents.dumps(documents.plan_document(loan, explain=options.explain, notes=notes)), FINE)
    return Output(statement.plan_text(loan, explain=options.explain, notes=[*map(str, notes)]), FINE)


def _statement(options: argparse.Namespace) -> Output:
    day, wrong = _day(options.as_of)
    contract = _contract(options.contract)
    payments = _payments(options.payments, contract)
    wrong += _out_of_reach(day, contract)
    account, findings = _account(options.payments, contract, payments, wrong)
    day = _accepted(day, findings)
    position, receipts = account.as_of(day), account.receipts_as_of(day)
    marks = _marks(account, day, options.framework)
    grade = _grade(account, day)
    notes = [*notes_in(findings), *_later(payments, options.payments, day)]
    if options.json:
        text = documents.dumps(
            documents.statement_document(position, receipts, marks, grade, explain=options.explain, notes=notes)
        )
    else:
        shown = [*map(str, notes)]
        text = statement.statement_text(
            account, position, receipts, marks, grade, explain=options.explain, notes=shown
        )
    return Output(text, FINDINGS if _is_past_due(position) else FINE)


def _audit(options: argparse.Namespace) -> Output:
    day, wrong = _day(options.as_of)
    contract = _contract(options.contract)
    payments = _payments(options.payments, contract)
    claimed = read_claim(_bytes(options.claim, wrong), options.claim, as_of=day, currency=contract.currency)
    claim = claimed.claim
    wrong += claimed.findings
    wrong += _out_of_reach(claim.as_of if claim else day, contract)
    account, findings = _account(options.payments, contract, payments, wrong)
    claim = _accepted(claim, findings)
    result = audit(account, claim)
    notes = [*notes_in(findings), *_later(payments, options.payments, claim.as_of)]
    if options.json:
        text = documents.dumps(documents.audit_document(result, explain=options.explain, notes=notes))
    else:
        text = statement.audit_text(account, result, explain=options.explain, notes=[*map(str, notes)])
    return Output(text, FINE if result.agrees else FINDINGS)


_COMMANDS: dict[str, Callable[[argparse.Namespace], Output]] = {
    "schedule": _schedule,
    "statement": _statement,
    "audit": _audit,
}


def _read(path: str, empty: Parsed, parse: Callable[[bytes], Parsed], findings: list[Finding]) -> None:
    raise NotImplementedError


def _accepted(value: Value | None, findings: Sequence[Finding]) -> Value:
    """The value, unless there is none or a finding refuses the files."""
    if value is None or errors_in(findings):
        raise Refused(findings)
    return value


def _is_past_due(position: Position) -> bool:
    return position.days_past_due > 0 or position.past_due.total > 0
