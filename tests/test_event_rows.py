"""Every kind of event can stand in payments.csv, by the fields of its class, and a row that says it wrong is a finding."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.io import errors_in, read_contract, read_payments
from loancalc.io.event_kinds import FIELDS, KINDS, TYPES, happened
from loancalc.io.event_rows import COLUMNS
from loancalc.servicing.book import enter, replace_event
from loancalc.servicing.events import Event
from loancalc.testing import events, loans

CONTRACT = read_contract(b'principal = 12000\nrate = "12%"\nstart = 2026-01-15\ninstallments = 12\ncurrency = "CNY"')
EVENTS: list[Event] = [
    lc.Payment("2026-02-15", "1066.19", booked="2026-02-16", id="february"),
    lc.Payment("2026-02-16", 5, source="guarantor"),
    lc.Payment("2026-02-17", 400, installment=4, only=["principal", "interest"]),
    lc.Payoff("2026-07-01"),
    lc.Draw("2026-05-10", 3_000),
    lc.RateChange("2026-06-01", "3.95%", keep="term"),
    lc.InterestPause("2026-05-01", "2026-06-01", keep="payment"),
    lc.InterestPause("2026-05-02", "2026-06-01", keep="term", late_interest=True),
    lc.Deferral("2026-03-20", 2, interest="spread", term="same"),
    lc.Extension("2026-03-20", 6, rate="11%"),
    lc.Extension("2026-03-21", end="2027-06-15"),
    lc.Reamortization("2026-06-15", overdue={"interest": "next", "late_interest": "waive", "principal": "capitalize"}),
    lc.Reaging("2026-06-16", first_due="2026-07-20", installments=10, every="2 weeks", overdue="capitalize"),
    lc.Restructuring("2026-06-17", installments=24, rate="6%", method="equal_principal", overdue="keep"),
    lc.Restructuring("2026-06-18", installments=24, first_due="2026-08-01", moratorium=lc.Moratorium(3, "paid")),
    lc.Refund("2026-03-01", "33.81"),
    lc.Refund("2026-03-02", "all"),
    lc.Chargeback("2026-03-01", "february"),
    lc.Chargeback("2026-03-02", "february", 20),
    lc.Recovery("2026-09-01", 500),
    lc.Settlement("2026-08-01", 8_000, rest="write off"),
    lc.Waiver("2026-04-01", "late_interest", "all"),
    lc.Waiver("2026-04-01", "fee", "2.50"),
    lc.Charge("2026-04-02", "cost", 150),
    lc.Charge("2026-04-02", "penalty", 20, installment=2),
    lc.DelinquencyPause("2026-04-05", "2026-05-05"),
    lc.Acceleration("2026-06-20"),
    lc.ChargeOff("2026-09-30", further_interest=False),
    lc.Waiver("2026-09-20", "interest", "all", undue=True),
    lc.ChargeOff("2026-09-29", further_interest=True),
    lc.WriteOff("2026-12-31"),
    lc.WriteOff("2026-12-30", "penalty", "20.00"),
    lc.Transfer("2026-12-31", "Lotus Asset Management"),
    lc.Closing("2026-12-31"),
    lc.Reversal(of="february", booked="2026-04-01", id="back"),
]


def cell(value: Any) -> str:
    """A field as a cell."""
    if isinstance(value, lc.Moratorium):
        return f"{value.installments} {value.interest}"
    if isinstance(value, tuple):
        return " + ".join(": ".join(word) if isinstance(word, tuple) else word for word in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def file_of(happened: list[Event]) -> bytes:
    """A payments file that says what happened."""
    rows = StringIO()
    writer = csv.writer(rows)
    writer.writerow(["date", "booked", "type", "id", *FIELDS])
    for event in happened:
        kind = next(kind for kind in KINDS.values() if kind.make is type(event))
        given = [cell(getattr(event, field)) if field in kind.fields else "" for field in FIELDS]
        writer.writerow([event.on, event.booked, kind.name, event.id, *given])
    return rows.getvalue().encode()


def test_every_kind_of_event_is_read_from_its_row() -> None:
    found = read_payments(file_of(EVENTS), contract=CONTRACT)
    assert not found.findings, list(map(str, found.findings))
    assert [event for _, event in found.events] == EVENTS
    assert {type(event) for event in EVENTS} == set(get_args(Event)), "a new kind of event needs a row here"


@given(loans().flatmap(lambda loan: st.tuples(st.just(loan), events(loan))))
def test_what_happened_to_an_account_reads_back_from_a_file(drawn: tuple[lc.Loan, list[Event]]) -> None:
    loan, happened = drawn
    named = [replace_event(entry.event, entry.id, 0) for entry in enter(happened, loan.digits)]
    contract = CONTRACT._replace(start=loan.start, currency=loan.currency)
    found = read_payments(file_of(named), contract=contract)
    assert not errors_in(found.findings), list(map(str, found.findings))
    assert [replace_event(event, event.id or "", 0) for _, event in found.events] == named


def test_kinds_and_columns_have_chinese_names() -> None:
    assert TYPES.find("利率调整") == "rate_change"
    assert TYPES.find("Interest pause") == "interest_pause"
    text = (
        "日期,金额,类型,利率,不变项,截止日,受让人,期次,指定项目,付款人,继续计息,提前还款方式\n"
        "2026-03-01,,利率调整,3.95％,期限不变,,,,,,,\n"
        "2026-04-01,,停息,,月供不变,2026年5月1日,,,,,,\n"
        "2026-05-01,500元,,,,,,４,本金、利息,担保人代还,,\n"
        "2026-05-15,3000元,,,,,,,,,,缩短期限\n"
        "2026-06-01,,债权转让,,,,某资产管理公司,,,,,\n"
        "2026-07-01,,转呆账,,,,,,,,否,\n"
    )
    found = read_payments(text.encode("gb18030"), contract=CONTRACT)
    assert not errors_in(found.findings), list(map(str, found.findings))
    assert [event for _, event in found.events] == [
        lc.RateChange("2026-03-01", "3.95%", keep="term"),
        lc.InterestPause("2026-04-01", "2026-05-01", keep="payment"),
        lc.Payment("2026-05-01", 500, installment=4, only=["principal", "interest"], source="guarantor"),
        lc.Payment("2026-05-15", 3000, effect="shorten"),
        lc.Transfer("2026-06-01", "某资产管理公司"),
        lc.ChargeOff("2026-07-01", further_interest=False),
    ]


PAGE = Path(__file__).resolve().parent.parent / "docs" / "command-line.md"


def test_the_page_has_every_column_and_every_type_with_its_columns() -> None:
    page = PAGE.read_text("utf-8").partition("**PAYMENTS.csv**")[2].partition("**CLAIM.toml**")[0]
    columns, types = page.split("The types are the")
    shown = re.findall(r"^\| `(\w+)` \| (\S*) \|", columns, re.M)
    assert {name for name, _ in shown} == set(COLUMNS.names)
    assert all(COLUMNS.find(chinese) == name for name, chinese in shown)
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|(.*)\|$", types, re.M)
    assert {name: tuple(re.findall(r"`(\w+)`", fields)) for name, _, fields in rows} == {
        kind.name: tuple(kind.fields) for kind in KINDS.values()
    }
    assert all(TYPES.find(chinese) == name for name, chinese, _ in rows)
    (text,) = re.findall(r"```csv\n(.*?)```", types, re.S)
    assert [event for _, event in read_payments(text.encode(), contract=CONTRACT).events] == [
        lc.Payment("2026-02-15", "1066.19"),
        lc.Chargeback("2026-03-01", "e1"),
        lc.Charge("2026-03-05", "cost", 30),
        lc.RateChange("2026-04-15", "10.8%", keep="term"),
    ]


HEAD = ",".join(["date", "type", "id", "booked", *FIELDS]) + "\n"


def row(**cells: str) -> str:
    return ",".join(cells.get(column, "") for column in HEAD.strip().split(","))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"amount": "5", "installment": "four"}, "column installment: got 'four'; expected a whole number"),
        ({"amount": "5", "installment": "0"}, "column installment: got '0'; expected the number of an installment"),
        ({"amount": "5", "installment": "9" * 30}, "column installment: got"),
        ({"amount": "5", "only": "principle"}, "column only: got 'principle'; nearest: principal"),
        ({"amount": "5", "source": "bank"}, "column source: got 'bank'; accepted: borrower, guarantor"),
        ({"amount": "5", "rate": "3%"}, "column rate: got '3%'; expected an empty cell: payment has no rate"),
        ({"amount": "all"}, "column amount: got 'all'; expected"),
        ({"type": "rate_change", "keep": "term"}, "column rate: got ''; "),
        ({"type": "rate_change", "rate": "4%"}, "column keep: got ''; accepted: term, payment"),
        ({"type": "rate_change", "rate": "4", "keep": "term"}, "column rate: got '4'; a bare number is unclear"),
        ({"type": "rate_change", "rate": "4%", "keep": "rate"}, "column keep: got 'rate'; "),
        ({"type": "interest_pause", "until": "soon", "keep": "term"}, "column until: got 'soon'; expected a day"),
        ({"type": "interest_pause", "until": "2026-01-20", "keep": "term"}, "column until: got '2026-01-20'; "),
        ({"type": "charge", "amount": "5", "component": "interest"}, "column component: got 'interest'; accepted: cost"),
        ({"type": "charge", "amount": "5", "component": "cots"}, "column component: got 'cots'; nearest: cost"),
        ({"type": "charge", "amount": "5", "component": "cost", "to": "x"}, "column to: got 'x'; expected an empty cell"),
        ({"type": "chargeback"}, "column of: got ''; expected the id of a payment"),
        ({"type": "chargeback", "of": "e9"}, "column of: got 'e9'; expected the id of a row: e1"),
        ({"type": "charge_off"}, "column further_interest: got ''; accepted: yes, no"),
        ({"type": "charge_off", "further_interest": "maybe"}, "column further_interest: got 'maybe'; nearest: yes"),
        ({"type": "settlement", "amount": "5"}, "column rest: got ''; accepted: waive, write off"),
        ({"type": "settlement", "rest": "waive"}, "column amount: got ''; expected an amount such as"),
        ({"type": "write_off", "amount": "5"}, "column component: got ''; "),
        ({"type": "write_off", "amount": "-5", "component": "fee"}, "column amount: got '-5'; expected more than 0"),
        ({"type": "transfer"}, "column to: got ''; expected the name of the new holder"),
        ({"type": "transfer", "to": "x", "date": "2026-01-01"}, "column date: got '2026-01-01'; expected 2026-01-15"),
        ({"type": "draw"}, "column amount: got ''; expected an amount such as"),
        ({"type": "draw", "amount": "$5"}, "column amount: got '$5'; expected an amount in CNY"),
        ({"type": "acceleration", "amount": "5"}, "column amount: got '5'; expected an empty cell: acceleration has no amount"),
        ({"type": "deferral", "installments": "2"}, "column interest: got ''; accepted: next, spread"),
        ({"type": "deferral", "interest": "next"}, "column installments: got ''; expected a whole number"),
        ({"type": "deferral", "installments": "0", "interest": "next"}, "column installments: got '0'; expected a whole"),
        ({"type": "reamortization", "overdue": "principal: waive"}, "column overdue: got"),
        ({"type": "reamortization", "overdue": "principal: keep: x"}, "column overdue: got 'principal: keep: x'; expected a"),
        ({"type": "restructuring", "installments": "9", "moratorium": "paid"}, "column moratorium: got 'paid'; expected"),
        ({"type": "restructuring", "installments": "9", "moratorium": "3 x"}, "column moratorium: got 'x'; "),
        ({"type": "restructuring", "installments": "9", "method": "anuity"}, "column method: got 'anuity'; nearest: annu"),
        ({"type": "accelerate"}, "column type: got 'accelerate'; nearest: acceleration"),
    ],
)  # fmt: skip
def test_a_row_that_says_an_event_wrong_is_a_finding(cells: dict[str, str], expected: str) -> None:
    text = HEAD + row(**{"date": "2026-02-15"} | cells) + "\n"
    found = [str(finding) for finding in errors_in(read_payments(text.encode(), contract=CONTRACT).findings)]
    assert any(finding.startswith(f"payments.csv, row 2, {expected}") for finding in found), found


CELLS = st.sampled_from(
    ["", "all", "5", "-1", "4%", "2026-03-01", "term", "principal", "e1", "yes", "x", "全部", "９", "\\", "1e9"]
)


@given(st.sampled_from(sorted(KINDS)), st.lists(CELLS, min_size=len(COLUMNS.names), max_size=len(COLUMNS.names)))
def test_no_row_however_wrong_gives_a_traceback(kind: str, cells: list[str]) -> None:
    """A row of any kind with anything in its cells is an event or has a finding."""
    head = ",".join(COLUMNS.names)
    filled = dict(zip(COLUMNS.names, cells, strict=True)) | {"type": kind, "date": "2026-02-15"}
    text = f"{head}\n{','.join(filled[name] for name in COLUMNS.names)}\n"
    found = read_payments(text.encode(), contract=CONTRACT)
    assert bool(found.events) or errors_in(found.findings)


def test_what_happened_is_said_in_words() -> None:
    said = [happened(event) for event in EVENTS]
    for line in (
        "2026-05-10: draw: amount 3000",
        "2026-06-01: rate change: rate 3.95%/year, keep term",
        "2026-05-01: interest pause: until 2026-06-01, keep payment",
        "2026-03-01: refund: amount 33.81",
        "2026-03-20: deferral: installments 2, interest spread, term same",
        "2026-06-15: reamortization: overdue late interest waive and interest next and principal capitalize",
        "2026-06-18: restructuring: installments 24, first due 2026-08-01, moratorium of 3 installments, interest paid",
    ):
        assert line in said
    assert (
        happened(EVENTS[2])
        == "2026-02-17: payment: amount 400, source borrower, installment 4, only interest and principal"
    )
    for event in EVENTS:
        assert happened(event).startswith(str(event.on if not isinstance(event, lc.Reversal) else date(2026, 4, 1)))
