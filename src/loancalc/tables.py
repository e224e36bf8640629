"""Tables of text: aligned for reading, and as HTML with every cell escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def align(cells: Sequence[Sequence[str]]) -> str:
    """Rows of text as an aligned table, the first row being the header.

    >>> print(align([["number", "total"], ["1", "1066.19"]]))
    number    total
         1  1066.19
    """
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def html_table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """An HTML table with every cell escaped."""

    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f'<{tag} style="text-align:right">{escape(cell)}</{tag}>' for cell in cells) + "</tr>"

    return (
        f"<table><thead>{row(head, 'th')}</thead><tbody>{''.join(row(cells, 'td') for cells in body)}</tbody></table>"
    )
