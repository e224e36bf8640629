"""Files are read where they can mean one thing, and refused, all findings at once, where they could mean two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from inspect import signature

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidAmount, InvalidDate
from loancalc.io import errors_in, notes_in, read_claim, read_contract, read_payments
from loancalc.io.decoding import decode
from loancalc.io.layout import display_width, table, wrap
from loancalc.io.pasted import read_pasted, read_pasted_day

TERMS = {"principal": "12000", "rate": '"12%"', "start": "2026-01-15", "installments": "12", "currency": '"CNY"'}


def contract_text(*more: str, **changed: str | None) -> str:
    terms = {name: value for name, value in {**TERMS, **changed}.items() if value is not None}
    return "\n".join([*(f"{name} = {value}" for name, value in terms.items()), *more, ""])


CONTRACT = read_contract(contract_text().encode())
HEAD = "date,amount\n"


def findings_about(text: str, encoding: str = "utf-8") -> list[str]:
    """What is refused in a payments file."""
    return [str(finding) for finding in errors_in(read_payments(text.encode(encoding), contract=CONTRACT).findings)]


def about_terms(text: str) -> list[str]:
    """What is refused in a contract."""
    return [str(finding) for finding in errors_in(read_contract(text.encode()).findings)]


# Amounts


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1066.19", "1066.19"),
        ("¥1,066.19", "1066.19"),
        ("￥1066.19", "1066.19"),
        ("1，066.19", "1066.19"),
        ("１０６６．１９", "1066.19"),
        ("1066.19元", "1066.19"),
        ("人民币1,066.19元", "1066.19"),
        ("CNY 1 066.19", "1066.19"),
        ("1\u00a0066.19", "1066.19"),
        ("1'066.19", "1066.19"),
        ("1,234,567.80", "1234567.80"),
        ("12,34,567.80", "1234567.80"),
        ("1,066", "1066"),
        ("５００元", "500"),
        ("  500 ", "500"),
        (".5", "0.5"),
        (500, "500"),
        (Decimal("0.10"), "0.10"),
    ],
)
def test_an_amount_that_can_mean_one_thing_is_read(text: object, amount: str) -> None:
    assert read_pasted(text, "amount", "CNY").amount == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "1.066,19", "1,06", "12,3456.00", "1,066,19", "1.066.19", "1,0 66.19", "12.345", "1066.", "1e3", "1.2万", "",
        "-",
        "五百", "1066元1角", "¥", "nan", "Infinity", "1²", "½", "٣", "$5", "USD 5", "XXQ 5", "¥5 USD", "--5", "- -5",
        "1 000 000 000 000 000 000", True, None, 1.5, 10**30, Decimal("1e400000000"), Decimal("NaN"), [5],
        date(2026, 1, 1),
    ],
)  # fmt: skip
def test_an_amount_that_could_mean_two_things_or_none_is_refused(text: object) -> None:
    with pytest.raises(InvalidAmount, match=r"^amount: got .*; "):
        read_pasted(text, "amount", "CNY")


def test_a_lone_comma_is_refused_only_where_three_decimals_are_possible() -> None:
    assert read_pasted("1,066", "amount", "JPY").amount == 1066
    assert read_pasted("1,066.190", "amount", "KWD").amount == Decimal("1066.19")
    with pytest.raises(InvalidAmount, match=r"it could be 1\.066 or 1066"):
        read_pasted("1,066", "amount", "KWD")


def test_a_sign_has_to_fit_the_currency() -> None:
    assert read_pasted("¥500", "amount", "JPY").amount == 500
    assert read_pasted("$5", "amount", "USD").amount == 5
    assert read_pasted("$5", "amount").currencies is not None
    with pytest.raises(InvalidAmount, match="in USD, the currency of the loan"):
        read_pasted("¥5", "amount", "USD")


@given(st.integers(0, 10**15), st.sampled_from(["{}", "¥{}", "{}元", "￥{}", "CNY {}", " {} "]), st.booleans())
def test_every_way_of_writing_an_amount_reads_back_to_it(minor: int, frame: str, is_wide: bool) -> None:
    amount = Decimal(minor).scaleb(-2)
    text = frame.format(f"{amount:,.2f}")
    if is_wide:
        text = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789.," else c for c in text)
    assert read_pasted(text, "amount", "CNY").amount == amount


# Dates


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-20", "2026/3/20", "2026/03/20", "2026.3.20", "2026年3月20日", "2026年03月20号", "2026 年 3 月 20 日",
        "２０２６－０３－２０", "２０２６／３／２０", "20260320", " 2026-3-20 ", "2026-03-20 00:00:00",
        "2026-03-20T00:00", date(2026, 3, 20),
    ],
)  # fmt: skip
def test_a_date_with_its_year_first_is_read(text: object) -> None:
    assert read_pasted_day(text, "date") == date(2026, 3, 20)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2026", "31/01/2026", "20/03/2026", "03/20/2026", "20.03.2026", "26-03-20", "26年3月20日", "3月20日",
        "2026-02-30", "2026-13-01", "2026-00-10", "2026-3/20", "2026-03-20 14:05", "2026-03-20T00:00Z", "20032026",
        "0000-01-01", "2026-W12-5", "March 20, 2026", "", "yesterday", 20260320, 46101, None, True,
    ],
)  # fmt: skip
def test_any_other_date_is_refused_with_what_is_accepted(text: object) -> None:
    with pytest.raises(InvalidDate, match="expected a day with the year first: 2026-03-20, 2026/3/20 or 2026年3月20日"):
        read_pasted_day(text, "date")


@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from(["{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}年{1}月{2}日"]))
def test_every_way_of_writing_a_date_reads_back_to_it(day: date, form: str) -> None:
    assert read_pasted_day(form.format(day.year, day.month, day.day), "date") == day


# Encodings


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("gbk", "GB18030"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_the_encodings_of_spreadsheets_are_read_and_named(encoding: str, note: str | None) -> None:
    found = read_payments("日期,金额\n2026年2月15日,1066.19\n".encode(encoding), contract=CONTRACT)
    assert found.events == ((2, lc.Payment("2026-02-15", "1066.19")),)
    assert not errors_in(found.findings)
    assert [note in str(finding) for finding in notes_in(found.findings)] == ([True] if note else [])


@pytest.mark.parametrize("raw", [b"", b"  \n\t\n", b"\xef\xbb\xbf", "\ufeff".encode("utf-16-le")])
def test_an_empty_file_is_a_finding(raw: bytes) -> None:
    for findings in (read_payments(raw).findings, read_contract(raw).findings, read_claim(raw).findings):
        assert any("the file is empty; expected" in str(finding) for finding in errors_in(findings))


def test_bytes_of_no_encoding_are_a_finding_with_their_row() -> None:
    decoded = decode(b"date,amount\n2026-02-15,\xff\xff\n", "payments.csv", "rows")
    assert decoded.text is None
    assert str(decoded.findings[0]) == (
        "payments.csv, row 2: got 'byte 0xff'; expected text in UTF-8, UTF-16 with its mark or GB18030 (GBK)"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_text_of_two_bytes_without_its_mark_is_a_finding(encoding: str) -> None:
    (finding,) = errors_in(read_payments("date,amount\n2026-02-15,500\n".encode(encoding)).findings)
    assert str(finding).startswith("payments.csv, row 1: got 'byte 0x00'; expected text in UTF-8, UTF-16 with its mark")


def test_a_workbook_is_a_finding() -> None:
    (finding,) = read_payments(b"PK\x03\x04\x14\x00" + bytes(range(256))).findings
    assert "a workbook or an archive; expected text: save the sheet as CSV" in str(finding)


# Payments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "2026-01-10,500", "row 2, column date: got '2026-01-10'; expected 2026-01-15, the start of the loan"),
        (HEAD + "2026-02-15,12.345", "row 2, column amount: got '12.345'; expected at most 2 decimals"),
        (HEAD + "31/02/2026,500", "row 2, column date: got '31/02/2026'; expected a day with the year first"),
        (HEAD + "31/01/2026,500", "row 2, column date: got '31/01/2026'; expected a day with the year first"),
        (HEAD + "2026-02-30,500", "row 2, column date: got '2026-02-30'; the calendar has no such day"),
        (HEAD + '2026-02-15,"1.066,19"', "row 2, column amount: got '1.066,19'; expected an amount such as"),
        (HEAD + "2026-02-15,1,066.19", "row 2: got '2026-02-15, 1, 066.19'; 3 cells under 2 column names"),
        ("date,amount,note\n2026-02-15,1,066.19", "row 2, column amount: got '1'; it could be cut from 1,066.19"),
        ("date,amount,id\n2026-02-15,￥500,001", "row 2, column amount: got '￥500'; it could be cut from"),
        (HEAD + "2026-02-15,-500", "row 2, column amount: got '-500'; expected more than 0"),
        (HEAD + "2026-02-15,0", "row 2, column amount: got '0'; expected more than 0"),
        (HEAD + "2026-02-15", "row 2, column amount: got ''; expected an amount"),
        (HEAD + ",500", "row 2, column date: got ''; expected a day"),
        (HEAD + '2026-02-15,"500', "row 2: got '2026-02-15,\"500'; not CSV"),
        (HEAD + "2026-02-15,$500", "row 2, column amount: got '$500'; expected an amount in CNY"),
        (HEAD + "2026-02-15,500\n2026-02-15,500", "row 3: got '2026-02-15, 500'; the same as row 2; if both happened"),
        (HEAD + "2026-02-15,500\n2026/2/15,￥500.00", "row 3: got '2026/2/15, ￥500.00'; the same as row 2"),
        ("date,amount,id\n2026-02-15,500,\n2026-02-15,500,b", "row 3: got '2026-02-15, 500, b'; the same as row 2"),
        ("date,amount,id\n2026-02-15,500,a\n2026-02-16,5,a", "row 3, column id: got 'a'; row 2 has this id"),
        ("date,amount,id\n2026-02-15,500,e2\n2026-02-16,5,", "row 3, column id: got 'e2'; row 2 has this id"),
        ("date,amount,bookd\n2026-02-15,500,", "row 1, column 3: got 'bookd'; no such column; nearest: booked"),
        ("date,ammount\n2026-02-15,500", "row 1, column 2: got 'ammount'; no such column; nearest: amount"),
        ("date,ammount\n2026-02-15,500", "row 1, column amount: missing"),
        ("date,when,who,amount\n2026-02-15", "row 2, column amount: got ''; expected an amount"),
        ("date,amount,日期\n2026-02-15,500,", "row 1, column 3: got '日期'; a second column for date"),
        ("2026-02-15,500", "row 1: got '2026-02-15, 500'; expected a first row with column names"),
        ("date,amount,booked\n2026-02-15,500,soon", "row 2, column booked: got 'soon'; expected a day"),
        ("date,amount,type\n2026-02-15,500,paymnt", "row 2, column type: got 'paymnt'; nearest: payment"),
        ("date,amount,type\n2026-02-15,500,payoff", "row 2, column amount: got '500'; expected an empty cell"),
        ("date,amount,type\n2026-02-15,500,waiver", "row 2, column component: got ''; "),
        ("date,amount,type,of\n2026-02-15,,reversal,e9", "row 2, column of: got 'e9'; accepted: none"),
        ("date,amount,type,of\n2026-02-15,,reversal,", "row 2, column of: got ''; expected the id of an event"),
        ("date,amount,type,of\n2026-02-15,5,,\n2026-02-14,,reversal,e1", "row 3, column of: got 'e1'; row 2 was booked 2026-02-15"),
        (
            "date,amount,type,of\n2026-02-15,5,,\n2026-02-16,,reversal,e1\n2026-02-17,,reversal,e1",
            "row 4, column of: got 'e1'; row 3 takes it back already",
        ),
    ],
)  # fmt: skip
def test_a_bad_row_is_a_finding_with_row_column_value_and_what_is_accepted(text: str, expected: str) -> None:
    found = findings_about(text)
    assert any(finding.startswith(f"payments.csv, {expected}") for finding in found), found


def test_all_findings_come_at_once_and_good_rows_are_not_lost() -> None:
    text = HEAD + '2026-02-15,1066.19\n31/02/2026,1.066\n2026-03-20,"500\n2026-04-01,2\n'
    found = read_payments(text.encode(), contract=CONTRACT)
    assert [row for row, _ in found.events] == [2, 5]
    assert [(finding.row, finding.column) for finding in found.findings] == [(3, "date"), (3, "amount"), (4, None)]


def test_without_a_contract_rows_are_read_all_the_same() -> None:
    found = read_payments((HEAD + "2026-02-15,500\n2026-02-16,5,5\n").encode())
    assert len(found.events) == 1
    assert len(errors_in(found.findings)) == 1


def test_identical_payments_with_ids_of_their_own_are_two_payments() -> None:
    text = "date,amount,id\n2026-02-15,500,a\n2026-02-15,500,b\n"
    assert not findings_about(text)
    assert len(read_payments(text.encode(), contract=CONTRACT).events) == 2


def test_columns_in_chinese_and_every_type_of_event_are_read() -> None:
    text = (
        "日期,入账日,类型,金额,编号,项目,冲正编号,备注\n"
        "2026-02-15,2026-02-16,还款,１０６６．１９,p1,,,工资\n"
        '2026年3月20日,,,"￥500.00",p2,,,\n'
        "2026/3/25,,冲正,,,,p2,退票\n"
        "2026-04-01,,减免,全部,w,罚息,,\n"
        "2026-05-01,,结清,,,,,\n"
        ",,,,,,,\n"
    )
    found = read_payments(text.encode("gb18030"), contract=CONTRACT)
    assert not errors_in(found.findings)
    assert [event for _, event in found.events] == [
        lc.Payment("2026-02-15", "1066.19", booked="2026-02-16", id="p1"),
        lc.Payment("2026-03-20", "500.00", id="p2"),
        lc.Reversal("p2", booked="2026-03-25"),
        lc.Waiver("2026-04-01", "late_interest", "all", id="w"),
        lc.Payoff("2026-05-01"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "，", "；", "|"])
def test_columns_may_be_separated_as_spreadsheets_do(separator: str) -> None:
    text = f"date{separator}amount\n2026-02-15{separator}1066.19\r\n\r\n2026-03-20{separator}500\r\n"
    found = read_payments(text.encode(), contract=CONTRACT)
    assert [row for row, _ in found.events] == [2, 4]
    assert not found.findings


def test_the_line_that_names_the_separator_for_a_spreadsheet_is_read() -> None:
    found = read_payments(b"\xef\xbb\xbfsep=;\r\ndate;amount\r\n2026-02-15;1,066.19\r\nx;5\r\n", contract=CONTRACT)
    assert found.events == ((3, lc.Payment("2026-02-15", "1066.19")),)
    assert [finding.row for finding in found.findings] == [4]


def test_without_a_currency_the_signs_of_the_rows_have_to_agree() -> None:
    contract = read_contract(contract_text(currency=None).encode())
    found = read_payments((HEAD + "2026-02-15,¥500\n2026-02-16,$5\n2026-02-17,5元\n").encode(), contract=contract)
    assert [(finding.row, finding.value) for finding in errors_in(found.findings)] == [(3, "$5")]


def test_a_header_alone_is_a_note() -> None:
    found = read_payments(HEAD.encode(), contract=CONTRACT)
    assert not errors_in(found.findings)
    assert "nothing was paid" in str(notes_in(found.findings)[0])


# Contract


def test_a_contract_is_the_loan_that_its_keys_name() -> None:
    text = contract_text(
        'method = "等额本息"', "past_due_counts = ['late_interest']",
        "[rounding]", "mode = 'half-even'", "interest = 'down'",
        "[allocation]", "order = ['cost','fee','penalty','compound_interest','late_interest','interest','principal']",
        "direction = 'horizontal'",
        "[late.interest]", 'rate = "加收50%"', 'day_count = "ACT/360"', 'compound = "interest"',
        "[[late.penalties]]", 'percent = "5%"', "of = 'installment'", 'min = "¥10"',
        "[[late.penalties]]", "amount = 5.50",
        "[late.grace]", "days = 3", 'kind = "status-only"', 'counted = "after-grace"',
        "[[late.caps]]", 'rate = "24%"', 'covers = ["penalty", "late_interest"]', "recover = true",
        "[[fees]]", "amount = 20", "each = 'installment'",
        "[[fees]]", "percent = '0.5%'", "of = 'outstanding balance'", "each = 'year'", "min = 1", "max = '￥50'",
        "[[fees]]", "amount = 9", "on = 2026-09-01", "name = 'valuation'",
        "[[fees]]", "percent = '2%'", "of = 'original-principal'", "at = 'disbursement'", "settled = 'deducted'",
        "[[taxes]]", "percent = '6%'", "on = 'interest'", "name = 'VAT'",
        "[[taxes]]", "percent = { 2026-01-01 = '5%', 2026-07-01 = '7%' }", "on = 'fees'",
        principal='"￥１２，０００"', start='"2026年1月15日"', first_due="2026-02-20",
    )  # fmt: skip
    contract = read_contract(text.encode())
    assert not contract.findings
    order = ["cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal"]
    assert contract.loan == lc.Loan(
        12_000,
        "12%",
        "2026-01-15",
        installments=12,
        currency="CNY",
        first_due="2026-02-20",
        past_due_counts=["late_interest"],
        rounding=lc.Rounding(mode="half-even", interest=lc.Rounding(mode="down")),
        allocation=lc.Allocation(order, "horizontal"),
        fees=[
            lc.Fee(20, each="installment"),
            lc.Fee(percent="0.5%", of="outstanding-principal", each="year", min=1, max=50),
            lc.Fee(9, on="2026-09-01", name="valuation"),
            lc.Fee(percent="2%", of="original-principal", at="disbursement", settled="deducted"),
        ],
        taxes=[
            lc.Tax("6%", on="interest", name="VAT"),
            lc.Tax({"2026-01-01": "5%", "2026-07-01": "7%"}, on="fees"),
        ],
        late=lc.LateTerms(
            interest=lc.LateInterest("1.5x", day_count="ACT/360", compound="interest"),
            penalties=[lc.Penalty(percent="5%", of="installment", min=10), lc.Penalty("5.50")],
            grace=lc.Grace(3, "status-only", "after-grace"),
            caps=[lc.Cap("24%", covers=["penalty", "late_interest"], recover=True)],
        ),
    )


def test_groups_and_a_surplus_rule_of_an_allocation_are_read() -> None:
    rest = ["cost", "fee", "penalty", "compound_interest", "late_interest"]
    text = contract_text(
        "[allocation]", f"order = [{[*rest, 'interest']}, 'principal']", "direction = 'vertical'", "surplus = 'last'"
    )
    expected = lc.Allocation([[*rest, "interest"], "principal"], "vertical", surplus="last")
    loan = read_contract(text.encode()).loan
    assert loan is not None
    assert loan.allocation == expected
    assert "expected a text or a list of texts" in about_terms(text.replace("'principal']", "['principal', 5]]"))[0]


@pytest.mark.parametrize(
    ("make", "table"),
    [
        (lc.Loan, ""), (lc.Rounding, "rounding"), (lc.Allocation, "allocation"), (lc.Fee, "fees"), (lc.Tax, "taxes"),
        (lc.Moratorium, "moratorium"), (lc.Tranche, "tranches"), (lc.Calendar, "calendar"), (lc.periods, "periods"),
        (lc.RatePath, "rate"), (lc.IndexedRate, "rate"),
        (lc.Balloon, "method.balloon"), (lc.Graduated, "method.graduated"), (lc.Seasonal, "method.seasonal"),
        (lc.GivenPayments, "method.given_payments"), (lc.GivenPrincipal, "method.given_principal"),
        (lc.RuleOf78, "method.rule_of_78"), (lc.ExtraPayment, "method.extra_payment"),
        (lc.SinkingFund, "method.sinking_fund"), (lc.LateTerms, "late"), (lc.LateInterest, "late.interest"),
        (lc.Penalty, "late.penalties"), (lc.Grace, "late.grace"), (lc.Cap, "late.caps"),
        (lc.Tolerance, "late.tolerance"), (lc.BaseRate, "late.interest.over"), (lc.BaseRate, "late.caps.over"),
    ],
)  # fmt: skip
def test_every_term_of_a_loan_is_a_key_of_its_contract(make: Callable[..., object], table: str) -> None:
    """An unknown key lists those that are known: they are the parameters of the call, and no others."""
    if make is lc.IndexedRate:  # a rate with an index
        lines = ["[rate]", "index = { 2026-01-01 = '3%' }", "no_such_key = 1"]
    else:
        lines = [*([f"[{table}]"] if table else []), "no_such_key = 1"]
    top = {table.partition(".")[0]: None}
    (found,) = [finding for finding in about_terms(contract_text(*lines, **top)) if "no such key" in finding]
    accepted = set(found.rpartition("accepted: ")[2].split(", "))
    assert accepted == set(signature(make).parameters) - NOT_TERMS.get(make, set())


NOT_TERMS: dict[object, set[str]] = {
    lc.BaseRate: {"provenance"}
}  # where it was read: of those that come with the library


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (contract_text("principle = 1"), "row 6, key principle: no such key; nearest: principal"),
        (contract_text("[late.intrest]", "rate = '1.5x'"), "row 6, key late.intrest: no such key; nearest: interest"),
        (contract_text("[late.grace]", "day = 3"), "row 7, key late.grace.day: no such key; nearest: days"),
        (contract_text("[late.grace]", "days = 3"), "row 6, key late.grace.kind: missing; expected"),
        (contract_text(principal=None), "key principal: missing; expected the amount lent"),
        (contract_text(installments=None), "key installments: "),
        (contract_text(principal="12000.001"), "row 1, key principal: got '12000.001'; expected at most 2 decimals"),
        (contract_text(principal="1e400000000"), "row 1, key principal: "),
        (contract_text(principal="true"), "row 1, key principal: got 'True'; expected an amount"),
        (contract_text(principal="[1]"), "row 1, key principal: got '[1]'; expected an amount"),
        (contract_text(principal="{a=1}"), "row 1, key principal: got a table; expected a single value"),
        (contract_text(rate='"12"'), "row 2, key rate: got '12'; a bare number is unclear"),
        (contract_text(rate="7"), "row 2, key rate: got '7'; "),
        (contract_text(rate="1e-400000000"), "row 2, key rate: "),
        (contract_text(start='"31/02/2026"'), "row 3, key start: got '31/02/2026'; expected a day with the year first"),
        (contract_text(start="2026-01-15T10:00:00"), "row 3, key start: got '2026-01-15 10:00:00'; expected a date"),
        (contract_text(installments='"12"'), "row 4, key installments: got '12'; expected a whole number"),
        (contract_text(installments="0"), "row 4, key installments: got '0'; " ),
        (contract_text(installments="99999"), "row 3, key start: got 2026-01-15, every 1 month; expected dates from"),
        (contract_text(installments="12.0"), "row 4, key installments: got '12.0'; expected a whole number"),
        (contract_text(currency='"CNYY"'), "row 5, key currency: got 'CNYY'; nearest: CNY"),
        (contract_text('method = "anuity"'), "row 6, key method: got 'anuity'; nearest: annuity"),
        (contract_text('month_end = "yes"'), "row 6, key month_end: got 'yes'; expected true or false"),
        (contract_text("past_due_counts = 'fee'"), "row 6, key past_due_counts: got 'fee'; expected a list of texts"),
        (contract_text("late = 5"), "row 6, key late: got '5'; expected a table with some of: interest, penalties"),
        (contract_text("[late.interest]", 'rate = "1.5x"'), "row 6, key late.interest.day_count: missing"),
        (contract_text("[[fees]]", "amount = 5", 'at = "disbursement"'), "row 6, key fees[1]: fees.settled: missing"),
        (contract_text("[[fees]]", "percent = '1'", "of = 'interest'", 'each = "installment"'),
         "row 7, key fees[1].percent: got '1'; expected a share with its percent sign"),
        (contract_text("[[fees]]", "amount = 5", "on = 2030-01-01"), "row 6, key fees.on: got 2030-01-01"),
        (contract_text("[[taxes]]", 'on = "fees"', 'percent = { 2026-01-01 = "5%", 2026-07-01 = "7" }'),
         "row 8, key taxes[1].percent.2026-07-01: got '7'; expected a share with its percent sign"),
        (contract_text("[[taxes]]", "percent = '5%'"), "row 6, key taxes[1].on: missing; expected \"interest\""),
        (contract_text("[[fees]]", "amount = 1.234", 'each = "installment"'), "row 7, key fees[1].amount: got '1.234'"),
        ("principal == 5\n", "row 1, column 12: not TOML"),
        ("principal = 5\nprincipal = 6\n", "row 2, column 14: not TOML: Cannot overwrite a value"),
        ("principal = 5\nrate = \"12%\n", "row 2, column "),
    ],
)  # fmt: skip
def test_a_bad_term_is_a_finding_with_row_key_value_and_what_is_accepted(text: str, expected: str) -> None:
    found = about_terms(text)
    assert any(finding.startswith(f"contract.toml, {expected}") for finding in found), found
    assert read_contract(text.encode()).loan is None


def test_all_terms_are_looked_at_before_a_contract_is_refused() -> None:
    text = contract_text("every = 'fortnigt'", "[late.grace]", "days = -1", "kind = 'free'", principal="-5", rate="'x'")
    rows = [finding.row for finding in errors_in(read_contract(text.encode()).findings)]
    assert sorted(rows, key=lambda row: row or 0) == [2, 6, 8]


def test_deep_nesting_is_a_finding() -> None:
    assert about_terms("a = " + "[" * 5000)


# Claim


def test_a_claim_is_read_with_pasted_amounts_and_dates() -> None:
    text = (
        'as_of = "2026年4月24日"\ndays_past_due = 45\npast_due_total = "1,730.00元"\noldest_unpaid_due = 2026-03-10\n'
    )
    found = read_claim(text.encode(), currency="CNY")
    assert found.claim == lc.Claim(
        as_of="2026-04-24", days_past_due=45, past_due_total=Decimal("1730.00"), oldest_unpaid_due=date(2026, 3, 10)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("days_past_due = 45", "claim.toml, key as_of: missing; expected the day"),
        ("as_of = 2026-04-24", "claim.toml: nothing to compare; expected some of: days_past_due, "),
        ("as_of = 2026-04-24\ndays_overdue = 45", "claim.toml, row 2, key days_overdue: no such key; nearest: "),
        ("as_of = 2026-04-24\ndays_past_due = -1", "claim.toml, row 2, key days_past_due: got '-1'; expected a whole"),
        ("as_of = 2026-04-24\ndays_past_due = '45天'", "claim.toml, row 2, key days_past_due: got '45天'; expected a"),
        (
            "as_of = 2026-04-24\npayoff = '1.730,00'",
            "claim.toml, row 2, key payoff: got '1.730,00'; expected an amount",
        ),
    ],
)
def test_a_bad_claim_is_a_finding(text: str, expected: str) -> None:
    found = [str(finding) for finding in read_claim(text.encode()).findings]
    assert any(finding.startswith(expected) for finding in found), found


def test_a_claim_without_a_day_takes_the_day_given_and_one_with_another_day_is_refused() -> None:
    day = date(2026, 4, 24)
    assert read_claim(b"days_past_due = 45", as_of=day).claim == lc.Claim(as_of=day, days_past_due=45)
    refused = read_claim(b"as_of = 2026-04-25\ndays_past_due = 45", as_of=day)
    assert refused.claim is None
    assert "expected 2026-04-24" in str(refused.findings[0])


# Layout


def test_a_chinese_character_takes_two_columns() -> None:
    assert display_width("本金a") == 5
    lines = table(["项目", "x"], [["罚息", "1"], ["fee", "20"]], left=(0,)).splitlines()
    assert [display_width(line) for line in lines] == [8, 8, 8]
    assert all(display_width(line) <= 20 for line in wrap("罚息 " * 20, first="- ", width=20).splitlines())


def test_findings_stand_in_the_order_of_the_rows() -> None:
    found = about_terms("color = 1\nprincipal = 1\nrate = '12'\nstart = 2026-01-15\n[late.interest]\nrat = 1\n[lat]\n")
    assert [finding.split(", ")[1] for finding in found] == ["row 1", "row 3", "row 5", "row 6", "row 7"]


def test_every_figure_of_a_claim_that_cannot_be_is_found_at_once() -> None:
    said = 'as_of = 2026-04-24\ninstallments_past_due = -1\npast_due_total = "-5"\ndays_overdue = 3\nstatus_line = " "'
    assert [(finding.row, finding.column) for finding in read_claim(said.encode()).findings] == [
        (2, "installments_past_due"),
        (3, "past_due_total"),
        (4, "days_overdue"),
        (5, "status_line"),
    ]
