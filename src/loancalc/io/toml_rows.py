"""Where the keys of a TOML text stand: `tomllib` gives values, a finding needs the row too."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]
"""The way to a value: names of tables and keys, and the number (from 0) in an array of tables."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(?P<open>\[\[?)\s*(?P<name>{_KEYS})\s*\]\]?\s*(?:#.*)?")
_ASSIGNMENT = re.compile(rf"\s*(?P<name>{_KEYS})\s*=")


def rows_of_keys(text: str) -> dict[Path, int]:
    """The row on which each table and key of a valid TOML text begins.

    >>> rows_of_keys('principal = 1\\n[[late.penalties]]\\namount = 5\\n')[("late", "penalties", 0, "amount")]
    3
    """
    rows: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for row, line in enumerate(text.split("\n"), 1):
        if found := _HEADER.fullmatch(line):
            table = _names(found["name"])
            if found["open"] == "[[":
                counts[table] = counts.get(table, -1) + 1
                rows.setdefault(table, row)
                table = (*table, counts[table])
            rows.setdefault(table, row)
        elif found := _ASSIGNMENT.match(line):
            rows.setdefault((*table, *_names(found["name"])), row)
    return rows


def row_of(rows: dict[Path, int], path: Path) -> int | None:
    """The row of a key, or of the innermost table or key around it that has one.

    >>> row_of({("late",): 7}, ("late", "grace", "days"))
    7
    """
    while path:
        if path in rows:
            return rows[path]
        path = path[:-1]
    return None


def _names(text: str) -> Path:
    return tuple(name.strip("\"'") for name in re.findall(_KEY, text))
