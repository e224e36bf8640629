"""How far the law lets the term of a loan be extended, by whatever name: reported, never enforced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from loancalc.errors import InvalidTerms
from loancalc.servicing.account import Account
from loancalc.servicing.book import in_force
from loancalc.servicing.recovery_events import Deferral, Extension, Reaging, Restructuring
from loancalc.time.frequency import Frequency, date_at
from loancalc.values.dates import DateLike, read_date
from loancalc.values.listed import one
from loancalc.values.rule_tables import Provenance, rules_of

_MONTH = Frequency(1, "month")
_LENGTHEN = Extension | Deferral | Reaging | Restructuring
"""What is agreed on with the borrower and may move the last due date."""


@dataclass(frozen=True)
class ExtensionLimit:
    """What one rule says of the extensions of a loan.

    Attributes:
        rule: The rule, with its source and its status.
        agreed_end: The last due date as it was agreed at first.
        extended_end: The last due date as it stands.
        latest_end: The latest that the rule allows; None where it cannot be measured from the terms.

    >>> from loancalc import Account, Extension, Loan, extension_limits
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> for limit in extension_limits(Account(loan, Extension("2026-05-01", 24)), "2026-06-01")[:1]:
    ...     print(limit.agreed_end, limit.extended_end, limit.latest_end, limit.is_exceeded)
    2027-01-15 2029-01-15 2028-01-15 True
    """

    rule: Provenance
    agreed_end: date
    extended_end: date
    latest_end: date | None

    @property
    def is_exceeded(self) -> bool:
        """Whether the term was extended beyond the limit."""
        return self.latest_end is not None and self.extended_end > self.latest_end

    def __str__(self) -> str:
        limit = "not measured" if self.latest_end is None else f"at most {self.latest_end}"
        verdict = "exceeded" if self.is_exceeded else "within it" if self.latest_end else "see the rule"
        return f"extended from {self.agreed_end} to {self.extended_end}, {limit}: {verdict}; {self.rule}"


def extension_limits(account: Account, as_of: DateLike, *, jurisdiction: str = "CN") -> tuple[ExtensionLimit, ...]:
    """What the law of a jurisdiction says of the extensions agreed on by a day; nothing where there was none.

    The rules speak of the term of the loan. So whatever is agreed on that moves its last due date counts with the
    extensions: a deferral by which the term gets longer, a re-aging, a restructuring. That reading is ours; whether a
    deferral under a law or a program of its own counts, the rules do not say.

    The rules for a term are told apart by the term as it was agreed at first. They differ by kind of loan (personal or
    not), which the terms do not say: all are shown.

    Args:
        account: The loan and what happened to it.
        as_of: The day.
        jurisdiction: The law; "CN" is in the tables.

    Raises:
        InvalidTerms: If there are no rules of the jurisdiction.

    Source: each rule's own; it is shown with the result.

    >>> from loancalc import Loan
    >>> loan = Loan(12_000, "12%", "2026-01-15", installments=12)
    >>> longer = Account(loan, [Extension("2026-06-01", 13)])
    >>> print(extension_limits(longer, "2026-06-01")[0])  # doctest: +ELLIPSIS
    extended from 2027-01-15 to 2028-02-15, at most 2028-01-15: exceeded; all extensions together: ...
    """
    rules = [rule for rule in rules_of("extension_limits") if rule.provenance.jurisdiction == jurisdiction]
    if not rules:
        known = sorted({rule.provenance.jurisdiction for rule in rules_of("extension_limits")})
        raise InvalidTerms(f"jurisdiction: got {jurisdiction!r}; expected one of {', '.join(known)}")
    day, loan = read_date(as_of, "as_of"), one(account, Account, "account").loan
    agreed = loan.schedule()[-1].due
    extended = account.as_of(day).figures.items[-1].due
    by_then = [event for event in in_force(account.events) if isinstance(event, _LENGTHEN) and event.on <= day]
    if agreed is None or not by_then:
        return ()
    if extended <= agreed and not any(isinstance(event, Extension) for event in by_then):
        return ()
    found = []
    for rule in rules:
        over, up_to = rule.table.get("over", 0), rule.table.get("up_to")
        if agreed <= _after(loan.start, over) or (up_to is not None and agreed > _after(loan.start, up_to)):
            continue
        found.append(ExtensionLimit(rule.provenance, agreed, extended, _latest(rule.table, loan.start, agreed)))
    return tuple(found)


def _after(start: date, months: int) -> date:
    return date_at(start, _MONTH, months)


def _latest(table: Mapping[str, Any], start: date, end: date) -> date | None:
    """The latest end: so many months after the agreed one, or so much of the agreed term, in days where it is no whole
    number of months.
    """
    if "months" in table:
        return _after(end, table["months"])
    if "times" not in table:
        return None
    share = Fraction(table["times"])
    months = (end.year - start.year) * 12 + end.month - start.month
    more = share * months
    if _after(start, months) == end and more.denominator == 1:
        return _after(end, int(more))
    return end + timedelta(int(share * (end - start).days))
