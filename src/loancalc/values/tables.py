"""Tables of text: aligned for reading in a terminal, and as HTML with every cell escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape


def display_width(text: str) -> int:
    """Columns that a text takes in a terminal.

    >>> display_width("principal"), display_width("本金")
    (9, 4)
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def align(cells: Sequence[Sequence[str]]) -> str:
    """Rows of text as an aligned table, the first row being the header; a Chinese character is two columns wide.

    >>> print(align([["number", "total"], ["1", "1066.19"]]))
    number    total
         1  1066.19
    """
    widths = [max(display_width(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(" " * (width - display_width(text)) + text for text, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


_FIGURE = re.compile(r"[-+]?\d[\d.,:/%-]*")
_STYLES = {True: "text-align:right;white-space:nowrap", False: "text-align:left"}


def html_table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """An HTML table with every cell escaped: figures and dates to the right and in one line, words to the left.

    >>> html_table(["day", "what"], [["2026-02-15", "a < b"]])[-114:]
    'text-align:right;white-space:nowrap">2026-02-15</td><td style="text-align:left">a &lt; b</td></tr></tbody></table>'
    """
    styles = [_STYLES[_are_figures([row[column] for row in body])] for column in range(len(head))]

    def row(cells: Sequence[str], tag: str) -> str:
        shown = zip(cells, styles, strict=True)
        return "<tr>" + "".join(f'<{tag} style="{style}">{escape(cell)}</{tag}>' for cell, style in shown) + "</tr>"

    return (
        f"<table><thead>{row(head, 'th')}</thead><tbody>{''.join(row(cells, 'td') for cells in body)}</tbody></table>"
    )


def _are_figures(column: Sequence[str]) -> bool:
    """Whether a column holds figures or dates: most of its cells that are not empty."""
    filled = [cell for cell in column if cell]
    return 2 * sum(_FIGURE.fullmatch(cell) is not None for cell in filled) > len(filled)
