"""What every method makes of what is left of a plan, in fractions; what it solves is in `plan_loop`."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from contract_terms import FIXED, Contract
from dated_loop import Time
from plan_loop import (
    NotCovered,
    Row,
    Shape,
    Terms,
    declining,
    flat_over,
    level,
    level_installments,
    moved,
    refuse_negative,
    repaid_by,
    solved,
    split,
)


class Made(NamedTuple):
    """Rows, the level payment in force after them, and whether they stop where the balance would pass its limit."""

    rows: list[Row]
    level: int | None = None
    stopped: bool = False


class Rest(NamedTuple):
    """What is left to be repaid from a row on, over factors as they are expected then."""

    row: int
    owed: int
    original: int
    factors: list[Fraction]
    level: int | None
    stated: int | None
    most: int | None
    ahead: Time


def made_by(agreed: Contract, rest: Rest, *, keeps_last: bool = True) -> list[Made]:
    """All rows that a method makes of the rest; fewer where they stop at the limit."""
    way, count = agreed.way, len(rest.factors)
    terms = agreed.terms._replace(lent=rest.owed, factors=rest.factors)
    if not keeps_last:
        terms = terms._replace(residue="last")
    repaying = rest.row - min(rest.row, agreed.waits)
    if way.name in FIXED:
        return fixed(agreed, terms, rest, repaying)
    if rest.stated is not None:
        return by_payments(terms, rest, [rest.stated] * count, None)
    if agreed.nominal:
        share = agreed.time.share
        yearly = rest.ahead.rate_at(rest.ahead.bounds[rest.row + 1] - timedelta(1)).on_one(share)
        regular = [yearly] * count
        if way.name == "annuity_in_advance" and not rest.row:
            regular[0] = Fraction(0)
        payment = terms.installment(solved(terms._replace(factors=regular), level(count)))
        return by_payments(terms, rest, [payment] * count, None)
    if way.name == "longer":
        more = [rest.ahead.factor(row) for row in range(rest.row + count, way.term)]
        longer = terms._replace(factors=[*rest.factors, *more])
        payment = terms.installment(solved(longer, level(len(longer.factors))))
        return by_payments(terms, rest, [*[payment] * (count - 1), None], None, plain=True)
    if way.name == "extra_payment":
        payment = terms.installment(solved(terms, level(count))) + (way.amount or 0)
        return by_payments(terms, rest, [payment] * count, None, plain=True)
    if way.name == "accelerated":
        months = 12 * agreed.time.share * count
        if months.denominator > 1:
            raise NotCovered
        monthly = rest.ahead.rate_at(rest.ahead.bounds[rest.row + 1] - timedelta(1)).on_one(Fraction(1, 12))
        over = terms._replace(factors=[monthly] * int(months))
        payment = terms.installment(solved(over, level(int(months))) * 13 * agreed.time.share)
        return by_payments(terms, rest, [payment] * count, None, plain=True)
    if way.name == "digits":
        whole = count * (count + 1) // 2
        parts = [terms.lent * (count - row) // whole for row in range(count - 1)]
        return [Made(declining(terms, [*parts, terms.lent - sum(parts)]))]
    if way.name == "balloon" and (way.amount or 0) > rest.owed:
        raise NotCovered
    shape = way.shape(repaying, rest.row, count)
    if not any(shape.weights):
        raise NotCovered
    return by_payments(terms, rest, shape.payments(solved(terms, shape), terms.installment), shape)


def by_payments(
    terms: Terms, rest: Rest, asked: list[int | None], shape: Shape | None, *, plain: bool = False
) -> list[Made]:
    """Interest on what is owed, the rest of each payment repays; the residue where the terms want it, if they are not `plain`."""
    known = asked[0] if asked[:-1].count(asked[0]) == len(asked) - 1 else None

    def walked(payments: list[int | None]) -> Made:
        refuse_negative(payments)
        try:
            return Made(repaid_by(terms, payments, rest.most), known)
        except NotCovered as stop:
            if rest.most is None:
                raise
            return Made(stop.args[0], known, stopped=True)

    first = walked(asked)
    ended = not first.stopped and len(first.rows) < len(asked)
    if plain or first.stopped or terms.residue in ("last", "visible"):
        return [first]
    if terms.residue == "last-interest":
        last, (part, _) = asked[-1], first.rows[-1]
        if ended or last is None:
            return [first]
        if last < part:
            raise NotCovered
        return [first._replace(rows=[*first.rows[:-1], (part, last - part)])]
    if (ended and (terms.residue == "first" or shape is None)) or (shape is None and terms.residue == "smooth"):
        return [first]
    found = []
    for payments in moved(terms, shape or level(len(asked)), asked):
        try:
            made = walked(payments)
        except NotCovered:  # a payment is not moved to less than its interest
            if rest.most is not None:
                raise
            found.append(first)
            continue
        if terms.residue == "smooth":
            same = payments[:-1].count(payments[0]) == len(payments) - 1
            made = made._replace(level=payments[0] if same else None)
        found.append(made)
    return found


def fixed(agreed: Contract, terms: Terms, rest: Rest, repaying: int) -> list[Made]:
    """Methods whose payments, parts or charges are stated."""
    way, count = agreed.way, len(terms.factors)
    if way.name == "given_payments":
        asked: list[int | None] = [*way.numbers[repaying:], None]
        return by_payments(terms, rest, asked, None, plain=True)
    if way.name in ("flat", "level_flat", "rule_of_78"):
        if way.name == "flat":
            rows = flat_over(terms, rest.original)
        else:
            rows = level_installments(terms, rest.original, way.amount, by_digits=way.name == "rule_of_78")
        return [Made(rows, sum(rows[0]))]
    if way.name == "equal_principal":
        parts = split(terms, terms.lent)
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
    elif way.name in ("interest_only", "lump_sum", "sinking_fund"):
        parts = [0] * (count - 1) + [terms.lent]
    else:
        parts = list(way.numbers[repaying:])
        parts.append(terms.lent - sum(parts))
        if parts[-1] < 0:
            raise NotCovered
    return [Made(declining(terms._replace(factors=terms.factors[: len(parts)]), parts))]
