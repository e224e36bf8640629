"""What that system shows otherwise: when a table is taken, and on which row a figure stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import loancalc as lc

from .compare import MONEY_COLUMNS, NOTHING, Row, Telling, Told, tell
from .happenings import account_of
from .retelling import Rows, asks, place_of, retold, types_of
from .stories import Story
from .terms import loan_of

QUIET = ("as_of", "end_of_day")


def taken_before_the_last_event(story: Story) -> Telling | None:
    """Without the last thing that happened."""
    last = max((n for n, event in enumerate(story["events"]) if event["type"] not in QUIET), default=0)
    if not last:
        return None
    kept = [event if n != last else {"type": "end_of_day"} for n, event in enumerate(story["events"])]
    return tell({**story, "events": kept})


def called_with_what_is_due(story: Story) -> Telling | None:
    """What is called on a due date joins the row that is due on it."""
    if "terminate_contract" not in types_of(story):
        return None

    def change(told: Told) -> Rows:
        *_, due, called = (told.rows[number] for number in sorted(told.rows))
        joined = {column: due[column] + called[column] for column in MONEY_COLUMNS}
        return {number: row for number, row in told.rows.items() if row is not called} | {
            len(told.rows) - 1: due | joined | {"balance": called["balance"]}
        }

    return retold(tell(story), change, after_event=place_of(story, "terminate_contract"))


def row_of_a_charge_after_the_end(story: Story) -> Telling | None:
    """A charge of a day after the last due date has a row of its own, and nothing accrues after that due date."""
    number = place_of(story, "charge")
    if not number:
        return None
    charge = story["events"][number - 1]

    def change(told: Told) -> Rows:
        last = max(told.rows)
        made = next(event for event in account_of(story, told.after_event).events if isinstance(event, lc.Charge))
        if charge["date"] <= told.rows[last]["date"]:
            return told.rows
        waived = told.rows[last]["waived"]
        column = "fees_due" if made.component == "fee" else "penalties_due"
        own = _row(told.rows[last], charge["date"], {column: made.amount, "waived": waived})
        rest = {"waived": NOTHING, column: told.rows[last][column] - made.amount}
        left = told.rows[last] | rest
        return told.rows | {last: asks(left, left["principal_due"], left["interest_due"]), last + 1: own}

    return retold(tell(story), change, after_event=number)


def _row(before: Row, day: str, amounts: Row) -> Row:
    """A row that comes after another and asks for no principal and no interest; settled on its day if all is waived."""
    row = before | dict.fromkeys(MONEY_COLUMNS, NOTHING) | amounts
    days = (date.fromisoformat(day) - date.fromisoformat(before["date"])).days
    row = asks(row, NOTHING, NOTHING, balance=NOTHING, date=day, days=days)
    return row | {"paid_date": None if row["outstanding"] else day}


def split_at_31_december(story: Story) -> Telling | None:
    """The same story a day later, where 31 December has become 1 January; its dates are shown a day earlier."""
    if loan_of(story).day_count != lc.DayCount.ACT_ACT_ISDA:
        return None
    later = {**story, "terms": _moved(story["terms"]), "events": [_moved(event) for event in story["events"]]}
    later["checkpoints"] = [_moved(table) for table in story["checkpoints"]]
    telling = tell(later)

    def back(row: Row) -> Row:
        return row | {name: _day(row[name], -1) for name in ("date", "paid_date") if row[name]}

    tables = [
        told._replace(outs=[*map(back, told.outs)], rows={number: back(row) for number, row in told.rows.items()})
        for told in telling.tables
    ]
    return telling._replace(tables=tables, receipts=_back(telling.receipts))


def _back(receipts: Iterable[Row]) -> list[Row]:
    return [receipt | {"date": _day(receipt["date"], -1)} for receipt in receipts]


def _moved(values: Story) -> Story:
    return {
        name: _day(value, 1) if name in ("date", "as_of", "submitted_on") else value for name, value in values.items()
    }


def _day(day: str | None, by: int) -> str | None:
    return day and str(date.fromisoformat(day) + timedelta(days=by))
