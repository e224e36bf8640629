"""Audit: a lender's claim against our position, line by line, with what would make a wrong figure right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from loancalc.credit import report
from loancalc.meaning.claims import AMOUNTS, Claim
from loancalc.plan.allocation import allocation_presets
from loancalc.plan.loan import Loan
from loancalc.servicing.account import Account
from loancalc.servicing.book import in_force
from loancalc.servicing.events import Payment
from loancalc.servicing.explaining import explain_figure
from loancalc.servicing.position import Position
from loancalc.values.listed import one
from loancalc.values.money import format_minor, to_decimal, to_minor
from loancalc.values.names import COMPONENTS
from loancalc.values.tables import align, html_table

Figure = Decimal | int | date | str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure of a claim: what the lender says, what we find, and why.

    Attributes:
        field: Name of the figure, as in `Claim`.
        claimed: What the lender says.
        ours: What we find.
        difference: Claimed less ours: an amount, a count or days; None where there is nothing to subtract.
        explanation: How our figure came about: the result first, then its steps, a line each.
    """

    field: str
    claimed: Figure
    ours: Figure
    difference: Decimal | int | None
    explanation: str

    @property
    def agrees(self) -> bool:
        """Whether the claimed figure is ours."""
        return self.claimed == self.ours

    @property
    def verdict(self) -> str:
        """ "right" or "wrong"."""
        return "right" if self.agrees else "wrong"


@dataclass(frozen=True)
class Audit:
    """A claim against a position: a finding for each figure claimed.

    Attributes:
        findings: One for each figure, in the order of the claim's fields.
        position: Where we find the loan on that day.
        hints: What would make a wrong figure right: another day, another order of allocation, a payment left out.

    >>> from loancalc import Account, Claim, Loan, Payment, audit
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> print(audit(account, Claim("2026-03-20", days_past_due=8)).hints[0])
    days_past_due 8 would be right on 2026-03-23
    """

    claim: Claim
    findings: tuple[Finding, ...]
    position: Position
    hints: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every figure of the claim is right."""
        return all(finding.agrees for finding in self.findings)

    def _cells(self) -> list[list[str]]:
        head = ["figure", "claimed", "ours", "difference", "verdict"]
        rows = [
            [f.field, _show(f.claimed), _show(f.ours), "" if f.difference is None else f"{f.difference:+}", f.verdict]
            for f in self.findings
        ]
        return [head, *rows]

    def explain(self) -> str:
        """Every wrong figure with our calculation of it, its steps set in below it."""
        wrong = [f"{f.field}: {f.explanation}".replace("\n", "\n    ") for f in self.findings if not f.agrees]
        return "\n".join([*wrong, *(f"possible reason: {hint}" for hint in self.hints)])

    def __repr__(self) -> str:
        wrong = sum(not finding.agrees for finding in self.findings)
        return f"<Audit on {self.claim.as_of}: {wrong} of {len(self.findings)} figures wrong>"

    def __str__(self) -> str:
        return "\n".join(
            [f"claim as of {self.claim.as_of}", align(self._cells()), *([text] if (text := self.explain()) else [])]
        )

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


def audit(account: Account, claim: Claim) -> Audit:
    """Compare a lender's claim with the terms and the payments, figure by figure.

    Args:
        account: The agreed terms and what was paid.
        claim: What the lender says.

    Raises:
        InvalidAmount: If a claimed amount has more decimals than the loan's currency.
        InvalidTerms: If one of them is no account, or no claim.

    >>> from loancalc import Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> result = audit(account, Claim(as_of="2026-03-20", days_past_due=5, past_due_total="130.00"))
    >>> [(finding.field, finding.verdict, finding.difference) for finding in result.findings]
    [('days_past_due', 'right', 0), ('past_due_total', 'wrong', Decimal('23.38'))]
    """
    one(account, Account, "account")
    one(claim, Claim, "claim")
    position = account.as_of(claim.as_of)
    findings = tuple(_findings(account, claim, position))
    return Audit(claim, findings, position, tuple(_hints(account, claim, findings)))


def _ours(account: Account, position: Position, name: str) -> Figure:
    if name in COMPONENTS:
        return position.past_due[name]
    if name == "past_due_total":
        return position.past_due.total
    if name == "status_line":
        return report(account, position.as_of).status_line
    found: Figure = getattr(position, name)
    return found


def _findings(account: Account, claim: Claim, position: Position) -> Iterator[Finding]:
    digits = account.loan.digits
    for field in fields(Claim):
        claimed: Figure = getattr(claim, field.name)
        if claimed is None or field.name == "as_of":
            continue
        ours = _ours(account, position, field.name)
        if field.name in AMOUNTS:
            claimed = to_decimal(to_minor(getattr(claim, field.name), digits, f"claim.{field.name}"), digits)
        yield Finding(
            field.name, claimed, ours, _difference(claimed, ours, digits), _explanation(account, position, field.name)
        )


def _difference(claimed: Figure, ours: Figure, digits: int) -> Decimal | int | None:
    if isinstance(claimed, Decimal) and isinstance(ours, Decimal):
        return to_decimal(to_minor(claimed, digits) - to_minor(ours, digits), digits)
    if isinstance(claimed, int) and isinstance(ours, int):
        return claimed - ours
    if isinstance(claimed, date) and isinstance(ours, date):
        return (claimed - ours).days
    return None


def _explanation(account: Account, position: Position, name: str) -> str:
    """How our figure came about, a step a line."""
    if name == "status_line":
        marks = report(account, position.as_of).months
        return "\n".join([f"{m.month_end:%Y-%m} {m.mark}: {m.why}" for m in marks] or ["no month has ended"])
    if name in COMPONENTS and not position.past_due[name] and name in _not_agreed(account.loan):
        return f"none is owed: the terms name no {name.replace('_', ' ')}"
    settled = [line for receipt in account.receipts_as_of(position.as_of) for line in receipt.lines]
    return "\n".join(explain_figure(position, settled, name))


def _not_agreed(loan: Loan) -> set[str]:
    """The components that the terms do not provide for."""
    late = loan.late
    interest = late.interest if late else None
    agreed = {
        "cost": False,
        "fee": bool(loan.fees),
        "penalty": bool(late and late.penalties),
        "late_interest": bool(interest),
        "compound_interest": bool(interest and interest.compound != "none"),
    }
    return {name for name, is_agreed in agreed.items() if not is_agreed}


def _hints(account: Account, claim: Claim, findings: tuple[Finding, ...]) -> Iterator[str]:
    """Single changes under which every claimed figure would be right, and days on which a wrong one is."""
    wrong = [finding for finding in findings if not finding.agrees]
    if not wrong:
        return
    day = claim.as_of
    for text, other in _variants(account):
        position = other.as_of(day)
        if all(_ours(other, position, finding.field) == finding.claimed for finding in findings):
            yield f"every figure would be right {text}"
    yield from _own_sum(claim, findings, account.loan.digits)
    for finding in wrong:
        if finding.field == "status_line" and finding.claimed == _with_running_month(account, day):
            yield f"status_line {finding.claimed} counts the month of {day}, which has not ended"
        other_day = _day_on_which(account, finding, day)
        if other_day is not None:
            yield f"{finding.field} {_show(finding.claimed)} would be right on {other_day}"


def _own_sum(claim: Claim, findings: tuple[Finding, ...], digits: int) -> Iterator[str]:
    """Whether the parts that the lender names add up to the lender's own total."""
    parts = [to_minor(f.claimed, digits) for f in findings if f.field in COMPONENTS and isinstance(f.claimed, Decimal)]
    if claim.past_due_total is None or len(parts) < 2:
        return
    apart = to_minor(claim.past_due_total, digits) - sum(parts)
    if apart:
        found = f"the parts that the claim names add up to {format_minor(sum(parts), digits)}"
        yield f"{found}, {format_minor(abs(apart), digits)} {'less' if apart > 0 else 'more'} than its own total"


def _variants(account: Account) -> Iterator[tuple[str, Account]]:
    for name, (allocation, _) in allocation_presets().items():
        if allocation != account.loan.allocation and not allocation.surplus:
            other = account.loan.with_allocation(allocation)
            yield f"under allocation {name!r}", Account(other, account.events)
    for event in in_force(account.events):
        if isinstance(event, Payment):
            rest = [other for other in in_force(account.events) if other is not event]
            yield f"if the payment of {event.amount} on {event.on} had not been counted", Account(account.loan, rest)


def _with_running_month(account: Account, day: date) -> str:
    """The status line with the mark that the running month would get if it ended on the day."""
    found = report(account, day)
    return found.status_line + (found.provisional or "")


def _day_on_which(account: Account, finding: Finding, day: date) -> date | None:
    """The nearest day, within two months, on which the claimed figure would be ours."""
    if finding.field == "status_line":
        return None
    first = max(account.loan.start, day - timedelta(days=62))
    days = [first + timedelta(days=offset) for offset in range((day - first).days + 63)]
    positions = account.on_days(days)
    found = [position.as_of for position in positions if _ours(account, position, finding.field) == finding.claimed]
    return min(found, key=lambda other: abs((other - day).days), default=None)


def _show(figure: Figure) -> str:
    return "none" if figure is None else str(figure)
