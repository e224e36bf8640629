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
        (
            lambda: lc.Reaging("2026-03-20", first_due="2026-03-20", installments=6),
            "^reaging.first_due: got 2026-03-20; expected a day after 2026-03-20",
        ),
        (
            lambda: lc.Restructuring("2026-03-20", installments=6, first_due="2026-02-20"),
            "^restructuring.first_due: got 2026-02-20; expected a day after 2026-03-20",
        ),
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
        (lc.Extension("2026-03-01", end="2027-01-15"), "expected how many installments are added"),
        (lc.Restructuring("2026-09-01", installments=6, overdue="capitalize"), "expected first_due for the new ones"),
        (lc.Restructuring("2026-03-01", installments=6, rate="0.05%/day"), "expected a rate of the same kind"),
    ],
)
def test_what_cannot_be_agreed_on_a_day_is_refused(event: lc.Event, message: str) -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    with pytest.raises(InvalidEvent, match=message):
        lc.Account(loan, [*PAID, event]).as_of("2026-10-01")


@pytest.mark.parametrize(
    ("terms", "before", "event", "message"),
    [
        ({"method": "rule_of_78"}, [], lc.Extension("2026-03-01", 2), "whose charge is that of its term"),
        (
            {},
            [lc.ChargeOff("2026-02-20", further_interest=False)],
            lc.Extension("2026-03-01", 2),
            "no interest accrues since the charge-off",
        ),
        (
            {"start": None, "installments": None, "periods": lc.periods("2026-01-15", "2026-07-15", every="1 month")},
            [],
            lc.Extension("2026-03-01", 2),
            "expected first_due for new ones",
        ),
        (
            {"method": "annuity_in_advance"},
            [],
            lc.Reaging("2026-02-20", first_due="2026-04-01", installments=3, overdue="keep"),
            "expected the dates as they are",
        ),
        (
            {"start": "2026-01-31", "month_end": True},
            [],
            lc.Reaging("2026-02-20", first_due="2026-04-01", installments=3, overdue="keep"),
            "expected the last day of its month",
        ),
    ],
)
def test_terms_that_cannot_go_on_are_refused(terms: Any, before: Any, event: lc.Event, message: str) -> None:
    loan = lc.Loan(12_000, "12%", **({"start": START, "installments": 6} | terms))
    with pytest.raises(InvalidEvent, match=message):
        lc.Account(loan, [*before, event]).as_of("2026-10-01")


@pytest.mark.parametrize("overdue", [None, 5, ["x"], {"principal": 3}])
def test_what_is_no_treatment_is_refused(overdue: Any) -> None:
    with pytest.raises(LoanError, match="overdue"):
        lc.Reamortization("2026-03-01", overdue=overdue)


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


# The day on which more than one thing is agreed


def test_more_is_paid_out_and_the_rate_changes_on_the_day_of_a_new_plan() -> None:
    """An extension by two on the first due date: the first installment stays; 10 049.42 over seven months. 1 000.00 more is paid
    out that day: 11 049.42 over seven months at 1 % is 1 642.26; at 0.5 % without it, 1 464.49.
    """
    loan = lc.Loan(12_000, "12%", START, installments=6)
    longer = lc.Extension("2026-02-15", 2)
    drawn = lc.Account(loan, [longer, lc.Draw("2026-02-15", 1_000)])
    assert totals(drawn, "2026-02-16") == ["2070.58", *["1642.26"] * 6, "1642.24"]
    cheaper = lc.Account(loan, [longer, lc.RateChange("2026-02-15", "6%", keep="term")])
    assert totals(cheaper, "2026-02-16") == ["2070.58", *["1464.49"] * 7]


def test_a_payment_is_kept_until_terms_change_once_more() -> None:
    """After a deferral the payment of 2 070.58 stays; 3 000.00 more, paid out five nights into the period after, is repaid
    over the four installments that are left: 2 838.20 each.
    """
    loan = lc.Loan(12_000, "12%", START, installments=6)
    account = lc.Account(loan, [*PAID, lc.Deferral("2026-03-01", 2, interest="next"), lc.Draw("2026-05-20", 3_000)])
    rows = ["2070.58", "0.00", "0.00", "2271.56", "2838.20", "2838.20", "2838.20", "2838.17"]
    assert totals(account, "2026-05-20") == rows


@pytest.mark.parametrize(("accrual", "payment"), [("scheduled", "969.31"), ("daily", "969.12")])
def test_a_kept_payment_is_that_of_the_new_plan(accrual: str, payment: str) -> None:
    day_count = "ACT/365F" if accrual == "daily" else None
    loan = lc.Loan(12_000, "12%", START, installments=6, accrual=accrual, day_count=day_count)
    same = lc.RateChange("2026-03-02", "12%", keep="payment")
    account = lc.Account(loan, [*PAID, lc.Extension("2026-03-01", 6), same])
    assert totals(account, "2026-03-03")[1:11] == [payment] * 10
    assert len(account.as_of("2026-03-03").installments) == 12


def test_what_is_put_off_while_installments_are_put_off_comes_on_top() -> None:
    """100.4942 of interest in each of three months put off: 2 070.58 + 301.47."""
    loan = lc.Loan(12_000, "12%", START, installments=6)
    twice = [lc.Deferral("2026-03-01", 2, interest="next"), lc.Deferral("2026-04-10", 1, interest="next")]
    account = lc.Account(loan, [*PAID, *twice])
    assert totals(account, "2026-04-10") == ["2070.58", "0.00", "0.00", "0.00", "2372.05", *["2070.58"] * 4]
    other = lc.Account(loan, [*PAID, twice[0], lc.Deferral("2026-04-10", 1, interest="last")])
    with pytest.raises(InvalidEvent, match="while the interest of installments that wait is carried"):
        other.as_of("2026-04-10")


# What the days before a new plan have cost stays


@pytest.mark.parametrize(
    ("method", "event"),
    [
        ("flat", lc.Restructuring("2026-03-05", installments=5, overdue="keep")),
        ("annuity", lc.Restructuring("2026-03-05", installments=5, method="rule_of_78", overdue="keep")),
        ("rule_of_78", lc.Restructuring("2026-03-05", installments=9, overdue="keep")),
        ("annuity", lc.Deferral("2026-03-05", 1, interest="waive")),
        ("flat", lc.Extension("2026-03-05", 3)),
    ],
)
def test_interest_to_date_is_that_of_the_plan_before(method: str, event: lc.Event) -> None:
    loan = lc.Loan(12_000, "24%", START, installments=6, method=method)
    with_it, without = lc.Account(loan, [event]), lc.Account(loan)
    assert with_it.payoff("2026-03-05") == without.payoff("2026-03-05")


def test_flat_interest_of_later_pay_outs_goes_on() -> None:
    """18 000.00 at 1 % a month, of which 6 000.00 came on the way: 180.00 a month."""
    loan = lc.Loan(12_000, "12%", START, installments=6, method="flat", tranches=[lc.Tranche("2026-02-20", 6_000)])
    longer = lc.Account(loan, [lc.Extension("2026-03-25", 2)])
    assert [str(row.agreed.interest) for row in longer.as_of("2026-03-25").installments][2:] == ["180.00"] * 6


def test_a_fee_of_a_day_that_is_over_is_asked_for_by_the_new_plan() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6, fees=[lc.Fee(50, on="2026-02-20")])
    moved = lc.Account(loan, [*PAID, lc.Reaging("2026-03-01", first_due="2026-04-01", installments=5)])
    assert [str(row.agreed.fee) for row in moved.as_of("2026-03-01").installments] == ["0.00", "50.00", *["0.00"] * 4]


def test_a_daily_loan_after_its_end_bears_interest_once() -> None:
    """What is kept past due goes on at 12 %: 12 351.13 on 15 April, and 12 000.00 x 12 % x 61/365 = 240.66 since on what was
    principal; a payoff leaves nothing behind.
    """
    loan = lc.Loan(12_000, "12%", START, installments=3, accrual="daily", day_count="ACT/365F")
    overdue = {"principal": "keep", "interest": "capitalize"}
    new = lc.Reaging("2026-06-15", first_due="2026-07-15", installments=1, overdue=overdue)
    closed = lc.Account(loan, [new, lc.Payoff("2026-06-15")])
    assert [str(closed.payoff(day)) for day in ("2026-06-15", "2026-07-20")] == ["0.00", "0.00"]
    going_on = lc.Account(loan, [new])
    # 12 595.73 bears interest as a whole: x 12 % x 30/365 = 124.23
    assert [str(going_on.payoff(day)) for day in ("2026-06-15", "2026-07-15")] == ["12595.73", "12719.96"]


def test_the_last_installment_falls_due_on_the_day_of_a_new_plan() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=3, accrual="daily", day_count="ACT/365F")
    new = lc.Reaging("2026-04-15", first_due="2026-05-15", installments=3, overdue="capitalize")
    position = lc.Account(loan, [new]).as_of("2026-04-15")
    assert position.payoff == lc.Account(loan).payoff("2026-04-15")
    assert position.next_due == (date(2026, 4, 15), Decimal("4196.73"))


def test_a_limit_on_interest_holds_while_interest_is_put_off() -> None:
    loan = lc.Loan(
        12_000, "12%", START, installments=6, late=lc.LateTerms(caps=[lc.Cap(amount=230, covers=["interest"])])
    )
    put_off = lc.Account(loan, [lc.Deferral("2026-03-20", 1, interest="next")])
    assert {str(put_off.payoff(day)) for day in ("2026-04-14", "2026-04-15", "2026-04-16", "2026-06-15")} == {
        "12230.00"
    }
    moved = lc.Reamortization("2026-03-20", overdue={"principal": "capitalize", "interest": "next"})
    assert {str(lc.Account(loan, [moved]).payoff(day)) for day in ("2026-03-20", "2026-03-21")} == {"12230.00"}


def test_down_payments_that_are_over_stay_what_they_are() -> None:
    tranche = lc.Tranche("2026-03-05", 6_000, down_payment="20%")
    loan = lc.Loan(12_000, "12%", START, installments=6, tranches=[tranche])
    account = lc.Account(loan, [*PAID, lc.Extension("2026-03-06", 2)])
    assert account.payoff("2026-03-06") == lc.Account(loan, PAID).payoff("2026-03-06")
    assert totals(account, "2026-03-06")[:4] == ["2070.58", "1200.00", "2202.50", "2202.50"]
    with pytest.raises(InvalidEvent, match="a down payment is still to come"):
        lc.Account(loan, [*PAID, lc.Extension("2026-03-01", 2)]).as_of("2026-03-06")


def test_an_account_tells_its_story_to_the_end_of_the_longer_plan() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=6)
    longer = lc.Account(loan, [lc.Extension("2026-03-01", 6)])
    assert longer.history()[-1].as_of == date(2026, 12, 31)
    assert longer.ledger()[-1].on >= date(2027, 1, 15)


@pytest.mark.parametrize(("accrual", "payment"), [("scheduled", "1134.72"), ("daily", "1134.12")])
def test_a_deferral_keeps_a_payment_that_a_rate_change_has_kept(accrual: str, payment: str) -> None:
    day_count = "ACT/365F" if accrual == "daily" else None
    loan = lc.Loan(12_000, "24%", START, installments=12, accrual=accrual, day_count=day_count)
    lower = lc.RateChange("2026-05-19", "12%", keep="payment")
    account = lc.Account(loan, [lower, lc.Deferral("2026-08-20", 2, interest="next")])
    rows = totals(account, "2026-08-20")
    assert [*rows[:9], *rows[10:13]] == [*[payment] * 7, "0.00", "0.00", *[payment] * 3]


def test_a_payment_is_kept_by_annuities_only() -> None:
    loan = lc.Loan(12_000, "24%", START, installments=12, method="equal_principal")
    with pytest.raises(InvalidEvent, match="it belongs to 'annuity'"):
        lc.Account(loan, [lc.RateChange("2026-05-19", "12%", keep="payment")]).as_of("2026-05-19")
    annuity = lc.Loan(12_000, "24%", START, installments=12)
    lower = lc.RateChange("2026-05-19", "12%", keep="payment")
    new = lc.Restructuring("2026-08-20", installments=9, method="equal_principal", overdue="keep")
    principals = [
        row.agreed.principal for row in lc.Account(annuity, [lower, new]).as_of("2026-08-20").installments[7:]
    ]
    assert len(principals) == 9
    assert len(set(principals[:-1])) == 1


def test_principal_of_an_older_plan_that_joins_a_flat_one_bears_interest_from_that_day_only() -> None:
    """Three of four installments are kept past due by the first plan, 9 000.00; the second makes 12 360.00 of all."""
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=4, method="flat")
    apart = lc.Restructuring("2026-04-25", installments=3, first_due="2026-06-16", overdue="keep")
    joined = [apart, lc.Reamortization("2026-06-01", overdue="capitalize")]
    # 40.00 from before, 3 000 x 1 % x (21/30 and a month), 9 360 x 1 % x 15/31 of that month; then 12 360 x 1 %
    interests = [str(row.agreed.interest) for row in lc.Account(loan, joined).as_of("2026-06-01").installments[3:]]
    assert interests == ["136.29", "123.60", "123.60"]
    eve = lc.Account(loan, [apart]).payoff("2026-06-01")
    assert lc.Account(loan, joined).payoff("2026-06-01") == eve == Decimal("12436.48")


@pytest.mark.parametrize(
    ("on", "interests"),
    # 1 200.00 flat at 1 % a month, 200.00 + 12.00 past due join; flat interest was of 1 200.00, and is of 1 212.00 from then on
    [
        ("2026-03-01", ["12.06", "12.12", "12.12"]),  # 1 200 x 1 % x 14/28 + 1 212 x 1 % x 14/28
        ("2026-03-15", ["12.00", "12.12", "12.12"]),  # on a due date, from which the new plan begins
        ("2026-03-14", ["12.00", "12.12", "12.12"]),  # 1 200 x 1 % x 27/28 + 1 212 x 1 % x 1/28 = 12.0043
    ],
)
def test_arrears_that_join_a_flat_plan_bore_its_interest_all_along(on: str, interests: list[str]) -> None:
    flat = lc.Account(lc.Loan(1_200, "1%/month", "2026-01-15", installments=6, method="flat"))
    joined = flat.with_events(lc.Reamortization(on, overdue="capitalize"))
    assert joined.payoff(on) == flat.payoff(on)
    assert [str(row.agreed.interest) for row in joined.schedule(on)[1:4]] == interests


def test_spread_interest_of_a_deferral_is_asked_for_once_however_the_term_changes() -> None:
    # 24 000.00 at 6 % in eight quarters: 21 153.98 after the first; two deferred ask for 2 x 317.31 = 634.62 in seven parts of
    # 90.66. At 27 % with the payment kept there are eight left after the first of these: (634.62 - 90.66)/8 = 67.995
    loan = lc.Loan(24_000, "6%", "2026-01-15", installments=8, every="3 months")
    put_off = lc.Account(loan, [lc.Deferral("2026-04-20", 2, interest="spread")])
    dearer = put_off.with_events(lc.RateChange("2027-03-01", "27%", keep="payment"))
    payment = loan.schedule().payment
    rows = dearer.schedule("2027-03-01")
    assert [str(row.agreed.total - payment) for row in rows[3:11]] == ["90.66", *["68.00"] * 4, *["67.99"] * 3]
    assert dearer.payoff("2027-03-01") == put_off.payoff("2027-03-01")


def test_a_term_that_a_kept_payment_gave_counts_the_installments_put_off() -> None:
    # at 27 % with the payment kept four installments repay after the two put off, the last one smaller; at no interest from
    # 1 March 2027 the three that are left of them share what is left
    loan = lc.Loan(24_000, "6%", "2026-01-15", installments=4, every="3 months")
    put_off = lc.Account(loan, [lc.Deferral("2026-04-20", 2, interest="spread")])
    dearer = put_off.with_events(lc.RateChange("2026-06-01", "27%", keep="payment"))
    free = dearer.with_events(lc.RateChange("2027-03-01", "0%", keep="term"))
    assert [len(account.schedule("2027-03-01")) for account in (dearer, free)] == [7, 7]
    assert free.payoff("2027-03-01") == dearer.payoff("2027-03-01")
    totals = [row.agreed.total for row in free.schedule("2027-03-01")[4:]]
    assert max(totals) - min(totals) <= Decimal("0.02")


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_loan_paid_at_once_after_six_months_keeps_its_day_under_a_new_plan(accrual: str) -> None:
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=6, method="lump_sum", day_count="ACT/365F", accrual=accrual)
    plain = lc.Account(loan)
    same = lc.Reamortization("2026-03-01", overdue="capitalize")
    # 1 200 x 12 % x 181/365 = 71.408; at 6 % from 1 March: 1 200 x (12 % x 45 + 6 % x 136)/365 = 44.581
    cheaper = lc.Restructuring("2026-03-01", installments=1, rate="6%", overdue="keep")
    for event, total in ((same, "1271.41"), (cheaper, "1244.58")):
        account = plain.with_events(event)
        assert [(str(row.due), str(row.agreed.total)) for row in account.schedule("2026-03-01")] == [
            ("2026-07-15", total)
        ]
        assert account.payoff("2026-03-01") == plain.payoff("2026-03-01")


def test_a_plan_that_is_paid_at_once_has_one_installment() -> None:
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=6, day_count="ACT/365F")
    at_once = {"method": "lump_sum", "overdue": "keep"}
    with pytest.raises(lc.InvalidEvent, match="got 3 installments with method 'lump_sum'; expected 1, and first_due"):
        lc.Account(loan, [lc.Restructuring("2026-03-01", installments=3, **at_once)]).as_of("2026-03-01")
    made = lc.Restructuring("2026-03-01", installments=1, first_due="2026-05-15", **at_once)
    rows = lc.Account(loan, [made]).schedule("2026-03-01")
    assert [str(row.due) for row in rows] == ["2026-02-15", "2026-05-15"]


@pytest.mark.parametrize("late", [None, lc.LateTerms(lc.LateInterest("18%", day_count="ACT/360"))])
def test_a_new_plan_after_a_daily_loan_was_called_bears_interest_once(late: lc.LateTerms | None) -> None:
    # 12 000 x 12 % x 76/365 = 299.836 from 15 January to 1 April without late terms; nothing was paid
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, accrual="daily", day_count="ACT/365F", late=late)
    called = lc.Account(loan, [lc.Acceleration("2026-02-20")])
    again = called.with_events(lc.Reaging("2026-04-01", first_due="2026-05-01", installments=12, overdue="capitalize"))
    assert again.payoff("2026-04-01") == called.payoff("2026-04-01")
    if late is None:
        assert str(called.payoff("2026-04-01")) == "12299.84"
        # ten nights of 12 299.84: 40.4378
        assert str(again.payoff("2026-04-11")) == "12340.28"


def test_interest_that_was_put_off_and_then_let_go_is_not_asked_for_by_a_new_plan() -> None:
    # two months of 12.00 are put off to the third installment; on 25 March they and ten of 31 nights, 27.87, are let go. A night
    # later 0.39 is owed; a new plan asks for that, and for 1 200 x 1 % x (6/31 + 1) = 14.32 up to 1 May
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=6, moratorium=lc.Moratorium(2, "carried"))
    let_go = lc.Account(loan, [lc.Waiver("2026-03-25", "interest", "all", undue=True)])
    assert str(let_go.payoff("2026-03-26")) == "1200.39"
    for event in (
        lc.Reaging("2026-03-26", first_due="2026-05-01", installments=4, overdue="keep"),
        lc.Restructuring("2026-03-26", first_due="2026-05-01", installments=4, overdue="keep"),
    ):
        anew = let_go.with_events(event)
        assert anew.payoff("2026-03-26") == let_go.payoff("2026-03-26")
        assert str(anew.as_of("2026-05-01").due.interest) == "14.71"


def test_money_paid_ahead_of_which_a_part_went_back_follows_each_new_plan() -> None:
    # 400.00 come on 20 February, 150.00 go back; 1 004.94 x (12 % x 10 + 11 % x 5)/12/28 = 5.23 on 2 March, less 250.00
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=6, early="apply")
    early = [lc.Payment("2026-02-15", "207.06"), lc.Payment("2026-02-20", 400, id="early")]
    changed = [lc.Chargeback("2026-02-22", "early", 150), lc.RateChange("2026-02-25", "11%", keep="term")]
    assert str(lc.Account(loan, early + changed).payoff("2026-03-02")) == "760.17"
    # and a night of the last two at 10 %: 1 004.94 x (12 % x 10 + 11 % x 4 + 10 %)/12/28 = 5.20
    again = lc.Account(loan, [*early, *changed, lc.RateChange("2026-03-01", "10%", keep="term")])
    assert str(again.payoff("2026-03-02")) == "760.14"
    assert min(row.paid.principal for row in again.as_of("2026-03-02").installments) >= 0


@pytest.mark.parametrize("method", [None, "annuity", "equal_principal"])
def test_interest_of_the_period_in_which_a_method_changes_is_rounded_once(method: str | None) -> None:
    # 8 157 x 0.097 % is 7.91229 a night; 5 nights 39.56145, not 3 nights 23.736 and 2 nights 15.824
    loan = lc.Loan(8157, "0.097%/day", "2015-01-04", installments=2, currency="KWD", rounding=lc.Rounding(mode="down"))
    new = lc.Restructuring("2015-01-07", installments=2, method=method, overdue="keep")
    assert str(lc.Account(loan, [new]).as_of("2015-01-09").interest_to_date) == "39.561"


@pytest.mark.parametrize("interest", ["next", "spread", "last", "waive"])
def test_principal_parts_that_are_put_off_come_as_they_were(interest: str) -> None:
    # 805.34 in six parts: 134.22 and a last one of 134.24; what is left after the first, 671.12 in five, would be 134.22 and 134.24
    # too, but 536.90 in four 134.23 (half up) and 134.21
    loan = lc.Loan("805.34", "12%", START, installments=6, method="equal_principal")
    put_off = lc.Account(loan, [lc.Deferral("2026-03-20", 2, interest=interest)]).as_of("2026-03-20")
    parts = [str(row.agreed.principal) for row in put_off.installments]
    assert parts == ["134.22", "134.22", "0.00", "0.00", "134.22", "134.22", "134.22", "134.24"]


def test_interest_that_was_put_off_is_asked_for_once_after_a_charge_off() -> None:
    """12 000.00 at 1 % a month: 120.00 put off, and 5 of 28 nights of the second month, 21.43, when interest ends on 20 February."""
    loan = lc.Loan(12_000, "12%", START, installments=6)
    put_off = lc.Deferral("2026-01-20", 2, interest="next")
    account = lc.Account(loan, [put_off, lc.ChargeOff("2026-02-20", further_interest=False)])
    for day in ("2026-02-20", "2026-03-14", "2026-03-15", "2026-03-16", "2026-04-16"):
        assert str(account.payoff(day)) == "12141.43"


def test_a_new_plan_asks_for_what_accrued_before_a_deferral_let_interest_go_as_interest_of_its_first_period() -> None:
    # 20 days of 12 000 at 12 % by 5 February, 80.00; five nights are let go, and 35 days to 15 March bear 140.00: 220.00 in the first period.
    # x (1 + 1.02 + ... + 1.02^4) = 12 220 x 1.02^4, so x = 12 220 x 1.08243216 / 5.20404016 = 2 541.744...
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, every="2 months", day_count="30E/360")
    let_go, anew = lc.Deferral("2026-02-05", 1, interest="waive"), lc.Restructuring("2026-02-10", installments=5)
    account = lc.Account(loan, [let_go, anew])
    rows = account.schedule("2026-02-10")
    assert [str(row.agreed.total) for row in rows] == ["2541.74"] * 4 + ["2541.75"]
    assert str(rows[0].agreed) == "interest 220.00, principal 2321.74"
    assert str(account.as_of("2026-02-10").payoff_interest) == "80.00"
    assert "80.00 by the terms before" in account.as_of("2026-02-20").explain()


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_new_plan_with_dates_of_its_own_asks_for_what_accrued_as_interest_of_its_first_period(accrual: str) -> None:
    # ten nights of 12 000 at 12 % by 25 January are 40.00, a month is 120.00: (12 000 + 160) x 1.01^3 / 4.060401 = 3 085.5212...
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, day_count="30E/360", accrual=accrual)
    for event in (
        lc.Restructuring("2026-01-25", installments=4, first_due="2026-02-25"),
        lc.Reaging("2026-01-25", installments=4, first_due="2026-02-25"),
    ):
        account = lc.Account(loan, [event])
        rows = account.schedule("2026-01-25")
        assert [str(row.agreed.total) for row in rows] == ["3085.52"] * 3 + ["3085.53"]
        assert str(rows[0].agreed.interest) == "160.00"
        assert [str(account.as_of(day).interest_to_date) for day in ("2026-01-25", "2026-02-10")] == ["40.00", "100.00"]


def test_a_new_plan_of_a_flat_loan_asks_for_what_accrued_as_interest_of_its_first_period() -> None:
    # 12 000 at 1 % a month flat: 120.00 a month. After two installments of 1 120.00 each 10 000 are left; on 30 March, 15 of 31 days after the
    # second one, 58.0645... have accrued on 12 000. 16 days on 10 000 at 1 % come to 51.6129..., 109.68 in all; then 10 000 x 1 %.
    # x (1.01 + 1) = (10 000 + 109.6774...) x 1.01, so x = 10 210.7741... / 2.01 = 5 079.987...
    loan = lc.Loan(12_000, "1%/month", "2026-01-15", installments=12, method="flat")
    paid = [lc.Payment("2026-02-15", 1_120), lc.Payment("2026-03-15", 1_120)]
    account = lc.Account(loan, [*paid, lc.Restructuring("2026-03-30", installments=2, method="annuity")])
    rows = account.schedule("2026-03-30")[2:]
    assert [str(row.agreed) for row in rows] == [
        "interest 109.68, principal 4970.31",
        "interest 50.30, principal 5029.69",
    ]
