"""How that system solves a plan, and what becomes of it when it is made anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import loancalc as lc

from .compare import NOTHING, Row, Telling, Told, table_of, tell
from .happenings import account_of
from .retelling import (
    CENT,
    Rows,
    asks,
    continued,
    day_of,
    equal_parts,
    from_row,
    place_of,
    retold,
    rounded,
    types_of,
    with_balances,
)
from .stories import MONEY, Story
from .terms import loan_of, terms_of

HALF_EVEN = lc.Rounding(mode="half-even")


def _step(story: Story) -> Decimal:
    """The step to which payments are rounded."""
    return Decimal(story["terms"].get("instalment_multiple") or CENT)


def going_on(story: Story, rows: Rows, first: int, balance: Decimal, **others: Any) -> Rows:
    """The rows from one on, as those of a loan of their own on the terms of the story."""
    terms = terms_of(story)
    same = {name: terms[name] for name in ("rate", "day_count", "rounding")}
    every = f"{story['terms']['repay_every']} {story['terms']['frequency']}"
    return continued(rows, first, balance, **(same | {"start": rows[first - 1]["date"], "every": every} | others))


# Solving


def last_installment_smoothed(story: Story) -> Telling | None:
    """The level payment is solved again until the last one is nearest to it."""
    if loan_of(story).method != "annuity" or not _yearly(story):
        return None
    return tell(story, rounding=lc.Rounding(mode="half-even", residue="smooth"))


def smoothed_after_a_new_rate(story: Story) -> Telling | None:
    """The payment after a new rate takes its share of what the last one is off, and the rows follow from it."""
    place = place_of(story, "reschedule")
    if not place or "newInterestRate" not in story["events"][place - 1]:
        return None
    rate = f"{story['events'][place - 1]['newInterestRate']}%"

    def change(told: Told) -> Rows:
        rows = told.rows
        first = next(number for number, row in sorted(rows.items()) if row["outstanding"])
        numbers, level = from_row(rows, first), rows[first]["total_due"]
        off = rows[numbers[-1]]["total_due"] - level
        if abs(off) <= CENT * (len(numbers) // 2):
            return rows
        payment = level + rounded(Fraction(off) / len(numbers))
        row = rows[first]
        principal = payment - row["interest_due"]
        rows |= {first: asks(row, principal, row["interest_due"], balance=rows[first - 1]["balance"] - principal)}
        return going_on(story, rows, first + 1, rows[first]["balance"], rate=rate, payment=payment)

    return retold(tell(story), change, after_event=place)


def past_due_principal_spared(story: Story) -> Telling | None:
    """Past-due principal bears a late rate of nothing in the place of the contract rate."""
    late = lc.LateTerms(interest=lc.LateInterest(rate="0%", day_count="ACT/365F"), grace=loan_of(story).late.grace)
    return tell(story, late=late) if story["terms"].get("interest_recalculation") else None


def past_due_principal_to_date(story: Story) -> Telling | None:
    """Where interest is reckoned anew on due dates, past-due principal bears the nights up to the day of the table."""
    return tell(story, rests="daily") if terms_of(story)["rests"] != "daily" else None


def penalties_that_nobody_stated(story: Story) -> Telling | None:
    """Nothing is paid, and each installment past due bears a penalty of 1.5 % of its principal, once."""
    if types_of(story) - {"as_of", "disbursement", "end_of_day"}:
        return None

    def change(told: Told) -> Rows:
        return {number: _fined(row) if row["date"] < told.as_of else row for number, row in told.rows.items()}

    return retold(tell(story), change)


def _fined(row: Row) -> Row:
    penalty = rounded(Fraction(row["principal_due"]) * 15 / 1000)
    return asks(row, row["principal_due"], row["interest_due"], penalties_due=row["penalties_due"] + penalty)


# Re-amortization


def overdue_shared_out(story: Story) -> Telling | None:
    """What is overdue is shared out over the installments to come, each share rounded, the last taking the rest; on a later
    day that plan is gone again, though no event takes it back.
    """
    place = place_of(story, "reamortise")
    if not place:
        return None
    day = day_of(story, place)

    def change(told: Told) -> Rows:
        before = table_of(account_of(story, place - 1), told.as_of)
        if told.as_of > day:
            return before
        overdue = sum((row["outstanding"] for row in before.values() if row["date"] < day), NOTHING)
        ahead = [number for number, row in sorted(before.items()) if row["date"] >= day]
        parts = dict(zip(ahead, equal_parts(overdue, len(ahead), _step(story)), strict=True))
        rows = {
            number: asks(row, before[number]["principal_due"] + parts[number], NOTHING) if number in parts else row
            for number, row in told.rows.items()
        }
        return with_balances(rows, Decimal(story["terms"]["principal"]))

    return retold(tell(story), change, after_event=place)


# Re-aging


def overdue_interest_within_the_payment(story: Story) -> Telling | None:
    """The payment is solved on what is outstanding with the overdue interest, which is within the first of the payments."""
    place = place_of(story, "reage")
    if not place or not _yearly(story):
        return None
    day, start = day_of(story, place), story["events"][place - 1]["startDate"]

    def change(told: Told) -> Rows:
        rows = told.rows
        first = min(number for number, row in rows.items() if row["date"] >= start)
        row, balance = rows[first], rows[first - 1]["balance"]
        before = table_of(account_of(story, place - 1), day).values()
        overdue = [late["interest_due"] for late in before if late["date"] < day and late["outstanding"]]
        payment = going_on(story, rows, first, balance + sum(overdue, NOTHING))[first]["total_due"]
        principal = payment - row["interest_due"]
        rows |= {first: asks(row, principal, row["interest_due"], balance=balance - principal)}
        return going_on(story, rows, first + 1, balance - principal, payment=payment)

    return retold(tell(story), change, after_event=place)


def re_aged_after_the_payment_of_the_day(story: Story) -> Telling | None:
    """A payment of the day of the re-aging comes before it. What it paid stands with the new row of the number that it was
    for, and nowhere if there is none.
    """
    place = place_of(story, "reage")
    paid = [event for event in story["events"] if event["type"] in MONEY]
    if not place or not paid or _yearly(story):
        return None

    def change(told: Told) -> Rows:
        before, lent = table_of(account_of(story, place - 1), told.as_of), Decimal(story["terms"]["principal"])
        left = lent - sum((row["paid"] for row in before.values()), NOTHING)
        parts = dict(zip(sorted(told.rows), equal_parts(left, len(told.rows), _step(story)), strict=True))
        rows = {}
        for number, row in told.rows.items():
            kept = {column: before[number][column] for column in ("paid", "paid_in_advance")}
            rows[number] = asks(row | kept, parts[number] + before[number]["paid"], NOTHING, paid_date=None)
        return with_balances(rows, lent)

    return retold(tell(story), change, after_event=place)


def charges_move_to_the_row_of_their_day(story: Story) -> Telling | None:
    """A charge belongs to the row of a new plan into which its day falls; rows that are gone were settled on the first due date."""
    place, charged = place_of(story, "reage"), place_of(story, "charge")
    if not place or not charged:
        return None
    charge, start = story["events"][charged - 1], story["events"][place - 1]["startDate"]

    def change(told: Told) -> Rows:
        rows = {
            number: row | {"paid_date": start} if row["date"] < start and not row["paid"] else row
            for number, row in told.rows.items()
        }
        own = min(number for number, row in rows.items() if row["date"] >= charge["date"])
        amount = Decimal(charge["amount"])
        held = next(number for number, row in rows.items() if row["fees_due"])
        for number, more in ((held, -amount), (own, amount)):
            row = rows[number]
            rows[number] = asks(row, row["principal_due"], row["interest_due"], fees_due=row["fees_due"] + more)
        return rows

    return retold(tell(story), change, after_event=place)


# Rescheduling


def dates_move_with_their_payments(story: Story) -> Telling | None:
    """Due dates move and their payments stay; the first period is measured by the periods there were."""
    place = place_of(story, "reschedule")
    if not place or "adjustedDueDate" not in story["events"][place - 1]:
        return None
    moved = story["events"][place - 1]["adjustedDueDate"]

    def change(told: Told) -> Rows:
        rows, plan = told.rows, account_of(story, place - 1).loan.schedule()
        first = min(number for number, row in rows.items() if row["date"] == moved)
        planned, following = plan[first - 1].due, plan[first].due
        periods = 1 + Fraction((date.fromisoformat(moved) - planned).days, (following - planned).days)
        lent = plan[first - 1].balance + plan[first - 1].principal
        interest = rounded(Fraction(lent) * _yearly(story) / 12 * periods)
        principal = plan[first - 1].total - interest
        rows |= {first: asks(rows[first], principal, interest, balance=lent - principal)}
        return going_on(story, rows, first + 1, lent - principal, payment=plan[first].total)

    return retold(tell(story), change, after_event=place)


def longer_term_on_too_little(story: Story) -> Telling | None:
    """The payment of a longer term is solved on what is outstanding less the down payment once more; the last one takes the rest."""
    place, down = place_of(story, "reschedule"), loan_of(story).down_payment
    if not place or "extraTerms" not in story["events"][place - 1] or not down:
        return None

    def change(told: Told) -> Rows:
        paid_back = told.rows[1]["principal_due"]
        outstanding = told.rows[1]["balance"]
        payment = going_on(story, told.rows, 2, outstanding - paid_back)[2]["total_due"]
        return going_on(story, told.rows, 2, outstanding, payment=payment)

    return retold(tell(story), change, after_event=place)


def interest_put_off_and_not_principal(story: Story) -> Telling | None:
    """The interest of some installments joins that of the one after them; their principal is due as it was."""
    place = place_of(story, "reschedule")
    if not place or "graceOnInterest" not in story["events"][place - 1]:
        return None
    put_off = story["events"][place - 1]

    def change(told: Told) -> Rows:
        rows = table_of(account_of(story, place - 1), told.as_of)
        first = min(number for number, row in rows.items() if row["date"] >= put_off["rescheduleFromDate"])
        waiting = range(first, first + int(put_off["graceOnInterest"]))
        interest = sum((rows[number]["interest_due"] for number in waiting), rows[waiting.stop]["interest_due"])
        rows |= {number: asks(rows[number], rows[number]["principal_due"], NOTHING) for number in waiting}
        return rows | {waiting.stop: asks(rows[waiting.stop], rows[waiting.stop]["principal_due"], interest)}

    return retold(tell(story), change, after_event=place)


def _yearly(story: Story) -> Fraction:
    return Fraction(story["terms"]["annual_rate_percent"]) / 100
