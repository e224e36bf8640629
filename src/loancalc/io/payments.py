"""payments.csv: what happened to a loan, one event a row, its columns named in English or Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from loancalc.errors import UnknownName
from loancalc.io.contract import Contract
from loancalc.io.csv_rows import Row, rows_of
from loancalc.io.decoding import decode
from loancalc.io.event_rows import COLUMNS, Line
from loancalc.io.findings import Finding, problem_of
from loancalc.servicing.book import refused_reversals, replace_event
from loancalc.servicing.events import Event
from loancalc.servicing.money_events import Chargeback

_HEADER = "a first row with column names, such as date,amount"
_OWN_ID = "if both happened, give each an id of its own; expected every event once"
_REFUSED = "?"


class PaymentFile(NamedTuple):
    """What a payments file gave: each good row's event with the row it stands on, and every finding."""

    events: tuple[tuple[int, Event], ...]
    findings: tuple[Finding, ...]


def read_payments(raw: bytes, file: str = "payments.csv", contract: Contract | None = None) -> PaymentFile:
    """The events of a payments file, with every finding about it. Good rows are read whatever the others hold.

    Columns: `date` and `amount`; where wanted `type` (of the event, "payment" where empty), `booked`, `id`, `note` (not
    read), and the fields of the other kinds of events, such as `component` of a waiver or `rate` of a rate change.

    Args:
        raw: The bytes of the file.
        file: Its name, for the findings.
        contract: The contract it is about: its start and currency are what dates and amounts are held against.

    >>> found = read_payments("日期,金额\\n2026年2月15日,\\"￥1,066.19\\"\\n31/03/2026,500\\n".encode())
    >>> found.events
    ((2, Payment('2026-02-15', '1066.19')),)
    >>> print(found.findings[0])
    payments.csv, row 3, column date: got '31/03/2026'; expected a day with the year first: 2026-03-20, 2026/3/20 ...
    """
    text, notes = decode(raw, file, _HEADER)
    if text is None:
        return PaymentFile((), notes)
    head, *rows = rows_of(text)
    columns, findings = _columns(head, file)
    findings = [*notes, *findings]
    if columns is None:
        return PaymentFile((), tuple(findings))
    if not rows:
        note = "no rows under the column names: nothing was paid"
        findings.append(Finding(file, None, None, None, note, is_note=True))
    read = [Line(file, row, columns, contract or Contract(None, None, None, ())) for row in rows]
    events = [(line, event) for line in read if (event := line.event()) is not None]
    findings += [finding for line in read for finding in line.findings]
    findings += [*_repeated(events), *_shared_ids(events), *_references(events), *_mixed_signs(events)]
    findings.sort(key=lambda finding: finding.row or 0)
    return PaymentFile(tuple((line.row.number, event) for line, event in events), tuple(findings))


def _columns(head: Row, file: str) -> tuple[list[str] | None, list[Finding]]:
    """The column that each cell of the first row names, and what is wrong with them; None if rows cannot be read."""
    findings: list[Finding] = []
    names: list[str] = []
    if head.problem:
        return None, [Finding(file, head.number, None, head.cells[0], head.problem)]
    for number, cell in enumerate(head.cells, 1):
        plain = unicodedata.normalize("NFKC", cell)
        try:
            name = COLUMNS.find(plain) if plain else ""
        except UnknownName as error:
            findings.append(
                Finding(file, head.number, str(number), cell, f"no such column; {problem_of(error, plain)}")
            )
            name = _REFUSED
        if name in names and name in COLUMNS.names:
            findings.append(Finding(file, head.number, str(number), cell, f"a second column for {name}; expected one"))
        names.append(name)
    if "date" not in names and len(findings) == sum(bool(cell) for cell in head.cells):
        found = ", ".join(head.cells)
        return None, [Finding(file, head.number, None, found, f"expected {_HEADER} or 日期,金额")]
    missing = [name for name in ("date", "amount") if name not in names]
    findings += [Finding(file, head.number, name, None, "missing; expected a column of this name") for name in missing]
    return (None if missing else names), findings


Lines = Sequence[tuple[Line, Event]]


def _repeated(events: Lines) -> Iterator[Finding]:
    """Rows that say the same as an earlier one, unless both have ids, which then differ or are found out."""
    first: dict[Event, Line] = {}
    for line, event in events:
        same = replace_event(event, "", 0)
        earlier = first.setdefault(same, line)
        if earlier is not line and not (earlier.cells["id"] and line.cells["id"]):
            shown = ", ".join(cell for cell in line.row.cells if cell)
            yield Finding(line.file, line.row.number, None, shown, f"the same as row {earlier.row.number}; {_OWN_ID}")


def _shared_ids(events: Lines) -> Iterator[Finding]:
    """Ids that two rows share."""
    first: dict[str, Line] = {}
    for name, line, _ in _named(events):
        earlier = first.setdefault(name, line)
        if earlier is not line:
            problem = f"row {earlier.row.number} has this id; expected another (rows without one are e1, e2, ...)"
            yield Finding(line.file, line.row.number, "id", name, problem)


def _references(events: Lines) -> Iterator[Finding]:
    """Reversals that an account does not take, and chargebacks of what is not there, or is there later only."""
    named = _named(events)
    rows = {name: (line, event) for name, line, event in reversed(named)}
    identified = [replace_event(event, name, place) for place, (name, _, event) in enumerate(named)]
    for reversal, problem in refused_reversals(identified, lambda event: f"row {rows[str(event.id)][0].row.number}"):
        line, _ = rows[str(reversal.id)]
        yield Finding(line.file, line.row.number, "of", reversal.of, problem)
    for line, event in events:
        if not isinstance(event, Chargeback):
            continue
        if event.of not in rows:
            problem = f"expected the id of a row: {', '.join(name for name, _, _ in named)}"
            yield Finding(line.file, line.row.number, "of", event.of, problem)
        elif event.booked < rows[event.of][1].booked:
            other, earlier = rows[event.of]
            problem = f"booked {event.booked}, before row {other.row.number} ({earlier.booked}); expected a later day"
            yield Finding(line.file, line.row.number, "of", event.of, problem)


def _named(events: Lines) -> list[tuple[str, Line, Event]]:
    """The events with their ids, given or counted."""
    return [
        (event.id if event.id is not None else f"e{number}", line, event)
        for number, (line, event) in enumerate(events, 1)
    ]


def _mixed_signs(events: Lines) -> Iterator[Finding]:
    """Amounts with the sign of another currency than the rows above."""
    possible: frozenset[str] | None = None
    for line, _ in events:
        if line.currencies is None:
            continue
        if possible is not None and not possible & line.currencies:
            problem = f"another currency than in the rows above; expected {' or '.join(sorted(possible))}"
            yield Finding(line.file, line.row.number, "amount", line.cells["amount"], problem)
        else:
            possible = line.currencies if possible is None else possible & line.currencies
