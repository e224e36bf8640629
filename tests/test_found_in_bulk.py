"""What the comparison of two engines found on thousands of accounts a kind (`python -m day_by_day`), each with its arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

import loancalc as lc


def test_nights_after_a_charge_off_in_a_deferred_grace_take_no_contract_interest_off() -> None:
    """Of 1 200.00 at 0.1 % a night 600.00 fall due on 31 January. By the charge-off on 3 February three nights of 1 200.00 came to
    3.60. The grace ends unpaid on 5 February: the three nights of the 600.00 bore 0.05 %, 0.90, and not 0.1 %, so that 1.80 of
    contract interest are left. The nights from 3 February on bore neither.
    """
    late = lc.LateTerms(lc.LateInterest("0.05%/day"), grace=lc.Grace(5, "deferred"))
    loan = lc.Loan(1_200, "0.1%/day", "2026-01-01", installments=2, every="30 days", method="equal_principal",
                   accrual="daily", late=late)  # fmt: skip
    account = lc.Account(loan, [lc.ChargeOff("2026-02-03", further_interest=False)])
    assert str(account.as_of("2026-02-05").interest_to_date) == "3.60"
    position = account.as_of("2026-02-06")
    assert (str(position.interest_to_date), str(position.past_due.late_interest)) == ("1.80", "0.90")


def test_what_an_installment_ahead_does_not_take_of_money_that_is_meant_for_it_settles_what_is_past_due() -> None:
    """Parts of 100.00 with 12.00, 11.00, 10.00 of interest. Of 150.00 for installment 3 it takes 110.00 ahead of its day; 40.00 go
    the usual way: to installment 1, which is past due, and not to installment 2, which is not due.
    """
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=12, method="equal_principal", early="apply")
    account = lc.Account(loan, [lc.Payment("2026-02-20", 150, installment=3)])
    assert [(line.installment, line.component, str(line.amount)) for line in account.receipts[0].lines] == [
        (3, "interest", "10.00"), (3, "principal", "100.00"), (1, "interest", "12.00"), (1, "principal", "28.00"),
    ]  # fmt: skip
    assert str(account.as_of("2026-02-20").past_due) == "principal 72.00"


def test_late_interest_that_alone_stays_unpaid_goes_on_to_bear_interest() -> None:
    """1 000.00 at 1 % a night: after ten nights 100.00 of late interest, and 1 % of what it had come to before each, 0.10 x (0 + 1 +
    ... + 9) = 4.50. The principal is paid then; ten nights more on 100.00 are 10.00.
    """
    late = lc.LateTerms(lc.LateInterest("1%/day", compound="interest-and-late-interest"))
    order = ["interest", "principal", "cost", "fee", "penalty", "compound_interest", "late_interest"]
    loan = lc.Loan(1_000, "0%", "2026-01-01", installments=1, late=late, allocation=lc.Allocation(order, "vertical"))
    account = lc.Account(loan, [lc.Payment("2026-02-11", 1_000)])
    assert str(account.as_of("2026-02-11").past_due) == "compound_interest 4.50, late_interest 100.00"
    assert str(account.as_of("2026-02-21").past_due) == "compound_interest 14.50, late_interest 100.00"


def test_what_goes_back_of_a_daily_loan_that_was_repaid_bears_interest_that_is_owed_at_once() -> None:
    """300.00 and 36.00 of interest are paid on 31 January, the rest on 10 February. The first payment goes back on 20 February: from
    then on 300.00 bear 0.30 a night, owed with what is past due, and not on the last date of a plan that has ended.
    """
    loan = lc.Loan(
        1_200, "0.1%/day", "2026-01-01", installments=4, every="30 days", method="equal_principal", accrual="daily"
    )
    paid = lc.Payment("2026-01-31", 336, id="paid")
    account = lc.Account(loan, [paid, lc.Payoff("2026-02-10"), lc.Chargeback("2026-02-20", "paid")])
    assert str(account.as_of("2026-02-20").past_due) == "interest 36.00, principal 300.00"
    position = account.as_of("2026-02-25")
    assert (str(position.past_due), position.next_due) == ("interest 37.50, principal 300.00", None)
    assert account.with_payment("2026-02-25", "337.50").as_of("2026-06-01").is_closed


def test_late_interest_does_not_begin_again_where_more_than_is_tolerated_goes_back_after_a_charge_off() -> None:
    """1 000.00 past due since 31 January bear 2.00 a night, 20.00 by the charge-off on 10 February. All but 4.00 are paid, which is
    tolerated; that goes back, and 1 000.00 are past due again, on which nothing accrues any more.
    """
    late = lc.LateTerms(lc.LateInterest("0.2%/day"), tolerance=lc.Tolerance(5))
    loan = lc.Loan(1_000, "0%/day", "2026-01-01", end="2026-01-31", method="lump_sum", late=late)
    off, paid = lc.ChargeOff("2026-02-10", further_interest=False), lc.Payment("2026-02-15", 1_016, id="paid")
    account = lc.Account(loan, [off, paid, lc.Chargeback("2026-02-20", "paid")])
    assert str(account.as_of("2026-03-20").past_due) == "late_interest 20.00, principal 1000.00"


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_interest_that_was_put_off_is_asked_for_once_where_the_loan_was_called_before_its_new_plan(
    accrual: str,
) -> None:
    """1 200.00 bear 1.20 a night; two installments are put off, and the loan is called after 19 nights: 22.80 are due with all
    principal, and join it on 30 January, a daily loan's with ten nights more. Half of that is due on 1 March, with 30 nights.
    """
    loan = lc.Loan(
        1_200, "0.1%/day", "2026-01-01", installments=4, every="30 days", method="equal_principal", accrual=accrual
    )
    new = lc.Reaging("2026-01-30", first_due="2026-03-01", installments=2, every="30 days", overdue="capitalize")
    account = lc.Account(loan, [lc.Deferral("2026-01-01", 2, interest="next"), lc.Acceleration("2026-01-20"), new])
    first = account.schedule("2026-01-30")[-2].agreed
    joined = Decimal("22.80") if accrual == "scheduled" else Decimal("34.80")
    assert first.principal == (1_200 + joined) / 2
    assert str(first.interest) == {"scheduled": "36.68", "daily": "37.04"}[accrual]  # 36.684 and 37.044


@pytest.mark.parametrize(("accrual", "second"), [("scheduled", "69.00"), ("daily", "72.00")])
def test_interest_that_was_past_due_is_asked_for_with_the_next_installment_though_that_repays_no_principal(
    accrual: str, second: str
) -> None:
    """36.00 of 30 nights are past due on 10 February. A new plan asks for them with its next installment, on 2 March, as it pays its
    own interest: 20 nights of 1.20, and before those 10 nights, of 900.00 on a scheduled loan and of 1 200.00 on a daily one.
    """
    loan = lc.Loan(
        1_200, "0.1%/day", "2026-01-01", installments=4, every="30 days", method="equal_principal", accrual=accrual
    )
    new = lc.Restructuring("2026-02-10", first_due="2026-03-02", every="30 days", installments=3,
                           moratorium=lc.Moratorium(1, "paid"), overdue={"interest": "next", "principal": "capitalize"})  # fmt: skip
    plan = lc.Account(loan, [new]).schedule("2026-02-10")
    assert [str(row.agreed.total) for row in plan][1:] == [second, "636.00", "618.00"]


def test_the_oldest_money_pays_first_where_money_that_had_covered_an_installment_ahead_is_held_again() -> None:
    """100.00 cover a part of the last installment, 50.00 wait for a penalty. The payoff pays what is past due first, 12.00 of interest
    before principal, with the money that came first.
    """
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=3, method="equal_principal", early="apply")
    paid = [lc.Payment("2026-02-20", 100, installment=3), lc.Payment("2026-02-25", 50, only="penalty")]
    receipts = lc.Account(loan, [*paid, lc.Payoff("2026-03-01")]).receipts
    assert [str(receipt.parts) for receipt in receipts[:2]] == ["interest 12.00, principal 88.00", "principal 50.00"]


def test_interest_of_an_actuarial_payoff_is_rounded_as_interest_whatever_principal_it_is_paid_with() -> None:
    """1 120.00 a month, and 1 120.50 at the end, repay 12 000.50 at 1.78797 % a month; after six, and 10 of 31 nights, 6 355.64 are
    owed: 355.14 over 6 000.50 of principal, and 355 where interest is whole.
    """
    loan = lc.Loan("12000.50", "1%/month", "2026-01-15", installments=12, method="flat",
                   prepayment=lc.Prepayment("actuarial"), rounding=lc.Rounding(100))  # fmt: skip
    paid = [lc.Payment(row.due, row.payable) for row in loan.schedule()[:6] if row.due]
    assert str(lc.Account(loan, paid).as_of("2026-07-25").payoff_interest) == "355.00"


def test_interest_of_an_actuarial_payoff_that_is_whole_is_not_rounded_up() -> None:
    """One payment of 969 387.50 repays 969 339.00 after ten nights: one night is worth 4.85."""
    loan = lc.Loan(969_339, "0.18%", "2038-02-22", installments=1, every="10 days", method="flat", day_count="ACT/360",
                   prepayment=lc.Prepayment("actuarial"), rounding=lc.Rounding(5, "up"))  # fmt: skip
    assert str(loan.schedule().total_interest) == "48.50"
    assert str(lc.Account(loan).as_of("2038-02-23").payoff_interest) == "4.85"


def test_a_moratorium_capitalizes_all_interest_of_its_first_period_though_an_earlier_one_was_let_go() -> None:
    """1 200.00 bear 1.20 a night. The interest of January is let go; a new plan of 10 February adds that of its first two periods to
    the principal: 36.00 of the 30 nights to 2 March, those before the new plan too, and then 37.08.
    """
    loan = lc.Loan(1_200, "0.1%/day", "2026-01-01", installments=4, every="30 days", method="equal_principal")
    new = lc.Restructuring("2026-02-10", installments=4, moratorium=lc.Moratorium(2, "capitalized"), overdue="keep")
    off = lc.Deferral("2026-01-01", 1, interest="waive", term="same")
    plan = lc.Account(loan, [off, new]).schedule("2026-02-10")
    assert [str(row.outstanding) for row in plan][:3] == ["1200.00", "1236.00", "1273.08"]


@pytest.mark.parametrize(("accrual", "interest"), [("scheduled", "70.78"), ("daily", "74.60")])
def test_a_prepayment_pays_interest_that_went_back_of_an_earlier_one(accrual: str, interest: str) -> None:
    """12 000.00 at 1 % a month. 3 000.00 of 25 January pay 12 000.00 x 1 % x 10/31 = 38.71 and 2 961.29 of principal, and go back on
    1 February. To 5 February another 11 nights of the 9 038.71 that the plan has: 32.07. Where every night bears interest, 7 of
    them, 20.41, and 4 on 12 000.00, 15.48.
    """
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, method="equal_principal", accrual=accrual)
    account = lc.Account(
        loan, [lc.Payment("2026-01-25", 3_000, effect="lower", id="p"), lc.Chargeback("2026-02-01", "p")]
    )
    again = account.with_events(lc.Payment("2026-02-05", 1_000, effect="last"))
    assert str(account.as_of("2026-02-05").payoff_interest) == interest
    assert str(again.receipts[-1].parts.interest) == interest


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("effect", ["lower", "last"])
def test_a_prepayment_that_goes_back_and_comes_again_is_as_one(accrual: str, effect: str) -> None:
    """12 000.00 at 1 % a month in six parts. 2 000.00 of 30 January lower the parts, go back, and come again on the same day; 1 000.00
    came before, which a daily loan counts toward the first installment: they pay 38.71 and 961.29. The 2 000.00 pay the interest of
    another five nights on 11 038.71, 17.80, and 1 982.20: of 10 017.80 a sixth is 1 669.63, and is asked for once.
    """
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, method="equal_principal", accrual=accrual)
    lower = lc.Payment("2026-01-30", 2_000, effect="lower", id="first")
    once = lc.Account(loan, [lc.Payment("2026-01-25", 1_000), lower])
    again = once.with_events([lc.Chargeback("2026-01-30", "first"), lc.Payment("2026-01-30", 2_000, effect=effect)])
    rows = [[(row.due, row.agreed) for row in account.schedule("2026-01-30")] for account in (once, again)]
    assert rows[0] == rows[1]
    assert once.as_of("2026-01-30").next_due == again.as_of("2026-01-30").next_due
    if accrual == "daily":
        assert str(rows[1][0][1].principal) == "3651.83"  # with the 1 982.20


@pytest.mark.parametrize("second", ["waive", "next"])
def test_a_plan_begun_anew_bears_interest_after_two_deferrals_that_let_it_go(second: str) -> None:
    """1 000.00 bear 1.00 a night. What two deferrals of the first day let go, or put off, ends where new dates are agreed that day: the
    ten nights to the new due date bear 10.00.
    """
    loan = lc.Loan(1_000, "0.1%/day", "2026-01-01", installments=2, every="1 month", accrual="daily")
    off = [lc.Deferral("2026-01-01", 1, interest=interest) for interest in ("waive", second)]
    anew = lc.Reaging("2026-01-01", first_due="2026-01-11", installments=1, overdue="keep")
    assert str(lc.Account(loan, [*off, anew]).next_due("2026-01-01").amount) == "1010.00"


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_deferral_leaves_the_parts_that_a_prepayment_kept(accrual: str) -> None:
    """1 200.00 without interest in three payments of 400.00; 300.00 cover the last one. Put off, 400.00, 400.00 and 100.00 come later."""
    loan = lc.Loan(1_200, "0%", "2026-01-15", installments=3, accrual=accrual)
    paid, off = lc.Payment("2026-01-20", 300, effect="last"), lc.Deferral("2026-01-25", 1, interest="next")
    rows = lc.Account(loan, [paid, off]).schedule("2026-01-25")
    assert [str(row.agreed.total) for row in rows] == ["300.00", "400.00", "400.00", "100.00"]


def test_a_line_goes_on_where_a_prepayment_goes_back_on_its_day() -> None:
    """500.00 fall due on 31 January and bear 0.15 a night, deferred. All of it and 100.00 of the rest are paid on 3 February, and go back
    that day: the base is what it was, and eleven nights to 11 February are 1.65, so 2.00; not 0.45 and 1.20, each rounded up.
    """
    late = lc.LateTerms(lc.LateInterest("0.03%/day"), grace=lc.Grace(10, "deferred"))
    loan = lc.Loan(1_000, "0%", "2026-01-01", installments=2, every="30 days", method="equal_principal",
                   day_count="ACT/365F", late=late, rounding=lc.Rounding(100, mode="up"))  # fmt: skip
    paid = lc.Payment("2026-02-03", 600, effect="lower", id="paid")
    position = lc.Account(loan, [paid, lc.Chargeback("2026-02-03", "paid")]).as_of("2026-02-11")
    assert str(position.past_due) == "late_interest 2.00, principal 500.00"


def test_nights_whose_interest_was_paid_before_they_came_bore_none_on_what_went_back_inside_a_grace() -> None:
    """600.00 and 36.00 of interest fall due on 31 January. The payment of 2 February pays them and the whole period: two nights of
    1 200.00, 2.40, and 28 of 600.00, 16.80. It goes back that day. The grace ends unpaid on 5 February: of 19.20 the two nights that the
    600.00 bore come off, 1.20. The four nights since were not paid for on it.
    """
    late = lc.LateTerms(lc.LateInterest("0.05%/day"), grace=lc.Grace(5, "deferred"))
    loan = lc.Loan(1_200, "0.1%/day", "2026-01-01", installments=2, every="30 days", method="equal_principal",
                   accrual="daily", early="hold", late=late, prepayment=lc.Prepayment("whole-period"))  # fmt: skip
    paid = lc.Payment("2026-02-02", "755.20", effect="lower", id="paid")
    account = lc.Account(loan, [paid, lc.Chargeback("2026-02-02", "paid")])
    assert str(account.receipts[0].parts) == "interest 55.20, principal 700.00"
    assert str(account.as_of("2026-02-05").interest_to_date) == "19.20"
    position = account.as_of("2026-02-06")
    assert (str(position.interest_to_date), str(position.past_due.late_interest)) == ("18.00", "1.80")
