"""Strategies for what a contract says of lateness: the usual terms, and every kind of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from loancalc.plan.charge_caps import ACCRUED_LATE, CUT_ORDER, Cap
from loancalc.plan.late_interest import LateInterest
from loancalc.plan.late_terms import Grace, LateTerms, Tolerance
from loancalc.plan.penalties import Penalty
from loancalc.values.base_rates import BaseRate
from loancalc.values.rates import Rate

BY_DAYS = ("ACT/360", "ACT/365F", "30E/360", "ACT/ACT ISDA")
LONGEST_GRACE = 9  # less than a period, as daily loans need where it is deferred

_KINDS_OF_GRACE = ("free", "deferred", "status-only")
_OF_PENALTIES = ("principal", "interest", "installment", "outstanding-principal")
_BASES = st.sampled_from(["outstanding-principal", "past-due-principal"])
_HOUSE_RATE = BaseRate("house rate", {f"{year}-07-01": f"{2 + year % 3}%" for year in range(1999, 2100)})


@st.composite
def late_terms(
    draw: st.DrawFn, rate: Rate | None = None, *, every_kind: bool = False, paid_ahead: bool = False
) -> LateTerms:
    """Late terms with any of late interest, penalties, grace and caps.

    Args:
        rate: The contract rate over which they have to make sense; any, if None.
        every_kind: Whether there may also be late interest over a base rate, on other bases, of every kind of compounding,
            with a start and an end; penalties that recur, in tiers and without pyramiding; several caps, on fees and
            interest too; grace in business days; a tolerance.
        paid_ahead: Whether money may pay fees and interest before they are due, which no cap may cover then.
    """
    interest = _late_interest(rate) if not every_kind else _late_interest(rate) | _any_late_interest(rate)
    penalties = _penalties() if not every_kind else _penalties() | _any_penalties()
    graces = st.builds(Grace, st.integers(0, LONGEST_GRACE), st.sampled_from(_KINDS_OF_GRACE))
    if every_kind:
        graces |= st.builds(
            Grace, st.integers(0, 3), st.sampled_from(_KINDS_OF_GRACE), calendar=st.sampled_from(["WEEKENDS", "TARGET"])
        )
    return LateTerms(
        interest=draw(st.none() | interest),
        penalties=draw(st.lists(penalties, max_size=2)),
        grace=draw(st.none() | graces),
        caps=draw(st.lists(caps(every_kind=every_kind and not paid_ahead), max_size=3 if every_kind else 1)),
        tolerance=draw(st.none() | st.none() | _tolerances()) if every_kind else None,
    )


# Late interest


@st.composite
def _late_interest(draw: st.DrawFn, rate: Rate | None) -> LateInterest:
    text, counted = draw(_late_rates(rate))
    base, compound = draw(
        st.sampled_from([("principal", "none"), ("principal", "interest"), ("principal+interest", "none")])
    )
    return LateInterest(text, base=base, day_count=counted, compound=compound)


def _late_rates(rate: Rate | None) -> st.SearchStrategy[tuple[str, str | None]]:
    """Late rates that make sense beside a contract rate, above and below it, each with a day count where it takes one."""
    by_days = st.sampled_from(BY_DAYS)
    counted: list[str] = ["18%", "2%", "2%/month"]
    plain: list[str] = ["0.05%/day", "0.01%/day"]
    if rate is not None:
        (plain if rate.per == "day" else counted).extend(["1.5x", "0.5x"])
        counted += [] if rate.per == "day" else ["+6pp"]
    return st.tuples(st.sampled_from(counted), by_days) | st.tuples(st.sampled_from(plain), st.none())


@st.composite
def _any_late_interest(draw: st.DrawFn, rate: Rate | None) -> LateInterest:
    terms: dict[str, Any] = {"rounded": draw(st.sampled_from(["line", "line", "night"]))}
    text, counted = draw(_late_rates(rate))
    if draw(st.booleans()):
        text, counted, terms["over"] = (
            draw(st.sampled_from(["+5pp", "4x"])),
            draw(st.sampled_from(BY_DAYS)),
            _HOUSE_RATE,
        )
    base, compound = draw(
        st.sampled_from(
            [
                ("principal", "interest-and-late-interest"),
                ("principal", "capitalize"),
                ("principal", "interest"),
                ("principal+interest", "none"),
                ("installment", "none"),
                ("outstanding-principal", "none"),
            ]
        )
    )
    if compound == "capitalize":
        terms["capitalizes"] = draw(st.sampled_from(["1 month", "10 days"]))
    if compound == "interest-and-late-interest":
        terms["rounded"] = "line"
    terms["starts"] = draw(st.integers(0, 5))
    terms["stops"] = draw(
        st.none()
        | st.integers(10, 60)
        | st.dates(date(2000, 1, 1), date(2061, 1, 1))
        | st.sampled_from(["cap", "charge-off"])
    )
    return LateInterest(text, base=base, day_count=counted, compound=compound, **terms)


# Penalties


@st.composite
def _penalties(draw: st.DrawFn) -> Penalty:
    if draw(st.booleans()):
        return Penalty(draw(st.integers(0, 50)))
    least, most = draw(st.none() | st.integers(0, 5)), draw(st.none() | st.integers(5, 50))
    return Penalty(percent=_percent(draw), of=draw(st.sampled_from(_OF_PENALTIES)), min=least, max=most)


def _percent(draw: st.DrawFn) -> Fraction:
    return Fraction(draw(st.integers(0, 10)), 100)


@st.composite
def _any_penalties(draw: st.DrawFn) -> Penalty:
    first = draw(st.integers(1, 10))
    counts = st.none() | st.integers(1, 4)
    terms: dict[str, Any] = {
        "from_day": first,
        "to_day": draw(st.none() | st.integers(first, first + 40)),
        "every": draw(st.sampled_from([None, "1 day", "10 days", "1 month"])),
        "times": draw(counts),
        "times_in_all": draw(counts),
        "pyramiding": draw(st.booleans()),
        "max": draw(st.sampled_from([None, "installment"])),
    }
    if draw(st.booleans()):
        return Penalty(percent=_percent(draw), of=draw(st.sampled_from(_OF_PENALTIES)), **terms)
    if draw(st.booleans()):
        terms |= {"repeat": draw(st.integers(0, 50)), "within": draw(st.integers(1, 6))}
    return Penalty(draw(st.integers(0, 50)), **terms)


# Caps and tolerance


@st.composite
def caps(draw: st.DrawFn, *, every_kind: bool = False) -> Cap:
    """A limit on charges, by a rate, a share of what was lent, or an amount.

    Args:
        every_kind: Whether it may cover fees and contract interest too.
    """
    covers = draw(st.lists(st.sampled_from(CUT_ORDER if every_kind else ACCRUED_LATE), min_size=1, unique=True))
    recover = draw(st.booleans())
    kind = draw(st.sampled_from(["rate", "share", "amount"]))
    if kind == "share":
        return Cap(share=Fraction(draw(st.integers(0, 30)), 100), covers=covers, recover=recover)
    if kind == "amount":
        return Cap(amount=draw(st.integers(0, 100)), covers=covers, recover=recover)
    rate = Fraction(draw(st.integers(0, 24)), 100)
    return Cap(rate=rate, covers=covers, base=draw(_BASES), day_count=draw(st.sampled_from(BY_DAYS)), recover=recover)


def _tolerances() -> st.SearchStrategy[Tolerance]:
    shares = st.integers(0, 100).map(lambda points: Tolerance(share=Fraction(points, 10_000)))
    return st.integers(0, 20).map(Tolerance) | shares
