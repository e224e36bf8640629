"""Rows that repay nothing at the beginning of a plan, and what becomes of their interest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from loancalc.plan.columns import Columns
from loancalc.values.counts import read_count
from loancalc.values.names import Names

_INTEREST = Names(
    "moratorium.interest",
    {
        "paid": ["interest only", "pay", "只付息"],
        "capitalized": ["capitalize", "资本化"],
        "carried": ["added to the first installment", "carry", "next"],
        "spread": ["added to all installments", "分摊"],
        "last": ["added to the last installment", "末期收取"],
        "forgiven": ["waived", "免息"],
    },
)
LATER = ("carried", "spread", "last")
"""What waiting rows do not ask for and later ones do."""


@dataclass(frozen=True, slots=True)
class Moratorium:
    """Installments at the beginning that repay no principal (宽限期).

    Args:
        installments: How many.
        interest: What becomes of their interest: `"paid"` as it falls due, `"capitalized"` into the principal at each
            due date, `"carried"` without interest to the first installment after them, `"spread"` in equal parts over all
            of those, asked for with the `"last"` one, or `"forgiven"`.

    >>> from loancalc import amortize
    >>> plan = amortize(12_000, rate="12%", every="1 month", periods=13, moratorium=Moratorium(1, "paid"))
    >>> plan[0].total, plan[1].total
    (Decimal('120.00'), Decimal('1066.19'))
    """

    installments: int
    interest: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "installments", read_count(self.installments, "moratorium.installments", 1))
        object.__setattr__(self, "interest", _INTEREST.find(self.interest))


class Brought(NamedTuple):
    """Interest from before a plan that its installments ask for: "carried" to the first, "spread" over all, or "last"."""

    amount: int
    place: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows of a moratorium in a plan.

    Attributes:
        rows: Their indices, in order.
        interest: What becomes of their interest, as the moratorium says.
        resumes: The index of the first row that repays.

    >>> Waiting((0, 1), "carried", 2).carries_on(1)
    True
    """

    rows: tuple[int, ...]
    interest: str
    resumes: int

    def is_forgiven(self, index: int) -> bool:
        """Whether the interest of a row is let go."""
        return self.interest == "forgiven" and index in self.rows

    def carries_on(self, index: int) -> bool:
        """Whether the interest of a row is asked for later."""
        return self.interest not in ("paid", "capitalized", "forgiven") and index in self.rows


def waiting_in(count: int, moratorium: Moratorium | None, repaid_at_once: Collection[int] = ()) -> Waiting | None:
    """The rows of a moratorium in a plan of `count` rows; None without one.

    The rows of down payments, which are `repaid_at_once`, are not of the moratorium.
    """
    if moratorium is None:
        return None
    rows = [index for index in range(count) if index not in repaid_at_once]
    return Waiting(tuple(rows[: moratorium.installments]), moratorium.interest, rows[moratorium.installments])


def asking(
    columns: Columns,
    waited: Sequence[int],
    moratorium: Moratorium | None,
    brought: Sequence[Brought],
    expected: Sequence[tuple[int, int]],
) -> Columns:
    """The rows with the interest of earlier periods that they ask for; `expected` says how many rows there would be by the
    terms that held from a row on. The first that asks is the next one; rows that repay nothing ask where their interest is paid.
    """
    is_silent = moratorium is not None and moratorium.interest != "paid"
    first, count = (moratorium.installments if moratorium and is_silent else 0), len(columns.principal)
    owed = [*(part for part in brought if part.amount)]
    if moratorium is not None and any(waited) and moratorium.interest in LATER:
        owed.append(Brought(sum(waited), moratorium.interest))
    if not owed:
        return columns
    asked = [0] * count
    for place in dict.fromkeys(part.place for part in owed):  # what is spread is spread together
        amount = sum(part.amount for part in owed if part.place == place)
        if place == "spread":
            asked = [known + share for known, share in zip(asked, _spread(amount, first, count, expected), strict=True)]
        else:
            asked[first if place == "carried" else -1] += amount
    carried, left = [], sum(part.amount for part in brought)
    for row in range(count):
        carried.append(left)
        left += (waited[row] if row < len(waited) else 0) - asked[row]
    interest = [own + more for own, more in zip(columns.interest, asked, strict=True)]
    meant = None if columns.asked is None else columns.asked + asked[-1]
    return columns._replace(interest=interest, carried=tuple(carried), asked=meant)


def _spread(amount: int, first: int, count: int, expected: Sequence[tuple[int, int]]) -> list[int]:
    """Equal parts for the rows from the first that repays on, each of what is left by then over the rows that were expected
    when the terms last changed.
    """
    shares, left = [0] * count, amount
    nexts = [start for start, _ in expected[1:]] + [count]
    for (start, end), until in zip(expected, nexts, strict=True):
        rows = range(max(first, start), end)
        share, more = divmod(left, len(rows)) if rows else (0, 0)
        for position, row in enumerate(range(rows.start, min(until, count))):
            shares[row] = share + (position < more)
            left -= shares[row]
    return shares
