"""The names of day counts: one table of spellings, kept as data beside this file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from loancalc.errors import UnknownName
from loancalc.values.names import fold_name

_PUNCTUATION = re.compile(r"[/÷().,:;'\"]")


class Spelling(NamedTuple):
    """One row of the table: `convention` is empty where the name has several meanings or none here."""

    name: str
    convention: str
    source: str
    note: str


def fold_day_count(name: str) -> str:
    """A name without case, spaces, hyphens, underscores, slashes, brackets, points and full-width forms.

    >>> fold_day_count("Actual/365 (Fixed)"), fold_day_count("act_365.25")
    ('actual365fixed', 'act36525')
    """
    return _PUNCTUATION.sub("", fold_name(name))


def spellings() -> Iterator[Spelling]:
    """Every spelling that is known, with where it is used."""
    table = resources.files("loancalc.time.daycount").joinpath("names.csv")
    with table.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield Spelling(**row)


@cache
def _by_folded_name() -> dict[str, Spelling]:
    return {fold_day_count(spelling.name): spelling for spelling in spellings()}


@lru_cache(maxsize=512)
def _find(name: str) -> Spelling | None:
    return _by_folded_name().get(fold_day_count(name))


def market_name(value: object, field: str, accepted: Iterable[str]) -> str:
    """The market name that `value` spells.

    Raises:
        UnknownName: If it is not in the table (the nearest are named), or has several meanings (the note says which).
    """
    spelling = _find(value) if isinstance(value, str) else None
    if spelling is not None and spelling.convention:
        return spelling.convention
    if spelling is not None:
        raise UnknownName(f"{field}: got {value!r}: {spelling.note}; accepted: {', '.join(accepted)}")
    known, folded = _by_folded_name(), fold_day_count(str(value))
    near = (known[key].convention for key in get_close_matches(folded, list(known), n=12, cutoff=0.5))
    nearest = ", ".join(list(dict.fromkeys(name for name in near if name))[:5])
    hint = f"nearest: {nearest}; " if nearest else ""
    raise UnknownName(f"{field}: got {value!r}; {hint}accepted: {', '.join(accepted)}")
