"""Why a story that can be run differs: every reason is tried on the story itself and has to be shown by its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

import loancalc as lc

from .compare import PAID_COLUMNS, RECEIPTS, TOTALS, Difference, differences
from .happenings import account_of
from .stories import MONEY, Story
from .terms import is_daily, loan_of

UNEXPLAINED = "not explained"


class Reason(NamedTuple):
    """A way in which that system differs from ours, and how the figures of a story show it."""

    text: str
    is_shown_by: Callable[[Story, Sequence[Difference]], bool]


def reason_for(story: Story, found: Sequence[Difference]) -> str:
    """The first reason that the figures of the story show; or those of its first table that differs, on which the later rest."""
    shown = next((reason.text for reason in REASONS if reason.is_shown_by(story, found)), None)
    if shown is None and (earlier := _up_to_the_first_difference(story, found)):
        return reason_for(earlier, differences(earlier))
    return shown or UNEXPLAINED


def _up_to_the_first_difference(story: Story, found: Sequence[Difference]) -> Story | None:
    """The story until the first table that differs; None where that is the last one."""
    tables = story.get("checkpoints", ())
    for place, table in enumerate(tables):
        if found[0].table == f"after event {table['after_event']}" and table["after_event"] < len(story["events"]):
            return {
                **story,
                "events": story["events"][: table["after_event"]],
                "checkpoints": tables[:place],
                "expected": table["rows"],
                "expected_totals": table["totals"],
                "expected_as_of": table["as_of"],
            }
    return None


def _agrees(story: Story, **other_terms: object) -> bool:
    return not differences(story, **other_terms)


def _with_events(story: Story, change: Callable[[Story], list[Story]]) -> Story:
    """The story with each event as something else: itself, another, several; days are kept by an empty event."""
    events = [changed for event in story["events"] for changed in change(event)]
    return {**story, "events": events}


def _types(story: Story) -> set[str]:
    return {event["type"] for event in story["events"]}


# How tables are shown


def _was_taken_before_the_last_event(story: Story, found: Sequence[Difference]) -> bool:
    """Without the last thing that happened everything agrees."""
    last = max(n for n, event in enumerate(story["events"]) if event["type"] not in ("as_of", "end_of_day"))
    kept = [event if n != last else {"type": "end_of_day"} for n, event in enumerate(story["events"])]
    return _agrees({**story, "events": kept})


def _spreads_a_payoff(story: Story, found: Sequence[Difference]) -> bool:
    """The loan is paid off; no total and no payment differs, only the rows from the running one on."""
    if any(difference.row == TOTALS or difference.table == RECEIPTS for difference in found):
        return False
    return account_of(story).as_of(story["expected_as_of"]).is_closed


def _joins_what_is_called_with_what_is_due(story: Story, found: Sequence[Difference]) -> bool:
    """The loan is called on a due date: the last row there is the last two here, and no total differs."""
    if "terminate_contract" not in _types(story) or any(difference.row == TOTALS for difference in found):
        return False
    rows = account_of(story).as_of(story["expected_as_of"]).installments
    theirs = story["expected"][-1]
    return rows[-1].due == rows[-2].due and Decimal(theirs["total_due"]) == sum(row.agreed.total for row in rows[-2:])


def _makes_a_row_of_a_charge_after_the_end(story: Story, found: Sequence[Difference]) -> bool:
    """The charge is with the last installment here. What else differs is interest after the last due date."""
    if "charge" not in _types(story) or any(item.column.endswith("date") for item in found):
        return False
    account, day = account_of(story), story["expected_as_of"]
    last = account.as_of(day).installments[-1]
    charge = next(event.amount for event in account.events if isinstance(event, lc.Charge))
    after_the_end = last.owed.interest + last.paid.interest - last.agreed.interest
    expected = {
        ("rows", "number"): last.number - len(story["expected"]) + 1,
        (f"row {last.number}", "outstanding"): after_the_end
        + (charge if last.state == "upcoming" else last.owed.fee + last.owed.penalty),
        (TOTALS, "outstanding"): after_the_end,
    }
    return all(
        abs(_difference(item)) == expected.get((item.row, item.column), charge) for item in found if item.row != "rows"
    )


def _difference(item: Difference) -> Decimal:
    return Decimal(item.ours) - Decimal(item.theirs)


# What their terms do not say


def _smooths_the_last_installment(story: Story, found: Sequence[Difference]) -> bool:
    """With the level payment solved again everything agrees; or the payment of the rows that differ is ours and an equal
    share of what the last one is off.
    """
    if loan_of(story).method != "annuity":
        return False
    if _agrees(story, rounding=lc.Rounding(mode="half-even", residue="smooth")):
        return True
    totals = [item for item in found if item.column == "total_due" and item.row != TOTALS]
    if len(totals) < 2 or any(item.table == RECEIPTS or item.row == TOTALS for item in found):
        return False
    ours, last = Decimal(totals[0].ours), Decimal(totals[-1].ours)
    return Decimal(totals[0].theirs) == round(ours + (last - ours) / len(totals), 2)


def _splits_at_31_december(story: Story, found: Sequence[Difference]) -> bool:
    """The same loan a day later, where 31 December has become 1 January, agrees on every amount."""
    loan = loan_of(story)
    happened = _types(story) - {"as_of", "disbursement", "end_of_day"}
    if loan.day_count != lc.DayCount.ACT_ACT_ISDA or "checkpoints" in story or happened:
        return False
    later = loan_of(story, start=loan.start + timedelta(days=1))
    if any(after - before != timedelta(days=1) for before, after in zip(loan.dates, later.dates, strict=True)):
        return False
    moved = differences({**story, "expected_as_of": str(later.start)}, start=later.start)
    return {difference.column for difference in moved} <= {"date", "days"}


def _spares_past_due_principal(story: Story, found: Sequence[Difference]) -> bool:
    """With a late rate of nothing in the place of the contract rate no amount differs any more."""
    late = lc.LateTerms(interest=lc.LateInterest(rate="0%", day_count="ACT/365F"))
    return is_daily(story) and {item.column for item in differences(story, late=late)} <= {"paid_date"}


def _has_penalties_that_nobody_stated(story: Story, found: Sequence[Difference]) -> bool:
    """Each row and the totals differ by their penalty and by nothing else."""
    by_row: dict[tuple[str, str], dict[str, Decimal]] = {}
    for item in found:
        if item.column not in ("penalties_due", "total_due", "outstanding"):
            return False
        by_row.setdefault((item.table, item.row), {})[item.column] = _difference(item)
    return all("penalties_due" in over and len(set(over.values())) == 1 for over in by_row.values())


# New plans


def _new_rows(story: Story) -> list[Story]:
    """The rows of that system's last table that ask for something more."""
    return [row for row in story["expected"] if row["nr"] and Decimal(row["outstanding"])]


def _spreads_what_is_overdue(story: Story, found: Sequence[Difference]) -> bool:
    """Re-amortized without interest: what is overdue is shared out there, each share rounded down and the rest last, so that
    no row differs by more than the step of the rounding, and no total.
    """
    if "reamortise" not in _types(story) or any(item.row == TOTALS or item.table == RECEIPTS for item in found):
        return False
    step = Decimal(story["terms"]["instalment_multiple"] or 0)
    return all(not item.column.endswith("date") and abs(_difference(item)) <= step for item in found)


def _asks_for_overdue_interest_within_the_payment(story: Story, found: Sequence[Difference]) -> bool:
    """Re-aged: overdue interest is in the first of the level payments there; here it comes on top of them. The interest of
    that row is the same.
    """
    rows = _new_rows(story)
    if "reage" not in _types(story) or len({row["total_due"] for row in rows[:-1]}) != 1:
        return False
    first = f"row {rows[0]['nr']}"
    ours = [item for item in found if item.row == first and item.table == found[-1].table]
    over = {item.column: _difference(item) for item in ours if item.column.endswith("_due")}
    return "interest_due" not in over and over.get("principal_due", 0) == over.get("total_due", 0) > 0


def _re_ages_after_a_payment_of_the_day(story: Story, found: Sequence[Difference]) -> bool:
    """A payment of the day of the re-aging comes before it there; here new terms hold from the morning on. What the rows ask
    for beyond what is paid is that of a loan of so much less.
    """
    days = [event["date"] for event in story["events"] if event["type"] in MONEY]
    if "reage" not in _types(story) or story["expected_as_of"] not in days:
        return False
    left = sum(Decimal(row["outstanding"]) for row in _new_rows(story))
    return left == account_of(story).as_of(story["expected_as_of"]).outstanding_principal


def _loses_its_new_plan(story: Story, found: Sequence[Difference]) -> bool:
    """The last table is that of the plan before, though no event takes the new one back."""
    plain = _with_events(story, lambda event: [event if event["type"] != "reamortise" else {"type": "end_of_day"}])
    return "reamortise" in _types(story) and all(item.table != found[-1].table for item in differences(plain))


def _moves_charges_to_the_row_of_their_day(story: Story, found: Sequence[Difference]) -> bool:
    """A charge belongs to the row of a new plan into which its day falls there, and stays with its installment here: no total
    differs, and no principal and interest.
    """
    if "reage" not in _types(story) or "charge" not in _types(story):
        return False
    return not any(item.row == TOTALS or item.column in ("principal_due", "interest_due", "balance") for item in found)


def _moves_dates_with_their_payments(story: Story, found: Sequence[Difference]) -> bool:
    """Due dates move there and their payments stay, but for the last; here a new plan has payments of its own."""
    if not any("adjustedDueDate" in event for event in story["events"]) or not story["checkpoints"]:
        return False
    before, after = story["checkpoints"][-1]["rows"], story["expected"]
    same = [row["total_due"] for row in before if row["nr"]][:-1]
    return same == [row["total_due"] for row in after if row["nr"]][:-1]


def _leaves_most_to_the_last_of_a_longer_term(story: Story, found: Sequence[Difference]) -> bool:
    """An extension there solves a payment over more installments than there are: the last one asks for twice as much and more."""
    if not any("extraTerms" in event for event in story["events"]):
        return False
    totals = [Decimal(row["total_due"]) for row in _new_rows(story)]
    return totals[-1] >= 2 * totals[-2]


def _puts_interest_off_and_not_principal(story: Story, found: Sequence[Difference]) -> bool:
    """Installments whose interest waits repay principal there; a deferral here puts off both."""
    if not any("graceOnInterest" in event for event in story["events"]):
        return False
    waits = [row for row in _new_rows(story) if not Decimal(row["interest_due"])]
    return bool(waits) and all(Decimal(row["principal_due"]) for row in waits)


# Money


def _takes_principal_first(story: Story, found: Sequence[Difference]) -> bool:
    """With money that is meant for principal only everything agrees."""
    return _agrees(_with_events(story, _meant_for_principal))


def _meant_for_principal(event: Story) -> list[Story]:
    return [{**event, "only": "principal"} if event["type"] in MONEY else event]


def _gives_interest_back_too(story: Story, found: Sequence[Difference]) -> bool:
    """With what the second transaction shows added to the refund, all of it meant for principal, everything agrees."""
    given = [made["amount"] for made in story.get("expected_transactions", ()) if made["type"] == "Interest Refund"]
    if len(given) != 1:
        return False

    def add(event: Story) -> list[Story]:
        if event["type"] != "merchant_issued_refund":
            return [event]
        return [{**event, "amount": str(Decimal(event["amount"]) + Decimal(given[0])), "only": "principal"}]

    found = differences(_with_events(story, add))
    return all(item.table == RECEIPTS for item in found)


def _covers_later_installments(story: Story, found: Sequence[Difference]) -> bool:
    """Every payment is split alike, but what it paid in advance is booked on other installments."""
    if "expected_transactions" not in story or any(difference.table == RECEIPTS for difference in found):
        return False
    return any(difference.column == "paid_in_advance" and difference.row != TOTALS for difference in found)


def _asks_again_for_what_was_charged_back(story: Story, found: Sequence[Difference]) -> bool:
    """What was charged back stays paid there and is due once more: in every table both differ by that amount."""
    back = [Decimal(event["amount"]) for event in story["events"] if event["type"] == "chargeback"]
    if not back or any(item.table == RECEIPTS for item in found):
        return False
    for _, table in groupby((item for item in found if item.row == TOTALS), key=lambda item: item.table):
        over = {item.column: -_difference(item) for item in table}
        rest = over.get("outstanding", 0)
        if over.get("paid") != sum(back) or over.get("total_due") != sum(back) + rest:
            return False
    return True


def _writes_interest_of_later_periods_off(story: Story, found: Sequence[Difference]) -> bool:
    """What is due stays as planned there: without the write-off the due columns agree, and nothing is outstanding."""
    if "write_off" not in _types(story):
        return False
    plan = _with_events(story, lambda event: [event if event["type"] != "write_off" else {"type": "end_of_day"}])
    return {item.column for item in differences(plan)} <= {*PAID_COLUMNS}


REASONS = (
    Reason("the last table was taken before the last event", _was_taken_before_the_last_event),
    Reason("a payoff is spread over the later rows there; the totals agree", _spreads_a_payoff),
    Reason(
        "what is called on a due date joins what is due there; it is a row of its own here",
        _joins_what_is_called_with_what_is_due,
    ),
    Reason(
        "a charge after the last due date makes a row there, and nothing accrues any more; here it belongs to the last "
        "installment, and interest runs on",
        _makes_a_row_of_a_charge_after_the_end,
    ),
    Reason("a last installment off by over half a cent a period is smoothed there", _smooths_the_last_installment),
    Reason("31 December counts in the later year there; it is a day of its own year by ISDA", _splits_at_31_december),
    Reason("past-due principal bears nothing there: only the product's name says so", _spares_past_due_principal),
    Reason(
        "what is overdue is shared out there, each share rounded down; here what is outstanding is solved again",
        _spreads_what_is_overdue,
    ),
    Reason(
        "a payment of the day comes before the new plan there; here new terms hold from the morning on",
        _re_ages_after_a_payment_of_the_day,
    ),
    Reason(
        "overdue interest is within the first of the new payments there; here it comes on top of it",
        _asks_for_overdue_interest_within_the_payment,
    ),
    Reason("a new plan is gone on the next day there, and no event takes it back", _loses_its_new_plan),
    Reason(
        "a charge moves to the row of a new plan into which its day falls there; here it stays with its installment",
        _moves_charges_to_the_row_of_their_day,
    ),
    Reason(
        "due dates move with the payments that they had there; here a new plan has payments of its own",
        _moves_dates_with_their_payments,
    ),
    Reason(
        "a longer term is solved over more installments than there are there, and the last one takes the rest",
        _leaves_most_to_the_last_of_a_longer_term,
    ),
    Reason(
        "interest is put off there while principal is repaid; here a deferral puts off both",
        _puts_interest_off_and_not_principal,
    ),
    Reason("penalties there that no term and no event of the story states", _has_penalties_that_nobody_stated),
    Reason(
        "money in advance pays principal before the interest to date there; here interest is first, unless the money is "
        "meant for principal",
        _takes_principal_first,
    ),
    Reason(
        "interest on what a merchant takes back is given back there, by a transaction that no event states",
        _gives_interest_back_too,
    ),
    Reason(
        "money beyond the running installment covers the next ones there; here it lowers the principal and the end "
        "comes sooner",
        _covers_later_installments,
    ),
    Reason(
        "what is charged back stays paid there, and is due once more in the period of its day; here it is owed again "
        "where it was paid, and the loan is as late as without it",
        _asks_again_for_what_was_charged_back,
    ),
    Reason(
        "a write-off takes the interest of later periods too there; here it is never owed",
        _writes_interest_of_later_periods_off,
    ),
)
