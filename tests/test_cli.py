"""`python -m loancalc` says what the library says, with exit code 0, 1 or 2 and never a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.cli import main

CHECKOUT = Path(__file__).resolve().parent.parent
OVERDUE = CHECKOUT / "examples" / "overdue"
LUMP_SUM = CHECKOUT / "examples" / "lump_sum"
LENDER = CHECKOUT / "examples" / "lender"
FILES = {name: (OVERDUE / name).read_bytes() for name in ("contract.toml", "payments.csv", "claim.toml")}
WIDEST = 100


class Run(NamedTuple):
    code: int
    out: str
    err: str


def run(*arguments: object) -> Run:
    """A command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code: object = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse
            code = end.code
    assert isinstance(code, int)
    return Run(code, out.getvalue(), err.getvalue())


def overdue(command: str, *more: str) -> Run:
    files = {"schedule": ["contract.toml"], "statement": ["contract.toml", "payments.csv"]}
    paths = [OVERDUE / name for name in files.get(command, FILES)]
    return run(command, *paths, *(["--as-of", "2026-04-24"] if command == "statement" else []), *more)


def written(folder: Path, **contents: str | bytes) -> list[Path]:
    """The files of the example, some with other contents."""
    for name, raw in FILES.items():
        other = contents.get(name.partition(".")[0], raw)
        (folder / name).write_bytes(other.encode() if isinstance(other, str) else other)
    return [folder / name for name in FILES]


def squeezed(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]


def account() -> lc.Account:
    late = lc.LateTerms(interest=lc.LateInterest(rate="1.5x", day_count="ACT/360", compound="interest"))
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=late, currency="CNY")
    return lc.Account(loan, [lc.Payment("2026-02-15", "1066.19"), lc.Payment("2026-03-20", "500.00")])


# The figures of the examples


def test_the_schedule_prints_the_plan() -> None:
    code, out, err = overdue("schedule")
    assert (code, err) == (0, "")
    assert out.startswith("12 installments of 1066.19 CNY, due 2026-02-15 to 2027-01-15.\n")
    lines = squeezed(out)
    assert "1 2026-02-15 946.19 120.00 1066.19 11053.81" in lines
    assert "12 2027-01-15 1055.58 10.56 1066.14 0.00" in lines
    assert "sum 12000.00 794.23 12794.23" in lines


def test_the_statement_answers_first_and_shows_where_the_loan_stands() -> None:
    code, out, err = overdue("statement")
    assert (code, err) == (1, "")
    assert out.splitlines()[0] == "Overdue: yes, 40 days on 2026-04-24, counted from the due date 2026-03-15."
    assert out.splitlines()[1].startswith(
        "Past due: 1649.80 CNY. Paying off the whole loan that day takes 10810.15 CNY."
    )
    lines = squeezed(out)
    for line in (
        "compound interest 0.45", "late interest 14.30", "interest 100.98", "principal 1534.07", "total 1649.80",
        "1 2026-02-15 paid 1066.19 0.00 1066.19 0.00 2026-02-15",
        "2 2026-03-15 partly paid 1066.19 12.63 500.00 578.82",
        "3 2026-04-15 past due 1066.19 4.79 0.00 1070.98",
        "12 2027-01-15 upcoming 1066.14",
        "2026-02-15 1066.19 0.00 0.00 120.00 946.19 1",
        "2026-03-20 500.00 0.28 2.39 110.54 386.79 2",
        "status line: *N1",
        "2026-04 2 40 delinquent days at the end, due since 2026-03-15, so far",
        "- nothing else happened after 2026-03-20, as far as is known",
    ):  # fmt: skip
        assert line in lines


def test_explain_shows_every_figure_as_a_calculation() -> None:
    out = overdue("statement", "--explain").out
    for line in (
        "days past due: 2026-04-24 - 2026-03-15 (oldest unpaid due date) = 40",
        "late interest 568.86 x 18% x 35/360 = 9.95505 -> 9.96",
        "compound interest 100.98 x 18% x 9/360 = 0.45441 -> 0.45",
        "2: interest 11053.81 x 12% x 1/12 = 110.5381 -> 110.54; principal 1066.19 - 110.54 = 955.65",
    ):
        assert line in out
    joined = " ".join(out.split())
    for line in account().as_of("2026-04-24").explain().splitlines():
        assert " ".join(line.removeprefix("assumed: ").split()) in joined
    assert account().loan.schedule().explain(12) in overdue("schedule", "--explain").out
    assert "9.95505 -> 9.96" in overdue("audit", "--explain").out


def test_the_audit_compares_line_by_line() -> None:
    code, out, err = overdue("audit")
    assert (code, err) == (1, "")
    assert out.startswith("The claim is wrong: 2 of its 2 figures are not ours on 2026-04-24.\n")
    lines = squeezed(out)
    assert "days past due 45 40 +5 wrong" in lines
    assert "past due total 1730.00 1649.80 +80.20 wrong" in lines
    assert "days past due: 2026-04-24 - 2026-03-15 (oldest unpaid due date) = 40" in lines


def test_the_lump_sum_is_twelve_days_late_and_its_grace_is_deferred() -> None:
    paths = [LUMP_SUM / "contract.toml", LUMP_SUM / "payments.csv"]
    for day, late_interest, past_due in (
        ("2026-03-31", None, None),
        ("2026-04-03", None, "10150.00"),
        ("2026-04-04", "30.00", "10180.00"),
        ("2026-04-12", "90.00", "10240.00"),
    ):
        code, out, _ = run("statement", *paths, "--as-of", day)
        lines = squeezed(out)
        assert code == (1 if past_due else 0)
        assert (f"late interest {late_interest}" in lines) == bool(late_interest)
        assert past_due is None or f"total {past_due}" in lines
    assert out.startswith("Overdue: yes, 12 days on 2026-04-12, counted from the due date 2026-03-31.")
    assert (
        "10000.00 x 0.075%/day x 12 nights = 90.00 -> 90.00"
        in run("statement", *paths, "--as-of", "2026-04-12", "--explain").out
    )
    assert "1 2026-03-31 10000.00 150.00 10150.00 0.00" in squeezed(run("schedule", paths[0]).out)


@pytest.mark.parametrize("folder", [OVERDUE, LUMP_SUM, LENDER], ids=lambda folder: folder.name)
def test_what_the_readme_of_an_example_shows_is_what_is_printed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    shown = re.findall(
        r"```console\n\$ python -m loancalc (.*)\n((?:.*\n)*?)```", (folder / "README.md").read_text("utf-8")
    )
    assert len(shown) == 2
    for command, printed in shown:
        assert run(*command.split()).out.startswith(printed)


def test_what_the_page_for_lenders_shows_is_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command of the page, with its lines in their order; a line of dots stands for lines left out."""
    monkeypatch.chdir(CHECKOUT)
    page = (CHECKOUT / "docs" / "lenders.md").read_text("utf-8")
    shown = re.findall(r"```console\n\$ python -m loancalc (.*)\n((?:.*\n)*?)```", page)
    assert len(shown) == 3
    for command, printed in shown:
        out = run(*command.split()).out.splitlines()
        for part in printed.split("...\n"):
            lines = part.splitlines()
            assert lines in [out[start : start + len(lines)] for start in range(len(out))], "\n".join(lines)


@pytest.mark.parametrize("command", ["schedule", "statement", "audit"])
def test_lines_fit_a_terminal_and_have_no_colors(command: str) -> None:
    for out in (overdue(command).out, overdue(command, "--explain").out):
        assert max(map(len, out.splitlines())) <= WIDEST
        assert "\x1b" not in out
        assert not any(line != line.rstrip() for line in out.splitlines())


CALCULATION = re.compile(
    r"([\d.]+) x ([\d.]+)%(/day)?((?: x \d+/\d+| x \d+ nights)+) = (\d+(?:\.\d+)?)(\.\.\.)? -> ([\d.]+)"
)
SUM = re.compile(r"(?:[:>]|^\s+) *((?:[a-z ]*[\d.]+(?: \([^)]*\))? [-+] )+[a-z ]*[\d.]+(?: \([^)]*\))?) = ([\d.]+)")


@pytest.mark.parametrize(
    ("folder", "day", "products", "sums"),
    [(OVERDUE, "2026-04-24", 10, 10), (LUMP_SUM, "2026-04-12", 2, 2), (LENDER, "2026-08-31", 21, 21)],
    ids=["overdue", "lump_sum", "lender"],
)  # fmt: skip
def test_every_line_holds_on_a_pocket_calculator(folder: Path, day: str, products: int, sums: int) -> None:
    """Each product and each sum that a statement prints, worked out again from the text alone."""
    out = run("statement", folder / "contract.toml", folder / "payments.csv", "--as-of", day, "--explain").out
    text = re.sub(r"\n {6,}", " ", out.partition("How each figure was calculated")[2])
    found = CALCULATION.findall(text)
    for base, percent, _, shares, unrounded, is_cut, rounded in found:
        exact = Fraction(base) * Fraction(percent) / 100
        for share in re.findall(r"x (\d+)(?:/(\d+))?", shares):
            exact *= Fraction(int(share[0]), int(share[1] or 1))
        assert exact == Fraction(unrounded) or is_cut
        assert Fraction(rounded) == Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)
    added = [match for line in re.split(r"[\n;]", text) for match in SUM.findall(line)]
    for left, right in added:
        terms = re.findall(r"([-+]?) ?[a-z ]*([\d.]+)", re.sub(r"\([^)]*\)", "", left))
        assert sum(Fraction(f"{sign}{amount}") for sign, amount in terms) == Fraction(right)
    assert (len(found), len(added)) == (products, sums)


# Exit codes


def test_a_loan_that_is_not_past_due_is_fine() -> None:
    code, out, _ = run("statement", OVERDUE / "contract.toml", OVERDUE / "payments.csv", "--as-of", "2026/3/15")
    assert code == 0
    assert out.startswith("Overdue: no, on 2026-03-15. Next due: 1066.19 CNY on that day.\n")


def test_money_held_is_said_beside_what_is_due_next(tmp_path: Path) -> None:
    paths = written(tmp_path, payments="date,amount\n2026-02-10,3000\n")
    _, out, _ = run("statement", *paths[:2], "--as-of", "2026-02-12")
    assert out.startswith(
        "Overdue: no, on 2026-02-12. Next due: 1066.19 CNY on 2026-02-15.\n"
        "Held: 3000.00 CNY that came early and is applied to what falls due next.\n"
    )


def test_a_relative_late_rate_is_shown_as_a_calculation() -> None:
    out = overdue("audit", "--explain").out
    assert "late rate: 1.5x of the contract rate 12%/year = 18%/year" in squeezed(out)


def test_a_late_rate_over_a_base_rate_is_shown_with_the_days_from_which_it_held(tmp_path: Path) -> None:
    contract, payments, _ = written(tmp_path, payments="date,amount\n2024-02-20,1.00\n")
    contract.write_text(
        'principal = 1200\nrate = "12%"\nstart = 2024-01-15\ninstallments = 12\n'
        '[late.interest]\nrate = "+5pp"\nover = "de-base-rate"\nday_count = "ACT/360"\n'
    )
    out = " ".join(squeezed(run("statement", contract, payments, "--as-of", "2024-08-01", "--explain").out))
    assert "late rate: +5pp over de-base-rate (Basiszinssatz" in out
    assert "= 8.62%/year from 2024-01-15, then 8.37%/year from 2024-07-01" in out


def test_late_charges_left_over_are_a_finding(tmp_path: Path) -> None:
    contract, payments, _ = written(tmp_path, payments="date,amount\n2026-02-20,1066.19\n")
    text = contract.read_text() + '[allocation]\ndirection = "vertical"\n'
    text += 'order = ["cost","interest","principal","fee","penalty","late_interest","compound_interest"]\n'
    contract.write_text(text)
    code, out, _ = run("statement", contract, payments, "--as-of", "2026-02-25")
    assert code == 1
    # 946.19 x 18% x 5/360 = 2.365475 -> 2.37; 120.00 x 18% x 5/360 = 0.30
    assert out.startswith("Overdue: no, on 2026-02-25; but late charges of 2.67 CNY are still owed.")


def test_a_closed_loan_says_so(tmp_path: Path) -> None:
    contract, payments, _ = written(tmp_path, payments="date,amount,type\n2026-02-15,,payoff\n")
    code, out, _ = run("statement", contract, payments, "--as-of", "2026-03-31")
    assert code == 0
    assert out.startswith("Overdue: no, on 2026-03-31. The loan is closed: nothing is owed.")
    assert "2026-02-15 payoff 12120.00" in squeezed(out)[squeezed(out).index("What each payment paid") + 2]
    assert "status line: *C" in squeezed(out)


def test_a_claim_that_is_right_is_fine_even_where_the_loan_is_past_due(tmp_path: Path) -> None:
    paths = written(tmp_path, claim='as_of = 2026-04-24\ndays_past_due = 40\npast_due_total = "￥1,649.80"\n')
    code, out, _ = run("audit", *paths)
    assert code == 0
    assert out.startswith("The claim is right: all its figures are ours.")


def test_as_of_is_required_unless_the_claim_has_it(tmp_path: Path) -> None:
    paths = written(tmp_path, claim="days_past_due = 45\n")
    assert run("statement", *paths[:2]).code == 2
    assert run("audit", *paths).code == 2
    assert "claim.toml, key as_of: missing" in run("audit", *paths).err
    assert run("audit", *paths, "--as-of", "2026-04-24").code == 1
    assert run("audit", *written(tmp_path), "--as-of", "2026-04-25").code == 2


BAD: dict[str, dict[str, Any]] = {
    "an unknown key": {"contract": FILES["contract.toml"] + b"bse = 1\n"},
    "a contract that is not TOML": {"contract": "principal: 5"},
    "an empty contract": {"contract": b""},
    "terms that are no loan": {"contract": FILES["contract.toml"].replace(b"12%", b"12")},
    "an empty payments file": {"payments": b""},
    "a payment before the loan starts": {"payments": "date,amount\n2026-01-14,5\n"},
    "an amount with three decimals": {"payments": "date,amount\n2026-02-15,5.123\n"},
    "a date that no calendar has": {"payments": "date,amount\n31/02/2026,5\n"},
    "the same row twice": {"payments": "date,amount\n2026-02-15,5\n2026-02-15,5\n"},
    "bytes of no encoding": {"payments": b"date,amount\n2026-02-15,\xff\xff\n"},
    "a waiver of what is not owed": {"payments": "date,amount,type,component\n2026-02-15,5,waiver,penalty\n"},
    "an empty claim": {"claim": b""},
    "an unknown figure": {"claim": "as_of = 2026-04-24\ndays_overdue = 45\n"},
    "a claim before the loan starts": {"claim": "as_of = 2025-04-24\ndays_past_due = 45\n"},
    "a claim long after the loan": {"claim": "as_of = 9999-12-31\ndays_past_due = 45\n"},
}


@pytest.mark.parametrize("contents", BAD.values(), ids=BAD)
def test_bad_input_ends_with_2_a_list_of_findings_and_nothing_else(contents: dict[str, Any], tmp_path: Path) -> None:
    paths = written(tmp_path, **contents)
    code, out, err = run("audit", *paths)
    assert (code, out) == (2, "")
    (name,) = contents
    assert re.match(r"1 finding; nothing was calculated:\n", err)
    assert f"{name}." in err.splitlines()[1]
    as_json = run("audit", *paths, "--json")
    assert (as_json.code, as_json.err) == (2, "")
    assert json.loads(as_json.out)["schema"] == "loancalc/findings"
    assert len(json.loads(as_json.out)["findings"]) == 1


@pytest.mark.parametrize("day", ["2025-04-24", "9999-12-31"])
def test_a_claim_about_a_day_out_of_reach_names_its_row_and_the_days_accepted(day: str, tmp_path: Path) -> None:
    paths = written(tmp_path, claim=f"# no day of the loan\nas_of = {day}\ndays_past_due = 45\n")
    assert f"row 2, key as_of: got '{day}'; expected a day from 2026-01-15 to 2127-12-31" in run("audit", *paths).err
    paths = written(tmp_path, claim="days_past_due = 45\n")
    assert f"  --as-of: got '{day}'; expected a day from" in run("audit", *paths, "--as-of", day).err


def test_all_findings_of_all_files_come_at_once(tmp_path: Path) -> None:
    contract = FILES["contract.toml"].replace(b"12%", b"12")
    paths = written(tmp_path, contract=contract, payments="date,amount\nx,y\n", claim="as_of = 2026-04-24\npayof = 1\n")
    code, _, err = run("audit", *paths, "--as-of", "24.4.2026")
    assert code == 2
    assert err.startswith("5 findings; nothing was calculated:\n")
    for place in ("--as-of: ", "key rate", "row 2, column date", "row 2, column amount", "row 2, key payof"):
        assert place in err


def test_files_that_are_missing_or_no_files_are_named(tmp_path: Path) -> None:
    code, out, err = run("statement", tmp_path / "none.toml", tmp_path, "--as-of", "2026-04-24")
    assert (code, out) == (2, "")
    assert f"{tmp_path / 'none.toml'}: cannot be read: No such file or directory" in err
    assert f"{tmp_path}: cannot be read: Is a directory" in err
    assert run("schedule", "a\0b").code == 2


@pytest.mark.parametrize(
    "arguments", [[], ["pay"], ["statement"], ["schedule", "a", "b"], ["schedule", "a", "--color"]]
)
def test_wrong_arguments_end_with_2(arguments: list[str]) -> None:
    assert run(*arguments).code == 2


@pytest.mark.parametrize("day", ["31/02/2026", "2026-02-30", "tomorrow", "", "2025-12-31", "9999-12-31"])
def test_a_bad_as_of_is_a_finding(day: str) -> None:
    code, _, err = run("statement", OVERDUE / "contract.toml", OVERDUE / "payments.csv", "--as-of", day)
    assert code == 2
    assert f"--as-of: got {day!r}; " in err


def test_an_unknown_framework_is_refused_and_one_not_yet_in_force_is_said(tmp_path: Path) -> None:
    code, _, err = run("statement", *written(tmp_path)[:2], "--as-of", "2026-04-24", "--framework", "cn-credit-report")
    assert code == 2
    assert "\n  --framework: got 'cn-credit-report'; nearest: cn-credit-report-2; accepted: " in err
    contract = FILES["contract.toml"].replace(b"2026", b"2020")
    paths = written(tmp_path, contract=contract, payments="date,amount\n")
    code, out, _ = run("statement", *paths[:2], "--as-of", "2020-03-01")
    assert code == 1
    assert "no grade by days: framework: 'cn-five-class' was not in force on 2020-03-01" in " ".join(out.split())


# Notes


def test_how_a_file_was_read_and_what_does_not_count_yet_is_said(tmp_path: Path) -> None:
    payments = "日期,金额\n2026年2月15日,￥1066.19\n2026/3/20,５００\n2026-05-01,1\n".encode("gbk")
    code, out, err = run("statement", *written(tmp_path, payments=payments)[:2], "--as-of", "2026-04-24")
    assert (code, err) == (1, "")
    assert "Past due: 1649.80 CNY." in out
    text = " ".join(out.split())
    assert "not UTF-8; read as GB18030 (GBK)" in text
    assert "row 4, column date: got '2026-05-01'; after 2026-04-24: it does not count yet" in text


def test_reversals_and_waivers_are_shown(tmp_path: Path) -> None:
    payments = "date,amount,type,id,component,of\n2026-02-15,1066.19,,a,,\n2026-02-20,,reversal,,,a\n"
    payments += "2026-03-01,all,waiver,,罚息,\n"
    _, out, _ = run("statement", *written(tmp_path, payments=payments)[:2], "--as-of", "2026-03-10")
    assert "- 2026-02-20: a is reversed; it never happened" in squeezed(out)
    assert "- 2026-03-01: all of late interest is waived" in squeezed(out)


def test_a_chargeback_shows_what_went_back_and_later_events_are_listed(tmp_path: Path) -> None:
    payments = "date,amount,type,component,of,rate,keep\n2026-02-15,1066.19,,,,,\n2026-03-01,,chargeback,,e1,,\n"
    payments += "2026-03-05,30,charge,cost,,,\n2026-04-15,,rate_change,,,10.8%,term\n"
    paths = written(tmp_path, payments=payments)[:2]
    _, out, _ = run("statement", *paths, "--as-of", "2026-04-24")
    lines = squeezed(out)
    # the interest and the principal of installment 1 came in and went back
    assert "2026-02-15 1066.19 120.00 946.19 1066.19 1" in lines
    assert "- 2026-03-05: charge: component cost, amount 30" in lines
    assert "- 2026-04-15: rate change: rate 10.8%/year, keep term" in lines
    found = json.loads(run("statement", *paths, "--as-of", "2026-04-24", "--json").out)
    (receipt,) = found["receipts"]
    assert (receipt["amount"], receipt["returned"], receipt["source"]) == ("1066.19", "1066.19", "borrower")
    back, charge, rate = found["happened"]
    assert (back["type"], back["on"]) == ("chargeback", "2026-03-01")
    assert charge == {
        "id": "e3", "on": "2026-03-05", "booked": "2026-03-05", "type": "charge",
        "text": "2026-03-05: charge: component cost, amount 30",
    }  # fmt: skip
    assert rate["text"] == "2026-04-15: rate change: rate 10.8%/year, keep term"


# JSON


def test_json_says_what_the_library_says() -> None:
    position, plan = account().as_of("2026-04-24"), account().loan.schedule()
    found = json.loads(overdue("statement", "--json").out)
    assert (found["schema"], found["version"]) == ("loancalc/statement", 1)
    assert found["days_past_due"] == 40
    assert found["oldest_unpaid_due"] == "2026-03-15"
    parts = {name: str(amount) for name, amount in position.past_due.items()}
    assert found["past_due"] == {**parts, "total": "1649.80"}
    for name in ("payoff", "outstanding_principal", "interest_to_date", "credit"):
        assert found[name] == str(getattr(position, name))
    assert [row["state"] for row in found["installments"]] == [state.state for state in position.installments]
    assert [row["owed"]["total"] for row in found["installments"]] == [str(s.owed.total) for s in position.installments]
    assert [row["parts"]["total"] for row in found["receipts"]] == ["1066.19", "500.00"]
    assert found["credit_report"]["status_line"] == lc.credit.report(account(), "2026-04-24").status_line
    assert found["credit_report"]["provisional"] == "2"
    assert found["assumptions"] == list(position.assumptions)
    schedule = json.loads(overdue("schedule", "--json", "--explain").out)
    assert [Decimal(row["total"]) for row in schedule["installments"]] == [row.total for row in plan]
    assert schedule["explanation"] == plan.explain().splitlines()


def test_json_of_an_audit_has_every_finding() -> None:
    found = json.loads(overdue("audit", "--json").out)
    assert found["agrees"] is False
    assert [
        (row["field"], row["claimed"], row["ours"], row["difference"], row["verdict"]) for row in found["findings"]
    ] == [
        ("days_past_due", 45, 40, 5, "wrong"),
        ("past_due_total", "1730.00", "1649.80", "80.20", "wrong"),
    ]
    assert found["position"]["past_due"]["total"] == "1649.80"


def keys_in(document: object) -> set[str]:
    if isinstance(document, dict):
        return set(document).union(*map(keys_in, document.values()))
    return set().union(*map(keys_in, document)) if isinstance(document, list) else set()


def test_every_key_of_every_json_document_is_on_the_page_and_no_other(tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "command-line.md").read_text("utf-8").partition("## JSON")[2]
    contract = (
        FILES["contract.toml"]
        + b"""[[late.penalties]]
        amount = 5
        [[late.caps]]
        amount = 1
        [[fees]]
        amount = 5
        at = "disbursement"
        settled = "paid"
        """
    )
    paths = written(tmp_path, contract=contract)
    documents = [
        run("schedule", paths[0], "--json", "--explain"),
        run("statement", *paths[:2], "--as-of", "2026-04-24", "--json", "--explain"),
        run("audit", *paths, "--json"),
        run("statement", *written(tmp_path, payments="")[:2], "--as-of", "2026-04-24", "--json"),
        run("statement", *written(tmp_path, payments="date,amount,type,component\n2026-03-05,30,charge,cost\n")[:2],
            "--as-of", "2026-04-24", "--json"),
        run("statement", *written(tmp_path, contract=FILES["contract.toml"].replace(b"2026", b"2020"),
            payments="date,amount\n")[:2], "--as-of", "2020-04-24", "--json"),
    ]  # fmt: skip
    keys = set().union(*(keys_in(json.loads(document.out)) for document in documents))
    assert keys == set(re.findall(r"`([a-z_]+)`", page)) - {"null"}


def test_the_contracts_on_the_page_are_contracts(tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "command-line.md").read_text("utf-8")
    for text, first in zip(
        re.findall(r"```toml\n(.*?)```", page, re.DOTALL),
        (
            "12 installments of 1066.19 CNY, due 2026-02-15 to 2027-01-15.",
            "36 installments of 10612.63, due 2025-04-20 to 2028-03-20.",
        ),
        strict=True,
    ):
        code, out, _ = run("schedule", written(tmp_path, contract=text)[0])
        assert code == 0
        assert out.startswith(first)
    claimed = page.partition("**CLAIM.toml**")[2].partition("What people")[0]
    assert re.findall(r"`([a-z_]+)`", claimed) == [field.name for field in fields(lc.Claim)]


def test_json_shows_the_lines_that_late_interest_is_built_from() -> None:
    found = json.loads(overdue("statement", "--json", "--explain").out)
    lines = [line for line in found["accrual_lines"] if line["component"] == "late_interest"]
    assert [(line["installment"], line["base"], line["unrounded"], line["amount"]) for line in lines] == [
        (2, "955.65", "19113/8000", "2.39"),  # 955.65 x 18 % x 5/360 = 2.389125
        (2, "568.86", "199101/20000", "9.96"),
        (3, "965.21", "868689/200000", "4.34"),
    ]
    for line in lines:
        days = (date.fromisoformat(line["end"]) - date.fromisoformat(line["start"])).days
        assert Fraction(line["unrounded"]) == Fraction(line["base"]) * Fraction(18, 100) * Fraction(days, 360)


def test_json_of_bad_input_keeps_findings_and_notes_apart(tmp_path: Path) -> None:
    paths = written(tmp_path, payments="日期,金额\n2026-02-15,1.234\n".encode("gbk"))
    found = json.loads(run("audit", *paths, "--json").out)
    assert [(row["row"], row["column"], row["value"]) for row in found["findings"]] == [(2, "amount", "1.234")]
    assert [row["problem"] for row in found["notes"]] == ["not UTF-8; read as GB18030 (GBK)"]


# Never a traceback


MANGLED = st.tuples(
    st.sampled_from(sorted(FILES)),
    st.lists(
        st.tuples(
            st.sampled_from(["replace", "insert", "delete", "repeat"]), st.integers(0, 10_000), st.binary(max_size=4)
        ),
        min_size=1,
        max_size=4,
    ),
)


def mangle(raw: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for change, where, new in changes:
        at = where % (len(raw) + 1)
        if change == "replace":
            raw = raw[:at] + new + raw[at + len(new) :]
        elif change == "insert":
            raw = raw[:at] + new + raw[at:]
        elif change == "delete":
            raw = raw[:at] + raw[at + 1 + len(new) :]
        else:
            raw = raw[:at] + raw[at : at + 8] + raw[at:]
    return raw


@given(MANGLED)
def test_no_file_however_mangled_gives_a_traceback(mangled: tuple[str, list[tuple[str, int, bytes]]]) -> None:
    name, changes = mangled
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), **{name.partition(".")[0]: mangle(FILES[name], changes)})
        for command in (
            ["schedule", paths[0]], ["statement", *paths[:2], "--as-of", "2026-04-24", "--explain"], ["audit", *paths],
        ):  # fmt: skip
            code, out, err = run(*command)
            assert code in (0, 1, 2)
            assert "a fault of the program" not in out + err
            assert (code == 2) == (not out)


DIGITS = st.text("0123456789.,-/%年x ", min_size=1, max_size=3)


@given(st.sampled_from(sorted(FILES)), st.integers(0, 10_000), DIGITS)
def test_no_figure_however_changed_gives_a_traceback(name: str, where: int, new: str) -> None:
    text = FILES[name].decode()
    figures = [found.span() for found in re.finditer(r"[0-9]+", text)]
    first, last = figures[where % len(figures)]
    with tempfile.TemporaryDirectory() as folder:
        changed = text[:first] + new + text[last:]
        paths = written(Path(folder), **{name.partition(".")[0]: changed})
        code, out, err = run("audit", *paths)
        assert code in (0, 1, 2)
        assert "a fault of the program" not in out + err


def test_a_fault_of_the_library_is_bad_input_not_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("loancalc.cli.read_contract", fault)
    code, out, err = overdue("schedule")
    assert (code, out) == (2, "")
    assert "loancalc: a fault of the program, please report it with the files: ZeroDivisionError: division by" in err


def as_module(*arguments: str, shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "loancalc", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src"), **environment}
    if shell:
        command = ["bash", "-c", f'set -o pipefail; "$@" {shell}', "bash", *command]
    return subprocess.run(command, cwd=OVERDUE, env=variables, capture_output=True, check=False)


STATEMENT = ("statement", "contract.toml", "payments.csv", "--as-of", "2026-04-24")


def test_as_a_module_it_ends_with_the_exit_code() -> None:
    ended = as_module(*STATEMENT)
    assert ended.returncode == 1
    assert b"1649.80" in ended.stdout
    assert ended.stderr == b""


def test_a_terminal_without_chinese_gets_escapes_and_no_traceback() -> None:
    ended = as_module(*STATEMENT, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 1
    assert b"\\u5173\\u6ce8 special mention" in ended.stdout
    assert ended.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="pipes of a POSIX shell")
def test_a_closed_pipe_and_a_full_disk_give_no_traceback() -> None:
    piped = as_module(*STATEMENT, shell="| true")
    assert piped.stderr == b""
    if Path("/dev/full").exists():
        full = as_module(*STATEMENT, shell="> /dev/full")
        assert (full.returncode, full.stderr) == (2, b"cannot print: No space left on device\n")
    closed = as_module(*STATEMENT, shell=">&-")
    assert b"Traceback" not in closed.stderr


def test_the_version_is_said() -> None:
    assert run("--version") == Run(0, f"loancalc {lc.__version__}\n", "")
