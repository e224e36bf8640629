"""Why a story that can be run differs: every reason is tried on the story itself and has to be shown by its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import loancalc as lc

from .compare import RECEIPTS, TOTALS, Difference, differences
from .stories import Story, loan_of

UNEXPLAINED = "not explained"


class Reason(NamedTuple):
    """A way in which that system differs from ours, and how the figures of a story show it."""

    text: str
    is_shown_by: Callable[[Story, Sequence[Difference]], bool]


def reason_for(story: Story, found: Sequence[Difference]) -> str:
    """The first reason that the figures of the story show."""
    return next((reason.text for reason in REASONS if reason.is_shown_by(story, found)), UNEXPLAINED)


def _names_another_day(story: Story, found: Sequence[Difference]) -> bool:
    """Nothing differs but the day of payment."""
    return {difference.column for difference in found} == {"paid_date"}


def _smooths_the_last_installment(story: Story, found: Sequence[Difference]) -> bool:
    """With the level payment solved again everything agrees."""
    if loan_of(story).method != "annuity":
        return False
    return not differences(story, loan_of(story, rounding=lc.Rounding(mode="half-even", residue="smooth")))


def _splits_at_31_december(story: Story, found: Sequence[Difference]) -> bool:
    """The same loan a day later, where 31 December has become 1 January, agrees on every amount."""
    loan = loan_of(story)
    happened = {event["type"] for event in story["events"]} - {"as_of", "disbursement", "end_of_day"}
    if loan.day_count != lc.DayCount.ACT_ACT_ISDA or "checkpoints" in story or happened:
        return False
    later = loan_of(story, start=loan.start + timedelta(days=1))
    if any(after - before != timedelta(days=1) for before, after in zip(loan.dates, later.dates, strict=True)):
        return False
    moved = differences({**story, "expected_as_of": str(later.start)}, later)
    return {difference.column for difference in moved} <= {"date", "days"}


def _spares_past_due_principal(story: Story, found: Sequence[Difference]) -> bool:
    """With a late rate of nothing in the place of the contract rate no amount differs any more."""
    late = lc.LateTerms(interest=lc.LateInterest(rate="0%", day_count="ACT/365F"))
    loan = loan_of(story, late=late)
    return loan.accrual == "daily" and {item.column for item in differences(story, loan)} <= {"paid_date"}


def _was_taken_before_the_payoff(story: Story, found: Sequence[Difference]) -> bool:
    """Without the payoff every table agrees."""
    kept = [event if event["type"] != "payoff" else {"type": "end_of_day"} for event in story["events"]]
    return kept != story["events"] and not differences({**story, "events": kept})


def _has_penalties_that_nobody_stated(story: Story, found: Sequence[Difference]) -> bool:
    """Each row and the totals differ by their penalty and by nothing else."""
    by_row: dict[tuple[str, str], dict[str, object]] = {}
    for difference in found:
        if difference.column not in ("penalties_due", "total_due", "outstanding"):
            return False
        over = type(difference.ours)(difference.theirs) - difference.ours
        by_row.setdefault((difference.table, difference.row), {})[difference.column] = over
    return all("penalties_due" in over and len(set(over.values())) == 1 for over in by_row.values())


def _lays_money_over_later_rows(story: Story, found: Sequence[Difference]) -> bool:
    """No total and no payment differs, only the rows."""
    return not any(difference.row == TOTALS or difference.table == RECEIPTS for difference in found)


def _covers_later_installments(story: Story, found: Sequence[Difference]) -> bool:
    """Every payment is split alike, but what it paid in advance is booked on other installments."""
    if "expected_transactions" not in story or any(difference.table == RECEIPTS for difference in found):
        return False
    return any(difference.column == "paid_in_advance" and difference.row != TOTALS for difference in found)


REASONS = (
    Reason("paid in advance is paid on the day of the money there, on the due date here", _names_another_day),
    Reason("a last installment off by over half a cent a period is smoothed there", _smooths_the_last_installment),
    Reason("31 December counts in the later year there; it is a day of its own year by ISDA", _splits_at_31_december),
    Reason("past-due principal bears nothing there: only the product's name says so", _spares_past_due_principal),
    Reason("the last table was taken before the payoff", _was_taken_before_the_payoff),
    Reason("penalties there that no term and no event of the story states", _has_penalties_that_nobody_stated),
    Reason("a payoff is spread over the later rows there; the totals agree", _lays_money_over_later_rows),
    Reason(
        "money beyond the running installment covers the next ones there; here it lowers the principal and the end "
        "comes sooner",
        _covers_later_installments,
    ),
)  # fmt: skip
