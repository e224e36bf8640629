"""What became of each story, and the table by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import loancalc as lc

from .compare import differences
from .reasons import reason_for
from .stories import Story, missing

ALL = "all columns"
DUE = "due columns"
DIFFERS = "differs"
MISSING = "not yet supported"
OUTCOMES = (ALL, DUE, DIFFERS, MISSING)


class Result(NamedTuple):
    """One story: how far it agrees, and why not further."""

    story: str
    kind: str
    is_universal: bool
    outcome: str
    reasons: tuple[str, ...]


def run(story: Story) -> Result:
    """Run a story, and say how far it agrees."""
    outcome, *reasons = _outcome_of(story)
    return Result(story["id"], story["kind"], story["universal"], outcome, tuple(reasons))


def _outcome_of(story: Story) -> list[str]:
    """What is missing is asked only where a story cannot be run or differs: what is not needed keeps nothing from agreeing."""
    needs = missing(story)
    try:
        found = differences(story)
    except lc.LoanError as refusal:
        return [MISSING, *(needs or [f"refused: {refusal}"])]
    if not found:
        return [ALL]
    if needs:
        return [MISSING, *needs]
    is_of_the_plan = any(difference.is_of_the_plan for difference in found)
    return [DIFFERS if is_of_the_plan else DUE, reason_for(story)]


def report(results: Sequence[Result]) -> str:
    """The table by kind, what is missing and how often, and the reason for every story that differs."""
    lines = ["Not all columns, and why"]
    lines += [
        f"  {result.story} ({result.outcome}): {'; '.join(result.reasons)}"
        for result in results
        if result.outcome in (DUE, DIFFERS)
    ]
    return "\n".join([by_kind(results), "", *lines])


def summary(results: Sequence[Result]) -> str:
    """The table by kind, what is missing and how often, and each reason with the number of stories that differ for it."""
    reasons = Counter(reason for result in results if result.outcome in (DUE, DIFFERS) for reason in result.reasons)
    lines = ["Not all columns: in so many stories, and why", *(f"  {n:3}  {why}" for why, n in reasons.most_common())]
    return "\n".join([by_kind(results), "", *lines])


def by_kind(results: Sequence[Result]) -> str:
    """The table by kind, and what is missing and how often."""
    kinds = sorted({result.kind for result in results})
    width = max(map(len, kinds))
    lines = [" ".join(["kind".ljust(width), "stories".rjust(9), *(outcome.rjust(18) for outcome in OUTCOMES)])]
    for kind in (*kinds, "universal", "total"):
        chosen = [result for result in results if kind in ("total", result.kind, result.is_universal and "universal")]
        counts = Counter(result.outcome for result in chosen)
        cells = [str(counts[outcome] or "-").rjust(18) for outcome in OUTCOMES]
        lines.append(" ".join([kind.ljust(width), str(len(chosen)).rjust(9), *cells]))
    lines += ["", "Not yet supported: needed by so many stories, and the only thing missing in so many"]
    lines += [f"  {all_of:3} {alone:3}  {need}" for need, all_of, alone in needs_of(results)]
    return "\n".join(lines)


def needs_of(results: Sequence[Result]) -> list[tuple[str, int, int]]:
    """Each thing that is missing: in how many stories, and in how many it is the only one; the most needed first."""
    short = [result.reasons for result in results if result.outcome == MISSING]
    every = Counter(need for needs in short for need in needs)
    alone = Counter(needs[0] for needs in short if len(needs) == 1)
    return [(need, count, alone[need]) for need, count in every.most_common()]
