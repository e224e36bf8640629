"""A plan as columns of whole minor units, and the problem that a repayment method solves to make it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from loancalc.errors import InvalidTerms
from loancalc.plan.timeline import Factor
from loancalc.values.rates import Rate
from loancalc.values.rounding import Rounding


class Columns(NamedTuple):
    """A plan as integer columns, one entry per installment, in minor units (or finer, where `places` are kept).

    Principal plus interest is what the installment asks for. Where that is less than the interest, principal is
    negative: the difference is added to the balance.

    Attributes:
        principal, interest, balance: The rows; the balance is the principal outstanding after them.
        level: The level installment, where the method has one: what all but the last ask for.
        asked: What the last installment was meant to be; what it differs by is the residue of rounding.
        residue: What rounding left in the last installment, where it is asked to stay visible.
        ended_early: Installments that were not needed, as rounding or a stated payment repays before them.
        advanced: Principal paid out after the start: the index of the row it precedes, and the amount.
        stopped_at: The index of the row before which a method stopped, since the balance would pass its limit; the rest
            has to be solved again.
        carried: For each row the interest of earlier periods that is still to be asked for when it begins; empty where
            every row asks for its own.
        beside: What rows ask for beside their payments, as a first period is longer than a regular one, over which they are
            solved (less than 0: shorter): the index of the row, and the interest.

    >>> from loancalc import Loan
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> columns = loan.columns
    >>> columns.principal[:2], columns.interest[:2], columns.balance[:2], columns.level
    ([9462, 9557], [1200, 1105], [110538, 100981], 10662)
    """

    principal: list[int]
    interest: list[int]
    balance: list[int]
    level: int | None = None
    asked: int | None = None
    residue: int = 0
    ended_early: int = 0
    advanced: tuple[tuple[int, int], ...] = ()
    stopped_at: int | None = None
    carried: tuple[int, ...] = ()
    beside: tuple[tuple[int, int], ...] = ()

    def carried_to(self, index: int) -> int:
        """The interest of earlier periods that is still to be asked for when a row begins.

        >>> Columns([0, 100], [0, 2], [100, 0], carried=(0, 1)).carried_to(1)
        1
        """
        return self.carried[index] if self.carried else 0

    def asks_of_carried(self, index: int) -> int:
        """What a row asks of the interest that was carried to it."""
        if not self.carried:
            return 0
        after = self.carried[index + 1] if index + 1 < len(self.carried) else 0
        return max(0, self.carried[index] - after)

    def total(self, index: int) -> int:
        """Principal and interest of the installment at `index`."""
        return self.principal[index] + self.interest[index]

    def payment(self, index: int) -> int:
        """The payment of a row: its total without interest of earlier periods, and without what it asks for beside.

        >>> Columns([100], [7], [0], carried=(2,), beside=((0, 4),)).payment(0)
        101
        """
        return self.total(index) - self.asks_of_carried(index) - sum(more for row, more in self.beside if row == index)

    def lent_by(self, index: int, repaid_at_once: Collection[int] = ()) -> int:
        """What was paid out after the start by the row at `index`, and what interest joined the principal before it, less
        the down payments before it, whose rows are `repaid_at_once`.

        >>> Columns([-2, 102], [2, 1], [102, 0]).lent_by(1)
        2
        """
        before = self.principal[:index]
        capitalized = -sum(part for part in before if part < 0)
        repaid = sum(before[row] for row in repaid_at_once if row < index)
        return capitalized - repaid + self.advanced_by(index)

    def advanced_by(self, index: int) -> int:
        """What was paid out after the start by the row at `index`.

        >>> Columns([0, 150], [1, 1], [100, 0], advanced=((1, 50),)).advanced_by(1)
        50
        """
        return sum(amount for row, amount in self.advanced if row <= index)

    def first(self, count: int) -> Columns:
        """The first rows only.

        >>> Columns([40, 60], [2, 1], [60, 0]).first(1).balance
        [60]
        """
        return self._replace(
            principal=self.principal[:count],
            interest=self.interest[:count],
            balance=self.balance[:count],
            advanced=tuple((row, amount) for row, amount in self.advanced if row < count),
            carried=self.carried[:count],
            beside=tuple((row, amount) for row, amount in self.beside if row < count),
        )

    def then(self, rest: Columns) -> Columns:
        """These rows, followed by others; what rounding left and where the plan ends is told by the others.

        >>> Columns([40], [2], [60], level=42).then(Columns([60], [1], [0])).principal
        [40, 60]
        """
        done = len(self.principal)
        advanced = tuple((done + index, amount) for index, amount in rest.advanced)
        carried: tuple[int, ...] = ()
        if self.carried or rest.carried:
            carried = (self.carried or (0,) * done) + (rest.carried or (0,) * len(rest.principal))
        beside = tuple((done + index, amount) for index, amount in rest.beside)
        return Columns(
            self.principal + rest.principal,
            self.interest + rest.interest,
            self.balance + rest.balance,
            rest.level if self.level is None else self.level,
            rest.asked,
            rest.residue,
            rest.ended_early,
            self.advanced + advanced,
            carried=carried,
            beside=self.beside + beside,
        )


Ahead: TypeAlias = Callable[[int], Sequence[Factor]]
"""The factors of so many periods after the last one."""

Year: TypeAlias = Callable[[], tuple[Rate, Fraction] | None]
"""The rate, and the share of the year of a regular period, where both are known."""


def _no_longer_term(more: int) -> Sequence[Factor]:
    raise InvalidTerms(f"method: got a term longer by {more} periods; expected periods that can be continued")


def _unknown() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a repayment method solves: a principal over periods, to columns that bring it to zero.

    Args:
        principal: What is lent, in units of the rounding (minor units, or finer).
        factors: Interest per unit of principal, period by period, as exact ratios.
        rounding: Roundings of interest and installment, and who takes the residue.
        digits: Decimals of the units, for messages and for amounts that a method states.
        payment: The level payment, where it is stated; solved where None.
        regular: Interest of the first row per unit of principal, as payments are solved over it, where that is not its factor:
            the row then asks for the difference beside its payment.
        nominal: Whether it is solved over as many equal periods at the rate (Excel's PMT), and not over the real ones.
        level: For flat interest over periods that differ: keep the installment equal.
        most: The largest balance that unpaid interest may make; None where every payment has to cover the interest.
        ahead: The factors of periods after the last one, for a method that solves over a longer term.
        year: The rate, and the share of the year of a regular period, where both are known; for a method that takes
            the payments of other periods.
        done: Rows of the whole plan that come before these, where the rest is solved again.
        waited: How many of them repay nothing, being of a moratorium.
        before: The payment of those rows, where they had a level one.
        original: What interest is taken of by methods whose interest follows the amount lent, where that is not the
            principal: on the rest of a plan.

    >>> from decimal import Decimal
    >>> from loancalc import GivenPrincipal, Loan
    >>> def a_tenth_each(problem):
    ...     tenth = Decimal(problem.principal // 10).scaleb(-problem.digits)
    ...     return GivenPrincipal([tenth] * (len(problem) - 1)).repay(problem)
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=5, method=a_tenth_each)
    >>> [str(row.principal) for row in loan.schedule()]
    ['120.00', '120.00', '120.00', '120.00', '720.00']
    """

    principal: int
    factors: Sequence[Factor]
    rounding: Rounding
    digits: int = 2
    payment: int | None = None
    level: bool = False
    most: int | None = None
    ahead: Ahead = _no_longer_term
    year: Year = _unknown
    done: int = 0
    waited: int = 0
    before: int | None = None
    original: int | None = None
    nominal: bool = False
    regular: Factor | None = None

    def __len__(self) -> int:
        return len(self.factors)

    @property
    def repaid(self) -> int:
        """Installments that repay and come before these, as a contract numbers what it states one by one."""
        return self.done - self.waited

    @property
    def installment_step(self) -> int:
        """The step of an installment, in units of the columns."""
        return self.rounding.step_of("installment")
