"""What money does in that system: what it settles first, and what becomes due when it goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import loancalc as lc

from .compare import NOTHING, Row, Telling, Told, table_of, tell
from .happenings import account_of
from .reasons_of_plans import going_on, overdue_interest_within_the_payment
from .retelling import (
    CENT,
    Rows,
    asks,
    day_of,
    place_of,
    retold,
    rounded,
    types_of,
    with_balances,
    with_events,
    without,
)
from .stories import MONEY, Story, surplus_rules
from .terms import is_daily, loan_of


def interest_on_a_refund_given_back(story: Story) -> Telling | None:
    """With what a merchant takes back, the contract interest on it since the pay-out is given back."""
    if "merchant_issued_refund" not in types_of(story):
        return None
    loan = loan_of(story)

    def add(event: Story) -> list[Story]:
        if event["type"] == "merchant_issued_refund":
            back = {**event, "type": "interest_refund", "amount": _interest_on(loan, event)}
            return [event, back]
        if event["type"] == "reverse":
            return [event, {**event, "of": MONEY["interest_refund"]}]
        return [event]

    return tell(with_events(story, add))


def _interest_on(loan: lc.Loan, refund: Story) -> str:
    share = lc.year_fraction(str(loan.day_count), str(loan.start), refund["date"])
    return str(rounded(Fraction(refund["amount"]) * loan.rate.yearly * share))


def due_once_more_when_charged_back(story: Story) -> Telling | None:
    """What was charged back stays paid, and is due once more in the period of its day; on daily loans it bears interest
    from that day, and the payments stay.
    """
    return _charged_back(story, tell)


def due_once_more_after_re_aging(story: Story) -> Telling | None:
    """The same, on the plan of a re-aging whose overdue interest is within the first payment."""
    return _charged_back(story, overdue_interest_within_the_payment)


def _charged_back(story: Story, told_by: Callable[[Story], Telling | None]) -> Telling | None:
    place = place_of(story, "chargeback")
    telling = told_by(without(story, "chargeback")) if place else None
    if telling is None:
        return None
    event, day = story["events"][place - 1], day_of(story, place)
    principal, interest = _split(story, account_of(story, place - 1).receipts[int(event["of_payment_nr"]) - 1], event)

    def change(told: Told) -> Rows:
        rows = told.rows
        number = min(number for number, row in rows.items() if row["date"] > day)
        if not is_daily(story):
            return rows | {number: _more(rows[number], principal, interest)}
        level = rows[number]["total_due"]
        rows = going_on(story, rows, number, rows[number - 1]["balance"] + principal, payment=level)
        balance = rows[number]["balance"] - principal
        rows |= {number: _more(rows[number], principal, interest) | {"balance": balance}}
        return going_on(story, rows, number + 1, balance, payment=level)

    return retold(telling, change, after_event=place)


def _more(row: Row, principal: Decimal, interest: Decimal) -> Row:
    return asks(row, row["principal_due"] + principal, row["interest_due"] + interest)


def _split(story: Story, receipt: lc.Receipt, event: Story) -> tuple[Decimal, Decimal]:
    """What of an amount is due again as principal, and what as interest, where the product says interest comes first."""
    amount = Decimal(event["amount"])
    first = story["terms"].get("credit_allocation", {}).get("order", ["PRINCIPAL"])[0]
    interest = min(amount, receipt.parts.interest) if first == "INTEREST" else NOTHING
    return amount - interest, interest


def reached_rows_ask_for_no_more_interest(story: Story) -> Telling | None:
    """A row that money in advance has reached asks for no interest of later days: it waits for the first row that no money
    has reached, rounded period by period.
    """
    if not is_daily(story) or not surplus_rules(story):
        return None

    def change(told: Told) -> Rows:
        reached = [n for n, row in told.rows.items() if row["outstanding"] and row["paid_in_advance"]]
        if not reached:
            return told.rows
        account = account_of(story, told.after_event)
        return _interest_waits(account, told.rows, reached[0])

    return retold(tell(story), change)


def _interest_waits(account: lc.Account, rows: Rows, reached: int) -> Rows:
    """The rows from the one that is reached on, where interest since the last payment waits for the ones after it."""
    paid = account.receipts[-1]
    balance, waiting, day = account.as_of(paid.on).outstanding_principal, NOTHING, paid.on
    settled = sum(
        (line.amount for line in paid.lines if (line.installment, line.component) == (reached, "interest")), NOTHING
    )
    rate, level = _rate_on(account, paid.on), rows[reached]["total_due"]
    for number, row in sorted(rows.items()):
        due = date.fromisoformat(row["date"])
        if due <= day:
            continue
        share = Fraction((due - day).days, row["days"])
        waiting, day = waiting + rounded(Fraction(balance) * rate / 12 * share), due
        if number < reached:
            continue
        interest = settled if number == reached else min(level, waiting)
        waiting -= NOTHING if number == reached else interest
        early = row["paid"]
        principal = level - interest if number != max(rows) else balance + early
        balance -= principal - (early - settled if number == reached else NOTHING)
        rows = rows | {number: asks(row, principal, interest)}
    return with_balances(rows, account.loan.principal)


def _rate_on(account: lc.Account, day: date) -> Fraction:
    """The yearly rate in force on a day."""
    rates = [event.rate for event in account.events if isinstance(event, lc.RateChange) and event.on <= day]
    return [account.loan.rate, *rates][-1].yearly


def last_row_takes_a_level_payment(story: Story) -> Telling | None:
    """Money for the last installments covers the last one with a whole level payment, though it would ask for less."""
    if "last_installment" not in surplus_rules(story):
        return None

    def change(told: Told) -> Rows:
        rows, last = told.rows, max(told.rows)
        level = max(row["total_due"] for row in rows.values())
        more = min(level - rows[last]["paid"], rows.get(last - 1, rows[last])["paid_in_advance"])
        if not rows[last]["paid_in_advance"] or rows[last]["outstanding"] or more <= 0:
            return rows
        for number, shift in ((last - 1, -more), (last, more)):
            row = rows[number]
            paid = {column: row[column] + shift for column in ("paid", "paid_in_advance")}
            rows = rows | {number: asks(row | paid, row["principal_due"] + shift, row["interest_due"])}
        return with_balances(rows, account_of(story, told.after_event).loan.principal)

    return retold(tell(story), change)


def draw_solved_as_if_no_money_had_come(story: Story) -> Telling | None:
    """The payments after a draw are those of the plan to which no money had come early; the last one is smaller for it.

    Of the one story that shows it a cent of the payment stays open: 180.64 levels that plan, solved again or smoothed.
    """
    place = place_of(story, "disbursement")
    paid_before = [event for event in story["events"][:place] if event["type"] in MONEY]
    if not paid_before or not is_daily(story):
        return None
    plan = account_of(without(story, paid_before[0]["type"]))

    def change(told: Told) -> Rows:
        rows, first = told.rows, min(n for n, row in told.rows.items() if row["outstanding"])
        level = table_of(plan, told.as_of)[first]["total_due"] - CENT
        lent = sum((out["balance"] for out in told.outs), NOTHING)
        rows |= {first: asks(rows[first], level - rows[first]["interest_due"], rows[first]["interest_due"])}
        balance = lent - rows[first]["principal_due"]
        later = rows[first + 1]["paid"]
        rows |= {first: rows[first] | {"balance": balance, "paid_date": None}}
        rows = going_on(story, rows, first + 1, balance - later, payment=level - later)
        ahead = rows[first + 1]
        rows |= {first + 1: asks(ahead, ahead["principal_due"] + later, ahead["interest_due"])}
        return going_on(story, rows, first + 2, ahead["balance"], payment=level)

    return retold(tell(story), change, after_event=place)


def interest_of_later_periods_written_off(story: Story) -> Telling | None:
    """All rows stay as planned, and a write-off settles them, the interest of later periods too."""
    place = place_of(story, "write_off")
    if not place:
        return None
    day = story["events"][place - 1]["date"]

    def change(told: Told) -> Rows:
        return {number: _settled(row, day) for number, row in told.rows.items()}

    return retold(tell(without(story, "write_off")), change, after_event=place)


def _settled(row: Row, day: str) -> Row:
    return row | {"outstanding": NOTHING, "paid_date": row["paid_date"] or day}
