"""The stories as they are stored, and what of them loancalc has no word for.

Such a story is counted and not run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

Story = dict[str, Any]

MONEY = {
    "repayment": "Repayment",
    "goodwill_credit": "Goodwill Credit",
    "merchant_issued_refund": "Merchant Issued Refund",
    "interest_refund": "Interest Refund",
    "interest_payment_waiver": "Interest Payment Waiver",
}
"""Money that settles debt, by the name of its event and of its transaction. All but the first come from the lender."""


def read_stories(path: Path) -> list[Story]:
    """All stories of the file."""
    stories: list[Story] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return stories


def date_of(event: Story) -> str:
    """The value date of an event of a story; nothing where the story has no dates."""
    return str(event.get("date", ""))


def draws_of(story: Story, after_event: int | None = None) -> list[Story]:
    """What was paid out, as known after so many events, oldest first; what was undone was never paid out.

    Before anything is paid out, it is what the loan expects.
    """
    draws: list[Story] = []
    for event in story["events"][:after_event]:
        if event["type"] == "undo_disbursement":
            draws.clear()
        elif event["type"] == "disbursement":
            draws.append(event)
    return sorted(draws, key=date_of) or _expected_draws(story["terms"].get("extra", {}))


def _expected_draws(extra: Story) -> list[Story]:
    days = {name: day for name, day in extra.items() if name.endswith("tranche_disb_expected_date")}
    return [
        {
            "type": "disbursement",
            "date": datetime.strptime(day, "%d %B %Y").date().isoformat(),
            "amount": extra[name.replace("expected_date", "principal")],
        }
        for name, day in days.items()
    ]


def surplus_of(story: Story, kind: str) -> str:
    """Where money of a kind goes that is more than what is due, as the product says when the loan is paid out."""
    allocation = story["terms"].get("allocation", {})
    rules = {name: rule["surplus"] for name, rule in allocation.get("by_type", {}).items() if "surplus" in rule}
    rules["default"] = allocation.get("surplus", "next_installment")
    for event in story["events"]:
        if event["type"] == "disbursement":
            break
        if event["type"] == "set_product_rule":
            rules[event["transaction_type"].casefold()] = event["future_instalment_rule"].casefold()
    return str(rules.get(kind, rules["default"]))


def surplus_rules(story: Story) -> list[str]:
    """The rules of the kinds of money that come in a story, each once: that of repayments first, then in their order."""
    kinds = sorted((event["type"] for event in story["events"] if event["type"] in MONEY), key="repayment".__ne__)
    return list(dict.fromkeys(surplus_of(story, kind) for kind in kinds))


def missing(story: Story) -> list[str]:
    """What the story needs and loancalc has no word for yet; empty if it can be run."""
    needs = [*_missing_events(story["events"]), *_missing_draws(story), *_missing_for_money(story)]
    return list(dict.fromkeys(needs))


def _missing_events(events: Sequence[Story]) -> Iterator[str]:
    for event in events:
        if event["type"] == "set_charge" and event["calc"] == "PERCENTAGE_INTEREST":
            yield "fee at disbursement of a share of all interest"


def _missing_draws(story: Story) -> Iterator[str]:
    days = [date_of(draw) for draw in draws_of(story)]
    if story["terms"].get("down_payment") and len(set(days)) < len(days):
        yield "down payments of several draws on one day"


def _missing_for_money(story: Story) -> Iterator[str]:
    """Terms that matter only where money came."""
    recalculation = story["terms"].get("interest_recalculation")
    if not any(event["type"] in {*MONEY, "payoff"} for event in story["events"]):
        return
    if len(surplus_rules(story)) > 1:
        yield "credits of the lender that go to other installments than payments do"
    if not recalculation:
        return
    if recalculation["on_prepayment"] == "reduce_instalment_amount":
        yield "early money that lowers the installment, principal before interest"
    if recalculation["compounding"] != "none":
        yield "interest on past-due interest of a daily loan"
