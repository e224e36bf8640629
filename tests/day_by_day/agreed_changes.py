"""What was agreed from the beginning to change later: another rate, nights that rest, more that is paid out. It happens on its day,
as what is heard of then does.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import loancalc as lc
from changing import with_terms


def as_it_begins(loan: lc.Loan) -> lc.Loan:
    """The loan without what changes later, unless one payment was solved over all its rates."""
    terms: dict[str, Any] = {} if is_level(loan) else {"rate": loan.rate}
    if not terms and loan.rate_path:
        terms = {"rate": loan.rate_path}
    return with_terms(loan, **terms) if loan.rate_path or loan.tranches else loan


def is_level(loan: lc.Loan) -> bool:
    """Whether one payment was solved over all rates, which are known from the start."""
    return loan.rate_path is not None and loan.rate_path.keep == "level"


def by_day(loan: lc.Loan) -> dict[date, list[lc.Event]]:
    """What changes on a day, in the words of what is heard of on it."""
    found: dict[date, list[lc.Event]] = {}
    path = None if is_level(loan) else loan.rate_path
    for day, rate in path.changes if path else ():
        found.setdefault(day, []).append(lc.RateChange(day, rate, keep=path.kept_on(day) or "term"))
    for first, until in path.pauses if path else ():
        found.setdefault(first, []).append(lc.InterestPause(first, until, keep=path.kept_on(first) or "term"))
    for tranche in loan.tranches:
        found.setdefault(tranche.on, []).append(lc.Draw(tranche.on, tranche.amount))
    return found
