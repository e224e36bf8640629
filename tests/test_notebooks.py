"""What a notebook shows: tables with every cell escaped, figures to the right, the same figures as in print."""

from __future__ import annotations

import re
from html import unescape
from typing import Protocol

import pytest

import loancalc as lc
from loancalc.values.tables import html_table

DAY = "2026-07-01"
LATE = lc.LateTerms(interest=lc.LateInterest("1.5x", day_count="ACT/360"))
LOAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=LATE, currency="CNY")
ACCOUNT = lc.Account(LOAN, [lc.Payment("2026-02-15", "1066.19"), lc.Payment("2026-03-20", "500", source="guarantor")])
WAYS = ACCOUNT.compare({"<b>today</b>": lc.Payoff(DAY)}, DAY)


class Shown(Protocol):
    """What a notebook can show as a table."""

    def _repr_html_(self) -> str: ...


SHOWN: dict[str, Shown] = {
    "loan": LOAN,
    "account": ACCOUNT,
    "schedule": LOAN.schedule(),
    "position": ACCOUNT.as_of(DAY),
    "parts": ACCOUNT.as_of(DAY).past_due,
    "receipt": ACCOUNT.receipts[1],
    "actual": ACCOUNT.schedule(DAY),
    "payoffs": ACCOUNT.payoffs(DAY, days=3),
    "preview": ACCOUNT.preview(lc.Payoff(DAY)),
    "ways": WAYS,
    "ledger": ACCOUNT.ledger(DAY),
    "movement": ACCOUNT.between("2026-06-30", DAY),
    "report": lc.credit.report(ACCOUNT, DAY),
    "audit": lc.audit(ACCOUNT, lc.Claim(as_of=DAY, days_past_due=110)),
}


@pytest.mark.parametrize("value", SHOWN.values(), ids=list(SHOWN))
def test_a_value_is_one_table_of_the_figures_that_it_prints(value: Shown) -> None:
    shown = value._repr_html_()
    assert shown.startswith("<table><thead>")
    assert shown.endswith("</table>")
    cells = re.findall(r"<t[dh] style=[^>]*>([^<]*)</t[dh]>", shown)
    assert len(cells) == shown.count("<td") + shown.count("<th") - shown.count("<thead")
    amounts = {cell for cell in cells if re.fullmatch(r"\d+\.\d\d", cell)} - {"0.00"}
    printed = " ".join(map(str, [value, getattr(value, "total", ""), *getattr(value, "lines", ())]))
    assert not {amount for amount in amounts if amount not in printed}


def test_what_a_user_named_is_escaped() -> None:
    assert "&lt;b&gt;today&lt;/b&gt;" in WAYS._repr_html_()


def test_figures_stand_to_the_right_and_words_to_the_left() -> None:
    shown = html_table(
        ["due", "what"], [["2026-02-15", "paid"], ["", "due"], ["total", "1.00 of 2"], ["2026-03-15", ""]]
    )
    assert '<th style="text-align:right;white-space:nowrap">due</th><th style="text-align:left">what</th>' in shown


def test_a_position_says_what_is_past_due_and_what_ends_the_loan() -> None:
    rows = re.findall(r"<tr><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td></tr>", ACCOUNT.as_of(DAY)._repr_html_())
    position = ACCOUNT.as_of(DAY)
    assert rows[0] == ("days past due", "108")
    assert ("past due: late interest", str(position.past_due.late_interest)) in rows
    assert ("past due", str(position.past_due.total)) in rows
    assert rows[-2:] == [("payoff", str(position.payoff)), ("next due on 2026-07-15", "1066.19")]


def cells(value: Shown) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", value._repr_html_())
    return [[unescape(cell) for cell in re.findall(r"<t[dh] style=[^>]*>([^<]*)</t", row)] for row in rows]


def test_a_loan_shows_its_terms_and_each_clause_of_them() -> None:
    fees = [
        lc.Fee(20, each="installment"),
        lc.Fee(percent="1%", of="original-principal", at="disbursement", settled="deducted"),
    ]
    late = lc.LateTerms(LATE.interest, [lc.Penalty(25)], lc.Grace(3, "free"))
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=late, fees=fees, currency="CNY")
    shown = cells(loan)
    assert shown[:3] == [["loan", "CNY"], ["principal", "12000"], ["rate", "12%/year"]]
    assert [name for name, _ in shown].count("fees") == 2
    assert ["late penalties", "25 for each late installment"] in shown
    assert [
        "late interest",
        "rate 1.5x, base principal, day count ACT/360, over contract, compound none, starts 0, rounded line",
    ] in shown
    assert ["late grace", "days 3, kind free, counted from-due-date"] in shown


def test_an_account_shows_what_happened_by_value_date() -> None:
    happened = [
        lc.Payment("2026-02-15", "1066.19", id="<first>", source="guarantor", booked="2026-02-17"),
        lc.RateChange("2026-03-01", "10%", keep="term", id="cheaper"),
        lc.Reversal("<first>", booked="2026-03-05", id="back"),
        lc.Waiver("2026-03-01", "interest", "all", undue=True, id="gift"),
    ]
    assert cells(lc.Account(LOAN, happened)) == [
        ["on", "what", "CNY", ""],
        ["2026-01-15", "paid out", "12000", "12%/year, annuity, 12 installments every 1 month"],
        ["2026-02-15", "payment", "1066.19", "booked 2026-02-17, id <first>, source guarantor"],
        ["2026-03-01", "rate change", "", "rate 10%/year, id cheaper, keep term"],
        ["2026-03-01", "waiver", "all", "component interest, id gift, undue yes"],
        ["2026-03-05", "reversal", "", "of <first>, id back"],
    ]


def test_a_loan_prints_as_its_terms_and_an_account_as_what_happened() -> None:
    assert str(LOAN).splitlines()[:5] == [
        "principal: 12000", "rate: 12%/year", "start: 2026-01-15", "installments: 12", "every: 1 month",
    ]  # fmt: skip
    happened = [lc.Payment("2026-02-15", "1066.19"), lc.Waiver("2026-02-15", "interest", "all", id="gift")]
    assert str(lc.Account(LOAN, happened)).splitlines() == [
        "2026-01-15 paid out 12000 CNY: 12%/year, annuity, 12 installments every 1 month",
        "2026-02-15 payment 1066.19 CNY: id e1",
        "2026-02-15 waiver all: component interest, id gift",
    ]


def test_what_cannot_be_pasted_back_says_in_one_line_what_it_is() -> None:
    claimed = lc.Claim(as_of="2026-04-24", days_past_due=45, outstanding_principal="10667.02")
    assert repr(ACCOUNT.as_of("2026-02-15")) == "<Position on 2026-02-15: not past due, payoff 11053.81>"
    assert repr(ACCOUNT.as_of("2026-03-18")) == "<Position on 2026-03-18: 3 days past due, payoff 11175.55>"
    assert repr(lc.audit(ACCOUNT, claimed)) == "<Audit on 2026-04-24: 2 of 2 figures wrong>"
    assert repr(lc.credit.report(ACCOUNT, "2026-04-24")) == "<CreditReport on 2026-04-24 by cn-credit-report-2: *N1>"


def test_prepayment_options_stand_on_one_table() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    paid = lc.Account(loan, [lc.Payment(f"2026-{month:02}-15", "1066.19") for month in range(2, 8)])
    options = paid.prepayment_options("2026-07-15", 3_000)
    head, *rows = cells(options)
    assert head[:4] == ["effect", "payment", "installments left", "last payment"]
    assert [row[:4] for row in rows] == [
        ["keep", "1066.19", "4", "1066.14"], ["lower", "548.53", "6", "548.55"],
        ["shorten", "1066.19", "4", "45.14"], ["last", "", "4", "136.95"],
    ]  # fmt: skip
    assert [line.split()[0] for line in str(options).splitlines()] == ["effect", "keep", "lower", "shorten", "last"]
