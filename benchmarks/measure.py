"""The harness: cases timed in turn (A B C A B C ...) in one run, printed as ratios to the first, the floor."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import process_time
from typing import Any

SAMPLE_SECONDS = 0.01


@dataclass(frozen=True)
class Case:
    """One thing to time: `run` on a `fresh` input each call; inputs are made outside the timed part.

    `target` is the ratio to the floor, the first case of a comparison, that may not be exceeded.
    """

    name: str
    run: Callable[[Any], object]
    fresh: Callable[[], Any] = lambda: None
    target: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of a table: seconds per call, and the ratio to the floor, round by round."""

    name: str
    seconds: float
    ratios: Sequence[float]
    target: float | None = None

    @property
    def cells(self) -> list[str]:
        ratio = median(self.ratios)
        low, *_, high = quantiles(self.ratios, n=10)
        verdict = "" if self.target is None else "met" if ratio <= self.target else "ABOVE"
        target = "" if self.target is None else f"{self.target:.2f}"
        return [self.name, show_time(self.seconds), f"{ratio:.2f}", f"{low:.2f}-{high:.2f}", target, verdict]


def compare(title: str, cases: Sequence[Case], rounds: int) -> None:
    """Time the cases in turn, `rounds` times over, and print the table."""
    calls = [_calls(case) for case in cases]
    samples: list[list[float]] = [[] for _ in cases]
    for _ in range(rounds):
        for case, count, times in zip(cases, calls, samples, strict=True):
            times.append(sample(case, count))
    print_ratios(
        title,
        [
            Row(
                case.name,
                median(times),
                [own / floor for own, floor in zip(times, samples[0], strict=True)],
                case.target,
            )
            for case, times in zip(cases, samples, strict=True)
        ],
    )


def sample(case: Case, calls: int) -> float:
    """Seconds of processor time per call. An input and what it keeps are freed inside the timed part; gc stays on."""
    run, inputs = case.run, [case.fresh() for _ in range(calls)]
    gc.collect()
    gc.freeze()
    begin = process_time()
    while inputs:
        run(inputs.pop())
    spent = process_time() - begin
    gc.unfreeze()
    return spent / calls


def _calls(case: Case) -> int:
    sample(case, 1)
    return max(1, round(SAMPLE_SECONDS / sample(case, 3)))


def print_ratios(title: str, rows: Sequence[Row]) -> None:
    """The table of ratios; every subject prints one."""
    heads = ["", "median", "ratio", "10-90 %", "target", ""]
    print_table(title, [heads, *(row.cells for row in rows)])


def print_table(title: str, cells: Sequence[Sequence[str]]) -> None:
    """A title and aligned columns, the first to the left."""
    print(f"\n{title}")
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for first, *others in cells:
        rest = "".join(f"  {text:>{width}}" for text, width in zip(others, widths[1:], strict=True))
        print(f"  {first:<{widths[0]}}{rest}".rstrip())


def show_time(seconds: float) -> str:
    """Seconds, as text with the unit that suits it.

    >>> show_time(0.000123), show_time(0.0456)
    ('123.0 us', '45.60 ms')
    """
    if seconds < 0.001:
        return f"{seconds * 1e6:.1f} us"
    return f"{seconds * 1e3:.2f} ms"
