"""Lateness by the laws of three countries, each day worked out by hand, with the arithmetic written out."""

from __future__ import annotations

from typing import Any

import pytest

import loancalc as lc


def parts(account: lc.Account, day: str) -> dict[str, str]:
    """What is past due on a day, by component."""
    return {name: str(amount) for name, amount in account.as_of(day).past_due.items() if amount}


def settled(account: lc.Account, index: int = 0) -> list[tuple[int, str, str]]:
    return [(line.installment, line.component, str(line.amount)) for line in account.receipts[index].lines]


# Germany: base rate + 5 points (§ 288(1) BGB), no interest on interest (§ 289), costs, the amount owed, then default
# interest (§ 497(3)). 1 200.00 at 12 % in twelve parts of 100.00, from 15 January 2024; the base rate is 3.62 % to 30 June
# and 3.37 % from 1 July 2024, so default interest is 8.62 % and 8.37 % of past-due principal by the days of a leap year.

GERMAN: dict[str, Any] = {
    "principal": 1200, "rate": "12%", "start": "2024-01-15", "installments": 12, "method": "equal_principal",
    "currency": "EUR", "late": lc.LateTerms.of("de-bgb-288-1", day_count="ACT/ACT ISDA"), "allocation": "de-bgb-497",
}  # fmt: skip


def test_german_default_interest_bears_nothing_and_is_paid_last() -> None:
    # 15 February: 12.00 + 100.00; 15 March: 11.00 + 100.00; 15 April: 10.00 + 100.00
    #   100 x 8.62 % x 64/366 = 1.507322 -> 1.51   15 February to 19 April
    #   100 x 8.62 % x 35/366 = 0.824316 -> 0.82   15 March to 19 April
    #   100 x 8.62 % x  4/366 = 0.094207 -> 0.09   15 April to 19 April
    charge = lc.Charge("2024-04-01", "cost", 25)
    account = lc.Account(lc.Loan(**GERMAN), [charge])
    assert parts(account, "2024-04-19") == {
        "cost": "25.00", "late_interest": "2.42", "interest": "33.00", "principal": "300.00",
    }  # fmt: skip
    # 360.00 come: costs 25.00, interest 12.00 + 11.00 + 10.00, principal 300.00; 2.00 are left for default interest
    paid = account.with_payment("2024-04-19", 360)
    assert settled(paid) == [
        (1, "cost", "25.00"),
        (1, "interest", "12.00"), (2, "interest", "11.00"), (3, "interest", "10.00"),
        (1, "principal", "100.00"), (2, "principal", "100.00"), (3, "principal", "100.00"),
        (1, "late_interest", "1.51"), (2, "late_interest", "0.49"),
    ]  # fmt: skip
    # 0.33 + 0.09 of default interest stay owed and bear nothing: they are no more a fortnight later, nor past due
    assert parts(paid, "2024-05-03") == {"late_interest": "0.42"}
    assert paid.as_of("2024-05-03").days_past_due == 0


def test_german_default_interest_turns_with_the_base_rate() -> None:
    #   100 x 8.62 % x 137/366 = 3.226612 -> 3.23  15 February to 1 July
    #   100 x 8.37 % x  14/366 = 0.320163 -> 0.32  1 July to 15 July
    account = lc.Account(lc.Loan(**GERMAN | {"installments": 1, "principal": 100}))
    assert parts(account, "2024-07-15") == {"late_interest": "3.55", "interest": "1.00", "principal": "100.00"}


def test_german_law_pays_principal_before_default_interest_and_the_general_rule_after() -> None:
    # 101.00 on 15 July: § 497(3) leaves the 3.55 of default interest; § 367 takes it first and leaves principal of 3.55
    terms = GERMAN | {"installments": 1, "principal": 100}
    left = {
        name: parts(lc.Account(lc.Loan(**terms | {"allocation": name}), [lc.Payment("2024-07-15", 101)]), "2024-07-15")
        for name in ("de-bgb-497", "de-bgb-367")
    }
    assert left == {"de-bgb-497": {"late_interest": "3.55"}, "de-bgb-367": {"principal": "3.55"}}


# United Kingdom, high-cost short-term credit (CONC 5A): 0.8 % a day of what is outstanding, GBP 15 for default, 100 % of
# the amount lent in all. 300.00 for 30 nights from 1 March 2026.


def british(rate: str, **choices: Any) -> lc.Account:
    late = lc.LateTerms.of("uk-hcstc", **choices)
    terms: dict[str, Any] = {"method": "lump_sum", "currency": "GBP", "late": late}
    return lc.Account(lc.Loan(300, rate, "2026-03-01", end="2026-03-31", **terms))


def test_a_british_loan_at_half_a_percent_a_day_has_room_for_the_default_fee() -> None:
    account = british("0.5%/day")
    # 31 March: interest 300 x 0.5 % x 30 = 45.00; the limit is 300 x 0.8 % x 30 = 72.00
    # 1 April: late interest 1.50 and the fee of 15.00 make 61.50, under 300 x 0.8 % x 31 = 74.40
    assert parts(account, "2026-04-01") == {
        "penalty": "15.00", "late_interest": "1.50", "interest": "45.00", "principal": "300.00",
    }  # fmt: skip
    # the total of 300.00 is reached when late interest is 300 - 45 - 15 = 240.00: 160 nights, on 7 September
    assert account.as_of("2026-09-07").past_due.late_interest == 240
    later = account.as_of("2026-12-31")
    assert later.past_due.total == 600
    # 275 nights since 31 March would have borne 412.50
    assert [str(cut) for cut in later.cuts] == [
        "installment 1: late_interest 172.50 cut by total cost: 100% of the principal lent, on penalty, fee, "
        "compound_interest, late_interest, interest"
    ]


def test_a_british_loan_at_the_cap_has_no_room_for_a_fee_and_its_interest_stops_at_what_was_lent() -> None:
    account = british("0.8%/day")
    # 300 x 0.8 % = 2.40 a night, which is the limit: no day has room for the fee; 300.00 / 2.40 = 125 nights to 4 July
    assert parts(account, "2026-04-01") == {"late_interest": "2.40", "interest": "72.00", "principal": "300.00"}
    assert account.as_of("2026-07-04").past_due.total == 600
    assert account.as_of("2026-07-05").past_due.total == 600
    assert str(account.as_of("2026-07-05").cut) == "penalty 15.00, late_interest 2.40"


def test_a_british_default_fee_is_cut_to_fifteen_pounds_in_all() -> None:
    # 25.00 agreed: 10.00 are cut; what is left has room under 0.8 % a day
    account = british("0.1%/day", fee=25)
    found = account.as_of("2026-04-01")
    assert (str(found.past_due.penalty), str(found.cut.penalty)) == ("15.00", "10.00")
    assert [cut.cap.split(":")[0] for cut in found.cuts] == ["default fees"]


# India (RBI/2023-24/53): a penal charge is no interest, and nothing accrues on it. 12 000.00 at 12 % in twelve equal parts.


def test_an_indian_penal_charge_stands_beside_contract_interest_and_is_never_capitalized() -> None:
    late = lc.LateTerms.of("in-penal-2023", amount=500)
    terms: dict[str, Any] = {
        "principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12, "method": "equal_principal",
        "currency": "INR", "late": late, "accrual": "daily", "day_count": "ACT/365F",
    }  # fmt: skip
    account = lc.Account(lc.Loan(**terms))
    # 12 000 x 12 % x 31/365 = 122.301 -> 122.30 on 15 February; 12 000 x 12 % x 28/365 = 110.465 -> 110.47 on 15 March,
    # on all 12 000.00, for nothing was repaid; 500.00 on 16 February and on 16 March. The plan's second payment is 1 000.00 +
    # 11 000 x 12 % x 28/365 = 101.26; interest takes 110.47 of its 1 101.26, principal the other 990.79
    assert parts(account, "2026-02-16") == {"penalty": "500.00", "interest": "122.30", "principal": "1000.00"}
    assert parts(account, "2026-03-16") == {"penalty": "1000.00", "interest": "232.77", "principal": "1990.79"}
    # to 31 March 16 nights of 12 000.00: 12 000 x 12 % x 16/365 = 63.123 -> 63.12; without penal charges it is the same
    without = lc.Account(lc.Loan(**terms | {"late": None}))
    assert [str(one.as_of("2026-03-31").interest_to_date) for one in (account, without)] == ["63.12", "63.12"]
    # a year later the charges are what they were assessed at: twelve times 500.00
    assert str(account.as_of("2028-01-15").past_due.penalty) == "6000.00"
    assert account.as_of("2028-01-15").past_due.interest == without.as_of("2028-01-15").past_due.interest


# China, loans at a rate per day, and private lending


def test_a_preset_takes_no_day_count_where_the_rate_is_per_day_and_asks_for_one_where_it_is_per_year() -> None:
    terms: dict[str, Any] = {"principal": 1000, "start": "2026-03-01", "end": "2026-03-31", "method": "lump_sum"}
    late = lc.LateTerms.of("cn-251-2003", rate="1.5x")
    # 1 000 x 0.05 % x 30 = 15.00; ten nights late 1 000 x 0.075 % x 10 = 7.50, and 15.00 x 0.075 % x 10 = 0.1125
    assert parts(lc.Account(lc.Loan(rate="0.05%/day", late=late, **terms)), "2026-04-10") == {
        "compound_interest": "0.11", "late_interest": "7.50", "interest": "15.00", "principal": "1000.00",
    }  # fmt: skip
    with pytest.raises(
        lc.InvalidTerms, match=r"late.interest.day_count: missing; late interest at 27%/year needs one of"
    ):
        lc.Loan(rate="18%", day_count="ACT/360", late=late, **terms)


def test_an_agreed_fee_of_a_private_loan_that_is_paid_in_time_is_no_charge_for_being_late() -> None:
    late = lc.LateTerms.of("cn-private-lending", rate="24%", day_count="ACT/365F")
    loan = lc.Loan(1200, "10%", "2020-08-20", installments=12, fees=lc.Fee(2, each="installment"), late=late)
    # the limit is 4 x 3.85 % of what is past due: nothing in September, 95.50 x 15.4 % x 30/365 = 1.2088 a month later
    account = lc.Account(loan)
    assert str(account.as_of("2020-09-20").due) == "fee 2.00, interest 10.00, principal 95.50"
    assert parts(account, "2020-10-20") == {
        "fee": "2.00", "late_interest": "1.20", "interest": "10.00", "principal": "95.50",
    }  # fmt: skip


# What is short, of which installment, and since when


def assessed(account: lc.Account, day: str) -> list[tuple[str, int]]:
    return [(str(penalty.on), penalty.installment) for penalty in account.as_of(day).penalties]


def test_a_penalty_of_arrears_that_are_over_is_no_reason_for_what_is_short_later() -> None:
    # 106.62 a month. February is paid late with its 10.00, March in time; April is 5.00 short, of which no penalty took anything
    late = lc.LateTerms(penalties=[lc.Penalty(10, pyramiding=False)])
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=12, late=late, allocation="oldest-installment-first")
    paid = [
        lc.Payment("2026-02-20", "116.62"),
        lc.Payment("2026-03-15", "106.62"),
        lc.Payment("2026-04-15", "101.62"),
    ]
    account = lc.Account(loan, paid)
    assert assessed(account, "2026-05-01") == [("2026-02-16", 1), ("2026-04-16", 3)]
    assert str(account.as_of("2026-05-01").past_due) == "penalty 10.00, principal 5.00"


def test_what_a_penalty_takes_on_the_due_date_bears_no_penalty() -> None:
    # February is paid late but for its 10.00, which comes last of its installment; they are taken from March's 106.62 on its due date
    late = lc.LateTerms(penalties=[lc.Penalty(10, pyramiding=False)])
    order = ["cost", "fee", "interest", "principal", "penalty", "compound_interest", "late_interest"]
    loan = lc.Loan(
        1_200, "12%", "2026-01-15", installments=12, late=late, allocation=lc.Allocation(order, "horizontal")
    )
    account = lc.Account(loan, [lc.Payment("2026-02-20", "106.62"), lc.Payment("2026-03-15", "106.62")])
    assert assessed(account, "2026-04-01") == [("2026-02-16", 1)]
    assert str(account.as_of("2026-04-01").past_due) == "principal 10.00"


@pytest.mark.parametrize(("paid", "past_due"), [("95.46", "principal 11.16"), ("95.45", "penalty 10.00, principal 11.17")])  # fmt: skip
def test_a_penalty_waits_for_more_than_a_tolerated_share_of_what_is_outstanding(paid: str, past_due: str) -> None:
    # 106.62 are due; 1 % of the 1 116.54 or 1 116.55 that are outstanding after the payment are 11.16
    late = lc.LateTerms(penalties=[lc.Penalty(10)], tolerance=lc.Tolerance(share="1%"))
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=12, late=late)
    assert str(lc.Account(loan, [lc.Payment("2026-02-15", paid)]).as_of("2026-02-20").past_due) == past_due


def test_late_interest_joins_what_bears_it_on_the_days_of_its_own_installment() -> None:
    # 100.00 a month without interest, 1 % a night when late, capitalized every 20 days from the due date. February: 20.00 on 7 March,
    # then 20.00 and 20 x 0.20 = 4.00 on 27 March, on 4 April 8.00 and 8 x 0.44 = 3.52 more. March: 20.00 on 4 April, nothing before
    interest = lc.LateInterest("1%/day", compound="capitalize", capitalizes="20 days")
    loan = lc.Loan(1_200, "0%", "2026-01-15", installments=12, late=lc.LateTerms(interest))
    position = lc.Account(loan).as_of("2026-04-04")
    assert str(position.past_due) == "compound_interest 7.52, late_interest 68.00, principal 200.00"


def test_a_penalty_is_part_of_the_payoff_from_the_day_after_it_was_assessed() -> None:
    # 1 200.00 and 12.00 on the due date; a night of the 28 of the next month bears 11.0538 / 28: 0.39, two 0.79. A payment of the
    # day on which the 10.00 would be assessed is in time
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=12, late=lc.LateTerms(penalties=[lc.Penalty(10)]))
    account = lc.Account(loan)
    payoffs = [str(account.payoff(day)) for day in ("2026-02-15", "2026-02-16", "2026-02-17")]
    assert payoffs == ["1212.00", "1212.39", "1222.79"]
    assert [str(account.cure(day)) for day in ("2026-02-16", "2026-02-17")] == ["106.62", "116.62"]
    assert str(account.as_of("2026-02-16").past_due) == "penalty 10.00, interest 12.00, principal 94.62"
