"""One payment for several loans, by article 560 of the Civil Code of China."""

from __future__ import annotations

from fractions import Fraction

import pytest

import loancalc as lc

LATE = lc.Account(lc.Loan(1000, "0%", "2026-01-15", installments=1))  # due on 15 February
LATER = lc.Account(lc.Loan(500, "0%", "2026-02-15", installments=1))  # due on 15 March
AHEAD = lc.Account(lc.Loan(800, "0%", "2026-03-15", installments=1))  # due on 15 April
ALL = {"ahead": AHEAD, "later": LATER, "late": LATE}


def shares(
    amount: int | str, standings: dict[str, lc.Standing] | None = None, **accounts: lc.Account
) -> dict[str, str]:
    across = lc.allocate_across(accounts or ALL, lc.Payment("2026-03-20", amount), standings)
    return {name: str(payment.amount) for name, payment in across.items()}


def test_what_is_due_comes_first_and_of_it_the_oldest() -> None:
    assert shares(1200) == {"later": "200.00", "late": "1000.00"}
    assert shares(1700) == {"ahead": "200.00", "later": "500.00", "late": "1000.00"}


def test_the_least_secured_comes_before_the_most_burdensome_and_that_before_the_oldest() -> None:
    secured = {"late": lc.Standing(900), "later": lc.Standing(0), "ahead": lc.Standing(0)}
    assert shares(600, secured) == {"later": "500.00", "late": "100.00"}
    burden = {"late": lc.Standing(0), "later": lc.Standing(0, Fraction(24, 100)), "ahead": lc.Standing(0, 1)}
    assert shares(600, burden) == {"later": "500.00", "late": "100.00"}
    both = {"late": lc.Standing(0), "later": lc.Standing(5, Fraction(24, 100)), "ahead": lc.Standing(0, 1)}
    assert shares(600, both) == {"late": "600.00"}


def test_what_is_equal_is_shared_in_proportion_to_the_cent() -> None:
    one, two = LATE, lc.Account(lc.Loan(500, "0%", "2026-01-15", installments=1))
    assert shares("100.00", one=one, two=two) == {"one": "66.67", "two": "33.33"}


def test_the_parts_sum_to_the_payment_and_each_account_takes_its_own() -> None:
    across = lc.allocate_across(ALL, lc.Payment("2026-03-20", "1234.56"))
    assert str(sum(payment.amount for payment in across.values())) == "1234.56"
    after = ALL["late"].with_events(across["late"]).as_of("2026-03-20")
    assert after.is_closed


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(lc.InvalidTerms, match=r"payment.amount: got 2300.01; expected at most 2300.00"):
        shares("2300.01")
    with pytest.raises(lc.InvalidTerms, match="standings: got none for later, ahead"):
        shares(1, {"late": lc.Standing(0)}, late=LATE, later=LATER, ahead=AHEAD)
    with pytest.raises(lc.InvalidTerms, match="meant for nothing in particular"):
        lc.allocate_across(ALL, lc.Payment("2026-03-20", 1, only="principal"))
    with pytest.raises(lc.InvalidTerms, match="accounts of one currency"):
        shares(1, late=LATE, yen=lc.Account(lc.Loan(1, "0%", "2026-01-15", installments=1, currency="JPY")))
