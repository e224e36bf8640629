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
from charges_loop import Charge, Charged, Levy
from combined_loop import days_of, plans_of
from contract_terms import FIXED, Contract, Out, Way
from dated_loop import MORE_DAY_COUNTS, Time, months_later
from footing import MODES, RESIDUES
from loancalc.errors import InvalidTerms, NoSolution
from plan_loop import NotCovered, Row, Rule, Terms
from test_dated_loop import a_few, kinds, nightly, rate_of, starts

WAITED = ("spread", "paid", "capitalized", "carried", "last", "forgiven")
SOLVED = ("annuity", "annuity_in_advance", "balloon", "graduated", "seasonal", "longer", "extra_payment", "accelerated")
METHODS = (*SOLVED, *FIXED)
shares = st.integers(1, 60).map(lambda share: Fraction(share, 100))
some = st.sampled_from([0, 0, 0, 1])


@dataclass(frozen=True)
class Case:
    """A contract in units of which a minor unit holds so many, its charges, and the same as terms of a loan."""

    agreed: Contract
    charged: Charged
    fee: Rule
    units: int
    terms: dict[str, Any]


class Rules(NamedTuple):
    """The rules of interest, installment and fee in units of the plan, of a fee and an installment in minor units, how many of
    those one has, and the same as a rounding.
    """

    interest: Rule
    installment: Rule
    fee: Rule
    paid: Rule
    down: Rule
    units: int
    rounding: lc.Rounding


@st.composite
def roundings(draw: st.DrawFn) -> Rules:
    finer, drawn = draw(st.sampled_from([0, 0, 0, 3])), list[tuple[str, int, int]]()
    for _ in range(3):
        drawn.append(
            (draw(st.sampled_from(MODES)), draw(st.sampled_from([1, 1, 1, 5, 100])), draw(st.integers(0, finer)))
        )
    most = max(places for _, _, places in drawn)
    interest, installment, fee = (Rule(mode, step * 10 ** (most - places)) for mode, step, places in drawn)
    paid, down = (Rule(mode, max(1, step // 10**places)) for mode, step, places in (drawn[2], drawn[1]))
    named = (lc.Rounding(step, mode, places=places) for mode, step, places in drawn)
    own = dict(zip(("interest", "installment", "fee"), named, strict=True))
    rounding = lc.Rounding(residue=draw(st.sampled_from(RESIDUES)), **own)
    return Rules(interest, installment, fee, paid, down, 10**most, rounding)


EVERY = {
    "1 month": Fraction(1, 12), "3 months": Fraction(1, 4), "1 year": Fraction(1), "2 weeks": Fraction(1, 26),
    "1 week": Fraction(1, 52), "4 weeks": Fraction(1, 13), "10 days": None,
}  # fmt: skip


def on_grid(anchor: date, every: str, number: int) -> date:
    """A day so many periods after another."""
    size, unit = every.split()
    if unit.startswith("month"):
        return months_later(anchor, int(size) * number)
    if unit == "year":
        return months_later(anchor, 12 * number)
    return anchor + timedelta(int(size) * number * (7 if unit.startswith("week") else 1))


def share_of_first(start: date, first_due: date, every: str, share: Fraction) -> Fraction:
    """A first period in the regular ones that hang from its end."""
    whole, number = Fraction(0), 0
    while (begin := on_grid(first_due, every, -number - 1)) >= start:
        whole, number = whole + share, number + 1
    end = on_grid(first_due, every, -number)
    return whole + share * (end - start).days / (end - begin).days


@st.composite
def times(draw: st.DrawFn, method: str) -> tuple[Time, int, dict[str, Any]]:
    """Dates and rates: so many rows, and what says so."""
    weeks = method == "accelerated"
    every = draw(st.sampled_from(["2 weeks", "1 week", "4 weeks"] if weeks else [*["1 month"] * 5, *EVERY]))
    count = 13 * draw(st.integers(1, 2)) if weeks else draw(st.integers(2, 18))
    count += weeks and draw(some)
    start, share = draw(starts), EVERY[every]
    allowed = [name for name in MORE_DAY_COUNTS if share or name != "periodic"]
    if "month" not in every:
        allowed = [name for name in allowed if name not in ("ACT/ACT ICMA", "ACT/365L")]
    kind = draw(kinds.filter(lambda kind: not weeks or kind is not nightly))
    terms: dict[str, Any] = {"start": start, "every": every, "installments": count}
    day_count = draw(st.sampled_from(allowed))
    first_due, first = start, None
    if (
        method not in ("accelerated", "annuity_in_advance")
        and day_count not in ("ACT/ACT ICMA", "ACT/365L")
        and draw(some)
    ):
        first_due = start + timedelta(draw(st.integers(1, 80)))
        first = share_of_first(start, first_due, every, share or Fraction(0))
        terms["first_due"] = first_due
    later = range(first_due == start, 12 * count + 40)
    bounds = [start, *(on_grid(first_due, every, number) for number in later)]
    if method == "annuity_in_advance":
        bounds = [start, *bounds]
    last = (bounds[count] - start).days
    days = draw(st.sets(st.integers(1, last - 1), max_size=3).map(sorted))
    rates = [(start, draw(kind)), *((start + timedelta(day), draw(kind)) for day in days)]
    if not rates[0][1].per_night:
        terms["day_count"] = day_count
    return Time(bounds, day_count, rates, share or Fraction(0), first), count, terms


@st.composite
def ways(draw: st.DrawFn, method: str, lent: int, count: int, waits: int) -> tuple[Way, Any]:
    """A method with what it states, and the same for a loan."""
    repaying = count - waits
    way = Way(method)
    if method == "balloon":
        left = draw(st.integers(0, lent // 2))
        return way._replace(amount=left), lc.Balloon(left)
    if method == "longer":
        term = count + draw(st.integers(0, 30))
        return way._replace(term=term), lc.Balloon(term=term)
    if method == "extra_payment":
        extra = draw(st.integers(0, lent // count))
        return way._replace(amount=extra), lc.ExtraPayment(extra)
    if method == "seasonal":
        weights = draw(st.lists(st.integers(0, 4), min_size=1, max_size=4).filter(any))
        return way._replace(numbers=weights), lc.Seasonal(weights)
    if method == "graduated":
        every, steps, first = draw(st.integers(1, 4)), draw(st.none() | st.integers(1, 4)), draw(st.booleans())
        way = way._replace(every=every, steps=steps, first_rounded=first)
        if draw(st.booleans()):
            ratio = Fraction(draw(st.integers(-20, 40)), 1000)
            return way._replace(ratio=ratio), lc.Graduated(ratio, every=every, steps=steps, first_rounded=first)
        amount = draw(st.integers(-lent // 400, lent // 400))
        return way._replace(amount=amount), lc.Graduated(amount=amount, every=every, steps=steps, first_rounded=first)
    if method == "given_payments":
        asked = st.integers(lent // (2 * repaying), 2 * lent // repaying)
        numbers = draw(st.lists(asked, min_size=repaying - 1, max_size=repaying - 1))
        return way._replace(numbers=numbers), lc.GivenPayments(numbers)
    if method == "given_principal":
        part = st.integers(0, lent // repaying)
        numbers = draw(st.lists(part, min_size=repaying - 1, max_size=repaying - 1))
        return way._replace(numbers=numbers), lc.GivenPrincipal(numbers)
    if method == "rule_of_78":
        charge = draw(st.none() | st.integers(0, lent // 3))
        return way._replace(amount=charge), lc.RuleOf78(charge)
    return way, "flat" if method == "level_flat" else method


@st.composite
def cases(draw: st.DrawFn, method: str) -> Case:
    """A loan of a method with everything that it can have."""
    time, count, terms = draw(times(method))
    rules, asked = draw(roundings()), draw(st.integers(5_000, 5_000_000))
    terms |= {"principal": asked, "currency": "JPY", "rounding": rules.rounding, "level": method == "level_flat"}
    kinds_of_terms = draw(
        st.sets(st.sampled_from(["outs", "down", "waits", "cap", "limit", "fees", "taxes"]), max_size=5)
    )
    outs, tranches = draw(later(time, count, asked, rules)) if "outs" in kinds_of_terms else ([], [])
    if method == "rule_of_78":
        outs, tranches = [], []
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
    if "waits" in kinds_of_terms and count > 2:
        waits, waited = draw(st.integers(1, count - 2)), draw(st.sampled_from(WAITED))
        terms["moratorium"] = lc.Moratorium(waits, waited)
    way, terms["method"] = draw(ways(method, lent - back, count, waits))
    stated, nominal = None, False
    if method in ("annuity", "annuity_in_advance"):
        if draw(some):
            stated = draw(st.integers(max(1, lent // (2 * count)), 3 * lent // count))
            terms["payment"] = stated
        elif time.share and not time.rates[0][1].per_night and draw(some):
            nominal, terms["payment"] = True, "nominal"
    keeps = draw(kept(method, time, nominal=nominal))
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
    (_, first), *changes = time.rates
    path = lc.RatePath(rate_of(first), {day: rate_of(rate) for day, rate in changes}, keep=keep, payment_cap=cap)
    terms |= {"rate": path if changes else rate_of(first), "tranches": tranches, "fees": fees, "taxes": taxes}
    units = rules.units
    agreed = Contract(
        Terms(lent * units, [], rules.interest, rules.installment, rules.rounding.residue),
        in_units(way, units), time, count, keeps, None if stated is None else stated * units, nominal,
        [Out(out.on, out.amount * units, out.back * units) for out in outs], back * units, waits, waited, cap, limit,
    )  # fmt: skip
    return Case(agreed, charged, rules.fee, units, terms)


def in_units(way: Way, units: int) -> Way:
    amount = None if way.amount is None else way.amount * units
    scale = 1 if way.name == "seasonal" else units
    return way._replace(amount=amount, numbers=[number * scale for number in way.numbers])


@st.composite
def kept(draw: st.DrawFn, method: str, time: Time, *, nominal: bool) -> dict[date, str]:
    """What the change of each day keeps."""
    days = [day for day, _ in time.rates[1:]]
    if method in FIXED or not days:
        return {}
    of_all = ["term"] if nominal or method == "accelerated" else ["term", "term", "level"]
    if method == "annuity":
        if draw(st.booleans()):
            return {day: "payment" if draw(st.booleans()) else "term" for day in days}
        of_all = [*of_all, "payment"]
    return dict.fromkeys(days, draw(st.sampled_from(of_all)))


@st.composite
def later(draw: st.DrawFn, time: Time, count: int, asked: int, rules: Rules) -> tuple[list[Out], list[lc.Tranche]]:
    """Pay-outs after the start, and what of them is paid back at once."""
    outs, tranches = list[Out](), list[lc.Tranche]()
    start = time.bounds[0]
    nights = (time.bounds[count] - start).days
    for night in draw(st.lists(st.integers(1, nights - 1), min_size=1, max_size=3).map(sorted)):
        amount, share = draw(st.integers(5_000, 5_000_000)), draw(st.none() | shares)
        back = rules.down(amount * share) if share else 0
        if not 0 < back < amount:
            share, back = None, 0
        outs.append(Out(start + timedelta(night), amount, back))
        tranches.append(lc.Tranche(start + timedelta(night), amount, down_payment=share))
    return outs, tranches


@st.composite
def charges(
    draw: st.DrawFn, time: Time, count: int, asked: int, rules: Rules, chosen: set[str], outs: Sequence[Out]
) -> tuple[Charged, list[lc.Fee], list[lc.Tax]]:
    """Fees and taxes of every kind."""
    start = time.bounds[0]
    of_loop, fees, levies, taxes = list[Charge](), list[lc.Fee](), list[Levy](), list[lc.Tax]()
    for _ in range(draw(st.integers(1, 3)) if "fees" in chosen else 0):
        when = draw(st.sampled_from(["installment", "year", "year in advance", "disbursement", "pay-out", "day"]))
        at_pay_out = when in ("year in advance", "disbursement", "pay-out")
        ways_to_settle = ["paid", "deducted", *(["financed"] if when != "pay-out" or not outs else [])]
        settled = draw(st.sampled_from(ways_to_settle)) if at_pay_out else ""
        day = start + timedelta(draw(st.integers(1, (time.bounds[2] - start).days))) if when == "day" else None
        how = {
            "installment": {"each": "installment"}, "year": {"each": "year"}, "pay-out": {"each": "pay-out"},
            "year in advance": {"each": "year", "in_advance": True}, "disbursement": {"at": "disbursement"},
            "day": {"on": day},
        }[when] | ({"settled": settled} if settled else {})  # fmt: skip
        if draw(st.booleans()):
            amount = draw(st.integers(0, 50))
            of_loop.append(Charge(day or when, amount, settled=settled))
            fees.append(lc.Fee(amount, **how))
            continue
        names = {"installment": ["original", "outstanding", "installment", "interest"], "pay-out": ["pay-out"]}
        of = draw(
            st.sampled_from(
                names.get(
                    when, ["original"] if at_pay_out and when != "year in advance" else ["original", "outstanding"]
                )
            )
        )
        share = Fraction(draw(st.integers(0, 300)), 10_000)
        least, most = draw(st.sampled_from([(None, None), (20, None), (None, 90), (20, 90)]))
        of_loop.append(Charge(day or when, 0, share, of, least or 0, most, settled))
        said = f"{of}-principal" if of in ("original", "outstanding") else of
        fees.append(lc.Fee(percent=share, of=said, min=least, max=most, **how))
    for _ in range(draw(st.integers(1, 2)) if "taxes" in chosen else 0):
        on = draw(st.sampled_from(["interest", "fees", "principal"]))
        first, then = (Fraction(draw(st.integers(0, 2_000 if on != "principal" else 200)), 10_000) for _ in range(2))
        turn = start + timedelta(draw(st.integers(0, 500)))
        rates = [(date(1900, 1, 1), first), (turn, then)]
        settled, by_days, most_days = "", False, None
        if on == "principal":
            by_days = not outs and draw(st.booleans())
            settled = draw(st.sampled_from(["paid", "deducted", *([] if by_days or outs else ["financed"])]))
        if by_days:
            rates, most_days = [(day, share / 1_000) for day, share in rates], draw(st.none() | st.integers(1, 400))
        levies.append(Levy(rates, on, settled, by_days, most_days))
        more: dict[str, Any] = {"settled": settled} if settled else {}
        more |= {"each": "day", "most_days": most_days} if by_days else {}
        taxes.append(lc.Tax(dict(rates), on=on, **more))
    return Charged(of_loop, levies, rules.paid, start, asked, [(out.on, out.amount) for out in outs]), fees, taxes


class Figures(NamedTuple):
    """All that a plan says: its rows with fee, tax and day, and what is settled at each pay-out."""

    rows: list[tuple[date, Fraction, Fraction, Fraction, Fraction]]
    pay_outs: list[dict[str, Fraction]]


def expected_of(case: Case, rows: list[Row]) -> Figures:
    units, charged = case.units, case.charged
    dues, downs = days_of(case.agreed, rows)
    beside = charged.of_rows(rows, dues, downs, case.fee, units)
    figures = [
        (due, *(Fraction(amount, units) for amount in (*row, *more)))
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
    rows = [
        (row.due, *map(Fraction, (row.principal, row.interest, row.fee, row.tax)))
        for row in plan
        if row.due is not None
    ]
    hows = ("paid", "deducted", "financed")
    return Figures(rows, [{how: Fraction(getattr(out, how)) for how in hows} for out in loan.disbursements])


def assert_as_expected(case: Case) -> None:
    try:
        expected = [expected_of(case, rows) for rows in plans_of(case.agreed)]
    except NotCovered:
        with pytest.raises((NoSolution, InvalidTerms)):
            lc.Loan(**case.terms).schedule()
        return
    last = max(figures.rows[-1][0] for figures in expected)
    if any(isinstance(fee.when, date) and fee.when > last for fee in case.charged.fees):
        with pytest.raises(InvalidTerms, match=r"fees\.on"):
            lc.Loan(**case.terms)
        return
    assert figures_of(lc.Loan(**case.terms)) in expected


@pytest.mark.parametrize("method", METHODS)
@a_few
@given(data=st.data())
def test_terms_that_meet(method: str, data: st.DataObject) -> None:
    assert_as_expected(data.draw(cases(method)))
