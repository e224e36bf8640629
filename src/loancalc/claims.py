"""Audit: a lender's claim against our position, line by line, with what would make a wrong figure right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from loancalc.account import Account
from loancalc.allocation import PRESETS
from loancalc.credit import report
from loancalc.dates import DateLike, read_date
from loancalc.errors import InvalidTerms
from loancalc.events import Payment, in_force
from loancalc.money import Amount, to_decimal, to_minor
from loancalc.names import COMPONENTS
from loancalc.position import Position
from loancalc.schedule import align, html_table

Figure = Decimal | int | date | str | None


@dataclass(frozen=True, slots=True, init=False)
class Claim:
    """What a lender says. Give what the message says and leave out the rest.

    Args:
        as_of: The day for which the lender gives the figures.
        days_past_due: Days overdue.
        installments_past_due: Number of installments overdue (逾期期数).
        oldest_unpaid_due: Due date of the oldest unpaid installment.
        past_due_total: All that is past due, in units of the loan's currency; and its parts:
        principal, interest, late_interest, compound_interest, penalty, fee, cost: each past due.
        outstanding_principal: Principal not yet repaid, due or not.
        payoff: What would pay off the loan on that day.
        status_line: The monthly marks of the credit report, oldest first.

    >>> Claim(as_of="2026-04-24", days_past_due=45, past_due_total="1730.00").days_past_due
    45
    """

    as_of: date
    days_past_due: int | None
    installments_past_due: int | None
    oldest_unpaid_due: date | None
    past_due_total: Amount | None
    cost: Amount | None
    fee: Amount | None
    penalty: Amount | None
    compound_interest: Amount | None
    late_interest: Amount | None
    interest: Amount | None
    principal: Amount | None
    outstanding_principal: Amount | None
    payoff: Amount | None
    status_line: str | None

    def __init__(
        self,
        as_of: DateLike,
        *,
        days_past_due: int | None = None,
        installments_past_due: int | None = None,
        oldest_unpaid_due: DateLike | None = None,
        past_due_total: Amount | None = None,
        cost: Amount | None = None,
        fee: Amount | None = None,
        penalty: Amount | None = None,
        compound_interest: Amount | None = None,
        late_interest: Amount | None = None,
        interest: Amount | None = None,
        principal: Amount | None = None,
        outstanding_principal: Amount | None = None,
        payoff: Amount | None = None,
        status_line: str | None = None,
    ) -> None:
        given = {name: value for name, value in locals().items() if name != "self"}
        for name in ("days_past_due", "installments_past_due"):
            count = given[name]
            if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 0):
                raise InvalidTerms(f"claim.{name}: got {count!r}; expected a whole number of 0 or more")
        given["as_of"] = read_date(as_of, "claim.as_of")
        if oldest_unpaid_due is not None:
            given["oldest_unpaid_due"] = read_date(oldest_unpaid_due, "claim.oldest_unpaid_due")
        for name in _AMOUNTS:
            if given[name] is not None:
                to_minor(given[name], 4, f"claim.{name}")
        if not any(value is not None for name, value in given.items() if name != "as_of"):
            raise InvalidTerms(
                f"claim: nothing to compare; accepted: {', '.join(name for name in given if name != 'as_of')}"
            )
        for name, value in given.items():
            object.__setattr__(self, name, value)


_AMOUNTS = ("past_due_total", *COMPONENTS, "outstanding_principal", "payoff")


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure of a claim: what the lender says, what we find, and why."""

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
        """Every wrong figure with our calculation of it."""
        wrong = [f"{f.field}: {f.explanation}" for f in self.findings if not f.agrees]
        return "\n".join([*wrong, *(f"possible reason: {hint}" for hint in self.hints)])

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

    >>> from loancalc import Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> result = audit(account, Claim(as_of="2026-03-20", days_past_due=5, past_due_total="130.00"))
    >>> [(finding.field, finding.verdict, finding.difference) for finding in result.findings]
    [('days_past_due', 'right', 0), ('past_due_total', 'wrong', Decimal('23.38'))]
    """
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
        if field.name in _AMOUNTS:
            claimed = to_decimal(to_minor(getattr(claim, field.name), digits, f"claim.{field.name}"), digits)
        yield Finding(field.name, claimed, ours, _difference(claimed, ours, digits), _explanation(position, field.name))


def _difference(claimed: Figure, ours: Figure, digits: int) -> Decimal | int | None:
    if isinstance(claimed, Decimal) and isinstance(ours, Decimal):
        return to_decimal(to_minor(claimed, digits) - to_minor(ours, digits), digits)
    if isinstance(claimed, int) and isinstance(ours, int):
        return claimed - ours
    if isinstance(claimed, date) and isinstance(ours, date):
        return (claimed - ours).days
    return None


def _explanation(position: Position, name: str) -> str:
    """The lines of the position's own calculation that lead to a figure."""
    lines = position.explain().splitlines()
    if name in COMPONENTS:
        title = name.replace("_", " ")
        wanted = [
            line.strip()
            for line in lines
            if line.strip().startswith(f"{title}:") or line.strip().startswith(f"{title} ")
        ]
        return "; ".join(wanted) or "none is owed"
    starts = {
        "past_due_total": "past due:",
        "payoff": "payoff on",
        "days_past_due": "days past due",
        "oldest_unpaid_due": "days past due",
    }
    start = starts.get(name)
    found = next((line for line in lines if start and line.startswith(start)), None)
    if found is None and name in ("days_past_due", "oldest_unpaid_due", "past_due_total"):
        return "every installment due so far is paid"
    return found or str(getattr(position, name, "")) or "by the rules of the report"


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
    for finding in wrong:
        other_day = _day_on_which(account, finding, day)
        if other_day is not None:
            yield f"{finding.field} {_show(finding.claimed)} would be right on {other_day}"


def _variants(account: Account) -> Iterator[tuple[str, Account]]:
    for name, allocation in PRESETS.items():
        if allocation != account.loan.allocation:
            other = account.loan.with_allocation(allocation)
            yield f"under allocation {name!r}", Account(other, account.events)
    for event in in_force(account.events):
        if isinstance(event, Payment):
            rest = [other for other in in_force(account.events) if other is not event]
            yield f"if the payment of {event.amount} on {event.on} had not been counted", Account(account.loan, rest)


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
