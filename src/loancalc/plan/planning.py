"""A whole plan from its pieces: a grace period first, then the method, solved again where the terms change on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from loancalc.errors import InvalidTerms, NoSolution
from loancalc.plan.columns import Ahead, Columns, Problem, Year
from loancalc.plan.methods import Method
from loancalc.plan.stages import Stage, capitalized
from loancalc.plan.timeline import Factor
from loancalc.plan.waiting import Brought, Moratorium, asking
from loancalc.values.money import format_minor


class TooFewPeriods(NoSolution):
    """A payment that is kept, before a later change solves the rest again, needs more installments than there are periods."""


PaidOut: TypeAlias = tuple[int, Factor]
"""Principal paid out before a row falls due: the amount, and its interest up to then per unit of it."""

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Turn:
    """A row from which the rest of a plan is solved again.

    Attributes:
        index: The row.
        factors: The factors from that row on, as they are expected from then.
        advances: What is paid out before that row falls due.
        keeps_payment: Whether the payment stays and the term changes; the factors then reach beyond the term.
        solves: Whether the term stays and the payment is solved again, also where one was stated.
        payment_cap: By how much the payment may grow.
        most: The largest balance that unpaid interest may make from then on, with what is paid out; None where it stays as it was.
        ahead, year: What a method may ask of its `Problem` beside the factors, as it is expected from then; None where the
            plan knows of nothing else.
        regular: What payments are solved over in place of the first of the factors, and of those of the advances, where the row
            is a first period of another length and they are solved as if it were a regular one.
        earlier: What changed in the row before it, each as it was known then, where one of them keeps the payment: what stays
            is the payment, or the term, that they made.
    """

    index: int
    factors: Sequence[Factor]
    advances: tuple[PaidOut, ...] = ()
    keeps_payment: bool = False
    solves: bool = False
    payment_cap: Fraction | None = None
    most: int | None = None
    ahead: Ahead | None = None
    year: Year | None = None
    regular: tuple[Factor, tuple[PaidOut, ...]] | None = None
    earlier: tuple[Turn, ...] = ()

    @property
    def advanced(self) -> int:
        """All that is paid out before the row."""
        return sum(amount for amount, _ in self.advances)


def plan(
    method: Method,
    problem: Problem,
    *,
    turns: Sequence[Turn] = (),
    moratorium: Moratorium | None = None,
    accrued: Fraction = _NOTHING,
    brought: Sequence[Brought] = (),
    kept: int | None = None,
    is_open: bool = True,
    goes_on: bool = False,
) -> Columns:
    """The columns of a method over a problem, solved again at every turn.

    Args:
        method, problem: What is solved.
        turns: The rows from which the rest is solved again.
        moratorium: The first rows, which repay nothing.
        accrued: What has accrued in the first row, beside what its factor says.
        brought: Interest from before the first row.
        kept: The payment up to the first turn, where it is not solved.
        is_open: Whether the term follows that payment: what its rounding leaves over is then no installment of its own.
        goes_on: Whether there may be more periods than the problem has, for a payment that is kept.

    Raises:
        NoSolution: If a moratorium leaves no installment to repay, or the plan ends before more is paid out.
        TooFewPeriods: If it `goes_on`, and more periods are needed to tell how long it would.
    """
    if accrued:
        problem, turns = _with_accrued(method, problem, turns, accrued)
    count, before = len(problem), kept if problem.before is None else problem.before
    if moratorium is not None and moratorium.installments >= count:
        raise InvalidTerms(f"moratorium.installments: got {moratorium.installments}; expected fewer than {count}")
    if not turns and moratorium is None and not brought:
        stage = Stage(method, _paying(problem, kept))
        rows = stage.rows(count).columns
        return _without_a_rest(rows, stage) if kept is not None and is_open else rows
    if not turns or turns[0].index:
        turns = [Turn(0, problem.factors, regular=problem.regular and (problem.regular, ())), *turns]
    agreed, so_far = _Agreed(method, moratorium, is_open, goes_on), _SoFar(problem, problem.principal, before, count)
    spreads = "spread" in {moratorium.interest if moratorium else "", *(part.place for part in brought)}
    columns, waited, expected = Columns([], [], []), list[int](), list[tuple[int, int]]()
    for place, turn in enumerate(turns):
        later = turns[place + 1] if place + 1 < len(turns) else None
        for earlier in turn.earlier:
            so_far = agreed.changed(so_far, earlier)
        payment = so_far.payment_kept(turn, None if place else kept)
        stage = agreed.stage(so_far, turn, payment)
        until = later.index - turn.index if later else len(stage.problem)
        rows, level, put_off = stage.rows(until)
        ends = len(rows.principal)
        if payment is not None or (later and spreads):
            whole = agreed.whole(stage, payment, is_last=later is None)
            ends = len(whole.principal)
            rows = whole if payment is not None and ends <= until else rows
        if level is None and payment is None and stage.waiting and later and later.keeps_payment:
            level = stage.level_uncapped()  # nothing asked for it yet
        waited += put_off
        expected.append((turn.index, turn.index + ends))
        columns = columns.then(rows._replace(advanced=((0, turn.advanced),) if turn.advanced else ()))
        so_far = so_far.after(turn, stage, rows, level, ends)
        if len(columns.principal) < turn.index + until or not so_far.balance:
            if any(other.advances for other in turns[place + 1 :]):
                raise NoSolution(
                    f"payment: repays all by installment {len(columns.principal)}, before the last tranche"
                )
            break
    return asking(columns, waited, moratorium, brought, expected)


@dataclass(frozen=True, slots=True)
class _SoFar:
    """A plan as it stands where its terms change.

    Attributes:
        problem: What was to be solved from its beginning, as the terms hold by now.
        balance: What is outstanding.
        before: The level payment in force.
        count: How many rows there are by it.
        more: What was paid out since the beginning, and what interest joined the principal.
    """

    problem: Problem
    balance: int
    before: int | None
    count: int
    more: int = 0

    @property
    def original(self) -> int:
        """What interest is taken of by methods whose interest follows the amount lent."""
        known = self.problem.original
        return self.more + (self.problem.principal if known is None else known)

    def payment_kept(self, turn: Turn, otherwise: int | None = None) -> int | None:
        """The payment that stays at a turn."""
        return self.before if turn.keeps_payment and self.before is not None else otherwise

    def after(self, turn: Turn, stage: Stage, rows: Columns, level: int | None, ends: int) -> _SoFar:
        """The plan after the rows of a stage, of which there would have been `ends` if nothing changed after them."""
        return _SoFar(
            replace(self.problem, payment=None if turn.solves else self.problem.payment, most=stage.problem.most),
            rows.balance[-1],
            self.before if level is None else level,
            self.count if stage.term is None else turn.index + ends,
            self.more + turn.advanced + capitalized(rows),
        )


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What holds from the beginning of a plan to its end: how it repays, and what its payments decide."""

    method: Method
    moratorium: Moratorium | None
    is_open: bool
    goes_on: bool

    def stage(self, so_far: _SoFar, turn: Turn, payment: int | None) -> Stage:
        """What is solved from a turn on, with a payment that stays, or with none."""
        problem, waits, stays = so_far.problem, self.moratorium, so_far.payment_kept(turn) is not None
        factors = turn.factors if stays else turn.factors[: so_far.count - turn.index]
        if turn.advances and not factors:
            raise NoSolution(f"payment: repays all by installment {turn.index}, before the last tranche")
        bearing = so_far.original if self.method.on_original else so_far.balance
        done, original = min(turn.index, waits.installments) if waits else 0, so_far.original + turn.advanced
        whole = replace(
            problem,
            principal=so_far.balance + turn.advanced,
            factors=[_joined(bearing, factors[0], turn.advances), *factors[1:]],
            payment=None if turn.solves else problem.payment,
            most=problem.most if turn.most is None else turn.most,
            done=problem.done + turn.index,
            waited=problem.waited + done,
            before=so_far.before,
            original=original if turn.index or problem.original is not None else None,
            ahead=turn.ahead or problem.ahead,
            year=turn.year or problem.year,
            regular=turn.regular and _joined(so_far.balance, *turn.regular),
        )
        return Stage(
            self.method,
            _paying(whole, payment),
            waits.installments - done if waits else 0,
            waits.interest if waits else "",
            turn.payment_cap,
            len(problem) - turn.index if stays else None,
        )

    def changed(self, so_far: _SoFar, turn: Turn) -> _SoFar:
        """What a change made of a plan when another follows in the same row: the payment, or how many rows there are."""
        payment = so_far.payment_kept(turn)
        stage = self.stage(so_far, turn, payment)
        if payment is None:
            return replace(so_far, before=stage.level_uncapped())
        return replace(so_far, count=turn.index + len(self.whole(stage, payment, is_last=False).principal))

    def whole(self, stage: Stage, payment: int | None, *, is_last: bool) -> Columns:
        """All rows of a stage that there would be if nothing changed after it."""
        rows, stays = stage.rows(len(stage.problem)).columns, stage.term is not None
        if payment is not None and (stays or self.is_open):
            rows = _without_a_rest(rows, stage)
        if stays and self.goes_on and not is_last:
            _check_end(rows, stage.problem)
        return rows


def _check_end(rows: Columns, problem: Problem) -> None:
    """Refuse rows that end since the periods do, and not since a payment that is kept repays: the last one asks for more than it, by
    more than its roundings leave over.
    """
    count = len(rows.principal)
    last = (problem.payment or 0) + (problem.done + count) * problem.installment_step
    if count == len(problem.factors) and rows.payment(count - 1) > last:
        raise TooFewPeriods(
            f"payment: got {format_minor(problem.payment or 0, problem.digits)}; it does not repay within {problem.done + len(problem)} installments"
        )


def _paying(problem: Problem, payment: int | None) -> Problem:
    """The problem with a payment that is kept, where none is stated: what the last row asks for is what is left, and no
    residue.
    """
    if payment is None:
        return problem
    rounding = problem.rounding if problem.rounding.residue == "last" else replace(problem.rounding, residue="last")
    return replace(problem, payment=payment if problem.payment is None else problem.payment, rounding=rounding)


def _without_a_rest(rows: Columns, stage: Stage) -> Columns:
    """Where a payment stays, what its rounding may leave over, at most a step for each installment of the plan, is no
    installment of its own: the one before asks for it, unless that is one of those that wait.
    """
    problem, paid = stage.problem, len(rows.principal) - 1
    most = (problem.done + paid) * problem.installment_step
    if paid <= stage.waiting or rows.balance[-1] or rows.principal[-1] > most:
        return rows
    whole = rows.first(paid)
    return whole._replace(
        principal=[*whole.principal[:-1], whole.principal[-1] + rows.principal[-1]],
        balance=[*whole.balance[:-1], 0],
    )


def _with_accrued(
    method: Method, problem: Problem, turns: Sequence[Turn], accrued: Fraction
) -> tuple[Problem, Sequence[Turn]]:
    """A problem, and what changes in its first row, where that bears what has accrued in it before, whatever it is taken of."""
    base = problem.original if method.on_original and problem.original is not None else problem.principal

    def bearing(factors: Sequence[Factor]) -> list[Factor]:
        return [(Fraction(*factors[0]) + accrued / base).as_integer_ratio(), *factors[1:]]

    def turned(turn: Turn) -> Turn:
        return replace(turn, factors=bearing(turn.factors), earlier=tuple(map(turned, turn.earlier)))

    at_once = [turned(turn) for turn in turns if not turn.index]
    return replace(problem, factors=bearing(problem.factors)), [*at_once, *turns[len(at_once) :]]


def _joined(base: int, factor: Factor, advances: Sequence[PaidOut]) -> Factor:
    """The factor of the first row: what is owed bears its own, what is paid out on the way bears less."""
    if not advances:
        return factor
    interest = base * Fraction(*factor) + sum(amount * Fraction(*own) for amount, own in advances)
    return (interest / (base + sum(amount for amount, _ in advances))).as_integer_ratio()
