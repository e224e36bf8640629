"""Unadjusted dates: where the periods of a loan begin and end before any business day is looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from loancalc.errors import InvalidDate, InvalidTerms, MissingContext
from loancalc.time.frequency import Frequency
from loancalc.time.rolls import Grid, Roll, is_month_end
from loancalc.values.names import Names

STUBS = Names(
    "stub",
    {
        "none": ["regular"],
        "short_initial": ["short first", "short front"],
        "long_initial": ["long first", "long front"],
        "smart_initial": ["smart first"],
        "short_final": ["short last", "short back"],
        "long_final": ["long last", "long back"],
        "smart_final": ["smart last"],
        "explicit_initial": [],
        "explicit_final": [],
        "explicit_both": ["both"],
    },
)
SMART_DAYS = 7
"""A smart stub shorter than this is merged into the period beside it."""

Skipped = Callable[[date], bool]


class Unadjusted(NamedTuple):
    """Dates that bound periods, each with its number on the grid of nominal dates (None if it is not one of them)."""

    dates: list[date]
    numbers: list[int | None]
    grid: Grid | None


class Shape(NamedTuple):
    """How periods are laid: frequency, roll, kind of stub, and the ends of the regular part where they are given."""

    frequency: Frequency
    roll: Roll | None
    stub: str | None
    first_regular_start: date | None
    last_regular_end: date | None


def by_end(start: date, end: date, shape: Shape) -> Unadjusted:
    """Dates from `start` to `end`, with the stub that the shape asks for.

    Raises:
        InvalidTerms: If no stub was asked for, and the periods do not come out even.
        MissingContext: If the stub was left open, and the periods leave more than one choice.
    """
    begin, finish = _regular_part(start, end, shape)
    core = _core(begin, finish, shape)
    if start < begin:
        core.dates.insert(0, start)
        core.numbers.insert(0, _number(core, start))
    if finish < end:
        core.dates.append(end)
        core.numbers.append(_number(core, end))
    return core


def by_count(start: date, count: int, shape: Shape, skipped: Skipped | None) -> Unadjusted:
    """`count` periods from `start` on; the first is a stub where the roll day or the first date make it one."""
    if shape.last_regular_end is not None:
        raise InvalidTerms(
            "last_regular_end: got a date; expected None where the count says how many periods there are"
        )
    first_date = shape.first_regular_start
    if first_date is not None and first_date < start:
        raise InvalidDate(f"first_regular_start: got {first_date}; expected {start} (start) or later")
    grid = _grid(first_date or start, shape, "first_regular_start" if first_date else None)
    first = 0 if first_date and first_date > start else _first_after(start, grid, shape.stub)
    numbers, dates = _take(grid, first, count, skipped)
    return Unadjusted([start, *dates], [grid.number_of(start), *numbers], grid)


def without_skipped(laid: Unadjusted, skipped: Skipped) -> Unadjusted:
    """The dates but those on which nothing is due; the period before such a date runs on to the next.

    Raises:
        InvalidTerms: If the last date would be skipped.
    """
    if skipped(laid.dates[-1]):
        raise InvalidTerms(
            f"skip: got the month of the last date, {laid.dates[-1]}; expected one on which it can be due"
        )
    last = len(laid.dates) - 1
    kept = [n for n, day in enumerate(laid.dates) if n in (0, last) or not skipped(day)]
    return Unadjusted([laid.dates[n] for n in kept], [laid.numbers[n] for n in kept], laid.grid)


def _regular_part(start: date, end: date, shape: Shape) -> tuple[date, date]:
    begin, finish = shape.first_regular_start or start, shape.last_regular_end or end
    if not start <= begin <= end:
        raise InvalidDate(f"first_regular_start: got {begin}; expected {start} (start) to {end} (end)")
    if not begin <= finish <= end:
        raise InvalidDate(f"last_regular_end: got {finish}; expected {begin} to {end} (end)")
    for kind, given, field in (
        ("explicit_initial", shape.first_regular_start, "first_regular_start"),
        ("explicit_final", shape.last_regular_end, "last_regular_end"),
    ):
        if shape.stub in (kind, "explicit_both") and given is None:
            raise MissingContext(f"{field}: missing; the stub {shape.stub} needs it")
    return begin, finish


def _core(begin: date, finish: date, shape: Shape) -> Unadjusted:
    """The regular part, with the stub on its one side."""
    if begin == finish:
        return Unadjusted([begin], [0], Grid(begin, shape.frequency))
    length, _, side = (shape.stub or "").partition("_")
    if length in ("short", "long", "smart"):
        return (_backward if side == "initial" else _forward)(begin, finish, shape, length)
    even = _even(begin, finish, shape)
    if even is not None:
        return even
    if shape.stub is None and shape.roll is not None and not shape.roll.month_end:
        if shape.roll.matches(finish):
            return _backward(begin, finish, shape, "smart")
        if shape.roll.matches(begin):
            return _forward(begin, finish, shape, "smart")
    uneven = f"{begin} to {finish} is no whole number of periods of {shape.frequency}"
    if shape.stub is None:
        raise MissingContext(f"stub: missing; {uneven}; expected one of {', '.join(STUBS.names[1:])}")
    raise InvalidTerms(f"stub: got {shape.stub}; {uneven}; expected dates that come out even, or a stub")


def _even(begin: date, finish: date, shape: Shape) -> Unadjusted | None:
    """Whole periods from `begin` to `finish`, if there is a day of the month that makes them come out even.

    It is the day of `begin`, or the later day of `finish` where `begin` is cut to a short month. Where the month's end
    was asked for, a last date on the day of `begin` will do.
    """
    grid = Grid(begin, shape.frequency, shape.roll)
    last = _last(grid, begin, finish)
    if last is None and shape.roll is None and is_month_end(begin) and finish.day > begin.day:
        if shape.frequency.unit == "month":
            grid = Grid(begin, shape.frequency, Roll((finish.day,)))
            last = _last(grid, begin, finish)
    elif last is None and shape.roll is not None and shape.roll.month_end:
        last = _last(Grid(begin, shape.frequency), begin, finish)
    if last is None:
        return None
    return Unadjusted([*grid.dates(0, last), finish], [*range(last + 1)], grid)


def _last(grid: Grid, begin: date, finish: date) -> int | None:
    return (grid.number_of(finish) or None) if grid.at(0) == begin else None


def _forward(begin: date, finish: date, shape: Shape, length: str) -> Unadjusted:
    """Nominal dates from `begin` on, and what is left at the end."""
    grid = _grid(begin, shape, "start")
    last = grid.floor(finish)
    dates = grid.dates(0, last + 1)
    numbers: list[int | None] = [*range(last + 1)]
    if dates[-1] < finish:
        if last > 0 and _merges(length, finish - dates[-1]):
            del dates[-1], numbers[-1]
        dates.append(finish)
        numbers.append(None)
    return Unadjusted(dates, numbers, grid)


def _backward(begin: date, finish: date, shape: Shape, length: str) -> Unadjusted:
    """Nominal dates back from `finish`, and what is left at the start."""
    grid = _grid(finish, shape, "end")
    first = grid.floor(begin)
    first += grid.at(first) < begin
    dates = grid.dates(first, 1 - first)
    numbers: list[int | None] = [*range(first, 1)]
    if begin < dates[0]:
        if first < 0 and _merges(length, dates[0] - begin):
            del dates[0], numbers[0]
        dates.insert(0, begin)
        numbers.insert(0, None)
    return Unadjusted(dates, numbers, grid)


def _merges(length: str, left: timedelta) -> bool:
    return length == "long" or (length == "smart" and left.days < SMART_DAYS)


def _grid(anchor: date, shape: Shape, field: str | None) -> Grid:
    grid = Grid(anchor, shape.frequency, shape.roll)
    if field is not None and grid.at(0) != anchor:
        raise InvalidTerms(f"{field}: got {anchor}; expected a date of the roll ({grid.at(0)} in that month)")
    return grid


def _first_after(start: date, grid: Grid, stub: str | None) -> int:
    """The number of the first due date, where periods are counted from a start that may lie off the roll."""
    number = grid.floor(start) + 1
    if grid.at(number - 1) == start:
        return number
    length, _, side = (stub or "smart_initial").partition("_")
    if side != "initial" or length == "explicit":
        raise InvalidTerms(f"stub: got {stub}; expected an initial one, as {start} (start) is no date of the roll")
    return number + 1 if _merges(length, grid.at(number) - start) else number


def _take(grid: Grid, first: int, count: int, skipped: Skipped | None) -> tuple[list[int], list[date]]:
    if skipped is None:
        days = grid.dates(first, count)  # refuses what the calendar cannot hold, before anything of that size is made
        return [*range(first, first + count)], days
    numbers: list[int] = []
    dates: list[date] = []
    while len(dates) < count:
        for number, day in enumerate(_dates_left(grid, first, count), first):
            if not skipped(day):
                numbers.append(number)
                dates.append(day)
        first += count
    return numbers[:count], dates[:count]


def _dates_left(grid: Grid, first: int, count: int) -> list[date]:
    """The next dates of a search that skipped months have lengthened."""
    try:
        return grid.dates(first, count)
    except InvalidDate as error:
        raise InvalidTerms(
            f"skip: got months that leave too few dates every {grid.frequency} from {grid.anchor}; expected fewer of them"
        ) from error


def _number(laid: Unadjusted, day: date) -> int | None:
    return laid.grid.number_of(day) if laid.grid is not None else None
