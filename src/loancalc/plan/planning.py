"""A whole plan from its pieces: a grace period first, then the method, solved again where the terms change on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from loancalc.errors import InvalidTerms, NoSolution
from loancalc.plan.columns import Ahead, Columns, Problem, Year
from loancalc.plan.methods import Method, Solve
from loancalc.plan.recurrence import as_stated
from loancalc.plan.timeline import Factor
from loancalc.plan.waiting import LATER, Brought, Moratorium, asking
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
    count = len(problem.factors)
    if moratorium is not None and moratorium.installments >= count:
        raise InvalidTerms(f"moratorium.installments: got {moratorium.installments}; expected fewer than {count}")
    if not turns and moratorium is None and not brought:
        rows = _solved(method, _paying(problem, kept), count).columns
        return _without_a_rest(rows, problem) if kept is not None and is_open else rows
    stages = list(turns)
    if not turns or turns[0].index:
        stages.insert(0, Turn(0, problem.factors, regular=problem.regular and (problem.regular, ())))
    columns, waited, expected = Columns([], [], []), list[int](), list[tuple[int, int]]()
    spreads = "spread" in {moratorium.interest if moratorium else "", *(part.place for part in brought)}
    before = kept if problem.before is None else problem.before
    balance = problem.principal
    original = balance if problem.original is None else problem.original
    for place, turn in enumerate(stages, 1):
        for earlier in turn.earlier:
            before, count = _changed(method, problem, earlier, before, count, (balance, original), moratorium, goes_on)
        stays = turn.keeps_payment and before is not None
        factors = turn.factors if stays else turn.factors[: count - turn.index]
        if turn.advances and not factors:
            raise NoSolution(f"payment: repays all by installment {turn.index}, before the last tranche")
        end = stages[place].index if place < len(stages) else turn.index + len(factors)
        first = _joined(original if method.on_original else balance, turn.factors[0], turn.advances)
        original += turn.advanced
        if turn.solves:
            problem = replace(problem, payment=None)
        if turn.most is not None:
            problem = replace(problem, most=turn.most)
        stage = replace(
            problem,
            principal=balance + turn.advanced,
            factors=[first, *factors[1:]],
            done=problem.done + turn.index,
            waited=problem.waited + (min(turn.index, moratorium.installments) if moratorium else 0),
            before=before,
            original=original if turn.index or problem.original is not None else None,
            ahead=turn.ahead or problem.ahead,
            year=turn.year or problem.year,
            regular=turn.regular and _joined(balance, *turn.regular),
        )
        payment = before if stays else kept if place == 1 else None
        stage = _paying(stage, payment)
        left = max(0, moratorium.installments - turn.index) if moratorium else 0
        term = len(problem) - turn.index if stays else None
        (rows, level), put_off = _stage(method, stage, end - turn.index, moratorium, left, turn.payment_cap, term)
        waited += put_off
        whole = None
        if stays or payment is not None or (place < len(stages) and spreads):
            whole = _stage(method, stage, len(factors), moratorium, left, turn.payment_cap, term)[0].columns
        if whole is not None and payment is not None:
            whole = _without_a_rest(whole, stage, left) if stays or is_open else whole
            if goes_on and stays and place < len(stages):
                _check_end(whole, stage)
            rows = whole if len(whole.principal) <= end - turn.index else rows
        is_unpaid = left and level is None and payment is None
        if is_unpaid and any(later.keeps_payment for later in stages[place : place + 1]):  # nothing asked for it yet
            level = _stage(method, stage, len(factors), moratorium, left, None, term)[0].level
        before = before if level is None else level
        original += _capitalized(rows)
        columns = columns.then(rows._replace(advanced=((0, turn.advanced),) if turn.advanced else ()))
        balance = columns.balance[-1]
        expected.append((turn.index, turn.index + len((whole or rows).principal)))
        count = expected[-1][1] if stays else count
        if len(columns.principal) < end or not balance:
            if any(later.advances for later in stages[place:]):
                raise NoSolution(
                    f"payment: repays all by installment {len(columns.principal)}, before the last tranche"
                )
            break
    return asking(columns, waited, moratorium, brought, expected)


def _changed(
    method: Method,
    problem: Problem,
    turn: Turn,
    before: int | None,
    count: int,
    owed: tuple[int, int],
    moratorium: Moratorium | None,
    goes_on: bool,
) -> tuple[int | None, int]:
    """What a change made of a plan when another follows in the same row: the payment, and how many rows there are."""
    stays = turn.keeps_payment and before is not None
    (balance, original), factors = owed, turn.factors if stays else turn.factors[: count - turn.index]
    waited = min(turn.index, moratorium.installments) if moratorium else 0
    stage = replace(
        problem,
        principal=balance + turn.advanced,
        factors=[_joined(original if method.on_original else balance, factors[0], turn.advances), *factors[1:]],
        done=problem.done + turn.index,
        waited=problem.waited + waited,
        payment=None if turn.solves else problem.payment,
        before=before,
        ahead=turn.ahead or problem.ahead,
        year=turn.year or problem.year,
        regular=turn.regular and _joined(balance, *turn.regular),
    )
    stage, left = _paying(stage, before if stays else None), moratorium.installments - waited if moratorium else 0
    rows, level = _stage(method, stage, len(factors), moratorium, left, None, count - turn.index if stays else None)[0]
    if stays:
        rows = _without_a_rest(rows, stage, left)
        if goes_on:
            _check_end(rows, stage)
        return before, turn.index + len(rows.principal)
    return level, count


def _check_end(rows: Columns, stage: Problem) -> None:
    """Refuse rows that end since the periods do, and not since a payment that is kept repays: the last one asks for more than it, by
    more than its roundings leave over.
    """
    count = len(rows.principal)
    last = (stage.payment or 0) + (stage.done + count) * stage.installment_step
    if count == len(stage.factors) and rows.payment(count - 1) > last:
        raise TooFewPeriods(
            f"payment: got {format_minor(stage.payment or 0, stage.digits)}; it does not repay within {stage.done + len(stage)} installments"
        )


def _paying(problem: Problem, payment: int | None) -> Problem:
    """The problem with a payment that is kept, where none is stated: what the last row asks for is what is left, and no
    residue.
    """
    if payment is None:
        return problem
    rounding = problem.rounding if problem.rounding.residue == "last" else replace(problem.rounding, residue="last")
    return replace(problem, payment=payment if problem.payment is None else problem.payment, rounding=rounding)


def _without_a_rest(rows: Columns, stage: Problem, waiting: int = 0) -> Columns:
    """Where a payment stays, what its rounding may leave over, at most a step for each installment of the plan, is no
    installment of its own: the one before asks for it, unless that is one of the first, `waiting`, which repay nothing.
    """
    paid = len(rows.principal) - 1
    if paid <= waiting or rows.balance[-1] or rows.principal[-1] > (stage.done + paid) * stage.installment_step:
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


class _Rows(NamedTuple):
    """The rows of a stage, and the level payment in force at their end: another one, where the balance reached its limit."""

    columns: Columns
    level: int | None


def _stage(
    method: Method,
    stage: Problem,
    rows: int,
    moratorium: Moratorium | None,
    waiting: int,
    cap: Fraction | None,
    term: int | None,
) -> tuple[_Rows, list[int]]:
    """The rows up to the next turn: what is left of the grace period, then the method; and what waiting rows put off. A `term` is
    how many rows are left of the agreed one, where a payment that stays may need more.
    """
    if not waiting or moratorium is None:
        return _capped(method, stage, rows, cap, term), []
    before, put_off = _waiting(stage, min(waiting, rows), moratorium.interest)
    if waiting >= rows:
        return _Rows(before, None), put_off
    original = None if stage.original is None else stage.original + _capitalized(before)
    rest = replace(
        stage,
        principal=before.balance[-1],
        factors=stage.factors[waiting:],
        done=stage.done + waiting,
        waited=stage.waited + waiting,
        original=original,
        regular=None,
    )
    after, level = _solved(method, rest, rows - waiting, term=None if term is None else term - waiting)
    return _Rows(before.then(after)._replace(level=after.level), level), put_off


def _capitalized(columns: Columns) -> int:
    """The interest that joined the principal."""
    return -sum(part for part in columns.principal if part < 0)


def _waiting(problem: Problem, count: int, interest: str) -> tuple[Columns, list[int]]:
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
    return Columns(parts, interests, balances), put_off


def _capped(method: Method, stage: Problem, rows: int, cap: Fraction | None, term: int | None) -> _Rows:
    """The rows of a stage whose payment may not grow by more than a share; what it then leaves is left to the last one."""
    if cap is None or stage.before is None or stage.payment is not None:
        return _solved(method, stage, rows, term=term)
    top, bottom = (1 + cap).as_integer_ratio()
    most = stage.rounding.divide("installment")(stage.before * top, bottom)
    solved = _repaid(method.repay, stage)
    if solved.level is not None and solved.level > most:
        solved = _repaid(lambda problem: as_stated(problem, [most] * len(problem)), stage)
    return _solved(method, stage, rows, solved)


def _repaid(repay: Solve, stage: Problem) -> Columns:
    """The rows that a method makes. Where payments are solved as if the first period were a regular one, its row asks for the
    interest of the period as it is, beside what it repays then: for more where the period is longer, for less where it is shorter.

    Raises:
        NoSolution: If that is less than nothing, as the payment leaves more interest unpaid than the shorter period bears.
    """
    if stage.regular is None or len(stage) == 1:
        return repay(stage)
    columns = repay(replace(stage, factors=[stage.regular, *stage.factors[1:]], regular=None))
    if not columns.interest:
        return columns
    numerator, denominator = stage.factors[0]
    interest = stage.rounding.divide("interest")(stage.principal * numerator, denominator)
    beside = interest - columns.interest[0]
    if columns.principal[0] + interest < 0:
        raise NoSolution(
            f"first_period: got 'interest-added' where a payment leaves {format_minor(-columns.principal[0], stage.digits)} of a regular "
            f"period's interest unpaid, and the shorter one bears {format_minor(interest, stage.digits)}; expected 'level'"
        )
    return columns._replace(interest=[interest, *columns.interest[1:]], beside=((0, beside),))


def _solved(
    method: Method, stage: Problem, rows: int, columns: Columns | None = None, *, term: int | None = None
) -> _Rows:
    """The first rows that a method gives, or of columns; solved again, to repay in full by the end of the term, where the balance
    would pass its limit.
    """
    if columns is None:
        columns = _repaid(method.repay, stage)
    stop = columns.stopped_at
    if stop is None or stop >= rows:
        return _Rows(columns if len(columns.principal) <= rows else columns.first(rows), columns.level)
    balance = columns.balance[-1] if stop else stage.principal
    factors = stage.factors[stop:term]
    if not factors:
        raise NoSolution(
            f"negative_amortization: a payment of {format_minor(stage.payment or 0, stage.digits)} lets the balance pass "
            f"{format_minor(stage.most or 0, stage.digits)} at installment {stage.done + stop + 1}, after the agreed term; "
            "expected a payment that repays, or a change of the rate that keeps the 'term'"
        )
    regular = None if stop else stage.regular
    rest = replace(
        stage, principal=balance, factors=factors, done=stage.done + stop, payment=None, most=None, regular=regular
    )
    if stop == 0 and stage.payment is None and stage.before is None:
        assert stage.most is not None
        raise NoSolution(
            f"negative_amortization: the balance would pass {format_minor(stage.most, stage.digits)} at installment "
            f"{stage.done + 1}; expected a higher limit"
        )
    after, level = _solved(method, rest, rows - stop)
    before = columns.first(stop)._replace(stopped_at=None, level=columns.level if stop else None)
    return _Rows(before.then(after), level)
