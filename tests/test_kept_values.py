"""JSON round trip: what is written and read again is the same value, and says the same of every day."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import LoanError
from loancalc.io import from_json, to_json
from loancalc.plan.amortization import annuity
from loancalc.plan.late_terms import LateTerms
from loancalc.testing import accounts, late_terms, loans

HEAD = '{"schema": "loancalc/value", "version": 1, "value": %s}'
LOAN = lc.Loan(1200, "12%", "2026-01-15", installments=12)


def again(value: Any) -> Any:
    return from_json(to_json(value))


# Laws


@given(accounts(), st.integers(0, 900))
def test_an_account_that_was_kept_stands_on_every_day_as_before(account: lc.Account, days: int) -> None:
    kept = again(account)
    assert kept == account
    assert kept.loan.defaulted == account.loan.defaulted
    day = account.loan.start + timedelta(days)
    found, expected = kept.as_of(day), account.as_of(day)
    assert found == expected
    assert found.explain() == expected.explain()  # the assumptions among it
    assert to_json(kept) == to_json(account)


@given(loans())
def test_a_loan_that_was_kept_has_the_same_plan(loan: lc.Loan) -> None:
    kept = again(loan)
    assert kept == loan
    assert kept.schedule() == loan.schedule()
    assert kept.assumptions == loan.assumptions


@given(late_terms())
def test_late_terms_are_kept(terms: LateTerms) -> None:
    assert again(terms) == terms


@given(accounts(), st.data())
def test_what_was_damaged_is_refused_or_another_value_and_nothing_else(
    account: lc.Account, data: st.DataObject
) -> None:
    document = json.loads(to_json(account))
    places: list[tuple[Any, Any]] = []

    def walk(part: Any) -> None:
        for name, inside in part.items() if isinstance(part, dict) else enumerate(part):
            places.append((part, name))
            if isinstance(inside, dict | list):
                walk(inside)

    walk(document)
    holder, name = data.draw(st.sampled_from(places))
    holder[name] = data.draw(st.sampled_from([None, -1, 0, 10**30, "", "x", "1e999999", [], {}, [[]], {"x": 1}, True]))
    with suppress(LoanError):
        from_json(json.dumps(document))


# What the strategies do not draw

BANK = lc.Calendar("the bank's", ["2026-01-01", "2026-05-01"], weekend=["saturday", "sunday"])


@pytest.mark.parametrize(
    "value",
    [
        LOAN,
        lc.Loan(1000, "5%", periods=lc.periods("2026-01-31", every="1 month", count=6, skip=[4], roll="EOM")),
        lc.Loan(
            1000, "5%", day_count="ACT/365F",
            periods=lc.periods("2026-01-15", every="1 month", count=3, calendar=lc.calendars.union("TARGET", "US"),
                               adjust="following"),
        ),
        lc.Loan(1000, "5%", periods=lc.periods("2026-01-15", dates=["2026-03-01", "2026-07-09"]), day_count="ACT/360"),
        lc.Loan(1000, "5%", "2026-01-15", installments=3, calendar=BANK, adjust="preceding", interest_moves=False),
        lc.Loan(1000, "5%", "2026-01-15", installments=3, calendar="中国", adjust="following", interest_moves=False),
        lc.Loan(1000, "5%", "2026-01-15", installments=3, method=lc.Graduated(Fraction(1, 3)), rounding=lc.Rounding(5, "up")),
        lc.Loan(1000, "5%", "2026-01-15", payment="100.00", negative_amortization="115%"),
        lc.Loan(1000, lc.RatePath("5%", {"2026-03-01": "6%"}, keep="term", payment_cap="7.5%"), "2026-01-15", installments=9),
        lc.Loan(1000, lc.IndexedRate("cn-lpr-1y", "+1pp", reset="01-01", keep="term"), "2024-01-15", installments=36),
        lc.Loan(
            1000, lc.IndexedRate(lc.BaseRate("house", {"2024-01-01": "3%", "2025-01-01": "-1%"}), "+4pp", reset="anniversary",
                                 keep="term"),
            "2024-01-15", installments=36,
        ),
        lc.Loan(
            1000, "5%", "2026-01-15", installments=3, taxes=lc.Tax({"2026-01-01": "5%", "2026-03-01": "6%"}, on="interest"),
            tranches=[lc.Tranche("2026-02-01", "50", down_payment="25%")], moratorium=lc.Moratorium(1, "capitalized"),
            prepayment=lc.Prepayment(fee=lc.Fee(percent="1%", of="prepaid", at="prepayment")), small_balance="0.05",
        ),
        lc.Allocation(
            ["cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal"], "vertical",
            after={90: "oldest-installment-first"}, surplus="hold",
        ),
        lc.Claim("2026-04-24", days_past_due=45, past_due_total="1730.00"),
        lc.Standing(500, Fraction(1, 3)),
        lc.Restructuring("2026-03-01", installments=6, rate="9%", overdue={"principal": "capitalize", "interest": "waive"}),
    ],
    ids=lambda value: f"{type(value).__name__} {str(value)[:30]}",
)  # fmt: skip
def test_every_value_is_kept(value: Any) -> None:
    kept = again(value)
    assert kept == value
    assert repr(kept) == repr(value)
    if isinstance(value, lc.Loan):
        assert kept.schedule() == value.schedule()


def test_every_event_is_kept() -> None:
    account = lc.Account(
        LOAN,
        [
            lc.Payment("2026-02-15", 50, booked="2026-02-20", source="guarantor", installment=2, only=["principal"], id="p"),
            lc.Waiver("2026-02-16", "penalty", "all"), lc.Charge("2026-03-01", "cost", "9.99", installment=2),
            lc.InterestPause("2026-03-02", "2026-03-09", keep="term", late_interest=True),
            lc.Deferral("2026-03-10", 1, interest="spread"), lc.RateChange("2026-04-01", "9%", keep="payment"),
            lc.Chargeback("2026-04-02", "p"), lc.Reversal("p", booked="2026-04-03"), lc.Payoff("2026-06-01"),
        ],
    )  # fmt: skip
    assert again(account) == account
    assert again(account.events[0]) == account.events[0]


def test_terms_of_a_law_stay_those_of_the_law() -> None:
    terms = lc.LateTerms.of("cn-251-2003", rate="1.5x", day_count="ACT/360")
    assert terms.provenance is not None
    assert again(terms).provenance == terms.provenance
    assert again(lc.BaseRate.of("cn-lpr-1y")) == lc.BaseRate.of("cn-lpr-1y")


# What it looks like


def test_a_loan_as_text() -> None:
    assert to_json(LOAN, indent=1) == (
        '{\n "schema": "loancalc/value",\n "version": 1,\n "value": {\n  "Loan": {\n   "principal": "1200",\n'
        '   "rate": "12%/year",\n   "start": "2026-01-15",\n   "installments": 12,\n   "method": "annuity",\n'
        '   "accrual": "scheduled"\n  }\n }\n}'
    )


def test_numbers_are_read_as_they_were_written() -> None:
    # a float would be 0.1000000000000000055...; digits beyond a float's stay too
    payment = from_json(HEAD % '{"Payment": {"on": "2026-02-15", "amount": 12345678901234567.10}}')
    assert payment.amount == Decimal("12345678901234567.10")


# What is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "document: got '['; expected JSON text that to_json wrote"),
        ("{}", "document: got '{}'; expected schema 'loancalc/value', a version and a value"),
        ('{"schema": "loancalc/value", "version": 2, "value": null}', "document.version: got 2; expected 1"),
        (HEAD % '{"Payment": {"on": "2026-02-15", "amount": 1, "amount": 2}}', "document: got 'amount' twice"),
        (HEAD % '{"Payment": {"on": "2026-02-15", "amount": NaN}}', "document: got NaN; expected a number"),
        (
            HEAD % '{"Payment": {"on": "2026-02-15", "amount": "ten"}}',
            "value.Payment: payment.amount: got 'ten'; expected",
        ),
        (HEAD % '{"Payment": {"on": "2026-02-15", "amout": 1}}', "value.Payment: got 'amout'; nearest: amount"),
        (HEAD % '{"Payment": {"on": "2026-02-15"}}', "value.Payment: got {'on': '2026-02-15'}; "),
        (HEAD % '{"Payment": 5}', "value.Payment: got 5; expected its arguments by name"),
        (HEAD % '{"Paiment": {}}', "value: got 'Paiment'; nearest: Payment"),
        (
            HEAD % '[{"Fee": {"amount": 1, "each": {"date": "2026-13-01"}}}]',
            "value[0].Fee.each.date: got '2026-13-01'; ",
        ),
        (HEAD % '{"Fee": {}, "Tax": {}}', "value: got {'Fee': {}, 'Tax': {}}; expected one kind and what it says"),
        ("[" * 100_000, "document: got '[[["),
    ],
)
def test_what_is_no_value_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(LoanError) as refused:
        from_json(text)
    assert str(refused.value).startswith(message)


def test_a_function_of_the_callers_own_is_refused_by_its_place() -> None:
    loan = lc.Loan(1000, "5%", "2026-01-15", installments=3, method=annuity)
    with pytest.raises(LoanError, match=r"Loan\.method: got <function annuity .*; expected what text can say"):
        to_json(loan)


def test_true_is_no_version() -> None:
    with pytest.raises(lc.LoanError, match=r"document\.version: got True; expected 1"):
        from_json('{"schema": "loancalc/value", "version": true, "value": {"Payoff": {"on": "2026-02-15"}}}')
