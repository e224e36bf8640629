"""Rule sets of bureaus and supervisors: one table each, with source, validity and status, kept as package data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from loancalc.errors import InvalidDate, unknown_name
from loancalc.values.dates import DateLike, read_date
from loancalc.values.names import fold_name


class Bucket(NamedTuple):
    """A span of days, both ends inside (open where `to` is None), and the mark or grade that it gets."""

    code: str
    first: int
    to: int | None
    meaning: str
    meaning_zh: str
    note: str


@dataclass(frozen=True, slots=True)
class Framework:
    """One rule set.

    Attributes:
        name, version: The short name, and the name of this edition of it.
        kind: "monthly-status" or "grade".
        jurisdiction, applies_to: Where it holds and for whom.
        counts: Which days it reads: "past-due" (by the contract) or "delinquent" (after a status-only grace).
        valid_from, valid_to: First and last day; None where open or not known.
        status: "verified", or what is not.
        source: Where the rule was read.
        buckets: Spans of days with their marks or grades.
        marks: Meaning of the other marks, by mark.

    >>> from loancalc.credit import framework
    >>> rules = framework("cn-credit-report-2", "2026-03-31")
    >>> rules.counts, rules.buckets[0].code, rules.status
    ('delinquent', '1', 'verified')
    """

    name: str
    version: str
    kind: str
    title: str
    jurisdiction: str
    applies_to: str
    counts: str
    valid_from: date | None
    valid_to: date | None
    status: str
    source: str
    notes: str
    buckets: tuple[Bucket, ...]
    marks: tuple[tuple[str, str, str], ...]

    def bucket(self, days: int) -> Bucket | None:
        """The span that a number of days falls into."""
        return next((b for b in self.buckets if b.first <= days and (b.to is None or days <= b.to)), None)

    def holds_on(self, day: date) -> bool:
        """Whether the rule set was in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def __str__(self) -> str:
        since = f"in force from {self.valid_from}" if self.valid_from else "start of validity not known"
        until = f" to {self.valid_to}" if self.valid_to else ""
        return f"{self.version} ({self.title}; {since}{until}; {self.status}; source: {self.source})"


@cache
def frameworks() -> tuple[Framework, ...]:
    """Every rule set that comes with the library.

    >>> [rules.name for rules in frameworks()]
    ['cn-credit-report-2', 'cn-five-class']
    """
    folder = files("loancalc.credit") / "rules"
    tables = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(_read(tomllib.loads((folder / name).read_text("utf-8"))) for name in tables)


@cache
def _editions() -> dict[str, list[Framework]]:
    """The rule sets by their folded names; by that of an edition, that one alone."""
    editions: dict[str, list[Framework]] = {}
    for rules in frameworks():
        for name in {fold_name(rules.name), fold_name(rules.version)}:
            editions.setdefault(name, []).append(rules)
    return editions


def framework(name: str | Framework, on: DateLike) -> Framework:
    """The edition of a rule set that is in force on a day, or the caller's own.

    Raises:
        UnknownName: If there is no such rule set.
        InvalidDate: If the day is none, or none of its editions was in force on it.

    >>> framework("cn-five-class", date(2026, 4, 30)).version
    'cn-five-class-2023'
    """
    if isinstance(name, Framework):
        return name
    editions = _editions().get(fold_name(name), ()) if isinstance(name, str) else ()
    if not editions:
        raise unknown_name("framework", name, [rules.name for rules in frameworks()])
    day = read_date(on, "on")
    for rules in editions:
        if rules.holds_on(day):
            return rules
    spans = "; ".join(f"{rules.version} from {rules.valid_from} to {rules.valid_to or 'now'}" for rules in editions)
    raise InvalidDate(f"framework: {name!r} was not in force on {day}; accepted: {spans}")


def _read(table: dict[str, Any]) -> Framework:
    buckets = tuple(
        Bucket(row["code"], row["from"], row.get("to"), row["meaning"], row["meaning_zh"], row.get("note", ""))
        for row in table["bucket"]
    )
    marks = tuple((row["code"], row["meaning"], row["meaning_zh"]) for row in table.get("mark", ()))
    plain = {key: table[key] for key in ("name", "version", "kind", "title", "jurisdiction", "applies_to", "counts")}
    return Framework(
        **plain,
        valid_from=table.get("valid_from"),
        valid_to=table.get("valid_to"),
        status=table["status"],
        source=table["source"],
        notes=table.get("notes", ""),
        buckets=buckets,
        marks=marks,
    )
