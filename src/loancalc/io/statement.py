"""A statement as text for people: the answer first, then the tables it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from loancalc.credit import CreditReport, Grade
from loancalc.errors import LoanError
from loancalc.io.event_kinds import happened, other_events
from loancalc.io.findings import Finding
from loancalc.io.layout import table, wrap
from loancalc.io.phrases import bullets, calculations_of, footing, unit, words
from loancalc.servicing.account import Account
from loancalc.servicing.position import Position
from loancalc.servicing.receipts import Receipt
from loancalc.values.names import COMPONENTS

Credit = CreditReport | LoanError
"""The marks of a credit report, or why a rule set has none."""

MONTHS_SHOWN = 6
"""How many months of a credit report are shown with their reasons where calculations are not asked for."""


def statement_text(
    account: Account,
    position: Position,
    receipts: Sequence[Receipt],
    credit: Credit,
    grade: Grade | LoanError,
    *,
    explain: bool,
    notes: Sequence[Finding] = (),
) -> str:
    """Where a loan stands.

    Args:
        account: The loan and what happened to it.
        position: Where it stands on the day.
        receipts: What each payment had settled by the day.
        credit: The marks of its credit report, or why there are none.
        grade: Its class by days, or why there is none.
        explain: Whether to show every figure as a calculation.
        notes: How the files were read.
    """
    sections = [answer_text(position)]
    if any(position.figures.past_due):
        sections.append(f"Past due\n{_past_due_table(position)}")
    sections.append(f"Where it stands at the end of {position.as_of}\n{_where_table(position)}")
    sections.append(f"Installments\n{_installment_table(position)}")
    if receipts:
        sections.append(f"What each payment paid\n{_receipt_table(receipts)}")
    sections += bullets("What the caps took off", list(map(str, position.cuts)))
    sections += bullets("What else happened", [happened(event) for event in other_events(account, position.as_of)])
    sections.append(_credit_text(credit, grade, explain=explain))
    if explain:
        sections.append(calculations_of(account, position))
    return "\n\n".join([*sections, *footing(position.assumptions, notes)])


def answer_text(position: Position) -> str:
    """Whether the loan is overdue, for how long and with how much, in a sentence or two.

    >>> from loancalc import Account, Loan
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> print(answer_text(Account(loan).as_of("2026-02-20")))
    Overdue: yes, 5 days on 2026-02-20, counted from the due date 2026-02-15.
    Past due: 106.62. Paying off the whole loan that day takes 1213.97.
    """
    day, money = position.as_of, unit(position.currency)
    past_due = position.past_due.total
    if position.is_closed:
        return f"Overdue: no, on {day}. {_ended_text(position, money)}"
    payoff = f"Paying off the whole loan that day takes {position.payoff}{money}."
    if position.holder:
        payoff += f"\nIt is owed to {position.holder}."
    if position.days_past_due:
        days = f"{position.days_past_due} day{'s' if position.days_past_due > 1 else ''}"
        answer = f"Overdue: yes, {days} on {day}, counted from the due date {position.oldest_unpaid_due}."
        if position.delinquent_days != position.days_past_due:
            answer += f"\nDelinquent days, grace and pauses of the count left out: {position.delinquent_days}."
        return f"{answer}\nPast due: {past_due}{money}. {payoff}"
    if past_due:
        answer = f"Overdue: no, on {day}; but late charges of {past_due}{money} are still owed."
    else:
        answer = f"Overdue: no, on {day}."
    coming = position.next_due
    if coming:
        when = "on that day" if coming.date == day else f"on {coming.date}"
        answer += f" Next due: {coming.amount}{money} {when}."
        if position.credit:
            answer += f"\nHeld: {position.credit}{money} that came early and is applied to what falls due next."
    return f"{answer}\n{payoff}"


def _ended_text(position: Position, money: str) -> str:
    """How a loan of which nothing is owed here came to its end, and what is held of it."""
    given_up, let_go, credit = position.written_off.total, position.waived.total, position.credit
    ended = position.ending if position.ending in ("written off", "settled for less") else ""
    if ended and given_up:
        held = f" {credit}{money} that came since is held: no recovery was booked of it." if credit else ""
        return f"The loan was {ended}: {given_up}{money} is not collected here any more, though it may still be owed.{held}"
    held = f" The lender holds {credit}{money} too much." if credit else ""
    if ended:
        return f"The loan was {ended}: {let_go}{money} was let go, and nothing is owed.{held}"
    return f"The loan is closed: nothing is owed.{held}"


def _past_due_table(position: Position) -> str:
    parts = position.past_due
    rows = [[words(name), str(amount)] for name, amount in parts.items() if amount]
    return table(["", position.currency or ""], [*rows, ["total", str(parts.total)]], left=(0,), indent=2)


_IF_ANY = {
    "due today",
    "held credit",
    "interest to date, not yet due",
    "interest of later days in the payoff",
    "prepayment fee in the payoff",
}
"""Figures that are told where they are something."""


def _fee_name(position: Position) -> str:
    return "fees given back" if position.payoff_fee < 0 else "prepayment fee"


def _where_table(position: Position) -> str:
    rows: list[list[str]] = [
        ["days past due", str(position.days_past_due)],
        ["installments past due", str(position.installments_past_due)],
        ["past due", str(position.past_due.total)],
        ["due today", str(position.due.total)],
        ["interest to date, not yet due", str(position.interest_to_date)],
        ["interest of later days in the payoff", str(position.payoff_interest - position.interest_to_date)],
        [f"{_fee_name(position)} in the payoff", str(position.payoff_fee)],
        ["outstanding principal", str(position.outstanding_principal)],
        ["held credit", str(position.credit)],
        [f"payoff on {position.as_of}", str(position.payoff)],
    ]
    if any(position.figures.cut):
        rows.append(["taken off by a cap", str(position.cut.total)])
    coming = position.next_due
    rows.append([f"next due, on {coming.date}", str(coming.amount)] if coming else ["next due", "nothing"])
    kept = [row for row in rows if row[0] not in _IF_ANY or Decimal(row[1])]
    return table(["", position.currency or ""], kept, left=(0,), indent=2)


def _installment_table(position: Position) -> str:
    """Agreed plus late charges, less what was paid, waived, written off, moved to a new plan and cut, is what is owed: of
    installments that have fallen due, or are settled before.
    """
    states = position.installments
    come = [state for state in states if state.due <= position.as_of or state.settled_on]
    kept = {title: name for title, name in _BECAME.items() if any(any(getattr(state, name).minor) for state in come)}
    before = {"late\ncharges": "charged"} if any(any(state.charged.minor) for state in come) else {}
    head = ["no.", "due", "state", "agreed", *before, "paid", *kept, "owed", "settled"]
    names = [*before.values(), "paid", *kept.values(), "owed"]
    rows = []
    for state in states:
        shown = names if state in come else ["paid"] if state.paid.total else []
        cells = [str(getattr(state, name).total) if name in shown else "" for name in names]
        rows.append(
            [
                str(state.number),
                str(state.due),
                state.state,
                str(state.agreed.total),
                *cells,
                str(state.settled_on or ""),
            ]
        )
    return table(head, rows, left=(2,), indent=2)


_BECAME = {"waived": "waived", "written\noff": "written_off", "moved to\na new plan": "moved", "above\nthe cap": "cut"}
"""What else can become of an installment, by the head of its column."""


def _receipt_table(receipts: Sequence[Receipt]) -> str:
    used = [name for name in COMPONENTS if any(receipt.parts[name] for receipt in receipts)]
    holds = any(receipt.credit for receipt in receipts)
    returns = any(receipt.returned for receipt in receipts)
    head = [
        "date",
        "amount",
        *(words(name).replace(" ", "\n") for name in used),
        *(["held"] if holds else []),
        *(["went\nback"] if returns else []),
        "of no.",
    ]
    rows = [
        [
            f"{receipt.on}{' payoff' if receipt.is_payoff else ''}",
            str(receipt.amount),
            *(str(receipt.parts[name]) for name in used),
            *([str(receipt.credit)] if holds else []),
            *([str(receipt.returned)] if returns else []),
            _numbers(line.installment for line in receipt.lines),
        ]
        for receipt in receipts
    ]
    return table(head, rows, left=(0, len(head) - 1), indent=2)


def _numbers(numbers: Iterable[int]) -> str:
    """Numbers of installments, runs of them shortened: 1-3, 5."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _credit_text(credit: Credit, grade: Grade | LoanError, *, explain: bool) -> str:
    lines = ["Credit record"]
    if isinstance(credit, LoanError):
        lines.append(wrap(f"no status line: {credit}", first="  "))
    else:
        lines.append(wrap(f"status line: {credit.status_line or '(no month has ended)'}", first="  "))
        marks = [*credit.months, *([credit.running] if credit.running else [])]
        if not explain and len(marks) > MONTHS_SHOWN:
            lines.append(f"  the last {MONTHS_SHOWN} of {len(marks)} months:")
            marks = marks[-MONTHS_SHOWN:]
        so_far = credit.running.month_end if credit.running else None
        lines += [
            wrap(f"{m.why}{', so far' if m.month_end == so_far else ''}", first=f"  {m.month_end:%Y-%m}  {m.mark}  ")
            for m in marks
        ]
        lines += [wrap(f"not shown by a mark: {note}", first="  ") for note in credit.notes]
        lines.append(wrap(f"by {credit.framework}", first="  "))
    if isinstance(grade, LoanError):
        lines.append(wrap(f"no grade by days: {grade}", first="  "))
    else:
        lines.append(wrap(f"grade by days: {grade.grade}; by {grade.framework}", first="  "))
    return "\n".join(lines)
