"""Laws of every repayment method, of rates that change, of tranches and of installments that repay nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from footing import MODES, assert_foots
from loancalc.errors import InvalidTerms, NoSolution, UnknownName

START = date(2026, 1, 31)
COUNT = 12

METHODS: dict[str, Any] = {
    "annuity": "annuity",
    "in advance": "annuity_in_advance",
    "equal principal": "等额本金",
    "interest only": "先息后本",
    "flat": "等本等息",
    "rule of 78": "rule_of_78",
    "balloon by amount": lc.Balloon(amount=3_000),
    "balloon by term": lc.Balloon(term=36),
    "growing by a ratio": lc.Graduated("1.5%"),
    "falling by a ratio": lc.Graduated("-1%", every=3),
    "growing by an amount": lc.Graduated(amount=10, every=2, steps=4),
    "first payment rounded": lc.Graduated("2%", every=3, first_rounded=True),
    "seasonal": lc.Seasonal([1, 0, 2]),
    "given payments": lc.GivenPayments([900] * (COUNT - 1)),
    "given principal": lc.GivenPrincipal([500] * (COUNT - 1)),
}
SOLVED = [name for name in METHODS if name not in ("equal principal", "interest only", "flat", "rule of 78")]

yearly = st.integers(0, 3_000).map(lambda points: Fraction(points, 10_000))


def loan(name: str, **terms: Any) -> lc.Loan:
    return lc.Loan(
        **({"principal": 12_000, "rate": "12%", "start": START, "installments": COUNT} | terms), method=METHODS[name]
    )


@pytest.mark.parametrize("name", METHODS)
@given(
    rate=yearly, mode=st.sampled_from(MODES), step=st.sampled_from([1, 5, 100]),
    day_count=st.sampled_from([None, "ACT/360", "ACT/365F", "30E/360", "ACT/ACT ISDA"]),
)  # fmt: skip
def test_rows_foot_and_principal_is_conserved(
    name: str, rate: Fraction, mode: str, step: int, day_count: str | None
) -> None:
    plan = loan(name, rate=lc.Rate(rate), day_count=day_count, rounding=lc.Rounding(step, mode)).schedule()
    assert_foots(plan, 12_000)


@pytest.mark.parametrize("name", METHODS)
def test_every_row_follows_from_an_independent_loop(name: str) -> None:
    """Interest on what is owed (on what was lent, where the method says so), in fractions, over the days of the period."""
    plan = loan(name, day_count="ACT/365F").schedule()
    if name == "rule of 78":
        return
    balance = Fraction(12_000)
    for row in plan:
        assert row.start is not None
        assert row.due is not None
        bearing = Fraction(12_000) if name == "flat" else balance
        exact = bearing * Fraction(12, 100) * (row.due - row.start).days / 365
        assert Fraction(row.interest) == Fraction(int(exact * 100 + Fraction(1, 2)), 100)
        balance -= Fraction(row.principal)
        assert Fraction(row.balance) == balance


@pytest.mark.parametrize("name", SOLVED)
@given(rate=yearly, times=st.integers(2, 500))
def test_an_unrounded_plan_scales_with_what_is_lent(name: str, rate: Fraction, times: int) -> None:
    if name in ("balloon by amount", "growing by an amount", "given payments", "given principal"):
        return  # what they state does not scale
    one, many = (
        loan(name, principal=amount, rate=lc.Rate(rate), rounding="none").schedule()
        for amount in (12_000, 12_000 * times)
    )
    assert all(
        abs(times * Fraction(small.total) - Fraction(large.total)) < Fraction(1, 10**40)
        for small, large in zip(one, many, strict=True)
    )


@given(rate=yearly, ratio=st.integers(-20, 60), every=st.integers(1, 5))
def test_graduated_payments_keep_their_ratio(rate: Fraction, ratio: int, every: int) -> None:
    try:
        plan = loan_of_graduated(rate, Fraction(ratio, 1000), every)
    except NoSolution:
        return  # a payment that grows may begin below the interest
    for number, (before, after) in enumerate(pairwise(plan), 1):
        grown = Fraction(before.total) * (1 + Fraction(ratio, 1000) if number % every == 0 else 1)
        assert abs(Fraction(after.total) - grown) < Fraction(1, 10**40)


def loan_of_graduated(rate: Fraction, ratio: Fraction, every: int) -> lc.Schedule:
    method = lc.Graduated(ratio, every=every)
    return lc.Loan(12_000, lc.Rate(rate), START, installments=COUNT, method=method, rounding="none").schedule()


def test_payments_in_advance_follow_the_formula_of_an_annuity_due() -> None:
    rate = Fraction(1, 100)
    plan = loan("in advance", rounding="none").schedule()
    assert abs(Fraction(plan[0].total) - 12_000 * rate / (1 + rate) / (1 - (1 + rate) ** -12)) < Fraction(1, 10**40)
    assert (plan[0].due, plan[0].interest, len(plan)) == (START, 0, 12)


# Rates that change


@pytest.mark.parametrize("keep", ["term", "payment", "level"])
@pytest.mark.parametrize("name", ["annuity", "growing by a ratio", "balloon by term", "equal principal", "flat"])
def test_a_path_of_one_rate_is_that_rate(name: str, keep: str) -> None:
    if keep == "payment" and name != "annuity":
        with pytest.raises(InvalidTerms, match="it belongs to 'annuity'"):
            loan(name, rate=lc.RatePath("12%", {"2026-07-10": "12%"}, keep=keep))
        return
    path = lc.RatePath("12%", {"2026-07-10": "12%"}, keep=keep)
    ours, plain = loan(name, rate=path).schedule(), loan(name).schedule()
    for row, other in zip(ours, plain, strict=keep != "payment"):
        assert abs(row.total - other.total) <= Decimal("0.12")  # solved again on rounded balances: cents
        assert abs(row.interest - other.interest) <= Decimal("0.02")


@given(first=yearly, second=yearly, row=st.integers(1, COUNT - 1))
def test_a_rate_that_changes_on_a_due_date_is_two_loans_end_to_end(first: Fraction, second: Fraction, row: int) -> None:
    plain = loan("annuity", rate=lc.Rate(first))
    turn = plain.dates[row]
    plan = loan("annuity", rate=lc.RatePath(lc.Rate(first), {turn: lc.Rate(second)}, keep="term")).schedule()
    assert [r[3:] for r in plan[:row]] == [r[3:] for r in plain.schedule()[:row]]
    rest = lc.amortize(plan[row - 1].balance, rate=second / 12, periods=COUNT - row)
    assert [(r.principal, r.interest) for r in plan[row:]] == [(r.principal, r.interest) for r in rest]


@given(first=yearly, second=yearly, days=st.integers(1, 330))
def test_one_level_payment_over_all_rates(first: Fraction, second: Fraction, days: int) -> None:
    path = lc.RatePath(lc.Rate(first), {START + timedelta(days): lc.Rate(second)}, keep="level")
    plan = loan("annuity", rate=path, rounding="none").schedule()
    assert max(row.total for row in plan) - min(row.total for row in plan) < Decimal("1e-40")


def test_lpr_repricing_on_the_first_of_january() -> None:
    """The rate is read on 1 January: 3.6 % + 0.3 until then, 3.5 % + 0.3 after; January has nights of both."""
    lpr = {"2024-10-20": "3.6%", "2025-05-20": "3.5%"}
    rate = lc.IndexedRate(lpr, "+0.3pp", reset="01-01", keep="term", name="LPR 5Y")
    plan = lc.Loan(360_000, rate, "2025-03-20", installments=36).schedule()
    assert plan[0].interest == Decimal("1170.00")  # 360 000 x 3.9 % / 12
    # installment 10, due 20 January 2026: 12 nights at 3.9 %, 19 at 3.8 %
    balance = Fraction(plan[8].balance)
    mixed = balance / 12 * (Fraction(39, 1000) * 12 + Fraction(38, 1000) * 19) / 31
    assert Fraction(plan[9].interest) == Fraction(int(mixed * 100 + Fraction(1, 2)), 100)
    assert plan[8].total > plan[9].total == plan[10].total


def test_an_index_is_read_with_its_limits() -> None:
    index = {"2025-01-01": "2%", "2026-01-01": "6%", "2027-01-01": "0.5%"}
    rate = lc.IndexedRate(index, "+1pp", reset="anniversary", cap="6%", floor="2%", change_cap="2.5pp", keep="term")
    path = rate.path(date(2025, 2, 1), date(2029, 2, 1))
    assert [str(path.on(date(year, 3, 1))) for year in (2025, 2026, 2027, 2028)] == [
        "3%/year", "5.5%/year", "3%/year", "2%/year",
    ]  # fmt: skip


def test_published_step_rates_and_payment_caps() -> None:
    """Regulation Z, comment 17(c)(1)-10.v.B; and the payment-cap example of a Federal Reserve consumer handbook."""
    steps = lc.RatePath("9%", {"2021-01-01": "11%", "2022-01-01": "12%"}, keep="term")
    plan = lc.Loan(100_000, steps, "2020-01-01", installments=360).schedule()
    assert [str(plan[n].total) for n in (0, 12, 24)] == ["804.62", "950.09", "1024.34"]
    capped = lc.RatePath("10%", {"2021-01-01": "12%"}, keep="term", payment_cap="7.5%")
    plan = lc.Loan(65_000, capped, "2020-01-01", installments=360, negative_amortization="125%").schedule()
    assert (str(plan.payment), str(plan[12].total)) == ("570.42", "613.20")
    assert (str(plan[11].balance), str(plan[23].balance)) == ("64638.72", "65059.62")
    assert max(row.balance for row in plan) <= Decimal(65_000) * Decimal("1.25")
    with pytest.raises(NoSolution, match=r"does not cover the interest of installment 13, 646\.39"):
        lc.Loan(65_000, capped, "2020-01-01", installments=360).schedule()


def test_a_kept_payment_changes_the_term() -> None:
    up = lc.RatePath("12%", {"2026-05-31": "15%"}, keep="payment")
    down = lc.RatePath("12%", {"2026-05-31": "6%"}, keep="payment")
    longer, shorter = loan("annuity", rate=up).schedule(), loan("annuity", rate=down).schedule()
    assert (len(longer), len(shorter)) == (13, 12)
    assert {str(row.total) for row in longer[:-1]} == {str(longer.payment)} == {"1066.19"}
    assert shorter[-1].total < Decimal("1066.19")


def test_a_method_that_solves_payments_has_to_be_told_what_a_change_keeps() -> None:
    with pytest.raises(InvalidTerms, match=r"rate\.keep: missing; with method 'annuity'"):
        loan("annuity", rate=lc.RatePath("12%", {"2026-07-01": "6%"}))
    assert loan("equal principal", rate=lc.RatePath("12%", {"2026-07-01": "6%"})).schedule()[0].principal == 1000


# Tranches, down payments, installments that repay nothing


@pytest.mark.parametrize("name", ["annuity", "equal principal", "interest only", "flat"])
@given(days=st.integers(1, 330), minor=st.integers(1, 900_000), down=st.sampled_from([None, "25%"]))
def test_tranches_are_conserved(name: str, days: int, minor: int, down: str | None) -> None:
    more = lc.Tranche(START + timedelta(days), Decimal(minor).scaleb(-2), down_payment=down)
    plan = loan(name, tranches=[more], down_payment=down).schedule()
    assert plan.total_principal == 12_000 + more.amount
    balance = Fraction(12_000)
    advanced = dict(plan.columns.advanced)
    for index, row in enumerate(plan):
        balance += Fraction(advanced.get(index, 0), 100) - Fraction(row.principal)
        assert Fraction(row.balance) == balance
        assert min(row.principal, row.interest, row.total) >= 0
    assert balance == 0


def test_a_tranche_by_hand() -> None:
    """75 bear 9.4822 % for January, 75 more for 17 of its 31 nights: 0.5926 + 0.3250 = 0.92."""
    terms = {"start": "2024-01-01", "installments": 5, "down_payment": "25%"}
    out = lc.Tranche("2024-01-15", 100, down_payment="25%")
    plan = lc.Loan(100, "9.4822%", **terms, tranches=[out]).schedule()
    assert [str(row.total) for row in plan] == ["25.00", "25.00", "30.66", "30.66", "30.66", "30.66", "30.67"]
    assert str(plan[2].interest) == "0.92"
    assert plan.explain(3).startswith("3: interest 75.00 x 9.4822% x 1/12 + 75.00 x 9.4822% x 1/12 x 17/31 = 0.917")


@pytest.mark.parametrize("interest", ["paid", "capitalized", "carried", "spread", "last", "forgiven"])
@pytest.mark.parametrize("name", ["annuity", "equal principal", "seasonal", "growing by a ratio"])
@given(waits=st.integers(1, COUNT - 1), rate=yearly)
def test_installments_that_repay_nothing(interest: str, name: str, waits: int, rate: Fraction) -> None:
    try:
        plan = loan(name, rate=lc.Rate(rate), moratorium=lc.Moratorium(waits, interest)).schedule()
    except NoSolution:
        if name == "annuity" or name == "equal principal":
            raise
        return  # no payment is left to solve, or the first one is below the interest
    grown = Fraction(12_000)
    for row in plan[:waits]:
        exact = grown * rate / 12
        accrued = Fraction(int(exact * 100 + Fraction(1, 2)), 100)
        assert Fraction(row.interest) == (accrued if interest in ("paid", "capitalized") else 0)
        grown += accrued if interest == "capitalized" else 0
        assert Fraction(row.balance) == grown
    assert Fraction(plan.total_principal) == 12_000
    assert sum(Fraction(row.principal) for row in plan[waits:]) == grown
    if interest == "carried":
        own = Fraction(int(12_000 * rate / 12 * 100 + Fraction(1, 2)), 100)
        assert Fraction(plan[waits].interest) == own * (waits + 1)


# Terms


def test_a_stated_payment_decides_the_term() -> None:
    plan = lc.Loan(10_000, "12%", "2026-01-15", payment=500).schedule()
    assert (len(plan), str(plan[-1].total)) == (23, "213.48")
    with pytest.raises(NoSolution, match=r"it does not cover the interest of installment 1, 100\.00"):
        lc.Loan(10_000, "12%", "2026-01-15", payment=99)


def test_a_function_of_ones_own_is_a_method() -> None:
    def half_at_the_end(problem: lc.Problem) -> lc.Columns:
        half = problem.principal // 2
        parts = [half // (len(problem) - 1)] * (len(problem) - 1)
        parts.append(problem.principal - sum(parts))
        return lc.GivenPrincipal([Decimal(part).scaleb(-problem.digits) for part in parts]).repay(problem)

    plan = lc.Loan(12_000, "12%", START, installments=7, method=half_at_the_end).schedule()
    assert_foots(plan, 12_000)
    assert plan[-1].principal == 6_000


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (lambda problem: [problem.principal], r"\[100000\]; expected Columns"),
        (lambda problem: lc.Columns([100], [1], [0]), r"a balance of 0.00 after row 1; expected 999.00"),
        (lambda problem: lc.Columns([100], [1], [99_900]), r"rows that leave 999.00; expected ones that repay all"),
        (lambda problem: lc.Columns([problem.principal], [1, 2], [0]), r"columns of \[1, 2\] rows; expected as many"),
        (lambda problem: lc.Columns([problem.principal], [1.5], [0]), r"amounts that are no whole units; expected int"),
        (lambda problem: lc.Columns([problem.principal], [-5], [0]), r"row 1 with principal 100000 and interest -5"),
    ],
)
def test_a_function_whose_columns_do_not_add_up_is_refused(columns: Any, says: str) -> None:
    def broken(problem: lc.Problem) -> Any:
        return columns(problem)

    with pytest.raises(InvalidTerms, match=rf"method: broken gave {says}"):
        lc.Loan(1000, "12%", START, installments=3, method=broken).schedule()


@pytest.mark.parametrize("parts", [[600, 500], [500, 300, 100], [500]])
def test_stated_parts_that_do_not_fit_say_what_is_owed(parts: list[int]) -> None:
    """10.00 of interest joins the principal first."""
    terms = {"rate": "12%", "every": "1 month", "periods": 4, "moratorium": lc.Moratorium(1, "capitalized")}
    left = Decimal(1010 - sum(parts))
    says = f"given_principal.parts: got {len(parts)} that leave {left:.2f} of 1010.00; expected 3 that sum to it"
    with pytest.raises(NoSolution, match=says):
        lc.amortize(1000, method=lc.GivenPrincipal(parts), **terms)


def test_a_down_payment_is_less_than_its_pay_out() -> None:
    with pytest.raises(
        InvalidTerms, match=r"down_payment: rounded to 5 on 2026-01-15; expected less than the 1 that are paid out"
    ):
        lc.Loan(
            1, "12%", "2026-01-15", installments=3, currency="JPY", rounding=lc.Rounding(5, "up"), down_payment="1%"
        )


@pytest.mark.parametrize("interest", ["paid", "capitalized", "carried", "forgiven"])
def test_what_a_contract_states_one_by_one_is_numbered_from_the_first_installment_that_repays(interest: str) -> None:
    terms = {"rate": "12%", "every": "1 month", "periods": 5, "moratorium": lc.Moratorium(2, interest)}
    parts = lc.amortize(1000, method=lc.GivenPrincipal([500, 300]), **terms)
    rest = "220.10" if interest == "capitalized" else "200.00"  # 10.00 and 10.10 of interest joined the principal
    assert [str(row.principal) for row in parts[2:]] == ["500.00", "300.00", rest]
    payments = lc.amortize(1000, method=lc.GivenPayments([500, 300]), **terms)
    carried = Decimal(20) if interest == "carried" else 0
    assert [row.total - carried * (row.number == 3) for row in payments[2:4]] == [500, 300]


@pytest.mark.parametrize(
    ("terms", "error", "says"),
    [
        ({"method": "balloon"}, InvalidTerms, r"it has parameters: expected Balloon\(amount=...\)"),
        ({"method": "气球贷"}, InvalidTerms, "it has parameters"),
        ({"method": "anuity"}, UnknownName, "nearest: annuity"),
        ({"method": lc.Balloon(term=6)}, InvalidTerms, "balloon.term: got 6; expected 12 or more"),
        ({"method": lc.Balloon(13_000)}, InvalidTerms, "expected at most the principal"),
        ({"method": lc.GivenPayments([100])}, InvalidTerms, "got 1; expected 11"),
        ({"method": lc.GivenPrincipal([2_000] * 11)}, NoSolution, "that leave"),
        ({"moratorium": lc.Moratorium(12, "paid")}, InvalidTerms, "expected fewer than 12"),
        ({"moratorium": lc.Moratorium(2, "forgiven"), "accrual": "daily"}, InvalidTerms, "expected 'paid'"),
        ({"tranches": [lc.Tranche("2028-01-01", 5)]}, InvalidTerms, "expected a day before the last due date"),
        ({"negative_amortization": "90%"}, InvalidTerms, "expected '100%' or more"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        lc.Loan(**({"principal": 12_000, "rate": "12%", "start": START, "installments": COUNT} | terms)).schedule()


@pytest.mark.parametrize(
    ("amount", "says"), [(30, r"solved as -81\.67 for installment 1"), (-30, r"for installment 10;")]
)
def test_no_installment_asks_for_less_than_nothing(amount: int, says: str) -> None:
    with pytest.raises(NoSolution, match=says):
        lc.amortize(1000, rate=0, periods=12, method=lc.Graduated(amount=amount), negative_amortization="200%")


def test_a_plan_says_which_installment_a_new_rate_touches_first() -> None:
    path = lc.RatePath("12%", {"2026-05-10": "6%"}, keep="term")
    says = "rate 6%/year from 2026-05-10: installment 4 is the first whose interest it touches; it keeps the term"
    assert says in loan("annuity", rate=path).assumptions


@pytest.mark.parametrize(
    ("words", "method"),
    [
        (["level payments", "EMI", "French", "annuity in arrears", "等额本息还款法"], "annuity"),
        (["constant principal", "Equal Principal Payments", "等额本金还款法", "Linear"], "equal_principal"),
        (["按月付息到期还本", "按月付息，到期还本"], "interest_only"),
        (["interest only, then principal", "先息后本"], "interest_only"),
        (["到期还本付息", "利随本清"], "lump_sum"),
        (["add-on interest", "flat rate", "等额等息"], "flat"),
        (["Rule of 78s", "sum of the digits"], "rule_of_78"),
    ],
)
def test_methods_by_the_words_of_their_markets(words: list[str], method: str) -> None:
    terms: dict[str, Any] = {
        "principal": 12_000,
        "rate": "12%",
        "start": START,
        "installments": COUNT,
        "day_count": "30/360",
    }
    assert {lc.Loan(**terms, method=word).method for word in words} == {method}


def test_a_bullet_has_two_meanings() -> None:
    with pytest.raises(
        InvalidTerms, match=r"'Bullet', which has two meanings; expected 'interest_only' .* or 'lump_sum'"
    ):
        lc.Loan(12_000, "12%", START, installments=COUNT, method="Bullet")
