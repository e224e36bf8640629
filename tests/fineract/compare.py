"""The tables of a story beside ours: every row, every column, every total, to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import loancalc as lc

from .happenings import account_of
from .stories import MONEY, Story

DUE_COLUMNS = (
    "date", "days", "balance", "principal_due", "interest_due", "fees_due", "penalties_due", "total_due",
)  # fmt: skip
PAID_COLUMNS = ("paid_date", "paid", "paid_in_advance", "paid_late", "waived", "outstanding")
ALL_COLUMNS = (*DUE_COLUMNS, *PAID_COLUMNS)
SUMMED = (
    "principal_due", "interest_due", "fees_due", "penalties_due", "total_due", "paid", "paid_in_advance", "paid_late",
    "outstanding",
)  # fmt: skip
MONEY_COLUMNS = (*SUMMED, "waived")
RECEIPT_COLUMNS = ("date", "amount", "principal", "interest", "fees", "penalties", "loan_balance")
RECEIPTS = "receipts"
SETTLING = {*MONEY.values(), "Down Payment"}
TOTALS = "totals"

Row = dict[str, Any]
NOTHING = Decimal(0)


class Difference(NamedTuple):
    """A figure that is not the same."""

    table: str
    row: str
    column: str
    theirs: Any
    ours: Any

    @property
    def is_of_the_plan(self) -> bool:
        """Whether what is due differs, not only what was paid of it."""
        return self.table != RECEIPTS and self.column not in PAID_COLUMNS

    def __str__(self) -> str:
        return f"{self.table}, {self.row}, {self.column}: {self.theirs} there, {self.ours} here"


class Told(NamedTuple):
    """A table of a story, told by us.

    Attributes:
        after_event: How many events of the story had happened.
        as_of: The day.
        outs: What was paid out.
        rows: The installments by their numbers.
    """

    after_event: int
    as_of: str
    outs: list[Row]
    rows: dict[int, Row]


class Telling(NamedTuple):
    """All that a story shows, told by us: its tables in their order, its receipts, and how late the loan was.

    It rests on the terms and the events of the story, and on no figure that the story shows.
    """

    tables: list[Told]
    receipts: list[Row]
    delinquency: list[Row]


def differences(story: Story) -> list[Difference]:
    """Every figure of the story that is not ours too."""
    return compared(story, tell(story))


def compared(story: Story, telling: Telling) -> list[Difference]:
    """Every figure of the story that is told otherwise."""
    found = [
        item for table, told in zip(tables_of(story), telling.tables, strict=True) for item in in_table(table, told)
    ]
    return [*found, *_in_receipts(story, telling.receipts), *_in_delinquency(story, telling.delinquency)]


def tell(story: Story, **other_terms: Any) -> Telling:
    """The story by our own account of it; on other terms than its own if some are given."""
    return Telling(
        [_told(story, table, other_terms) for table in tables_of(story)],
        _receipt_rows(account_of(story, **other_terms)),
        [_lateness(story, asked, other_terms) for asked in story.get("expected_delinquency", ())],
    )


def blind(story: Story) -> Story:
    """The story without a figure that it shows: its terms, its events, and when its tables were taken."""
    tables = [{"after_event": t["after_event"], "as_of": t["as_of"], "rows": []} for t in tables_of(story)]
    asked = [{"after_event": a["after_event"], "as_of": a["as_of"]} for a in story.get("expected_delinquency", ())]
    kept = {name: story[name] for name in ("id", "kind", "terms", "events")}
    return {**kept, "checkpoints": tables, "expected": [], "expected_delinquency": asked}


# The tables of installments


def tables_of(story: Story) -> list[Row]:
    """The tables that the story shows on its way, and the last one."""
    tables = [*story.get("checkpoints", ())]
    if story["expected"]:
        tables.append(
            {
                "after_event": _known_by(story, story["expected_as_of"]),
                "as_of": story["expected_as_of"],
                "rows": story["expected"],
                "totals": story["expected_totals"],
            }
        )
    return tables


def _known_by(story: Story, day: str | None) -> int:
    """How many events the system had done before it went beyond a day."""
    later = (n for n, event in enumerate(story["events"]) if day and event["type"] == "as_of" and event["date"] > day)
    return next(later, len(story["events"]))


def _told(story: Story, table: Row, other_terms: Row) -> Told:
    account = account_of(story, table["after_event"], **other_terms)
    day = table["as_of"] or str(account.loan.start)
    return Told(table["after_event"], day, paid_out_of(account, day), table_of(account, day))


def in_table(table: Row, told: Told) -> Iterator[Difference]:
    """Every figure of one table that is told otherwise."""
    name = f"after event {table['after_event']}"
    paid_out = [row for row in table["rows"] if not row["nr"]]
    if paid_out and len(paid_out) != len(told.outs):
        yield Difference(name, "pay-outs", "number", len(paid_out), len(told.outs))
    for number, (theirs, our) in enumerate(zip(paid_out, told.outs, strict=False), 1):
        yield from _unequal(name, f"pay-out {number}", theirs, our, ALL_COLUMNS)
    for theirs in table["rows"]:
        if theirs["nr"] in told.rows:
            yield from _unequal(name, f"row {theirs['nr']}", theirs, told.rows[theirs["nr"]], ALL_COLUMNS)
    last = max(row["nr"] or 0 for row in table["rows"])
    if last != max(told.rows):
        yield Difference(name, "rows", "number", last, max(told.rows))
    sums = {column: sum(row[column] for row in (*told.outs, *told.rows.values())) for column in SUMMED}
    yield from _unequal(name, TOTALS, table["totals"] or {}, sums, SUMMED)


def _unequal(table: str, row: str, theirs: Row, ours: Row, columns: Iterable[str]) -> Iterator[Difference]:
    if "paid_in_advance" in theirs and row != TOTALS:
        theirs = {"paid_date": None} | theirs
    for column in columns:
        if column in theirs and not _same(theirs[column], ours[column]):
            yield Difference(table, row, column, theirs[column], ours[column])


def _same(theirs: Any, ours: Any) -> bool:
    return Decimal(theirs) == ours if isinstance(ours, Decimal | int) and theirs is not None else theirs == ours


def paid_out_of(account: lc.Account, day: str) -> list[Row]:
    """What is paid out, by agreement and by the day, with the fee that is paid beside the first."""
    loan, nothing = account.loan, dict.fromkeys(MONEY_COLUMNS, NOTHING)
    first = nothing | {"date": str(loan.start), "days": None, "balance": loan.principal, "paid_date": None}
    fee = loan.schedule().charged_at_disbursement
    first |= {"fees_due": fee, "total_due": fee, "paid": fee}
    return [first, *(first | nothing | {"date": str(out.on), "balance": out.amount} for out in _later(account, day))]


def _later(account: lc.Account, day: str) -> list[lc.Tranche | lc.Draw]:
    """What is paid out after the start."""
    drawn = [event for event in account.events if isinstance(event, lc.Draw) and str(event.on) <= day]
    return sorted([*account.loan.tranches, *drawn], key=lambda out: out.on)


def table_of(account: lc.Account, day: str) -> dict[int, Row]:
    """The installments as they stand on a day, in the columns of the stories; down payments run over no days."""
    loan, today = account.loan, date.fromisoformat(day)
    states = {item.number: item for item in account.as_of(day).installments}
    charged = _charged(account)
    early, late = _paid_off_date(account, day)
    down_days = {loan.start, *(tranche.on for tranche in loan.tranches)} if loan.down_payment else set()
    balance, since, outs = loan.principal, loan.start, _later(account, day)
    rows: dict[int, Row] = {}
    for number, due, parts in _agreed(account, day):
        state, charges, is_down = states.get(number), charged.get(number, {}), due in down_days
        if state and state.state == "rescheduled":
            parts = state.paid
        down_days.discard(due)
        while outs and (outs[0].on < due or (is_down and outs[0].on == due)):
            balance += outs.pop(0).amount
        balance -= parts.principal
        fees, penalties = parts.fee + charges.get("fee", NOTHING), charges.get("penalty", NOTHING)
        total = parts.principal + parts.interest + fees + penalties
        let_go = state.waived.total + state.written_off.total if state else NOTHING
        paid = state.paid.total if state else NOTHING
        rows[number] = {
            "date": str(due),
            "days": 0 if is_down else (due - since).days,
            "balance": balance,
            "principal_due": parts.principal,
            "interest_due": parts.interest,
            "fees_due": fees,
            "penalties_due": penalties,
            "total_due": total,
            "paid_date": str(state.settled_on) if state and state.settled_on else None,
            "paid": paid,
            "paid_in_advance": early.get(number, NOTHING),
            "paid_late": late.get(number, NOTHING),
            "waived": state.waived.total if state else NOTHING,
            "outstanding": state.owed.total if state and due <= today else total - paid - let_go,
        }
        since = since if is_down else due
    return rows


def _agreed(account: lc.Account, day: str) -> list[tuple[int, date, lc.Parts]]:
    """What each installment is: of a scheduled loan with every change that is known; of a daily loan, whose plan follows
    what is paid and when, if what is owed on the day is paid on it and the rest on time.
    """
    last = max([day, *(str(event.on) for event in account.events)])
    if account.loan.accrual == "daily":
        ahead = [str(item.due) for item in account.as_of(day).installments if str(item.due) > day]
        for due in [day, *ahead]:
            position = account.as_of(due)
            if owed := position.past_due.total + position.due.total:
                account = account.with_payment(due, owed)
        last = max([day, *ahead])
    return [(item.number, item.due, item.agreed) for item in account.as_of(last).installments]


def _charged(account: lc.Account) -> dict[int, dict[str, Decimal]]:
    """What was charged by event, by installment and component."""
    sums: dict[int, dict[str, Decimal]] = {}
    for event in account.events:
        if isinstance(event, lc.Charge) and event.installment:
            row = sums.setdefault(event.installment, {})
            row[event.component] = row.get(event.component, NOTHING) + event.amount
    return sums


def _paid_off_date(account: lc.Account, day: str) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """What was paid of each installment before its due date, and after it."""
    due = {item.number: item.due for item in account.as_of(day).installments}
    early: dict[int, Decimal] = {}
    late: dict[int, Decimal] = {}
    for receipt in account.receipts_as_of(day):
        for line in receipt.lines:
            number = min(line.installment, max(due))  # what was paid of later ones that were called is with the last
            if line.on != due[number]:
                sums = early if line.on < due[number] else late
                sums[number] = sums.get(number, NOTHING) + line.amount
    return early, late


# What each payment paid, and how long the loan was late


def _in_receipts(story: Story, receipts: list[Row]) -> Iterator[Difference]:
    """Up to the last transaction that the story shows."""
    shown = story.get("expected_transactions", ())
    last = max((made["date"] for made in shown), default="")
    theirs = [made for made in shown if made["type"] in SETTLING and not made.get("reverted")]
    ours = [row for row in receipts if row["date"] <= last]
    if len(theirs) != len(ours):
        yield Difference(RECEIPTS, "payments", "number", len(theirs), len(ours))
    for number, (their, our) in enumerate(zip(theirs, ours, strict=False), 1):
        yield from _unequal(RECEIPTS, f"payment {number}", their, our, RECEIPT_COLUMNS)


def _receipt_rows(account: lc.Account) -> list[Row]:
    """What each payment settled, and the principal outstanding after it."""
    names = [event.id for event in account.events]
    rows = []
    for receipt in account.receipts:
        so_far = lc.Account(account.loan, _not_reversed(account, names.index(receipt.id)))
        parts = receipt.parts
        rows.append(
            {
                "date": str(receipt.on),
                "amount": receipt.amount,
                "principal": parts.principal,
                "interest": parts.interest + parts.late_interest + parts.compound_interest,
                "fees": parts.fee,
                "penalties": parts.penalty,
                "loan_balance": so_far.as_of(receipt.on).outstanding_principal,
            }
        )
    return rows


def _not_reversed(account: lc.Account, last: int) -> list[lc.Event]:
    """The events in their order up to one of them, but for reversals and what was reversed."""
    gone = {event.of for event in account.events if isinstance(event, lc.Reversal)}
    return [
        event for event in account.events[: last + 1] if event.id not in gone and not isinstance(event, lc.Reversal)
    ]


def _lateness(story: Story, asked: Row, other_terms: Row) -> Row:
    position = account_of(story, asked["after_event"], **other_terms).as_of(asked["as_of"])
    return {
        "past_due_days": position.days_past_due,
        "delinquent_days": position.delinquent_days,
        "delinquent_amount": position.past_due.total,
    }


def _in_delinquency(story: Story, lateness: list[Row]) -> Iterator[Difference]:
    for theirs, ours in zip(story.get("expected_delinquency", ()), lateness, strict=True):
        yield from _unequal(f"after event {theirs['after_event']}", "delinquency", theirs, ours, ours)
