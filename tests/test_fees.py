"""Fees and taxes: what is charged besides interest, when, and what the borrower has in hand."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from footing import assert_foots
from loancalc.errors import LoanError
from loancalc.meaning.cost import flows_of
from loancalc.testing import fees, loans, taxes

CENT = Decimal("0.01")


def cents(amount: Decimal | Fraction) -> Decimal:
    """Rounded half up to the cent, by the decimal module."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator) if isinstance(amount, Fraction) else amount
    return exact.quantize(CENT, ROUND_HALF_UP)


def loan_with(*agreed: lc.Fee, **terms: Any) -> lc.Loan:
    return lc.Loan(
        **{"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12, "fees": agreed} | terms
    )


# --- laws -------------------------------------------------------------------------------------------------------------


@given(loans(), st.lists(fees(settled=["financed"]), max_size=3))
def test_rows_foot_whatever_is_charged_and_financed_charges_are_principal(loan: lc.Loan, more: list[lc.Fee]) -> None:
    loan = with_terms(loan, fees=[*loan.fees, *more])
    plan, paid_out = loan.schedule(), loan.disbursement
    assert_foots(plan, paid_out.principal)
    assert Fraction(paid_out.principal) == Fraction(loan.principal) + Fraction(paid_out.financed)
    assert sum(Fraction(row.payable) for row in plan) == Fraction(plan.total)
    assert min(min(row.fee, row.tax) for row in plan) >= 0


@given(loans(), st.lists(fees(settled=["paid", "deducted", "financed"]), max_size=3))
def test_the_pay_out_is_the_principal_less_what_is_financed_and_deducted(loan: lc.Loan, more: list[lc.Fee]) -> None:
    loan = with_terms(loan, principal=loan.principal + 1000, fees=more)
    paid_out = loan.disbursement
    by_way = {way: Fraction(0) for way in ("financed", "deducted", "paid")}
    for line in paid_out.lines:
        by_way[line.settled] += Fraction(line.amount)
    assert [Fraction(getattr(paid_out, way)) for way in by_way] == list(by_way.values())
    assert Fraction(paid_out.net_payout) == Fraction(loan.principal) - by_way["deducted"]
    assert Fraction(paid_out.received) == Fraction(loan.principal) - by_way["deducted"] - by_way["paid"]


@given(loans())
def test_the_flows_are_what_is_received_and_every_payable_amount(loan: lc.Loan) -> None:
    first, *rest = flows_of(loan)
    assert (first.on, -first.amount) == (loan.start, loan.received)
    assert [(flow.on, flow.amount) for flow in rest] == [(row.due, row.payable) for row in loan.schedule()]


@given(loans(), st.integers(1, 400), st.integers(0, 3))
def test_a_percentage_of_a_row_is_that_row_s_figure_rounded(loan: lc.Loan, points: int, which: int) -> None:
    of = ("original-principal", "outstanding-principal", "installment", "interest")[which]
    share = Fraction(points, 10_000)
    loan = with_terms(loan, fees=[lc.Fee(percent=share, of=of, each="installment")], taxes=[])
    plan, rounding = loan.schedule(), loan.rounding.divide("fee")
    opening = loan.principal
    for row in plan:
        base = Fraction((loan.principal, opening, row.total, row.interest)[which])
        assert Fraction(row.fee) * 10**loan.digits == rounding(*(base * share * 10**loan.digits).as_integer_ratio())
        opening = row.balance


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 10_000),
    st.sampled_from([{}, {"min": 3}, {"max": 1000}, {"min": 3, "max": 1000}]),
    st.sampled_from(["half-up", "half-even", "up", "down"]),
    st.sampled_from([1, 5, 100]),
)
def test_a_percentage_never_falls_as_its_base_grows(
    one: int, other: int, points: int, bounds: dict[str, int], mode: str, step: int
) -> None:
    fee = lc.Fee(percent=f"{points / 100:.2f}%", of="outstanding-principal", each="year", **bounds)
    divide = lc.Rounding(step, mode).divide("fee")
    low, high = (fee.amount_of(base, 2, divide) for base in sorted((one, other)))
    assert 100 * bounds.get("min", 0) <= low <= high <= 100 * bounds.get("max", 10**9)


@given(loans(), st.data())
def test_a_fee_of_a_day_is_charged_once_with_the_first_installment_on_or_after_it(
    loan: lc.Loan, data: st.DataObject
) -> None:
    plan = loan.schedule()
    day = data.draw(st.dates(loan.start, plan[-1].due).filter(lambda day: day > loan.start))
    charged = with_terms(loan, fees=[lc.Fee(7, on=day)], taxes=[]).schedule()
    assert [row.number for row in charged if row.fee] == [next(row.number for row in plan if row.due >= day)]
    assert Fraction(charged.total_fees) == 7


@given(loans())
def test_a_yearly_fee_is_charged_on_every_anniversary(loan: lc.Loan) -> None:
    plan = with_terms(loan, fees=[lc.Fee(7, each="year")], taxes=[]).schedule()
    for row in plan:
        passed = 0
        for year in range(1, plan[-1].due.year - loan.start.year + 1):
            month, day = loan.start.month, loan.start.day
            leap_day_missing = (month, day) == (2, 29) and (loan.start.year + year) % 4 != 0
            anniversary = date(loan.start.year + year, month, 28 if leap_day_missing else day)
            passed += row.start < anniversary <= row.due
        assert Fraction(row.fee) == 7 * passed


@given(loans(accruals=["scheduled"], late=False), st.lists(taxes(), min_size=1, max_size=2))
def test_an_account_that_pays_what_is_payable_ends_at_nothing(loan: lc.Loan, more: list[lc.Tax]) -> None:
    loan = with_terms(loan, principal=loan.principal + 1000, taxes=more)
    plan = loan.schedule()
    account = lc.Account(loan, [lc.Payment(row.due, row.payable) for row in plan if row.payable])
    position = account.as_of(plan[-1].due)
    assert position.is_closed
    assert Fraction(position.payoff) == 0


# --- hand arithmetic --------------------------------------------------------------------------------------------------


def test_every_kind_of_fee_by_hand() -> None:
    loan = loan_with(
        lc.Fee("20", each="installment"),
        lc.Fee(percent="0.5%", of="outstanding-principal", each="year", min="10"),
        lc.Fee("99", on="2026-05-01", name="valuation"),
        lc.Fee("150", at="disbursement", settled="financed"),
        lc.Fee(percent="2%", of="original-principal", at="disbursement", settled="deducted"),
        lc.Fee("30", at="disbursement", settled="paid"),
        principal=10_000,
        installments=14,
    )
    plan, paid_out = loan.schedule(), loan.disbursement
    assert paid_out.principal == plan.total_principal == 10_150
    assert paid_out.deducted == 203  # 2 % of 10 150
    assert (paid_out.net_payout, paid_out.received) == (9797, 9767)
    assert plan[3].fee == Decimal("119.00")  # 20, and the valuation with the installment due on 15 May
    assert plan[11].fee == 20 + cents(plan[10].balance * 5 / 1000)  # the anniversary, 15 January
    assert plan[12].fee == 20
    assert plan.total_fees == 14 * 20 + 99 + plan[11].fee - 20


def test_minimum_and_maximum_bound_a_percentage() -> None:
    def fee_of(**bounds: object) -> list[Decimal]:
        fee = lc.Fee(percent="0.5%", of="outstanding-principal", each="installment", **bounds)
        return [row.fee for row in loan_with(fee, installments=3, principal=300, rate="0%").schedule()]

    assert fee_of() == [Decimal("1.50"), Decimal("1.00"), Decimal("0.50")]
    assert fee_of(min="0.75") == [Decimal("1.50"), Decimal("1.00"), Decimal("0.75")]
    assert fee_of(max="1.25") == [Decimal("1.25"), Decimal("1.00"), Decimal("0.50")]


def test_fees_have_a_rounding_of_their_own() -> None:
    fee = lc.Fee(percent="0.15%", of="original-principal", each="installment")  # 18.51 of 12 340
    for own, expected in ((None, "18.51"), (lc.Rounding(5), "18.50"), (lc.Rounding(100, "up"), "19.00")):
        plan = loan_with(fee, principal=12_340, rounding=lc.Rounding(fee=own)).schedule()
        assert str(plan[0].fee) == expected


def test_a_tax_on_interest_and_one_on_fees_are_lines_of_their_own() -> None:
    loan = loan_with(
        lc.Fee("20", each="installment"),
        lc.Fee("100", at="disbursement", settled="deducted"),
        taxes=[lc.Tax("15%", on="interest", name="tax on interest"), lc.Tax("18%", on="fees", name="tax on fees")],
    )
    row = loan.schedule()[0]
    assert (row.interest, row.fee, row.tax) == (120, 20, 18 + Decimal("3.60"))
    assert row.payable == Decimal("1066.19") + 20 + Decimal("21.60")
    assert loan.disbursement.deducted == 118
    assert (
        loan.schedule()
        .explain(1)
        .endswith("fee 20.00; tax on interest 15% x 120.00 = 18.00 -> 18.00; tax on fees 18% x 20.00 = 3.60 -> 3.60")
    )


def test_a_tax_rate_holds_from_its_day() -> None:
    changed = lc.Tax({"2026-07-15": "7%", "2026-01-01": "5%"}, on="fees")
    plan = loan_with(lc.Fee("100", each="installment"), taxes=[changed]).schedule()
    assert [row.tax for row in plan] == [5] * 5 + [7] * 7  # the sixth is due on 15 July
    late = lc.Tax({"2026-03-01": "5%"}, on="fees")
    with pytest.raises(
        LoanError, match=r"^taxes\.percent: tax has none in force on 2026-02-15; the first is of 2026-03"
    ):
        loan_with(lc.Fee("100", each="installment"), taxes=[late]).schedule()


def test_a_tax_of_the_principal_by_days_is_the_one_of_a_printed_example() -> None:
    """XP Investimentos, "IOF financiado" (22 September 2022): 100 000 at 0.38 % and 0.0082 % a day, at most 365 days.

    180 days: 1 856.00; 365 days and 730 days: 3 373.00.
    """
    iof = [
        lc.Tax("0.38%", on="principal", settled="paid"),
        lc.Tax("0.0082%", on="principal", each="day", most_days=365, settled="paid"),
    ]
    for end, tax in (("2022-06-30", "1856.00"), ("2023-01-01", "3373.00"), ("2024-01-01", "3373.00")):
        loan = lc.Loan(
            100_000,
            "0.8%/month",
            "2022-01-01",
            end=end,
            method="lump_sum",
            day_count="30/360",
            taxes=iof,
            currency="BRL",
        )
        assert str(loan.disbursement.paid) == tax


def test_a_tax_by_days_counts_each_part_of_the_principal_to_its_own_day() -> None:
    tax = lc.Tax("0.01%", on="principal", each="day", settled="deducted")
    loan = loan_with(principal=3000, rate="0%", installments=3, taxes=[tax])
    assert loan.disbursement.deducted == 1000 * (31 + 59 + 90) * Decimal("0.0001")


def test_interest_taken_in_advance_can_be_modeled_and_is_flagged() -> None:
    loan = lc.Loan(
        10_000, "0%", "2026-03-01", installments=1, currency="CNY",
        fees=[lc.Fee("2000", at="disbursement", settled="deducted", kind="砍头息")],
    )  # fmt: skip
    assert loan.disbursement.net_payout == 8000
    assert lc.irr(loan).per_period == 0.25
    flags = [note for note in loan.schedule().assumptions if "art. 670" in note]
    assert len(flags) == 1
    assert "what was really lent is 8000.00" in flags[0]
    assert any("art. 670" in note for note in lc.Account(loan).as_of("2026-03-02").assumptions)
    plain = loan_with(lc.Fee("2000", at="disbursement", settled="deducted"))
    assert not any("art. 670" in note for note in plain.assumptions)


@pytest.mark.parametrize(
    ("settled", "received", "first", "effective"),
    [("paid", 9900, 888.49, 0.148357), ("deducted", 9900, 888.49, 0.148357), ("financed", 10_000, 897.37, 0.148140)],
)
def test_the_way_an_upfront_fee_is_settled_moves_the_rate(
    settled: str, received: int, first: float, effective: float
) -> None:
    loan = loan_with(lc.Fee("100", at="disbursement", settled=settled), principal=10_000)
    assert loan.received == received
    assert float(loan.schedule()[0].payable) == first
    amounts = [-received, *[float(row.payable) for row in loan.schedule()]]
    low, high = 0.0, 0.1
    for _ in range(60):  # by bisection, in floats
        middle = (low + high) / 2
        worth = sum(amount / (1 + middle) ** time for time, amount in enumerate(amounts))
        low, high = (middle, high) if worth > 0 else (low, middle)
    assert lc.irr(loan).effective == pytest.approx((1 + low) ** 12 - 1, abs=1e-10)
    assert lc.irr(loan).effective == pytest.approx(effective, abs=1e-6)


def test_prepayment_options_charge_the_rest_of_the_fees() -> None:
    fees_of = [lc.Fee(percent="0.1%", of="outstanding-principal", each="installment"), lc.Fee("50", on="2026-09-01")]
    loan = loan_with(*fees_of)
    plan = loan.schedule()
    account = lc.Account(loan, [lc.Payment(row.due, row.payable) for row in plan[:6]])
    options = account.prepayment_options("2026-07-15", 3000)
    lower = options["lower"].plan
    assert [str(row.due) for row in lower if row.fee > 40] == ["2026-09-15"]
    assert lower[0].fee == cents((plan[5].balance - 3000) / 1000)
    assert options["lower"].last_payment == lower[-1].total + lower[-1].fee
    assert options["keep"].last_payment == plan[-1].payable


def test_what_falls_due_holds_fee_and_tax() -> None:
    loan = loan_with(lc.Fee("20", each="installment"), taxes=[lc.Tax("10%", on="fees")])
    account = lc.Account(loan)
    assert account.as_of("2026-02-01").next_due.amount == Decimal("1066.19") + 22
    assert account.as_of("2026-02-16").past_due.fee == 22


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: lc.Fee(each="installment"), "fees: got amount=None, percent=None; expected exactly one"),
        (lambda: lc.Fee(1, percent="1%", of="interest", each="installment"), "fees: got amount=1, percent='1%'"),
        (lambda: lc.Fee(1), "fees: got each=None, at=None, on=None; expected exactly one"),
        (lambda: lc.Fee(1, each="year", on="2026-02-01"), "fees: got each='year', at=None, on='2026-02-01'"),
        (lambda: lc.Fee(percent="1%", each="installment"), "fees.of: missing; percent '1%' of what?"),
        (lambda: lc.Fee(percent="1%", of="principal", each="year"), "fees.of: got 'principal'; nearest: "),
        (lambda: lc.Fee(percent="1%", of="interest", each="year"), "fees.of: got 'interest' for a fee of a year"),
        (lambda: lc.Fee(1, of="interest", each="installment"), "fees.of: got 'interest'; it belongs to percent"),
        (lambda: lc.Fee(percent=1, of="interest", each="installment"), "fees.percent: got 1; expected text"),
        (lambda: lc.Fee(1, min=1, each="installment"), "fees: min and max belong to percent"),
        (lambda: lc.Fee(percent="1%", of="interest", min=2, max=1, each="installment"), "fees.min: got 2"),
        (lambda: lc.Fee(1, at="disbursement"), "fees.settled: missing; where money is paid out, expected one of: paid"),
        (lambda: lc.Fee(1, each="installment", settled="paid"), "fees.settled: got 'paid'; it belongs to what is"),
        (lambda: lc.Fee(1, each="installment", kind="interest"), "fees.kind: got 'interest'; expected it with"),
        (lambda: lc.Tax("18", on="fees"), "taxes.percent: got '18'; expected a share with its percent sign"),
        (lambda: lc.Tax({}, on="fees"), "taxes.percent: got no rates"),
        (lambda: lc.Tax({"2026-01-01": "1%", date(2026, 1, 1): "2%"}, on="fees"), "taxes.percent: got {"),
        (lambda: lc.Tax("1%", on="principal"), "taxes.settled: missing"),
        (lambda: lc.Tax("1%", on="interest", settled="paid"), "taxes.settled: got 'paid'; it belongs to what is"),
        (lambda: lc.Tax("1%", on="fees", each="day"), "taxes.each: got 'day' on 'fees'; it belongs to 'principal'"),
        (lambda: lc.Tax("1%", on="principal", most_days=9, settled="paid"), "taxes.most_days: got 9; expected"),
        (
            lambda: lc.Tax("1%", on="principal", each="day", settled="financed"),
            "taxes.settled: got 'financed' with each='day'",
        ),
        (lambda: loan_with(taxes=["18%"]), "taxes[0]: got '18%'; expected Tax"),
        (lambda: loan_with(lc.Fee(1, on="2026-01-15")), "fees.on: got 2026-01-15; expected a day after the start"),
        (lambda: loan_with(lc.Fee(1, on="2027-01-16")), "fees.on: got 2027-01-16; expected a day after the start"),
        (
            lambda: loan_with(lc.Fee(12_000, at="disbursement", settled="deducted")),
            "fees: got 12000.00 deducted on 2026-01-15; expected less than the principal that is paid out, 12000.00",
        ),
        (lambda: loan_with(lc.Fee("0.001", at="prepayment")), "fees.amount: got 0.001; expected at most 2 decimals"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_makes_no_sense_is_refused_by_field_and_value(make: Any, message: str) -> None:
    with pytest.raises(LoanError) as refusal:
        make()
    assert str(refusal.value).startswith(message)


@given(st.lists(fees(settled=["paid", "deducted", "financed"]), max_size=3), st.lists(taxes(), max_size=2))
def test_fees_and_taxes_can_be_pasted_back(agreed: list[lc.Fee], on_them: list[lc.Tax]) -> None:
    names = {"Fee": lc.Fee, "Tax": lc.Tax}
    assert eval(repr(agreed), names) == agreed
    assert eval(repr(on_them), names) == on_them
