"""What the comparison of two engines found (`test_day_by_day`), each with its arithmetic."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import loancalc as lc


def daily(days: int, grace: lc.Grace, rate: str = "0.2%/day", **late: Any) -> lc.Loan:
    """10 000.00 at 0.1 % a day, 10.00 a night; at 0.2 % a day when late."""
    terms = lc.LateTerms(lc.LateInterest(rate, **late), grace=grace)
    return lc.Loan(10_000, "0.1%/day", "2026-01-01", end=date(2026, 1, 1) + timedelta(days), method="lump_sum",
                   accrual="daily", late=terms)  # fmt: skip


def test_nights_of_a_deferred_grace_after_maturity_bear_the_contract_rate_until_they_bear_the_late_one() -> None:
    # due 31 January with 30 nights, 300.00; two nights later 20.00 more; once late, 4 nights x 20.00 and not those
    account = lc.Account(daily(30, lc.Grace(3, "deferred")))
    inside, late = account.as_of("2026-02-02").past_due, account.as_of("2026-02-04").past_due
    assert (str(inside.interest), str(inside.late_interest)) == ("320.00", "0.00")
    assert (str(late.interest), str(late.late_interest)) == ("300.00", "80.00")
    paid = account.with_payment("2026-02-02", "10320.00").as_of("2026-03-01")
    assert paid.is_closed


def test_interest_after_maturity_is_no_base_even_after_it_was_touched() -> None:
    # 3 free nights bear 30.00 of contract interest; compound interest runs on the 300.00 that fell due, 0.60 a night,
    # and on what is left of it, whether or not a payment settled something in between
    loan = daily(30, lc.Grace(3, "free"), compound="interest")
    order = ["cost", "interest", "principal", "fee", "penalty", "late_interest", "compound_interest"]
    account = lc.Account(with_end(loan, order), [lc.Payment("2026-02-10", "310.00")])
    assert str(account.as_of("2026-02-10").past_due.interest) == "20.00"
    assert (
        account.as_of("2026-02-10").past_due.compound_interest == account.as_of("2026-03-10").past_due.compound_interest
    )
    assert account.as_of("2026-02-10").oldest_unpaid_due == date(2026, 1, 31)


def with_end(loan: lc.Loan, order: list[str]) -> lc.Loan:
    return lc.Loan(loan.principal, loan.rate, loan.start, end=loan.end, method="lump_sum", accrual="daily",
                   late=loan.late, allocation=lc.Allocation(order, "vertical"))  # fmt: skip


def test_what_will_be_due_next_knows_that_a_free_grace_ends_before() -> None:
    # 5 000.00 stay unpaid on 31 January: 3 of the 28 nights to 28 February bear the contract rate, then the late one
    late = lc.LateTerms(lc.LateInterest("0.2%/day"), grace=lc.Grace(3, "free"))
    loan = lc.Loan(10_000, "0.1%/day", "2026-01-01", installments=2, first_due="2026-01-31", month_end=True,
                   method="equal_principal", accrual="daily", late=late)  # fmt: skip
    account = lc.Account(loan)
    for day in ("2026-02-01", "2026-02-03", "2026-02-20"):
        next_due = account.as_of(day).next_due
        assert next_due is not None
        assert str(next_due.amount) == "5155.00"  # 5 000 + 28 x 5.00 + 3 x 5.00
    assert str(account.as_of("2026-02-28").due.total) == "5155.00"


def test_what_will_be_due_next_knows_that_interest_put_off_joins_the_principal_and_bears_interest() -> None:
    # down to cents: 5 590.00 x 0.011 % x 31 = 19.0619; 5 609.06 x 0.011 % x 28 = 17.2759
    loan = lc.Loan(5_590, "0.011%/day", "2047-01-09", installments=1, first_due="2047-02-09", accrual="daily",
                   method="annuity", rounding=lc.Rounding(mode="down"))  # fmt: skip
    account = lc.Account(loan, [lc.Deferral("2047-01-25", 1, interest="capitalize")])
    for day in ("2047-01-26", "2047-02-09", "2047-03-01", "2047-03-09"):
        next_due = account.as_of(day).next_due
        assert next_due is not None
        assert (str(next_due.date), str(next_due.amount)) == ("2047-03-09", "5626.33")


def test_what_is_taken_back_at_the_end_of_a_deferred_grace_is_what_had_accrued() -> None:
    # whole units: one night 1.40 -> 1.00, paid; three nights 4.20 -> 4.00; not the 5.60 -> 6.00 of four nights at once.
    # The 1.00 that was paid pays late interest instead: 4 nights x 2.80 = 11.20 -> 11.00, less 1.00
    loan = lc.Loan(1_400, "0.1%/day", "2026-01-01", end="2026-01-31", method="lump_sum", accrual="daily",
                   rounding=lc.Rounding(100), late=lc.LateTerms(lc.LateInterest("0.2%/day"), grace=lc.Grace(3, "deferred")))  # fmt: skip
    past_due = lc.Account(loan, [lc.Payment("2026-02-01", 43)]).as_of("2026-02-04").past_due
    assert (str(past_due.interest), str(past_due.late_interest), str(past_due.principal)) == (
        "0.00",
        "10.00",
        "1400.00",
    )


def test_late_interest_that_is_over_before_the_loan_begins_takes_nothing_from_what_falls_due_next() -> None:
    # all 10 000.00 bear 0.1 % a night throughout, 10.00; 28 nights from 31 January to 28 February
    late = lc.LateTerms(lc.LateInterest("0.2%/day", starts=3, stops="2025-01-01"))
    loan = lc.Loan(10_000, "0.1%/day", "2026-01-01", installments=2, first_due="2026-01-31", month_end=True,
                   method="equal_principal", accrual="daily", late=late)  # fmt: skip
    account = lc.Account(loan)
    for day in ("2026-02-01", "2026-02-20", "2026-02-28"):
        next_due = account.as_of(day).next_due
        assert next_due is not None
        assert str(next_due.amount) == "5280.00"


@pytest.mark.parametrize(
    ("grace", "late", "interest"),
    [
        (lc.Grace(3, "free"), {"stops": 2}, "270.00"),  # 140.00 of what is not due, and 3 + 23 nights of 5.00
        (lc.Grace(3, "free"), {"stops": "2026-02-10"}, "245.00"),  # 3 nights, and from 10 February 18
        (None, {"stops": 20}, "180.00"),  # the last 8
        (lc.Grace(4, "deferred"), {"starts": 3, "stops": 5}, "255.00"),  # 3 nights, and from 8 February 20
        (lc.Grace(4, "deferred"), {"stops": 2}, "270.00"),  # 26 after 2, when the grace still lasts
        (None, {"stops": "cap"}, "225.00"),  # 0.2 % a night is 10.00: on 11 February 110.00 exceed the cap of 105.00
    ],
)
def test_what_will_be_due_next_knows_that_late_interest_ends_before(
    grace: lc.Grace | None, late: dict[str, Any], interest: str
) -> None:
    """5 000.00 of 10 000.00 stay unpaid on 31 January; a night bears 5.00 of each half where it is not late."""
    caps = [lc.Cap(amount=105)] if late["stops"] == "cap" else []
    terms = lc.LateTerms(lc.LateInterest("0.2%/day", **late), grace=grace, caps=caps)
    loan = lc.Loan(10_000, "0.1%/day", "2026-01-01", installments=2, first_due="2026-01-31", month_end=True,
                   method="equal_principal", accrual="daily", late=terms)  # fmt: skip
    account = lc.Account(loan)
    for day in ("2026-02-01", "2026-02-02", "2026-02-05", "2026-02-11", "2026-02-20"):
        assert account.as_of(day).next_due == (date(2026, 2, 28), 5000 + Decimal(interest))
    assert str(account.as_of("2026-02-28").due.interest) == interest


# What late rates below the contract rate and graces that are short of what is owed found


def test_interest_that_was_paid_and_turns_out_not_to_be_owed_is_money_again() -> None:
    """10 000.00 and 30 nights of 10.00 are due on 31 January; two nights later 20.00 more are paid with all but 9.00. The grace
    ends: two nights of 10 000.00 and two of 9.00 bore 0.05 %, 10.00 + 0.009 -> 0.01, not 20.00 and 0.02. Of the 20.00 that
    were paid 10.01 are late interest, 9.00 pay the rest, 0.99 are credit.
    """
    account = lc.Account(daily(30, lc.Grace(3, "deferred"), rate="0.05%/day"), [lc.Payment("2026-02-02", 10_311)])
    assert str(account.as_of("2026-02-03").past_due) == "interest 0.01, principal 9.00"
    found = account.as_of("2026-02-04")
    assert (str(found.past_due), str(found.credit), found.is_closed) == ("nothing", "0.99", True)
    paid = account.receipts_as_of("2026-02-04")[0]
    assert str(paid.parts) == "late_interest 10.01, interest 300.00, principal 10000.00"
    assert str(account.receipts_as_of("2026-02-03")[0].parts) == "interest 320.00, principal 9991.00"


@pytest.mark.parametrize(
    ("late", "late_interest", "interest"),
    [
        ({"starts": 2}, "60.00", "320.00"),  # two nights of 10.00, then three of 20.00
        ({"starts": 2, "stops": 2}, "40.00", "330.00"),  # two, two, and one more of 10.00
        ({"stops": 2}, "40.00", "330.00"),  # two of 20.00, three of 10.00
        ({"starts": 6}, "0.00", "350.00"),  # five nights, none of them late yet
    ],
)
def test_only_nights_that_bore_the_late_rate_are_taken_off_at_the_end_of_a_deferred_grace(
    late: dict[str, Any], late_interest: str, interest: str
) -> None:
    """After maturity on 31 January with 300.00 of interest; the grace of 4 days is over on 5 February."""
    account = lc.Account(daily(30, lc.Grace(4, "deferred"), **late))
    assert str(account.as_of("2026-02-04").past_due.interest) == "340.00"
    past_due = account.as_of("2026-02-05").past_due
    assert (str(past_due.late_interest), str(past_due.interest)) == (late_interest, interest)


# Under caps


def test_an_event_that_touches_no_base_leaves_compound_interest_under_a_cap_as_it_is() -> None:
    late = lc.LateTerms(
        lc.LateInterest("24%", day_count="ACT/365F", compound="interest-and-late-interest"),
        caps=[lc.Cap(rate="18%", covers=["late_interest"])],
    )
    account = lc.Account(lc.Loan(10_000, "12%", "2018-01-03", installments=1, late=late))
    touched = account.with_events(lc.Charge("2018-09-01", "cost", 1))
    for one in (account, touched):
        assert str(one.as_of("2019-06-30").past_due.compound_interest) == "504.59"


# A penalty of the day and what is given up at the end of it


@pytest.mark.parametrize(
    ("event", "owed", "payoff"),
    [
        (None, "30.00", "1020.00"),  # who pays on the day is in time for the 10.00 of that day
        (lc.WriteOff("2026-02-06", "penalty"), "0.00", "1000.00"),
        (lc.WriteOff("2026-02-06", "penalty", 25), "5.00", "1000.00"),  # the 20.00 and half of what was charged today
        (lc.WriteOff("2026-02-06"), "0.00", "0.00"),
    ],
)
def test_what_is_written_off_of_penalties_is_in_no_payoff_of_the_day(
    event: lc.Event | None, owed: str, payoff: str
) -> None:
    """1 000.00 due on 1 February; 20.00 on the first day late, 10.00 on the fifth, 6 February."""
    late = lc.LateTerms(penalties=[lc.Penalty(20), lc.Penalty(10, from_day=5)])
    loan = lc.Loan(1000, "0%", "2026-01-01", installments=1, late=late)
    position = lc.Account(loan, [event] if event else []).as_of("2026-02-06")
    assert (str(position.past_due.penalty), str(position.payoff)) == (owed, payoff)


# Rates that change, and payments and parts that stay

PART = 300
STATED = lc.GivenPrincipal([PART] * 4)


def planned(account: lc.Account, day: str) -> list[str]:
    return [f"{row.agreed.principal} + {row.agreed.interest}" for row in account.schedule(day)]


@pytest.mark.parametrize("method", ["equal_principal", STATED])
@pytest.mark.parametrize(
    ("change", "third", "fourth"),
    [
        (lc.RateChange("2026-03-10", "0.05%/day", keep="term"), "300.00 + 19.60", "100.00 + 1.50"),
        (lc.InterestPause("2026-03-10", "2026-03-20", keep="term"), "300.00 + 20.00", "100.00 + 3.00"),
    ],
)
def test_another_rate_leaves_stated_parts_of_a_daily_loan_as_they_are(
    method: Any, change: lc.Event, third: str, fourth: str
) -> None:
    """Four parts of 300.00, 30 nights of 0.1 % each. 336.00 are due on 31 January, and 500.00 come early: 400.00 bear 12.00 up to
    2 March, which are carried, then 8 nights of 0.40 and 22 of 0.20, or 8 and 12 of 0.40 around ten that rest. What was repaid
    early covers the last part; 100.00 bear 30 nights of 0.05, or of 0.10.
    """
    loan = lc.Loan(1_200, "0.1%/day", "2026-01-01", installments=4, every="30 days", method=method, accrual="daily")
    account = lc.Account(loan, [lc.Payment("2026-01-31", 836), change])
    assert planned(account, "2026-03-20") == ["300.00 + 36.00", "500.00 + 0.00", third, fourth]
    paid = account.with_payment("2026-04-01", Decimal(third[:6]) + Decimal(third[9:]))
    assert str(paid.as_of("2026-05-01").due) == f"interest {fourth[9:]}, principal {fourth[:6]}"


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("on", ["2026-01-15", "2026-02-20", "2026-06-20"])
@pytest.mark.parametrize("principal", [1_007, 1_035, 1_056, 1_084])
def test_the_same_rate_with_the_same_payment_is_the_same_plan(accrual: str, on: str, principal: int) -> None:
    """1 007.00 at 12 % are five payments of 173.69 and, the cents of their rounding in it, one of 173.72: no seventh of 0.03."""
    loan = lc.Loan(principal, "12%", "2026-01-15", installments=6, accrual=accrual, day_count="ACT/365F")
    plan = loan.schedule()
    assert plan.payment is not None
    assert plan[-1].total > plan.payment
    paid = [lc.Payment(row.due, row.total) for row in plan if str(row.due) <= on]
    account = lc.Account(loan, [*paid, lc.RateChange(on, "12%", keep="payment")])
    rows = [row.agreed for row in account.schedule(on)]
    assert [(row.principal, row.interest) for row in rows] == [(row.principal, row.interest) for row in plan]
    path = lc.RatePath("12%", {"2026-03-01": "12%"}, keep="payment")
    agreed = lc.Loan(principal, path, "2026-01-15", installments=6, day_count="ACT/365F")
    assert [row.total for row in agreed.schedule()] == [row.total for row in plan]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize(
    ("events", "interest", "late"),
    [
        ([lc.InterestPause("2026-01-01", "2026-01-02", keep="term")], "290.00", "150.00"),
        # 9 nights of 10.00, ten that rest, 11 of 20.00; ten late ones of 30.00
        ([lc.InterestPause("2026-01-10", "2026-01-20", keep="term"), lc.RateChange("2026-01-15", "73%", keep="term")],
         "310.00", "300.00"),
    ],
)  # fmt: skip
def test_a_multiple_of_the_contract_rate_is_of_the_rate_that_was_agreed_whatever_nights_rest(
    accrual: str, events: list[lc.Event], interest: str, late: str
) -> None:
    """10 000.00 for 30 nights of 10.00, one and a half times as much when late: ten nights on 10 February."""
    terms = lc.LateTerms(lc.LateInterest("1.5x", day_count="ACT/365F"))
    loan = lc.Loan(10_000, "36.5%", "2026-01-01", installments=1, first_due="2026-01-31", month_end=True,
                   day_count="ACT/365F", accrual=accrual, late=terms)  # fmt: skip
    past_due = lc.Account(loan, events).as_of("2026-02-10").past_due
    assert (str(past_due.interest), str(past_due.late_interest)) == (interest, late)


def test_interest_that_was_spread_stays_spread_in_the_next_plan() -> None:
    """12.00 a month; that of the first is past due and spread, 6.00 each. 16 of 30 days since then come to 6.40, for the first."""
    overdue = dict.fromkeys(("cost", "fee", "penalty", "compound_interest", "late_interest", "principal"), "keep")
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=4, method="interest_only", day_count="30E/360")
    anew = lc.Restructuring(
        "2026-03-01", installments=2, first_due="2026-04-01", overdue=overdue | {"interest": "spread"}
    )
    for events in ([anew], [anew, anew]):
        assert planned(lc.Account(loan, events), "2026-03-01")[1:] == ["0.00 + 24.40", "1200.00 + 18.00"]


def test_the_next_plan_keeps_what_waits_for_the_last_installment_apart_from_what_is_spread() -> None:
    """12.00 a month. A deferral puts off 12.00 to the last; the 12.00 of the month after are past due and spread, 6.00 each."""
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=4, method="interest_only")
    overdue = dict.fromkeys(("cost", "fee", "penalty", "compound_interest", "late_interest", "principal"), "keep")
    events: list[lc.Event] = [lc.Deferral("2026-01-20", 1, interest="last", term="same")]
    for on in ("2026-03-20", "2026-03-20", "2026-04-20"):
        events.append(lc.Reamortization(on, overdue=overdue | {"interest": "spread" if on < "2026-04" else "keep"}))
    rows = planned(lc.Account(loan, events), "2026-04-20")
    assert rows[-2:] == ["0.00 + 18.00", "1200.00 + 30.00"]


# Early money of more than the payoff


@pytest.mark.parametrize(
    ("effect", "outstanding", "credit"), [("keep", "6179.02", "8000.00"), ("lower", "0.00", "1739.26")]
)
def test_money_that_keeps_the_plan_does_not_end_it_for_a_fee(effect: str, outstanding: str, credit: str) -> None:
    """12 000 at 1 % a month, six of twelve paid. 8 000.00 on 25 July are more than the payoff, 6 179.02 + 19.93 of interest +
    61.79 of fee = 6 260.74: what is to repay principal ends the loan, what only covers the installments to come waits.
    """
    fee = lc.Fee(percent="1%", of="prepaid-principal", at="prepayment")
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, prepayment=lc.Prepayment(fee=fee))
    paid = [lc.Payment(row.due, row.payable) for row in loan.schedule()[:6]]
    position = lc.Account(loan, [*paid, lc.Payment("2026-07-25", 8_000, effect=effect)]).as_of("2026-07-25")
    assert (str(position.outstanding_principal), str(position.credit)) == (outstanding, credit)


# Plans that change once more, and money that is held or goes back


@pytest.mark.parametrize("second", ["2026-02-25", "2026-03-20"])
def test_a_payment_that_a_daily_loan_keeps_is_the_one_that_an_earlier_change_had_solved(second: str) -> None:
    """Of 12 000.00 at 12 % one of six payments of 2 070.58 is made. From 20 February the rate is 24 %: 5 days of 100.49 x 5/28 and
    23 of 200.99 x 23/28 make the next interest 183.05, and five payments of 2 128.34. The next change keeps those.
    """
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, accrual="daily")
    paid = [lc.Payment("2026-02-15", "2070.58"), lc.Payment("2026-03-15", "2128.34")]
    first = lc.RateChange("2026-02-20", "24%", keep="term")
    shown = [str(row.agreed.total) for row in lc.Account(loan, [*paid, first]).schedule("2026-02-20")]
    assert shown[1:3] == ["2128.34", "2128.34"]
    account = lc.Account(loan, [*paid, first, lc.RateChange(second, "12%", keep="payment")])
    assert [str(row.agreed.total) for row in account.schedule(second)][1:5] == ["2128.34"] * 4


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("keep", ["term", "payment"])
def test_what_is_drawn_on_the_day_of_a_rate_change_is_repaid_in_the_same_term(accrual: str, keep: str) -> None:
    """10 049.42 and 3 000.00 from 20 February at 6 %: 5 days at 12 % and 23 at 6 % on the first, 17.95 + 41.27, 23 days of 0.5 % on
    the second, 12.32, are 71.54 of interest; with 0.5 % a month five payments of 2 650.43.
    """
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, accrual=accrual)
    change, draw = lc.RateChange("2026-02-20", "6%", keep=keep), lc.Draw("2026-02-20", 3_000)
    account = lc.Account(loan, [lc.Payment("2026-02-15", "2070.58"), change, draw])
    assert [str(row.agreed.total) for row in account.schedule("2026-02-20")][1:] == ["2650.43"] * 4 + ["2650.45"]


def test_interest_that_is_spread_stays_in_equal_parts_when_another_plan_follows() -> None:
    """100.49 for each of two installments that are put off, 200.98 in five: 40.20 three times, then 40.19."""
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6)
    off = lc.Deferral("2026-03-01", 2, interest="spread")
    for events in ([off], [off, lc.Reamortization("2026-03-20")], [off, lc.Reamortization("2026-04-20")]):
        plan = lc.Account(loan, [lc.Payment("2026-02-15", "2070.58"), *events]).schedule("2026-04-20")
        assert [str(row.agreed.total) for row in plan][3:] == ["2110.78"] * 3 + ["2110.77", "2110.77"]


def test_held_money_pays_what_is_past_due_on_a_due_date_that_asks_for_nothing() -> None:
    """0.20 a night are allowed: 6.20 of a fee of 12.00 on 1 February, and 5.60 of the rest by 1 March, when the second
    installment, which is put off, has its fee cut. 20.00 came on 1 February: 13.80 were held, and 8.20 are left.
    """
    cap = lc.Cap(rate="7.3%", covers=["fee"], base="outstanding-principal", day_count="ACT/365F", recover=True)
    loan = lc.Loan(1_000, "0%", "2026-01-01", installments=2, method="interest_only", late=lc.LateTerms(caps=[cap]),
                   fees=[lc.Fee(12, each="installment")])  # fmt: skip
    account = lc.Account(loan, [lc.Payment("2026-02-01", 20), lc.Deferral("2026-02-10", 1, interest="next")])
    before, after = account.as_of("2026-02-28"), account.as_of("2026-03-01")
    assert (str(before.past_due), str(before.credit)) == ("fee 5.40", "13.80")
    assert (str(after.past_due), str(after.due), str(after.credit)) == ("nothing", "nothing", "8.20")


def test_a_penalty_recurs_for_an_installment_whose_fee_a_cap_gives_back() -> None:
    """12.00 of fee on 1 February and on 1 March, with 1 000.00. The cap allows nothing until 1 000.00 are past due, then 1.00 a
    night: both fees are cut, and 3.00 of the first have come back on 4 March, the fourth tenth day: 5.00, as for the second on 2 March.
    """
    cap = lc.Cap(rate="36.5%", covers=["fee"], base="past-due-principal", day_count="ACT/365F", recover=True)
    late = lc.LateTerms(penalties=[lc.Penalty(5, every="10 days")], caps=[cap])
    loan = lc.Loan(1_000, "0%", "2026-01-01", installments=2, method="interest_only", late=late,
                   fees=[lc.Fee(12, each="installment")])  # fmt: skip
    account = lc.Account(loan)
    owed = {day: str(account.as_of(day).past_due) for day in ("2026-02-25", "2026-03-02", "2026-03-04")}
    assert owed == {
        "2026-02-25": "nothing",
        "2026-03-02": "fee 1.00, penalty 5.00, principal 1000.00",
        "2026-03-04": "fee 3.00, penalty 10.00, principal 1000.00",
    }


def test_late_interest_that_was_capitalized_bears_interest_again_when_its_payment_goes_back() -> None:
    """1 000.00 past due since 1 February at 1 % a night: 280.00 are capitalized on 1 March and bear 2.80 a night. They are paid on 5
    March with 40.00 of four nights more, and go back on 11 March: five nights to 16 March bear 14.00 again, after 4 x 2.80.
    """
    interest = lc.LateInterest("1%/day", compound="capitalize", capitalizes="1 month")
    order = ["late_interest", "cost", "fee", "penalty", "compound_interest", "interest", "principal"]
    loan = lc.Loan(1_000, "0%", "2026-01-01", installments=1, late=lc.LateTerms(interest),
                   allocation=lc.Allocation(order, "vertical"))  # fmt: skip
    paid = lc.Payment("2026-03-05", 320, id="paid")
    account = lc.Account(loan, [paid, lc.Chargeback("2026-03-11", "paid")])
    assert str(account.as_of("2026-03-11").past_due.compound_interest) == "11.20"
    assert str(account.as_of("2026-03-16").past_due.compound_interest) == "25.20"


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_payments_that_a_deferral_keeps_are_those_that_a_rate_change_had_solved(accrual: str) -> None:
    """From 20 February at 24 % five payments of 2 128.34, the first of which leaves 8 104.13. The interest of a month on it, 162.08,
    is asked for with the next payment: 2 290.42, and then 2 128.34 again.
    """
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, accrual=accrual)
    paid = [lc.Payment("2026-02-15", "2070.58"), lc.Payment("2026-03-15", "2128.34")]
    terms = [lc.RateChange("2026-02-20", "24%", keep="term"), lc.Deferral("2026-03-20", 1, interest="next")]
    plan = lc.Account(loan, [*paid, *terms]).schedule("2026-03-20")
    assert [str(row.agreed.total) for row in plan][2:] == ["0.00", "2290.42", "2128.34", "2128.34", "2128.32"]


def test_a_date_of_capitalization_before_late_interest_begins_begins_nothing() -> None:
    """300.00 of interest are due on 31 January; late nights begin eleven days later. Ten days later nothing is there to be
    capitalized; by 13 February the nights of the 11th and 12th bear 0.2 % of 300.00 each, 0.60.
    """
    account = lc.Account(daily(30, lc.Grace(0, "free"), compound="capitalize", capitalizes="10 days", starts=11))
    assert str(account.as_of("2026-02-13").past_due.compound_interest) == "1.20"


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("method", ["equal_principal", "annuity"])
@pytest.mark.parametrize("on", ["2026-02-15", "2026-02-20"])
def test_what_a_deferral_keeps_is_solved_anew_by_a_draw_of_the_same_day(accrual: str, method: str, on: str) -> None:
    """Of four payments of 300.00 one is made; another is put off on a day on which 300.00 more are paid out: three of 400.00."""
    loan = lc.Loan(1_200, "0%", "2026-01-15", installments=4, method=method, accrual=accrual, day_count="30E/360")
    events = [lc.Payment("2026-02-15", 300), lc.Deferral(on, 1, interest="next"), lc.Draw(on, 300)]
    plan = lc.Account(loan, events).schedule(on)
    assert [str(row.agreed.principal) for row in plan] == ["300.00", "0.00", "400.00", "400.00", "400.00"]


def test_late_interest_on_the_whole_balance_does_not_begin_again_after_a_charge_off_without_further_interest() -> None:
    """1 000.00 past due since 31 January bear 2.00 a night, 20.00 by 10 February, and nothing after the charge-off of that day."""
    late = lc.LateTerms(lc.LateInterest("0.2%/day", base="outstanding-principal"))
    loan = lc.Loan(1_000, "0%/day", "2026-01-01", end="2026-01-31", method="lump_sum", late=late)
    off, paid = lc.ChargeOff("2026-02-10", further_interest=False), lc.Payment("2026-02-15", 1_010, id="paid")
    account = lc.Account(loan, [off, paid, lc.Chargeback("2026-02-20", "paid")])
    assert str(account.as_of("2026-03-20").past_due) == "late_interest 20.00, principal 1000.00"


def test_what_falls_due_next_leaves_out_of_the_principal_what_only_waits() -> None:
    # 203.00 at 0.043 % a night; on 20 December the third installment is paid nine nights early: 46.84 repay, and 156.16 x 0.043 % x 9 =
    # 0.604339 wait for the next one. That is put off, and its own 31 nights join: 2.081613 as 2.08, 158.24 in all. On 29 February
    # 158.24 x 0.043 % x 31 = 2.109339 and the 0.605952 that waited are 2.72: 160.96, as was said on the day of the agreement.
    loan = lc.Loan(
        203, "0.043%/day", "2027-09-29", installments=5, method="interest_only", accrual="daily", rounding="half-even"
    )
    account = lc.Account(
        loan, [lc.Payment("2027-12-20", 54), lc.Deferral("2027-12-29", 1, interest="capitalize", term="same")]
    )
    due = account.as_of("2028-02-29").due
    assert (str(due.interest), str(due.principal)) == ("2.72", "158.24")
    for day in ("2027-12-29", "2028-01-29", "2028-02-10"):
        assert str(account.as_of(day).next_due) == "160.96 on 2028-02-29"


def test_a_prepayment_pays_the_interest_of_its_period_though_what_was_put_off_before_is_paid() -> None:
    # 1 000.00 at 0.1 % a night; the 31.00 of January wait for March and are paid on 1 February. 20 nights later 20.00 have accrued,
    # and 120.00 repay 100.00 of principal; the 31.00 that were paid were taken off again: -11.00 of interest and 131.00
    loan = lc.Loan(1_000, "0.1%/day", "2026-01-01", installments=4, method="interest_only", accrual="daily")
    waits = lc.Deferral("2026-01-05", 1, interest="next", term="same")
    account = lc.Account(loan, [waits, lc.Payment("2026-02-01", 31), lc.Payment("2026-02-21", 120, effect="lower")])
    assert [{name: str(part) for name, part in receipt.parts.items() if part} for receipt in account.receipts] == [
        {"interest": "31.00"}, {"interest": "20.00", "principal": "100.00"},
    ]  # fmt: skip
    # where nothing of it is paid, it waits on
    unpaid = lc.Account(loan, [waits, lc.Payment("2026-02-21", 120, effect="lower")])
    assert unpaid.receipts[0].lines[-1].amount == 100
    assert str(unpaid.as_of("2026-02-21").payoff) == "931.00"


def test_what_was_paid_in_time_and_goes_back_is_charged_its_penalty_though_interest_after_maturity_is_owed() -> None:
    # 600.00 on the first day leave 300.00, 0.30 a night. 11 January asks for nothing, 21 January for 6.00 + 300.00, the 31st
    # for 3.00: nothing but interest. 136.00 on that day pay the penalty of the 22nd, 27.00, both interests and 100.00; the
    # other 200.00 bear 0.20 a night, 2.00 by 10 February. Then all goes back, and the 31st is unpaid: 27.00 more
    late = lc.LateTerms(penalties=[lc.Penalty(27)])
    loan = lc.Loan(900, "0.1%/day", "2026-01-01", installments=3, every="10 days", method="equal_principal",
                   accrual="daily", late=late)  # fmt: skip
    paid = [lc.Payment("2026-01-01", 600), lc.Payment("2026-01-31", 136, id="back")]
    account = lc.Account(loan, [*paid, lc.Chargeback("2026-02-10", "back")])
    assert str(account.receipts_as_of("2026-02-09")[1].parts) == "penalty 27.00, interest 9.00, principal 100.00"
    assert str(account.as_of("2026-02-10").past_due) == "penalty 54.00, interest 11.00, principal 300.00"


def test_a_tolerated_rest_bears_the_contract_rate_from_its_first_night_where_late_interest_is_on_the_whole_balance() -> (
    None
):
    # two late nights of 1 000.00 at 0.2 %, 4.00; 994.00 pay them, 30.00 of interest and 960.00. The 40.00 that are left are
    # tolerated from the night of 2 February on: 0.04 a night
    late = lc.LateTerms(lc.LateInterest("0.2%/day", base="outstanding-principal"), tolerance=lc.Tolerance(50))
    loan = lc.Loan(1_000, "0.1%/day", "2026-01-01", end="2026-01-31", method="lump_sum", accrual="daily", late=late)
    account = lc.Account(loan, [lc.Payment("2026-02-02", 994)])
    assert str(account.receipts[0].parts) == "late_interest 4.00, interest 30.00, principal 960.00"
    for day, interest in (("2026-02-03", "0.04"), ("2026-02-05", "0.12"), ("2026-03-02", "1.12")):
        assert str(account.as_of(day).past_due.interest) == interest


def test_what_touches_no_base_in_a_deferred_grace_does_not_end_the_interest_after_maturity() -> None:
    # 11 January is unpaid, in its grace to the 19th; all is called on the 15th. 100.00 bear the contract rate, those of the 11th the
    # late one: 4 nights, 0.044 -> 0.04, then 5 to the 20th, 0.055 -> 0.06, and not 3 to the waiver, 0.03, and 2 after it, 0.02
    late = lc.LateTerms(lc.LateInterest("0.02%/day"), grace=lc.Grace(8, "deferred"))
    loan = lc.Loan(200, "0.011%/day", "2026-01-01", installments=2, every="10 days", method="equal_principal",
                   accrual="daily", late=late, fees=[lc.Fee(7, each="installment")])  # fmt: skip
    account = lc.Account(loan, [lc.Acceleration("2026-01-15"), lc.Waiver("2026-01-18", "fee", "all")])
    assert str(account.as_of("2026-01-20").installments[1].owed.interest) == "0.10"


def test_a_whole_period_knows_which_principal_begins_to_bear_the_late_rate_tonight() -> None:
    # 300.00 of 11 January are in their free grace to the 14th: 3 nights on 900.00, 2.70; then 7 on 600.00, 4.20. The day
    # after, one of these nights bore 0.60 of late interest on the 300.00
    late = lc.LateTerms(lc.LateInterest("0.2%/day"), grace=lc.Grace(3, "free"))
    loan = lc.Loan(900, "0.1%/day", "2026-01-01", installments=3, every="10 days", method="equal_principal",
                   accrual="daily", late=late, prepayment=lc.Prepayment("whole-period"))  # fmt: skip
    quotes = lc.Account(loan).payoff("2026-01-14", days=1).quotes
    assert [(str(quote.owed), str(quote.interest)) for quote in quotes] == [("309.00", "6.90"), ("309.60", "6.90")]


def test_what_is_tolerated_leaves_the_order_that_holds_while_nothing_is_late() -> None:
    # 103.62 of 106.62 leave 3.00 of principal, which are tolerated: no day is counted, and the order beyond 5 days past due
    # does not hold. 5.00 two weeks later pay principal 3.00, then of the cost 2.00
    late_order = lc.Allocation(["cost", "interest", "principal", "fee", "penalty", "late_interest", "compound_interest"],
                               "vertical")  # fmt: skip
    order = lc.Allocation(["interest", "principal", "fee", "penalty", "late_interest", "compound_interest", "cost"],
                          "vertical", after={5: late_order})  # fmt: skip
    paid = [lc.Payment("2026-02-15", "103.62"), lc.Payment("2026-03-01", 5)]
    for tolerance, settled in ((10, "cost 2.00, principal 3.00"), (2, "cost 5.00")):
        loan = lc.Loan(1_200, "12%", "2026-01-15", installments=12, allocation=order,
                       late=lc.LateTerms(tolerance=lc.Tolerance(tolerance)))  # fmt: skip
        account = lc.Account(loan, [lc.Charge("2026-02-01", "cost", 20), *paid])
        assert account.as_of("2026-03-01").days_past_due == (0 if tolerance == 10 else 14)
        assert str(account.receipts[1].parts) == settled


@pytest.mark.parametrize(("accrual", "is_closed", "unpaid"), [("scheduled", False, "71.26"), ("daily", True, "0.00")])
def test_a_cent_more_than_a_payoff_that_gives_fees_back_is_a_payoff_where_early_money_repays_principal(
    accrual: str, is_closed: bool, unpaid: str
) -> None:
    # 1 200.00 + 12.00 x 10 / 31 = 3.87, less 60.00 x 3 / 4 = 45.00: the payoff is 1 158.87. Where the interest stands, 1 158.88
    # cover installments, with all their interest, 30.14: 1 230.14 less 1 158.88 are left
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=4, accrual=accrual, early="apply",
                   fees=[lc.Fee(60, at="disbursement", settled="paid", rebate="by-installments")])  # fmt: skip
    assert str(lc.Account(loan).payoff("2026-01-25")) == "1158.87"
    account = lc.Account(loan, [lc.Payment("2026-01-25", "1158.88")])
    position = account.as_of("2026-01-25")
    assert (position.is_closed, str(position.payoff)) == (is_closed, "-0.01")
    assert str(account.as_of("2026-06-01").past_due.total) == unpaid


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_deferral_that_lengthens_the_term_leaves_the_last_installment_its_own_date(accrual: str) -> None:
    # 193 are repaid in steps of 5, the interest, below 2, rounds to nothing: five payments of 35, and 18, less than five roundings
    # of up to 5. One of them is put off without interest: all of them come a quarter later, the 18 too
    loan = lc.Loan(193, "0.33%/month", "2051-04-14", installments=6, every="3 months", currency="JPY", accrual=accrual,
                   rounding=lc.Rounding(5))  # fmt: skip
    assert [int(row.total) for row in loan.schedule()] == [35, 35, 35, 35, 35, 18]
    account = lc.Account(loan, [lc.Deferral("2051-04-15", 1, interest="waive")])
    rows = account.schedule("2051-04-15")
    assert [int(row.agreed.total) for row in rows] == [0, 35, 35, 35, 35, 35, 18]
    assert str(rows[-1].due) == "2053-01-14"


def test_a_claim_that_is_called_inside_a_deferred_grace_does_not_bear_two_rates_for_one_night() -> None:
    # 300.00 of 11 January are in their grace to the 19th when all is called on the 15th: 4 nights on 900.00, 3.60. On the 20th
    # the 300.00 have borne 0.2 % since the 11th, 9 nights, 5.40, and no contract rate: 4 x 0.60 = 2.40 of what was called,
    # and 5 x 0.60 = 3.00 after it on the 600.00
    late = lc.LateTerms(lc.LateInterest("0.2%/day"), grace=lc.Grace(8, "deferred"))
    loan = lc.Loan(900, "0.1%/day", "2026-01-01", installments=3, every="10 days", method="equal_principal",
                   accrual="daily", late=late)  # fmt: skip
    account = lc.Account(loan, [lc.Acceleration("2026-01-15")])
    assert str(account.as_of("2026-01-15").due.interest) == "3.60"
    assert str(account.as_of("2026-01-20").past_due) == "late_interest 5.40, interest 14.40, principal 900.00"
    # whoever paid all interest on the 16th, 9.00 + 3.60 + 0.90, owes 0.90 of the 2.40 + 3.00: 4.50 of it are paid
    order = ["interest", "principal", "fee", "penalty", "late_interest", "compound_interest", "cost"]
    paid = lc.Account(with_order(loan, order), [*account.events, lc.Payment("2026-01-16", "13.50")])
    assert str(paid.as_of("2026-01-20").past_due) == "late_interest 5.40, interest 0.90, principal 900.00"


def with_order(loan: lc.Loan, order: list[str]) -> lc.Loan:
    return lc.Loan(loan.principal, loan.rate, loan.start, installments=3, every="10 days", method="equal_principal",
                   accrual="daily", late=loan.late, allocation=lc.Allocation(order, "vertical"))  # fmt: skip


def test_all_that_is_held_of_a_payment_goes_back_first_also_what_a_charge_off_let_go_of_installments_ahead() -> None:
    # 100.00 for interest only: 12.00 + 9.00 + 6.00 + 3.00 are paid ahead, 70.00 held. Interest ends on 25 January with 12.00 x
    # 10 / 31 = 3.87 to date, which the money pays; 96.13 are held then, and go back, before the 3.87
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=4, method="equal_principal", early="apply")
    paid = lc.Payment("2026-01-25", 100, only=["interest"], id="back")
    off = lc.ChargeOff("2026-01-25", further_interest=False)
    account = lc.Account(loan, [paid, off, lc.Chargeback("2026-02-01", "back")])
    assert str(account.as_of("2026-01-25").credit) == "96.13"
    position = account.as_of("2026-02-01")
    assert (str(position.credit), str(position.interest_to_date), str(position.payoff)) == ("0.00", "3.87", "1203.87")


def test_a_charge_off_leaves_the_plan_that_was_paid_to_its_end() -> None:
    # 1 200.00 with 12.00 + 9.00 + 6.00 + 3.00 of interest, all paid on 25 January; a cost that was charged to the last
    # installment stays. Of 1 300.00 are 70.00 held, before the charge-off and after it
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=4, method="equal_principal", early="apply")
    account = lc.Account(loan, [lc.Charge("2026-01-20", "cost", 8, installment=4), lc.Payment("2026-01-25", 1_300)])
    off = account.with_events(lc.ChargeOff("2026-02-01", further_interest=False))
    assert str(account.receipts[0].parts) == str(off.receipts[0].parts) == "interest 30.00, principal 1200.00"
    assert [str(one.as_of("2026-02-01").credit) for one in (account, off)] == ["70.00", "70.00"]
    assert str(off.as_of("2026-06-01").credit) == "62.00"


def test_a_charge_of_a_due_date_belongs_to_the_next_installment_where_that_of_the_day_is_paid() -> None:
    # 312.00 + 309.00 + 306.00 are paid ahead on 25 January: on 15 April nothing is unpaid, and the 8.00 wait for 15 May
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=4, method="equal_principal", early="apply")
    account = lc.Account(loan, [lc.Payment("2026-01-25", 927), lc.Charge("2026-04-15", "fee", 8)])
    position = account.as_of("2026-04-16")
    assert (position.days_past_due, str(position.past_due), str(position.charged_ahead)) == (0, "nothing", "8.00")
    assert str(account.as_of("2026-05-15").due) == "fee 8.00, interest 3.00, principal 300.00"


def test_who_has_paid_the_plan_owes_no_interest_to_date_that_its_rounding_left_out() -> None:
    # 279 x 11.29 % / 12 = 2.62 a month, 18.37 -> 18 in all: six times 3, and 0. 11 of 30 days of the last month are 0.96 -> 1,
    # which nobody asks for: of 307 are 10 held
    loan = lc.Loan(279, "11.29%", "2054-01-15", installments=7, method="flat", currency="JPY", early="apply")
    assert [int(row.interest) for row in loan.schedule()] == [3, 3, 3, 3, 3, 3, 0]
    position = lc.Account(loan, [lc.Payment("2054-02-11", 307)]).as_of("2054-07-26")
    assert (int(position.interest_to_date), int(position.payoff)) == (0, -10)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_shortened_plan_keeps_its_payment_though_only_the_last_one_is_left(accrual: str) -> None:
    # 4 080.27 a month. On 20 February 8 039.73 are left; 5 000.00 pay five of 28 nights, 14.36, and repay 4 985.64. 3 054.09 bear five nights
    # at 1 %, 5.4537, and 18 at 3 % from the 25th, 58.9003: 64.35 and 3 054.09 on 15 March, in one installment, being less than 4 080.27.
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=3, accrual=accrual)
    early = lc.Payment("2026-02-20", 5_000, effect="shorten")
    rate = lc.RateChange("2026-02-25", "36%", keep="payment")
    rows = lc.Account(loan, [lc.Payment("2026-02-15", "4080.27"), early, rate]).schedule("2026-02-25")
    assert [str(row.agreed) for row in rows[1:]] == [
        "interest 78.71, principal 8039.73"
    ]  # with the 14.36 and 4 985.64 that were paid


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_prepayment_pays_what_the_running_period_bore_before_its_interest_was_let_go(accrual: str) -> None:
    # Ten of 31 nights of 12 000.00 at 1 % by 25 January are 38.71, and the nights from then on bear none.
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, accrual=accrual)
    let_go = lc.Deferral("2026-01-25", 1, interest="waive")
    account = lc.Account(loan, [let_go, lc.Payment("2026-01-28", 3_000, effect="lower")])
    assert str(account.receipts[0].parts) == "interest 38.71, principal 2961.29"
    assert str(account.schedule("2026-01-28")[1].agreed.interest) == "90.39"  # 9 038.71 at 1 %


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_parts_that_a_prepayment_kept_stay_under_a_deferral_though_it_went_back(accrual: str) -> None:
    # 2 000.00 a month. 3 000.00 on 25 January pay 38.71 and repay 2 961.29 of the last parts: four of 2 000.00 and 1 038.71 are left. It goes
    # back; a deferral is made of all that is outstanding, and the last part takes it: 1 038.71 + 2 961.29. It was 2 400.00 five times.
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, method="equal_principal", accrual=accrual)
    early = lc.Payment("2026-01-25", 3_000, effect="last", id="early")
    later = lc.Deferral("2026-02-05", 1, interest="next")
    rows = lc.Account(loan, [early, lc.Chargeback("2026-02-01", "early"), later]).schedule("2026-02-05")
    assert [str(row.agreed.principal) for row in rows] == ["0.00"] + ["2000.00"] * 4 + ["4000.00"]


@pytest.mark.parametrize("charged", ["2026-01-20", "2026-03-25"])
def test_a_charge_does_not_undo_that_the_plan_was_paid(charged: str) -> None:
    # 1 200.00 and 12.00 + 9.00 + 6.00 + 3.00 are paid on 25 January, 70.00 are held; 8.00 that are charged to the last
    # installment leave 62.00, whether before that or after it
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=4, method="equal_principal", early="apply")
    account = lc.Account(loan, [lc.Payment("2026-01-25", 1_300), lc.Charge(charged, "fee", 8, installment=4)])
    assert str(account.as_of("2026-04-01").payoff) == "-62.00"


def test_a_claim_that_is_called_when_all_is_due_settles_what_held_money_is_meant_for() -> None:
    # 1 010.00 are due on 15 February. 30.00 for late interest alone are held; ten nights at 0.05 % of 1 000.00 are 5.00 on the 25th.
    late = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"))
    loan = lc.Loan(1_000, "12%", "2026-01-15", installments=1, late=late)
    account = lc.Account(loan, [lc.Payment("2026-02-15", 30, only="late_interest"), lc.Acceleration("2026-02-25")])
    position = account.as_of("2026-02-25")
    assert (str(position.past_due), str(position.credit)) == ("interest 10.00, principal 1000.00", "25.00")
    assert str(account.receipts[0].parts) == "late_interest 5.00"
