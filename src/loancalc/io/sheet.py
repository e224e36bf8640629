"""Reading a TOML table into a value: each key by its own reader, every mistake with its row, all of them at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, cast

from loancalc.errors import InvalidTerms, LoanError, unknown_name
from loancalc.io.decoding import decode
from loancalc.io.findings import Finding, problem_of
from loancalc.io.pasted import read_pasted, read_pasted_day
from loancalc.io.toml_rows import Path, row_of, rows_of_keys

Reader = Callable[["Sheet", Path, Any], Any]
"""Reads the value at a place of a sheet; None where it was refused, after the sheet was told why."""

_PLACE = re.compile(r" \(at (?:line (?P<row>\d+), column (?P<column>\d+)|end of document)\)$")
_FIELD = re.compile(r"(?P<field>\w+(?:\.\w+)*): ")
_MOST_DIGITS = 40


@dataclass(frozen=True)
class Sheet:
    """A TOML file while it is read: its table, the rows of its keys, and the findings so far."""

    file: str
    table: dict[str, Any]
    rows: dict[Path, int]
    currency: str | None = None
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, path: Path, value: object, problem: str) -> None:
        """Note that what stands at a path cannot be taken."""
        shown = None if value is None or isinstance(value, dict) else str(value)
        self.findings.append(Finding(self.file, row_of(self.rows, path), dotted(path) or None, shown, problem))

    @property
    def by_row(self) -> tuple[Finding, ...]:
        """The findings as a reader of the file meets them; those without a row first."""
        return tuple(sorted(self.findings, key=lambda finding: finding.row or 0))

    def attempt(self, path: Path, value: object, read: Callable[[], Any]) -> Any:
        """What `read` gives, or None and a finding where it raises."""
        try:
            return read()
        except LoanError as error:
            found = _FIELD.match(str(error))
            blamed = path if found is None else self._place_of(path, tuple(found["field"].split(".")))
            if blamed is None:
                self.refuse(path, value, str(error) if value is None else problem_of(error, value))
            else:
                own_value = value if blamed == path else self._value_at(blamed)
                self.refuse(blamed, own_value, problem_of(error, own_value))
            return None

    def _place_of(self, path: Path, field: Path) -> Path | None:
        """The key that an error means by the name of a field; None if it is no key of what stands at the path."""
        if path:
            own = (*path, field[-1])
            return own if own in self.rows else path if field == path else None
        if field[0] in self.table:
            return field
        deeper = next((key for key in self.rows if key[-len(field) :] == field), None)
        return deeper or (field[-1:] if field[-1:] in self.rows else field)

    def _value_at(self, path: Path) -> Any:
        """What the file has at a path, None if nothing."""
        found: Any = self.table
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found


def open_sheet(raw: bytes, file: str, accepted: str) -> Sheet:
    """A TOML file with its table, or with the findings that keep it from being read."""
    text, notes = decode(raw, file, accepted)
    if text is None:
        return Sheet(file, {}, {}, findings=list(notes))
    text = text.replace("\r\n", "\n")
    try:
        table = tomllib.loads(text, parse_float=_figure)
    except (ValueError, RecursionError) as error:
        return Sheet(file, {}, {}, findings=[*notes, _syntax(file, error)])
    return Sheet(file, table, rows_of_keys(text), findings=list(notes))


def dotted(path: Path) -> str:
    """A path as people write it, the members of an array counted from 1.

    >>> dotted(("late", "penalties", 0, "amount"))
    'late.penalties[1].amount'
    """
    return "".join(f"[{name + 1}]" if isinstance(name, int) else f".{name}" for name in path).removeprefix(".")


def leaf(read: Callable[[Any, str], Any]) -> Reader:
    """The reader of a plain value, from a function of the value and the name of its field."""

    def reader(sheet: Sheet, path: Path, value: Any) -> Any:
        return sheet.attempt(path, value, lambda: read(_plain(value, dotted(path)), dotted(path)))

    return reader


def amount(sheet: Sheet, path: Path, value: Any) -> Any:
    """Reads an amount in the sheet's currency."""
    name = dotted(path)
    return sheet.attempt(path, value, lambda: read_pasted(_plain(value, name), name, sheet.currency).amount)


day = leaf(read_pasted_day)
"""Reads a date."""


def _of_type(kind: type, accepted: str) -> Reader:
    def read(value: Any, name: str) -> Any:
        if type(value) is not kind:
            raise InvalidTerms(f"{name}: got {value!r}; expected {accepted}")
        return value

    return leaf(read)


text = _of_type(str, "text in quotes")
whole = _of_type(int, "a whole number")
flag = _of_type(bool, "true or false")


@leaf
def number(value: Any, name: str) -> int | Decimal:
    """Reads a number, whole or with decimals."""
    if type(value) not in (int, Decimal):
        raise InvalidTerms(f"{name}: got {value!r}; expected a number")
    return cast("int | Decimal", value)


@leaf
def words(value: Any, name: str) -> list[str]:
    """Reads a list of texts."""
    if type(value) is not list or any(type(word) is not str for word in value):
        raise InvalidTerms(f"{name}: got {value!r}; expected a list of texts")
    return list(value)


@leaf
def groups(value: Any, name: str) -> list[str | list[str]]:
    """Reads a list whose members are texts or lists of texts."""
    if type(value) is not list:
        raise InvalidTerms(f"{name}: got {value!r}; expected a list")
    for member in value:
        members = member if type(member) is list else [member]
        if any(type(word) is not str for word in members):
            raise InvalidTerms(f"{name}: got {member!r}; expected a text or a list of texts")
    return list(value)


def table_of(make: Callable[..., Any], keys: Mapping[str, Reader], required: Mapping[str, str] | None = None) -> Reader:
    """The reader of a table: its keys by their readers, then `make` with all of them.

    Args:
        make: Makes the value; its arguments are the keys.
        keys: The reader of each key.
        required: What is expected of each key that has to be there.
    """

    def reader(sheet: Sheet, path: Path, value: Any) -> Any:
        if not isinstance(value, dict):
            sheet.refuse(path, value, f"expected a table with some of: {', '.join(keys)}")
            return None
        before = len(sheet.findings)
        given = {name: keys[name](sheet, (*path, name), entry) for name, entry in value.items() if name in keys}
        for name in value:
            if name not in keys:
                error = unknown_name(dotted((*path, name)), name, keys)
                sheet.refuse((*path, name), None, f"no such key; {problem_of(error, name)}")
        for name, accepted in (required or {}).items():
            if name not in value:
                sheet.refuse((*path, name), None, f"missing; expected {accepted}")
        if len(sheet.findings) > before:
            return None
        return sheet.attempt(path, None, lambda: make(**given))

    return reader


def either(plain: Reader, table: Reader) -> Reader:
    """The reader of what may be a name or a table."""
    return lambda sheet, path, value: (table if isinstance(value, dict) else plain)(sheet, path, value)


def one_or_list(one: Reader, many: Reader) -> Reader:
    """The reader of what may be a single value or a list."""
    return lambda sheet, path, value: (many if isinstance(value, list) else one)(sheet, path, value)


def list_of(one: Reader, count: int | None = None) -> Reader:
    """The reader of a list, each member by the same reader.

    Args:
        one: The reader of a member.
        count: How many there have to be; any number if None.
    """

    def reader(sheet: Sheet, path: Path, value: Any) -> Any:
        if not isinstance(value, list) or count not in (None, len(value)):
            sheet.refuse(path, value, f"expected a list{f' of {count}' if count else ''}")
            return None
        return [one(sheet, (*path, index), member) for index, member in enumerate(value)]

    return reader


def keyed(key: Callable[[str, str], Any], one: Reader) -> Reader:
    """The reader of a table whose keys are data, such as dates from which something holds.

    Args:
        key: What a key means, from its text and the name of its field.
        one: The reader of what stands under a key.
    """

    def reader(sheet: Sheet, path: Path, value: Any) -> Any:
        if not isinstance(value, dict):
            sheet.refuse(path, value, "expected a table")
            return None
        found: dict[Any, Any] = {}
        for name, entry in value.items():
            own = (*path, name)
            read = sheet.attempt(own, name, partial(key, name, dotted(own)))
            if read in found:
                sheet.refuse(own, name, "expected every key once")
            found[read] = one(sheet, own, entry)
        return found

    return reader


def dated(one: Reader) -> Reader:
    """The reader of a table whose keys are the days from which its values hold."""
    return keyed(read_pasted_day, one)


def one_of(kinds: Mapping[str, Reader], find: Callable[[str], str | None]) -> Reader:
    """The reader of a table that holds one other table, whose name says what kind of value it is.

    Args:
        kinds: The reader of each kind.
        find: The kind that a name means, None if none.
    """

    def reader(sheet: Sheet, path: Path, value: Any) -> Any:
        names = {name: find(name) for name in value}
        for name, kind in names.items():
            if kind not in kinds:
                error = unknown_name(dotted((*path, name)), name, kinds)
                sheet.refuse((*path, name), None, f"no such table; {problem_of(error, name)}")
                return None
        if len(names) != 1:
            sheet.refuse(path, None, f"got {len(names)} tables; expected one of: {', '.join(kinds)}")
            return None
        ((name, kind),) = names.items()
        return kinds[str(kind)](sheet, (*path, name), value[name])

    return reader


def several(one: Reader) -> Reader:
    """The reader of an array of tables; a single table is an array of one."""

    def reader(sheet: Sheet, path: Path, value: Any) -> Any:
        if isinstance(value, list):
            return [one(sheet, (*path, index), entry) for index, entry in enumerate(value)]
        return [one(sheet, path, value)]

    return reader


def _figure(text: str) -> Decimal | str:
    """A figure exactly as it is written; the text itself, which its key refuses, where no Decimal has such an exponent."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _plain(value: Any, name: str) -> Any:
    """A value that is safe to calculate with: an exponent such as 1e999999999 is not a figure of a contract."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidTerms(f"{name}: got {value}; expected a number")
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and (value.adjusted() > _MOST_DIGITS or exponent < -_MOST_DIGITS):
            raise InvalidTerms(f"{name}: got {value}; expected a number of at most {_MOST_DIGITS} digits")
    if isinstance(value, dict):
        raise InvalidTerms(f"{name}: got a table; expected a single value")
    return value


def _syntax(file: str, error: Exception) -> Finding:
    if isinstance(error, RecursionError):
        return Finding(file, None, None, None, "nested too deeply; expected a table of keys and values")
    message = str(error)
    found = _PLACE.search(message)
    problem = f'not TOML: {_PLACE.sub("", message)}; expected lines such as principal = 12000 or rate = "12%"'
    if found is None or found["row"] is None:
        return Finding(file, None, None, None, problem)
    return Finding(file, int(found["row"]), found["column"], None, problem)
