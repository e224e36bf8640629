"""What a rate change with keep="payment" keeps where no payment is asked for just then, worked out by hand."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

import loancalc as lc

# 1200.00 without interest in three parts of 400.00; two installments are put off, then interest of 1 % a month begins.


def totals(account: lc.Account, day: str) -> list[str]:
    return [str(row.agreed.total) for row in account.schedule(day)]


@pytest.mark.parametrize("day", ["2026-01-20", "2026-02-15", "2026-03-14", "2026-03-20"])
def test_a_payment_is_kept_while_installments_wait_whenever_it_is_agreed(day: str) -> None:
    loan = lc.Loan(1200, "0%", "2026-01-15", installments=3)
    deferral = lc.Deferral("2026-01-18", installments=2, interest="capitalize")
    account = lc.Account(loan, [deferral, lc.RateChange(day, "12%", keep="payment")])
    assert totals(account, day)[:5] == ["0.00", "0.00", "400.00", "400.00", "400.00"]


def test_what_a_payment_that_is_kept_while_installments_wait_leaves_comes_after_the_term() -> None:
    loan = lc.Loan(1200, "0%", "2026-01-15", installments=3)
    deferral = lc.Deferral("2026-01-18", installments=2, interest="capitalize")
    account = lc.Account(loan, [deferral, lc.RateChange("2026-02-15", "12%", keep="payment")])
    # 12.00 join on 15 March: 1212.00 + 12.12 - 400.00 = 824.12, + 8.24 - 400.00 = 432.36, + 4.32 - 400.00 = 36.68, + 0.37
    assert totals(account, "2026-02-15") == ["0.00", "0.00", "400.00", "400.00", "400.00", "37.05"]
    # an agreed moratorium is the same
    waits = lc.Loan(1200, "0%", "2026-01-15", installments=5, moratorium=lc.Moratorium(2, "capitalized"))
    account = lc.Account(waits, [lc.RateChange("2026-02-15", "12%", keep="payment")])
    assert totals(account, "2026-02-15") == ["0.00", "0.00", "400.00", "400.00", "400.00", "37.05"]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_where_no_payment_is_level_what_is_kept_is_principal(accrual: str) -> None:
    loan = lc.Loan(1200, "0%", "2026-01-15", installments=4, accrual=accrual, day_count="30E/360")
    last = [lc.Payment("2026-01-20", 400, effect="last"), lc.RateChange("2026-02-15", "12%", keep="payment")]
    # 1200.00 - 400.00 in parts of 300.00, 300.00 and 200.00; then 500.00 and 200.00 bear 1 %
    assert totals(lc.Account(loan, last), "2026-02-15") == ["700.00", "305.00", "202.00"]
    term = lc.Account(loan, [last[0], lc.RateChange("2026-02-15", "12%", keep="term")])
    # solved again: 500.00 / (1/1.01 + 1/1.01^2) = 253.756
    assert totals(term, "2026-02-15") == ["700.00", "253.76", "253.75"]


# Interest of installments that are put off waits to join the principal while the rate changes: 1000.00 at 0.1 % a night, 30 nights
# to each due date; 1000.00 x 3 % = 30.00 join on 31 January.


def pays_on_time(account: lc.Account, day: str) -> list[str]:
    """What falls due from a day on, each paid on its day."""
    paid, due = list[str](), account.as_of(day).next_due
    while due is not None:
        paid.append(str(due.amount))
        account = account.with_events(lc.Payment(due.date, due.amount))
        due = account.as_of(due.date).next_due
    return paid


@pytest.mark.parametrize("accrual", ["daily", "scheduled"])
def test_a_rate_changes_while_interest_waits_to_join_the_principal(accrual: str) -> None:
    loan = lc.Loan(1000, "0.1%/day", "2026-01-01", installments=4, every="30 days", accrual=accrual)
    off = lc.Account(loan, [lc.Deferral("2026-01-05", installments=2, interest="capitalize")])
    changed = off.with_events(lc.RateChange("2026-02-10", "0.05%/day", keep="term"))
    # 1030.00 x 0.1 % x 10 = 10.30 by 10 February; then 0.515 a night: 10.30 more by 2 March join: 1050.60
    assert str(changed.payoff("2026-02-10")) == "1040.30"
    assert str(changed.as_of("2026-03-02").outstanding_principal) == "1050.60"
    # 1050.60 x 1.5 % / (1 - 1.015^-4) = 272.573
    assert pays_on_time(changed, "2026-03-03") == ["272.57", "272.57", "272.57", "272.59"]
    # on the day on which 30.00 join: 1030.00 x 1.5 % = 15.45 more, 1045.45 x 1.5 % / (1 - 1.015^-4) = 271.237
    at_once = off.with_events(lc.RateChange("2026-01-31", "0.05%/day", keep="term"))
    assert pays_on_time(at_once, "2026-02-01") == ["271.24", "271.24", "271.24", "271.23"]
    # the payment stays: 1060.90 x 3 % / (1 - 1.03^-4) = 285.41. 1050.60 + 15.76 - 285.41 = 780.95, + 11.71 - 285.41 =
    # 507.25, + 7.61 - 285.41 = 229.45, + 3.44
    kept = off.with_events(lc.RateChange("2026-02-10", "0.05%/day", keep="payment"))
    assert pays_on_time(kept, "2026-03-03") == ["285.41", "285.41", "285.41", "232.89"]


@pytest.mark.parametrize("accrual", ["daily", "scheduled"])
def test_nights_rest_and_more_is_paid_out_while_interest_waits_to_join_the_principal(accrual: str) -> None:
    loan = lc.Loan(
        1000, "0.1%/day", "2026-01-01", installments=4, every="30 days", accrual=accrual, method="equal_principal"
    )
    off = lc.Account(loan, [lc.Deferral("2026-01-05", installments=2, interest="capitalize")])
    # ten nights of 1.03 rest: 20.60 and not 30.90 join 1030.00 on 2 March; 1050.60 in parts of 262.65 at 3 %
    rests = off.with_events(lc.InterestPause("2026-02-10", "2026-02-20", keep="term"))
    assert pays_on_time(rests, "2026-03-03") == ["294.17", "286.29", "278.41", "270.53"]
    # 100.00 more bear 20 nights of 0.10: 32.90 join 1130.00; 1162.90 in parts of 290.73 at 3 %
    drawn = off.with_events(lc.Draw("2026-02-10", 100))
    assert pays_on_time(drawn, "2026-03-03") == ["325.62", "316.90", "308.17", "299.43"]


@pytest.mark.parametrize("accrual", ["daily", "scheduled"])
def test_interest_that_waits_for_the_next_installment_does_not_join_the_principal_with_that_of_a_later_deferral(
    accrual: str,
) -> None:
    loan = lc.Loan(
        1000, "0.1%/day", "2026-01-01", installments=6, every="30 days", method="equal_principal", accrual=accrual
    )
    first = lc.Deferral("2026-01-26", 1, interest="next", term="same")
    account = lc.Account(loan, [first, lc.Deferral("2026-02-08", 2, interest="capitalize", term="same")])
    # 30.00 of January wait; 30.00 of February and 1030.00 x 3 % = 30.90 of March join: 1060.90 / 3 = 353.63, and 31.83, 21.22 and
    # 10.61 of interest, the first with the 30.00
    assert str(account.as_of("2026-03-02").outstanding_principal) == "1030.00"
    assert pays_on_time(account, "2026-03-03") == ["415.46", "374.85", "364.25"]


# Several changes in one period: the payment that stays is the one that the plan shows, not that of the period before


@pytest.mark.parametrize("accrual", ["daily", "scheduled"])
def test_a_payment_is_kept_that_a_draw_of_the_same_period_had_solved(accrual: str) -> None:
    loan = lc.Loan(1200, "0%", "2026-01-15", installments=3, accrual=accrual)
    drawn = lc.Account(loan, [lc.Draw("2026-01-20", 300)])
    assert totals(drawn, "2026-01-20") == ["500.00", "500.00", "500.00"]
    kept = drawn.with_events(lc.RateChange("2026-02-01", "12%", keep="payment"))
    # 1500.00 x 1 % x 14/31 = 6.77, 1006.77 left; 10.07, 516.84 left; 5.17, 22.01 left; 0.22
    assert totals(kept, "2026-02-01") == ["500.00", "500.00", "500.00", "22.23"]
    # what is paid out on the day of such a change comes after it, and is solved again over the four installments there are then:
    # 1800.00 x 1 % x 14/31 = 8.129; 1808.129 x 1.01^3 / (1 + 1.01 + 1.01^2 + 1.01^3) = 458.80
    more = kept.with_events(lc.Draw("2026-02-01", 300))
    assert totals(more, "2026-02-01")[:3] == ["458.80", "458.80", "458.80"]


@pytest.mark.parametrize("accrual", ["daily", "scheduled"])
@pytest.mark.parametrize("first", [lc.RateChange("2026-01-20", "12%", keep="term"), lc.Draw("2026-01-20", 300)])
def test_the_same_rate_with_the_same_payment_is_the_same_plan_after_a_change_of_the_same_period(
    accrual: str, first: lc.Event
) -> None:
    rate = "12%" if isinstance(first, lc.RateChange) else "6%"
    loan = lc.Loan(1200, "6%", "2026-01-15", installments=4, accrual=accrual)
    changed = lc.Account(loan, [first])
    again = changed.with_events(lc.RateChange("2026-01-25", rate, keep="payment"))
    assert totals(again, "2026-01-25") == totals(changed, "2026-01-25")
    rests = changed.with_events(lc.InterestPause("2026-01-25", "2026-02-01", keep="payment"))
    assert totals(rests, "2026-01-25")[:3] == totals(changed, "2026-01-25")[:3]


@pytest.mark.parametrize("accrual", ["daily", "scheduled"])
@pytest.mark.parametrize(
    "event",
    [
        lc.Restructuring("2026-02-10", installments=3),
        lc.Restructuring("2026-02-10", installments=3, rate="0.1%/day"),
        lc.Reaging("2026-02-10", first_due="2026-03-12", installments=3),
    ],
)
def test_a_new_plan_ends_what_a_deferral_lets_go(accrual: str, event: lc.Event) -> None:
    loan = lc.Loan(1000, "0.1%/day", "2026-01-01", installments=4, every="30 days", accrual=accrual)
    off = lc.Account(loan, [lc.Deferral("2026-01-05", installments=2, interest="waive")])
    # four nights of 1.00 before the deferral, none up to 2 March, the second of the due dates that are put off
    assert (str(off.payoff("2026-02-10")), str(off.payoff("2026-02-21"))) == ("1004.00", "1004.00")
    # the new plan asks for installments from 10 February on: eleven nights of 1.00
    anew = off.with_events(event)
    assert (str(anew.payoff("2026-02-10")), str(anew.payoff("2026-02-21"))) == ("1004.00", "1015.00")


def test_a_new_plan_on_the_day_of_a_deferral_lets_nothing_go() -> None:
    loan = lc.Loan(1000, "0.1%/day", "2026-01-01", installments=4, every="30 days", accrual="daily")
    off = [lc.Deferral("2026-01-05", installments=2, interest="waive"), lc.Restructuring("2026-01-05", installments=3)]
    assert str(lc.Account(loan, off).payoff("2026-01-15")) == "1014.00"


def test_two_changes_of_one_day_that_keep_something_else_are_refused() -> None:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=5)
    first = lc.RateChange("2026-02-20", "9%", keep="term", id="first")
    account = lc.Account(loan, [first, lc.RateChange("2026-02-20", "15%", keep="payment")])
    with pytest.raises(
        lc.LoanError, match=r"got keep 'payment' on the day of another change, which keeps the 'term'; expected"
    ):
        account.as_of("2026-03-01")
    # the last of two that keep the same counts, and one that was taken back does not
    same = lc.Account(loan, [first, lc.RateChange("2026-02-20", "15%", keep="term")])
    alone = lc.Account(loan, [lc.RateChange("2026-02-20", "15%", keep="term")])
    assert totals(same, "2026-03-01") == totals(alone, "2026-03-01")
    corrected = account.with_events(lc.Reversal("first", booked="2026-02-21"))
    kept = lc.Account(loan, [lc.RateChange("2026-02-20", "15%", keep="payment")])
    assert totals(corrected, "2026-03-01") == totals(kept, "2026-03-01")


def test_a_later_change_solves_over_all_the_term_that_a_kept_payment_needs() -> None:
    # 2 500.00 in 16 quarters without interest at 156.00; 26.2 % from the second due date on leaves 156.00 - 2 188.00 x 6.55 % = 12.69
    # of the next payment: it needs 42 quarters. 13.58 % from the twelfth due date on is paid over the 30 that are left of those, not
    # over the 20 of twice the term that was agreed.
    path = lc.RatePath(
        "0%", {"2026-05-15": "26.2%", "2028-11-15": "13.58%"}, keep={"2026-05-15": "payment", "2028-11-15": "term"}
    )
    plan = lc.Loan(2500, path, "2025-11-15", every="3 months", payment=156, installments=16).schedule()
    balance, rows = Decimal(2500), 0
    owed_then = balance
    while balance > 0:
        rows += 1
        interest = (balance * (Decimal("0.0655") if rows > 2 else 0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        balance -= min(156 - interest, balance)
        owed_then = balance if rows == 12 else owed_then
    assert len(plan) == rows == 42
    assert plan[11].balance == owed_then
    left = rows - 12
    level = (owed_then * Decimal("0.03395") / (1 - Decimal("1.03395") ** -left)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )
    assert {row.total for row in plan[12:-1]} == {level}
    plan.check()


def test_what_is_left_is_not_asked_for_with_an_installment_that_waits() -> None:
    # 12 yen at 1.11 % a month, payments in steps of 5: each pays 5 of interest, and 12 are left to the last. What rounding may leave, 5
    # for each of six installments, would cover all 12; but two deferrals move every installment, and who waits asks for nothing: the
    # fourth asks for its 5 and for the 5 of each of the two periods that waited, the last for 12 and its 5
    rounding = lc.Rounding(5, "up")
    loan = lc.Loan(12, "1.11%/month", "2023-10-17", installments=5, every="2 weeks", day_count="30E/360", accrual="daily",
                   currency="JPY", rounding=rounding)  # fmt: skip
    paid = [lc.Payment("2023-10-31", 5), lc.Payment("2023-11-14", 5)]
    off = [lc.Deferral("2023-11-28", 1, interest="next") for _ in range(2)]
    assert totals(lc.Account(loan, [*paid, *off]), "2023-11-28") == ["5", "5", "5", "0", "0", "15", "17"]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_payment_is_kept_that_was_solved_again_while_its_installment_waits(accrual: str) -> None:
    # 1 000.00 at 0.1 % a night over two installments of 30 nights; the first is put off on 3 January, and at 0.05 % from the 4th
    # on 1 000.00 x 1.5 % / (1 - 1.015 ** -2) = 511.28 are asked for twice, the first time with January's 3 x 1.00 + 27 x 0.50 =
    # 16.50. The payment that stays on 1 February, at the same rate, is this one, not the 522.61 of 3 % before
    loan = lc.Loan(1_000, "0.1%/day", "2026-01-01", installments=2, every="30 days", accrual=accrual)
    changed = [lc.Deferral("2026-01-03", 1, interest="next"), lc.RateChange("2026-01-04", "0.05%/day", keep="term")]
    assert totals(lc.Account(loan, changed[:1]), "2026-01-03") == ["0.00", "552.61", "522.61"]
    assert totals(lc.Account(loan, changed), "2026-01-04") == ["0.00", "527.78", "511.28"]
    kept = lc.Account(loan, [*changed, lc.RateChange("2026-02-01", "0.05%/day", keep="payment")])
    assert totals(kept, "2026-02-01") == ["0.00", "527.78", "511.28"]
