"""One payment for several loans, by article 560 of the Civil Code of China."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_what_rounding_down_leaves_goes_to_the_largest_fractions_whatever_the_order() -> None:
    # 0.05 of 10.00, 20.00 and 40.00: 0.714, 1.428 and 2.857 cents; the two that are left go to .857 and .714
    three = {
        name: lc.Account(lc.Loan(much, "0%", "2026-01-15", installments=1))
        for name, much in zip("abc", (10, 20, 40), strict=True)
    }
    expected = {"a": "0.01", "b": "0.01", "c": "0.03"}
    assert shares("0.05", **three) == expected
    assert shares("0.05", **dict(reversed(three.items()))) == expected
    yen = {name: lc.Account(lc.Loan(100, "0%", "2026-01-15", installments=1, currency="JPY")) for name in "abc"}
    assert shares(100, **yen) == {"a": "34", "b": "33", "c": "33"}  # equal claims: the first one
    dinar = {name: lc.Account(lc.Loan(100, "0%", "2026-01-15", installments=1, currency="KWD")) for name in "ab"}
    assert shares("100.001", **dinar) == {"a": "50.001", "b": "50.000"}


@given(
    st.lists(
        st.tuples(st.integers(1, 10_000), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 10**6),
)
def test_nobody_is_paid_before_those_who_come_first_are_paid_in_full(
    marks: list[tuple[int, int, int, int]], amount: int
) -> None:
    accounts = {
        str(place): lc.Account(lc.Loan(Decimal(owed) / 100, "0%", f"2026-0{1 + month}-15", installments=1))
        for place, (owed, _, _, month) in enumerate(marks)
    }
    standings = {str(place): lc.Standing(security, burden) for place, (_, security, burden, _) in enumerate(marks)}
    owed = {str(place): owed for place, (owed, *_) in enumerate(marks)}
    amount = min(amount, sum(owed.values()))
    paid = lc.Payment("2026-03-20", Decimal(amount) / 100)  # due on 15 February, 15 March, and 15 April ahead
    across = lc.allocate_across(accounts, paid, standings)
    got = {name: int(across[name].amount * 100) if name in across else 0 for name in accounts}
    assert sum(got.values()) == amount
    rank = {
        str(place): (month == 2, security, -burden, month) for place, (_, security, burden, month) in enumerate(marks)
    }
    for first in accounts:
        for other in accounts:
            if rank[first] < rank[other] and got[other]:
                assert got[first] == owed[first]
            if rank[first] == rank[other]:  # in proportion, but for less than a minor unit on each side
                assert abs(got[first] * owed[other] - got[other] * owed[first]) < owed[first] + owed[other]


def test_beyond_what_is_due_the_next_due_date_decides_and_not_one_that_is_paid() -> None:
    # `late` owes 112.00 since 15 February and asks again on 15 May; `ahead` asks on 1 April
    late = lc.Account(
        lc.Loan(
            200, "12%", "2026-01-15", installments=2, every="3 months", first_due="2026-02-15", method="equal_principal"
        )
    )
    ahead = lc.Account(lc.Loan(100, "0%", "2026-03-01", installments=1))
    due = late.as_of("2026-03-20").past_due.total
    across = lc.allocate_across({"late": late, "ahead": ahead}, lc.Payment("2026-03-20", due + 50))
    assert {name: part.amount for name, part in across.items()} == {"late": due, "ahead": 50}


def test_the_parts_of_a_payment_are_of_its_payer_and_bear_its_id() -> None:
    paid = lc.Payment("2026-03-20", 1200, source="guarantor", id="p", booked="2026-03-21")
    for part in lc.allocate_across(ALL, paid).values():
        assert (part.source, part.id, part.booked) == (paid.source, "p", paid.booked)


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
    everyone = dict.fromkeys(ALL, lc.Standing(0))
    with pytest.raises(lc.UnknownName, match="standings: got 'lat'"):
        shares(1, everyone | {"lat": lc.Standing(0)})
    wrong: list[tuple[Any, Any, Any, str]] = [
        ([LATE], lc.Payment("2026-03-20", 1), None, "accounts: got .*; expected a mapping of names to Account"),
        ({"one": LATE.loan}, lc.Payment("2026-03-20", 1), None, "accounts: got Loan.*expected a mapping"),
        (ALL, 100, None, "payment: got 100; expected a Payment"),
        (
            ALL,
            lc.Payment("2026-03-20", 1),
            dict.fromkeys(ALL, 0),
            "standings: got 0; expected a mapping of names to Standing",
        ),
    ]
    for accounts, paid, standings, message in wrong:
        with pytest.raises(lc.InvalidTerms, match=message):
            lc.allocate_across(accounts, paid, standings)
    for burden in ("abc", float("nan"), -1, True):
        with pytest.raises(lc.LoanError, match=r"standing\.burden"):
            lc.Standing(0, burden)
    assert lc.Standing(0, "18%") == lc.Standing(0, 0.18) == lc.Standing(0, Fraction(18, 100))
    with pytest.raises(lc.InvalidTerms, match="meant for nothing in particular"):
        lc.allocate_across(ALL, lc.Payment("2026-03-20", 1, only="principal"))
    with pytest.raises(lc.InvalidTerms, match="accounts of one currency"):
        shares(1, late=LATE, yen=lc.Account(lc.Loan(1, "0%", "2026-01-15", installments=1, currency="JPY")))


def test_a_penalty_that_the_payment_is_in_time_for_is_not_asked_for() -> None:
    # 106.62 are past due of each; one of them charges 25.00 at the end of this day if it is not paid
    strict = lc.Loan(1200, "12%", "2026-01-15", installments=12, late=lc.LateTerms(penalties=[lc.Penalty(25)]))
    both = {"strict": lc.Account(strict), "mild": lc.Account(lc.Loan(1200, "12%", "2026-01-15", installments=12))}
    across = lc.allocate_across(both, lc.Payment("2026-02-16", "213.24"))
    assert {name: str(paid.amount) for name, paid in across.items()} == {"strict": "106.62", "mild": "106.62"}
    after = {name: account.with_events(across[name]).as_of("2026-02-16") for name, account in both.items()}
    assert [position.past_due.total for position in after.values()] == [0, 0]


def test_a_loan_that_holds_more_than_it_owes_asks_for_nothing() -> None:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=12)
    both = {"rich": lc.Account(loan, [lc.Payment("2026-01-20", 5_000)]), "poor": lc.Account(loan)}
    across = lc.allocate_across(both, lc.Payment("2026-02-16", 1_000))
    assert {name: str(paid.amount) for name, paid in across.items()} == {"poor": "1000.00"}
    with pytest.raises(lc.InvalidTerms, match=r"got 1300; expected at most 1212\.39"):
        lc.allocate_across(both, lc.Payment("2026-02-16", 1_300))


def test_credit_that_is_meant_for_another_installment_leaves_a_loan_due() -> None:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=12)
    meant = lc.Account(loan, [lc.Payment("2026-01-20", 500, installment=5)])
    across = lc.allocate_across({"meant": meant, "other": lc.Account(loan)}, lc.Payment("2026-02-16", 100))
    assert {name: str(paid.amount) for name, paid in across.items()} == {"meant": "50.00", "other": "50.00"}
