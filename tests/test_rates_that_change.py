"""Rates that change more than once, each change keeping what it says: the term or the payment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from footing import assert_foots
from loancalc.errors import InvalidTerms

START = date(2026, 1, 15)
COUNT = 24

percent = st.integers(0, 1_500).map(lambda points: lc.Rate(Fraction(points, 10_000)))
rows = st.lists(st.integers(1, COUNT - 4), min_size=2, max_size=2, unique=True).map(sorted)


def due(row: int) -> date:
    return lc.Loan(12_000, "6%", START, installments=COUNT).dates[row]


def loan(path: lc.RatePath, **terms: Any) -> lc.Loan:
    return lc.Loan(12_000, path, START, installments=COUNT, **terms)


@given(first=percent, second=percent, third=percent, at=rows, keep=st.sampled_from(["term", "payment"]))
def test_a_keep_for_every_change_that_is_the_same_is_one_for_all(
    first: lc.Rate, second: lc.Rate, third: lc.Rate, at: list[int], keep: str
) -> None:
    changes = {due(at[0]): second, due(at[1]): third}
    by_day = lc.RatePath(first, changes, keep=dict.fromkeys(changes, keep))
    plans = [lc.RatePath(first, changes, keep=keep), by_day]
    try:
        one, other = (loan(path).schedule() for path in plans)
    except lc.NoSolution:
        assert keep == "payment"
        return
    assert one.columns == other.columns


@given(first=percent, second=percent, third=percent, at=rows)
def test_a_payment_that_is_kept_and_then_a_term(first: lc.Rate, second: lc.Rate, third: lc.Rate, at: list[int]) -> None:
    """Three plans end to end: the level one, the one that keeps its payment, and a level one over the term that this left. What the
    rounding of the payment may leave, a cent for each installment, takes none of its own.
    """
    turns = [due(row) for row in at]
    path = lc.RatePath(first, {turns[0]: second, turns[1]: third}, keep={turns[0]: "payment", turns[1]: "term"})
    level = lc.amortize(12_000, rate=first.value / 12, periods=COUNT)
    balance, payment = level[at[0] - 1].balance, level.payment
    assert payment is not None
    try:
        kept = lc.amortize(balance, rate=second.value / 12, periods=2 * COUNT, payment=payment)
    except lc.NoSolution:
        with pytest.raises(lc.NoSolution, match="does not cover the interest"):
            loan(path).schedule()
        return
    if len(kept) == 2 * COUNT:
        return  # longer than is looked for here
    plan = loan(path).schedule()
    assert_foots(plan, 12_000)
    between = at[1] - at[0]
    left = len(kept) - (100 * kept[-1].principal < at[0] + len(kept))
    rest = lc.amortize(kept[between - 1].balance, rate=third.value / 12, periods=left - between)
    expected = [*level[: at[0]], *kept[:between], *rest]
    assert [(row.principal, row.interest) for row in plan] == [(row.principal, row.interest) for row in expected]
    assert len(plan) == at[0] + left


def test_a_term_that_is_kept_and_then_a_payment_by_hand() -> None:
    """6 % for a year, then 12 % with new payments, then 3 %: the payment of the second year stays, and the end comes sooner."""
    path = lc.RatePath(
        "6%", {"2027-01-15": "12%", "2027-07-15": "3%"}, keep={"2027-01-15": "term", "2027-07-15": "payment"}
    )
    plan = loan(path).schedule()
    assert plan[11].total < plan[12].total == plan[18].total == plan[-2].total
    assert (len(plan), plan[-1].total < plan[12].total) == (24, True)
    assert eval(repr(path), {"RatePath": lc.RatePath}) == path
    says = [line for line in loan(path).assumptions if "it keeps the" in line]
    assert [line.rpartition(" ")[2] for line in says] == ["term", "payment"]


@given(
    first=percent, second=percent, third=percent, at=st.lists(st.integers(1, 600), min_size=2, max_size=2, unique=True),
    keeps=st.lists(st.sampled_from(["term", "payment"]), min_size=2, max_size=2),
)  # fmt: skip
def test_changes_that_are_heard_one_by_one_are_those_that_were_agreed(
    first: lc.Rate, second: lc.Rate, third: lc.Rate, at: list[int], keeps: list[str]
) -> None:
    days = [START + timedelta(number) for number in sorted(at)]
    path = lc.RatePath(first, dict(zip(days, (second, third), strict=True)), keep=dict(zip(days, keeps, strict=True)))
    heard = [lc.RateChange(on, rate, keep=keep) for on, rate, keep in zip(days, (second, third), keeps, strict=True)]
    try:
        agreed = lc.Account(loan(path)).as_of(days[1])
    except lc.NoSolution:
        return  # a kept payment below the interest
    ours = lc.Account(lc.Loan(12_000, first, START, installments=COUNT), heard).as_of(days[1])
    assert ours.figures.items == agreed.figures.items
    assert ours.payoff == agreed.payoff


def test_more_is_paid_out_beside_a_payment_that_is_kept() -> None:
    """The tranche is solved over the term as it stands; the payment that it makes is kept from then on."""
    path = lc.RatePath("6%", {"2026-07-15": "9%"}, keep="payment")
    before = loan(path).schedule()
    more = loan(path, tranches=[lc.Tranche("2027-01-15", 3_000)])
    plan = more.schedule()
    assert len(plan) == len(before) == 25
    rest = lc.amortize(before[11].balance + 3_000, rate="9%", every="1 month", periods=13)
    assert [row.total for row in plan[12:]] == [row.total for row in rest]
    plan.check()


def test_a_payment_is_kept_that_the_plan_shows_while_nothing_is_repaid() -> None:
    """It was agreed before the change: what is owed after the moratorium over the installments that repay."""
    path = lc.RatePath("6%", {"2026-03-15": "9%"}, keep="payment")
    plan = loan(path, moratorium=lc.Moratorium(6, "paid")).schedule()
    agreed = lc.amortize(12_000, rate="6%", every="1 month", periods=18)[0].total
    assert {row.total for row in plan[6:24]} == {agreed}
    # the higher interest leaves 317.00 for one more
    assert [str(row.total) for row in plan[24:]] == ["317.00"]
    plan.check()


@pytest.mark.parametrize(
    ("keep", "says"),
    [
        ({"2027-01-15": "term"}, "expected 'term' or 'payment' for each of 2027-01-15, 2027-07-15"),
        ({"2027-01-15": "term", "2027-07-15": "level"}, "'level' is for all changes together"),
        ({"2027-01-15": "term", "2027-07-15": "term", "2028-01-15": "term"}, "for each of 2027-01-15, 2027-07-15"),
        ("rate", "accepted: term, payment, level"),
    ],
)
def test_every_change_has_to_say_what_it_keeps(keep: Any, says: str) -> None:
    with pytest.raises(lc.LoanError, match=says):
        lc.RatePath("6%", {"2027-01-15": "12%", "2027-07-15": "3%"}, keep=keep)


def test_one_level_payment_is_for_all_changes() -> None:
    level = lc.RatePath("6%", {"2027-01-15": "12%"}, keep="level")
    with pytest.raises(InvalidTerms, match="keep: got 'term'; expected 'level', as for the changes before"):
        lc.Account(loan(level), [lc.RateChange("2027-06-15", "3%", keep="term")]).as_of("2027-07-01")
    assert {row.total for row in loan(level).schedule()[:-1]} == {Decimal(str(loan(level).schedule().payment))}


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_change_in_the_first_period_keeps_the_payment_that_was_agreed(accrual: str) -> None:
    """1 065.91 at 12 %, whatever the rate is five nights later: at 24 % it takes a thirteenth installment."""
    terms: dict[str, Any] = {"installments": 12, "accrual": accrual, "day_count": "ACT/365F"}
    before = lc.Loan(12_000, "12%", "2026-01-15", **terms)
    assert str(before.schedule().payment) == "1065.91"
    agreed = lc.Loan(12_000, lc.RatePath("12%", {"2026-01-20": "24%"}, keep="payment"), "2026-01-15", **terms)
    heard = lc.Account(before, [lc.RateChange("2026-01-20", "24%", keep="payment")]).as_of("2026-01-20")
    rows = [*["1065.91"] * 12, "909.01"]
    assert [str(row.total) for row in agreed.schedule()] == rows
    assert [str(row.agreed.total) for row in heard.installments] == rows


def test_a_payment_cap_holds_for_a_change_in_the_first_period() -> None:
    """1 066.19 may grow by 5 % to 1 119.50; what it leaves the last installment pays."""
    path = lc.RatePath("12%", {"2026-01-20": "24%"}, keep="term", payment_cap="5%")
    plan = lc.Loan(12_000, path, "2026-01-15", installments=12).schedule()
    assert [str(row.total) for row in plan[:11]] == ["1119.50"] * 11


CAPPED = lc.RatePath("12%", {"2026-07-15": "36%"}, keep="term", payment_cap="5%")


@pytest.mark.parametrize("residue", ["last", "first", "spread", "smooth", "last-interest", "visible"])
def test_whoever_takes_the_cents_a_payment_cap_holds(residue: str) -> None:
    """1 066.19 may grow to 1 119.50, and what that leaves is no residue of rounding."""
    plan = lc.Loan(12_000, CAPPED, "2026-01-15", installments=12, rounding=lc.Rounding(residue=residue)).schedule()
    assert [str(row.total) for row in plan[6:11]] == ["1119.50"] * 5
    assert plan[-1].total - Decimal("1256.19") in (0, Decimal("0.05"))
    assert plan.residue == 0


@pytest.mark.parametrize(
    ("terms", "rate", "before"),
    [
        ({"method": lc.Balloon(3_000)}, "36%", "829.64"),
        ({"method": lc.Balloon(term=24)}, "36%", "564.88"),
        ({"method": "annuity_in_advance"}, "36%", "1055.63"),
        ({"method": lc.ExtraPayment(10)}, "100%", "1076.19"),
        ({"method": "accelerated", "every": "2 weeks", "installments": 26}, "100%", "533.09"),
    ],
)
def test_a_payment_cap_holds_for_every_level_payment(terms: dict[str, Any], rate: str, before: str) -> None:
    """On 16 July 13 fortnights have passed, or 6 months; every payment that is solved then would grow by more than 5 %."""
    path = lc.RatePath("12%", {"2026-07-16": rate}, keep="term", payment_cap="5%")
    plan = lc.Loan(12_000, path, "2026-01-15", **{"installments": 12} | terms).schedule()
    plan.check()
    most = (Decimal(before) * Decimal("1.05")).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    asked = [row.total for row in plan[:-1]]
    assert set(asked) == {Decimal(before), most}


@pytest.mark.parametrize("method", ["equal_principal", "flat", lc.Graduated("1%"), lc.Seasonal([1, 2])])
def test_a_payment_cap_is_of_a_level_payment(method: Any) -> None:
    says = r"rate\.payment_cap: got 5% with method '.*'; expected a method whose payments are level"
    with pytest.raises(InvalidTerms, match=says):
        lc.Loan(12_000, CAPPED, "2026-01-15", installments=12, method=method)


def test_a_payment_cap_is_over_the_payment_in_force_also_where_the_balance_had_reached_its_limit() -> None:
    """599.55 at 6 %; at 14 % it may grow to 644.52, and the balance with it up to 105 000. With installment 24 the limit is reached:
    the rest over 337 months asks for 1 246.45. Three years later 14.1 % asks for no more than 0.65 % above that.
    """
    path = lc.RatePath("6%", {"2021-01-01": "14%", "2024-01-01": "14.1%"}, keep="term", payment_cap="7.5%")
    plan = lc.Loan(100_000, path, "2020-01-01", installments=360, negative_amortization="105%").schedule()
    assert [str(plan[row].total) for row in (0, 12, 22, 23, 47, 48, 358)] == [
        "599.55", "644.52", "644.52", "1246.45", "1246.45", "1254.48", "1254.48",
    ]  # fmt: skip
    for first, rate in ((23, "14%"), (48, "14.1%")):
        rest = lc.amortize(plan[first - 1].balance, rate=rate, every="1 month", periods=360 - first)
        assert plan[first].total == rest.payment


def test_a_change_after_everything_is_repaid_changes_nothing() -> None:
    """The second of two proportions is nothing: 1 010.00 in February, and no principal is left for a rate of March to be solved on."""
    path = lc.RatePath("12%", {"2026-03-01": "6%"}, keep="term")
    plan = lc.Loan(1_000, path, "2026-01-15", installments=2, method=lc.Seasonal([1, 0])).schedule()
    assert [str(row.total) for row in plan] == ["1010.00"]
    assert "fewer installments than the 2 agreed" in str(plan.assumptions)


# Methods that solve over periods other than their own


def test_a_balloon_over_a_longer_term_expects_the_rate_that_is_known() -> None:
    """12 000 as over 24 months: 564.88 at 12 %, and nobody knows in January that July brings 24 %. Then the rest over the 18
    months that are left of the 24: 617.87.
    """
    terms: dict[str, Any] = {"installments": 12, "method": lc.Balloon(term=24)}
    path = lc.RatePath("12%", {"2026-07-15": "24%"}, keep="term")
    plan = lc.Loan(12_000, path, "2026-01-15", **terms).schedule()
    heard = lc.Account(lc.Loan(12_000, "12%", "2026-01-15", **terms), [lc.RateChange("2026-07-15", "24%", keep="term")])
    assert str(lc.amortize(12_000, rate="12%", every="1 month", periods=24).payment) == "564.88"
    left = Fraction(plan[5].balance)
    second = left * Fraction(2, 100) / (1 - Fraction(100, 102) ** 18)
    rows = [*["564.88"] * 6, *[str(round(Decimal(float(second)), 2))] * 5]
    assert [str(row.total) for row in plan[:11]] == rows
    assert [str(item.agreed.total) for item in heard.as_of("2026-07-15").installments[:11]] == rows


def test_a_balloon_over_a_longer_term_of_which_all_rates_are_known() -> None:
    """One payment over 24 months, six of them at 1 % and eighteen at 2 %."""
    path = lc.RatePath("12%", {"2026-07-15": "24%"}, keep="level")
    plan = lc.Loan(12_000, path, "2026-01-15", installments=12, method=lc.Balloon(term=24)).schedule()
    six = sum(Fraction(100, 101) ** number for number in range(1, 7))
    eighteen = sum(Fraction(100, 102) ** number for number in range(1, 19))
    payment = 12_000 / (six + Fraction(100, 101) ** 6 * eighteen)
    assert {row.total for row in plan[:11]} == {round(Decimal(float(payment)), 2)}


def test_accelerated_payments_follow_the_rate() -> None:
    """Half of a monthly payment: 564.88 at 12 % over 24 months; after 26 weeks, at 24 % over the 18 that are left, 597.99."""
    terms: dict[str, Any] = {"installments": 52, "every": "2 weeks", "method": "accelerated"}
    path = lc.RatePath("12%", {"2026-07-16": "24%"}, keep="term")
    plan = lc.Loan(12_000, path, "2026-01-15", **terms).schedule()
    heard = lc.Account(lc.Loan(12_000, "12%", "2026-01-15", **terms), [lc.RateChange("2026-07-16", "24%", keep="term")])
    left = Fraction(plan[12].balance)
    monthly = left * Fraction(2, 100) / (1 - Fraction(100, 102) ** 18)
    rows = [*["282.44"] * 13, *[str(round(Decimal(float(monthly / 2)), 2))] * 5]
    assert [str(row.total) for row in plan[:18]] == rows
    assert [str(item.agreed.total) for item in heard.as_of("2026-07-16").installments[:18]] == rows
    assert len(plan) == 49


def test_accelerated_payments_follow_the_rate_that_returns_after_a_pause() -> None:
    terms: dict[str, Any] = {"installments": 52, "every": "2 weeks", "method": "accelerated"}
    paused = lc.RatePath("12%", keep="term", pauses=[("2026-07-16", "2026-08-13")])
    plan = lc.Loan(12_000, paused, "2026-01-15", **terms).schedule()
    assert [str(row.interest) for row in plan[13:15]] == ["0.00", "0.00"]
    months = lc.amortize(plan[12].balance, rate="12%", every="1 month", periods=18)
    assert abs(2 * plan[13].total - (months.payment or 0)) <= Decimal("0.01")


def test_accelerated_payments_are_of_one_rate() -> None:
    path = lc.RatePath("12%", {"2026-07-16": "24%"}, keep="level")
    says = "keep.*: got 'level' with method 'accelerated', whose payment follows from monthly ones at one rate"
    with pytest.raises(InvalidTerms, match=says):
        lc.Loan(12_000, path, "2026-01-15", installments=52, every="2 weeks", method="accelerated")


# A payment that decides the term


@given(first=percent, second=percent, row=st.integers(1, 8), payment=st.integers(400, 3_000))
def test_a_payment_that_decides_the_term_stays_when_the_rate_changes(
    first: lc.Rate, second: lc.Rate, row: int, payment: int
) -> None:
    """Row by row: interest at the rate of the month, the rest of the payment repays, until nothing is owed."""
    path = lc.RatePath(first, {due(row): second}, keep="payment")
    plan = lc.Loan(12_000, path, START, payment=payment).schedule()
    owed, rows = 1_200_000, list[tuple[int, int]]()
    while owed:
        exact = owed * (first if len(rows) < row else second).value / 12
        interest = int(exact + Fraction(1, 2))
        part = min(owed, 100 * payment - interest)
        rows.append((part, interest))
        owed -= part
    assert [(int(100 * r.principal), int(100 * r.interest)) for r in plan] == rows


def test_an_index_is_read_for_as_long_as_the_payment_needs() -> None:
    """300.00 a month: 12 % in the first year, 6 % from then on."""
    index = lc.IndexedRate({"2025-01-01": "12%", "2027-01-01": "6%"}, reset="anniversary", keep="payment")
    plan = lc.Loan(12_000, index, START, payment=300).schedule()
    first = lc.amortize(12_000, rate="12%", every="1 month", periods=60, payment=300)[:12]
    rest = lc.amortize(first[-1].balance, rate="6%", every="1 month", periods=60, payment=300)
    assert [row.total for row in plan] == [row.total for row in (*first, *rest)]
    assert len(plan) == 48


@pytest.mark.parametrize("keep", ["term", "level"])
def test_where_the_payment_decides_the_term_a_change_cannot_keep_another(keep: str) -> None:
    path = lc.RatePath("12%", {"2026-07-15": "24%"}, keep=keep)
    with pytest.raises(
        InvalidTerms, match=rf"rate\.keep: got '{keep}' where the payment decides the term; expected 'pay"
    ):
        lc.Loan(12_000, path, START, payment=1_000)


def test_a_grace_period_may_be_longer_than_what_the_payment_needs() -> None:
    plan = lc.Loan(12_000, "12%", START, payment="1066.20", moratorium=lc.Moratorium(24, "paid")).schedule()
    assert (len(plan), str(plan[-1].total)) == (36, "1066.02")


def test_a_payment_by_name_decides_no_term() -> None:
    with pytest.raises(InvalidTerms, match="installments: got None with end=None; expected exactly one"):
        lc.Loan(12_000, "12%", START, payment="nominal")


# A payment that was stated, or is Excel's


def pmt(balance: Decimal, monthly: str, count: int, *, in_advance: bool = False) -> str:
    """Excel's PMT, rounded to the cent, by a sum of discounted payments."""
    rate = Fraction(monthly)
    worth = sum((1 + rate) ** -number for number in range(0 if in_advance else 1, count + (0 if in_advance else 1)))
    return str(Decimal(int(Fraction(balance) * 100 / worth + Fraction(1, 2))) / 100)


@pytest.mark.parametrize("told", ["agreed", "heard"])
@pytest.mark.parametrize(("payment", "before"), [("1070.00", "1070.00"), ("nominal", "1066.19"), ("level", "1066.19")])
def test_a_change_that_keeps_the_term_brings_a_new_payment_whatever_was_stated(
    told: str, payment: str, before: str
) -> None:
    """It stayed at what was stated, and the last installment took what that left."""
    terms: dict[str, Any] = {"installments": 12, "payment": payment}
    path = lc.RatePath("12%", {"2026-07-15": "24%"}, keep="term")
    plan = lc.Loan(12_000, path, "2026-01-15", **terms).schedule()
    rows = [row.total for row in plan]
    if told == "heard":
        change = lc.RateChange("2026-07-15", "24%", keep="term")
        position = lc.Account(lc.Loan(12_000, "12%", "2026-01-15", **terms), [change]).as_of("2026-07-15")
        rows = [item.agreed.total for item in position.installments]
    after = pmt(plan[5].balance, "1/50", 6)
    assert [str(row) for row in rows[:11]] == [before] * 6 + [after] * 5
    assert abs(rows[11] - Decimal(after)) < Decimal("0.10")


def test_what_is_solved_again_is_not_stated_again_by_a_later_event() -> None:
    """1 070.00 until July, then what was solved at 24 %; more money in September is repaid at what was solved, not at 1 070.00."""
    path = lc.RatePath("12%", {"2026-07-15": "24%"}, keep="term")
    loan = lc.Loan(12_000, path, "2026-01-15", installments=12, payment=1_070)
    rows = lc.Account(loan, [lc.Draw("2026-09-15", 1_000)]).as_of("2026-09-15").installments
    left = loan.schedule()[7].balance + 1_000
    assert [str(item.agreed.total) for item in rows[8:11]] == [pmt(left, "1/50", 4)] * 3


@pytest.mark.parametrize("waits", [1, 3])
def test_excels_payment_is_over_the_installments_that_repay(waits: int) -> None:
    terms: dict[str, Any] = {"installments": 12, "payment": "nominal", "day_count": "ACT/365F"}
    waiting = lc.Moratorium(waits, "capitalized")
    plan = lc.Loan(12_000, "12%", "2026-01-15", moratorium=waiting, **terms).schedule()
    assert {str(row.total) for row in plan[waits:11]} == {pmt(plan[waits - 1].balance, "1/100", 12 - waits)}
    more = lc.Loan(12_000, "12%", "2026-01-15", tranches=[lc.Tranche("2026-04-15", 3_000)], **terms).schedule()
    assert {str(row.total) for row in more[3:11]} == {pmt(more[2].balance + 3_000, "1/100", 9)}


@given(
    data=st.data(),
    method=st.sampled_from(["annuity", lc.Balloon(3_000), "equal_principal", "interest_only"]),
    day_count=st.sampled_from(["ACT/365F", "30E/360", "periodic"]),
    accrual=st.sampled_from(["scheduled", "daily"]),
)
def test_a_tranche_that_was_agreed_is_solved_on_what_is_outstanding_as_a_draw_that_is_heard_of(
    data: st.DataObject, method: Any, day_count: str, accrual: str
) -> None:
    """Whatever was paid by then, early or late or nothing."""
    terms: dict[str, Any] = {"installments": 7, "method": method, "accrual": accrual, "day_count": day_count}
    nights = st.integers(1, 180).map(lambda night: START + timedelta(night))
    on, amount = data.draw(nights), data.draw(st.integers(100, 9_000))
    paid = data.draw(st.lists(st.builds(lc.Payment, nights, st.integers(1, 4_000)), max_size=4))
    agreed = lc.Account(lc.Loan(12_000, "24%", START, tranches=[lc.Tranche(on, amount)], **terms), paid)
    heard = lc.Account(lc.Loan(12_000, "24%", START, **terms), [*paid, lc.Draw(on, amount)])
    for day in (on, START + timedelta(400)):
        ours, theirs = agreed.as_of(day), heard.as_of(day)
        assert [(row.due, row.agreed) for row in ours.installments] == [
            (row.due, row.agreed) for row in theirs.installments
        ]
        assert ours.payoff == theirs.payoff


def test_a_tranche_of_a_daily_loan_is_solved_on_what_early_money_has_left() -> None:
    # Ten of 31 nights of 12 000.00 at 1 % are 38.71; 1 000.00 pay them and repay 961.29. Eleven nights of 11 038.71, ten of 12 038.71:
    # 116.71 in all, and (13 000 + 116.7138) x 1.01^5 / 6.15201506 = 2 240.859; it was 2 241.97, as if nothing had come early.
    loan = lc.Loan(
        12_000, "12%", "2026-01-15", installments=6, accrual="daily", tranches=[lc.Tranche("2026-02-05", 1_000)]
    )
    rows = lc.Account(loan, [lc.Payment("2026-01-25", 1_000)]).schedule("2026-02-05")
    assert str(rows[0].agreed) == "interest 116.71, principal 2124.15"
    assert [str(row.agreed.total) for row in rows] == ["2240.86"] * 5 + ["2240.85"]


def test_an_agreed_rate_leaves_equal_parts_of_a_daily_loan_as_they_are_though_money_came_early() -> None:
    # 13 nights of 12 000.00 at 1 % a month of 31 are 50.3226; 500.00 pay 50.32 and repay 449.68, 11 550.32 are left. Eight nights of them at
    # 1 % are 29.8073, ten at 1.5 % 55.8887: 136.02 in all, and 2 000.00 are repaid, as without the early money: 2 003.33 were, by which
    # the payment that was planned with more interest was larger.
    path = lc.RatePath("12%", {"2026-02-05": "18%"}, keep="term")
    terms: dict[str, Any] = {"installments": 6, "method": "equal_principal", "accrual": "daily"}
    for rate, events in ((path, []), ("12%", [lc.RateChange("2026-02-05", "18%", keep="term")])):
        account = lc.Account(lc.Loan(12_000, rate, "2026-01-15", **terms), [lc.Payment("2026-01-28", 500), *events])
        assert str(account.schedule("2026-02-05")[0].agreed) == "interest 136.02, principal 2000.00"


def test_excels_payment_in_advance() -> None:
    """PMT(12%/12, 12, -12000, 0, 1) is 1055.63; 1066.19 is that of payments in arrears."""
    plan = lc.Loan(
        12_000, "12%", "2026-01-15", installments=12, payment="nominal", method="annuity_in_advance"
    ).schedule()
    assert str(plan[0].total) == pmt(Decimal(12_000), "1/100", 12, in_advance=True) == "1055.63"
    assert str(plan[-1].total) == "1055.61"


# On daily loans


@given(
    data=st.data(),
    method=st.sampled_from(["annuity", lc.Balloon(3_000), lc.Graduated("2%"), "equal_principal", "interest_only"]),
    day_count=st.sampled_from(["ACT/365F", "30E/360", "periodic"]),
    keep=st.sampled_from(["term", "payment"]),
)
def test_a_change_that_was_agreed_is_solved_on_what_is_outstanding_as_one_that_is_heard(
    data: st.DataObject, method: Any, day_count: str, keep: str
) -> None:
    """Whatever was paid by then, early or late or nothing: the contract is the same one, told earlier or on the day."""
    keep = keep if method == "annuity" else "term"
    terms: dict[str, Any] = {"installments": 9, "method": method, "accrual": "daily", "day_count": day_count}
    nights = st.integers(1, 9 * 30 - 10).map(lambda night: START + timedelta(night))
    days = sorted(data.draw(st.sets(nights, min_size=1, max_size=2)))
    rates = [data.draw(percent) for _ in range(len(days) + 1)]
    money = st.builds(lc.Payment, nights, st.integers(1, 5_000))
    paid = data.draw(st.lists(money, max_size=4))
    path = lc.RatePath(rates[0], list(zip(days, rates[1:], strict=True)), keep=keep)
    changes = [lc.RateChange(on, rate, keep=keep) for on, rate in zip(days, rates[1:], strict=True)]
    end = START + timedelta(700)
    try:
        agreed = lc.Account(lc.Loan(12_000, path, START, **terms), paid).as_of(end)
        heard_terms = lc.Loan(12_000, rates[0], START, **terms)
        heard = lc.Account(heard_terms, [*paid, *changes]).as_of(end)
    except lc.LoanError:
        return  # no plan at such rates; a change after the end is refused
    if not all(position.figures.undue for position in lc.Account(heard_terms, [*paid, *changes]).on_days(days)):
        return  # there is nothing left to solve a plan on: the rows stay, as many as there were
    rows = [
        [(row.due, row.agreed) for row in position.installments if any(row.agreed.minor)]
        for position in (agreed, heard)
    ]
    assert rows[0] == rows[1]
    assert agreed.payoff == heard.payoff


def asked(account: lc.Account, then: str = "caught-up") -> list[str]:
    return [str(row.agreed.total) for row in account.schedule("2026-10-20", then=then) if row.agreed.total]


def test_a_payment_that_is_kept_by_a_daily_loan_takes_the_installments_that_it_needs() -> None:
    """24 payments of 634.12; from October 36 %, which the plan repays with 26. Nothing was paid by then, all of it bore
    interest, and it takes a 27th; after 5 000.00 that came early, 17.
    """
    path = lc.RatePath("24%", {"2026-10-15": "36%"}, keep="payment")
    loan = lc.Loan(12_000, path, START, installments=24, accrual="daily", day_count="ACT/365F")
    assert len(loan.schedule()) == 26
    late, early = asked(lc.Account(loan)), asked(lc.Account(loan, [lc.Payment("2026-03-01", 5_000)]))
    assert (len(late), late[-2:]) == (27, ["634.12", "348.20"])
    assert (len(early), early[-2:]) == (17, ["634.12", "212.00"])


def test_what_was_repaid_early_makes_the_payment_smaller_that_is_solved_when_the_rate_changes() -> None:
    """1 065.91 until July; 5 000.00 in March cover the installments to June, and the rest is repaid in five installments."""
    path = lc.RatePath("12%", {"2026-07-15": "18%"}, keep="term")
    loan = lc.Loan(12_000, path, START, installments=12, accrual="daily", day_count="ACT/365F")
    account = lc.Account(loan, [lc.Payment("2026-02-15", "1065.91"), lc.Payment("2026-03-01", 3_000)])
    position = account.as_of("2026-07-15")
    left = sum(item.agreed.principal for item in position.installments[6:])
    assert left == position.figures.undue / Decimal(100)
    payment = account.as_of("2026-08-15").installments[6].agreed.total
    assert str(payment) == "738.66"


def test_where_a_kept_payment_no_longer_covers_the_interest_the_plan_stays_as_it_was_agreed() -> None:
    path = lc.RatePath("12%", {"2026-09-15": "300%"}, keep="payment")
    loan = lc.Loan(12_000, path, START, installments=12, accrual="daily", day_count="ACT/365F")
    position = lc.Account(loan).as_of("2026-10-20")
    assert [item.due for item in position.installments] == list(loan.dates[1:])
    before = lc.Loan(12_000, "12%", START, installments=12, accrual="daily", day_count="ACT/365F")
    heard = lc.Account(before, [lc.RateChange("2026-09-15", "300%", keep="payment")])
    with pytest.raises(lc.LoanError, match=r"got 1065\.91; it does not cover the interest of installment 9"):
        heard.as_of("2026-10-20")
