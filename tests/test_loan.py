"""The terms of a loan: what they accept, what they need of each other, and what they refuse by field and value."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

import loancalc as lc
from changing import with_terms
from loancalc.errors import InvalidAmount, InvalidDate, InvalidRate, InvalidTerms, LoanError, UnknownName
from loancalc.testing import loans

TERMS: dict[str, Any] = {"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12}


def loan_with(**terms: Any) -> lc.Loan:
    given = TERMS | terms
    return lc.Loan(**{name: value for name, value in given.items() if value is not ...})


@given(loans())
def test_a_loan_is_a_value(loan: lc.Loan) -> None:
    again = with_terms(loan)
    assert again == loan
    assert hash(again) == hash(loan)
    copied = pickle.loads(pickle.dumps(loan))
    assert copied == loan
    assert copied.schedule() == loan.schedule()
    assert loan.schedule() is loan.schedule()


@given(loans())
def test_the_repr_of_a_loan_makes_it_again(loan: lc.Loan) -> None:
    names: dict[str, Any] = {name: getattr(lc, name) for name in lc.__all__}
    assert eval(repr(loan), names | {"Decimal": Decimal, "Fraction": Fraction}) == loan
    account = lc.Account(loan, [lc.Payment(loan.start, 5), lc.Payoff(loan.start)])
    assert eval(repr(account), names | {"Decimal": Decimal, "Fraction": Fraction}) == account


def test_defaults_are_those_of_the_textbook() -> None:
    loan = loan_with()
    assert (loan.method, str(loan.day_count), str(loan.every)) == ("annuity", "periodic", "1 month")
    assert (loan.accrual, loan.early, loan.currency, loan.digits) == ("scheduled", "hold", None, 2)
    assert loan.allocation.name == "cost-interest-principal"
    assert loan_with(accrual="daily").early == "apply"


@pytest.mark.parametrize(
    "start", ["2026-01-15", date(2026, 1, 15), datetime(2026, 1, 15)], ids=lambda start: type(start).__name__
)
def test_a_date_has_three_spellings(start: Any) -> None:
    assert loan_with(start=start) == loan_with()


@pytest.mark.parametrize("method", ["等额本息", "Level Payment", "ANNUITY", "price", "equal-installments"])
def test_names_are_read_leniently_and_in_chinese(method: str) -> None:
    assert loan_with(method=method) == loan_with()


@pytest.mark.parametrize("every", ["1 month", "month", "monthly", "每月"])
def test_a_month_has_several_names(every: str) -> None:
    assert loan_with(every=every) == loan_with()


def test_the_term_is_a_number_of_installments_or_its_last_due_date() -> None:
    by_end = loan_with(installments=..., end="2027-01-15")
    assert by_end.installments == 12
    assert by_end.schedule() == loan_with().schedule()


def test_due_dates_are_counted_from_the_anchor() -> None:
    january = loan_with(start="2026-01-31", installments=4)
    assert [str(day) for day in january.dates[1:]] == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    month_ends = loan_with(start="2026-02-28", installments=3, month_end=True)
    assert [str(day) for day in month_ends.dates[1:]] == ["2026-03-31", "2026-04-30", "2026-05-31"]
    stated = loan_with(installments=3, first_due="2026-03-01")
    assert [str(day) for day in stated.dates[1:]] == ["2026-03-01", "2026-04-01", "2026-05-01"]


def test_a_rate_per_day_bears_every_night() -> None:
    loan = lc.Loan(10_000, "0.05%/day", "2026-03-01", end="2026-03-31", method="lump_sum")
    assert str(loan.schedule().total_interest) == "150.00"
    yearly = lc.Loan(10_000, "18%", "2026-03-01", end="2026-03-31", method="lump_sum", day_count="ACT/360")
    assert str(yearly.schedule().total_interest) == "150.00"


@pytest.mark.parametrize(
    ("every", "interest"), [("1 month", "120.00"), ("1 quarter", "360.00"), ("1 week", "27.69"), ("2 weeks", "55.38")]
)
def test_a_regular_period_is_its_share_of_the_year(every: str, interest: str) -> None:
    assert str(loan_with(every=every).schedule()[0].interest) == interest


def test_a_rate_per_month_is_twelve_times_that_a_year() -> None:
    assert loan_with(rate="1%/month").schedule().columns == loan_with().schedule().columns
    assert "rate 1%/month: twelve times that a year" in loan_with(rate="1%/month").assumptions


def test_fees_stand_beside_principal_and_interest() -> None:
    plan = loan_with(fees=[lc.Fee("20", each="installment")]).schedule()
    assert plan[0].total == Decimal("1066.19")
    assert (str(plan[0].fee), str(plan.total_fees)) == ("20.00", "240.00")
    assert plan.total == 12_000 + plan.total_interest + plan.total_fees


VISIBLE = lc.Rounding(residue="visible")
LATE_BY_YEAR = lc.LateTerms(interest=lc.LateInterest("18%"))
LATE_BY_DAY_COUNTED = lc.LateTerms(interest=lc.LateInterest("0.05%/day", day_count="ACT/360"))
LATE_BY_POINTS = lc.LateTerms(interest=lc.LateInterest("+6pp", day_count="ACT/360"))
LATE_BY_PERIOD = lc.LateTerms(interest=lc.LateInterest("18%", day_count="periodic"))


@pytest.mark.parametrize(
    ("terms", "error", "message"),
    [
        ({"principal": float("nan")}, InvalidAmount, "principal: got nan"),
        ({"principal": float("inf")}, InvalidAmount, "principal: got inf"),
        ({"principal": True}, InvalidAmount, "principal: got True"),
        ({"principal": "12,000"}, InvalidAmount, "principal: got '12,000'"),
        ({"principal": 1000.001}, InvalidAmount, "principal: got 1000.001; expected at most 2 decimals"),
        ({"principal": 0}, InvalidTerms, "principal: got 0; expected more than 0"),
        ({"principal": "-1"}, InvalidTerms, "principal: got -1"),
        ({"rate": "7"}, InvalidRate, "rate: got '7'; a bare number is unclear"),
        ({"rate": "12"}, InvalidRate, "rate: got '12'; a bare number is unclear"),
        ({"rate": 12}, InvalidRate, "rate: got 12"),
        ({"rate": True}, LoanError, "rate: got True"),
        ({"rate": "-1%"}, InvalidRate, "rate: got '-1%'"),
        ({"rate": "12% a fortnight"}, InvalidRate, "rate: got '12% a fortnight'"),
        ({"start": "31/02/2026"}, InvalidDate, "start: got '31/02/2026'"),
        ({"start": "2026-02-30"}, InvalidDate, "start: got '2026-02-30'"),
        ({"start": "20260115"}, InvalidDate, "start: got '20260115'"),
        ({"start": 20260115}, InvalidDate, "start: got 20260115"),
        ({"start": None}, InvalidDate, "start: got None"),
        ({"start": datetime(2026, 1, 15, 9, 30)}, InvalidDate, "start: got datetime.datetime(2026, 1, 15, 9, 30)"),
        ({"start": datetime(2026, 1, 15, tzinfo=UTC)}, InvalidDate, "start: got datetime.datetime(2026, 1, 15"),
        ({"installments": 0}, InvalidTerms, "installments: got 0"),
        ({"installments": True}, InvalidTerms, "installments: got True"),
        ({"installments": 12.0}, InvalidTerms, "installments: got 12.0"),
        ({"installments": "12"}, InvalidTerms, "installments: got '12'"),
        ({"installments": None}, InvalidTerms, "installments: got None"),
        ({"end": "2027-01-15"}, InvalidTerms, "installments: got 12 with end='2027-01-15'"),
        ({"installments": ..., "end": "2026-01-15"}, InvalidDate, "end: got 2026-01-15; expected a day after start"),
        ({"installments": ..., "end": "2027-01-20"}, InvalidTerms, "end: got 2027-01-20; expected a due date"),
        ({"every": "fortnightly-ish"}, LoanError, "every: got 'fortnightly-ish'"),
        ({"every": "0 months"}, LoanError, "every: got '0 months'"),
        ({"method": "anuity"}, UnknownName, "method: got 'anuity'; nearest: annuity"),
        ({"method": 3}, UnknownName, "method: got 3"),
        ({"day_count": "ACT/361"}, UnknownName, "day_count: got 'ACT/361'; nearest: "),
        ({"rate": "0.05%/day", "day_count": "ACT/360"}, InvalidTerms, "day_count: got 'ACT/360' with rate 0.05%/day"),
        ({"method": "lump_sum"}, InvalidTerms, "day_count: missing; a lump sum at 12%/year needs one of: "),
        ({"every": "10 days"}, InvalidTerms, "day_count: missing; periods of 10 days at 12%/year needs one of: "),
        ({"every": "10 days", "day_count": "periodic"}, InvalidTerms, "day_count: got 'periodic'"),
        ({"currency": "RUBLE"}, UnknownName, "currency: got 'RUBLE'; nearest: RUB"),
        ({"principal": "1000.5", "currency": "JPY"}, InvalidAmount, "principal: got 1000.5; expected at most 0"),
        ({"rounding": "bakers"}, UnknownName, "rounding: got 'bakers'"),
        ({"accrual": "weekly"}, UnknownName, "accrual: got 'weekly'"),
        ({"accrual": "daily", "method": "flat"}, InvalidTerms, "accrual: got 'daily' with method 'flat'"),
        ({"accrual": "daily", "rounding": VISIBLE}, InvalidTerms, "rounding.residue: got 'visible' with accrual"),
        ({"early": "burn"}, UnknownName, "early: got 'burn'"),
        ({"allocation": "newest-first"}, UnknownName, "allocation: got 'newest-first'"),
        ({"late": {"rate": "18%"}}, InvalidTerms, "late: got {'rate': '18%'}; expected LateTerms"),
        ({"late": LATE_BY_YEAR}, InvalidTerms, "late.interest.day_count: missing; late interest at"),
        ({"late": LATE_BY_DAY_COUNTED}, InvalidTerms, "late.interest.day_count: got 'ACT/360' with 0.05%/day"),
        ({"late": LATE_BY_PERIOD}, InvalidTerms, "late.interest.day_count: got 'periodic'"),
        ({"late": LATE_BY_POINTS, "rate": "0.03%/day"}, InvalidRate, "rate: got +6pp over 0.03%/day"),
        ({"fees": [20]}, InvalidTerms, "fees[0]: got 20; expected Fee"),
        ({"fees": 20}, InvalidTerms, "fees: got 20; expected Fee, or a list of them"),
        ({"fees": "20"}, InvalidTerms, "fees: got '20'; expected Fee, or a list of them"),
        ({"fees": None}, InvalidTerms, "fees: got None; expected Fee, or a list of them"),
        ({"taxes": "18%"}, InvalidTerms, "taxes: got '18%'; expected Tax, or a list of them"),
        ({"tranches": 5}, InvalidTerms, "tranches: got 5; expected Tranche, or a list of them"),
        ({"first_due": "2026-01-15"}, InvalidDate, "first_due: got 2026-01-15; expected a day after start"),
        ({"level": True}, InvalidTerms, "level: got True with method 'annuity'"),
        ({"payment": 500, "method": "flat"}, InvalidTerms, "payment: got 500 with method 'flat'"),
        ({"payment": "most"}, UnknownName, "payment: got 'most'"),
        ({"payment": "nominal", "every": "10 days", "day_count": "ACT/360"}, InvalidTerms, "payment: got 'nominal'"),
        ({"past_due_counts": ["late fees and such"]}, UnknownName, "past_due_counts: got 'late fees and such'"),
    ],
    ids=lambda value: ", ".join(map(str, value.items())) if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_is_no_loan_is_refused_by_field_and_value(terms: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error) as refusal:
        loan_with(**terms)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: lc.LateInterest("2"), "late.interest.rate: got '2'"),
        (lambda: lc.LateInterest("150%"), "late.interest.rate: got '150%'"),
        (lambda: lc.LateInterest("1.5x", base="balance"), "late.interest.base: got 'balance'"),
        (lambda: lc.LateInterest("1.5x", compound="daily"), "late.interest.compound: got 'daily'"),
        (
            lambda: lc.LateInterest("1.5x", base="principal+interest", compound="interest"),
            "late.interest.compound: got 'interest' with base 'principal+interest'; interest would be charged twice",
        ),
        (lambda: lc.Penalty(), "late.penalties: got amount=None, percent=None; expected exactly one"),
        (lambda: lc.Penalty(5, percent="5%", of="installment"), "late.penalties: got amount=5, percent='5%'"),
        (lambda: lc.Penalty(percent="5%"), "late.penalties.of: missing; percent '5%' of what?"),
        (lambda: lc.Penalty(percent="5", of="installment"), "late.penalties.percent: got '5'"),
        (lambda: lc.Penalty(percent="-5%", of="installment"), "late.penalties.percent: got '-5%'"),
        (lambda: lc.Penalty(5, of="installment"), "late.penalties: of, min and max belong to percent"),
        (lambda: lc.Penalty(-5), "late.penalties.amount: got -5; expected 0 or more"),
        (lambda: lc.Penalty(percent="5%", of="principal", min=9, max=3), "late.penalties.min: got 9; expected at most"),
        (lambda: lc.Grace(-1, "free"), "late.grace.days: got -1"),
        (lambda: lc.Grace(True, "free"), "late.grace.days: got True"),
        (lambda: lc.Grace(3, "kind"), "late.grace.kind: got 'kind'"),
        (lambda: lc.Grace(3, "free", counted="after-grace"), "late.grace.counted: got 'after-grace' with kind 'free'"),
        (lambda: lc.Cap(), "late.caps: got rate=None, share=None, amount=None; expected exactly one"),
        (lambda: lc.Cap("24%", amount=5), "late.caps: got rate='24%', share=None, amount=5"),
        (lambda: lc.Cap("24%", covers=["principal"]), "late.caps.covers: got ['principal']; expected some of"),
        (lambda: lc.Cap("24%", covers=[]), "late.caps.covers: got []"),
        (lambda: lc.Cap("24%", base="everything"), "late.caps.base: got 'everything'"),
        (lambda: lc.Cap("24%", day_count="ACT/ACT ICMA"), "late.caps.day_count: got 'ACT/ACT ICMA'"),
        (lambda: lc.LateTerms("18%"), "late.interest: got '18%'; expected a LateInterest"),
        (lambda: lc.LateTerms(penalties=[5]), "late.penalties[0]: got 5; expected Penalty"),
        (lambda: lc.LateTerms(caps="24%"), "late.caps: got '24%'; expected Cap, or a list of them"),
        (lambda: lc.Fee(-1, each="installment"), "fees.amount: got -1"),
        (lambda: lc.Fee(1, each="fortnight"), "fees.each: got 'fortnight'"),
        (lambda: lc.Allocation(["interest"], "horizontal"), "allocation.order: got interest; expected each of"),
        (lambda: lc.Allocation(["interst"] * 7, "horizontal"), "allocation.order: got 'interst'; nearest: interest"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_are_no_late_terms_is_refused_by_field_and_value(make: Any, message: str) -> None:
    with pytest.raises(LoanError) as refusal:
        make()
    assert str(refusal.value).startswith(message)


def test_presets_are_printed_in_full() -> None:
    printed = lc.presets()
    for name in ("cost-interest-principal", "oldest-installment-first", "penalty-fee-interest-principal"):
        assert str(lc.Allocation.of(name)) in printed
    assert "cost, penalty, fee, compound_interest, late_interest, interest, principal (horizontal)" in printed


def test_a_level_flat_installment_that_does_not_cover_a_long_first_period_is_refused() -> None:
    loan = lc.Loan(1000, "0.3%/day", "2026-01-01", installments=3, first_due="2027-01-01", method="flat", level=True)
    with pytest.raises(LoanError, match=r"^level: an installment of 757\.33 does not cover the interest"):
        loan.schedule()


def test_unrounded_loans_have_plans_but_no_accounts() -> None:
    loan = loan_with(rounding="none")
    assert str(loan.schedule().payment).startswith("1066.18546414010048807985")
    with pytest.raises(
        InvalidTerms, match="an account settles money that was paid, so expected amounts in whole minor"
    ):
        lc.Account(loan).as_of("2026-02-15")
