"""Terms that meet, all that can at a time, beside a plain loop in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from charges_loop import Charged
from combined_loop import days_of, plans_of
from contract_terms import FIXED, Contract, Out
from dated_loop import Time
from drawn_terms import charges, fees_for_repaying_early, in_units, later, roundings, shares, ways
from drawn_times import Rates, dates, rates, some
from fund_loop import fund_of
from loancalc.errors import InvalidTerms, NoSolution
from plan_loop import NotCovered, Row, Rule, Terms
from test_dated_loop import a_few, nightly, rate_of, yearly

WAITED = ("spread", "paid", "capitalized", "carried", "last", "forgiven")
SOLVED = (
    "annuity", "annuity_in_advance", "balloon", "graduated", "seasonal", "longer", "extra_payment", "accelerated", "digits",
)  # fmt: skip
METHODS = (*SOLVED, *FIXED)


@dataclass(frozen=True)
class Case:
    """A contract in units of which a minor unit holds so many, its charges, how it is shown, and the same as terms of a loan."""

    agreed: Contract
    charged: Charged
    fee: Rule
    units: int
    shown: Rule | None
    terms: dict[str, Any]


@st.composite
def cases(draw: st.DrawFn, method: str) -> Case:
    """A loan of a method with everything that it can have."""
    days = draw(dates(method))
    dated = draw(rates(method, days))
    count, terms = days.count, dict(days.terms)
    time = days.time._replace(rates=dated.steps)
    if not time.rates[0][1].per_night:
        terms["day_count"] = time.day_count
    rules, asked = draw(roundings()), draw(st.integers(5_000, 5_000_000))
    terms |= {"principal": asked, "currency": "JPY", "rounding": rules.rounding, "level": method == "level_flat"}
    kinds_of_terms = draw(
        st.sets(st.sampled_from(["outs", "down", "waits", "cap", "limit", "fees", "taxes"]), max_size=5)
    )
    outs, tranches = [], []
    if "outs" in kinds_of_terms and method not in ("rule_of_78", "lump_sum"):
        outs, tranches = draw(later(time, count, asked, rules))
    if method == "annuity_in_advance":
        outs, tranches = [out._replace(back=0) for out in outs], [lc.Tranche(out.on, out.amount) for out in outs]
    charged, fees, taxes = draw(charges(time, count, asked, rules, kinds_of_terms, outs))
    lent = asked + charged.financed
    back = 0
    if "down" in kinds_of_terms and method != "annuity_in_advance":
        share = draw(shares)
        if 0 < (back := rules.down(lent * share)) < lent:
            terms["down_payment"] = share
        else:
            back = 0
    waits, waited = 0, "paid"
    if "waits" in kinds_of_terms and count > 2 and method != "lump_sum":
        waits, waited = draw(st.integers(1, count - 2)), draw(st.sampled_from(WAITED))
        terms["moratorium"] = lc.Moratorium(waits, waited)
    way, terms["method"] = draw(ways(method, lent - back, count, waits))
    if method == "sinking_fund":
        earned = draw(nightly if time.rates[0][1].per_night else yearly)
        way, terms["method"] = way._replace(fund=earned), lc.SinkingFund(rate_of(earned))
    stated, nominal = None, False
    if method in ("annuity", "annuity_in_advance"):
        if draw(some):
            stated = draw(st.integers(max(1, lent // (2 * count)), 3 * lent // count))
            terms["payment"] = stated
        elif time.share and not time.rates[0][1].per_night and draw(some):
            nominal, terms["payment"] = True, "nominal"
    keeps = draw(kept(method, time, nominal=nominal, goes_on=days.goes_on, at_once=dated.index is not None))
    cap = limit = None
    if (
        keeps
        and "cap" in kinds_of_terms
        and method in ("annuity", "annuity_in_advance", "balloon", "longer", "extra_payment")
    ):
        cap = Fraction(draw(st.integers(0, 20)), 100)
    if "limit" in kinds_of_terms:
        limit = Fraction(draw(st.integers(100, 130)), 100)
        terms["negative_amortization"] = limit
    keep: Any = next(iter(keeps.values())) if len(set(keeps.values())) == 1 else keeps or None
    terms |= {"rate": told(dated, keep, cap), "tranches": tranches, "fees": fees, "taxes": taxes}
    if draw(st.booleans()) and may_be_daily(method, terms, waited, limit):
        terms["accrual"] = "daily"
    units = rules.units
    agreed = Contract(
        Terms(lent * units, [], rules.interest, rules.installment, rules.rounding.residue),
        in_units(way, units), time, count, keeps, None if stated is None else stated * units, nominal,
        [Out(out.on, out.amount * units, out.back * units) for out in outs], back * units, waits, waited, cap, limit,
    )  # fmt: skip
    return Case(agreed, charged, rules.fee, units, rules.shown, terms)


def told(dated: Rates, keep: Any, cap: Fraction | None) -> Any:
    """The rates as a loan is told them."""
    (_, first), *changes = dated.steps
    if dated.index is not None:
        return lc.IndexedRate(**dated.index, keep=keep or "term", payment_cap=cap)
    path = lc.RatePath(rate_of(first), {day: rate_of(rate) for day, rate in changes}, keep=keep, payment_cap=cap)
    return path if changes else rate_of(first)


def may_be_daily(method: str, terms: dict[str, Any], waited: str, limit: Fraction | None) -> bool:
    """Whether every night may bear interest on what is outstanding: with the same plan, where it is paid on its days."""
    periods = terms.get("periods")
    return (
        method not in ("flat", "level_flat", "rule_of_78")
        and terms["rounding"].residue not in ("last-interest", "visible")
        and waited in ("paid", "capitalized", "carried")
        and limit is None
        and terms.get("interest_moves") is not False
        and (periods is None or periods.due == periods.bounds[1:])
        and not any(tranche.down_payment for tranche in terms["tranches"])
    )


@st.composite
def kept(draw: st.DrawFn, method: str, time: Time, *, nominal: bool, goes_on: bool, at_once: bool) -> dict[date, str]:
    """What the change of each day keeps; all the same if they follow an index. A payment stays only where rows can go on."""
    days = [day for day, _ in time.rates[1:]]
    if method in FIXED or not days:
        return {}
    of_all = ["term"] if nominal or method == "accelerated" else ["term", "term", "level"]
    if method == "annuity" and goes_on:
        if draw(st.booleans()) and not at_once:
            return {day: "payment" if draw(st.booleans()) else "term" for day in days}
        of_all = [*of_all, "payment"]
    return dict.fromkeys(days, draw(st.sampled_from(of_all)))


class Figures(NamedTuple):
    """All that a plan says: its rows with fee, tax and day, and what is settled at each pay-out."""

    rows: list[tuple[date, Fraction, Fraction, Fraction, Fraction]]
    pay_outs: list[dict[str, Fraction]]


def expected_of(case: Case, rows: list[Row]) -> Figures:
    units, charged = case.units, case.charged
    dues, ends, downs = days_of(case.agreed, rows)
    beside = charged.of_rows(rows, dues, ends, downs, case.fee, units)
    figures = [
        (due, *(Fraction(case.shown(amount) if case.shown else amount, units) for amount in (*row, *more)))
        for due, row, more in zip(dues, rows, beside, strict=True)
    ]
    pay_outs = []
    for number, (day, amount) in enumerate([(charged.start, charged.asked), *charged.outs]):
        lines = charged.at_pay_out(day, amount, first=not number)
        lines += [
            (charged.by_days(levy, rows, dues, units), levy.settled)
            for levy in charged.levies
            if levy.by_days and not number
        ]
        pay_outs.append(
            {
                how: Fraction(sum(line for line, settled in lines if settled == how))
                for how in ("paid", "deducted", "financed")
            }
        )
    return Figures(figures, pay_outs)


def figures_of(loan: lc.Loan) -> Figures:
    plan = loan.schedule()
    plan.check()
    for row in plan:
        assert_explained(row, plan)
    rows = [
        (row.due, *map(Fraction, (row.principal, row.interest, row.fee, row.tax)))
        for row in plan
        if row.due is not None
    ]
    hows = ("paid", "deducted", "financed")
    return Figures(rows, [{how: Fraction(getattr(out, how)) for how in hows} for out in loan.disbursements])


def assert_explained(row: lc.Installment, plan: lc.Schedule) -> None:
    """What explains a row ends in its figures: interest and principal, then each charge."""
    text = row.explain()
    interest, principal, *charges = text.split("; ")
    assert interest.endswith(f" {row.interest}"), text
    assert principal.endswith(f" {row.principal}"), text
    assert plan.basis.rounding.displayed or charged_in(charges) == Fraction(row.fee) + Fraction(row.tax), text


def charged_in(lines: Sequence[str]) -> Fraction:
    return sum((Fraction(line.rpartition(" ")[2]) for line in lines), Fraction(0))


def assert_as_expected(case: Case) -> None:
    try:
        plans = plans_of(case.agreed)
        expected = [expected_of(case, rows) for rows in plans]
    except NotCovered:
        with pytest.raises((NoSolution, InvalidTerms)):
            lc.Loan(**case.terms).schedule()
        return
    last = max(figures.rows[-1][0] for figures in expected)
    if any(isinstance(fee.when, date) and fee.when > last for fee in case.charged.fees):
        with pytest.raises(InvalidTerms, match=r"fees\.on"):
            lc.Loan(**case.terms)
        return
    loan = lc.Loan(**case.terms)
    assert figures_of(loan) in expected
    if case.agreed.way.fund is not None and case.agreed.terms.residue in ("last", "visible"):
        assert deposits_of(loan) == expected_deposits(case, plans[0][-1][0])


def expected_deposits(case: Case, repaid_at_the_end: int) -> list[tuple[Fraction, ...]]:
    rows = fund_of(case.agreed, repaid_at_the_end)
    return [tuple(Fraction(case.shown(amount) if case.shown else amount, case.units) for amount in row) for row in rows]


def deposits_of(loan: lc.Loan) -> list[tuple[Fraction, ...]]:
    assert loan.fund is not None
    return [(Fraction(row.interest), Fraction(row.deposit), Fraction(row.balance)) for row in loan.fund]


@pytest.mark.parametrize("method", METHODS)
@a_few
@given(data=st.data())
def test_terms_that_meet(method: str, data: st.DataObject) -> None:
    assert_as_expected(data.draw(cases(method)))


@pytest.mark.parametrize("method", ["annuity", "equal_principal", "flat", "balloon", "graduated", "interest_only"])
@a_few
@given(data=st.data())
def test_what_repaying_all_of_it_costs_more(method: str, data: st.DataObject) -> None:
    """A payoff with fees for it is one without them, and each fee of the principal that the rows so far leave."""
    case = data.draw(cases(method))
    charges, fees = data.draw(fees_for_repaying_early())
    terms = case.terms | {"fees": [], "taxes": [], "tranches": []}
    try:
        rows = list(lc.Loan(**terms).schedule())
    except (NoSolution, InvalidTerms):
        return
    paid = rows[: data.draw(st.integers(0, len(rows) - 1))]
    if any(row.total <= 0 for row in paid) or terms["rounding"].unit_places:
        return
    payments = [lc.Payment(row.due, row.total) for row in paid if row.due]
    after, until = paid[-1].due if paid else rows[0].start, rows[len(paid)].due
    assert after is not None
    assert until is not None
    if until <= after:  # a down payment, of which nothing is early
        return
    day = after + timedelta(data.draw(st.integers(0, (until - after).days - 1)))
    left = int((paid[-1] if paid else rows[0]).balance) + (0 if paid else int(rows[0].principal))
    plain, charged = (lc.Account(lc.Loan(**terms | {"fees": more}), payments).payoff(day) for more in ([], fees))
    assert charged - plain == sum(charge.on(left, case.charged.rule) for charge in charges)
