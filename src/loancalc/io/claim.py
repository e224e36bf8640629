"""claim.toml: what a lender says, its keys being the names of `Claim`'s fields."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple

from loancalc.io import sheet
from loancalc.io.findings import Finding, errors_in
from loancalc.io.sheet import Reader, Sheet, amount, open_sheet, table_of, text, whole
from loancalc.io.toml_rows import Path
from loancalc.meaning.claims import Claim

_READERS: dict[str, Reader] = {
    "as_of": sheet.day,
    "days_past_due": whole,
    "installments_past_due": whole,
    "oldest_unpaid_due": sheet.day,
    "status_line": text,
}


def _said(name: str, read: Reader) -> Reader:
    """The reader of one figure of a claim: what the claim would refuse of it is a finding, whatever else the file has."""

    def reader(page: Sheet, path: Path, value: Any) -> Any:
        figure = read(page, path, value)
        if figure is None or name == "as_of":
            return figure
        return page.attempt(path, value, lambda: getattr(Claim(date.min, **{name: figure}), name))

    return reader


_KEYS = {field.name: _said(field.name, _READERS.get(field.name, amount)) for field in fields(Claim)}
_claim = table_of(Claim, _KEYS, {"as_of": "the day of the figures, such as 2026-04-24, here or as --as-of"})


class ClaimFile(NamedTuple):
    """What a claim file gave: the claim, None if it was refused."""

    claim: Claim | None
    findings: tuple[Finding, ...]


def read_claim(
    raw: bytes,
    file: str = "claim.toml",
    *,
    as_of: date | None = None,
    currency: str | None = None,
    days: tuple[date, date] | None = None,
) -> ClaimFile:
    """The claim that a file holds, with every finding about the file.

    Args:
        raw: The bytes of the file.
        file: Its name, for the findings.
        as_of: The day of the claim, where the file gives none.
        currency: The loan's currency.
        days: The first and the last day that the claim can be about.

    >>> read_claim(b'as_of = 2026-04-24\\npast_due_total = "1,730.00"').claim.past_due_total
    Decimal('1730.00')
    """
    page = open_sheet(raw, file, "figures of a lender's message, such as days_past_due and past_due_total")
    if errors_in(page.findings):
        return ClaimFile(None, page.by_row)
    page = replace(page, currency=currency)
    table = page.table if as_of is None or "as_of" in page.table else {"as_of": as_of, **page.table}
    if not table.keys() - {"as_of"}:
        page.refuse((), None, f"nothing to compare; expected some of: {', '.join(list(_KEYS)[1:])}")
        return ClaimFile(None, page.by_row)
    claim = _claim(page, (), table)
    if claim is not None and days is not None and "as_of" in page.table and not days[0] <= claim.as_of <= days[1]:
        page.refuse(("as_of",), claim.as_of, f"expected a day from {days[0]} to {days[1]}")
    if claim is not None and as_of is not None and claim.as_of != as_of:
        page.refuse(("as_of",), claim.as_of, f"expected {as_of}, the day given by --as-of, or no --as-of")
    return ClaimFile(None if errors_in(page.findings) else claim, page.by_row)
