"""Plans worked out once more, by a plain loop in fractions: written from what the methods and the roundings mean, and from
nothing of the library. Amounts are whole minor units; a factor is the interest of a period per unit of principal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
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
    """A payment does not cover the interest of its period, or the last interest cannot take the residue."""


# Level payments


def level_payment(terms: Terms) -> int:
    """The amount that brings the unrounded recurrence to zero, rounded once."""
    worth = Fraction(0)  # at the end, of 1 paid at the end of every period
    for factor in terms.factors:
        worth = worth * (1 + factor) + 1
    grown = Fraction(terms.lent)
    for factor in terms.factors:
        grown *= 1 + factor
    return terms.installment(grown / worth)


def repaid_by(terms: Terms, payments: Sequence[int]) -> list[Row]:
    """Interest on what is owed, the rest of each payment repays, until nothing is owed; the last one clears."""
    owed, rows = terms.lent, []
    for number, (factor, payment) in enumerate(zip(terms.factors, payments, strict=True), 1):
        interest = terms.interest(owed * factor)
        part = payment - interest
        if number == len(payments) or part >= owed:
            return [*rows, (owed, interest)]
        if part < 0:
            raise NotCovered
        rows.append((part, interest))
        owed -= part
    raise AssertionError


def over_at_the_end(terms: Terms, payments: Sequence[int]) -> int:
    """By how much the last payment would have to differ from what it is, whatever happens before it."""
    owed = terms.lent
    for factor, payment in zip(terms.factors, payments, strict=True):
        owed += terms.interest(owed * factor) - payment
    return owed


def nearest(
    terms: Terms, shifted: Callable[[int], Sequence[int]], aim: Callable[[Sequence[int]], int]
) -> list[list[int]]:
    """The payments, shifted by a number of steps, whose last comes nearest to what it should be, by the smallest shift;
    two where a step up and a step down do equally well. A shift of a step changes the last by a step or more, but where it
    is the last that is shifted: so twice as many shifts as steps are over are enough.
    """
    most = 4 + 2 * abs(aim(shifted(0))) // terms.installment.step
    ranked = [((abs(aim(shifted(shift))), abs(shift)), shift) for shift in range(-most, most + 1)]
    best = min(rank for rank, _ in ranked)
    return [list(shifted(shift)) for rank, shift in ranked if rank == best]


def annuities(terms: Terms) -> list[list[Row]]:
    """The plan of level payments; more than one where the rule for the residue leaves a choice."""
    level, count, step = level_payment(terms), len(terms.factors), terms.installment.step
    plain = repaid_by(terms, [level] * count)
    if terms.residue == "first" and count > 1 and len(plain) == count:
        found = nearest(
            terms,
            lambda shift: [level + shift * step] + [level] * (count - 1),
            lambda payments: over_at_the_end(terms, payments),
        )
    elif terms.residue == "smooth":
        found = nearest(
            terms, lambda shift: [level + shift * step] * count, lambda payments: over_at_the_end(terms, payments)
        )
    elif terms.residue == "spread":
        # one step each on the earliest, round after round; the last is to be what it was meant to be
        found = nearest(
            terms,
            lambda shift: [level + step * (shift // count + (place < shift % count)) for place in range(count)],
            lambda payments: over_at_the_end(terms, payments) + payments[-1] - level,
        )
    elif terms.residue in ("last-interest", "visible") and len(plain) == count:
        if terms.residue == "visible":
            return [plain]
        part = plain[-1][0]
        if level < part:
            raise NotCovered
        return [[*plain[:-1], (part, level - part)]]
    else:
        return [plain]
    return [repaid_by(terms, payments) for payments in found]


# Fixed parts


def split(terms: Terms, total: int) -> list[int]:
    """A total in equal shares; the residue in the last, in the first, or one minor unit each on the earliest. Where shares
    that were rounded up use the total up before the end, nothing is left for the others.
    """
    count = len(terms.factors)
    if terms.residue == "spread" and terms.installment.step == 1:
        return [total // count + (place < total % count) for place in range(count)]
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
    """Interest on what was lent: its total rounded and split where the periods are equal, else by each period."""
    if len(set(terms.factors)) == 1:
        interests = split(terms, terms.interest(terms.lent * sum(terms.factors, Fraction(0))))
    else:
        interests = [terms.interest(terms.lent * factor) for factor in terms.factors]
    rows = list(zip(split(terms, terms.lent), interests, strict=True))
    return rows[: max(place for place, row in enumerate(rows, 1) if any(row))]


def plans(method: str, terms: Terms) -> list[list[Row]]:
    """The plan of a method; more than one where its rules leave a choice."""
    if method == "annuity":
        return annuities(terms)
    others = {"equal_principal": equal_principal, "interest_only": interest_only, "lump_sum": lump_sum, "flat": flat}
    return [others[method](terms)]
