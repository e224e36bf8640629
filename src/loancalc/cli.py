"""`python -m loancalc`: a plan, a statement, an audit, from the files of a borrower. Nothing reads today's date."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import MAXYEAR, date
from typing import NamedTuple, TextIO, TypeVar

from loancalc import __version__, credit
from loancalc.errors import InvalidDate, InvalidTerms, LoanError, UnknownName
from loancalc.io import documents
from loancalc.io.claim import ClaimFile, read_claim
from loancalc.io.comparison import audit_text
from loancalc.io.contract import Contract, read_contract
from loancalc.io.decoding import read_bytes
from loancalc.io.findings import Finding, errors_in, notes_in, problem_of
from loancalc.io.pasted import read_pasted_day
from loancalc.io.payments import PaymentFile, read_payments
from loancalc.io.plan import plan_text
from loancalc.io.statement import statement_text
from loancalc.meaning.auditing import audit
from loancalc.servicing.account import Account
from loancalc.servicing.position import Position

FINE, FINDINGS, BAD_INPUT = 0, 1, 2

YEARS_AFTER_THE_END = 100
"""How long after the last due date a day may lie: beyond it, it is a slip of the pen."""

_EXIT_CODES = (
    "exit codes: 0 fine; 1 findings (something is past due, or the claim is wrong); 2 input that cannot be read"
)


class Output(NamedTuple):
    """What a command prints, and the exit code it ends with."""

    text: str
    code: int


class Refused(Exception):
    """The files cannot be read: every finding about them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__("the files cannot be read")
        self.findings = tuple(findings)


Value = TypeVar("Value")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code: 0 fine, 1 findings, 2 bad input."""
    options = _parser().parse_args(arguments)
    try:
        output = _COMMANDS[options.command](options)
    except Refused as refused:
        output = _refusal(refused.findings, as_json=options.json)
    except LoanError as error:
        output = _refusal([_about(options.contract, str(error))], as_json=options.json)
    except Exception as error:  # a crash ends with 1, and 1 means that the loan was looked at
        fault = f"a fault of the program, please report it with the files: {type(error).__name__}: {error}"
        output = _refusal([_about("loancalc", fault)], as_json=options.json)
    if output.code == BAD_INPUT and not options.json:
        return _print(output, sys.stderr)
    return _print(output, sys.stdout)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="loancalc", description="What a loan costs, where it stands, and whether the lender's figure is right.",
        epilog=_EXIT_CODES,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"loancalc {__version__}")
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
    return Output(plan_text(loan, explain=options.explain, notes=notes), FINE)


def _statement(options: argparse.Namespace) -> Output:
    day, findings = _as_of(options)
    contract = _contract(options.contract)
    payments = _payments(options.payments, contract)
    findings += [*_out_of_reach(day, contract), *contract.findings, *payments.findings]
    account, day = _account(options.payments, contract, payments, findings), _accepted(day, findings)
    position = account.as_of(day)
    receipts = account.receipts_as_of(day)
    marks = _in_force(lambda: _report(account, day, options.framework))
    grade = _in_force(lambda: credit.classify(account, day))
    notes = [*notes_in(findings), *_later(options.payments, payments, day)]
    explain = options.explain
    if options.json:
        document = documents.statement_document(account, position, receipts, marks, grade, explain=explain, notes=notes)
        text = documents.dumps(document)
    else:
        text = statement_text(account, position, receipts, marks, grade, explain=explain, notes=notes)
    return Output(text, FINDINGS if _is_past_due(position) else FINE)


def _audit(options: argparse.Namespace) -> Output:
    day, findings = _as_of(options)
    contract = _contract(options.contract)
    payments = _payments(options.payments, contract)
    claimed = _claim(options.claim, day, contract)
    findings += [*_out_of_reach(day, contract), *contract.findings, *payments.findings, *claimed.findings]
    account, claim = _account(options.payments, contract, payments, findings), _accepted(claimed.claim, findings)
    result = audit(account, claim)
    notes = [*notes_in(findings), *_later(options.payments, payments, claim.as_of)]
    if options.json:
        text = documents.dumps(documents.audit_document(result, explain=options.explain, notes=notes))
    else:
        text = audit_text(account, result, explain=options.explain, notes=notes)
    return Output(text, FINE if result.agrees else FINDINGS)


_COMMANDS: dict[str, Callable[[argparse.Namespace], Output]] = {
    "schedule": _schedule,
    "statement": _statement,
    "audit": _audit,
}


def _contract(path: str) -> Contract:
    raw = read_bytes(path)
    return Contract(None, None, None, (raw,)) if isinstance(raw, Finding) else read_contract(raw, path)


def _payments(path: str, contract: Contract) -> PaymentFile:
    raw = read_bytes(path)
    return PaymentFile((), (raw,)) if isinstance(raw, Finding) else read_payments(raw, path, contract)


def _claim(path: str, day: date | None, contract: Contract) -> ClaimFile:
    raw = read_bytes(path)
    if isinstance(raw, Finding):
        return ClaimFile(None, (raw,))
    return read_claim(raw, path, as_of=day, currency=contract.currency, days=_days(contract))


def _as_of(options: argparse.Namespace) -> tuple[date | None, list[Finding]]:
    """The day given on the command line, and what is wrong with it."""
    try:
        return (None if options.as_of is None else read_pasted_day(options.as_of, "as_of")), []
    except InvalidDate as error:
        return None, [Finding("--as-of", None, None, options.as_of, problem_of(error, options.as_of))]


def _days(contract: Contract) -> tuple[date, date] | None:
    """The first and the last day that can be asked about: the start of the loan, and a day long after its end."""
    if contract.loan is None:
        return None
    last_year = min(contract.loan.dates[-1].year + YEARS_AFTER_THE_END, MAXYEAR)
    return contract.loan.start, date(last_year, 12, 31)


def _out_of_reach(day: date | None, contract: Contract) -> list[Finding]:
    """What is wrong with the day of the command line, where the loan is known."""
    days = _days(contract)
    if day is None or days is None or days[0] <= day <= days[1]:
        return []
    return [Finding("--as-of", None, None, str(day), f"expected a day from {days[0]} to {days[1]}")]


def _account(path: str, contract: Contract, payments: PaymentFile, findings: Sequence[Finding]) -> Account:
    """The account, if no file was refused and every event can have happened."""
    loan = _accepted(contract.loan, findings)
    try:
        account = Account(loan, [event for _, event in payments.events])
        if account.events:
            account.as_of(account.events[-1].on)
    except LoanError as error:
        raise Refused([*findings, _about_event(path, payments, error)]) from None
    return account


def _about_event(path: str, payments: PaymentFile, error: LoanError) -> Finding:
    """The finding about an event that the loan refuses, on the row of the event that the error shows."""
    for number, (row, event) in enumerate(payments.events, 1):
        if f"id={event.id or f'e{number}'!r}" in str(error):
            return Finding(path, row, None, None, str(error))
    return _about(path, str(error))


def _accepted(value: Value | None, findings: Sequence[Finding]) -> Value:
    """The value, unless there is none or a finding refuses the files."""
    if value is None or errors_in(findings):
        raise Refused(findings)
    return value


def _report(account: Account, day: date, framework: str) -> credit.CreditReport:
    """The marks by the rule set that the command line names.

    Raises:
        InvalidDate: If it was not in force on the day.
    """
    try:
        return credit.report(account, day, framework=framework)
    except (UnknownName, InvalidTerms) as error:
        raise Refused([Finding("--framework", None, None, framework, problem_of(error, framework))]) from None


def _in_force(judged: Callable[[], Value]) -> Value | LoanError:
    """What a rule set says, or that none was in force on the day: the rest of the statement stands all the same."""
    try:
        return judged()
    except InvalidDate as error:
        return error


def _later(path: str, payments: PaymentFile, day: date) -> list[Finding]:
    """Notes on the rows that do not count yet."""
    return [
        Finding(path, row, "date", str(event.on), f"after {day}: it does not count yet", is_note=True)
        for row, event in payments.events
        if event.on > day
    ]


def _is_past_due(position: Position) -> bool:
    return position.days_past_due > 0 or position.past_due.total > 0


def _about(file: str, problem: str) -> Finding:
    return Finding(file, None, None, None, problem)


def _refusal(findings: Sequence[Finding], *, as_json: bool) -> Output:
    if as_json:
        return Output(documents.dumps(documents.findings_document(findings)), BAD_INPUT)
    count = len(errors_in(findings))
    head = f"{count} finding{'s' if count > 1 else ''}; nothing was calculated:"
    return Output("\n".join([head, *(f"  {finding}" for finding in findings)]), BAD_INPUT)


def _print(output: Output, stream: TextIO | None) -> int:
    """Print to a stream that may be closed, full, or of an encoding that lacks a character; and give the exit code."""
    if stream is None:
        return output.code
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    try:
        print(output.text, file=stream, flush=True)
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        _silence(stream)
        return _print(
            Output(f"cannot print: {error.strerror}", BAD_INPUT), sys.stderr if stream is sys.stdout else None
        )
    return output.code


def _silence(stream: TextIO) -> None:
    """Send what is left in a stream nowhere, so that closing it cannot fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
