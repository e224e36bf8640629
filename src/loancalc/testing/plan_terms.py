"""Strategies for what a plan may have beside its method: a moratorium, later pay-outs, a down payment, a rate that changes,
negative amortization, and methods that are values with parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from loancalc.plan.method_values import Balloon, Graduated, Seasonal
from loancalc.plan.methods import MethodLike
from loancalc.plan.stated_methods import GivenPrincipal, RuleOf78
from loancalc.plan.tranches import Tranche
from loancalc.plan.waiting import Moratorium
from loancalc.time.rate_path import RatePath
from loancalc.values.money import currency_digits, to_decimal
from loancalc.values.rates import Rate

Terms = dict[str, Any]


@st.composite
def plan_terms(draw: st.DrawFn, terms: Terms, principal: int, rate: Rate, start: date) -> tuple[Terms, Rate | RatePath]:
    """The terms of a loan with some of what its plan may have beside, and its rate, which may change.

    Args:
        terms: What was drawn so far.
        principal: In units of the currency.
        rate: The rate from the start.
        start: The first day that bears interest.
    """
    more, count, daily = dict(terms), terms["installments"], terms["accrual"] == "daily"
    if terms["method"] == "lump_sum" or count < 3:
        return more, rate
    more["method"] = draw(st.just(terms["method"]) | st.just(terms["method"]) | _method_values(terms, principal))
    chosen = set(draw(st.sampled_from(_CHOICES)))
    if more["method"] == "flat" or not isinstance(more["method"], str):
        chosen -= {"rate path", "tranches", "negative amortization"}
    if isinstance(more["method"], GivenPrincipal):
        chosen -= {"down payment"}
    for part in sorted(chosen - ({"negative amortization"} if daily else set())):
        more |= draw(_PARTS[part](more, principal, daily, start))
    changes = more.pop("changes", None)
    if changes is None:
        return more, rate
    other = Rate(rate.value * changes[1], rate.per)
    return more, RatePath(rate, {changes[0]: other}, keep="term")


def _method_values(terms: Terms, principal: int) -> st.SearchStrategy[MethodLike]:
    count, digits = terms["installments"], currency_digits(terms["currency"])
    lent = principal * 10**digits

    def parts(shares: list[int]) -> GivenPrincipal:
        return GivenPrincipal([to_decimal(lent * share // (sum(shares) or 1) // count, digits) for share in shares])

    values: list[st.SearchStrategy[MethodLike]] = [
        st.integers(0, 90).map(lambda share: Balloon(Decimal(principal * share // 100))),
        st.builds(
            Graduated, st.integers(-5, 5).map(lambda points: Fraction(points, 1000)), every=st.sampled_from([1, 3])
        ),
        st.lists(st.integers(1, 3), min_size=2, max_size=6).map(Seasonal),
        st.lists(st.integers(0, 9), min_size=count - 1, max_size=count - 1).map(parts),
    ]
    return st.one_of(values if terms["accrual"] == "daily" else [*values, st.just(RuleOf78())])


def _moratorium(terms: Terms, principal: int, daily: bool, start: date) -> st.SearchStrategy[Terms]:
    if isinstance(terms["method"], GivenPrincipal):
        return st.just({})
    kinds = ["paid", "capitalized", "carried", *([] if daily else ["spread", "last", "forgiven"])]
    made = st.builds(Moratorium, st.integers(1, max(1, terms["installments"] // 3)), st.sampled_from(kinds))
    return made.map(lambda value: {"moratorium": value})


def _tranches(terms: Terms, principal: int, daily: bool, start: date) -> st.SearchStrategy[Terms]:
    """One or two pay-outs inside the first two periods of ten days or more."""
    made = st.builds(
        Tranche, st.integers(1, 11).map(lambda days: start + timedelta(days)), st.integers(1, max(1, principal))
    )
    return st.lists(made, min_size=1, max_size=2).map(lambda found: {"tranches": found})


def _down_payment(terms: Terms, principal: int, daily: bool, start: date) -> st.SearchStrategy[Terms]:
    return st.integers(1, 60).map(lambda share: {"down_payment": Fraction(share, 100)})


def _rate_path(terms: Terms, principal: int, daily: bool, start: date) -> st.SearchStrategy[Terms]:
    """Another rate from a day on, up to half as much again."""
    days = st.integers(1, 200).map(lambda days: start + timedelta(days))
    factors = st.integers(0, 15).map(lambda tenths: Fraction(tenths, 10))
    return st.tuples(days, factors).map(lambda change: {"changes": change})


def _first_period(terms: Terms, principal: int, daily: bool, start: date) -> st.SearchStrategy[Terms]:
    """A first due date of its own, and who asks for the interest of the days by which the first period differs."""
    days = st.integers(1, 75).map(lambda days: start + timedelta(days))
    ways = st.sampled_from(["level", "interest-added", "interest-apart"])
    return st.tuples(days, ways).map(
        lambda found: {"first_due": found[0], "first_period": found[1], "month_end": False}
    )


def _negative_amortization(terms: Terms, principal: int, daily: bool, start: date) -> st.SearchStrategy[Terms]:
    """A stated payment that may be less than the interest, and how far the balance may grow."""
    if terms["method"] != "annuity":
        return st.just({})
    payments = st.integers(1, 100).map(lambda share: Decimal(max(1, principal * share // 100)))
    return payments.map(lambda payment: {"payment": payment, "negative_amortization": "125%"})


_PARTS: dict[str, Callable[[Terms, int, bool, date], st.SearchStrategy[Terms]]] = {
    "down payment": _down_payment,
    "first period": _first_period,
    "moratorium": _moratorium,
    "negative amortization": _negative_amortization,
    "rate path": _rate_path,
    "tranches": _tranches,
}
_CHOICES = [chosen for count in range(3) for chosen in combinations(_PARTS, count)]
