"""What the pictures of the documentation share: a drawing that writes itself as a small SVG, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

INK, FAINT = "#263238", "#b0bec5"
COLORS = {
    "principal": "#00796b",
    "interest": "#80cbc4",
    "late_interest": "#e65100",
    "compound_interest": "#ffb74d",
    "penalty": "#ad1457",
    "fee": "#5e35b1",
    "cost": "#546e7a",
}
"""The color of each component of a debt, the same in every picture."""


@dataclass(frozen=True)
class Scale:
    """From figures to places: `low` to `high` as `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, figure: float) -> float:
        """The place of a figure; outside the scale, its nearest end."""
        share = (min(max(figure, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


@dataclass
class Drawing:
    """Shapes and words on white paper."""

    width: int
    height: int
    title: str
    shapes: list[str] = field(default_factory=list)

    def box(self, left: float, top: float, right: float, bottom: float, color: str) -> None:
        """A filled box; nothing where it has no height or width."""
        if right - left > 0 and bottom - top > 0:
            size = f'width="{_short(right - left)}" height="{_short(bottom - top)}"'
            self.shapes.append(f'<rect x="{_short(left)}" y="{_short(top)}" {size} fill="{color}"/>')

    def line(self, points: Iterable[tuple[float, float]], color: str = FAINT, width: float = 1) -> None:
        """A line through points."""
        self.shapes.append(
            f'<polyline points="{_places(points)}" fill="none" stroke="{color}" stroke-width="{width}"/>'
        )

    def area(self, points: Iterable[tuple[float, float]], color: str) -> None:
        """A filled area inside points."""
        self.shapes.append(f'<polygon points="{_places(points)}" fill="{color}"/>')

    def words(
        self,
        left: float,
        top: float,
        text: str,
        *,
        anchor: str = "start",
        size: int = 12,
        color: str = INK,
        bold: bool = False,
    ) -> None:
        """Words; `top` is the line they stand on."""
        more = (f' text-anchor="{anchor}"' if anchor != "start" else "") + (' font-weight="bold"' if bold else "")
        place = f'x="{_short(left)}" y="{_short(top)}"'
        self.shapes.append(f'<text {place} font-size="{size}" fill="{color}"{more}>{escape(text)}</text>')

    def key(self, left: float, top: float, entries: Iterable[tuple[str, str]], step: int = 130) -> None:
        """What the colors mean, side by side."""
        for place, (name, color) in enumerate(entries):
            self.box(left + place * step, top - 9, left + place * step + 11, top + 2, color)
            self.words(left + place * step + 16, top + 1, name)

    @property
    def svg(self) -> str:
        """The picture."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" role="img" '
                f'aria-label="{escape(self.title)}" font-family="Roboto, Helvetica, Arial, sans-serif">',
                f'<rect width="{self.width}" height="{self.height}" fill="#fff"/>',
                *self.shapes,
                "</svg>\n",
            ]
        )

    def write(self, script: str) -> None:
        """Write the picture beside the script that drew it."""
        Path(script).with_suffix(".svg").write_text(self.svg, encoding="utf-8")


def _short(place: float) -> str:
    return f"{place:.1f}".removesuffix(".0")


def _places(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_short(left)},{_short(top)}" for left, top in points)
