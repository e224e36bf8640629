"""Late interest, penalties, caps, grace and tolerance, each worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc

ONE = {"principal": 1000, "rate": "0%", "start": "2026-01-15", "installments": 1}  # 1 000.00 due on 15 February 2026
PLAN: dict[str, Any] = {
    "principal": 1200, "rate": "12%", "start": "2026-01-15", "installments": 12, "method": "equal_principal",
}  # fmt: skip


def position(late: lc.LateTerms, day: str, *events: lc.Event, **terms: Any) -> lc.Position:
    return lc.Account(lc.Loan(**(terms or ONE), late=late), events).as_of(day)


def owed(late: lc.LateTerms, day: str, *events: lc.Event, **terms: Any) -> dict[str, str]:
    parts = position(late, day, *events, **terms).past_due
    return {name: str(amount) for name, amount in parts.items() if amount}


def interest(**terms: Any) -> lc.LateTerms:
    return lc.LateTerms(lc.LateInterest(**terms))


# Rates


def test_a_line_ends_when_the_base_rate_changes() -> None:
    path = lc.BaseRate("house", {"2026-01-01": "3%", "2026-03-01": "-1%"})
    late = interest(rate="+5pp", over=path, day_count="ACT/360")
    found = position(late, "2026-03-31")
    # 14 nights at 8 %: 1000 x 8 % x 14/360 = 3.111; 30 nights at 4 %: 3.333
    assert [(str(line.rate), line.nights, str(line.amount)) for line in found.lines] == [
        ("8%/year", 14, "3.11"), ("4%/year", 30, "3.33"),
    ]  # fmt: skip
    assert str(found.past_due.late_interest) == "6.44"


def test_a_late_rate_follows_the_contract_rate_in_force_that_night() -> None:
    loan = lc.Loan(
        **ONE | {"rate": lc.RatePath("12%", {"2026-03-01": "6%"}, keep="term")},
        late=interest(rate="1.5x", day_count="ACT/360"),
    )
    lines = lc.Account(loan).as_of("2026-03-31").lines
    assert [(str(line.rate), line.nights) for line in lines] == [("18%/year", 14), ("9%/year", 30)]


def test_the_german_rates_are_those_printed_for_january_2024() -> None:
    # vdwbayern.de, 10 January 2024: 3.62 %, hence 8.62 % with and 12.62 % without a consumer
    terms = ONE | {"start": "2023-12-01", "currency": "EUR"}  # due on 1 January 2024
    for name, rate, amount in (("de-bgb-288-1", "8.62%/year", "2.59"), ("§ 288(2) BGB", "12.62%/year", "3.79")):
        found = position(lc.LateTerms.of(name, day_count="ACT/ACT ISDA"), "2024-01-12", **terms)
        assert str(found.lines[0].rate) == rate
        assert str(found.past_due.late_interest) == amount  # 1000 x rate x 11/366 = 2.5907; 3.7929
    assert str(found.past_due.penalty) == "40.00"
    assert not any(line.component == "compound_interest" for line in found.lines)  # § 289


def test_a_position_names_the_values_of_the_base_rate_that_its_figures_rest_on() -> None:
    late = lc.LateTerms.of("de-bgb-288-1", day_count="ACT/360")
    terms = ONE | {"start": "2023-05-15"}  # due on 15 June
    read = "verified for 2024-01-01, the other steps recalled, unverified; source: vdwbayern.de 2024-01-10 for 3.62%; § 247 BGB"
    told = {
        "2023-06-15": None,  # nothing is late yet
        "2024-01-01": f"late rate +5pp over de-base-rate, 1.62% from 2023-01-01, 3.12% from 2023-07-01; {read}",
        "2024-01-02": "late rate +5pp over de-base-rate, 1.62% from 2023-01-01, 3.12% from 2023-07-01, 3.62% from 2024-01-01"
        f"; {read}",
    }
    for day, expected in told.items():
        found = [note for note in position(late, day, **terms).assumptions if note.startswith("late rate")]
        assert found == ([expected] if expected else []), day
    private = lc.LateTerms.of("民间借贷", rate="24%", day_count="ACT/365F")
    found = [note for note in position(private, "2026-03-31").assumptions if note.startswith("cap")]
    assert found == [
        "cap 4x over cn-lpr-1y, 3% from 2025-05-20, its last value known, which goes on; recalled, unverified but for "
        "2020-04-20; source: tellerreport 2020-08-20 for 3.85%"
    ]


def test_a_base_rate_before_its_first_date_is_refused() -> None:
    with pytest.raises(lc.InvalidDate, match="de-base-rate: got 2015-01-01; expected 2016-07-01"):
        lc.Loan(**ONE | {"start": "2015-01-01"}, late=lc.LateTerms.of("de-bgb-288-1", day_count="ACT/360"))


# Bases


@pytest.mark.parametrize(
    ("base", "expected"),
    # on 25 February, 10 nights at 0.1 % of: 100.00; 112.00 with interest; 117.00 with the fee; 1 200.00 outstanding
    [
        ("principal", "1.00"),
        ("principal+interest", "1.12"),
        ("installment", "1.17"),
        ("outstanding-principal", "12.00"),
    ],
)
@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_each_base_bears_the_late_rate(base: str, expected: str, accrual: str) -> None:
    terms = PLAN | {"fees": [lc.Fee(5, each="installment")], "accrual": accrual}
    assert owed(interest(rate="0.1%/day", base=base), "2026-02-25", **terms)["late_interest"] == expected


def test_the_whole_balance_bears_the_late_rate_only_while_something_is_past_due() -> None:
    late = interest(rate="0.1%/day", base="outstanding-principal")
    paid = lc.Payment("2026-02-20", "118.00")  # 5 nights of 1 200.00 x 0.1 % = 6.00, interest 12.00, principal 100.00
    found = position(late, "2026-03-20", paid, **PLAN)
    # nothing runs from 20 February to 15 March; then 5 nights of 1 100.00
    assert str(found.past_due.late_interest) == "5.50"
    assert str(found.installments[0].paid.late_interest) == "6.00"


# Compounding


def test_interest_on_late_interest_grows_night_by_night() -> None:
    late = interest(rate="1%/day", compound="interest-and-late-interest")
    # late interest 10.00 a night; compound interest: 1 % of 0, 10, 20, 30 = 0.60 after four nights
    assert owed(late, "2026-02-19") == {"principal": "1000.00", "late_interest": "40.00", "compound_interest": "0.60"}
    # after a payment of 25.00 two nights on (compound 0.10, late 20.00, principal 4.90): two more nights of
    # 995.10 x 1 % = 19.902, and 1 % of 0 and of 9.951
    paid = lc.Payment("2026-02-17", 25)
    assert owed(late, "2026-02-19", paid) == {
        "principal": "995.10", "late_interest": "19.90", "compound_interest": "0.10",
    }  # fmt: skip


def test_capitalized_interest_bears_compound_interest_from_its_date_on() -> None:
    late = interest(rate="1%/day", compound="capitalize", capitalizes=["2026-02-19", "2026-02-22"])
    # four nights: late 40.00; three more: late 70.00, compound 3 x 1 % of 40.00 = 1.20; one more: 0.712 on 71.20
    assert owed(late, "2026-02-19") == {"principal": "1000.00", "late_interest": "40.00"}
    assert owed(late, "2026-02-22") == {"principal": "1000.00", "late_interest": "70.00", "compound_interest": "1.20"}
    assert owed(late, "2026-02-23") == {"principal": "1000.00", "late_interest": "80.00", "compound_interest": "1.91"}


def test_the_actuarial_method_adds_unpaid_interest_and_the_united_states_rule_does_not() -> None:
    terms = PLAN | {"installments": 2}  # 600.00 + 12.00 due on 15 February
    actuarial = lc.LateTerms.of("us-actuarial", day_count="30E/360")
    rule = lc.LateTerms.of("United States Rule", day_count="30E/360")
    # one month: 1 % of 600.00 and of 12.00; the second month also 1 % of 6.12 on the balance: 0.12 + 0.1812
    assert owed(actuarial, "2026-04-15", **terms | {"rate": "12%"})["compound_interest"] == "0.36"
    assert "compound_interest" not in owed(rule, "2026-04-15", **terms)


# Start, stop, rounding


@pytest.mark.parametrize(
    ("terms", "nights"),
    [
        ({}, 44),
        ({"starts": 5}, 39),
        ({"starts": "2026-03-01"}, 30),
        ({"stops": 1}, 1),
        ({"stops": 20}, 20),
        ({"starts": 5, "stops": 20}, 20),
        ({"stops": "2026-03-01"}, 14),
        ({"stops": "2026-01-10"}, 0),  # before the loan began
        ({"starts": "2026-03-01", "stops": "2026-02-20"}, 0),
        ({"stops": "charge-off"}, 14),
        ({"stops": "cap"}, 44),
    ],
)
def test_late_interest_starts_and_stops_as_agreed(terms: dict[str, Any], nights: int) -> None:
    late, charged_off = interest(rate="0.1%/day", **terms), lc.ChargeOff("2026-03-01", further_interest=True)
    assert owed(late, "2026-03-31", charged_off).get("late_interest", "0.00") == f"{nights}.00"


def test_a_charge_off_ends_late_interest_where_agreed_and_contract_interest_goes_on() -> None:
    late = interest(rate="0.1%/day", stops="charge-off")
    terms = PLAN | {"installments": 2, "accrual": "daily", "day_count": "ACT/360"}
    charged_off = lc.ChargeOff("2026-03-01", further_interest=True)
    found = position(late, "2026-04-30", charged_off, **terms)
    # 600.00 bear 0.1 % for the 14 nights to 1 March, and 12 % / 360 from then on, as the 600.00 not yet due did all the
    # time: 12.40 to 15 February; 600 x 28 nights and 600 x 14 to 15 March: 5.60 + 2.80; 1 200 x 46 nights: 18.40
    assert str(found.past_due.late_interest) == "8.40"
    assert str(found.past_due.interest) == "39.20"
    # once it is reversed, it never was: 600 x 74 nights and 600 x 46
    named = lc.ChargeOff("2026-03-01", further_interest=True, id="off")
    undone = position(late, "2026-04-30", named, lc.Reversal("off", booked="2026-05-01"), **terms)
    assert str(undone.past_due.late_interest) == "72.00"


def test_late_interest_that_stops_after_no_night_is_refused() -> None:
    with pytest.raises(lc.InvalidTerms, match=r"late\.interest\.stops: got 0; expected a whole number of 1 or more"):
        lc.LateInterest("0.1%/day", stops=0)


def test_late_interest_stops_for_good_once_a_cap_has_cut() -> None:
    late = lc.LateTerms(lc.LateInterest("0.1%/day", stops="cap"), caps=[lc.Cap(amount=10)])
    found = position(late, "2026-03-31")
    assert (str(found.past_due.late_interest), str(found.cut.late_interest)) == ("10.00", "1.00")


def test_rounding_each_night_is_not_rounding_once() -> None:
    # 1000 x 5 % / 360 = 0.1388... a night: 44 times 0.14 against 6.11
    once, nightly = (interest(rate="5%", day_count="ACT/360", rounded=how) for how in ("line", "night"))
    assert (owed(once, "2026-03-31")["late_interest"], owed(nightly, "2026-03-31")["late_interest"]) == ("6.11", "6.16")
    assert "each night rounded" in position(nightly, "2026-03-31").explain()


# Penalties


@pytest.mark.parametrize(
    ("penalty", "day", "expected"),
    [
        (lc.Penalty(10, every="1 day"), "2026-02-20", "50.00"),  # days 1 to 5
        (lc.Penalty(10, every="7 days"), "2026-03-02", "30.00"),  # days 1, 8, 15
        (lc.Penalty(10, every="1 month"), "2026-04-16", "30.00"),  # 16 February, March, April
        (lc.Penalty(10, every="1 day", times=3), "2026-03-31", "30.00"),
        (lc.Penalty(10, every="1 day", to_day=4), "2026-03-31", "40.00"),
        (lc.Penalty(10, from_day=30), "2026-03-16", None),  # day 29
        (lc.Penalty(10, from_day=30), "2026-03-17", "10.00"),
        (lc.Penalty(percent="0.1%", of="principal", every="1 day"), "2026-02-20", "5.00"),
        (lc.Penalty(percent="1%", of="outstanding-principal", max=4), "2026-02-20", "4.00"),
    ],
)
def test_a_penalty_is_charged_on_its_days(penalty: lc.Penalty, day: str, expected: str | None) -> None:
    assert owed(lc.LateTerms(penalties=[penalty]), day).get("penalty") == expected


def test_tiers_are_rules_for_spans_of_days() -> None:
    tiers = [lc.Penalty(1, every="1 day", to_day=10), lc.Penalty(2, every="1 day", from_day=11)]
    assert owed(lc.LateTerms(penalties=tiers), "2026-02-28")["penalty"] == "16.00"  # 10 x 1 + 3 x 2


def test_a_deferred_grace_charges_what_waited_and_a_free_one_does_not() -> None:
    daily = [lc.Penalty(1, every="1 day")]
    for kind, inside, after, later in (("deferred", None, "4.00", "5.00"), ("free", None, "1.00", "2.00")):
        late = lc.LateTerms(penalties=daily, grace=lc.Grace(3, kind))
        found = [owed(late, f"2026-02-{day}").get("penalty") for day in (18, 19, 20)]
        assert found == [inside, after, later]


def test_a_penalty_is_charged_so_many_times_in_all() -> None:
    late = lc.LateTerms(penalties=[lc.Penalty(10, times_in_all=2)])
    assert owed(late, "2026-06-30", **PLAN)["penalty"] == "20.00"


def test_a_safe_harbor_rises_on_repetition_and_never_exceeds_the_payment_due() -> None:
    late = lc.LateTerms.of("us-reg-z-52b", on="2019-06-01")
    terms = PLAN | {"start": "2019-01-15"}
    assert owed(late, "2019-04-16", **terms)["penalty"] == "106.00"  # 28 + 39 + 39
    small = {"principal": 20, "rate": "0%", "start": "2019-01-15", "installments": 1}
    assert owed(late, "2019-04-16", **small)["penalty"] == "20.00"
    with pytest.raises(lc.InvalidTerms, match="has several editions: us-reg-z-52b-2012 from 2010-08-22"):
        lc.LateTerms.of("us-reg-z-52b")
    with pytest.raises(lc.InvalidDate, match="was not in force on 2018-01-01"):
        lc.LateTerms.of("us-reg-z-52b", on="2018-01-01")


@pytest.mark.parametrize(("barred", "expected"), [(True, "25.00"), (False, "50.00")])
def test_full_payments_on_time_after_one_late_fee_bring_no_other_where_pyramiding_is_barred(
    barred: bool, expected: str
) -> None:
    # 100.00 a month; the first is three days late and brings a fee of 25.00, which the next payment pays first, so
    # that its installment is 25.00 short
    late = lc.LateTerms.of("us-reg-z-36c", amount=25) if barred else lc.LateTerms(penalties=[lc.Penalty(25)])
    payments = [lc.Payment("2026-02-18", 100), lc.Payment("2026-03-15", 100)]
    terms = PLAN | {"rate": "0%"}
    found = position(late, "2026-03-31", *payments, **terms, allocation="oldest-installment-first")
    assert sum(charge.amount for charge in found.penalties) == Decimal(expected)


def test_a_payment_that_is_short_by_more_than_the_earlier_fee_brings_another_although_pyramiding_is_barred() -> None:
    late = lc.LateTerms.of("us-reg-z-36c", amount=25)
    payments = [lc.Payment("2026-02-18", 100), lc.Payment("2026-03-15", 90)]
    found = position(late, "2026-03-31", *payments, **PLAN | {"rate": "0%"}, allocation="oldest-installment-first")
    assert len(found.penalties) == 2


# Caps


def test_several_caps_hold_together_whatever_their_order_and_say_what_each_cut() -> None:
    caps = [
        lc.Cap(amount=15, covers="penalty", name="default fees"),
        lc.Cap(share="2%", name="all charges"),
    ]
    for given in (caps, caps[::-1]):
        late = lc.LateTerms(lc.LateInterest("0.1%/day"), penalties=[lc.Penalty(40)], caps=given)
        found = position(late, "2026-03-31")
        # 40.00 is cut to 15.00 on 16 February; late interest has 20.00 - 15.00 left of its 44.00
        assert (str(found.past_due.penalty), str(found.past_due.late_interest)) == ("15.00", "5.00")
        assert [str(cut) for cut in found.cuts] == [
            "installment 1: penalty 25.00 cut by default fees: 15, on penalty",
            "installment 1: late_interest 39.00 cut by all charges: 2% of the principal lent, "
            "on penalty, compound_interest, late_interest",
        ]


def test_high_cost_credit_never_costs_more_than_was_lent() -> None:
    # 100.00 for 30 nights at 0.8 % a day: 24.00; then late: the fee of 15.00 has no room under 0.8 % a day
    loan = lc.Loan(
        100,
        "0.8%/day",
        "2026-01-01",
        end="2026-01-31",
        method="lump_sum",
        late=lc.LateTerms.of("uk-hcstc"),
    )
    found = lc.Account(loan).on_days(["2026-01-31", "2026-02-20", "2026-12-31"])
    parts = [
        {name: str(amount) for name, amount in (p.past_due if any(p.past_due.minor) else p.due).items() if amount}
        for p in found
    ]
    assert parts[0] == {"interest": "24.00", "principal": "100.00"}
    # 50 nights of 0.80 allow 40.00: interest 24.00 and late interest 16.00; the fee found no room on its day
    assert parts[1] == {"interest": "24.00", "late_interest": "16.00", "principal": "100.00"}
    assert str(found[2].past_due.total) == "200.00"


def test_what_a_cap_may_cut_is_not_paid_ahead() -> None:
    """Held money pays what is allowed when it is due: the fees of the third and fourth exceed the cap of 50 by 10 and by 20."""
    late = lc.LateTerms(caps=[lc.Cap(amount=50, covers="fee")])
    terms = PLAN | {"fees": [lc.Fee(20, each="installment")], "late": late}
    with pytest.raises(lc.InvalidTerms, match="expected early='hold'"):
        lc.Loan(**terms, early="apply")
    account = lc.Account(lc.Loan(**terms), [lc.Payment("2026-01-20", 522)])
    position = account.as_of("2026-05-15")
    assert [str(state.paid.fee) for state in position.installments[:4]] == ["20.00", "20.00", "10.00", "0.00"]
    assert (position.past_due.total, position.due.total, str(position.credit)) == (0, 0, "30.00")


def test_a_cap_that_covers_interest_cuts_it_before_and_after_its_due_date() -> None:
    late = lc.LateTerms(caps=[lc.Cap(amount=15, covers=["interest", "fee"], name="cost")])
    terms = PLAN | {"fees": [lc.Fee(2, each="installment")]}
    account = lc.Account(lc.Loan(**terms, late=late))
    # 12.00 interest and 2.00 fee on 15 February; 1.00 is left for all later ones
    found = account.as_of("2026-03-15")
    assert (str(found.past_due.interest), str(found.past_due.fee)) == ("12.00", "2.00")
    assert (str(found.due.interest), str(found.due.fee)) == ("1.00", "0.00")
    assert str(account.as_of("2026-03-14").interest_to_date) == "1.00"
    paid = account.with_events(lc.Payoff("2026-03-10"))
    assert str(paid.receipts[0].amount) == "1215.00"
    assert paid.as_of("2026-03-10").is_closed


def test_what_a_cap_allows_again_is_unpaid_again() -> None:
    """12.00 of interest a month, of which 9 % a year allows 9.00 by 15 February and 18.00 by 15 March: the first month's 9.00 are
    paid, the second takes 8.53 of the new room, and 0.47 come back to the first; by 30 May there is room for all.
    """
    late = lc.LateTerms(caps=[lc.Cap(rate="9%", covers="interest", day_count="30E/360", recover=True)])
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=3, method="interest_only", late=late)
    account = lc.Account(loan, [lc.Payment("2026-02-15", 9)])
    states = {day: account.as_of(day).installments[0] for day in ("2026-02-15", "2026-03-15", "2026-05-30")}
    assert [(state.state, str(state.owed)) for state in states.values()] == [
        ("paid", "nothing"),
        ("partly paid", "interest 0.47"),
        ("partly paid", "interest 3.00"),
    ]
    assert account.as_of("2026-03-15").days_past_due == 28


def test_private_lending_is_capped_at_four_times_the_rate_of_its_day() -> None:
    late = lc.LateTerms.of("民间借贷", rate="24%", day_count="ACT/365F")
    terms = ONE | {"start": "2020-08-20"}  # 4 x 3.85 %, due on 20 September
    found = position(late, "2020-10-20", **terms)
    # 30 nights: 24 % asks 19.73, 15.4 % allows 12.657 rounded down
    assert (str(found.past_due.late_interest), str(found.cut.late_interest)) == ("12.65", "7.08")


@pytest.mark.parametrize("covers", [["penalty"], ["penalty", "fee"], ["penalty", "late_interest"]])
@pytest.mark.parametrize("charged", ["2026-01-20", "2026-02-15", "2026-02-20"])
def test_a_cap_cuts_what_the_lender_charges_by_hand(covers: list[str], charged: str) -> None:
    late = lc.LateTerms(caps=lc.Cap(amount=10, covers=covers))
    for day in ("2026-02-20", "2026-03-20"):
        found = position(late, day, lc.Charge(charged, "penalty", 50))
        assert (str(found.past_due), str(found.cut)) == ("penalty 10.00, principal 1000.00", "penalty 40.00")
        assert str(found.payoff) == "1010.00"


def test_a_charge_ahead_is_cut_on_its_day_in_payoff_next_due_and_when_the_loan_is_called() -> None:
    """50.00 charged to the third installment in January, of which a cap leaves 10.00 from that day on; 1 200.00 and 6.19 of
    interest by 31 January (12.00 x 16/31) are owed beside it.
    """
    late = lc.LateTerms(caps=lc.Cap(amount=10, covers=["penalty"]))
    charge = lc.Charge("2026-01-20", "penalty", 50, installment=3)
    terms = {"principal": 1200, "rate": "12%", "start": "2026-01-15", "installments": 12}
    found = position(late, "2026-01-31", charge, **terms)
    assert (str(found.charged_ahead), str(found.cut), str(found.payoff)) == ("10.00", "penalty 40.00", "1216.19")
    called = position(late, "2026-01-31", charge, lc.Acceleration("2026-01-31"), **terms)
    assert str(called.due) == "penalty 10.00, interest 6.19, principal 1200.00"
    assert "  penalty: 50.00 - 40.00 (above the cap) = 10.00" in called.explain().splitlines()
    let_go = position(late, "2026-01-31", charge, lc.WriteOff("2026-01-31"), **terms)
    assert str(let_go.written_off) == "penalty 10.00, interest 6.19, principal 1200.00"
    assert [str(position(late, day, charge, **terms).next_due.amount) for day in ("2026-02-16", "2026-03-16")] == [
        "106.62",
        "116.62",
    ]


def test_what_a_recovering_cap_cut_of_a_charge_ahead_comes_back_before_it_is_due() -> None:
    # 0.01 % a day of 1 200.00 allows 0.12 a night: 0.60 on 20 January, 1.92 on the 31st, 3.00 on 9 February
    late = lc.LateTerms(caps=lc.Cap("0.01%/day", covers=["penalty"], recover=True))
    terms = {"principal": 1200, "rate": "0%", "start": "2026-01-15", "installments": 12}
    charge = lc.Charge("2026-01-20", "penalty", 3)
    days = ("2026-01-20", "2026-01-31", "2026-02-09", "2026-02-14")
    assert [str(position(late, day, charge, **terms).charged_ahead) for day in days] == ["0.60", "1.92", "3.00", "3.00"]


def test_what_a_cap_allows_again_bears_late_interest_from_its_day_whichever_days_are_asked_for() -> None:
    """0.005 % a day of 1 000 000.00 allows 1 550.00 of a fee of 2 000.00 in 31 nights, which is paid with the installment; of
    500 000.00 it allows 25.00 more a night, and at 1 % a day these bear 0.25 + 0.50 + 0.75 + 1.00 by 20 February.
    """
    late = lc.LateTerms(
        lc.LateInterest("1%/day", base="installment"), caps=lc.Cap("0.005%/day", covers="fee", recover=True)
    )
    loan = lc.Loan(
        1_000_000, "0%", "2026-01-15", installments=2, late=late, fees=lc.Fee(2_000, each="installment")
    )  # fmt: skip
    account = lc.Account(loan, lc.Payment("2026-02-15", 501_550))
    days = [f"2026-02-{day}" for day in (15, 16, 17, 18, 19, 20)]
    for found in (account.as_of("2026-02-20"), account.on_days(days)[-1]):
        assert str(found.past_due) == "fee 125.00, late_interest 2.50"


def test_what_was_cut_of_the_interest_to_date_is_still_said_after_a_payoff() -> None:
    # 6.58 of 12.00 by 1 February (17 of 31 nights), of which 5.00 are allowed
    late = lc.LateTerms(caps=lc.Cap(amount=5, covers="interest"))
    terms = {"principal": 1200, "rate": "12%", "start": "2026-01-15", "installments": 12}
    for accrual in ("scheduled", "daily"):
        for day in ("2026-02-01", "2026-02-02", "2026-02-20", "2026-05-01"):
            found = position(late, day, lc.Payoff("2026-02-01"), **terms, accrual=accrual)
            assert (found.is_closed, str(found.payoff), str(found.cut)) == (True, "0.00", "interest 1.58")
            assert str(found.installments[0].agreed.interest) == "6.58"


def test_a_position_says_what_each_cap_cut_and_whether_it_comes_back() -> None:
    """50.00 charged ahead and 30.00 on 16 February under 0.01 % a day of 1 200.00, 0.12 a night, which recovers: 4.92 in 41
    nights, all for what came first. 15.00 are the most of interest and fee: of 3.95 (1 105.38 x 1 % x 10/28) in the second
    period 1.00 is left after 12.00 and 2.00.
    """
    late = lc.LateTerms(
        penalties=lc.Penalty(30),
        caps=[
            lc.Cap(amount=15, covers=["interest", "fee"], name="cost"),
            lc.Cap("0.01%/day", covers="penalty", recover=True, name="fair"),
        ],
    )
    terms = {"principal": 1200, "rate": "12%", "start": "2026-01-15", "installments": 12}
    terms["fees"] = [lc.Fee(2, each="installment")]
    found = position(late, "2026-02-25", lc.Charge("2026-01-20", "penalty", 50, installment=3), **terms)
    assert "cut by caps 78.03: penalty 75.08, interest 2.95" in str(found)
    explained = found.explain().splitlines()
    assert "  penalty: 30.00 - 30.00 (above the cap) = 0.00" in explained
    assert "interest to date 1105.38 x 12% x 1/12 x 10/28 = 3.947785... -> 3.95 - 2.95 above the cap" in explained
    assert "charged to installment 3, due 2026-04-15: penalty 50.00 - 45.08 (above the cap) = 4.92" in explained
    assert [line for line in explained if line.startswith("cut: ")] == [f"cut: {cut}" for cut in found.cuts]
    assert [note for note in found.assumptions if " cut by " in note] == [
        "2.95 cut by cost: 15, on fee, interest (recover False): it does not come back as the limit grows",
        "75.08 cut by fair: 0.01%/day of the outstanding principal since disbursement, on penalty (recover True): "
        "it comes back as far as the limit grows",
    ]


def test_a_charge_ahead_of_the_next_installment_leaves_the_interest_to_date_as_it_is_under_a_cap() -> None:
    # 12.00 of interest by 15 February; 10 of 28 nights of 1 105.38 at 1 %: 3.95; 20.00 are the most
    late = lc.LateTerms(caps=lc.Cap(amount=20, covers="interest"))
    terms = {"principal": 1200, "rate": "12%", "start": "2026-01-15", "installments": 12}
    found = position(late, "2026-02-25", lc.Charge("2026-01-20", "penalty", 50, installment=3), **terms)
    assert (str(found.past_due.interest), str(found.interest_to_date), str(found.cut)) == ("12.00", "3.95", "nothing")


# Grace and tolerance


def test_a_grace_of_business_days_ends_after_the_weekend() -> None:
    # due on Sunday 15 February: Monday, Tuesday, Wednesday are the three business days
    late = lc.LateTerms(penalties=[lc.Penalty(10)], grace=lc.Grace(3, "free", calendar="WEEKENDS"))
    assert [owed(late, f"2026-02-{day}").get("penalty") for day in (18, 19)] == [None, "10.00"]
    status = lc.LateTerms(grace=lc.Grace(3, "status-only", calendar="WEEKENDS"))
    assert [position(status, f"2026-02-{day}").delinquent_days for day in (18, 19)] == [0, 4]


def test_what_is_within_the_tolerance_is_not_past_due() -> None:
    late = lc.LateTerms(lc.LateInterest("0.1%/day"), penalties=[lc.Penalty(10)], tolerance=lc.Tolerance(5))
    paid = [lc.Payment("2026-02-15", 995)]
    found = position(late, "2026-03-31", *paid)
    assert (found.days_past_due, str(found.past_due.total)) == (0, "5.00")
    less = position(late, "2026-03-31", lc.Payment("2026-02-15", "994.99"))
    assert (less.days_past_due, str(less.past_due.penalty), str(less.past_due.late_interest)) == (44, "10.00", "0.22")


def test_what_is_paid_inside_a_deferred_grace_but_for_what_is_tolerated_never_was_late() -> None:
    late = lc.LateTerms(
        lc.LateInterest("0.1%/day"), penalties=lc.Penalty(10), grace=lc.Grace(3, "deferred"), tolerance=lc.Tolerance(5)
    )
    for day in ("2026-02-17", "2026-02-18"):
        for amount, expected in ((995, "principal 5.00"), (1000, "nothing")):
            found = position(late, "2026-02-25", lc.Payment(day, amount))
            assert (str(found.past_due), found.days_past_due) == (expected, 0)
    # a cent more is not tolerated: two nights of 1 000.00 and 8 of 5.01, 2.00 + 0.04
    short = position(late, "2026-02-25", lc.Payment("2026-02-17", "994.99"))
    assert str(short.past_due) == "penalty 10.00, late_interest 2.04, principal 5.01"
    # nor what comes after the grace: the penalty of the 19th, five nights of 1 000.00 and 980.00 of principal are paid; five
    # nights of 20.00 follow
    after = position(late, "2026-02-25", lc.Payment("2026-02-20", 995))
    assert str(after.past_due) == "late_interest 0.10, principal 20.00"


def test_late_charges_end_with_the_day_on_which_the_rest_is_within_the_tolerance() -> None:
    late = lc.LateTerms(lc.LateInterest("0.1%/day"), tolerance=lc.Tolerance(share="1%"))
    found = position(late, "2026-03-31", lc.Payment("2026-02-25", 1008), **ONE)
    # 10 nights of 1 000.00 are 10.00, paid first; 2.00 of principal are left: 1 % of them is 0.02
    assert found.days_past_due == 44
    late = lc.LateTerms(lc.LateInterest("0.1%/day"), tolerance=lc.Tolerance(2, share="1%"))
    found = position(late, "2026-03-31", lc.Payment("2026-02-25", 1008), **ONE)
    assert (found.days_past_due, str(found.past_due.total)) == (0, "2.00")


# Presets


def test_china_late_interest_is_130_to_150_percent_and_compounds_on_interest() -> None:
    terms = PLAN | {"currency": "CNY"}
    late = lc.LateTerms.of("cn-251-2003", rate="1.5x", day_count="ACT/360")
    # 10 nights at 18 % / 360: 100.00 -> 0.50, 12.00 -> 0.06
    found = owed(late, "2026-02-25", **terms)
    assert (found["late_interest"], found["compound_interest"]) == ("0.50", "0.06")
    for rate in ("1.2x", "1.6x", "18%"):
        with pytest.raises(lc.InvalidTerms, match=r"got rate .*; expected from 1.3x to 1.5x"):
            lc.LateTerms.of("cn-251-2003", rate=rate, day_count="ACT/360")
    with pytest.raises(lc.InvalidTerms, match=r"missing rate, from 1\.3x to 1\.5x"):
        lc.LateTerms.of("cn-251-2003", day_count="ACT/360")
    with pytest.raises(lc.UnknownName, match="nearest: rate"):
        lc.LateTerms.of("cn-251-2003", rat="1.5x")


def test_older_chinese_daily_rates_hold_in_their_years() -> None:
    for on, rate in (("1997-01-01", "0.04%/day"), ("1999-01-01", "0.03%/day"), ("1999-06-10", "0.021%/day")):
        found = lc.LateTerms.of("cn-overdue", on=on)
        assert found.interest is not None
        assert str(found.interest.rate) == rate
    with pytest.raises(lc.InvalidDate, match="not in force on 2004-01-01"):
        lc.LateTerms.of("cn-overdue", on="2004-01-01")


def test_nothing_accrues_on_an_indian_penal_charge() -> None:
    late = lc.LateTerms.of("in-penal-2023", amount=500)
    assert owed(late, "2026-12-31") == {"principal": "1000.00", "penalty": "500.00"}


def test_every_rule_of_lateness_says_where_it_was_read() -> None:
    printed = lc.late_presets()
    assert "recalled, unverified" in printed
    for name in ("cn-251-2003", "de-bgb-497-4", "eu-late-payment", "uk-hcstc", "us-reg-z-36c", "in-penal-2023"):
        assert f"\n{name}\n" in f"\n{printed}\n"
    reference = lc.BaseRate("ECB", {"2026-01-01": "2.15%"})
    late = lc.LateTerms.of("eu-late-payment", over=reference, day_count="ACT/360")
    assert late.provenance is not None
    assert late.provenance.is_verified
    assert late.interest is not None
    assert str(late.interest.resolve(lc.Rate.parse("1%"), lc.Account(lc.Loan(**ONE)).loan.start)) == "10.15%/year"
    with pytest.raises(lc.InvalidTerms, match=r"expected from \+8pp"):
        lc.LateTerms.of("eu-late-payment", over=reference, rate="+7pp", day_count="ACT/360")


def test_terms_that_make_no_sense_are_refused() -> None:
    for build, message in (
        (lambda: lc.LateInterest("18%", over="de-base-rate"), "rate 18%/year, which stands by itself"),
        (lambda: lc.LateInterest("1.5x", compound="capitalize"), "capitalizes: got None with compound"),
        (lambda: lc.LateInterest("1.5x", base="installment", compound="interest"), "charged twice"),
        (lambda: lc.Cap(rate="4x"), "late.caps.over: got None"),
        (lambda: lc.Penalty(5, repeat=6), "expected both, with a flat amount"),
        (lambda: lc.Penalty(5, from_day=9, to_day=3), "to_day: got 3; expected from_day, 9"),
        (lambda: lc.Tolerance(), "expected an amount, a share or both"),
        (lambda: lc.Penalty(5, pyramiding="no"), "pyramiding: got 'no'; expected True or False"),  # type: ignore[arg-type]  # refused
        (lambda: lc.Cap(amount=5, recover="no"), "recover: got 'no'; expected True or False"),  # type: ignore[arg-type]  # refused
        (lambda: lc.Grace(10**9, "free"), "days: got 1000000000; expected at most 36525 days"),
        (lambda: lc.Penalty(5, to_day=10**8), "to_day: got 100000000; expected at most 36525 days"),
        (
            lambda: lc.LateInterest("18%", day_count="ACT/360", stops=10**7),
            "stops: got 10000000; expected at most 36525",
        ),
        (lambda: lc.Penalty(5, every=3), "every: got 3; expected text such as '30 days'"),  # type: ignore[arg-type]  # refused
    ):
        with pytest.raises(lc.LoanError, match=message):
            build()
    assert Fraction(lc.Tolerance(1).amount or 0) == 1


def test_a_rate_change_that_is_heard_later_ends_the_lines_of_a_relative_late_rate() -> None:
    loan = lc.Loan(**PLAN, late=interest(rate="1.5x", day_count="ACT/360"))
    change = lc.RateChange("2026-03-01", "6%", keep="term")
    lines = [line for line in lc.Account(loan, [change]).as_of("2026-03-11").lines if line.component == "late_interest"]
    assert [(str(line.rate), line.nights) for line in lines] == [("18%/year", 14), ("9%/year", 10)]


# What goes on, and what it is held against


def test_business_days_count_late_nights_by_the_calendar_of_the_loan() -> None:
    terms = ONE | {"calendar": "WEEKENDS", "adjust": "following", "interest_moves": True}
    late = interest(rate="24%", day_count="BUS/252")
    found = position(late, "2026-03-31", **terms)  # due on Monday, 16 February
    # 31 business nights from 16 February to 31 March: 1000 x 24% x 31/252 = 29.5238
    assert str(found.past_due.late_interest) == "29.52"
    assert "late interest 1000.00 x 24% x 31/252 = 29.523809... -> 29.52" in found.explain()
    assert (
        position(late, "2026-02-22", **terms).past_due.late_interest
        == position(late, "2026-02-21", **terms).past_due.late_interest
    )  # no night of a weekend is a business day


def test_business_days_need_a_calendar() -> None:
    with pytest.raises(
        lc.LoanError, match=r"late\.interest\.day_count: got 'BUS/252'; expected a loan with a calendar"
    ):
        lc.Loan(**ONE, late=interest(rate="24%", day_count="BUS/252"))


def test_interest_after_maturity_explains_itself_by_a_day_count_of_periods() -> None:
    loan = lc.Loan(1000, "12%", "2026-01-15", installments=1, day_count="ACT/ACT ICMA", accrual="daily")
    # 20 of the 28 nights that a month from 15 February has: 1000 x 12% x 1/12 x 20/28 = 7.1428
    assert "interest 1000.00 x 12% x 5/84 = 7.142857... -> 7.14" in lc.Account(loan).as_of("2026-03-07").explain()


def test_a_penalty_of_at_most_the_installment_leaves_out_what_a_cap_cut_of_it() -> None:
    loan: dict[str, Any] = {"principal": 10, "rate": "12%", "start": "2026-01-15", "installments": 1}
    penalty = lc.Penalty(50, max="installment")
    # 10.00 and 0.10 of interest are due; the cap takes off the 0.10
    assert owed(lc.LateTerms(penalties=penalty), "2026-02-20", **loan)["penalty"] == "10.10"
    capped = lc.LateTerms(penalties=penalty, caps=lc.Cap(amount=0, covers="interest"))
    assert owed(capped, "2026-02-20", **loan) == {"penalty": "10.00", "principal": "10.00"}


def test_a_recurring_penalty_goes_on_after_a_chargeback() -> None:
    late = lc.LateTerms(penalties=lc.Penalty(5, every="10 days"))
    paid, back = lc.Payment("2026-02-20", 1005, id="p"), lc.Chargeback("2026-03-01", "p")
    found = position(late, "2026-03-20", paid, back)
    # on 16 February; 26 February finds it paid; again on 8 and 18 March, counted from the first
    assert [str(charge.on) for charge in found.penalties] == ["2026-02-16", "2026-03-08", "2026-03-18"]
    at_once = position(late, "2026-03-20", paid, lc.Chargeback("2026-02-22", "p"))
    assert [str(charge.on) for charge in at_once.penalties] == ["2026-02-16", "2026-02-26", "2026-03-08", "2026-03-18"]


@pytest.mark.parametrize("penalty", [lc.Penalty(5), lc.Penalty(5, from_day=3, to_day=40)])
def test_a_penalty_that_found_the_installment_paid_is_charged_when_the_payment_goes_back(penalty: lc.Penalty) -> None:
    paid = lc.Payment("2026-02-15", 1000, id="p")
    for back in ("2026-02-20", "2026-03-01"):
        found = position(lc.LateTerms(penalties=penalty), "2026-03-20", paid, lc.Chargeback(back, "p"))
        assert [(str(charge.on), str(charge.amount)) for charge in found.penalties] == [(back, "5.00")]
    paid_again = lc.Payment("2026-02-20", 1000)  # on the same day, in time
    found = position(lc.LateTerms(penalties=penalty), "2026-03-20", paid, lc.Chargeback("2026-02-20", "p"), paid_again)
    assert found.penalties == ()
    # charged once: not again when a second payment goes back, nor beyond its span
    late, again = lc.Payment("2026-03-05", 1005, id="q"), lc.Chargeback("2026-03-10", "q")
    found = position(lc.LateTerms(penalties=penalty), "2026-06-20", paid, lc.Chargeback("2026-03-01", "p"), late, again)
    assert len(found.penalties) == 1


def test_a_payment_that_goes_back_beyond_the_span_of_a_penalty_brings_none() -> None:
    paid = lc.Payment("2026-02-15", 1000, id="p")
    late = lc.LateTerms(penalties=lc.Penalty(5, from_day=3, to_day=10))
    assert owed(late, "2026-03-20", paid, lc.Chargeback("2026-03-01", "p")) == {"principal": "1000.00"}


@pytest.mark.parametrize(
    ("paid", "back", "nights"),
    [
        (
            "2026-02-16",
            "2026-02-16",
            33,
        ),  # the night of 15 February bore too: 13 of February and 20 of March, less none
        ("2026-02-16", "2026-02-18", 31),  # but not the nights of 16 and 17
        ("2026-02-16", "2026-02-20", 28),  # paid when the grace ended: never late before it went back
        ("2026-02-20", "2026-02-20", 33),
        ("2026-02-20", "2026-03-01", 24),  # the five nights before, once more since 1 March
    ],
)
@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_payment_that_goes_back_inside_a_deferred_grace_leaves_the_nights_without_it(
    paid: str, back: str, nights: int, accrual: str
) -> None:
    late = lc.LateTerms(lc.LateInterest("0.1%/day"), grace=lc.Grace(3, "deferred"))
    events = lc.Payment(paid, 1000 if paid < "2026-02-18" else 1005, id="p"), lc.Chargeback(back, "p")
    terms = ONE | {"accrual": accrual, "day_count": "ACT/360"}
    assert owed(late, "2026-03-20", *events, **terms) == {
        "principal": "1000.00", "late_interest": f"{nights}.00",
    }  # fmt: skip


def test_what_was_capitalized_and_then_paid_while_nothing_accrued_bears_nothing_when_it_accrues_again() -> None:
    # 500.00 x 0.1 % x 10 nights = 5.00, capitalized on 25 February; 4.00 is left of the principal, which is tolerated, and
    # the 5.00 is paid. From 15 March 504.00 is unpaid: 4.00 x 0.1 % x 10 = 0.04 and 500.00 x 0.1 % x 10 = 5.00 to the 25th
    interest = lc.LateInterest("0.1%/day", compound="capitalize", capitalizes=["2026-02-25"])
    late = lc.LateTerms(interest, tolerance=lc.Tolerance(5))
    loan = lc.Loan(1000, "0%", "2026-01-15", installments=2, method="equal_principal", late=late)
    paid = [
        lc.Payment("2026-02-25", 496, only="principal"),
        lc.Payment("2026-03-01", "5.00", only="late interest"),
    ]
    past_due = lc.Account(loan, paid).as_of("2026-03-25").past_due
    assert {name: str(amount) for name, amount in past_due.items() if amount} == {
        "late_interest": "5.04",
        "principal": "504.00",
    }


def test_capitalizing_goes_on_after_a_chargeback() -> None:
    late = interest(rate="0.1%/day", compound="capitalize", capitalizes="10 days")
    paid, back = lc.Payment("2026-02-20", 1005, id="p"), lc.Chargeback("2026-03-01", "p")
    found = position(late, "2026-03-20", paid, back)
    # 1 000.00 and the 5.00 of late interest are owed again from 1 March: on 7 March 5.00 + 6.00 bear, on 17 March also the
    # 10.00 of the ten nights and the 0.11 that they bore; 11.00 x 0.1% x 10 = 0.11, 21.11 x 0.1% x 3 = 0.06333
    march = [line for line in found.lines if line.component == "compound_interest" and line.start.month == 3]
    assert [(str(line.base), line.nights, str(line.amount)) for line in march] == [
        ("11.00", 10, "0.11"),
        ("21.11", 3, "0.06"),
    ]


def test_a_deferred_grace_of_a_daily_loan_is_over_before_the_next_due_date() -> None:
    # its nights would have been asked for at the contract rate before they turn out to bear the late one
    terms: dict[str, Any] = {
        "principal": 1000, "rate": "12%", "start": "2026-01-01", "installments": 3, "every": "10 days",
        "day_count": "ACT/360", "accrual": "daily",
    }  # fmt: skip
    late = {days: lc.LateTerms(lc.LateInterest("0.05%/day"), grace=lc.Grace(days, "deferred")) for days in (9, 10)}
    account = lc.Account(lc.Loan(**terms, late=late[9]))
    assert all(account.as_of(f"2026-01-{day}").interest_to_date >= 0 for day in range(11, 32))
    with pytest.raises(
        lc.LoanError, match=r"late\.grace: got .* lasts to 2026-01-21; expected one that is over before"
    ):
        lc.Loan(**terms, late=late[10])


@pytest.mark.parametrize("asked", [[], ["2026-02-16"], ["2026-02-19", "2026-02-20"]])
def test_a_late_start_on_the_whole_balance_is_the_same_whatever_was_asked_before(asked: list[str]) -> None:
    # nothing is paid on 15 February; from the night of the 20th all 12 000.00 bear 0.1 %: 9 nights x 12.00 to 1 March
    late = lc.LateTerms(lc.LateInterest("0.1%/day", base="outstanding-principal", starts=5))
    account = lc.Account(lc.Loan(12_000, "0%", "2026-01-15", installments=12, late=late))
    assert str(account.on_days([*asked, "2026-03-01"])[-1].past_due.late_interest) == "108.00"


def test_a_payment_that_leaves_what_is_tolerated_is_in_time_for_the_penalty_of_its_day() -> None:
    late = lc.LateTerms(penalties=[lc.Penalty(25)], tolerance=lc.Tolerance(5))
    account = lc.Account(lc.Loan(12_000, "0%", "2026-01-15", installments=12, late=late))
    assert str(account.as_of("2026-02-16").past_due.penalty) == "25.00"
    assert str(account.with_payment("2026-02-16", 996).as_of("2026-03-01").past_due) == "principal 4.00"


def test_what_is_unpaid_of_an_installment_in_its_free_grace_is_more_than_what_is_tolerated() -> None:
    # 4.00 are tolerated from 15 February on; with the 1 000.00 of 15 March it is 1 004.00, and 5 nights x 0.004 -> 0.02
    late = lc.LateTerms(lc.LateInterest("0.1%/day"), tolerance=lc.Tolerance(5), grace=lc.Grace(10, "free"))
    account = lc.Account(
        lc.Loan(12_000, "0%", "2026-01-15", installments=12, late=late), [lc.Payment("2026-02-15", 996)]
    )
    days = account.on_days(["2026-03-14", "2026-03-15", "2026-03-16", "2026-03-20"])
    assert [day.oldest_unpaid_due for day in days] == [None, date(2026, 3, 15), date(2026, 2, 15), date(2026, 2, 15)]
    assert [str(day.past_due.late_interest) for day in days] == ["0.00", "0.00", "0.00", "0.02"]
