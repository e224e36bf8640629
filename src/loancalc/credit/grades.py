"""Grades by days: the class that a supervisor's table gives a loan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loancalc.credit.rulebook import Framework, framework
from loancalc.errors import InvalidDate, InvalidTerms
from loancalc.servicing.account import Account
from loancalc.servicing.answers import existing_day
from loancalc.servicing.position import Position
from loancalc.servicing.standing import Standing
from loancalc.values.dates import DateLike
from loancalc.values.listed import one


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of a loan on a day by the days alone: a lender's judgment may put it lower, never higher.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> from loancalc.credit import classify
    >>> print(classify(account, "2026-06-30").grade)
    次级 substandard
    """

    as_of: date
    grade: str
    meaning: str
    days: int
    counts: str
    note: str
    framework: Framework

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.as_of}: {self.grade}, {self.days} {self.counts} days{note}; by {self.framework}"


def counted_days(position: Position | Standing, rules: Framework) -> int:
    """The days that a rule set reads: past due by the contract, or delinquent."""
    return position.delinquent_days if rules.counts == "delinquent" else position.days_past_due


def classify(account: Account, as_of: DateLike, *, framework: str | Framework = "cn-five-class") -> Grade:
    """The grade of a loan by its days past due.

    Args:
        account: The loan and what happened to it.
        as_of: The day.
        framework: Name of a rule set, or one of your own.

    Raises:
        InvalidTerms: If the rule set does not grade.
        InvalidDate: If the loan has ended for the lender other than by being repaid: what was written off, settled for less
            or transferred is no loan of its books any more.

    Source: the rule set's own; for "cn-five-class" the five-tier classification of bank loans in China
    (Order 1 of 2023 of the banking regulator and the central bank).

    >>> from loancalc import Loan
    >>> account = Account(Loan(principal=1200, rate="12%", start="2026-01-15", installments=12))
    >>> classify(account, "2026-02-16").grade, classify(account, "2026-05-17").grade
    ('关注 special mention', '次级 substandard')
    """
    day = existing_day(one(account, Account, "account").loan, as_of)
    rules = _graded(framework, day)
    position = account.as_of(day)
    if position.ending not in (None, "repaid"):
        raise InvalidDate(
            f"as_of: got {day}; the loan was {position.ending} by then; expected a day on which it goes on"
        )
    days = counted_days(position, rules)
    bucket = rules.bucket(days)
    if bucket is None:
        raise InvalidTerms(f"framework: {rules.version!r} has no grade for {days} days")
    return Grade(day, f"{bucket.meaning_zh} {bucket.meaning}", bucket.meaning, days, rules.counts, bucket.note, rules)


def _graded(name: str | Framework, day: date) -> Framework:
    rules: Framework = framework(name, day)
    if rules.kind != "grade":
        raise InvalidTerms(
            f"framework: got {rules.version!r}, which marks months; expected one with grades, such as 'cn-five-class'"
        )
    return rules
