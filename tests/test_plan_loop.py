"""Every method, mode, step, residue and rounding of its own, beside a plain loop in fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from footing import MODES, RESIDUES
from loancalc.errors import NoSolution
from loancalc.testing import METHODS
from plan_loop import NotCovered, Rule, Terms, plans

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
    own = {name: rounding_of(rule) for name, rule in (("interest", interest), ("installment", installment)) if rule}
    rounding = lc.Rounding(whole.step, whole.mode, residue, **own)
    terms = Terms(minor, [rate * share for share in periods], interest or whole, installment or whole, residue)

    def ours() -> lc.Schedule:
        return lc.amortize(Decimal(minor), rate=rate, periods=periods, method=method, rounding=rounding, currency="JPY")

    try:
        expected = plans(method, terms)
    except NotCovered:
        with pytest.raises(NoSolution):
            ours()
        return
    rows = [(int(row.principal), int(row.interest)) for row in ours()]
    assert rows in expected
