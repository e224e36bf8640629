"""Terms that meet, two and more at a time, beside a plain loop in fractions."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from combined_loop import Agreed, Out, Walk
from dated_loop import Time
from loancalc.errors import NoSolution
from plan_loop import NotCovered, Rule, Shape, Terms, level
from test_dated_loop import a_few, loan_of, rows_of, times
from test_plan_loop import rounding_of, rules

WAITED = ("spread", "paid", "capitalized", "carried", "last", "forgiven")
shares = st.integers(1, 60).map(lambda share: Fraction(share, 100))


@st.composite
def agreements(draw: st.DrawFn, time: Time, lent: int, installment: Rule) -> tuple[Agreed, dict[str, Any]]:
    """What is agreed beside the method, and the same as terms of a loan."""
    count, start = len(time.bounds) - 1, time.bounds[0]
    nights = (time.bounds[-1] - start).days
    kinds = draw(st.sets(st.sampled_from(["outs", "down", "waits", "cap", "limit"]), max_size=4))
    agreed, terms = Agreed(), dict[str, Any]()
    if "outs" in kinds:
        outs, tranches = list[Out](), list[lc.Tranche]()
        for night in draw(st.lists(st.integers(1, nights - 1), min_size=1, max_size=3).map(sorted)):
            amount, share = draw(st.integers(1, lent)), draw(st.none() | shares)
            back = installment(amount * share) if share else 0
            if not 0 < back < amount:
                share, back = None, 0
            on = start + timedelta(night)
            outs.append(Out(on, amount, back))
            tranches.append(lc.Tranche(on, amount, down_payment=share))
        agreed, terms = agreed._replace(outs=outs), terms | {"tranches": tranches}
    if "down" in kinds:
        share = draw(shares)
        if 0 < (back := installment(lent * share)) < lent:
            agreed, terms = agreed._replace(back_at_start=back), terms | {"down_payment": share}
    if "waits" in kinds and count > 1:
        one_plan = (
            len(time.rates) == 1 and not agreed.outs
        )  # else a share of what is spread may have been asked for before the end moved
        waits, waited = draw(st.integers(1, count - 1)), draw(st.sampled_from(WAITED if one_plan else WAITED[1:]))
        agreed = agreed._replace(waits=waits, waited=waited)
        terms |= {"moratorium": lc.Moratorium(waits, waited)}
    if "limit" in kinds:
        limit = draw(st.integers(100, 130))
        agreed = agreed._replace(limit=(lent - agreed.back_at_start) * limit // 100)
        terms |= {"negative_amortization": f"{limit}%"}
    if "cap" in kinds:
        agreed = agreed._replace(cap=Fraction(draw(st.integers(0, 20)), 100))
    return agreed, terms


METHODS = ("annuity", "balloon", "graduated", "seasonal", "equal_principal", "interest_only")


@pytest.mark.parametrize("method", METHODS)
@a_few
@given(time=times(), lent=st.integers(1_000, 5_000_000), interest=rules, installment=rules, data=st.data())
def test_terms_that_meet(
    method: str, time: Time, lent: int, interest: Rule, installment: Rule, data: st.DataObject
) -> None:
    count = len(time.bounds) - 1
    agreed, more = data.draw(agreements(time, lent, installment))
    shape: Shape | None
    shape, name = {
        "annuity": (level(count), "annuity"),
        "balloon": (Shape([Fraction(1)] * count, [0] * (count - 1) + [lent // 9]), lc.Balloon(lent // 9)),
        "graduated": (Shape([Fraction(51, 50) ** row for row in range(count)], [0] * count), lc.Graduated("2%")),
        "seasonal": (Shape([Fraction(row % 3) or None for row in range(1, 1 + count)], [0] * count), lc.Seasonal([1, 2, 0])),
    }.get(method, (None, method))  # fmt: skip
    if agreed.cap is not None and method not in ("annuity", "balloon"):
        agreed = agreed._replace(cap=None)
    terms = Terms(lent, [], interest, installment, "last")
    rounding = lc.Rounding(interest=rounding_of(interest), installment=rounding_of(installment))

    def ours() -> lc.Schedule:
        return loan_of(time, lent, "term", agreed.cap, method=name, rounding=rounding, **more).schedule()

    try:
        expected = Walk(terms, method, shape, time, agreed).rows()
    except NotCovered:
        with pytest.raises(NoSolution):
            ours()
        return
    assert rows_of(ours()) == expected
