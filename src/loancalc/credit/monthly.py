"""The monthly marks of a credit report, from where the loan stood at each month's end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from loancalc.credit.grades import counted_days
from loancalc.credit.rulebook import Framework
from loancalc.credit.rulebook import framework as find_framework
from loancalc.errors import InvalidTerms
from loancalc.servicing.account import Account
from loancalc.servicing.answers import existing_day
from loancalc.servicing.book import booked_in_force
from loancalc.servicing.events import Payment
from loancalc.servicing.standing import Standing
from loancalc.time.frequency import month_ends
from loancalc.values.dates import DateLike
from loancalc.values.listed import one
from loancalc.values.tables import html_table

_LAST = ("C", "G")
"""Marks after which a loan has no more."""

_SOURCES = {"guarantor": ("D", "by the guarantor"), "assets": ("Z", "with assets handed over")}


class MonthMark(NamedTuple):
    """One month: its last day (or the day of the report, for the running month), its mark, and why.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> from loancalc.credit import report
    >>> report(account, "2026-03-31").months[-1]
    MonthMark(month_end=datetime.date(2026, 3, 31), mark='1', why='16 delinquent days at the end, due since 2026-03-15')
    """

    month_end: date
    mark: str
    why: str


@dataclass(frozen=True, slots=True)
class CreditReport:
    """The marks of a loan, month by month.

    Attributes:
        status_line: One mark per completed month from the opening month, oldest first.
        provisional: The mark that the running month would get if it ended on `as_of`; None on a month's last day and
            after the loan was closed.
        months: The same marks with their reasons.
        framework: The rule set used, with its source and status.
        as_reported: Whether each month was taken as it was known at its end.
        notes: What happened to the loan that the marks do not show.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> from loancalc.credit import report
    >>> found = report(account, "2026-03-20")
    >>> found.status_line, found.provisional
    ('*N', '1')
    """

    as_of: date
    months: tuple[MonthMark, ...]
    running: MonthMark | None
    framework: Framework
    as_reported: bool
    notes: tuple[str, ...] = ()

    @property
    def status_line(self) -> str:
        """One mark per completed month from the opening month, oldest first."""
        return "".join(month.mark for month in self.months)

    @property
    def provisional(self) -> str | None:
        """The mark that the running month would get if it ended on `as_of`."""
        return self.running.mark if self.running else None

    def meaning(self, mark: str) -> str:
        """What a mark means, in English and Chinese."""
        for code, english, chinese in self.framework.marks:
            if code == mark:
                return f"{english} ({chinese})"
        return next(f"{b.meaning} ({b.meaning_zh})" for b in self.framework.buckets if b.code == mark)

    def __repr__(self) -> str:
        return f"<CreditReport on {self.as_of} by {self.framework.name}: {self.status_line or 'empty'}>"

    def __str__(self) -> str:
        rows = [f"{month.month_end:%Y-%m}  {month.mark}  {month.why}" for month in self.months]
        if self.running:
            rows.append(f"{self.running.month_end:%Y-%m}  {self.running.mark}  {self.running.why} (so far)")
        head = f"status line {self.status_line or 'empty'} on {self.as_of}"
        return "\n".join(
            [head, *rows, *(f"not shown by a mark: {note}" for note in self.notes), f"by {self.framework}"]
        )

    def _repr_html_(self) -> str:
        rows = [[f"{month.month_end:%Y-%m}", month.mark, month.why] for month in self.months]
        if self.running:
            rows.append([f"{self.running.month_end:%Y-%m}", self.running.mark, f"{self.running.why} (so far)"])
        rows += [["", "", f"not shown by a mark: {note}"] for note in self.notes]
        return html_table(["month", "mark", f"why, by {self.framework.name}"], rows)


def report(
    account: Account,
    as_of: DateLike,
    *,
    framework: str | Framework = "cn-credit-report-2",
    as_reported: bool = False,
) -> CreditReport:
    """The monthly marks of a loan up to a day.

    Past due at the month's end: the bucket of its delinquent days. Else an installment due that month and paid after
    its due date and its status-only grace: M; one due that month otherwise: N; nothing due: `*`. Closed, penalties and
    costs paid too: C; written off, settled for less or transferred: G; nothing after either.

    Args:
        account: The loan and what happened to it.
        as_of: The day; months that end by it are complete.
        framework: Name of a rule set, or one of your own.
        as_reported: Take each month as it was known at its end, not as it is known now.

    Raises:
        InvalidTerms: If the rule set does not mark months.

    Source: the rule set's own; it is printed with the result.

    >>> from loancalc import Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> report(Account(loan, [Payment("2026-02-20", "106.62")]), "2026-03-31").status_line
    '*M1'
    """
    day = existing_day(one(account, Account, "account").loan, as_of)
    rules = find_framework(framework, day)
    if rules.kind != "monthly-status":
        raise InvalidTerms(
            f"framework: got {rules.version!r}, which grades; expected one that marks months, such as "
            "'cn-credit-report-2'"
        )
    ends = month_ends(account.loan.start, day)
    days = ends if ends and ends[-1] == day else [*ends, day]
    then_known = (account.standings([end], known_on=end)[0] for end in days)
    marks: list[MonthMark] = []
    for standing in then_known if as_reported else account.standings(days):
        marks.append(_mark(account, standing, rules))
        if marks[-1].mark in _LAST:
            break
    complete = tuple(marks[: len(ends)])
    running = marks[-1] if len(marks) > len(ends) else None
    return CreditReport(day, complete, running, rules, as_reported, tuple(_not_marked(account, day)))


def _not_marked(account: Account, day: date) -> Iterator[str]:
    """Payments for which a bureau has a mark (D, Z), whose place among the marks of a month is not verified."""
    for entry in booked_in_force(account.book):
        event = entry.event
        if isinstance(event, Payment) and event.on <= day and event.source in _SOURCES:
            mark, who = _SOURCES[event.source]
            yield f"{event.amount} paid on {event.on} {who}; a bureau may mark the month {mark}"


def _mark(account: Account, standing: Standing, rules: Framework) -> MonthMark:
    end = standing.as_of
    if standing.ending not in (None, "repaid"):
        return MonthMark(end, "G", f"ended without full settlement: {standing.ending}")
    if standing.is_closed:
        return MonthMark(end, "C", "closed: nothing is owed")
    if standing.days_past_due:
        days = counted_days(standing, rules)
        bucket = rules.bucket(days)
        if bucket is not None:
            return MonthMark(
                end, bucket.code, f"{days} {rules.counts} days at the end, due since {standing.oldest_unpaid_due}"
            )
    grace = account.loan.late.grace if account.loan.late else None
    waits = grace.last_day if grace and grace.kind == "status-only" else None
    due = [item for item in standing.due if any(item.agreed)]
    for item in due:
        if item.settled_on is not None and item.settled_on > (waits(item.due) if waits else item.due):
            state = item.state_on(end)
            what = state if state in ("rescheduled", "waived", "written off") else "paid"
            return MonthMark(end, "M", f"installment {item.number}, due {item.due}, was {what} on {item.settled_on}")
    if due:
        return MonthMark(end, "N", f"nothing overdue; due {', '.join([str(item.due) for item in due])}")
    return MonthMark(end, "*", "nothing was due")
