"""The rows of a CSV text, whatever separates its columns, with the line each begins on; bad lines lose no good ones."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import NamedTuple

SEPARATORS = ",;\t，；|"
_NAMED_SEPARATOR = re.compile(rf"sep=(?P<separator>[{SEPARATORS}])[ ]*\r?\n", re.IGNORECASE)
"""The first line by which a file tells a spreadsheet what separates its columns."""


class Row(NamedTuple):
    """One row: the line it begins on (the first is 1), its cells, and what is wrong with it as CSV, if anything."""

    number: int
    cells: list[str]
    problem: str | None


def rows_of(text: str) -> list[Row]:
    """All rows that hold something, the names of the columns first.

    >>> rows_of('date,amount\\n\\n2026-02-15,"1,066.19"\\n')[1]
    Row(number=3, cells=['2026-02-15', '1,066.19'], problem=None)
    """
    named = _NAMED_SEPARATOR.match(text)
    separator = named["separator"] if named else separator_of(text)
    try:
        rows = _read(text, separator)
    except csv.Error:
        rows = _line_by_line(text, separator)
    return [row for row in rows[bool(named) :] if row.problem or any(cell.strip() for cell in row.cells)]


def separator_of(text: str) -> str:
    """What separates the columns: of the separators in use, the one that the first line has most of.

    >>> separator_of("date;amount\\n2026-02-15;1,5")
    ';'
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _read(text: str, separator: str) -> list[Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    began = 1
    for cells in reader:
        rows.append(Row(began, [cell.strip() for cell in cells], None))
        began = reader.line_num + 1
    return rows


def _line_by_line(text: str, separator: str) -> list[Row]:
    rows = []
    for number, line in enumerate(StringIO(text, newline=None), 1):
        try:
            rows += [Row(number, row.cells, None) for row in _read(line, separator)]
        except csv.Error as error:
            problem = f"not CSV: {error}; expected cells with both their quotes, or none"
            rows.append(Row(number, [line.strip()], problem))
    return rows
