"""Ways to recover, looked at before they are taken: previews, books and schedules hold whatever the event does."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import LoanError

INTEREST = lc.LateInterest("1.5x", day_count="ACT/360", compound="interest")
LATE = (None, lc.LateTerms(interest=INTEREST), lc.LateTerms(interest=INTEREST, penalties=[lc.Penalty(amount=10)]))
OVERDUE = (
    "capitalize",
    "keep",
    {"principal": "capitalize", "interest": "next", "late_interest": "waive", "compound_interest": "waive", "penalty": "next"},
    {"principal": "keep", "interest": "spread", "late_interest": "next", "compound_interest": "waive", "penalty": "capitalize"},
)  # fmt: skip


@st.composite
def recoveries(draw: st.DrawFn, day: date) -> lc.Event:
    """A way to recover, agreed on a day."""
    count, overdue = draw(st.integers(1, 18)), draw(st.sampled_from(OVERDUE))
    soon = day + timedelta(draw(st.integers(10, 50)))
    interest = st.sampled_from(["next", "spread", "last", "capitalize", "waive"])
    kinds: list[st.SearchStrategy[lc.Event]] = [
        st.builds(lc.Deferral, st.just(day), st.integers(1, 3), interest=interest, term=st.sampled_from(["longer", "same"])),
        st.just(lc.Extension(day, count)),
        st.just(lc.Reamortization(day, overdue=overdue)),
        st.just(lc.Reaging(day, first_due=soon, installments=count, overdue=overdue)),
        st.just(lc.Restructuring(day, installments=count, rate="6%", overdue=overdue)),
        st.just(lc.Restructuring(day, installments=count + 1, first_due=soon, overdue=overdue, moratorium=lc.Moratorium(1, "paid"))),
    ]  # fmt: skip
    return draw(st.one_of(kinds))


@st.composite
def recovered(draw: st.DrawFn) -> tuple[lc.Account, lc.Event, date]:
    """An account, a way to recover, and a day on or after that of the agreement."""
    loan = lc.Loan(
        12_000,
        "12%",
        "2026-01-15",
        installments=12,
        late=draw(st.sampled_from(LATE)),
        accrual=draw(st.sampled_from(["scheduled", "daily"])),
    )
    paid = [
        lc.Payment(
            due + timedelta(draw(st.sampled_from([0, 0, 3, 20]))), draw(st.sampled_from(["1066.19", "500", "1500"]))
        )
        for due in loan.dates[1 : draw(st.integers(1, 12))]
        if draw(st.booleans())
    ]
    day = loan.start + timedelta(draw(st.integers(1, 300)))
    event = draw(recoveries(day))
    look = day + timedelta(draw(st.sampled_from([0, 0, 1, 20, 90, 200])))
    account = lc.Account(loan, paid)
    try:
        account.with_events(event).on_days([look, date(2029, 1, 1)])
    except LoanError:  # what can be agreed on is another test's matter
        assume(False)
    return account, event, look


@given(recovered())
def test_a_way_to_recover_is_previewed_as_it_will_be(case: tuple[lc.Account, lc.Event, date]) -> None:
    account, event, day = case
    preview, after = account.preview(event, day), account.with_events(event)
    assert preview.after.position == after.as_of(day)
    assert preview.before == account.outlook(day)
    assert preview.after.settled.principal >= after.as_of(day).outstanding_principal
    schedule, position = preview.after.schedule, preview.after.position
    assert schedule.total("owed").total == position.past_due.total + position.due.total
    for row in schedule:
        assert sum((line.amount for line in row.payments), Decimal(0)) == row.paid.total
        became = (row.paid, row.waived, row.written_off, row.moved, row.cut, row.owed)
        if row.due <= day:
            assert [*map(sum, zip(*(part.minor for part in became), strict=True))] == [
                *map(sum, zip(row.agreed.minor, row.charged.minor, strict=True))
            ]
            assert min(row.charged.minor) >= 0


@given(recovered())
def test_the_books_hold_whatever_way_is_taken(case: tuple[lc.Account, lc.Event, date]) -> None:
    account, event, day = case
    account = account.with_events(event)
    books, position = account.ledger(day), account.as_of(day)
    assert all(sum(amount for _, amount in entry.minor) == 0 for entry in books)
    assert (books.past_due, books.due) == (position.past_due, position.due)
    assert books.owed.principal == position.outstanding_principal
    assert books.balance("interest not due") == position.interest_to_date
    assert books.balance("waived") == position.waived.total
    received = sum((receipt.amount for receipt in account.receipts_as_of(day)), Decimal(0))
    assert books.balance("cash") == received - account.loan.principal
    moved = account.between(account.loan.start, day)
    assert moved["total"].capitalized == 0
    assert moved["total"].paid_out == 0


def test_two_months_put_off_beside_a_new_plan_over_two_years() -> None:
    """1534.07 principal and 115.28 interest and late interest are past due on 24 April; 0.45 on unpaid interest too."""
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=LATE[1], currency="CNY")
    account = lc.Account(loan, [lc.Payment("2026-02-15", "1066.19"), lc.Payment("2026-03-20", "500.00")])
    day = "2026-04-24"
    overdue = {
        "principal": "capitalize", "interest": "capitalize", "late_interest": "capitalize", "compound_interest": "waive"
    }  # fmt: skip
    cure = lc.Payment(day, account.cure(day))
    ways = account.compare(
        {
            "do nothing about it": [],
            "pay the arrears": cure,
            "pay them, and put off two": [cure, lc.Deferral(day, 2, interest="next")],
            "a new plan over 24 months": lc.Restructuring(day, installments=24, rate="9%", overdue=overdue),
        },
        day,
    )
    put_off, new = ways["pay them, and put off two"], ways["a new plan over 24 months"]
    # the two installments put off bear 9132.95 x 1% each: twice 91.33, and the third asks for its own 91.33 too
    assert put_off.to_pay == ways["pay the arrears"].to_pay + 2 * Decimal("91.33")
    assert put_off.next_payment == (date(2026, 7, 15), Decimal("1066.19") + 2 * Decimal("91.33"))
    assert put_off.last_due == date(2027, 3, 15)
    # 10667.02 outstanding and 115.28 capitalized: 21/30 of a month of it at 0.75% are 56.61, after 27.40 to the day
    assert new.position.outstanding_principal == Decimal("10782.30")
    assert new.position.days_past_due == 0
    assert new.schedule.to_come[0].agreed.interest == Decimal("84.01")
    assert len(new.schedule.to_come) == 24
    assert new.to_pay == new.settled.total == sum((row.agreed.total for row in new.schedule.to_come), Decimal(0))
    books = account.with_events(lc.Restructuring(day, installments=24, rate="9%", overdue=overdue)).between(
        "2026-04-23", day
    )
    assert books["principal"].capitalized == Decimal("115.28")
    assert books["compound_interest"].waived == Decimal("0.45")
