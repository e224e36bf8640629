"""What may be agreed on beside the dates and rates of terms that meet, as the loop knows it and as a loan is told: roundings, methods,
later pay-outs, fees and taxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import strategies as st

import loancalc as lc
from charges_loop import Charge, Charged, Levy
from contract_terms import Out, Way
from dated_loop import Time
from footing import MODES, RESIDUES
from plan_loop import Rule

shares = st.integers(1, 60).map(lambda share: Fraction(share, 100))


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
    shown: Rule | None
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
    shown, displayed = None, None
    if most and draw(st.booleans()):
        mode, step, places = draw(st.sampled_from(MODES)), draw(st.sampled_from([1, 5])), draw(st.integers(0, most - 1))
        shown, displayed = Rule(mode, step * 10 ** (most - places)), lc.Rounding(step, mode, places=places)
    rounding = lc.Rounding(residue=draw(st.sampled_from(RESIDUES)), displayed=displayed, **own)
    return Rules(interest, installment, fee, paid, down, 10**most, shown, rounding)


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
    if method == "digits":
        return way, digits
    return way, "flat" if method == "level_flat" else method


def digits(problem: lc.Problem) -> lc.Columns:
    """A method of one's own: of n parts the first is n, the next n - 1 ... of all, and the last what is left."""
    count, left = len(problem), problem.principal
    columns = lc.Columns([], [], [])
    for row, (numerator, denominator) in enumerate(problem.factors):
        part = problem.principal * (count - row) * 2 // (count * (count + 1)) if row + 1 < count else left
        columns.interest.append(problem.rounding.divide("interest")(left * numerator, denominator))
        columns.principal.append(part)
        columns.balance.append(left := left - part)
    return columns


def in_units(way: Way, units: int) -> Way:
    amount = None if way.amount is None else way.amount * units
    scale = 1 if way.name == "seasonal" else units
    return way._replace(amount=amount, numbers=[number * scale for number in way.numbers])


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
        when = draw(
            st.sampled_from(["installment", "year", "year in advance", "disbursement", "pay-out", "day", "prepayment"])
        )
        at_pay_out = when in ("year in advance", "disbursement", "pay-out")
        ways_to_settle = ["paid", "deducted", *(["financed"] if when != "pay-out" or not outs else [])]
        settled = draw(st.sampled_from(ways_to_settle)) if at_pay_out else ""
        day = (
            start + timedelta(draw(st.integers(1, (time.due(min(1, count - 1)) - start).days)))
            if when == "day"
            else None
        )
        how = {
            "installment": {"each": "installment"}, "year": {"each": "year"}, "pay-out": {"each": "pay-out"},
            "year in advance": {"each": "year", "in_advance": True}, "disbursement": {"at": "disbursement"},
            "day": {"on": day}, "prepayment": {"at": "prepayment"},
        }[when] | ({"settled": settled} if settled else {})  # fmt: skip
        if draw(st.booleans()):
            amount = draw(st.integers(0, 50))
            of_loop.append(Charge(day or when, amount, settled=settled))
            fees.append(lc.Fee(amount, **how))
            continue
        names = {
            "installment": ["original", "outstanding", "installment", "interest"], "pay-out": ["pay-out"],
            "prepayment": ["prepaid", "outstanding"],
        }  # fmt: skip
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
        said = f"{of}-principal" if of in ("original", "outstanding", "prepaid") else of
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


@st.composite
def fees_for_repaying_early(draw: st.DrawFn) -> tuple[list[Charge], list[lc.Fee]]:
    """One or two, flat or a share of what is repaid early or of all that is outstanding, within bounds."""
    of_loop, fees = list[Charge](), list[lc.Fee]()
    for _ in range(draw(st.integers(1, 2))):
        if draw(st.booleans()):
            amount = draw(st.integers(0, 50))
            of_loop.append(Charge("prepayment", amount))
            fees.append(lc.Fee(amount, at="prepayment"))
            continue
        share, of = Fraction(draw(st.integers(0, 300)), 10_000), draw(st.sampled_from(["prepaid", "outstanding"]))
        least, most = draw(st.sampled_from([(None, None), (20, None), (None, 90), (20, 90)]))
        of_loop.append(Charge("prepayment", 0, share, of, least or 0, most))
        fees.append(lc.Fee(percent=share, of=f"{of}-principal", min=least, max=most, at="prepayment"))
    return of_loop, fees
