"""What is of the wrong type is refused at every door by a `LoanError` that names the field, the value and what is accepted."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc

LOAN = lc.Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12)
ACCOUNT = lc.Account(LOAN, [lc.Payment("2026-02-15", "1066.19")])

WRONG: list[Any] = [
    None, True, -1, 1.5, float("nan"), Decimal("NaN"), Decimal("sNaN"), complex(1, 2), "", "2026-1-5", b"x", [None], ["x"],
    {"a": 1}, object(), ..., datetime(2026, 1, 5, 10), lc.Fee("20", each="installment"),
]  # fmt: skip
"""Values of which no door below takes any."""

DOORS: dict[str, tuple[Callable[[Any], object], str]] = {
    "events": (lambda v: lc.Account(LOAN, [v]), "events[0]: got "),
    "more events": (lambda v: ACCOUNT.with_events(v), "events[0]: got "),
    "loan of an account": (lambda v: lc.Account(v), "loan: got "),
    "account of a report": (lambda v: lc.credit.report(v, "2026-03-31"), "account: got "),
    "account of a grade": (lambda v: lc.credit.classify(v, "2026-03-31"), "account: got "),
    "account of an audit": (lambda v: lc.audit(v, lc.Claim("2026-03-31", days_past_due=1)), "account: got "),
    "claim of an audit": (lambda v: lc.audit(ACCOUNT, v), "claim: got "),
    "account of a limit": (lambda v: lc.extension_limits(v, "2026-03-31"), "account: got "),
    "day": (lambda v: ACCOUNT.as_of(v), "as_of: got "),
    "days": (lambda v: ACCOUNT.on_days([v]), "days[0]: got "),
    "list of days": (lambda v: ACCOUNT.on_days(v), "days"),
    "what is reversed": (
        lambda v: lc.Reversal(of=v if v != "2026-1-5" else "", booked="2026-03-01"),
        "reversal.of: got ",
    ),
    "covers of a cap": (lambda v: lc.Cap("24%", covers=v), "late.caps.covers: "),
    "order of an allocation": (lambda v: lc.Allocation(v, "vertical"), "allocation.order: got "),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("value", WRONG, ids=lambda value: type(value).__name__)
def test_a_value_of_the_wrong_type_is_refused_by_field(door: str, value: Any) -> None:
    ask, field = DOORS[door]
    with pytest.raises(lc.LoanError) as refused:
        ask(value)
    assert str(refused.value).startswith(field)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: lc.Payment("2026-02-15", 5, only=5), "payment.only: got 5; expected a component, or a list of them"),
        (lambda: lc.Payment("2026-02-15", 5, id=7), "id: got 7; expected text that names the event"),
        (lambda: lc.Payment("2026-02-15", 5, id=""), "id: got ''; expected text that names the event"),
        (lambda: lc.Payoff("2026-02-15", sequence="1"), "sequence: got '1'; expected a whole number"),
        (lambda: lc.Reversal(of="a", booked="2026-02-15", sequence=1.5), "sequence: got 1.5; expected a whole number"),
        (lambda: lc.Chargeback("2026-02-15", lc.Payment("2026-02-15", 5)), "chargeback.of: got Payment('2026-02-15', '5')"),
        (lambda: lc.Loan(12_000, "12%", "2026-01-15", installments=12, currency=["CNY"]), "currency: got ['CNY']"),
        (lambda: lc.Loan(12_000, "12%", "2026-01-15", installments=12, past_due_counts=3), "past_due_counts: got 3"),
        (lambda: lc.Loan(12_000, "12%", "2026-01-15", installments=12, down_payment=Decimal("NaN")), "down_payment: got"),
        (lambda: lc.Allocation("principal", "vertical", after=[90]), "allocation.order: got principal"),
        (lambda: lc.Calendar("shop", holidays=5), "holidays: got 5; expected a list of dates"),
        (lambda: lc.Calendar("shop", weekend=[[]]), "weekend: got ['[]']"),
        (lambda: lc.Calendar("shop", weekend=1.5), "weekend: got 1.5"),
        (lambda: lc.periods("2026-01-15", count=3, every="1 month", skip=1.5), "skip: got 1.5"),
        (lambda: lc.amortize(1200, rate="12%", periods="abc", every="1 month"), "periods: got 'abc'"),
        (lambda: lc.amortize(1200, rate="12%", periods=["1/12", "abc"]), "periods[1]: got 'abc'; expected a share of a year"),
        (lambda: lc.amortize(1200, rate="12%", periods=[True]), "periods[0]: got True; expected a share of a year"),
        (lambda: lc.amortize(1200, rate="12%", periods=[float("nan")]), "periods[0]: got nan; expected a share of a year"),
        (lambda: lc.amortize(1200, rate=0.01, periods=12, moratorium=2), "moratorium: got 2; expected Moratorium"),
        (lambda: lc.amortize(1200, rate=0.01, periods=10**400), "periods: got a number of more than 20 digits; expected at most"),
        (lambda: lc.Balloon(term=10**7), "balloon.term: got 10000000; expected at most 1000000"),
        (lambda: lc.Rate(Fraction(1, 10), per=["year"]), "rate.per: got ['year']; "),
        (lambda: lc.credit.framework("cn-five-class", None), "on: got None; expected a date"),
        (lambda: lc.apr_by_unit_periods(5, [(110, 1)], per_year=12), "advances: got 5; expected an amount, its full unit-periods"),
        (lambda: lc.apr_by_unit_periods([(100, 0)], [(110,)], per_year=12), "payments: got (110,); expected an amount"),
        (lambda: lc.apr_by_unit_periods([(100, 0)], [(110, 1)], per_year=10**6), "per_year: got 1000000; expected more than 0"),
        (lambda: lc.Loan(1200, "12%", "2026-01-15", installments=3, method="ballon"), "method: got 'ballon'; nearest: balloon;"),
        (lambda: lc.GivenPayments(5), "given_payments.amounts: got 5; expected a list of amounts"),
        (lambda: lc.GivenPrincipal("500"), "given_principal.parts: got '500'; expected a list of amounts"),
        (lambda: lc.Seasonal("abc"), "seasonal.weights: got 'abc'; expected a number, or a list of them"),
        (lambda: lc.Seasonal([1, "two"]), "seasonal.weights: got 'two'"),
        (lambda: lc.Seasonal([Decimal("NaN")]), "seasonal.weights: got "),
        (lambda: lc.Graduated(ratio=Decimal("NaN")), "graduated.ratio: got "),
        (lambda: lc.RatePath("5%", "abc"), "rate.changes: got 'abc'; expected rates by date"),
        (lambda: lc.RatePath("5%", ["6%"]), "rate.changes: got '6%'; expected rates by date"),
        (lambda: lc.RatePath("5%", keep=3), "rate.keep: got 3; expected a name, or names by date"),
        (lambda: lc.RatePath("5%", pauses=["2026-05-01"]), "rate.pauses: got '2026-05-01'; expected pairs of"),
        (lambda: lc.IndexedRate({"2026-01-01": "4%"}, reset=5), "rate.reset: got 5; expected a list of dates"),
        (lambda: lc.BaseRate("house", "4%"), "base rate 'house': got '4%'; expected rates by date"),
        (lambda: lc.irr([-100, 110], periods_per_year="12"), "periods_per_year: got '12'; expected a number above 0"),
        (lambda: lc.irr([-100, 110], periods_per_year=Decimal("sNaN")), "periods_per_year: got Decimal('sNaN')"),
        (lambda: lc.apr_by_years(5, [(110, 1)]), "advances: got 5; expected pairs of an amount and years"),
        (lambda: lc.apr_by_years([(100, 0)], ["110"]), "payments: got '110'; expected pairs of an amount and years"),
        (lambda: ACCOUNT.payoffs("9999-12-30", 5), "payoff.days: got 5 from 9999-12-30 on; expected a last day by 9999-12-31"),
        (lambda: lc.credit.report(ACCOUNT, "2026-01-14"), "as_of: got 2026-01-14; expected 2026-01-15, the start"),
        (lambda: lc.WriteOff("2026-03-01", "all"), "write_off.component: got 'all'; accepted: cost, fee"),
        (lambda: lc.RateChange("2026-02-30", "6%", keep="term"), "rate_change.on: got '2026-02-30'"),
        (lambda: lc.RateChange("2026-03-01", "6%", keep="all"), "rate_change.keep: got 'all'; accepted: term, payment"),
        (lambda: lc.InterestPause("2026-03-01", "x", keep="term"), "interest_pause.until: got 'x'"),
        (lambda: lc.Reamortization("2026-03-01", overdue="lost"), "reamortization.overdue: got 'lost'; accepted: keep"),
        (lambda: lc.Restructuring("2026-03-01", installments=6, method="anuity"), "restructuring.method: got 'anuity'"),
        (lambda: lc.Waiver("2026-03-01", "interest", "al"), "waiver.amount: got 'al'; expected a whole number, a Decimal, a float "
         "or text such as '1066.19', or 'all'"),
        (lambda: lc.IndexedRate({"2026-01-01": "4%"}, reset="13-01"), "rate.reset: got '13-01'; expected a day of the year"),
        (lambda: lc.Loan(1200, "12%", "2026-01-15", installments=3, method="等额本"), "method: got '等额本'; nearest: 等额本金 "
         "(equal_principal), 等额本息 (annuity), 期初等额本息 (annuity_in_advance); accepted: annuity"),
    ],
)  # fmt: skip
def test_the_message_says_what_is_accepted(ask: Callable[[], object], message: str) -> None:
    with pytest.raises(lc.LoanError) as refused:
        ask()
    assert str(refused.value).startswith(message)


NO: Any = "no"


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda: lc.Loan(1200, "12%", "2026-01-15", installments=3, month_end=NO), "month_end"),
        (lambda: lc.Loan(1200, "12%", "2026-01-15", installments=3, method="flat", level=NO), "level"),
        (lambda: lc.Loan(1200, "12%", "2026-01-15", installments=3, calendar="CN", adjust="following", interest_moves=NO),
         "interest_moves"),
        (lambda: lc.Fee(20, each="year", in_advance=NO), "fees.in_advance"),
        (lambda: lc.Graduated("2%", first_rounded=NO), "graduated.first_rounded"),
        (lambda: lc.Waiver("2026-02-15", "interest", "all", undue=NO), "waiver.undue"),
        (lambda: lc.ChargeOff("2026-02-15", further_interest=NO), "charge_off.further_interest"),
        (lambda: lc.InterestPause("2026-02-15", "2026-03-15", keep="term", late_interest=NO), "interest_pause.late_interest"),
        (lambda: lc.Cap("24%", recover=NO), "late.caps.recover"),
        (lambda: lc.Penalty(25, pyramiding=NO), "late.penalties.pyramiding"),
    ],
)  # fmt: skip
def test_the_text_no_is_not_a_yes(ask: Callable[[], object], field: str) -> None:
    with pytest.raises(lc.InvalidTerms, match=f"^{field}: got 'no'; expected True or False$"):
        ask()


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (lambda: lc.Payment("2026-02-15", 5, **{"bookd": "2026-02-16"}), "bookd"),
        (lambda: lc.Payoff("2026-02-15", **{"amount": 5}), "amount"),
        (lambda: lc.Acceleration("2026-02-15", **{"stated": 5}), "stated"),
    ],
)
def test_an_argument_that_an_event_does_not_have_is_named(event: Callable[[], object], name: str) -> None:
    with pytest.raises(TypeError, match=rf"\(\) got an unexpected keyword argument '{name}'$"):
        event()


def test_the_weights_of_a_seasonal_loan_are_exact_from_any_number() -> None:
    weights = lc.Seasonal([1, Decimal("0.5"), Fraction(1, 3), 0]).weights
    assert weights == (1, Fraction(1, 2), Fraction(1, 3), 0)


def test_one_value_does_where_a_list_is_asked_for() -> None:
    assert lc.Account(LOAN, lc.Payment("2026-02-15", "1066.19")) == ACCOUNT
    assert lc.Cap("24%", covers="late interest").covers == ("late_interest",)
    assert lc.Calendar("shop", holidays="2026-05-01").holidays == {date(2026, 5, 1)}


def test_the_months_up_to_the_last_day_there_is_are_marked() -> None:
    loan = lc.Loan(1200, "12%", "9999-10-15", end="9999-11-15", method="lump_sum", day_count="ACT/365F")
    assert lc.credit.report(lc.Account(loan), "9999-12-31").status_line == "*12"
