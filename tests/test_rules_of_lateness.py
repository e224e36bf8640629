"""Every row of the tables of rules about lateness, payments and caps: a preset by name, another function, or a reason.

`data/penalty_rules.csv`, `payment_allocation_rules.csv` and `rate_caps.csv` are tables of laws with their sources, collected
by hand; the presets of the package have to say the same of validity and status.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc
from loancalc.values.rule_tables import Provenance, rules_of
from reference import DATA

EVERYTHING = ["penalty", "fee", "compound_interest", "late_interest", "interest"]


def laws(table: str) -> dict[str, Provenance]:
    """Where the rules of a table of the package come from, by their names."""
    return {rule.provenance.name: rule.provenance for rule in rules_of(table)}


def rows(name: str) -> dict[str, dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {row["rule_id"]: row for row in csv.DictReader(file)}


PENALTY_RULES, ALLOCATION_RULES, RATE_CAPS = map(
    rows, ("penalty_rules.csv", "payment_allocation_rules.csv", "rate_caps.csv")
)


# Late interest and penalties

LATE_TERMS = {
    "CN_251_OVERDUE": "cn-251-2003",
    "CN_251_MISUSE": "cn-251-2003-misuse",
    "CN_HIST_1999": "cn-overdue-1999",
    "CN_HIST_1998": "cn-overdue-1998",
    "CN_HIST_1996": "cn-overdue-1996",
    "CN_PRIVATE_ART28": "cn-private-lending",
    "CN_PRIVATE_ART29": "cn-private-lending",
    "IN_PENAL_2023": "in-penal-2023",
    "DE_BGB_288_1": "de-bgb-288-1",
    "DE_BGB_288_2": "de-bgb-288-2",
    "DE_BGB_497_4": "de-bgb-497-4",
    "EU_LPD_2011_7": "eu-late-payment",
    "UK_HCSTC_DEFAULT_FEE": "uk-hcstc",
    "US_REGZ_36C": "us-reg-z-36c",
    "US_REGZ_52B_2012": "us-reg-z-52b-2012",
    "US_REGZ_52B_2019": "us-reg-z-52b-2019",
    "US_REGZ_52B_2020": "us-reg-z-52b-2020",
    "US_REGZ_52B_2024": "us-reg-z-52b-2024",
}
NO_LATE_TERMS = {
    "CN_COMPOUND_ART27": "limits what several contracts that roll a debt over come to; one loan knows only its own",
    "CN_CIVIL_585": "a court may cut what exceeds the actual loss, which no contract states",
}


def test_every_penalty_rule_is_a_preset_or_has_a_reason() -> None:
    assert LATE_TERMS.keys() | NO_LATE_TERMS.keys() == PENALTY_RULES.keys()
    assert not LATE_TERMS.keys() & NO_LATE_TERMS.keys()


@pytest.mark.parametrize("rule", LATE_TERMS)
def test_a_preset_has_the_validity_and_the_status_of_its_rule(rule: str) -> None:
    row = PENALTY_RULES[rule]
    found = laws("late_terms")[LATE_TERMS[rule]]
    assert (str(found.valid_from), str(found.valid_to or "")) == (row["effective_from"], row["effective_to"])
    assert (found.jurisdiction, found.status) == (row["jurisdiction"], row["status"])
    assert found.source


@pytest.mark.parametrize("rule", [rule for rule, name in LATE_TERMS.items() if "52b" in name])
def test_a_safe_harbor_has_the_amounts_of_its_edition(rule: str) -> None:
    row = PENALTY_RULES[rule]
    for name in ("us-reg-z-52b", "12 CFR 1026.52(b)"):
        (penalty,) = lc.LateTerms.of(name, on=row["effective_from"]).penalties
        assert (str(penalty.amount), str(penalty.repeat)) == (row["min_value"], row["max_value"])
        assert (penalty.within, penalty.max) == (6, "installment")


# Orders of payment

ALLOCATIONS = {
    "CN_CC_561": "cost-interest-principal",
    "CN_CARD_90": "cn-credit-card",
    "CN_CARD_91": "cn-credit-card-91",
    "DE_367": "de-bgb-367",
    "DE_497_3": "de-bgb-497",
    "US_ACTUARIAL": "us-actuarial",
    "US_RULE": "us-rule",
}
ACROSS = {"CN_CC_560", "US_CARD_ACT"}
"""Orders among several debts: `lc.allocate_across`."""


def test_every_rule_of_allocation_is_a_preset_or_an_order_among_debts() -> None:
    assert ALLOCATIONS.keys() | ACROSS == ALLOCATION_RULES.keys()


@pytest.mark.parametrize("rule", ALLOCATIONS)
def test_an_order_has_the_status_of_its_rule(rule: str) -> None:
    row, name = ALLOCATION_RULES[rule], ALLOCATIONS[rule]
    found = laws("allocations")[name]
    assert lc.Allocation.of(name).name == name
    assert (found.jurisdiction, found.status) == (row["jurisdiction"], row["status"])


def test_what_exceeds_the_minimum_of_a_credit_card_goes_to_the_balance_of_the_highest_rate() -> None:
    # 15 USC 1666c(b): the balances of a card are accounts, their rates what is burdensome about them
    rates = {"purchases": "18%", "cash": "27%", "transfer": "3%"}
    balances = {name: lc.Account(lc.Loan(1200, rate, "2026-01-15", installments=12)) for name, rate in rates.items()}
    standings = {name: lc.Standing(0, lc.Rate.parse(rate).value) for name, rate in rates.items()}
    due = {name: balance.as_of("2026-02-15").due.total for name, balance in balances.items()}
    paid = lc.Payment("2026-02-15", sum(due.values()) + 500)
    shared = lc.allocate_across(balances, paid, standings)
    assert {name: shared[name].amount - due[name] for name in rates} == {"purchases": 0, "cash": 500, "transfer": 0}


# Caps

CAPS: dict[str, dict[str, Any]] = {
    "CN_PRIVATE_2015_PROTECT": {"rate": "24%"},
    "CN_PRIVATE_2015_VOID": {"rate": "36%"},
    "CN_PRIVATE_4LPR": {"rate": "4x", "over": "cn-lpr-1y"},
    "CN_FIN_24": {"rate": "24%"},
    "UK_HCSTC_DAILY": {"rate": "0.8%/day"},
    "UK_HCSTC_TOTAL": {"share": "100%"},
    "UK_HCSTC_DEFAULT": {"amount": 15},
}
YEARLY_COST = {"CN_CASH_LOAN_141", "CN_ASSIST_2025_9", "CN_MICROLOAN_2025", "CN_CONSUMER_FIN_20", "US_MLA_MAPR"}
"""Limits on the yearly cost of what was agreed: found by `lc.irr` and `lc.apr`, never a clamp inside an account."""
NO_LIMIT = {
    "CN_DISCLOSE_2026": "a duty to disclose, without a number",
    "EU_EBA_DEFAULT_RETAIL": "the materiality of what is past due, not a price",
}


def test_every_cap_is_expressed_or_has_a_reason() -> None:
    assert CAPS.keys() | YEARLY_COST | NO_LIMIT.keys() == RATE_CAPS.keys()


def limit_by_hand(row: dict[str, str], nights: int) -> int:
    """What 1 000.00 lent may cost after so many nights, in cents, rounded down, from the row of the table."""
    value = Fraction(row["value"])
    if "x one-year LPR" in row["unit"]:
        value *= Fraction("3.85")  # the one-year LPR on 20 August 2020, as the row's note prints it
    if "percent a year" in row["unit"] or "LPR" in row["unit"]:
        return int(100_000 * value / 100 * nights / 365)
    if "percent a day" in row["unit"]:
        return int(100_000 * value / 100 * nights)
    return int(100_000 * value / 100) if "percent of the amount" in row["unit"] else int(value * 100)


@pytest.mark.parametrize("rule", CAPS)
def test_what_is_charged_comes_to_the_limit_of_the_table_on_every_day_and_never_above(rule: str) -> None:
    row = RATE_CAPS[rule]
    cap = lc.Cap(**CAPS[rule], covers=EVERYTHING, recover=True, name=rule)
    late = lc.LateTerms(penalties=lc.Penalty(1_000_000), caps=cap)
    loan = lc.Loan(1000, "0%", row["effective_from"], installments=1, late=late)
    due = loan.dates[-1]
    days = [due + timedelta(1 + day) for day in range(0, 400, 37)]
    for day, position in zip(days, lc.Account(loan).on_days(days), strict=True):
        limit = limit_by_hand(row, (day - loan.start).days)
        assert position.past_due.penalty * 100 == limit
        assert position.cut.penalty * 100 == 100_000_000 - limit
        assert {cut.cap.split(":")[0] for cut in position.cuts} == {rule}


@pytest.mark.parametrize("rule", sorted(YEARLY_COST))
def test_a_limit_on_the_yearly_cost_is_held_by_the_rate_alone_and_broken_by_any_fee(rule: str) -> None:
    value = Fraction(RATE_CAPS[rule]["value"]) / 100
    terms: dict[str, Any] = {"principal": 12_000, "rate": value, "start": "2026-01-15", "installments": 12}
    tolerance = Fraction(1, 10_000)  # of cents rounded twelve times
    assert abs(Fraction(lc.irr(lc.Loan(**terms)).nominal) - value) < tolerance
    with_fee = lc.Loan(**terms, fees=[lc.Fee(20, each="installment")])
    assert Fraction(lc.irr(with_fee).nominal) > value + tolerance


def test_a_cap_of_a_relative_rate_is_that_of_the_day_on_which_the_loan_began() -> None:
    cap = lc.Cap(rate="4x", over="LPR")
    assert [str(cap.rate_on(day)) for day in (date(2020, 8, 20), date(2021, 12, 19), date(2021, 12, 20))] == [
        "15.4%/year", "15.4%/year", "15.2%/year",
    ]  # fmt: skip


# What a figure says of the law it rests on


def cited(day: str, **terms: Any) -> list[str]:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=12, **terms)
    return [note for note in lc.Account(loan).as_of(day).assumptions if " by " in note]


def test_a_figure_by_the_rule_of_a_law_names_the_law_its_source_and_whether_it_was_in_force() -> None:
    chinese = lc.LateTerms.of("cn-251-2003", rate="1.5x", day_count="ACT/360")
    law = laws("late_terms")["cn-251-2003"]
    assert cited("2026-02-20", late=chinese) == [
        f"late terms by cn-251-2003; in force from 2004-01-01; verified; source: {law.source}"
    ]
    assert cited("2026-02-15", late=chinese) == []  # nothing is late yet
    old, unverified = lc.LateTerms.of("us-reg-z-52b-2012"), lc.LateTerms.of("us-reg-z-52b-2024")
    (note,) = cited("2026-02-20", late=old)
    assert note.startswith(
        "late terms by us-reg-z-52b-2012; not in force on 2026-02-20; in force from 2010-08-22 to 2013-12-31; verified"
    )
    (note,) = cited("2026-02-20", late=unverified)
    assert note.startswith("late terms by us-reg-z-52b-2024; in force from 2024-05-14; recalled, unverified; source: ")


def test_an_order_of_payment_by_law_is_named_and_one_of_practice_or_of_a_contract_is_not() -> None:
    assert cited("2026-01-20", allocation="de-bgb-497") == [
        "allocation by de-bgb-497; verified; source: § 497(3) BGB (bgb.kommentar.de § 497)"
    ]
    own = lc.Allocation(lc.Allocation.of("de-bgb-497").order, "vertical")
    for other in ("mifos-standard", own):
        assert cited("2026-01-20", allocation=other) == []
