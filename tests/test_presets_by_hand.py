"""A story for every rule of lateness that comes with the library, worked out by pocket calculator.

Each line of arithmetic is rounded by itself, half up, and the lines of a figure are added: `1000 x 8.62% x 73/366 | 40`. The text is
calculated here in fractions, and both it and the library have to come to the figure that stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc
from loancalc.values.rule_tables import rules_of


def calculated(arithmetic: str) -> Decimal:
    """The sum of the lines, each a product that is rounded to the cent."""
    cents = 0
    for line in arithmetic.split(" | "):
        product = Fraction(100)
        for factor in line.split(" x "):
            product *= Fraction(factor.removesuffix("%")) / (100 if factor.endswith("%") else 1)
        cents += (2 * product + 1).__floor__() // 2
    return Decimal(cents) / 100


def at_once(principal: int, rate: str, start: str, end: str, day_count: str | None = None, **terms: Any) -> lc.Loan:
    return lc.Loan(principal, rate, start, end=end, method="lump_sum", day_count=day_count, **terms)


def of(rule: str, **choices: Any) -> lc.LateTerms:
    return lc.LateTerms.of(rule, **choices)


AGREED = lc.BaseRate("the rate of the contract", {"2027-10-31": "6%"})
ECB = lc.BaseRate("ECB", {"2027-01-01": "2.15%", "2027-07-01": "1.9%"})
RMB = {"principal": 9_000, "rate": "6%", "start": "2027-10-31", "installments": 3, "method": "equal_principal"}
"""Three parts of 3,000.00, due on 30 November, 31 December and 31 January, with 45.00, 30.00 and 15.00 of interest."""
HALVES = {"principal": 1_200, "rate": "12%", "start": "2027-01-15", "installments": 2, "method": "equal_principal"}
"""600.00 and 12.00 due on 15 February, 600.00 and 6.00 on 15 March."""
HUNDREDS = {"principal": 1_200, "rate": "0%", "installments": 12}

Story = tuple[lc.Loan, list[lc.Event], Mapping[tuple[str, str], tuple[str, str]]]
"""A loan, what happened, and what is past due: by day and component, the arithmetic and the figure."""


def german(rule: str) -> lc.Loan:
    return at_once(1_000, "6%", "2023-12-15", "2024-02-15", "30E/360", late=of(rule, day_count="ACT/ACT ISDA"))


def card(rule: str, year: int) -> lc.Loan:
    return lc.Loan(**HUNDREDS, start=f"{year}-01-31", late=of(rule))


STORIES: dict[str, Story] = {
    "cn-251-2003": (  # 1.4 x 6 % = 8.4 %; 62 nights since 30 November, 31 since 31 December
        lc.Loan(**RMB, late=of("cn-251-2003", rate="1.4x", day_count="ACT/360")),
        [],
        {
            ("2028-01-31", "late_interest"): ("3000 x 8.4% x 62/360 | 3000 x 8.4% x 31/360", "65.10"),
            ("2028-01-31", "compound_interest"): ("45 x 8.4% x 62/360 | 30 x 8.4% x 31/360", "0.87"),
        },
    ),
    "cn-251-2003-misuse": (  # used for something else from 10 December: 1.8 x 6 % = 10.8 %, due or not
        lc.Loan(**RMB, late=of("cn-251-2003-misuse", rate="1.8x", over=AGREED, day_count="ACT/360")),
        [lc.Payment("2027-11-30", 3_045), lc.RateChange("2027-12-10", "10.8%", keep="term")],
        {
            # December: 10 nights of 31 at 6 %, 21 at 10.8 %: 6000 / 12 x (6 % x 10 + 10.8 % x 21) / 31 = 500 x 286.8 % / 31
            ("2028-01-10", "interest"): ("500 x 286.8% x 1/31", "46.26"),
            ("2028-01-10", "late_interest"): ("3000 x 10.8% x 10/360", "9.00"),
            ("2028-01-10", "compound_interest"): ("46.26 x 10.8% x 10/360", "0.14"),
        },
    ),
    "cn-overdue-1999": (
        at_once(10_000, "5.85%", "1999-06-15", "1999-12-15", "ACT/360", late=of("cn-overdue-1999")),
        [],
        {("1999-12-27", "late_interest"): ("10000 x 0.021% x 12", "25.20")},
    ),
    "cn-overdue-1998": (
        at_once(10_000, "6.57%", "1998-06-10", "1998-12-10", "ACT/360", late=of("cn-overdue-1998")),
        [],
        {("1998-12-17", "late_interest"): ("10000 x 0.03% x 7", "21.00")},
    ),
    "cn-overdue-1996": (
        at_once(10_000, "9.72%", "1996-01-15", "1996-07-15", "ACT/360", late=of("cn-overdue-1996")),
        [],
        {("1996-08-14", "late_interest"): ("10000 x 0.04% x 30", "120.00")},
    ),
    "cn-private-lending": (  # 18 % was agreed; 4 x 3.85 % = 15.4 % of what is past due is the limit: 52.00 of 360.00 is cut
        at_once(
            10_000, "12%", "2020-08-20", "2021-08-20", "ACT/365F",
            late=of("cn-private-lending", rate="18%", day_count="ACT/365F"),
        ),
        [],
        {
            ("2021-11-01", "late_interest"): ("10000 x 15.4% x 73/365", "308.00"),
            ("2021-11-01", "interest"): ("10000 x 12% x 365/365", "1200.00"),
        },
    ),
    "de-bgb-288-1": (german("de-bgb-288-1"), [], {("2024-04-28", "late_interest"): ("1000 x 8.62% x 73/366", "17.19")}),
    "de-bgb-288-2": (
        german("de-bgb-288-2"),
        [],
        {
            ("2024-04-28", "late_interest"): ("1000 x 12.62% x 73/366", "25.17"),
            ("2024-04-28", "penalty"): ("40", "40.00"),
        },
    ),
    "de-bgb-497-4": (german("de-bgb-497-4"), [], {("2024-04-28", "late_interest"): ("1000 x 6.12% x 73/366", "12.21")}),
    "eu-late-payment": (  # the reference rate turns on 1 July: 30 nights of June at 10.15 %, 30 of July at 9.9 %
        at_once(1_000, "3%", "2027-05-01", "2027-06-01", "ACT/360", late=of("eu-late-payment", over=ECB, day_count="ACT/365F")),
        [],
        {
            ("2027-07-31", "late_interest"): ("1000 x 10.15% x 30/365 | 1000 x 9.9% x 30/365", "16.48"),
            ("2027-07-31", "penalty"): ("40", "40.00"),
        },
    ),
    "uk-hcstc": (  # on 1 April 0.8 % a day of 31 nights leaves 9.30 of the fee of 15.00, and what is cut does not come back
        at_once(100, "0.5%/day", "2027-03-01", "2027-03-31", late=of("uk-hcstc")),
        [],
        {
            ("2027-04-01", "penalty"): ("100 x 0.8% x 31 | -15 | -0.5", "9.30"),
            ("2027-04-20", "penalty"): ("9.30", "9.30"),
            ("2027-04-20", "late_interest"): ("100 x 0.5% x 20", "10.00"),
        },
    ),
    "in-penal-2023": (  # a flat charge for each late installment, and nothing on it
        lc.Loan(**HALVES, late=of("in-penal-2023", amount=150)),
        [],
        {
            ("2027-03-15", "penalty"): ("150", "150.00"),
            ("2027-04-15", "penalty"): ("150 | 150", "300.00"),
            ("2027-04-15", "late_interest"): ("0", "0.00"),
        },
    ),
    "us-reg-z-36c": (
        # 28 February is paid on 5 March: 25.00 of the 100.00 go to the fee. So the 100.00 of 31 March, full and in time, leave
        # that one 25.00 short, for which there is no fee.
        lc.Loan(**HUNDREDS, start="2027-01-31", late=of("us-reg-z-36c", amount=25)),
        [lc.Payment("2027-03-05", 100), lc.Payment("2027-03-31", 100)],
        {("2027-04-10", "principal"): ("25", "25.00"), ("2027-04-10", "penalty"): ("0", "0.00")},
    ),
    **{
        rule: (
            card(rule, year),
            [],
            {
                (f"{year}-03-10", "penalty"): (first, f"{first}.00"),
                (f"{year}-04-10", "penalty"): (f"{first} | {again}", f"{int(first) + int(again)}.00"),
            },
        )
        for rule, year, first, again in (
            ("us-reg-z-52b-2012", 2011, "25", "35"),
            ("us-reg-z-52b-2019", 2019, "28", "39"),
            ("us-reg-z-52b-2020", 2021, "29", "40"),
            ("us-reg-z-52b-2024", 2025, "32", "43"),
        )
    },
    "us-actuarial": (  # what is unpaid joins what bears interest: 12.00, a month later 12.00 + 6.00 + 0.12
        lc.Loan(**HALVES, late=of("us-actuarial", day_count="30E/360")),
        [],
        {
            ("2027-04-15", "late_interest"): ("600 x 1% | 600 x 1% | 600 x 1%", "18.00"),
            ("2027-04-15", "compound_interest"): ("12 x 1% | 18.12 x 1% | 6 x 1%", "0.36"),
        },
    ),
    "us-rule": (
        lc.Loan(**HALVES, late=of("us-rule", day_count="30E/360")),
        [],
        {
            ("2027-04-15", "late_interest"): ("600 x 12% x 60/360 | 600 x 12% x 30/360", "18.00"),
            ("2027-04-15", "compound_interest"): ("0", "0.00"),
        },
    ),
}  # fmt: skip


def test_every_rule_has_a_story() -> None:
    assert STORIES.keys() == {row.provenance.name for row in rules_of("late_terms")}


@pytest.mark.parametrize("rule", STORIES)
def test_the_rule_comes_to_what_the_pocket_calculator_says(rule: str) -> None:
    loan, events, figures = STORIES[rule]
    account = lc.Account(loan, events)
    for (day, component), (arithmetic, expected) in figures.items():
        assert calculated(arithmetic) == Decimal(expected), (rule, day, component)
        assert str(account.as_of(day).past_due[component]) == expected, (rule, day, component)


def test_what_a_limit_took_is_told() -> None:
    loan, events, _ = STORIES["cn-private-lending"]
    (cut,) = lc.Account(loan, events).as_of("2021-11-01").cuts
    assert calculated("10000 x 18% x 73/365 | -308") == cut.amount == Decimal("52.00")
    loan, events, _ = STORIES["uk-hcstc"]
    assert lc.Account(loan, events).as_of("2027-04-01").cut.penalty == calculated("15 | -9.30") == Decimal("5.70")


def test_a_late_fee_is_no_more_than_the_payment_that_is_due() -> None:
    """Twelve payments of 20.00: the fee of 25.00, and 35.00 again, is 20.00 each time."""
    small = lc.Loan(240, "0%", "2011-01-31", installments=12, late=of("us-reg-z-52b-2012"))
    assert str(lc.Account(small).as_of("2011-04-10").past_due.penalty) == "40.00"


def test_a_loan_used_for_something_else_bears_the_surcharge_before_anything_is_late() -> None:
    """From 10 to 31 December, by a month of 31 nights: 10 at 6 % and 21 at 10.8 % of 6,000.00, 46.26 in all. Nothing is late."""
    loan, events, _ = STORIES["cn-251-2003-misuse"]
    position = lc.Account(loan, events).as_of("2027-12-31")
    assert (position.days_past_due, str(position.due.interest)) == (0, "46.26")
