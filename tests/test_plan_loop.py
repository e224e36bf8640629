"""Every method, mode, step, residue and rounding of its own, beside a plain loop in fractions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from footing import MODES, RESIDUES
from loancalc.errors import NoSolution
from loancalc.testing import METHODS
from plan_loop import (
    NotCovered,
    Row,
    Rule,
    Shape,
    Terms,
    in_proportion,
    level,
    plans,
    refuse_negative,
    repaid_by,
    solved,
)

rules = st.builds(Rule, st.sampled_from(MODES), st.sampled_from([1, 1, 5, 10, 100]))
yearly = st.integers(0, 3_600).map(lambda points: Fraction(points, 10_000))
shares = st.one_of(
    st.lists(st.integers(0, 40).map(lambda days: Fraction(days, 365)), min_size=1, max_size=18),
    st.builds(lambda days, count: [Fraction(days, 365)] * count, st.integers(0, 120), st.integers(1, 24)),
    st.integers(1, 36).map(lambda count: [Fraction(1, 12)] * count),
)


def rounding_of(rule: Rule) -> lc.Rounding:
    return lc.Rounding(rule.step, rule.mode)


@pytest.mark.parametrize("residue", RESIDUES)
@pytest.mark.parametrize("method", METHODS)
@given(
    minor=st.integers(1, 3_000_000), rate=yearly, periods=shares, whole=rules, interest=st.none() | rules,
    installment=st.none() | rules,
)  # fmt: skip
def test_a_plan_is_what_a_plain_loop_in_fractions_gives(
    method: str,
    residue: str,
    minor: int,
    rate: Fraction,
    periods: list[Fraction],
    whole: Rule,
    interest: Rule | None,
    installment: Rule | None,
) -> None:
    terms = Terms(minor, [rate * share for share in periods], interest or whole, installment or whole, residue)
    assert_same(
        lambda: plans(method, terms),
        lambda: lc.amortize(Decimal(minor), rate=rate, periods=periods, method=method, **same_rounding(terms)),
    )


def same_rounding(terms: Terms) -> dict[str, Any]:
    """The roundings of the loop, as the library takes them; amounts are whole units."""
    interest, installment = rounding_of(terms.interest), rounding_of(terms.installment)
    rounding = lc.Rounding(residue=terms.residue, interest=interest, installment=installment)
    return {"rounding": rounding, "currency": "JPY"}


def assert_same(loop: Callable[[], list[list[Row]]], ours: Callable[[], lc.Schedule]) -> None:
    """The library gives one of the plans of the loop, or refuses what it refuses."""
    try:
        expected = loop()
    except NotCovered:
        with pytest.raises(NoSolution):
            ours()
        return
    plan = ours()
    plan.check()
    assert [(int(row.principal), int(row.interest)) for row in plan] in expected


# Payments in proportions


@st.composite
def shaped(draw: st.DrawFn, count: int, lent: int) -> tuple[Any, Shape]:
    """A method whose payments follow from one unknown, and the same said in weights and amounts."""
    kind = draw(st.sampled_from(["balloon", "ratio", "amount", "seasonal"]))
    if kind == "balloon":
        left = draw(st.integers(0, lent))
        return lc.Balloon(left), Shape([Fraction(1)] * count, [0] * (count - 1) + [left])
    if kind == "seasonal":
        weights = draw(st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any))
        used = [Fraction(weights[number % len(weights)], 10) or None for number in range(count)]
        return lc.Seasonal([Decimal(weight) / 10 for weight in weights]), Shape(used, [0] * count)
    every, steps, first = draw(st.integers(1, 4)), draw(st.none() | st.integers(1, 6)), draw(st.booleans())
    taken = [number // every if steps is None else min(number // every, steps) for number in range(count)]
    if kind == "ratio":
        ratio = Fraction(draw(st.integers(-30, 60)), 1000)
        method = lc.Graduated(ratio, every=every, steps=steps, first_rounded=first)
        return method, Shape([(1 + ratio) ** step for step in taken], [0] * count, first)
    amount = draw(st.integers(-lent // 100, lent // 100))
    method = lc.Graduated(amount=amount, every=every, steps=steps, first_rounded=first)
    return method, Shape([Fraction(1)] * count, [amount * step for step in taken], first)


@pytest.mark.parametrize("residue", RESIDUES)
@given(
    minor=st.integers(1, 3_000_000), rate=yearly, periods=shares, interest=rules, installment=rules, data=st.data()
)  # fmt: skip
def test_payments_in_proportions_are_what_the_loop_gives(
    residue: str,
    minor: int,
    rate: Fraction,
    periods: list[Fraction],
    interest: Rule,
    installment: Rule,
    data: st.DataObject,
) -> None:
    method, shape = data.draw(shaped(len(periods), minor))
    terms = Terms(minor, [rate * share for share in periods], interest, installment, residue)
    if not any(shape.weights):  # nothing is left to solve
        with pytest.raises(NoSolution):
            lc.amortize(minor, rate=rate, periods=periods, method=method, **same_rounding(terms))
        return
    assert_same(
        lambda: in_proportion(terms, shape),
        lambda: lc.amortize(minor, rate=rate, periods=periods, method=method, **same_rounding(terms)),
    )


# Payments that are stated, or solved over another term


def paid_as_asked(terms: Terms, payments: list[int | None]) -> list[list[Row]]:
    refuse_negative(payments)
    return [repaid_by(terms, payments)]


@pytest.mark.parametrize("kind", ["skipped", "longer", "extra", "accelerated", "in advance"])
@given(
    minor=st.integers(100, 3_000_000), rate=yearly, count=st.integers(2, 30), interest=rules, installment=rules,
    residue=st.sampled_from(RESIDUES), more=st.integers(0, 40), data=st.data(),
)  # fmt: skip
def test_payments_that_are_stated_or_solved_over_another_term(
    kind: str,
    minor: int,
    rate: Fraction,
    count: int,
    interest: Rule,
    installment: Rule,
    residue: str,
    more: int,
    data: st.DataObject,
) -> None:
    """Skipped months are payments of nothing, which need an interest of nothing."""
    every, share = ("2 weeks", Fraction(1, 26)) if kind == "accelerated" else ("1 month", Fraction(1, 12))
    count = 13 * (1 + count // 8) if kind == "accelerated" else count
    rate = Fraction(0) if kind == "skipped" else rate
    terms = Terms(minor, [rate * share] * count, interest, installment, residue)
    monthly = [rate / 12] * (count + more)
    asked: list[int | None]
    method: Any
    if kind == "skipped":
        asked = [*data.draw(st.lists(st.integers(0, minor // count), min_size=count - 1, max_size=count - 1)), None]
        method = lc.GivenPayments(asked[:-1])
    elif kind == "longer":
        longer = terms._replace(factors=monthly)
        asked = [installment(solved(longer, level(count + more)))] * (count - 1)
        asked, method = [*asked, None], lc.Balloon(term=count + more)
    elif kind == "extra":
        asked = [installment(solved(terms, level(count))) + more] * count
        method = lc.ExtraPayment(more)
    elif kind == "accelerated":
        months = terms._replace(factors=[rate / 12] * (count * 6 // 13))
        asked = [installment(solved(months, level(len(months.factors))) / 2)] * count
        method = "accelerated"
    else:
        terms = terms._replace(factors=[Fraction(0), *terms.factors[:-1]])
        method = "annuity_in_advance"
    plain = kind != "in advance"
    assert_same(
        lambda: paid_as_asked(terms, asked) if plain else in_proportion(terms, level(count)),
        lambda: lc.amortize(
            minor, rate=lc.Rate(rate), every=every, periods=count, method=method, **same_rounding(terms)
        ),
    )


@given(
    minor=st.integers(1_000, 3_000_000), rate=yearly, count=st.integers(2, 40), payment=st.integers(1, 120),
    limit=st.integers(100, 140), interest=rules, installment=rules,
)  # fmt: skip
def test_a_balance_that_unpaid_interest_makes_stops_at_its_limit(
    minor: int, rate: Fraction, count: int, payment: int, limit: int, interest: Rule, installment: Rule
) -> None:
    """The payment stays while the balance stays within the limit; from the row that would pass it the rest is solved."""
    terms = Terms(minor, [rate / 12] * count, interest, installment, "last")
    stated, most = max(1, minor * payment // 1200), minor * limit // 100

    def loop() -> list[list[Row]]:
        try:
            return [repaid_by(terms, [stated] * count, most)]
        except NotCovered as stop:
            rows, owed = stop.args
            rest = terms._replace(lent=owed, factors=terms.factors[len(rows) :])
            return [[*rows, *repaid] for repaid in in_proportion(rest, level(count - len(rows)))]

    assert_same(
        loop,
        lambda: lc.amortize(
            minor, rate=lc.Rate(rate), every="1 month", periods=count, payment=stated,
            negative_amortization=f"{limit}%", **same_rounding(terms),
        ),
    )  # fmt: skip


@given(
    weights=st.lists(st.integers(0, 9), min_size=1, max_size=5).filter(any), times=st.integers(1, 200),
    residue=st.sampled_from(RESIDUES), rate=yearly, count=st.integers(2, 30), minor=st.integers(1_000, 3_000_000),
)  # fmt: skip
def test_proportions_have_no_scale(
    weights: list[int], times: int, residue: str, rate: Fraction, count: int, minor: int
) -> None:
    plans = list[Any]()
    for scale in (Fraction(1), Fraction(times, 20)):
        method = lc.Seasonal([weight * scale for weight in weights])
        try:
            plan = lc.amortize(
                minor,
                rate=lc.Rate(rate),
                every="1 month",
                periods=count,
                method=method,
                rounding=lc.Rounding(residue=residue),
            )
        except NoSolution:
            plans.append(None)
        else:
            plans.append([row.total for row in plan])
    assert plans[0] == plans[1]
