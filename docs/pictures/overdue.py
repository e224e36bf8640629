"""The picture of the page "I am overdue": `python docs/pictures/overdue.py` writes the SVG beside it.

One account in silence, day by day: what is past due, component by component, and below it the charges of lateness alone. The
figures are positions of the account. `overdue_zh` is the same picture in Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from drawing import COLORS, FAINT, INK, Drawing, Scale

import loancalc as lc

LATE = lc.LateTerms(
    interest=lc.LateInterest("1.5x", day_count="ACT/360", compound="interest"),
    penalties=[lc.Penalty(percent="2%", of="installment", min=10)],
    grace=lc.Grace(3, "deferred"),
)
LOAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=LATE, currency="CNY")
ACCOUNT = lc.Account(LOAN, [lc.Payment("2026-02-15", "1066.19"), lc.Charge("2026-06-30", "cost", 150, installment=2)])
FIRST, LAST = date(2026, 3, 15), date(2026, 9, 30)
DAYS = [FIRST + timedelta(days) for days in range((LAST - FIRST).days + 1)]
ALL = ("principal", "interest", "late_interest", "compound_interest", "penalty", "cost")
CHARGES = ALL[2:]
LEFT, RIGHT = 56, 800
ENGLISH = {name: name.replace("_", " ") for name in ALL} | {
    "title": "What is past due of a loan that is no longer paid, day by day, by component",
    "all": "all that is past due",
    "late": "what lateness adds to it",
    "day": "%d %b",
    "mark": "mark",
}


def drawing() -> Drawing:
    """The picture of the English page."""
    return drawn(ENGLISH)


def drawn(words: Mapping[str, str]) -> Drawing:
    """Two panels over the same days."""
    picture = Drawing(860, 520, words["title"])
    picture.key(LEFT, 16, [(words[name], COLORS[name]) for name in ALL], 138)
    parts = [position.past_due for position in ACCOUNT.on_days(DAYS)]
    along = Scale(0, len(DAYS) - 1, LEFT, RIGHT)
    _panel(picture, words["all"], parts, ALL, along, Scale(0, 9_000, 290, 50), 1_500)
    _panel(picture, words["late"], parts, CHARGES, along, Scale(0, 750, 490, 330), 150)
    for day in (day for day in DAYS if day.day == 15 or day == FIRST):
        at = along((day - FIRST).days)
        picture.line([(at, 490), (at, 495)], INK)
        picture.words(at, 508, day.strftime(words["day"]), anchor="middle", size=11)
    for late, mark in ((0, "1"), (31, "2"), (61, "3"), (91, "4"), (121, "5"), (151, "6"), (181, "7")):
        at = along(late)
        picture.line([(at, 50), (at, 290)], FAINT, 0.8)
        picture.words(at + 3, 62, f"{words['mark']} {mark}", size=10)
    return picture


def _panel(
    picture: Drawing, title: str, parts: Sequence[lc.Parts], names: Sequence[str], along: Scale, up: Scale, step: int
) -> None:
    """Components stacked over the days."""
    for amount in range(0, int(up.high) + 1, step):
        picture.line([(LEFT, up(amount)), (RIGHT, up(amount))], FAINT, 0.5)
        picture.words(LEFT - 6, up(amount) + 4, f"{amount:,}", anchor="end", size=10)
    below = [0.0] * len(parts)
    for name in names:
        above = [low + float(part[name]) for low, part in zip(below, parts, strict=True)]
        edge = [(along(day), up(height)) for day, height in enumerate(above)]
        picture.area(
            [*_steps(edge), *reversed(_steps([(along(day), up(low)) for day, low in enumerate(below)]))], COLORS[name]
        )
        below = above
    picture.words(LEFT, up(up.high) - 7, title, bold=True)
    picture.words(RIGHT + 6, up(below[-1]) + 4, f"{below[-1]:,.0f}", size=11, bold=True)


def _steps(edge: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """An edge without the points that lie on the straight line of their neighbors."""
    kept = edge[:1]
    for before, point, after in zip(edge, edge[1:], edge[2:], strict=False):
        if abs((point[1] - before[1]) - (after[1] - point[1])) > 0.05:
            kept.append(point)
    return [*kept, edge[-1]]


if __name__ == "__main__":
    drawing().write(__file__)
