"""One row of payments.csv: how each column is read, and the event that its cells make."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from loancalc.errors import InvalidEvent, LoanError
from loancalc.io.contract import Contract
from loancalc.io.csv_rows import Row
from loancalc.io.event_kinds import FIELDS, KINDS, TYPES, Kind
from loancalc.io.findings import Finding, problem_of
from loancalc.io.pasted import half_width, read_pasted, read_pasted_day
from loancalc.plan.waiting import Moratorium
from loancalc.servicing.events import Event
from loancalc.values.money import Amount
from loancalc.values.names import Names

_ALIASES = {
    "date": ["日期", "还款日期", "還款日期", "还款日", "付款日期", "交易日期", "value date", "payment date"],
    "amount": ["金额", "还款金额", "付款金额", "交易金额", "金额(元)", "金额(￥)", "金額", "payment amount"],
    "booked": ["入账日", "入账日期", "记账日期", "booked on", "booking date"],
    "type": ["类型", "類型", "交易类型", "event"],
    "id": ["编号", "編號", "流水号", "交易流水号", "交易号"],
    "component": ["项目", "减免项目"],
    "of": ["冲正编号", "被冲正编号", "reverses"],
    "installment": ["期次", "指定期次"],
    "only": ["指定项目"],
    "source": ["付款人", "还款来源"],
    "effect": ["提前还款方式"],
    "rate": ["利率", "新利率"],
    "keep": ["不变项"],
    "until": ["截止日"],
    "late_interest": ["罚息停计"],
    "further_interest": ["继续计息"],
    "undue": ["未到期"],
    "rest": ["余额处理"],
    "to": ["受让人"],
    "installments": ["期数"],
    "interest": ["利息处理"],
    "term": ["期限处理"],
    "end": ["新到期日"],
    "overdue": ["逾期处理"],
    "first_due": ["首个还款日"],
    "every": ["还款频率"],
    "method": ["还款方式"],
    "moratorium": ["还本宽限期"],
    "note": ["notes", "memo", "comment", "备注", "備註", "摘要", "说明", "附言"],
}
COLUMNS = Names("column", {name: _ALIASES.get(name, []) for name in dict.fromkeys((*_ALIASES, *FIELDS))})
"""The columns of the file: those of every event, and the fields of some."""

_YES_OR_NO = Names("answer", {"yes": ["true", "1", "是"], "no": ["false", "0", "否"]})
_ALL = ("all", "全部")
_BEFORE_A_CUT = re.compile(r"[^0-9.,]*[0-9]{1,3}")
_AFTER_A_CUT = re.compile(r"[0-9]{3}(?:\.[0-9]+)?[^0-9.]*")
_BETWEEN = re.compile("[+/、]")
_FIELD = re.compile(r"(?:\w+\.)*(?P<field>\w+): ")
_QUOTES = 'expected quotes around a cell that holds a separator, such as "1,066.19"'

Read = TypeVar("Read")


class Line:
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
        """Note that what stands in a column cannot be taken."""
        self.findings.append(Finding(self.file, self.row.number, column, value, problem))

    def _check_cut(self, columns: list[str]) -> None:
        """Refuse an amount that a separator inside it may have cut in two: 1,066.19 under amount and note."""
        place = columns.index("amount")
        whole, rest = (half_width(cell) for cell in [*self.row.cells, *[""] * len(columns), ""][place : place + 2])
        if _BEFORE_A_CUT.fullmatch(whole) and _AFTER_A_CUT.fullmatch(rest):
            problem = f'it could be cut from {whole},{rest}; expected "{whole},{rest}" in quotes, or {whole}.00'
            self.refuse("amount", self.cells["amount"], problem)

    def event(self) -> Event | None:
        """The event of the row, or None where it was refused."""
        if self.findings:
            return None
        name = self._attempt("type", lambda text: TYPES.find(text or "payment"))
        on = self._attempt("date", self._day)
        booked = self._attempt("booked", lambda text: read_pasted_day(text, "booked") if text else None)
        if name is None:
            return None
        kind = KINDS[name]
        given = {
            field: self._attempt(field, partial(_READERS[sort], self))
            for field, sort in kind.fields.items()
            if self.cells[field] or field in kind.required
        }
        for field in FIELDS:
            if field not in kind.fields and self.cells[field]:
                self.refuse(
                    field, self.cells[field], f"expected an empty cell: {name.replace('_', ' ')} has no {field}"
                )
        if self.findings or on is None:
            return None
        return self._made(kind, on, booked, given)

    def _attempt(self, column: str, read: Callable[[str], Read]) -> Read | None:
        text = self.cells[column]
        try:
            return read(text)
        except LoanError as error:
            self.refuse(column, text, problem_of(error, text))
            return None

    def _made(self, kind: Kind, on: date, booked: date | None, given: dict[str, Any]) -> Event | None:
        """The event, or a finding in the column that its class refuses."""
        days = {"on": on, "booked": booked} if kind.has_day else {"booked": booked or on}
        try:
            return kind.make(**days, **given, id=self.cells["id"] or None)
        except LoanError as error:
            found = _FIELD.match(str(error))
            column = found["field"] if found and found["field"] in kind.fields else None
            text = self.cells[column] if column else None
            self.refuse(column, text, str(error) if text is None else problem_of(error, text))
            return None

    def _day(self, text: str) -> date:
        day, start = read_pasted_day(text, "date"), self.contract.start
        if start is not None and day < start:
            raise InvalidEvent(f"date: got {text!r}; expected {start}, the start of the loan, or later")
        return day

    def amount(self, text: str) -> Amount:
        """An amount in the currency of the contract, or "all" of a component."""
        if text.casefold() in _ALL:
            return "all"
        read = read_pasted(text, "amount", self.contract.currency)
        if read.amount <= 0:
            raise InvalidEvent(f"amount: got {text!r}; expected more than 0")
        self.currencies = read.currencies
        return read.amount


def _whole(line: Line, text: str) -> int:
    plain = half_width(text)
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 6):
        raise InvalidEvent(f"number: got {text!r}; expected a whole number")
    return int(plain)


def _treatments(line: Line, text: str) -> str | dict[str, str]:
    """One word for all that is overdue, or a word for each component: interest: next + principal: capitalize."""
    words = [word.strip() for word in _BETWEEN.split(half_width(text))]
    if not any(":" in word for word in words):
        return half_width(text)
    pairs = [tuple(part.strip() for part in word.split(":")) for word in words]
    found = {pair[0]: pair[-1] for pair in pairs if len(pair) == 2}
    if len(found) < len(pairs):
        raise InvalidEvent(f"overdue: got {text!r}; expected a word such as keep, or interest: next + principal: keep")
    return found


def _moratorium(line: Line, text: str) -> Moratorium:
    found = re.fullmatch(r"([0-9]{1,4}) *(\D.*)", half_width(text))
    if found is None:
        raise InvalidEvent(f"moratorium: got {text!r}; expected installments and their interest, such as 3 paid")
    return Moratorium(int(found[1]), found[2])


_READERS: dict[str, Callable[[Line, str], Any]] = {
    "Amount": Line.amount,
    "DateLike": lambda line, text: read_pasted_day(text, "day"),
    "Treatments": _treatments,
    "Moratorium": _moratorium,
    "Iterable": lambda line, text: [word.strip() for word in _BETWEEN.split(text)],
    "bool": lambda line, text: _YES_OR_NO.find(half_width(text)) == "yes",
    "int": _whole,
    "str": lambda line, text: half_width(text),
}
"""How a cell is read, by the sort of value that the class of the event takes; the class checks what it means."""
