"""Telling a story by another rule than ours: the same account, with its tables changed as that rule would change them.

What is told this way rests on terms and events alone. It never sees a figure that a story shows, so that a rule which
tells all of them is proven by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import loancalc as lc

from .compare import Row, Telling, Told
from .stories import Story

CENT = Decimal("0.01")

Rows = dict[int, Row]


def types_of(story: Story) -> set[str]:
    """The kinds of its events."""
    return {event["type"] for event in story["events"]}


def place_of(story: Story, kind: str) -> int:
    """After how many events the last of a kind had happened; 0 if there is none."""
    return max((n for n, event in enumerate(story["events"], 1) if event["type"] == kind), default=0)


def day_of(story: Story, after_event: int) -> str:
    """The day on which the system was after so many events."""
    return str(max(event["date"] for event in story["events"][:after_event] if event["type"] == "as_of"))


def with_events(story: Story, change: Callable[[Story], list[Story]]) -> Story:
    """The story with each event as something else: itself, another, several, none; its tables keep their place."""
    changed = [change(event) for event in story["events"]]
    after = [sum(map(len, changed[:number])) for number in range(len(changed) + 1)]

    def moved(tables: Iterable[Row]) -> list[Row]:
        return [{**table, "after_event": after[table["after_event"]]} for table in tables]

    return {
        **story,
        "events": [event for events in changed for event in events],
        "checkpoints": moved(story["checkpoints"]),
        "expected_delinquency": moved(story["expected_delinquency"]),
    }


def without(story: Story, kind: str) -> Story:
    """The story as if events of a kind had never happened; the others keep their numbers."""
    return {
        **story,
        "events": [event if event["type"] != kind else {"type": "end_of_day"} for event in story["events"]],
    }


def retold(telling: Telling, change: Callable[[Told], Rows], *, after_event: int = 0) -> Telling:
    """The same with the rows of each table as `change` makes them, from the table after an event on."""
    tables = [told if told.after_event < after_event else told._replace(rows=change(told)) for told in telling.tables]
    return telling._replace(tables=tables)


def asks(row: Row, principal: Decimal, interest: Decimal, **others: Any) -> Row:
    """A row that asks for other amounts, of which as much is paid and let go as before."""
    row = row | {"principal_due": principal, "interest_due": interest} | others
    total = principal + interest + row["fees_due"] + row["penalties_due"]
    return row | {"total_due": total, "outstanding": total - row["paid"] - row["waived"]}


def with_balances(rows: Rows, lent: Decimal) -> Rows:
    """The rows with balances that follow from their principal, all of it lent before the first of them."""
    told: Rows = {}
    for number, row in sorted(rows.items()):
        lent -= row["principal_due"]
        told[number] = row | {"balance": lent}
    return told


def from_row(rows: Rows, first: int) -> list[int]:
    """The numbers of the rows from one on."""
    return [number for number in sorted(rows) if number >= first]


def continued(rows: Rows, first: int, principal: Decimal, **terms: Any) -> Rows:
    """The rows from one on as those of a loan of their own: what is outstanding before them, paid over their periods."""
    numbers = from_row(rows, first)
    plan = lc.Loan(principal, installments=len(numbers), **terms).schedule()
    planned = {
        number: asks(rows[number], row.principal, row.interest, balance=row.balance)
        for number, row in zip(numbers, plan, strict=True)
    }
    return rows | planned


def equal_parts(amount: Decimal, count: int, step: Decimal = CENT) -> list[Decimal]:
    """An amount in parts that are rounded half-even to a step; the last takes the rest."""
    part = rounded(Fraction(amount) / count, step)
    return [*[part] * (count - 1), amount - part * (count - 1)]


def rounded(exact: Fraction, step: Decimal = CENT) -> Decimal:
    """Half-even, to a step."""
    steps = Decimal(round(exact / Fraction(step)))
    return steps * step
