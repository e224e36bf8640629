"""payments.csv: what happened to a loan, one event a row, its columns named in English or Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from loancalc.errors import InvalidEvent, LoanError, UnknownName
from loancalc.events import Event, Payment, Payoff, Reversal, Waiver
from loancalc.io.contract import Contract
from loancalc.io.csv_rows import Row, rows_of
from loancalc.io.decoding import decode
from loancalc.io.findings import Finding, problem_of
from loancalc.io.pasted import half_width, read_pasted, read_pasted_day
from loancalc.money import Amount
from loancalc.names import COMPONENT_NAMES, Names

COLUMNS = Names(
    "column",
    {
        "date": ["日期", "还款日期", "還款日期", "还款日", "付款日期", "交易日期", "value date", "payment date"],
        "amount": ["金额", "还款金额", "付款金额", "交易金额", "金额(元)", "金额(￥)", "金額", "payment amount"],
        "booked": ["入账日", "入账日期", "记账日期", "booked on", "booking date"],
        "type": ["类型", "類型", "交易类型", "event"],
        "id": ["编号", "編號", "流水号", "交易流水号", "交易号"],
        "component": ["项目", "减免项目"],
        "of": ["冲正编号", "被冲正编号", "reverses"],
        "note": ["notes", "memo", "comment", "备注", "備註", "摘要", "说明", "附言"],
    },
)
TYPES = Names(
    "type",
    {
        "payment": ["还款", "付款", "repayment"],
        "payoff": ["结清", "提前结清"],
        "waiver": ["减免", "豁免"],
        "reversal": ["冲正", "撤销"],
    },
)
_HEADER = "a first row with column names, such as date,amount"
_QUOTES = 'expected quotes around a cell that holds a separator, such as "1,066.19"'
_OWN_ID = "if both happened, give each an id of its own; expected every event once"
_REFUSED = "?"
_OF_KIND = {"payment": {"amount"}, "payoff": set(), "waiver": {"amount", "component"}, "reversal": {"of"}}


_BEFORE_A_CUT = re.compile(r"[^0-9.,]*[0-9]{1,3}")
_AFTER_A_CUT = re.compile(r"[0-9]{3}(?:\.[0-9]+)?[^0-9.]*")

Read = TypeVar("Read")


class PaymentFile(NamedTuple):
    """What a payments file gave: each good row's event with the row it stands on, and every finding."""

    events: tuple[tuple[int, Event], ...]
    findings: tuple[Finding, ...]


def read_payments(raw: bytes, file: str = "payments.csv", contract: Contract | None = None) -> PaymentFile:
    """The events of a payments file, with every finding about it. Good rows are read whatever the others hold.

    Columns: `date` and `amount`; where wanted `booked`, `type` ("payment" where empty, "payoff", "waiver", "reversal"),
    `id`, `component` (of a waiver), `of` (the id that a reversal takes back) and `note` (not read).

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
    read = [_Line(file, row, columns, contract or Contract(None, None, None, ())) for row in rows]
    events = [(line, event) for line in read if (event := line.event()) is not None]
    findings += [finding for line in read for finding in line.findings]
    findings += [*_repeated(events), *_shared_ids(events), *_reversals(events), *_mixed_signs(events)]
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


class _Line:
    """One row while it is read: its cells by column, and the findings so far."""

    def __init__(self, file: str, row: Row, columns: list[str], contract: Contract) -> None:
        self.file, self.row, self.contract = file, row, contract
        self.findings: list[Finding] = []
        self.currencies: frozenset[str] | None = None
        self.cells = dict.fromkeys(COLUMNS.names, "")
        self.cells.update((name, cell) for name, cell in zip(columns, row.cells, strict=False) if name in self.cells)
        unnamed = [cell for name, cell in zip(columns, row.cells, strict=False) if not name and cell]
        if row.problem:
            self.refuse(None, row.cells[0], row.problem)
        elif unnamed or any(row.cells[len(columns) :]):
            many = f"{len(row.cells)} cells under {sum(map(bool, columns))} column names"
            self.refuse(None, ", ".join(row.cells), f"{many}; {_QUOTES}")
        else:
            self._check_cut(columns)

    def refuse(self, column: str | None, value: str | None, problem: str) -> None:
        self.findings.append(Finding(self.file, self.row.number, column, value, problem))

    def _check_cut(self, columns: list[str]) -> None:
        """Refuse an amount that a separator inside it may have cut in two: 1,066.19 under amount and note."""
        place = columns.index("amount")
        whole, rest = (half_width(cell) for cell in [*self.row.cells, *[""] * len(columns), ""][place : place + 2])
        if _BEFORE_A_CUT.fullmatch(whole) and _AFTER_A_CUT.fullmatch(rest):
            problem = f'it could be cut from {whole},{rest}; expected "{whole},{rest}" in quotes, or {whole}.00'
            self.refuse("amount", self.cells["amount"], problem)

    def attempt(self, column: str, read: Callable[[str], Read]) -> Read | None:
        text = self.cells[column]
        try:
            return read(text)
        except LoanError as error:
            self.refuse(column, text, problem_of(error, text))
            return None

    def event(self) -> Event | None:
        """The event of the row, or None where it was refused."""
        if self.findings:
            return None
        kind = self.attempt("type", lambda text: TYPES.find(text or "payment"))
        on = self.attempt("date", self._day)
        booked = self.attempt("booked", lambda text: read_pasted_day(text, "booked") if text else None)
        own = _OF_KIND[kind] if kind else {"amount", "component", "of"}
        amount = self.attempt("amount", self._amount) if "amount" in own else None
        component = self.attempt("component", COMPONENT_NAMES.find) if kind == "waiver" else None
        for column in ("amount", "component", "of"):
            if column not in own and self.cells[column]:
                self.refuse(column, self.cells[column], f"expected an empty cell: a {kind} has none")
        if self.findings or on is None:
            return None
        return self.attempt("of", lambda of: self._made(kind, on, booked, amount, component))

    def _made(
        self, kind: str | None, on: date, booked: date | None, amount: Amount | None, component: str | None
    ) -> Event:
        name = self.cells["id"] or None
        if kind == "payoff":
            return Payoff(on, booked=booked, id=name)
        if kind == "reversal":
            return Reversal(self.cells["of"], booked=booked or on, id=name)
        assert amount is not None
        if component is not None:
            return Waiver(on, component, amount, booked=booked, id=name)
        return Payment(on, amount, booked=booked, id=name)

    def _day(self, text: str) -> date:
        day, start = read_pasted_day(text, "date"), self.contract.start
        if start is not None and day < start:
            raise InvalidEvent(f"date: got {text!r}; expected {start}, the start of the loan, or later")
        return day

    def _amount(self, text: str) -> Amount:
        if self.cells["component"] and text.casefold() in ("all", "全部"):
            return "all"
        read = read_pasted(text, "amount", self.contract.currency)
        if read.amount <= 0:
            raise InvalidEvent(f"amount: got {text!r}; expected more than 0")
        self.currencies = read.currencies
        return read.amount


Lines = Sequence[tuple[_Line, Event]]


def _repeated(events: Lines) -> Iterator[Finding]:
    """Rows that say the same as an earlier one, unless both have ids, which then differ or are found out."""
    first: dict[tuple[object, ...], _Line] = {}
    for line, event in events:
        amount, component, of = (getattr(event, name, None) for name in ("amount", "component", "of"))
        same = (type(event), event.on, event.booked, amount, component, of)
        earlier = first.setdefault(same, line)
        if earlier is not line and not (earlier.cells["id"] and line.cells["id"]):
            shown = ", ".join(cell for cell in line.row.cells if cell)
            yield Finding(line.file, line.row.number, None, shown, f"the same as row {earlier.row.number}; {_OWN_ID}")


def _shared_ids(events: Lines) -> Iterator[Finding]:
    """Ids that two rows share."""
    first: dict[str, _Line] = {}
    for name, line, _ in _named(events):
        earlier = first.setdefault(name, line)
        if earlier is not line:
            problem = f"row {earlier.row.number} has this id; expected another (rows without one are e1, e2, ...)"
            yield Finding(line.file, line.row.number, "id", name, problem)


def _reversals(events: Lines) -> Iterator[Finding]:
    """Reversals of what is not there, is there later only, or is taken back already."""
    named = {name: (line, event) for name, line, event in reversed(_named(events))}
    taken_back: dict[str, _Line] = {}
    for line, event in events:
        if not isinstance(event, Reversal):
            continue
        problem = None
        if event.of not in named:
            problem = f"expected the id of a row: {', '.join(reversed(named))}"
        elif event.booked < named[event.of][1].booked:
            other, reversed_event = named[event.of]
            problem = (
                f"booked {event.booked}, before row {other.row.number} ({reversed_event.booked}); expected a later day"
            )
        elif event.of in taken_back:
            problem = f"row {taken_back[event.of].row.number} takes it back already; expected one reversal of an event"
        if problem:
            yield Finding(line.file, line.row.number, "of", event.of, problem)
        taken_back.setdefault(event.of, line)


def _named(events: Lines) -> list[tuple[str, _Line, Event]]:
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
