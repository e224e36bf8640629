"""What the interest of a plan was calculated from, and who can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from loancalc.plan.plan_proof import Equal
from loancalc.plan.timeline import Factor
from loancalc.plan.waiting import Waiting
from loancalc.values.rounding import Rounding


@dataclass(frozen=True)
class Basis:
    """What the interest of a plan was calculated from, so that each row can show its own arithmetic.

    `shares` gives each period's time as text, e.g. `"1/12"` or `"31 nights"`; `rates` the rate of each row, where it
    changes; `advances` what is paid out on the way to a row: amount, time as text, interest per unit; `waiting` the rows
    of a moratorium, `repaid_at_once` those of down payments; `original` what interest is taken of where that is not the
    balance; `continues` that the period of the first row began before this plan, so that part of its interest may have been paid;
    `charge` the whole charge that a Rule of 78 states; `equal` what is promised to be the same in every row that repays.
    """

    factors: Sequence[Factor]
    rate: str
    shares: Sequence[str]
    rounding: Rounding
    original: int | None = None
    method: str = ""
    waiting: Waiting | None = None
    repaid_at_once: frozenset[int] = frozenset()
    rates: Sequence[str] | None = None
    advances: Mapping[int, Sequence[tuple[int, str, Factor]]] = field(default_factory=dict)
    continues: bool = False
    charge: int | None = None
    equal: Equal | None = None


class Origin(Protocol):
    """What a plan comes from; it is asked only when somebody wants to know how the figures came about."""

    @property
    def basis(self) -> Basis:
        """What the interest was calculated from."""

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The defaults that the figures rest on."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The origin of a plan that is no loan's own."""

    basis: Basis
    assumptions: tuple[str, ...] = ()
