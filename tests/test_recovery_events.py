"""Ways to recover, by worked figures: deferral, extension, re-amortization, re-aging, restructuring."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import loancalc as lc
from loancalc.errors import InvalidEvent, LoanError

START = date(2026, 1, 15)
LATE = lc.LateTerms(
    interest=lc.LateInterest(rate="18%", day_count="ACT/360", compound="interest"), penalties=[lc.Penalty(amount=20)]
)

# By hand: 12 000.00 at 1 % a month over 6 months is 2 070.58 a month. The first payment leaves 10 049.42; a month of
# interest on that is 100.4942 -> 100.49, two months put off 200.98.

PAID = [lc.Payment("2026-02-15", "2070.58")]


def totals(account: lc.Account, on: str = "2026-03-02") -> list[str]:
    return [str(row.agreed.total) for row in account.as_of(on).installments]


@pytest.mark.parametrize(
    ("interest", "rows"),
    [
        # the 14 of 28 nights before the agreement are not let go: 50.25
        ("waive", ["0.00", "0.00", "2120.83", "2070.58", "2070.58", "2070.58", "2070.58"]),
        ("next", ["0.00", "0.00", "2271.56", "2070.58", "2070.58", "2070.58", "2070.58"]),
        # 200.98 in five parts: 40.20, 40.20, 40.20, 40.19, 40.19
        ("spread", ["0.00", "0.00", "2110.78", "2110.78", "2110.78", "2110.77", "2110.77"]),
        ("last", ["0.00", "0.00", "2070.58", "2070.58", "2070.58", "2070.58", "2271.56"]),
        # 10 049.42 + 100.49 = 10 149.91; + 101.50 = 10 251.41, over five months at 1 %: 2 112.20
        ("capitalize", ["0.00", "0.00", "2112.20", "2112.20", "2112.20", "2112.20", "2112.19"]),
    ],
)
def test_two_installments_are_put_off(interest: str, rows: list[str]) -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    account = lc.Account(loan, [*PAID, lc.Deferral("2026-03-01", 2, interest=interest)])
    assert totals(account) == ["2070.58", *rows]
    assert account.as_of("2026-03-02").next_due == (date(2026, 5, 15), Decimal(rows[2]))
    assert account.as_of("2026-05-01").days_past_due == 0


def test_the_payoff_while_installments_are_put_off_holds_what_they_put_off() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    days = ["2026-03-15", "2026-04-15", "2026-05-15", "2026-06-15"]
    account = lc.Account(loan, [*PAID, lc.Deferral("2026-03-01", 2, interest="last")])
    # 10 049.42 + 100.49 on every due date put off and on the next; then the interest of a month on 8 079.33 more
    assert [str(account.as_of(day).payoff) for day in days] == ["10149.91", "10250.40", "10350.89", "10431.68"]


def test_past_due_joins_a_new_plan_as_agreed_for_each_component() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6, late=LATE)
    agreed = {"principal": "capitalize", "interest": "next", "late_interest": "waive", "compound_interest": "waive"}
    account = lc.Account(loan, [*PAID, lc.Reamortization("2026-04-15", overdue=agreed | {"penalty": "next"})])
    position = account.as_of("2026-04-15")
    # past due: installment 2 (1 970.09 + 100.49), a penalty of 20.00; late 1970.09 x 18% x 31/360 = 30.54 is waived.
    # installment 3 falls due that day as planned (1 989.79 + 80.79); 6 089.54 + 1 970.09 = 8 059.63 over three months: 2 740.45
    assert str(position.waived) == "compound_interest 1.56, late_interest 30.54"
    assert totals(account, "2026-04-15") == ["2070.58", "2070.58", "2070.58", "2840.94", "2740.45", "2740.46"]
    assert position.installments[1].state == "rescheduled"
    assert (position.days_past_due, position.oldest_unpaid_due) == (0, date(2026, 4, 15))
    assert position.next_due == (date(2026, 4, 15), Decimal("2070.58"))
    paid = account.with_payment("2026-04-15", "2070.58")
    assert paid.as_of("2026-04-16").next_due == (date(2026, 5, 15), Decimal("2860.94"))


def test_what_is_past_due_and_not_named_is_asked_about() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    with pytest.raises(
        InvalidEvent, match=r"100\.49 of interest is past due; expected overdue to say what becomes of it"
    ):
        lc.Account(loan, [*PAID, lc.Reamortization("2026-03-20", overdue={"principal": "capitalize"})]).as_of(
            "2026-03-20"
        )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: lc.Reamortization("2026-03-20", overdue={"principal": "waive"}), "expected keep, capitalize"),
        (
            lambda: lc.Reamortization("2026-03-20", overdue={"penalty": "spread"}),
            "expected keep, capitalize, next, waive",
        ),
        (lambda: lc.Deferral("2026-03-20", 0, interest="next"), "a whole number of 1 or more"),
        (lambda: lc.Deferral("2026-03-20", 2, interest="later"), "deferral.interest"),
        (lambda: lc.Extension("2026-03-20"), "expected exactly one of them"),
        (lambda: lc.Restructuring("2026-03-20", installments=6, every="2 weeks"), "expected the first new due date"),
    ],
)
def test_terms_that_say_too_little_are_refused(make: Any, message: str) -> None:
    with pytest.raises(LoanError, match=message):
        make()


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (lc.Deferral("2026-07-15", 1, interest="next"), "the last installment is due by then"),
        (lc.Deferral("2026-03-01", 5, interest="next", term="same"), "expected fewer than the 5 left"),
        (lc.Reaging("2026-03-01", first_due="2026-03-01", installments=6), "expected a day after 2026-03-01"),
        (lc.Extension("2026-03-01", end="2027-01-15"), "expected how many installments are added"),
        (lc.Restructuring("2026-09-01", installments=6, overdue="capitalize"), "expected first_due for the new ones"),
        (lc.Restructuring("2026-03-01", installments=6, rate="0.05%/day"), "expected a rate of the same kind"),
    ],
)
def test_what_cannot_be_agreed_on_a_day_is_refused(event: lc.Event, message: str) -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    with pytest.raises(InvalidEvent, match=message):
        lc.Account(loan, [*PAID, event]).as_of("2026-10-01")


def test_a_loan_that_is_paid_at_once_is_extended_to_a_later_day() -> None:
    loan = lc.Loan(10_000, "0.05%/day", "2026-03-01", end="2026-03-31", method="lump_sum")
    longer = lc.Account(loan, [lc.Extension("2026-03-30", end="2026-04-30", rate="0.06%/day")])
    # 29 nights at 5.00, from the night of 30 March on 31 at 6.00
    assert longer.as_of("2026-04-15").next_due == (date(2026, 4, 30), Decimal("10331.00"))
    assert longer.as_of("2026-04-15").days_past_due == 0


def test_flat_interest_goes_on_over_what_was_lent() -> None:
    loan = lc.Loan(12_000, "1%/month", START, installments=6, method="flat")
    account = lc.Account(loan, [lc.Payment("2026-02-15", 2120), lc.Deferral("2026-03-01", 1, interest="next")])
    assert totals(account) == ["2120.00", "0.00", "2220.00", "2120.00", "2120.00", "2120.00", "2120.00"]
