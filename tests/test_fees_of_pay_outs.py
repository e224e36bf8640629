"""Fees of every pay-out, yearly fees in advance, and fees of plans without dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidTerms
from loancalc.meaning.cost import flows_of

START = date(2026, 1, 15)
PER_PAY_OUT = lc.Fee(percent="1%", of="pay-out", each="pay-out", settled="deducted", min="25")


def loan_with(*fees: lc.Fee, **terms: Any) -> lc.Loan:
    return lc.Loan(**{"principal": 6_000, "rate": "12%", "start": START, "installments": 12, "fees": fees} | terms)


# Every pay-out


@given(
    days=st.lists(st.integers(1, 330), max_size=3),
    percent=st.integers(0, 500),
    settled=st.sampled_from(["paid", "deducted"]),
)
def test_every_pay_out_bears_its_own_fee_and_the_plan_none(days: list[int], percent: int, settled: str) -> None:
    share = Fraction(percent, 10_000)
    fee = lc.Fee(percent=share, of="pay-out", each="pay-out", settled=settled)
    tranches = [lc.Tranche(START + timedelta(day), 1_000 + day) for day in days]
    loan, plain = loan_with(fee, tranches=tranches), loan_with(tranches=tranches)
    assert [row[:4] for row in loan.schedule()] == [row[:4] for row in plain.schedule()]
    outs = [Decimal(6_000), *(tranche.amount for tranche in loan.tranches)]
    for paid_out, amount in zip(loan.disbursements, outs, strict=True):
        exact = Fraction(amount) * share * 100
        charged = Fraction(int(exact + Fraction(1, 2)), 100)
        assert Fraction(getattr(paid_out, settled)) == charged
        assert Fraction(paid_out.received) == Fraction(amount) - charged
    assert Fraction(loan.schedule().charged_at_disbursement) == sum(
        Fraction(getattr(paid_out, settled)) for paid_out in loan.disbursements
    )


def test_a_fee_of_every_pay_out_by_hand() -> None:
    """1 %, at least 25: 60.00 of the first 6 000, 25.00 of the 2 000 in March; both are costs of the loan."""
    loan = loan_with(PER_PAY_OUT, tranches=[lc.Tranche("2026-03-15", 2_000)])
    assert [str(paid_out.received) for paid_out in loan.disbursements] == ["5940.00", "1975.00"]
    assert [str(flow.amount) for flow in flows_of(loan)[:3:2]] == ["-5940.00", str(loan.schedule()[1].total - 1975)]
    assert lc.irr(loan).nominal > lc.irr(loan_with(tranches=loan.tranches)).nominal
    assert eval(repr(PER_PAY_OUT), {"Fee": lc.Fee}) == PER_PAY_OUT
    paid = loan_with(lc.Fee(10, each="每次放款", settled="paid"), tranches=loan.tranches)
    assert {"10.00 is taken as paid at disbursement", "10.00 is taken as paid on 2026-03-15"} <= set(paid.assumptions)


def test_a_fee_at_disbursement_is_of_the_first_pay_out_alone() -> None:
    fee = lc.Fee(percent="1%", of="original-principal", at="disbursement", settled="deducted")
    loan = loan_with(fee, tranches=[lc.Tranche("2026-03-15", 2_000)])
    assert [str(paid_out.deducted) for paid_out in loan.disbursements] == ["60.00", "0.00"]


def test_a_tax_on_the_principal_is_of_every_pay_out() -> None:
    tax = lc.Tax("0.38%", on="principal", settled="deducted", name="IOF")
    loan = loan_with(PER_PAY_OUT, taxes=[tax, lc.Tax("10%", on="fees")], tranches=[lc.Tranche("2026-03-15", 2_000)])
    first, later = loan.disbursements
    assert [str(line.amount) for line in first.lines] == ["60.00", "6.00", "22.80"]
    assert [str(line.amount) for line in later.lines] == ["25.00", "2.50", "7.60"]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"fees": [lc.Fee(5, each="pay-out", settled="financed")]}, r"fees\.settled: got 'financed' for each pay-out"),
        (
            {"fees": [lc.Fee(2_000, each="pay-out", settled="deducted")]},
            "2000.00 deducted on 2026-03-15; expected less",
        ),
        ({"taxes": [lc.Tax("1%", on="principal", each="day", settled="paid")]}, r"taxes: got Tax.* with tranches"),
    ],
)
def test_what_a_tranche_cannot_bear_is_refused(terms: dict[str, Any], says: str) -> None:
    values = {"principal": 6_000, "rate": "12%", "start": START, "installments": 12} | terms
    with pytest.raises(InvalidTerms, match=says):
        lc.Loan(**values, tranches=[lc.Tranche("2026-03-15", 2_000)])


def test_a_percentage_of_the_outstanding_principal_counts_what_was_paid_out_on_the_way() -> None:
    """Installment 2 repays part of 5 526.91 and of 2 000 more: 1 % of 7 526.91."""
    fee = lc.Fee(percent="1%", of="outstanding-principal", each="installment")
    plan = loan_with(fee, tranches=[lc.Tranche("2026-03-01", 2_000)]).schedule()
    assert str(plan[0].balance) == "5526.91"
    assert [str(row.fee) for row in plan[:2]] == ["60.00", "75.27"]


# Yearly, in advance


@given(months=st.integers(1, 60), amount=st.integers(1, 500))
def test_a_yearly_fee_in_advance_is_charged_once_for_every_year_begun(months: int, amount: int) -> None:
    in_advance = loan_with(lc.Fee(amount, each="year", in_advance=True, settled="paid"), installments=months)
    afterwards = loan_with(lc.Fee(amount, each="year"), installments=months)
    begun, ended = -(-months // 12), months // 12
    paid = in_advance.schedule().total_fees + in_advance.disbursement.paid
    assert paid == amount * begun
    assert afterwards.schedule().total_fees == amount * ended
    assert in_advance.disbursement.paid == amount


def test_a_yearly_fee_in_advance_by_hand() -> None:
    """0.5 %: of 6 000 when it is paid out, of what is outstanding before the installment of the anniversary."""
    fee = lc.Fee(percent="0.5%", of="outstanding-principal", each="year", in_advance=True, settled="deducted")
    loan = loan_with(fee, installments=24)
    plan = loan.schedule()
    assert str(loan.disbursement.deducted) == "30.00"
    assert [row.number for row in plan if row.fee] == [12]
    assert plan[11].fee == lc.Rounding().ratio(int(plan[10].balance * 100) * 5, 1000) * Decimal("0.01")
    assert eval(repr(fee), {"Fee": lc.Fee}) == fee


def test_in_advance_belongs_to_a_year() -> None:
    with pytest.raises(InvalidTerms, match=r"fees\.in_advance: got True with each='installment'"):
        lc.Fee(5, each="installment", in_advance=True)
    with pytest.raises(InvalidTerms, match=r"fees\.settled: missing; where money is paid out"):
        lc.Fee(5, each="year", in_advance=True)


# Without dates


@given(st.integers(1, 40), st.integers(0, 300))
def test_fees_of_installments_are_the_same_with_dates_and_without(count: int, points: int) -> None:
    fees = [
        lc.Fee(3, each="installment"),
        lc.Fee(percent=Fraction(points, 10_000), of="installment", each="installment"),
    ]
    plan = lc.amortize(6_000, rate="12%", every="1 month", periods=count, fees=fees)
    dated = loan_with(*fees, installments=count).schedule()
    assert [row[3:] for row in plan] == [row[3:] for row in dated]
    assert plan.explain() == dated.explain()


def test_fees_that_need_a_day_need_a_loan() -> None:
    for fee in (lc.Fee(5, each="year"), lc.Fee(5, on="2026-03-01"), lc.Fee(5, at="disbursement", settled="paid")):
        with pytest.raises(InvalidTerms, match="in a plan without dates; expected each='installment'"):
            lc.amortize(6_000, rate="12%", every="1 month", periods=3, fees=fee)


# Between two due dates

ON_20_FEBRUARY = lc.Fee(percent="1%", of="outstanding-principal", on="2026-02-20")
DAILY = {"accrual": "daily", "day_count": "30/360"}


@pytest.mark.parametrize("terms", [{}, DAILY])
def test_a_percentage_on_a_day_is_of_what_is_outstanding_on_that_day(terms: dict[str, Any]) -> None:
    """6 000 at 1 % a month over 12: 533.09, so 5 526.91 from 15 February on, and 1 % of it is 55.27 on the 20th, whatever
    moves the balance on 1 March. On the day of the pay-out itself it is 1 % of 7 526.91.
    """
    loan = loan_with(ON_20_FEBRUARY, **terms)
    paid = lc.Payment("2026-02-15", "533.09")
    later = loan_with(ON_20_FEBRUARY, tranches=[lc.Tranche("2026-03-01", 2_000)], **terms)
    assert [str(row.fee) for row in later.schedule()[:3]] == ["0.00", "55.27", "0.00"]
    assert "fee 1% x 5526.91 = 55.2691 -> 55.27" in later.schedule().explain()
    for event in (
        lc.Draw("2026-03-01", 2_000),
        lc.Payment("2026-03-01", 2_000, effect="lower"),
        lc.Restructuring("2026-03-01", installments=12, first_due="2026-04-01"),
    ):
        fees = [str(row.agreed.fee) for row in lc.Account(loan, [paid, event]).as_of("2026-03-02").installments]
        assert fees[:3] == ["0.00", "55.27", "0.00"]
    same_day = loan_with(ON_20_FEBRUARY, tranches=[lc.Tranche("2026-02-20", 2_000)], **terms)
    assert str(same_day.schedule()[1].fee) == "75.27"


def test_a_percentage_of_a_year_is_of_what_is_outstanding_on_the_anniversary() -> None:
    """Two periods of ten months, 20 000 after one year and a day: the anniversary, in the second, knows the first half only."""
    fee = lc.Fee(percent="1%", of="outstanding-principal", each="year")
    terms = {"installments": 2, "every": "10 months", "method": "equal_principal"}
    plan = loan_with(fee, tranches=[lc.Tranche("2027-01-16", 20_000)], **terms).schedule()
    assert [str(row.fee) for row in plan] == ["0.00", "30.00"]  # 1 % of 3 000


def test_a_charge_before_the_first_of_two_new_plans_is_not_lost() -> None:
    loan = loan_with(ON_20_FEBRUARY)
    anew = lc.Restructuring("2026-03-01", installments=12, first_due="2026-04-01")
    account = lc.Account(loan, [lc.Payment("2026-02-15", "533.09"), anew, lc.Reamortization("2026-03-10")])
    assert [str(row.agreed.fee) for row in account.as_of("2026-03-10").installments[:3]] == ["0.00", "55.27", "0.00"]


def test_the_balance_after_a_down_payment_counts_what_else_was_paid_out_before_it() -> None:
    """Of 1 000 and 2 000 a tenth each is paid back on their days: 4 019.87 + 900 + 1 800."""
    fee = lc.Fee(percent="1%", of="outstanding-principal", on="2026-02-25")
    for first, balances in (("10%", ["4019.87", "4919.87", "6719.87"]), (None, ["4019.87", "6819.87"])):
        tranches = [
            lc.Tranche("2026-02-20", 1_000, down_payment=first),
            lc.Tranche("2026-03-01", 2_000, down_payment="10%"),
        ]
        plan = loan_with(fee, installments=3, tranches=tranches).schedule()
        plan.check()
        assert [str(row.balance) for row in plan[: len(balances)]] == balances
        assert str(plan.total_fees) == ("49.20" if first else "50.20")


moves = st.lists(
    st.tuples(
        st.integers(1, 200).map(lambda days: START + timedelta(days)),
        st.sampled_from(["draw", "lower", "shorten", "reamortize", "tranche"]),
        st.integers(1, 900),
    ),
    max_size=4,
)


@given(
    moves=moves,
    day=st.integers(2, 250).map(lambda days: START + timedelta(days)),
    daily=st.booleans(),
    odd=st.booleans(),
)
def test_a_percentage_on_a_day_is_of_what_the_account_has_outstanding(
    moves: list[tuple[date, str, int]], day: date, daily: bool, odd: bool
) -> None:
    tranches = [lc.Tranche(on, amount) for on, what, amount in moves if what == "tranche"]
    terms = {"first_due": START + timedelta(45)} if odd else {}
    if day in loan_with(**terms).dates:
        day += timedelta(1)
    fee = lc.Fee(percent="1%", of="outstanding-principal", on=day)
    loan = loan_with(fee, tranches=tranches, **(DAILY if daily else {}), **terms)
    made = {
        "draw": lc.Draw,
        "lower": lambda on, amount: lc.Payment(on, amount, effect="lower"),
        "shorten": lambda on, amount: lc.Payment(on, amount, effect="shorten"),
        "reamortize": lambda on, _: lc.Reamortization(on),
    }
    dues, until = set(loan.dates), day + timedelta(60)
    events: list[Any] = [
        made[what](on, amount) for on, what, amount in moves if what != "tranche" and on not in dues and on <= until
    ]
    for due in loan.dates[1:]:
        if due > until:
            break
        asked = lc.Account(loan, [event for event in events if event.on <= due]).as_of(due)
        events.append(lc.Payment(due, asked.due.total + asked.past_due.total))
    account = lc.Account(loan, events)
    outstanding = account.as_of(day).outstanding_principal
    charged = next(row for row in account.as_of(until).installments if row.due > day)
    assert charged.agreed.fee == lc.Rounding().ratio(int(outstanding * 100), 100) * Decimal("0.01")
