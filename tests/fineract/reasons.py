"""Why a story that can be run differs: every reason is a rule by which we tell the story again.

A rule is told the terms and the events of a story and no figure that it shows. Where it tells every figure of the story
(all cells of all tables, all receipts), the difference is proven; no reason is given for less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import loancalc as lc

from . import reasons_of_money as money
from . import reasons_of_plans as plans
from . import reasons_of_tables as tables
from .compare import Telling, blind, compared
from .stories import Story

UNEXPLAINED = "not explained"


class Reason(NamedTuple):
    """A way in which that system differs from ours: its name, what it is, and the rule that tells a story its way.

    The rule returns nothing for a story to which it has nothing to say.
    """

    name: str
    text: str
    tell: Callable[[Story], Telling | None]

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def reason_for(story: Story) -> str:
    """The reason whose rule tells every figure of the story."""
    return next((str(reason) for reason, telling in tellings(story) if not compared(story, telling)), UNEXPLAINED)


def tellings(story: Story) -> Iterator[tuple[Reason, Telling]]:
    """The story as each rule tells it that can."""
    unseen = blind(story)
    for reason in REASONS:
        try:
            telling = reason.tell(unseen)
        except (lc.LoanError, LookupError, ValueError):
            continue
        if telling is not None:
            yield reason, telling


REASONS = (
    Reason("early table", "the last table was taken before the last event", tables.taken_before_the_last_event),
    Reason(
        "called when due",
        "what is called on a due date joins what is due there; it is a row of its own here",
        tables.called_with_what_is_due,
    ),
    Reason(
        "charge after the end",
        "a charge after the last due date makes a row there, and nothing accrues any more; here it belongs to the last "
        "installment, and interest runs on",
        tables.row_of_a_charge_after_the_end,
    ),
    Reason(
        "31 December",
        "that day counts in the later year there; it is a day of its own year by ISDA",
        tables.split_at_31_december,
    ),
    Reason(
        "smoothing",
        "a last installment off by over half a cent a period is smoothed there; here where the terms say so",
        plans.last_installment_smoothed,
    ),
    Reason(
        "smoothing, new rate",
        "so is one that early money left off, when the rate changes; here early money makes the end come sooner",
        plans.smoothed_after_a_new_rate,
    ),
    Reason(
        "past-due principal",
        "it bears nothing there, but only the product's name says so",
        plans.past_due_principal_spared,
    ),
    Reason(
        "rests, table to date",
        "past-due principal bears the nights up to the day of the table there; by rests on due dates it bears the whole period here",
        plans.past_due_principal_to_date,
    ),
    Reason(
        "unstated penalties",
        "1.5 % of each installment past due there, which no term and no event of the story states",
        plans.penalties_that_nobody_stated,
    ),
    Reason(
        "overdue shared out",
        "a re-amortization shares out what is overdue there, each share rounded; here what is outstanding is solved again",
        plans.overdue_shared_out,
    ),
    Reason(
        "payment of the day",
        "it comes before the new plan of a re-aging there; here new terms hold from the morning on",
        plans.re_aged_after_the_payment_of_the_day,
    ),
    Reason(
        "overdue interest",
        "a re-aging has it within the first of the new payments there; here it comes on top of it",
        plans.overdue_interest_within_the_payment,
    ),
    Reason(
        "moved charge",
        "a charge moves to the row of a new plan into which its day falls there; here it stays with its installment",
        plans.charges_move_to_the_row_of_their_day,
    ),
    Reason(
        "moved due dates",
        "they move with the payments that they had there; here a new plan has payments of its own",
        plans.dates_move_with_their_payments,
    ),
    Reason(
        "longer term",
        "it is solved on what is outstanding less the down payment once more there, and the last one takes the rest",
        plans.longer_term_on_too_little,
    ),
    Reason(
        "interest put off",
        "principal is repaid all the same there; here a deferral puts off both",
        plans.interest_put_off_and_not_principal,
    ),
    Reason(
        "refund with interest",
        "interest on what a merchant takes back is given back there, by a transaction that no event states",
        money.interest_on_a_refund_given_back,
    ),
    Reason(
        "rows reached early",
        "a row that money in advance has reached asks for no more interest there; here it asks for what has accrued",
        money.reached_rows_ask_for_no_more_interest,
    ),
    Reason(
        "last row covered",
        "early money covers it with a whole level payment there; here with as much as it asks for",
        money.last_row_takes_a_level_payment,
    ),
    Reason(
        "draw after early money",
        "it is solved as if no money had come there; here on what is outstanding (attributed: a cent stays open)",
        money.draw_solved_as_if_no_money_had_come,
    ),
    Reason(
        "charged back",
        "what is charged back stays paid there, and is due once more in the period of its day; here it is owed again "
        "where it was paid, and the loan is as late as without it",
        money.due_once_more_when_charged_back,
    ),
    Reason(
        "charged back, re-aged",
        "the same there, on the plan of a re-aging with its overdue interest",
        money.due_once_more_after_re_aging,
    ),
    Reason(
        "written off",
        "a write-off takes the interest of later periods too there; here it is never owed",
        money.interest_of_later_periods_written_off,
    ),
)
