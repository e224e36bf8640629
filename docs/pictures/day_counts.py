"""The picture of the page "Choosing a day count": `python docs/pictures/day_counts.py` writes the SVG beside this file.

One loan, one year over a leap February, its share of the year by every convention: as one yearly period, and as the sum
of twelve monthly ones. Needs matplotlib (`pip install -e '.[docs]'`); the figures are the library's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from loancalc import DayCount, Periods, periods

PICTURE = Path(__file__).with_suffix(".svg")
START = "2027-08-31"
LEFT, RIGHT = 0.980, 1.022
"""What the axis shows; what lies outside is written at the edge."""
ONE_PERIOD, TWELVE = "#00796b", "#e65100"


class Shares(NamedTuple):
    """The loan year by one convention: as one period, and as twelve months added up."""

    name: str
    at_once: Fraction
    by_months: Fraction

    @property
    def label(self) -> str:
        """The year as one period, and beside it the sum of the months where that differs."""
        if self.at_once == self.by_months:
            return f"{float(self.at_once):.6f}"
        return f"{float(self.at_once):.6f} / {float(self.by_months):.6f}"


def shares() -> Iterator[Shares]:
    """Every convention; business days are Monday to Friday, and the disputed ACT/365 CA is read exactly."""
    year, months = _laid("1 year", 1), _laid("1 month", 12)
    for convention in DayCount:
        yield Shares(str(convention), _share(convention, year), _share(convention, months))


def _laid(every: str, count: int) -> Periods:
    return periods(START, every=every, count=count, calendar="WEEKENDS", adjust="none", reading="exact")


def _share(convention: DayCount, laid: Periods) -> Fraction:
    return sum((convention.fraction(period.start, period.end, period.context) for period in laid), Fraction(0))


def draw() -> None:
    """Write the picture."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "day counts", "font.size": 10}
    from matplotlib import pyplot

    rows = sorted(shares(), key=lambda row: (row.at_once, row.by_months), reverse=True)
    figure, axes = pyplot.subplots(figsize=(9.6, 8.6), layout="constrained")
    for height, row in enumerate(rows):
        ends = [min(max(float(share), LEFT), RIGHT) for share in (row.at_once, row.by_months)]
        axes.plot(ends, [height, height], color="#b0bec5", linewidth=2, zorder=1)
        for share, end, color, size in zip(row[1:], ends, (ONE_PERIOD, TWELVE), (80, 30), strict=True):
            outside = float(share) > RIGHT
            axes.scatter([end], [height], s=size, color=color, marker=">" if outside else "o", zorder=2)
        axes.text(RIGHT + 0.0012, height, row.label, va="center", fontsize=9)
    axes.axvline(1, color="#546e7a", linewidth=0.8, zorder=0)
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(LEFT, RIGHT + 0.0006)
    axes.grid(axis="x", color="#eceff1", zorder=0)
    axes.set_xlabel("share of the year, 31 August 2027 to 31 August 2028 (366 nights)")
    interest = axes.secondary_xaxis("top", functions=(lambda share: 1000 * share, lambda amount: amount / 1000))
    interest.set_xlabel("interest of that year on 10,000 at 10 %")
    axes.scatter([], [], s=80, color=ONE_PERIOD, label="one yearly period")
    axes.scatter([], [], s=30, color=TWELVE, label="twelve monthly periods, added up")
    axes.legend(loc="upper left", frameon=True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(PICTURE, metadata={"Date": None}, facecolor="white")


if __name__ == "__main__":
    draw()
