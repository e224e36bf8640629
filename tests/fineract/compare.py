"""The tables of a story beside ours: every row, every column, every total, to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import loancalc as lc

from .stories import Story, account_of

DUE_COLUMNS = (
    "date", "days", "balance", "principal_due", "interest_due", "fees_due", "penalties_due", "total_due",
)  # fmt: skip
PAID_COLUMNS = ("paid_date", "paid", "paid_in_advance", "paid_late", "waived", "outstanding")
SUMMED = (
    "principal_due", "interest_due", "fees_due", "penalties_due", "total_due", "paid", "paid_in_advance", "paid_late",
    "outstanding",
)  # fmt: skip
RECEIPT_COLUMNS = ("date", "amount", "principal", "interest", "fees", "penalties", "loan_balance")
RECEIPTS = "receipts"
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


def differences(story: Story, loan: lc.Loan | None = None) -> list[Difference]:
    """Every figure of the story that is not ours too; under other terms than its own if a loan is given."""
    found = [difference for table in _tables(story) for difference in _in_table(story, table, loan)]
    return [*found, *_in_receipts(story, loan), *_in_delinquency(story, loan)]


# The tables of installments


def _tables(story: Story) -> Iterator[Row]:
    """The tables that the story shows on its way, and the last one."""
    yield from story.get("checkpoints", ())
    if story["expected"]:
        yield {
            "after_event": len(story["events"]),
            "as_of": story["expected_as_of"],
            "rows": story["expected"],
            "totals": story["expected_totals"],
        }


def _in_table(story: Story, table: Row, loan: lc.Loan | None) -> Iterator[Difference]:
    account = account_of(story, table["after_event"], loan)
    ours = table_of(account, table["as_of"] or str(account.loan.start))
    name = f"after event {table['after_event']}"
    for theirs in table["rows"]:
        number = theirs["nr"] or 0
        if number in ours:
            yield from _unequal(name, f"row {number}", theirs, ours[number], (*DUE_COLUMNS, *PAID_COLUMNS))
    last = max(row["nr"] or 0 for row in table["rows"])
    if last != max(ours):
        yield Difference(name, "rows", "number", last, max(ours))
    sums = {column: sum(row[column] for row in ours.values()) for column in SUMMED}
    yield from _unequal(name, TOTALS, table["totals"] or {}, sums, SUMMED)


def _unequal(table: str, row: str, theirs: Row, ours: Row, columns: Iterable[str]) -> Iterator[Difference]:
    if "paid_in_advance" in theirs and row != TOTALS:
        theirs = {"paid_date": None} | theirs
    for column in columns:
        if column in theirs and not _same(theirs[column], ours[column]):
            yield Difference(table, row, column, theirs[column], ours[column])


def _same(theirs: Any, ours: Any) -> bool:
    return Decimal(theirs) == ours if isinstance(ours, Decimal | int) and theirs is not None else theirs == ours


def table_of(account: lc.Account, day: str) -> dict[int, Row]:
    """The installments as they stand on a day, in the columns of the stories; row 0 is the money paid out."""
    loan = account.loan
    agreed = _agreed(account, day)
    early, late = _paid_off_date(account, day)
    balance, since, outs = loan.principal, loan.start, _paid_out(account, day)
    nothing: Row = dict.fromkeys((*SUMMED, "waived"), NOTHING)
    rows: dict[int, Row] = {0: nothing | {"date": str(since), "days": None, "balance": balance, "paid_date": None}}
    for item in account.as_of(day).installments:
        parts = agreed[item.number]
        while outs and outs[0].on <= item.due:
            balance += outs.pop(0).amount
        balance -= parts.principal
        is_due = item.due <= date.fromisoformat(day)
        rows[item.number] = {
            "date": str(item.due),
            "days": (item.due - since).days,
            "balance": balance,
            "principal_due": parts.principal,
            "interest_due": parts.interest,
            "fees_due": parts.fee,
            "penalties_due": parts.penalty,
            "total_due": parts.total,
            "paid_date": item.settled_on and str(item.settled_on),
            "paid": item.paid.total,
            "paid_in_advance": early.get(item.number, NOTHING),
            "paid_late": late.get(item.number, NOTHING),
            "waived": item.waived.total,
            "outstanding": item.owed.total if is_due else parts.total - item.paid.total,
        }
        since = item.due
    return rows


def _paid_out(account: lc.Account, day: str) -> list[lc.Tranche | lc.Draw]:
    """What is paid out after the start, by agreement and by the day."""
    drawn = [event for event in account.events if isinstance(event, lc.Draw) and str(event.on) <= day]
    return sorted([*account.loan.tranches, *drawn], key=lambda out: out.on)


def _agreed(account: lc.Account, day: str) -> dict[int, lc.Parts]:
    """What each installment is, if what is owed on the day is paid on it and the rest on time.

    The plan of a scheduled loan does not ask; on a daily loan the rest of the plan follows what was paid and when.
    """
    if account.loan.accrual == "daily":
        ahead = [str(item.due) for item in account.as_of(day).installments if str(item.due) > day]
        for due in [day, *ahead]:
            position = account.as_of(due)
            if owed := position.past_due.total + position.due.total:
                account = account.with_payment(due, owed)
        day = max([day, *ahead])
    return {item.number: item.agreed for item in account.as_of(day).installments}


def _paid_off_date(account: lc.Account, day: str) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """What was paid of each installment before its due date, and after it."""
    due = {item.number: item.due for item in account.as_of(day).installments}
    early: dict[int, Decimal] = {}
    late: dict[int, Decimal] = {}
    for receipt in account.receipts_as_of(day):
        for line in receipt.lines:
            if line.on != due[line.installment]:
                sums = early if line.on < due[line.installment] else late
                sums[line.installment] = sums.get(line.installment, NOTHING) + line.amount
    return early, late


# What each payment paid, and how long the loan was late


def _in_receipts(story: Story, loan: lc.Loan | None) -> Iterator[Difference]:
    if "expected_transactions" not in story:
        return
    theirs = [
        paid for paid in story["expected_transactions"] if paid["type"] == "Repayment" and not paid.get("reverted")
    ]
    ours = _receipt_rows(account_of(story, loan=loan))
    if len(theirs) != len(ours):
        yield Difference(RECEIPTS, "payments", "number", len(theirs), len(ours))
    for number, (their, our) in enumerate(zip(theirs, ours, strict=False), 1):
        yield from _unequal(RECEIPTS, f"payment {number}", their, our, RECEIPT_COLUMNS)


def _receipt_rows(account: lc.Account) -> list[Row]:
    balance, rows, outs = account.loan.principal, [], _paid_out(account, "9999-12-31")
    for receipt in account.receipts:
        parts = receipt.parts
        while outs and outs[0].on <= receipt.on:
            balance += outs.pop(0).amount
        balance -= parts.principal
        rows.append(
            {
                "date": str(receipt.on),
                "amount": receipt.amount,
                "principal": parts.principal,
                "interest": parts.interest + parts.late_interest + parts.compound_interest,
                "fees": parts.fee,
                "penalties": parts.penalty,
                "loan_balance": balance,
            }
        )
    return rows


def _in_delinquency(story: Story, loan: lc.Loan | None) -> Iterator[Difference]:
    for theirs in story.get("expected_delinquency", ()):
        position = account_of(story, theirs["after_event"], loan).as_of(theirs["as_of"])
        ours = {
            "past_due_days": position.days_past_due,
            "delinquent_days": position.delinquent_days,
            "delinquent_amount": position.past_due.total,
        }
        yield from _unequal(f"after event {theirs['after_event']}", "delinquency", theirs, ours, ours)
