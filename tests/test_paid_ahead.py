"""Early money of daily loans that is for certain installments: paid ahead, what it covers asks for nothing when it falls due.

Worked by hand: 6,000.00 at 12 % over six months, 1,035.29 a month, a month being one percent. On the first due date the
borrower pays three installments, 3,105.87: the one that is due (60.00 of interest and 975.29), and 2,070.58 early. After it
2,954.13 are outstanding, whichever installments the money is for, and bear 29.54 a month.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import loancalc as lc

ORDER = ["cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal"]
LEVEL = Decimal("1035.29")


def loan_with(surplus: str | None, *, order: list[str] = ORDER, **terms: Any) -> lc.Loan:
    agreed: dict[str, Any] = {
        "principal": 6_000,
        "rate": "12%",
        "start": "2026-01-15",
        "installments": 6,
        "accrual": "daily",
    }
    return lc.Loan(**agreed | terms, allocation=lc.Allocation(order, "horizontal", surplus=surplus))


def three_at_once(surplus: str | None, **terms: Any) -> lc.Account:
    return lc.Account(loan_with(surplus, **terms), [lc.Payment("2026-02-15", 3 * LEVEL, id="three")])


def asked(account: lc.Account, day: str = "2026-02-15") -> list[tuple[str, str, str]]:
    """Of each installment: its interest, what it asks for in all, and what is paid of that."""
    return [(str(row.agreed.interest), str(row.agreed.total), str(row.paid.total)) for row in account.schedule(day)]


DUE = ("60.00", "1035.29", "1035.29")

# Next: March and April are covered, and May asks for the interest of three months, 3 x 29.54 = 88.62, within its payment.
# Last: July and June are covered, all but a cent that is July's more; March goes on with 29.54, April with 1 % of
#   2,954.13 - (1,035.29 - 29.54) = 1,948.38, May with 1 % of 1,948.38 - (1,035.29 - 19.48) = 932.57, and clears.
# Next, then last: March and July; April asks for two months, 59.08, and so on.
# Spread: 2,070.58 over five are 414.11 each, and 414.14 for the last; March asks for the rest of its payment.
# None of them: the money counts toward March only.
RULES = {
    "next": [
        DUE, ("0.00", "1035.29", "1035.29"), ("0.00", "1035.29", "1035.29"), ("88.62", "1035.29", "0.00"),
        ("20.07", "1035.29", "0.00"), ("9.92", "1002.16", "0.00"),
    ],
    "last": [
        DUE, ("29.54", "1035.29", "0.00"), ("19.48", "1035.29", "0.00"), ("9.33", "941.90", "0.00"),
        ("0.00", "1035.28", "1035.28"), ("0.00", "1035.30", "1035.30"),
    ],
    "next-then-last": [
        DUE, ("0.00", "1035.29", "1035.29"), ("59.08", "1035.29", "0.00"), ("19.78", "1035.29", "0.00"),
        ("9.62", "972.03", "0.00"), ("0.00", "1035.29", "1035.29"),
    ],
    "spread": [
        DUE, ("29.54", "1035.29", "414.11"), ("23.62", "1035.29", "414.11"), ("17.65", "1035.29", "414.11"),
        ("11.61", "1035.29", "414.11"), ("5.52", "971.49", "414.14"),
    ],
    None: [
        DUE, ("0.00", "2070.58", "2070.58"), ("59.08", "1035.29", "0.00"), ("19.78", "1035.29", "0.00"),
        ("9.62", "972.03", "0.00"), ("0.00", "0.00", "0.00"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("surplus", RULES)
def test_the_surplus_is_for_the_installments_that_its_rule_names(surplus: str | None) -> None:
    account = three_at_once(surplus)
    assert asked(account) == RULES[surplus]
    assert account.as_of("2026-02-15").outstanding_principal == Decimal("2954.13")
    assert account.receipts[0].parts.total == 3 * LEVEL


def test_who_paid_ahead_is_not_late_until_an_installment_asks_for_something() -> None:
    ahead, at_once = three_at_once("next"), three_at_once(None)
    assert ahead.as_of("2026-03-15").next_due == (date(2026, 5, 15), LEVEL)
    assert [ahead.as_of(day).days_past_due for day in ("2026-04-30", "2026-05-15", "2026-05-16")] == [0, 0, 1]
    # where it only lowers the principal, March is covered by it, but not April
    assert [at_once.as_of(day).days_past_due for day in ("2026-03-31", "2026-04-30")] == [0, 15]
    # a payment on the day when it is next asked for: three months of interest, the rest principal
    paid = ahead.with_payment("2026-05-15", LEVEL)
    assert (paid.receipts[1].parts.interest, paid.receipts[1].parts.principal) == (Decimal("88.62"), Decimal("946.67"))


def test_each_installment_is_covered_before_the_next_in_the_order_of_what_is_in_advance() -> None:
    # on 1 March, 14 of 28 days: 5,024.71 x 1 % x 14/28 = 25.12 of interest to date; 1,500.00 cover March and go into April
    due = lc.Payment("2026-02-15", LEVEL)
    for ahead, first in (
        (["in advance interest", "in advance principal"], ["interest 25.12", "principal 1010.17", "principal 464.71"]),
        (["in advance principal", "in advance interest"], ["principal 1010.17", "interest 25.12", "principal 464.71"]),
        (["in advance principal"], ["principal 1010.17", "principal 489.83"]),
    ):
        timed = [f"{timing} {component}" for timing in ("past due", "due") for component in ORDER]
        account = lc.Account(loan_with("next", order=[*timed, *ahead]), [due, lc.Payment("2026-03-01", 1_500)])
        lines = [f"{line.component} {line.amount}" for line in account.receipts[1].lines]
        assert lines == first


def test_the_fee_of_a_covered_installment_is_asked_for_when_it_falls_due() -> None:
    account = three_at_once("next", fees=[lc.Fee(5, each="installment")])
    lines = [f"{line.installment} {line.component} {line.amount}" for line in account.receipts[0].lines]
    # 3,105.87 less 5.00, 60.00 and 975.29 of the one that is due: 2,065.58 early
    assert lines == [
        "1 fee 5.00",
        "1 interest 60.00",
        "1 principal 975.29",
        "2 principal 1035.29",
        "3 principal 1030.29",
    ]
    assert account.as_of("2026-02-15").next_due == (date(2026, 3, 15), 5)
    assert account.as_of("2026-03-16").past_due.total == 5
    assert account.with_payment("2026-03-15", 5).as_of("2026-03-16").next_due == (date(2026, 4, 15), 10)


def test_a_new_plan_is_solved_on_what_is_left_and_none_of_its_later_payments_is_paid_already() -> None:
    changed = three_at_once("next").with_events(lc.RateChange("2026-02-25", "24%", keep="term"))
    rows = changed.schedule("2026-02-25")
    # the running installment keeps what counts toward it: the payments are solved over five on 3,989.42 with it
    assert rows[1].state == "paid"
    assert [str(row.agreed.total - row.paid.total) for row in rows[2:]] == ["839.89", "839.89", "839.89", "627.34"]
    # April: 10 of the 28 days at 12 %, 18 at 24 %, and a month at 24 %: 10.55 + 37.98 + 59.08 = 107.61
    assert rows[2].agreed.interest == Decimal("107.61")


def test_money_that_goes_back_is_asked_for_again() -> None:
    back = three_at_once("next").with_events(lc.Chargeback("2026-02-20", "three", 1_500))
    assert [str(row.paid.total) for row in back.schedule("2026-02-20")][1:4] == ["570.58", "0.00", "0.00"]
    assert back.as_of("2026-03-16").past_due.total == LEVEL - Decimal("570.58")
    gone = three_at_once("next").with_events(lc.Reversal("three", booked="2026-02-21"))
    assert gone.as_of("2026-03-16").past_due.total == 2 * LEVEL


def test_a_payment_that_keeps_the_plan_covers_the_same_installments() -> None:
    kept = lc.Account(loan_with("next"), [lc.Payment("2026-02-15", 3 * LEVEL, effect="keep")])
    assert asked(kept) == RULES["next"]


def test_a_payoff_covers_them_in_turn_too() -> None:
    account = three_at_once("next").with_events(lc.Payoff("2026-03-15"))
    assert [str(row.paid.total) for row in account.schedule("2026-03-15")] == [
        "1035.29", "1035.29", "1035.29", "1035.29", "1035.29", "913.09",
    ]  # fmt: skip  # 2,954.13 + 29.54 - 2 x 1,035.29 = 913.09
    assert account.as_of("2026-03-15").is_closed


@st.composite
def early_payments(draw: st.DrawFn) -> list[lc.Payment]:
    """Up to three payments within the first period that leave something to be paid."""
    cents = st.integers(1, 180_000)
    days = st.integers(0, 30)
    return [
        lc.Payment(date(2026, 1, 15) + timedelta(day), Decimal(amount) / 100)
        for day, amount in draw(st.lists(st.tuples(days, cents), min_size=1, max_size=3))
    ]


@given(early_payments(), st.integers(0, 200))
def test_whether_early_money_is_for_the_next_installments_or_none_the_debt_is_the_same(
    paid: list[lc.Payment], days: int
) -> None:
    day = date(2026, 2, 14) + timedelta(days)
    own, plain = (lc.Account(loan_with(rule), paid).as_of(day) for rule in ("next", None))
    assert own.outstanding_principal == plain.outstanding_principal
    assert own.payoff == plain.payoff
    assert own.past_due.total <= plain.past_due.total


@example(
    [lc.Payment("2026-01-15", "1033.70"), lc.Payment("2026-01-16", "1.60")], 0
)  # 1.59 of the interest to date, 1.63
@given(early_payments(), st.integers(0, 200))
def test_money_for_the_last_installment_repays_principal_though_interest_to_date_waits(
    paid: list[lc.Payment], days: int
) -> None:
    day = date(2026, 2, 14) + timedelta(days)
    own, plain = (lc.Account(loan_with(rule), paid).as_of(day) for rule in ("next-then-last", None))
    assert own.outstanding_principal <= plain.outstanding_principal
    assert own.payoff <= plain.payoff
    assert own.past_due.total <= plain.past_due.total


@given(st.sampled_from([3, 5, 7]), st.sampled_from(["next", "last", "next-then-last", "spread"]))
def test_paid_to_the_end_as_asked_the_loan_is_paid(ahead: int, surplus: str) -> None:
    account = lc.Account(loan_with(surplus), [lc.Payment("2026-02-15", LEVEL * (1 + ahead) / 2)])
    for due in account.loan.dates[2:]:
        if owed := account.as_of(due).due.total:
            account = account.with_payment(due, owed)
    assert account.as_of("2026-07-15").is_closed
    assert sum(receipt.parts.principal for receipt in account.receipts) == 6_000


def test_the_explanation_shows_how_interest_that_waited_fell_due() -> None:
    shown = three_at_once("next", day_count="ACT/365F").as_of("2026-05-20").explain()
    # a payment of 1,034.91 by days: 3,105.87 leave 1.14 for May; 2,955.28 for 28 and 31 nights are 27.20 + 30.12 = 57.32
    assert "  interest of its period 2955.28 x 12% x 30/365 = 29.147967... -> 29.15 + 57.32 carried = 86.47\n" in shown
    assert "  interest: 86.47, as agreed\n" in shown


def test_the_explanation_shows_interest_of_a_daily_loan_that_was_paid_in_part() -> None:
    # 17 of 31 days of 60.00 are 32.90; 100.00 pay them and 67.10 of principal; 5,932.90 bear the other 14 days, 26.79
    shown = lc.Account(loan_with(None), [lc.Payment("2026-02-01", 100)]).as_of("2026-02-20").explain()
    line = "32.903225... + 5932.90 x 12% x 1/12 x 14/31 = 59.696967... -> 59.70 - 32.90 paid = 26.80"
    assert f"  interest of its period {line}\n" in shown


def test_an_installment_that_was_paid_ahead_is_paid_though_a_cost_charged_to_it_is_not() -> None:
    """106.62 in advance pays installment 1; a cost of 5.00 falls due with it and is past due, which is no day past due."""
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=12, early="apply")
    account = lc.Account(loan, [lc.Payment("2026-01-20", "106.62"), lc.Charge("2026-01-25", "cost", 5)])
    position = account.as_of("2026-02-20")
    assert (position.past_due.total, position.past_due.cost, position.days_past_due) == (5, 5, 0)
    assert (position.installments[0].state, str(position.installments[0].settled_on)) == ("paid", "2026-01-20")
