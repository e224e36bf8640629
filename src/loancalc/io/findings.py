"""Findings: what is wrong in a file, where, and what is accepted there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from loancalc.errors import LoanError

_LONGEST = 60
_FIELD = re.compile(r"\w[\w.\[\]-]*: ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a file says and that cannot be taken as it stands, or, as a note, how it was taken.

    Args:
        file: Name of the file.
        row: Line of the file, the first being 1; None where the finding is about the whole file.
        column: Name of the column, or key of the table.
        value: What stands there.
        problem: What is accepted there.
        is_note: Whether the file was read all the same.

    >>> print(Finding("payments.csv", 3, "amount", "12.345", "expected at most 2 decimals"))
    payments.csv, row 3, column amount: got '12.345'; expected at most 2 decimals
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    problem: str
    is_note: bool = False

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            named = self.file.casefold().endswith(".toml") and not self.column.isdigit()
            where += f", {'key' if named else 'column'} {self.column}"
        got = "" if self.value is None or self.problem.startswith("got ") else f"got {_short(self.value)}; "
        return f"{where}: {'note: ' if self.is_note else ''}{got}{self.problem}"


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """The findings for which a file is refused.

    >>> errors_in([Finding("a.csv", None, None, None, "read as GB18030", is_note=True)])
    []
    """
    return [finding for finding in findings if not finding.is_note]


def notes_in(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that only say how a file was read.

    >>> print(notes_in([Finding("a.csv", None, None, None, "read as GB18030", is_note=True)])[0])
    a.csv: note: read as GB18030
    """
    return [finding for finding in findings if finding.is_note]


def problem_of(error: LoanError, value: object) -> str:
    """The message of an error without the field and the value, which a finding has places of its own for.

    >>> from loancalc import InvalidAmount
    >>> problem_of(InvalidAmount("amount: got 12.345; expected at most 2 decimals"), "12.345")
    'expected at most 2 decimals'
    """
    text = _FIELD.sub("", str(error), count=1) if _FIELD.match(str(error)) else str(error)
    for shown in (repr(value), str(value)):
        if text.startswith(f"got {shown}; "):
            return text.removeprefix(f"got {shown}; ")
    return text


def _short(value: str) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]}...{text[-1]}"
