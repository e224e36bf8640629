"""One stage of a plan: the rows from a change of its terms on, by its method; with rows that wait, a cap on the payment and a limit
of the balance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from loancalc.errors import NoSolution
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.methods import Method, Solve
from loancalc.plan.recurrence import as_stated
from loancalc.plan.waiting import LATER
from loancalc.values.money import format_minor


class Rows(NamedTuple):
    """The rows of a stage; the level payment in force at their end, another one where the balance reached its limit; and what each
    of those that wait puts off.
    """

    columns: Columns
    level: int | None
    put_off: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """What is solved from a change of the terms on, and how.

    Attributes:
        method, problem: What is solved.
        waiting: The first rows, which repay nothing.
        interest: What becomes of their interest.
        cap: By how much the payment may grow.
        term: How many rows are left of the agreed ones, where a payment that stays may need more.
    """

    method: Method
    problem: Problem
    waiting: int = 0
    interest: str = ""
    cap: Fraction | None = None
    term: int | None = None

    def rows(self, count: int) -> Rows:
        """Its first rows: those that wait, then those of the method."""
        waiting, problem = self.waiting, self.problem
        if not waiting:
            return self._capped(count)
        before, put_off = _waiting(problem, min(waiting, count), self.interest)
        if waiting >= count:
            return Rows(before, None, put_off)
        rest = replace(
            problem,
            principal=before.balance[-1],
            factors=problem.factors[waiting:],
            done=problem.done + waiting,
            waited=problem.waited + waiting,
            original=None if problem.original is None else problem.original + capitalized(before),
            regular=None,
        )
        term = None if self.term is None else self.term - waiting
        after, level, _ = _solved(self.method, rest, count - waiting, term=term)
        return Rows(before.then(after)._replace(level=after.level), level, put_off)

    def level_uncapped(self) -> int | None:
        """The level payment that it would have, however much the payment may grow."""
        return replace(self, cap=None).rows(len(self.problem)).level

    def _capped(self, count: int) -> Rows:
        """The rows of the method where its payment may not grow by more than a share; what it then leaves is left to the last one."""
        problem = self.problem
        if self.cap is None or problem.before is None or problem.payment is not None:
            return _solved(self.method, problem, count, term=self.term)
        top, bottom = (1 + self.cap).as_integer_ratio()
        most = problem.rounding.divide("installment")(problem.before * top, bottom)
        solved = _repaid(self.method.repay, problem)
        if solved.level is not None and solved.level > most:
            solved = _repaid(lambda asked: as_stated(asked, [most] * len(asked)), problem)
        return _solved(self.method, problem, count, solved)


def capitalized(columns: Columns) -> int:
    """The interest that joined the principal."""
    return -sum(part for part in columns.principal if part < 0)


def _waiting(problem: Problem, count: int, interest: str) -> tuple[Columns, tuple[int, ...]]:
    """Rows that repay nothing, and the interest of each that is asked for later."""
    divide, balance = problem.rounding.divide("interest"), problem.principal
    parts, interests, balances, put_off = [], [], [], []
    for numerator, denominator in problem.factors[:count]:
        accrued = divide(balance * numerator, denominator)
        added = accrued if interest == "capitalized" else 0
        put_off.append(accrued if interest in LATER else 0)
        balance += added
        parts.append(-added)
        interests.append(accrued if interest in ("paid", "capitalized") else 0)
        balances.append(balance)
    return Columns(parts, interests, balances), tuple(put_off)


def _repaid(repay: Solve, problem: Problem) -> Columns:
    """The rows that a method makes. Where payments are solved as if the first period were a regular one, its row asks for the
    interest of the period as it is, beside what it repays then: for more where the period is longer, for less where it is shorter.

    Raises:
        NoSolution: If that is less than nothing, as the payment leaves more interest unpaid than the shorter period bears.
    """
    if problem.regular is None or len(problem) == 1:
        return repay(problem)
    columns = repay(replace(problem, factors=[problem.regular, *problem.factors[1:]], regular=None))
    if not columns.interest:
        return columns
    numerator, denominator = problem.factors[0]
    interest = problem.rounding.divide("interest")(problem.principal * numerator, denominator)
    beside = interest - columns.interest[0]
    if columns.principal[0] + interest < 0:
        raise NoSolution(
            f"first_period: got 'interest-added' where a payment leaves {format_minor(-columns.principal[0], problem.digits)} of a regular "
            f"period's interest unpaid, and the shorter one bears {format_minor(interest, problem.digits)}; expected 'level'"
        )
    return columns._replace(interest=[interest, *columns.interest[1:]], beside=((0, beside),))


def _solved(
    method: Method, problem: Problem, rows: int, columns: Columns | None = None, *, term: int | None = None
) -> Rows:
    """The first rows that a method gives, or of columns; solved again, to repay in full by the end of the term, where the balance
    would pass its limit.
    """
    if columns is None:
        columns = _repaid(method.repay, problem)
    stop = columns.stopped_at
    if stop is None or stop >= rows:
        return Rows(columns if len(columns.principal) <= rows else columns.first(rows), columns.level)
    balance = columns.balance[-1] if stop else problem.principal
    factors = problem.factors[stop:term]
    if not factors:
        raise NoSolution(
            f"negative_amortization: a payment of {format_minor(problem.payment or 0, problem.digits)} lets the balance pass "
            f"{format_minor(problem.most or 0, problem.digits)} at installment {problem.done + stop + 1}, after the agreed term; "
            "expected a payment that repays, or a change of the rate that keeps the 'term'"
        )
    regular = None if stop else problem.regular
    rest = replace(
        problem, principal=balance, factors=factors, done=problem.done + stop, payment=None, most=None, regular=regular
    )
    if stop == 0 and problem.payment is None and problem.before is None:
        assert problem.most is not None
        raise NoSolution(
            f"negative_amortization: the balance would pass {format_minor(problem.most, problem.digits)} at installment "
            f"{problem.done + 1}; expected a higher limit"
        )
    after, level, _ = _solved(method, rest, rows - stop)
    before = columns.first(stop)._replace(stopped_at=None, level=columns.level if stop else None)
    return Rows(before.then(after), level)
