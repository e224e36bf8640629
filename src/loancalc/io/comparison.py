"""An audit as text for people: each figure of a lender's message beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from loancalc.io import findings
from loancalc.io.layout import table, wrap_lines
from loancalc.io.phrases import bullets, calculations_of, footing, words
from loancalc.io.statement import answer_text
from loancalc.meaning.auditing import Audit, Finding
from loancalc.servicing.account import Account


def audit_text(account: Account, result: Audit, *, explain: bool, notes: Sequence[findings.Finding] = ()) -> str:
    """A lender's claim against our figures, line by line.

    Args:
        account: The loan and what happened to it.
        result: The audit.
        explain: Whether to show every figure of the position as a calculation.
        notes: How the files were read.

    >>> from loancalc import Claim, Loan, audit
    >>> account = Account(Loan(principal=1200, rate="12%", start="2026-01-15", installments=12))
    >>> result = audit(account, Claim(as_of="2026-02-20", days_past_due=6))
    >>> print(audit_text(account, result, explain=False).partition("Our")[0].rstrip())
    The claim is wrong: its figure is not ours on 2026-02-20.
    Overdue: yes, 5 days on 2026-02-20, counted from the due date 2026-02-15.
    Past due: 106.62. Paying off the whole loan that day takes 1213.97.
    <BLANKLINE>
      figure         claimed  ours  claimed less ours  verdict
      days past due        6     5                 +1  wrong
    """
    wrong = [finding for finding in result.findings if not finding.agrees]
    count = len(result.findings)
    if wrong:
        figures = f"{len(wrong)} of its {count} figures are" if count > 1 else "its figure is"
        sections = [f"The claim is wrong: {figures} not ours on {result.claim.as_of}."]
    else:
        sections = [f"The claim is right: {'all its figures are' if count > 1 else 'its figure is'} ours."]
    sections[0] += f"\n{answer_text(result.position)}"
    head = ["figure", "claimed", "ours", "claimed less ours", "verdict"]
    sections.append(table(head, map(_row, result.findings), left=(0, 4), indent=2))
    if wrong:
        sections.append("Our calculation of what is wrong\n" + wrap_lines("\n".join(map(_calculation, wrong))))
    sections += bullets("What may be behind it", [_hint(hint, result) for hint in result.hints])
    if explain:
        sections.append(calculations_of(account, result.position))
    sections += footing(result.position.assumptions, notes)
    return "\n\n".join(sections)


def _row(finding: Finding) -> list[str]:
    difference = finding.difference
    apart = "" if difference is None else f"{difference:+}" if difference else str(difference)
    return [words(finding.field), _shown(finding.claimed), _shown(finding.ours), apart, finding.verdict]


def _calculation(finding: Finding) -> str:
    """Our calculation of a figure under its name, its steps set in."""
    result, *steps = finding.explanation.splitlines()
    if finding.field in ("status_line", "oldest_unpaid_due"):
        result, steps = _shown(finding.ours), [result, *steps]
    return "\n".join([f"  {words(finding.field)}: {result}", *(f"    {step}" for step in steps)])


def _hint(hint: str, result: Audit) -> str:
    for finding in result.findings:
        hint = hint.replace(finding.field, words(finding.field))
    return hint


def _shown(figure: object) -> str:
    return "none" if figure is None else str(figure)
