"""What a plain loop in fractions found in plans of terms that meet, each worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc
from loancalc.errors import InvalidTerms, NoSolution


def plan_of(**terms: Any) -> lc.Schedule:
    plan = lc.Loan(**{"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12} | terms).schedule()
    plan.check()
    return plan


def totals(plan: lc.Schedule) -> list[str]:
    return [str(row.total) for row in plan]


# Down payments


def test_a_down_payment_is_rounded_to_the_step_that_a_finer_rounding_names() -> None:
    """5 tenths of a minor unit are less than one: half of 9001 yen is 4500.5, so 4501. It was rounded to 5 whole yen, 4500."""
    fine = lc.Rounding(installment=lc.Rounding(5, places=1))
    plan = plan_of(principal=9_001, rate="0%", installments=2, currency="JPY", rounding=fine, down_payment="50%")
    assert totals(plan)[0] == "4501.0"
    tranche = lc.Tranche("2026-01-20", 9_001, down_payment="50%")
    later = plan_of(principal=9_001, rate="0%", installments=2, currency="JPY", rounding=fine, tranches=[tranche])
    assert totals(later)[0] == "4501.0"


def test_a_down_payment_has_to_fall_between_two_due_dates() -> None:
    """19 April 2025 is a Saturday: its installment is due on the 21st, but its interest ends on the 19th, and that of what is paid
    out then begins. The row of the down payment of the 19th stood after that of the 21st.
    """
    terms: dict[str, Any] = {
        "start": "2025-01-19", "installments": 6, "method": "interest_only", "calendar": "WEEKENDS", "adjust": "following"
    }  # fmt: skip
    tranche = lc.Tranche("2025-04-19", 5_000, down_payment="10%")
    with pytest.raises(InvalidTerms, match=r"down_payment: got one on 2025-04-19, .* from 2025-04-21 to 2025-05-19"):
        plan_of(**terms, interest_moves=False, tranches=[tranche])
    moved = plan_of(**terms, interest_moves=True, tranches=[tranche])
    assert [str(row.due) for row in moved[2:5]] == ["2025-04-19", "2025-04-21", "2025-05-19"]


# Residue of equal parts


def test_equal_parts_in_steps_spread_what_is_over_in_steps() -> None:
    """10 000 in seven parts of whole tens: 1 000 tens are 142 for each and 6 more, one each for the first six."""
    tens = lc.Rounding(installment=lc.Rounding(1_000), residue="spread")
    plan = plan_of(principal=10_000, rate="0%", installments=7, method="equal_principal", rounding=tens)
    assert [str(row.principal) for row in plan] == ["1430.00"] * 6 + ["1420.00"]


def test_what_is_less_than_a_step_is_in_the_last_part() -> None:
    tens = lc.Rounding(installment=lc.Rounding(1_000), residue="spread")
    plan = plan_of(principal=10_005, rate="0%", installments=7, method="equal_principal", rounding=tens)
    assert [str(row.principal) for row in plan] == ["1430.00"] * 6 + ["1425.00"]


# Steps after a moratorium


def test_steps_of_a_graduated_plan_are_counted_from_the_first_installment_that_repays() -> None:
    """Two months of interest, then four payments, of which the third is the first larger one: x, x, 1.5 x, 1.5 x of 5 x = 5 000."""
    waits, halves = lc.Moratorium(2, "paid"), lc.Graduated("50%", every=2)
    plan = plan_of(principal=5_000, rate="0%", installments=6, method=halves, moratorium=waits)
    assert totals(plan) == ["0.00", "0.00", "1000.00", "1000.00", "1500.00", "1500.00"]


def test_a_moratorium_uses_up_no_step() -> None:
    """With one step they were all taken before the first payment: four equal ones."""
    once = lc.Graduated(amount=100, steps=1)
    plan = plan_of(principal=5_000, rate="0%", installments=6, method=once, moratorium=lc.Moratorium(2, "paid"))
    assert totals(plan) == ["0.00", "0.00", "1175.00", "1275.00", "1275.00", "1275.00"]


def test_new_plans_go_on_with_the_steps_and_the_stated_payments_after_a_moratorium() -> None:
    """Three of five payments are ahead: x + 1.5 x + 1.5 x of 4 000 less 600; stated ones come a month later."""
    terms: dict[str, Any] = {
        "principal": 6_000, "rate": "0%", "start": "2026-01-15", "installments": 6, "moratorium": lc.Moratorium(1, "paid")
    }  # fmt: skip
    halves = lc.Loan(**terms, method=lc.Graduated("50%", every=3))
    paid = [lc.Payment(row.due, row.total) for row in halves.schedule()[1:3] if row.due]
    early = lc.Payment("2026-04-20", 600, effect="lower")
    after = [str(row.agreed.principal) for row in lc.Account(halves, [*paid, early]).schedule("2026-04-20")[3:]]
    assert after == ["1450.00", "1275.00", "1275.00"]  # 600 + 850
    stated = lc.Loan(**terms, method=lc.GivenPayments([1_000, 1_000, 1_200, 1_300]))
    paid = [lc.Payment(row.due, row.total) for row in stated.schedule()[1:3] if row.due]
    later = lc.Deferral("2026-04-20", 1, interest="next")
    after = [str(row.agreed.principal) for row in lc.Account(stated, [*paid, later]).schedule("2026-04-20")[3:]]
    assert after == ["0.00", "1200.00", "1300.00", "1500.00"]


# How far a balance may grow


def test_a_limit_is_a_share_of_all_that_was_paid_out() -> None:
    """At 1 % a month 50 pay half of the interest of 10 000. 101 % of the first pay-out would be passed after two months; with
    10 000 more they are 20 200: 10 050.00, 10 100.50, 20 252.51 is too much, so that the payment is solved in the third."""
    plan = plan_of(
        principal=10_000, payment=50, tranches=[lc.Tranche("2026-03-15", 10_000)], negative_amortization="101.5%"
    )
    assert [str(row.balance) for row in plan[:3]] == ["10050.00", "10100.50", "20251.51"]
    assert plan[3].total > 50


def test_a_limit_may_be_an_amount() -> None:
    by_share, by_amount = (
        plan_of(principal=10_000, payment=50, negative_amortization=limit) for limit in ("101%", "10100.00")
    )
    assert totals(by_share) == totals(by_amount)
    assert [str(row.balance) for row in by_amount[:1]] == ["10050.00"]
    loan = lc.Loan(10_000, "12%", "2026-01-15", installments=12, payment=50, negative_amortization=Decimal(10_100))
    assert eval(repr(loan), vars(lc)).schedule() == loan.schedule()
    undated = {"rate": "12%", "every": "1 month", "periods": 12, "payment": 50}
    assert totals(lc.amortize(10_000, **undated, negative_amortization=10_100)) == totals(by_amount)


@pytest.mark.parametrize("limit", ["9999.99", 1, Decimal("1.15")])
def test_a_limit_below_the_principal_is_refused(limit: Any) -> None:
    with pytest.raises(
        InvalidTerms, match=r"negative_amortization: got .*; expected the principal, 10000\.00, or more"
    ):
        plan_of(principal=10_000, negative_amortization=limit)


def test_a_payment_that_stays_is_solved_over_the_agreed_term_at_the_limit() -> None:
    """It was solved over as many rows as the search for the end had looked at, 1 418 of them.

    477.42 stays at 9 %: its interest is about 727 a month, so that the balance passes 101 000 in the 18th month after, 42 of 360;
    PMT(9 %/12, 318, -100 841.89) is 834.85 and less: 833.15 (as the loop of the tests gives it, too).
    """
    path = lc.RatePath("4%", {"2028-01-01": "9%"}, keep="payment")
    plan = plan_of(principal=100_000, rate=path, start="2026-01-01", installments=360, negative_amortization="101%")
    assert len(plan) == 360
    reached = next(row for row in plan[24:] if row.total != plan[24].total)
    left = 360 - reached.number + 1
    before = float(plan[reached.number - 2].balance)
    assert abs(float(reached.total) + lc.tvm.pmt(0.09 / 12, left, before)) < 0.006


def test_a_limit_that_is_passed_after_the_agreed_term_is_refused() -> None:
    path = lc.RatePath("4%", {"2026-03-15": "60%"}, keep="payment")
    with pytest.raises(
        NoSolution, match=r"negative_amortization: a payment of .* at installment \d+, after the agreed term"
    ):
        plan_of(rate=path, installments=30, negative_amortization="1000%")


# What is refused, and what no longer is


def test_one_level_payment_over_all_rates_is_none_of_one_rate() -> None:
    path = lc.RatePath("12%", {"2026-05-15": "6%"}, keep="level")
    with pytest.raises(InvalidTerms, match="got 'level' with payment 'nominal'"):
        plan_of(rate=path, payment="nominal")


def test_a_plan_that_never_comes_is_not_asked_whether_its_last_interest_can_take_the_residue() -> None:
    """The stated payment of 833 would leave 3 334 to the last, but the rate changes before the first: two of 2 500."""
    path = lc.RatePath("0%", {"2026-02-15": "0%"}, keep="term")
    plan = plan_of(
        principal=5_000, rate=path, installments=3, payment=833, moratorium=lc.Moratorium(1, "paid"),
        rounding=lc.Rounding(residue="last-interest"),
    )  # fmt: skip
    assert totals(plan) == ["0.00", "2500.00", "2500.00"]


def test_flat_interest_after_a_pay_out_in_a_moratorium_proves_itself() -> None:
    """30 000 at 0.01 % a year over two equal months: 0.50 in all, a half of it each. check() took each month by itself."""
    plan = plan_of(
        principal=29_999, rate="0.01%", installments=3, method="flat", moratorium=lc.Moratorium(1, "forgiven"), currency="JPY",
        tranches=[lc.Tranche("2026-01-16", 1)], rounding=lc.Rounding(mode="up"),
    )  # fmt: skip
    assert [int(row.interest) for row in plan] == [0, 1, 0]
    assert "30000 x 0.01% x 1/12 x 2 = 1 in 2 parts -> 1" in plan.explain(2)


def test_a_payment_cap_on_a_longer_balloon_counts_from_the_payment_of_the_agreed_rate() -> None:
    # 100 000 over 360 months at 0.5 %: 599.55; a change in the first period may raise it by 5 %, to 629.53
    path = lc.RatePath("6%", [("2026-01-20", "12%")], keep="term", payment_cap="5%")
    balloon = lc.Balloon(term=360)
    loan = lc.Loan(100_000, path, "2026-01-15", installments=12, method=balloon, negative_amortization="150%")
    assert [str(row.total) for row in loan.schedule()[:2]] == ["629.53", "629.53"]


# Payments that are kept


def test_what_rounding_leaves_of_a_kept_payment_makes_the_term_no_longer_for_a_later_change() -> None:
    """Seven payments of 714 leave 2 of 5 000, which are no eighth one. After two of them a change that keeps the term solves the other
    five: 3 572 in fives are 714 and 2 more. It solved six, of 595.
    """
    keep = {"2023-01-20": "payment", "2023-03-05": "term"}
    path = lc.RatePath("0%", dict.fromkeys(keep, "0%"), keep=keep)
    plan = plan_of(principal=5_000, rate=path, start="2023-01-01", installments=7, currency="JPY")
    assert totals(plan) == ["714"] * 6 + ["716"]


def test_a_change_that_never_comes_leaves_no_rest_of_its_own() -> None:
    """The loan ends in July 2023: that the rate would change in 2024 made an eighth installment of 2."""
    path = lc.RatePath("0%", {"2023-03-05": "0%", "2024-06-01": "0%"}, keep="payment")
    plan = plan_of(principal=5_000, rate=path, start="2023-01-01", installments=7, currency="JPY")
    assert totals(plan) == ["714"] * 6 + ["716"]


def test_a_nominal_payment_that_is_kept_is_that_of_the_agreed_rate() -> None:
    """12 % over twelve: PMT(1 %, 12, 12 000) is 1 066.19, and stays when the first month bears 24 % from its sixth night on. It was
    1 134.72, the payment of 24 %.
    """
    path = lc.RatePath("12%", {"2026-01-20": "24%"}, keep="payment")
    assert totals(plan_of(rate=path, payment="nominal"))[:2] == ["1066.19", "1066.19"]


def test_a_nominal_payment_that_a_pay_out_has_solved_is_kept_when_the_rate_changes_after_it() -> None:
    """12 000, and 1 000 more five days later: PMT(1 %, 12, 13 000) is 1 155.03. It was 1 229.27, that of the 24 % which begin another
    five days later.
    """
    path = lc.RatePath("12%", {"2026-01-25": "24%"}, keep="payment")
    out = lc.Tranche("2026-01-20", 1_000)
    plan, without = (plan_of(rate=rate, payment="nominal", tranches=[out]) for rate in (path, "12%"))
    assert totals(plan)[:2] == totals(without)[:2] == ["1155.03", "1155.03"]


def test_a_down_payment_on_a_first_day_that_the_calendar_moves() -> None:
    """1 January 2023 is a Sunday: 5 000 are paid out on the 2nd, 50 paid back, 4 950 left. The balance was 9 950."""
    laid = lc.periods("2023-01-01", every="1 month", count=2, calendar="WEEKENDS", adjust="following")
    plan = plan_of(
        principal=5_000, rate="0%", start=None, installments=None, periods=laid, currency="JPY", down_payment="1%"
    )
    assert [(str(row.due), int(row.balance)) for row in plan] == [
        ("2023-01-02", 4_950), ("2023-02-01", 2_475), ("2023-03-01", 0)
    ]  # fmt: skip


def test_a_first_payment_is_not_moved_to_less_than_its_interest() -> None:
    # 1 yen; interest of a day, 0.0003 rounded up to 5, then none; a payment of 5 twice. A first payment of 0 would leave 6 to the
    # last, 1 from 5, where 5 leave 1, 4 from 5; but 0 do not pay the interest
    plan = lc.amortize(
        1, rate="0.01%", periods=[Fraction(1, 365), Fraction(0)], rounding=lc.Rounding(5, "up", "first"), currency="JPY"
    )
    assert [(int(row.principal), int(row.interest)) for row in plan] == [(0, 5), (1, 0)]
