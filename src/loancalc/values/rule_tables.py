"""Rules of law and of practice as package data: tables with source, validity and status, read in one way."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

from loancalc.lazily import Lazily
from loancalc.values.names import fold_name

VERIFIED = "verified"


@dataclass(frozen=True)
class Provenance(Lazily):
    """Where a rule comes from, where and when it holds, and how certain that is.

    Attributes:
        name, aliases: What it is called.
        title: What it says, in a few words.
        jurisdiction: Where it holds; empty for practice that is no law.
        applies_to: For which loans.
        valid_from, valid_to: First and last day; None where open or not known.
        status: "verified" against the source, or what is not: "recalled, unverified".
        source: Where the rule was read.
        notes: What the table leaves out, or what is ours.
    """

    name: str
    title: str
    status: str
    source: str
    aliases: tuple[str, ...] = ()
    jurisdiction: str = ""
    applies_to: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    notes: str = ""

    @cached_property
    def folded_aliases(self) -> tuple[str, ...]:
        """The aliases as names are compared."""
        return tuple(map(fold_name, self.aliases))

    @property
    def is_verified(self) -> bool:
        """Whether it was read in its source."""
        return self.status == VERIFIED

    def holds_on(self, day: date) -> bool:
        """Whether the rule was in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def cited(self, day: date) -> str:
        """Its name, validity, status and source, as a figure of a day that rests on it cites it."""
        outside = "" if self.holds_on(day) else f"not in force on {day}"
        return "; ".join(fact for fact in (self.name, outside, self._in_force, *self._certainty) if fact)

    @property
    def _in_force(self) -> str:
        since = f" from {self.valid_from}" if self.valid_from else ""
        until = f" to {self.valid_to}" if self.valid_to else ""
        return f"in force{since}{until}" if since or until else ""

    @property
    def _certainty(self) -> tuple[str, str]:
        return self.status, f"source: {self.source}"

    def __str__(self) -> str:
        where = ": ".join(text for text in (self.jurisdiction, self.applies_to) if text)
        facts = [self.title, where, self._in_force, *self._certainty, self.notes]
        return "; ".join(fact for fact in facts if fact)


class Rule(NamedTuple):
    """One rule of a table: where it comes from, and what it says."""

    provenance: Provenance
    table: Mapping[str, Any]


@cache
def rules_of(table: str) -> tuple[Rule, ...]:
    """The rules of a table of the package's data, in its order.

    >>> rules_of("allocations")[0].provenance.name
    'cost-interest-principal'
    """
    text = (files("loancalc") / "data" / f"{table}.toml").read_text("utf-8")
    return tuple(_rule(row) for row in tomllib.loads(text, parse_float=Decimal)["rule"])


def _rule(row: dict[str, Any]) -> Rule:
    facts = {name: row[name] for name in Provenance.__dataclass_fields__ if name in row}
    facts["aliases"] = tuple(row.get("aliases", ()))
    return Rule(Provenance(**facts), {name: value for name, value in row.items() if name not in facts})
