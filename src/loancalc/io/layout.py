"""Layout of text for a terminal: tables and paragraphs that count a Chinese character as two columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loancalc.values.tables import display_width

WIDTH = 80
"""Columns of a paragraph."""

WIDEST = 100
"""Columns of a calculation, which is better not broken."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: Iterable[int] = (), indent: int = 0) -> str:
    """An aligned table; heads may have several lines, columns are flush right but for those in `left`.

    >>> print(table(["day", "late\\ninterest"], [["1", "2.39"], ["10", "14.30"]]))
             late
    day  interest
      1      2.39
     10     14.30
    """
    lines_of = [title.split("\n") for title in head]
    height = max(map(len, lines_of))
    heads = [[""] * (height - len(lines)) + lines for lines in lines_of]
    cells = [*(list(row) for row in zip(*heads, strict=True) if any(row)), *map(list, rows)]
    widths = [max(display_width(row[column]) for row in cells) for column in range(len(head))]
    at_left = set(left)

    def line(row: Sequence[str]) -> str:
        padded = []
        for column, (text, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - display_width(text))
            padded.append(text + space if column in at_left else space + text)
        return (" " * indent + "  ".join(padded)).rstrip()

    return "\n".join(map(line, cells))


def wrap(text: str, *, first: str = "", later: str | None = None, width: int = WIDTH) -> str:
    """A paragraph broken at spaces; a word that is longer than a line stays whole.

    Args:
        text: The paragraph.
        first: What its first line begins with.
        later: What the others begin with; as many spaces where not given.
        width: Columns that a line may take.

    >>> print(wrap("late interest of 9.96 is owed", first="- ", width=20))
    - late interest of
      9.96 is owed
    """
    later = " " * display_width(first) if later is None else later
    lines, line = [], first
    is_new = True
    for word in text.split():
        candidate = line + word if is_new else f"{line} {word}"
        if not is_new and display_width(candidate) > width:
            lines.append(line)
            candidate = later + word
        line, is_new = candidate, False
    return "\n".join([*lines, line])


def wrap_lines(text: str, width: int = WIDEST) -> str:
    """Every line that is too long, broken, its continuation set in by four columns more than its beginning.

    >>> print(wrap_lines("  interest: 110.54 - 110.54 (paid 2026-03-20) = 0.00", width=40))
      interest: 110.54 - 110.54 (paid
          2026-03-20) = 0.00
    """
    out = []
    for line in text.splitlines():
        margin = " " * (len(line) - len(line.lstrip(" ")))
        is_long = display_width(line) > width
        out.append(wrap(line, first=margin, later=margin + "    ", width=width) if is_long else line)
    return "\n".join(out)
