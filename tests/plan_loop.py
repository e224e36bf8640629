"""Plans worked out once more, by a plain loop in fractions: written from what the methods and the roundings mean, and from
nothing of the library. Amounts are whole minor units; a factor is the interest of a period per unit of principal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

Row = tuple[int, int]
"""Principal and interest of an installment."""


class Rule(NamedTuple):
    """A mode and a step."""

    mode: str
    step: int

    def __call__(self, amount: Fraction) -> int:
        """The amount as a multiple of the step."""
        steps = abs(amount) / self.step
        low, high = floor(steps), ceil(steps)
        if self.mode == "up":
            chosen = high
        elif self.mode == "down" or steps - low < Fraction(1, 2):
            chosen = low
        elif steps - low > Fraction(1, 2) or self.mode == "half-up":
            chosen = high
        else:
            chosen = low if low % 2 == 0 else high
        return chosen * self.step * (1 if amount >= 0 else -1)


class Terms(NamedTuple):
    """What a plan is made of: the rounding of an interest, of an installment, and who takes the residue."""

    lent: int
    factors: Sequence[Fraction]
    interest: Rule
    installment: Rule
    residue: str


class NotCovered(Exception):
    """A payment does not cover the interest of its period or would be less than nothing, or the last interest cannot take the
    residue.
    """


# Payments in proportions, with fixed amounts on top


class Shape(NamedTuple):
    """Payments that follow from one unknown: each holds so much of it, and a fixed amount beside; a weight of None pays the
    interest alone. Where `first_rounded`, the first payment is rounded, and the others are made from that.
    """

    weights: Sequence[Fraction | None]
    beside: Sequence[int]
    first_rounded: bool = False

    def payments(self, unknown: Fraction, rounded: Rule) -> list[int | None]:
        """The payments that an unknown makes, each rounded."""
        if self.first_rounded and self.weights[0]:
            unknown = rounded(unknown * self.weights[0]) / self.weights[0]
        return [
            None if weight is None else rounded(unknown * weight + beside)
            for weight, beside in zip(self.weights, self.beside, strict=True)
        ]


def level(count: int) -> Shape:
    """Equal payments."""
    return Shape([Fraction(1)] * count, [0] * count)


def solved(terms: Terms, shape: Shape) -> Fraction:
    """The unknown that brings the unrounded recurrence to zero: what is owed, and what 1 of it is worth, at the end."""
    owed, worth = Fraction(terms.lent), Fraction(0)
    for factor, weight, beside in zip(terms.factors, shape.weights, shape.beside, strict=True):
        if weight is not None:
            owed = owed * (1 + factor) - beside
            worth = worth * (1 + factor) + weight
    return owed / worth


def repaid_by(terms: Terms, payments: Sequence[int | None], most: int | None = None) -> list[Row]:
    """Interest on what is owed, the rest of each payment repays, until nothing is owed; the last one clears.

    Raises:
        NotCovered: If a payment is less than the interest, and the balance may not grow to `most`.
    """
    owed, rows = terms.lent, list[Row]()
    for number, (factor, payment) in enumerate(zip(terms.factors, payments, strict=True), 1):
        interest = terms.interest(owed * factor)
        part = 0 if payment is None else payment - interest
        if number == len(payments) or part >= owed:
            return [*rows, (owed, interest)]
        if part < 0 and (most is None or owed - part > most):
            raise NotCovered(rows, owed)
        rows.append((part, interest))
        owed -= part
    raise AssertionError


def over_at_the_end(terms: Terms, payments: Sequence[int | None]) -> int:
    """By how much the last payment would have to differ from what it is, whatever happens before it; where it is the
    interest, what is still owed.
    """
    owed = terms.lent
    for number, (factor, payment) in enumerate(zip(terms.factors, payments, strict=True), 1):
        if payment is not None:
            owed += terms.interest(owed * factor) - payment
        elif number == len(payments):
            return owed
    return owed


def nearest(
    terms: Terms, shifted: Callable[[int], list[int | None]], aim: Callable[[list[int | None]], int]
) -> list[list[int | None]]:
    """The payments, shifted by a number of steps, whose last comes nearest to what it should be, by the smallest shift;
    two where a step up and a step down do equally well. What is over never grows with the shift: so the place where it changes
    sides is found by halves, and all shifts around it are looked at, as many as may change nothing.
    """
    count, step = len(terms.factors), terms.installment.step
    around = 4 + 3 * count

    def over(shift: int) -> int:
        return aim(shifted(shift))

    far = around
    while over(far) > 0:
        far *= 2
    least = -around
    none_left = -count * (2 + max(payment or 0 for payment in shifted(0)) // step)
    while over(least) <= 0 and least > none_left:
        least *= 2
    low, high = least, far
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if over(middle) <= 0 else (middle, high)
    looked_at = {*range(high - around, high + around + 1), 0}
    if over(least) <= 0:  # nothing that is moved less than nothing brings the last up to what it should be
        low, high = least, far
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if over(middle) == over(least) else (low, middle)
        looked_at |= {*range(low - around, low + around + 1)}
    ranked = [((abs(over(shift)), abs(shift)), shift) for shift in looked_at]
    best = min(rank for rank, _ in ranked)
    return [shifted(shift) for rank, shift in ranked if rank == best]


def more(payment: int | None, amount: int) -> int | None:
    """A payment that is moved, but not below nothing."""
    return None if payment is None else max(0, payment + amount)


def moved(terms: Terms, shape: Shape, asked: list[int | None]) -> list[list[int | None]]:
    """The payments with the residue where the rule puts it, before the last one clears; several where it leaves a choice."""
    count, step, unknown = len(asked), terms.installment.step, solved(terms, shape)
    if terms.residue == "first" and count > 1 and asked[0] is not None:
        return nearest(
            terms,
            lambda shift: [more(asked[0], shift * step), *asked[1:]],
            lambda payments: over_at_the_end(terms, payments),
        )
    if terms.residue == "smooth":
        if shape == level(count):
            unknown = Fraction(terms.installment(unknown))
        weights = [weight or Fraction(0) for weight in shape.weights]
        largest = weights[0] if shape.first_rounded and weights[0] else max(weights)
        return nearest(
            terms,
            lambda shift: shape.payments(unknown + shift * step / largest, terms.installment),
            lambda payments: over_at_the_end(terms, payments),
        )
    if terms.residue == "spread" and any(payment is not None for payment in asked[:-1]):
        # one step each on the earliest, round after round; the last is to be what it was meant to be
        return nearest(
            terms,
            lambda shift: [
                more(payment, step * (shift // count + (place < shift % count))) for place, payment in enumerate(asked)
            ],
            lambda payments: over_at_the_end(terms, payments) + (payments[-1] or 0) - (asked[-1] or 0),
        )
    return [asked]


def in_proportion(terms: Terms, shape: Shape) -> list[list[Row]]:
    """The plan of payments that follow from one unknown; more than one where the rule for the residue leaves a choice."""
    asked = shape.payments(solved(terms, shape), terms.installment)
    refuse_negative(asked)
    plain = repaid_by(terms, asked)
    ends_early = len(plain) < len(asked)
    if terms.residue in ("last-interest", "visible"):
        last = asked[-1]
        if ends_early or last is None or terms.residue == "visible":
            return [plain]
        if last < plain[-1][0]:
            raise NotCovered
        return [[*plain[:-1], (plain[-1][0], last - plain[-1][0])]]
    if ends_early and terms.residue == "first":
        return [plain]
    return [covered(terms, payments) or plain for payments in moved(terms, shape, asked)]


def covered(terms: Terms, payments: list[int | None]) -> list[Row]:
    """The rows of payments that were moved for the residue; none where one of them does not cover its interest, or is negative."""
    try:
        refuse_negative(payments)
        return repaid_by(terms, payments)
    except NotCovered:
        return []


def refuse_negative(payments: Sequence[int | None]) -> None:
    if any(payment is not None and payment < 0 for payment in payments):
        raise NotCovered


def in_advance(factors: Sequence[Fraction]) -> list[Fraction]:
    """What a row bears where each is paid at the start of its period: the interest of the one before it."""
    return [Fraction(0), *factors[:-1]]


# Fixed parts


def split(terms: Terms, total: int) -> list[int]:
    """A total in equal shares; the residue in the last, in the first, or one step each on the earliest, and what is less than a
    step in the last. Where shares that were rounded up use the total up before the end, nothing is left for the others.
    """
    count, step = len(terms.factors), terms.installment.step
    if terms.residue == "spread":
        shares = [(total // step + count - 1 - place) // count * step for place in range(count)]
        return [*shares[:-1], total - sum(shares[:-1])]
    share = terms.installment(Fraction(total, count))
    rest = total - share * (count - 1)
    if rest >= 0:
        return [rest] + [share] * (count - 1) if terms.residue == "first" else [share] * (count - 1) + [rest]
    shares, left = [], total
    for _ in range(count):
        shares.append(min(share, left))
        left -= shares[-1]
    return shares


def declining(terms: Terms, parts: Sequence[int]) -> list[Row]:
    """Stated parts, and interest on what is owed."""
    owed, rows = terms.lent, []
    for factor, part in zip(terms.factors, parts, strict=True):
        rows.append((part, terms.interest(owed * factor)))
        owed -= part
    return rows


def equal_principal(terms: Terms) -> list[Row]:
    parts = split(terms, terms.lent)
    return declining(terms, parts)[: max(place for place, part in enumerate(parts, 1) if part)]


def interest_only(terms: Terms) -> list[Row]:
    return declining(terms, [0] * (len(terms.factors) - 1) + [terms.lent])


def lump_sum(terms: Terms) -> list[Row]:
    return [(terms.lent, terms.interest(terms.lent * sum(terms.factors, Fraction(0))))]


def flat(terms: Terms) -> list[Row]:
    return flat_over(terms, terms.lent)


def flat_over(terms: Terms, lent: int) -> list[Row]:
    """Interest on what was lent: its total rounded and split where the periods are equal, else by each period."""
    rows = list(zip(split(terms, terms.lent), flat_interest(terms, lent), strict=True))
    return rows[: max(place for place, row in enumerate(rows, 1) if any(row))]


def flat_interest(terms: Terms, lent: int) -> list[int]:
    if len(set(terms.factors)) == 1:
        return split(terms, terms.interest(lent * sum(terms.factors, Fraction(0))))
    return [terms.interest(lent * factor) for factor in terms.factors]


def level_installments(terms: Terms, lent: int, charge: int | None, *, by_digits: bool) -> list[Row]:
    """Equal installments whose interest is flat, or a charge that is earned by n, n - 1, ... 1 parts; the last one clears.

    Raises:
        NotCovered: If one does not cover its interest, or less than nothing is left for the last.
    """
    count = len(terms.factors)
    if by_digits:
        whole = terms.interest(terms.lent * sum(terms.factors, Fraction(0))) if charge is None else charge
        earned = [sum(range(count, count - number, -1)) for number in range(count + 1)]
        known = [terms.interest(Fraction(whole * digits, earned[-1])) for digits in earned]
        interests = [after - before for before, after in pairwise(known)]
    else:
        interests = flat_interest(terms, lent)
    installment = terms.installment(Fraction(terms.lent + sum(interests), count))
    parts = [installment - interest for interest in interests[:-1]]
    rows = list(zip([*parts, terms.lent - sum(parts)], interests, strict=True))
    if min(part for part, _ in rows) < 0:
        raise NotCovered
    return rows[: max(place for place, row in enumerate(rows, 1) if any(row))]


def plans(method: str, terms: Terms) -> list[list[Row]]:
    """The plan of a method; more than one where its rules leave a choice."""
    if method == "annuity":
        return in_proportion(terms, level(len(terms.factors)))
    others = {"equal_principal": equal_principal, "interest_only": interest_only, "lump_sum": lump_sum, "flat": flat}
    return [others[method](terms)]
