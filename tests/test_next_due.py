"""What falls due next where caps cut it, where something is charged to it beforehand, and where interest joins the principal.

1 200.00 at 1 % a month over a year: 106.62 a month, of which 12.00 are interest in February and 11.05 in March.
"""

from __future__ import annotations

from typing import Any

import pytest

import loancalc as lc

FEBRUARY = lc.Payment("2026-02-15", "106.62")


def account(*happened: lc.Event, **terms: Any) -> lc.Account:
    return lc.Account(lc.Loan(1_200, "12%", "2026-01-15", installments=12, **terms), [FEBRUARY, *happened])


def asked_next(known: lc.Account, day: str, **known_on: str) -> tuple[str, str]:
    due = known.as_of(day, **known_on).next_due
    assert due is not None
    return str(due.date), str(due.amount)


# Caps

OF_INTEREST = lc.LateTerms(caps=lc.Cap(amount=20, covers="interest"))
OF_PENALTIES = lc.LateTerms(caps=lc.Cap(amount=10, covers="penalty"))


def test_interest_that_a_cap_will_cut_is_not_due_next() -> None:
    # 20.00 in all: 12.00 were paid, and 8.00 are left of the 11.05 of March, beside 95.57 of principal
    assert asked_next(account(), "2026-02-20") == ("2026-03-15", "106.62")
    assert asked_next(account(late=OF_INTEREST), "2026-02-20") == ("2026-03-15", "103.57")


def test_money_that_is_held_is_not_taken_off_what_a_cap_leaves() -> None:
    held = account(lc.Payment("2026-02-18", 50), late=OF_INTEREST)
    assert asked_next(held, "2026-02-20") == ("2026-03-15", "103.57")
    assert held.as_of("2026-02-20").credit == 50


def test_a_cost_is_due_next_from_its_day_on_and_from_when_it_is_known_also_under_a_cap() -> None:
    # 103.57 and 7.00
    cost = lc.Charge("2026-02-20", "cost", 7, installment=2, booked="2026-03-01")
    charged = account(cost, late=OF_INTEREST)
    days = {day: asked_next(charged, day)[1] for day in ("2026-02-19", "2026-02-20", "2026-02-21")}
    assert days == {"2026-02-19": "103.57", "2026-02-20": "110.57", "2026-02-21": "110.57"}
    assert asked_next(charged, "2026-02-25", known_on="2026-02-28") == ("2026-03-15", "103.57")
    assert asked_next(charged, "2026-02-25", known_on="2026-03-01") == ("2026-03-15", "110.57")


def test_a_penalty_that_is_charged_beforehand_is_due_next_as_far_as_a_cap_allows() -> None:
    # 10.00 of 40.00
    penalty = lc.Charge("2026-02-20", "penalty", 40, installment=2)
    assert asked_next(account(penalty), "2026-02-25") == ("2026-03-15", "146.62")
    assert asked_next(account(penalty, late=OF_PENALTIES), "2026-02-25") == ("2026-03-15", "116.62")


# Daily loans


def test_what_is_charged_beforehand_to_an_installment_of_a_daily_loan_is_due_with_it() -> None:
    # 106.62, a fee of 2.00 and a cost of 7.00
    fee = lc.Fee(2, each="installment")
    charged = account(
        lc.Payment("2026-02-15", 2), lc.Charge("2026-02-20", "cost", 7, installment=2), accrual="daily", fees=fee
    )
    assert asked_next(charged, "2026-02-25") == ("2026-03-15", "115.62")


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_interest_that_joins_the_principal_on_the_way_is_not_due_next(accrual: str) -> None:
    # 1 200 x 1.01 x 1.01 = 1 224.12 on 15 March, over ten installments 129.25
    terms = {"installments": 12, "accrual": accrual, "moratorium": lc.Moratorium(2, "capitalized")}
    waiting = lc.Account(lc.Loan(1_200, "12%", "2026-01-15", **terms))
    assert asked_next(waiting, "2026-01-20") == ("2026-04-15", "129.25")
    # 1 105.38 x 1.01 x 1.01 = 1 127.60 on 15 April, over eleven: 108.76
    deferred = account(lc.Deferral("2026-02-20", 2, interest="capitalize"), accrual=accrual)
    assert asked_next(deferred, "2026-02-20") == ("2026-05-15", "108.76")
