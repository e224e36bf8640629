"""A plan, a statement and an audit as text for people: the answer first, then the tables it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from loancalc.account import Account
from loancalc.audit import Audit
from loancalc.credit import CreditReport, Grade
from loancalc.errors import LoanError
from loancalc.events import Reversal, Waiver
from loancalc.io.layout import table, wrap, wrap_lines
from loancalc.loan import Loan
from loancalc.names import COMPONENTS
from loancalc.position import InstallmentState, Position, Receipt
from loancalc.schedule import Schedule

Credit = CreditReport | LoanError
"""The marks of a credit report, or why a rule set has none."""


def plan_text(loan: Loan, *, explain: bool, notes: Sequence[str] = ()) -> str:
    """The plan of a loan.

    Args:
        loan: The loan.
        explain: Whether to show every figure as a calculation.
        notes: How the files were read.
    """
    plan = loan.schedule()
    count, money = len(plan), _unit(loan.currency)
    level = f" of {plan.payment}{money}" if plan.payment is not None and count > 1 else ""
    answer = (
        f"{count} installment{'s' if count > 1 else ''}{level}, {plan[0].due} to {plan[-1].due}: "
        f"{plan.total}{money} to repay {plan.total_principal}{money}, interest {plan.total_interest}{money}"
        if count > 1
        else f"1 installment, due {plan[0].due}: {plan.total}{money} to repay {plan.total_principal}{money}, "
        f"interest {plan.total_interest}{money}"
    )
    if plan.total_fees:
        answer += f", fees {plan.total_fees}{money}"
    sections = [wrap(f"{answer}."), _plan_table(plan)]
    if explain:
        sections.append("How each figure was calculated\n" + wrap_lines(_indented(plan.explain())))
    sections += _bullets("What the figures rest on", plan.assumptions)
    sections += _bullets("How the files were read", notes)
    return "\n\n".join(sections)


def statement_text(
    account: Account,
    position: Position,
    receipts: Sequence[Receipt],
    credit: Credit,
    grade: Grade | LoanError,
    *,
    explain: bool,
    notes: Sequence[str] = (),
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
        sections.append(_past_due_table(position))
    sections.append(_where_table(position))
    sections.append("Installments\n" + _installment_table(position))
    if receipts:
        sections.append("What each payment paid\n" + _receipt_table(receipts))
    others = list(_other_events(account, position))
    sections += _bullets("What else happened", others)
    sections.append(_credit_text(credit, grade, explain=explain))
    if explain:
        sections.append("How each figure was calculated\n" + wrap_lines(_indented(_explained(account, position))))
    sections += _bullets("What the figures rest on", position.assumptions)
    sections += _bullets("How the files were read", notes)
    return "\n\n".join(sections)


def audit_text(account: Account, result: Audit, *, explain: bool, notes: Sequence[str] = ()) -> str:
    """A lender's claim against our figures, line by line.

    Args:
        account: The loan and what happened to it.
        result: The audit.
        explain: Whether to show every figure of the position as a calculation.
        notes: How the files were read.
    """
    wrong = [finding for finding in result.findings if not finding.agrees]
    count = len(result.findings)
    if wrong:
        figures = f"{len(wrong)} of its {count} figures are" if count > 1 else "its figure is"
        sections = [f"The claim is wrong: {figures} not ours on {result.claim.as_of}."]
    else:
        sections = [f"The claim is right: {'all its figures are' if count > 1 else 'its figure is'} ours."]
    rows = [
        [
            _words(finding.field),
            _shown(finding.claimed),
            _shown(finding.ours),
            "" if finding.difference is None else f"{finding.difference:+}",
            finding.verdict,
        ]
        for finding in result.findings
    ]
    head = ["figure", "claimed", "ours", "claimed less ours", "verdict"]
    sections.append(table(head, rows, left=(0, 4), indent=2))
    if wrong:
        shown = [wrap(f"{_words(f.field)}: {f.explanation}", first="  - ", later="      ") for f in wrong]
        sections.append("\n".join(["Our calculation of what is wrong", *shown]))
    sections += _bullets("What would make it right", result.hints)
    sections.append(answer_text(result.position))
    if explain:
        explained = _explained(account, result.position)
        sections.append("How each figure was calculated\n" + wrap_lines(_indented(explained)))
    sections += _bullets("What the figures rest on", result.position.assumptions)
    sections += _bullets("How the files were read", notes)
    return "\n\n".join(sections)


def answer_text(position: Position) -> str:
    """Whether the loan is overdue, for how long and with how much, in a sentence or two.

    >>> from loancalc.account import Account
    >>> from loancalc.loan import Loan
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> print(answer_text(Account(loan).as_of("2026-02-20")))
    Overdue on 2026-02-20: yes, 5 days, since the installment due on 2026-02-15.
    Past due: 106.62. Paying off the whole loan that day takes 1214.14.
    """
    day, money = position.as_of, _unit(position.currency)
    past_due = position.past_due.total
    if position.is_closed:
        credit = f" The lender holds {position.credit}{money} too much." if position.credit else ""
        return f"Overdue on {day}: no. The loan is closed: nothing is owed.{credit}"
    payoff = f"Paying off the whole loan that day takes {position.payoff}{money}."
    if position.days_past_due:
        days = f"{position.days_past_due} day{'s' if position.days_past_due > 1 else ''}"
        answer = f"Overdue on {day}: yes, {days}, since the installment due on {position.oldest_unpaid_due}."
        if position.delinquent_days != position.days_past_due:
            answer += f"\nAfter the grace that counts for the status: {position.delinquent_days} delinquent days."
        return f"{answer}\nPast due: {past_due}{money}. {payoff}"
    if past_due:
        answer = f"Overdue on {day}: no installment is, but {past_due}{money} of late charges is still owed."
    else:
        answer = f"Overdue on {day}: no."
    coming = position.next_due
    if coming:
        when = "today" if coming.date == day else f"on {coming.date}"
        answer += f" Next due: {coming.amount}{money} {when}."
    return f"{answer}\n{payoff}"


def _plan_table(plan: Schedule) -> str:
    fee = ["fee"] if plan.total_fees else []
    names = ["principal", "interest", *fee, "total", "balance"]
    rows = [[str(row.number), str(row.due), *(str(getattr(row, name)) for name in names)] for row in plan]
    sums = {"principal": plan.total_principal, "interest": plan.total_interest, "fee": plan.total_fees}
    both = plan.total - plan.total_fees
    rows.append(["sum", "", *(str(sums.get(name, both if name == "total" else "")) for name in names)])
    return table(["no.", "due", *names], rows, indent=2)


def _past_due_table(position: Position) -> str:
    parts = position.past_due
    rows = [[_words(name), str(amount)] for name, amount in parts.items() if amount]
    return "Past due\n" + table(
        ["", position.currency or ""], [*rows, ["total", str(parts.total)]], left=(0,), indent=2
    )


def _where_table(position: Position) -> str:
    rows: list[list[str]] = [
        ["days past due", str(position.days_past_due)],
        ["installments past due", str(position.installments_past_due)],
        ["past due", str(position.past_due.total)],
        ["due today", str(position.due.total)],
        ["interest to date, not yet due", str(position.interest_to_date)],
        ["outstanding principal", str(position.outstanding_principal)],
        ["held credit", str(position.credit)],
        [f"payoff on {position.as_of}", str(position.payoff)],
    ]
    if any(position.figures.cut):
        rows.append(["taken off by a cap", str(position.cut.total)])
    coming = position.next_due
    rows.append([f"next due, on {coming.date}", str(coming.amount)] if coming else ["next due", "nothing"])
    optional = {"due today", "held credit", "interest to date, not yet due"}
    kept = [row for row in rows if row[0] not in optional or Decimal(row[1])]
    return f"Where it stands at the end of {position.as_of}\n" + table(["", ""], kept, left=(0,), indent=2).lstrip("\n")


def _installment_table(position: Position) -> str:
    """Agreed plus late charges, less what was paid, waived and cut, is what is owed."""
    states = position.installments
    is_used = {
        "late\ncharges": any(_charged(state, position) for state in states),
        "waived": any(any(state.waived.minor) for state in states),
        "above\nthe cap": any(any(state.cut.minor) for state in states),
    }
    head = ["no.", "due", "state", "agreed", "late\ncharges", "paid", "waived", "above\nthe cap", "owed", "settled"]
    kept = [number for number, title in enumerate(head) if is_used.get(title, True)]
    rows = []
    for state in states:
        has_come = state.due <= position.as_of
        row = [
            str(state.number),
            str(state.due),
            state.state,
            str(state.agreed.total),
            str(_charged(state, position)) if has_come else "",
            str(state.paid.total) if has_come or state.paid.total else "",
            str(state.waived.total) if has_come else "",
            str(state.cut.total) if has_come else "",
            str(state.owed.total) if has_come else "",
            str(state.settled_on or ""),
        ]
        rows.append([row[number] for number in kept])
    return table([head[number] for number in kept], rows, left=(2,), indent=2)


def _charged(state: InstallmentState, position: Position) -> Decimal:
    """Late charges of an installment so far, paid or not."""
    if state.due > position.as_of:
        return Decimal(0)
    return state.paid.total + state.waived.total + state.cut.total + state.owed.total - state.agreed.total


def _receipt_table(receipts: Sequence[Receipt]) -> str:
    used = [name for name in COMPONENTS if any(receipt.parts[name] for receipt in receipts)]
    holds = any(receipt.credit for receipt in receipts)
    head = [
        "date",
        "amount",
        *(_words(name).replace(" ", "\n") for name in used),
        *(["held"] if holds else []),
        "of no.",
    ]
    rows = [
        [
            f"{receipt.on}{' payoff' if receipt.is_payoff else ''}",
            str(receipt.amount),
            *(str(receipt.parts[name]) for name in used),
            *([str(receipt.credit)] if holds else []),
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


def _other_events(account: Account, position: Position) -> Iterator[str]:
    for event in account.events:
        if event.on > position.as_of:
            continue
        if isinstance(event, Reversal):
            yield f"{event.booked}: {event.of} is reversed; it never happened"
        if isinstance(event, Waiver):
            amount = "all" if event.amount == "all" else str(event.amount)
            yield f"{event.on}: {amount} of {_words(event.component)} is waived"


def _credit_text(credit: Credit, grade: Grade | LoanError, *, explain: bool) -> str:
    lines = ["Credit record"]
    if isinstance(credit, LoanError):
        lines.append(wrap(f"no status line: {credit}", first="  "))
    else:
        lines.append(f"  status line  {credit.status_line or '(no month has ended)'}")
        marks = [*credit.months, *([credit.running] if credit.running else [])]
        if not explain:
            marks = marks[-_MONTHS_SHOWN:]
        so_far = credit.running.month_end if credit.running else None
        lines += [
            wrap(f"{m.mark}  {m.why}{', so far' if m.month_end == so_far else ''}", first=f"  {m.month_end:%Y-%m}  ")
            for m in marks
        ]
        lines.append(wrap(f"by {credit.framework}", first="  "))
    if isinstance(grade, LoanError):
        lines.append(wrap(f"no grade by days: {grade}", first="  "))
    else:
        lines.append(wrap(f"grade by days  {grade.grade}; by {grade.framework}", first="  "))
    return "\n".join(lines)


_MONTHS_SHOWN = 6


def _explained(account: Account, position: Position) -> str:
    """The position's calculations, without the assumptions that follow, and those of the plan it starts from."""
    own = [line for line in position.explain().splitlines() if not line.startswith("assumed: ")]
    due = sum(state.due <= position.as_of for state in position.installments)
    plan = account.loan.schedule()
    agreed = [plan.explain(number) for number in range(1, min(due + 1, len(plan)) + 1)]
    return "\n".join([*own, "the plan, as far as it has run:", *(f"  {line}" for line in agreed)])


def _bullets(title: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    return ["\n".join([title, *(wrap(item, first="  - ") for item in items)])]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(figure: object) -> str:
    return "none" if figure is None else str(figure)


def _unit(currency: str | None) -> str:
    return f" {currency}" if currency else ""
