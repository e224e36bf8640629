"""Every row of every plan explains its interest by a calculation that holds, and a quote on the way agrees with the plan."""

from __future__ import annotations

import pickle
import re
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc

METHODS: dict[str, Any] = {
    "annuity": "annuity", "equal principal": "equal_principal", "flat": "flat", "rule of 78": "rule_of_78",
    "stated charge": lc.RuleOf78(900), "balloon": lc.Balloon(3_000), "graduated": lc.Graduated("2%"),
    "seasonal": lc.Seasonal([1, 0, 2]),
}  # fmt: skip
WAYS = (None, "paid", "capitalized", "carried", "spread", "last", "forgiven")
LATER = ("carried", "spread", "last")
NUMBER = r"-?\d+(?:\.\d+)?"


def loan_of(method: str, way: str | None, **terms: Any) -> lc.Loan:
    waits = lc.Moratorium(3, way) if way else None
    return lc.Loan(12_000, "12%", "2026-01-15", installments=12, method=METHODS[method], moratorium=waits, **terms)


def assert_holds(text: str) -> None:
    """The products, the rounding, and what is added after it, worked out from the text alone."""
    how, _, principal = text.partition("; principal ")
    interest = how.partition("interest ")[2]
    terms, _, rest = interest.partition(" = ")
    exact, _, after = rest.partition(" -> ")
    if " parts" in exact:
        whole, parts = found(rf"({NUMBER}) in (\d+) parts", exact).groups()
        assert abs(Fraction(whole) / int(parts) - Fraction(after.split()[0])) <= Fraction(
            int(parts), 200
        )  # the last share takes what rounding left
    else:
        assert abs(sum(map(worth, terms.split(" + "))) - Fraction(exact.rstrip("."))) <= Fraction(1, 10**5)
        rounded = Fraction(found(NUMBER, after).group())
        assert abs(rounded - Fraction(exact.rstrip("."))) <= Fraction(5, 1000) + Fraction(1, 10**6)
    if ", " not in after:  # carried on or forgiven: what it becomes stands behind
        *steps, last = re.sub(r"\([^)]*\)| carried", "", after).split(" = ")
        total = sum(
            Fraction(sign + amount)
            for sign, amount in re.findall(rf"([+-]?) ?({NUMBER})", (steps or [last])[0].rpartition("-> ")[2])
        )
        assert total == Fraction(last.strip()) if steps else True
    total, taken, left = map(Fraction, found(rf"({NUMBER}) - ({NUMBER}) = ({NUMBER})", principal).groups())
    assert total - taken == left


def found(pattern: str, text: str) -> re.Match[str]:
    match = re.match(pattern, text)
    assert match, text
    return match


def worth(term: str) -> Fraction:
    value = Fraction(1)
    for factor in term.split(" x "):
        plain = factor.removesuffix(" nights")
        value *= Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    return value


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "terms", [{}, {"down_payment": "10%"}, {"day_count": "ACT/360"}], ids=["plain", "down", "days"]
)
def test_every_row_shows_arithmetic_that_holds(method: str, way: str | None, terms: dict[str, Any]) -> None:
    plan = loan_of(method, way, **terms).schedule()
    for number in range(1, len(plan) + 1):
        assert_holds(plan.explain(number))


def test_what_a_moratorium_does_is_said() -> None:
    carried, forgiven = (loan_of("annuity", way).schedule() for way in ("carried", "forgiven"))
    assert "= 120.00 -> 120.00, carried to installment 4: 0.00;" in carried.explain(2)
    assert "= 120.00 -> 120.00 + 360.00 carried = 480.00;" in carried.explain(4)
    assert "= 120.00 -> 120.00, forgiven: 0.00;" in forgiven.explain(1)


def test_the_rule_of_78_by_hand() -> None:
    """1440.00 in 78 parts: the first earns 12 of them, the second 11; earned so far is rounded once."""
    plan = loan_of("rule of 78", None).schedule()
    assert plan.explain(1).startswith("1: interest 1440.00 x 12/78 = 221.538461... -> 221.54;")
    assert plan.explain(2).startswith("2: interest 1440.00 x 23/78 = 424.615384... -> 424.62 - 221.54 -> 203.08;")


def test_the_residue_in_the_last_interest_is_said() -> None:
    plan = lc.Loan(
        12_000, "12%", "2026-01-15", installments=12, rounding=lc.Rounding(residue="last-interest")
    ).schedule()
    assert "= 10.5558 -> 10.56 + 0.05 (residue) = 10.61;" in plan.explain(12)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("method", METHODS)
@given(days=st.integers(0, 360))
def test_a_quote_on_the_way_agrees_with_the_plan(method: str, way: str | None, days: int) -> None:
    """Interest to date never falls, starts at what is carried, and is the plan's when the period is over; paying the
    quote leaves nothing."""
    loan = loan_of(method, way)
    day = loan.start + timedelta(days)
    number = loan.timeline.row_of(day)
    paid = [lc.Payment(row.due, row.total) for row in loan.schedule()[:number] if row.total and row.due is not None]
    account = lc.Account(loan, paid)
    position = account.as_of(day)
    row = loan.schedule()[number]
    accrued, asked = Fraction(0), Fraction(0)
    if way in LATER:  # 360.00 in three periods: at once, 40.00 in each of nine rows, or with the last
        after = range(3, 12)
        shares = {"carried": dict.fromkeys([3], 360), "spread": dict.fromkeys(after, 40), "last": {11: 360}}[way]
        accrued = Fraction(120 * min(number, 3) - sum(share for place, share in shares.items() if place < number))
        asked = Fraction(shares.get(number, 0))
    assert row.start is not None
    assert row.due is not None
    if way == "forgiven" and number < 3:
        assert position.interest_to_date == 0
    else:
        share = Fraction((day - row.start).days, (row.due - row.start).days)
        own = Fraction(row.interest) - asked if number >= 3 or way not in LATER else Fraction(120)
        residue = Fraction(6, 100) if method == "flat" else 0  # of the last share of a total that was split
        assert abs(Fraction(position.interest_to_date) - accrued - own * share) <= Fraction(1, 100) + residue
    closed = lc.Account(loan, [*paid, lc.Payoff(day)]).as_of(loan.dates[-1])
    assert closed.is_closed
    assert position.payoff == position.outstanding_principal + position.interest_to_date


def test_payoffs_of_a_moratorium_by_hand() -> None:
    """12 000 at 1 % a month: 120.00 a period; 15 of January's 31 nights bear 58.06, 5 of February's 28 bear 21.43."""
    days = ("2026-01-30", "2026-02-20", "2026-04-20")
    quotes = {
        way: [str(lc.Account(loan_of("annuity", way)).payoff(day)) for day in days] for way in ("carried", "forgiven")
    }
    assert quotes == {
        "carried": ["12058.06", "12141.43", "12380.00"], "forgiven": ["12000.00", "12000.00", "12020.00"],
    }  # fmt: skip


def test_flat_interest_with_a_down_payment_is_taken_of_what_is_left() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, method="flat", down_payment="10%")
    account = lc.Account(loan, [lc.Payment("2026-01-15", 1_200)])
    assert str(account.as_of("2026-01-30").interest_to_date) == "52.26"  # 10 800 x 1 % x 15/31


@pytest.mark.parametrize("method", METHODS)
def test_a_row_explains_itself_as_its_plan_explains_it(method: str) -> None:
    plan = loan_of(method, None, fees=[lc.Fee(20, each="installment")]).schedule()
    assert "\n".join(row.explain() for row in plan) == plan.explain()
    assert pickle.loads(pickle.dumps(plan[3])).explain() == plan[3].explain() == plan.explain(4)
    undated = lc.amortize(12_000, method="annuity", rate="12%", every="1 month", periods=12)
    assert undated[1].explain() == undated.explain(2)


def test_a_row_that_no_plan_gave_has_nothing_to_explain() -> None:
    row = loan_of("annuity", None).schedule()[3]
    made = row._replace(number=2)
    assert made[1:] == row[1:]
    with pytest.raises(lc.InvalidTerms, match=r"^explain: got Installment\(number=2, .*\), a row of no plan"):
        made.explain()
    with pytest.raises(AttributeError, match="an installment is a value"):
        row.balance = 0  # type: ignore[misc, assignment]  # what is refused


@pytest.mark.parametrize("number", [0, -1, 13, True, "1"])
def test_only_an_installment_that_there_is_is_explained(number: Any) -> None:
    """Number 0 showed the last row as "0", and -1 the one before it."""
    plan = lc.Loan(12_000, "12%", "2026-01-15", installments=12).schedule()
    with pytest.raises(lc.InvalidTerms, match=r"^explain\.number: got "):
        plan.explain(number)


@pytest.mark.parametrize(
    ("periods", "method", "says"),
    [
        (12, "lump_sum", "10000.00 x 1/100 x 12 x 1 period = 1200.00 -> 1200.00;"),
        (2, lc.LumpSum(compound=True), "10000.00 x 1/100 x 2 x 1 period, compounding = 201.00 -> 201.00;"),
        (
            [Fraction(31, 365), Fraction(28, 365)],
            "lump_sum",
            "10000.00 x 1%/year x (31/365 + 28/365) = 16.164383... -> 16.16;",
        ),
    ],
)
def test_a_lump_sum_over_numbered_periods_explains_all_of_them(periods: Any, method: Any, says: str) -> None:
    """It showed the interest of the first period, and called the others a residue of rounding."""
    plan = lc.amortize(10_000, rate=Fraction(1, 100), periods=periods, method=method)
    assert says in plan.explain(1)


def test_a_stated_charge_is_explained_as_it_was_stated() -> None:
    """0.52 in steps of 0.05: two thirds are 0.3466..., so 0.35, and all of it is 0.50; two thirds of 0.50 were 0.33, as 0.35 too."""
    plan = lc.amortize(100, rate=0, periods=2, method=lc.RuleOf78("0.52"), rounding=lc.Rounding(5))
    plan.check()
    assert [str(row.interest) for row in plan] == ["0.35", "0.15"]
    assert "0.52 x 2/3 = 0.346666..." in plan.explain(1)
