"""205 late accounts, worked out night by night with exact fractions: every figure of every position, to the cent.

Penalties, grace of three kinds, caps, part payments in every order, waivers, reversals, backdated payments, daily
loans, flat loans, odd currencies and odd dates.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import loancalc as lc
from reference import event_of, loan_of, read

STORIES: list[dict[str, Any]] = read("late_stories.json.gz")["stories"]
ACCOUNTS = {story["id"]: story for story in STORIES}

KNOWN_FIELDS = {
    "as_of", "credit", "days_past_due", "delinquent_days", "known_on", "next_due", "oldest_unpaid_due",
    "outstanding_principal", "past_due", "payoff", "status_line", "status_line_as_reported",
}  # fmt: skip


def account_of(story: dict[str, Any]) -> lc.Account:
    return lc.Account(loan_of(story["terms"]), [event_of(event) for event in story["events"]])


def figures_of(position: lc.Position) -> dict[str, Any]:
    """A position in the words of the stories."""
    next_due = position.next_due
    return {
        "as_of": str(position.as_of),
        "days_past_due": position.days_past_due,
        "delinquent_days": position.delinquent_days,
        "oldest_unpaid_due": position.oldest_unpaid_due and str(position.oldest_unpaid_due),
        "past_due": {name: str(amount) for name, amount in position.past_due.items()}
        | {"total": str(position.past_due.total)},
        "outstanding_principal": str(position.outstanding_principal),
        "next_due": next_due and {"date": str(next_due.date), "amount": str(next_due.amount)},
        "credit": str(position.credit),
        "payoff": str(position.payoff),
    }


every_story = pytest.mark.parametrize("story", STORIES, ids=list(ACCOUNTS))


@every_story
def test_the_plan_is_the_printed_one(story: dict[str, Any]) -> None:
    rows = [
        [row.number, str(row.due), str(row.principal), str(row.interest), str(row.balance)]
        for row in loan_of(story["terms"]).schedule()
    ]
    assert rows == story["schedule"]


@every_story
def test_every_position_is_the_printed_one(story: dict[str, Any]) -> None:
    account = account_of(story)
    for printed in story["positions"]:
        assert set(printed) <= KNOWN_FIELDS
        figures = figures_of(account.as_of(printed["as_of"], known_on=printed.get("known_on")))
        assert figures == figures | {name: value for name, value in printed.items() if name in figures}


@every_story
def test_a_payoff_pays_the_printed_amount_and_leaves_nothing(story: dict[str, Any]) -> None:
    account = account_of(story)
    payoffs = [receipt for receipt in account.receipts if receipt.is_payoff]
    assert [str(receipt.amount) for receipt in payoffs] == story.get("payoffs_paid", [])
    for receipt in payoffs:
        position = account.as_of(receipt.on)
        assert position.is_closed
        assert (position.payoff, position.credit) == (0, 0)


# g10-21: due 26 October, paid on 29 October, the payment reversed on 12 November. At 31 October the story prints October
# "as reported" as 1; we mark M. The sentences of the design (section 4) that decide it:
#   "Month marks belong to month ends": October's end is 31 October.
#   "as_reported=True takes each month as it was known at its end", and "Every event keeps its value date and its booking
#   date: 'what did we know on 1 May' is a filter": the reversal, booked on 12 November, was not known on 31 October.
#   "a reversal takes the value date of what it reverses (once known, the payment never happened on any day)": once known,
#   so until 12 November the payment stands.
#   "none [past due], and an installment due that month paid after its due date and its status-only grace, M".
# The story itself agrees twice: known on 30 October it prints nothing past due, and its own line of 30 November has M for
# October. Only the line printed at the month's end itself took the month as it is known now; no other of the 17 lines
# printed "as reported" has an event booked after its day. '*NM' is right.
WRONG = {("g10-21", "2023-10-31", "status_line_as_reported"): ("*N1", "*NM")}


@pytest.mark.parametrize(
    "story", [s for s in STORIES if any("status_line" in p for p in s["positions"])], ids=lambda story: story["id"]
)
def test_the_credit_report_shows_the_printed_line(story: dict[str, Any]) -> None:
    account = account_of(story)
    for printed in story["positions"]:
        lines = {"status_line": False, "status_line_as_reported": True}
        shown = {
            name: lc.credit.report(
                account, printed["as_of"], framework="cn-credit-report-2", as_reported=as_reported
            ).status_line
            for name, as_reported in lines.items()
            if name in printed
        }
        expected = {name: printed[name] for name in lines if name in printed}
        for name, line in expected.items():
            as_printed, right = WRONG.get((story["id"], printed["as_of"], name), (line, line))
            assert line == as_printed
            expected[name] = right
        assert shown == expected


def test_the_story_that_prints_another_mark_prints_ours_elsewhere() -> None:
    (story,) = (story for story in STORIES if story["id"] == "g10-21")
    printed = {position["as_of"]: position for position in story["positions"]}
    assert printed["2023-10-30"]["known_on"] == "2023-10-30"
    assert printed["2023-10-30"]["past_due"]["total"] == "0.00"
    assert printed["2023-11-30"]["status_line_as_reported"] == "*NM1"
    (reversal,) = (event for event in account_of(story).events if isinstance(event, lc.Reversal))
    assert str(reversal.booked) == "2023-11-12"


def test_the_stories_cover_every_kind_of_lateness() -> None:
    assert len(STORIES) == len(ACCOUNTS) == 205
    assert sum(len(story["positions"]) for story in STORIES) == 773
    asked = Counter(name for story in STORIES for position in story["positions"] for name in position)
    assert (asked["known_on"], asked["payoff"]) == (15, 135)
    assert (asked["status_line"], asked["status_line_as_reported"]) == (131, 17)
    assert Counter(event["type"] for story in STORIES for event in story["events"]).keys() == {
        "payment", "payoff", "reversal", "waiver",
    }  # fmt: skip
