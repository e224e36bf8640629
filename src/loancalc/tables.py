"""Tables of text: aligned for reading in a terminal, and as HTML with every cell escaped."""

from __future__ import annotations

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


def html_table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """An HTML table with every cell escaped."""

    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f'<{tag} style="text-align:right">{escape(cell)}</{tag}>' for cell in cells) + "</tr>"

    return (
        f"<table><thead>{row(head, 'th')}</thead><tbody>{''.join(row(cells, 'td') for cells in body)}</tbody></table>"
    )
