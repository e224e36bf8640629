"""Everything that a loan can agree on can be said in its contract file, and nothing said wrong gives a traceback."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.io import errors_in, read_contract

PLAIN = {"principal": "12000", "rate": '"12%"', "start": "2026-01-15", "installments": "12"}


def contract_text(more: str = "", **changed: str | None) -> str:
    terms = {name: value for name, value in {**PLAIN, **changed}.items() if value is not None}
    return "".join(f"{name} = {value}\n" for name, value in terms.items()) + more


def loan_of(more: str = "", **changed: str | None) -> lc.Loan:
    contract = read_contract(contract_text(more, **changed).encode())
    assert contract.loan is not None, list(map(str, contract.findings))
    return contract.loan


def findings_about(more: str = "", **changed: str | None) -> list[str]:
    return [str(finding) for finding in errors_in(read_contract(contract_text(more, **changed).encode()).findings)]


def loan(rate: Any = "12%", **terms: Any) -> lc.Loan:
    return lc.Loan(12_000, rate, **{"start": "2026-01-15", "installments": 12} | terms)


ORDER = '["cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal"]'
COMPONENTS = ["cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal"]
LPR = {"2024-10-20": "3.6%", "2025-05-20": "3.5%", "2027-02-20": "3.9%"}

SAID: dict[str, tuple[str, dict[str, str | None], lc.Loan]] = {
    "dated rates": (
        '[rate]\ninitial = "6.5%"\nkeep = "term"\nchanges = { 2026-05-15 = "7%", 2026-08-15 = "6.8%" }\n',
        {"rate": None},
        loan(lc.RatePath("6.5%", {"2026-05-15": "7%", "2026-08-15": "6.8%"}, keep="term")),
    ),
    "nights without interest, and a cap on what a payment may grow by": (
        'negative_amortization = "125%"\n'
        '[rate]\ninitial = "6.5%"\nkeep = "term"\npayment_cap = "7.5%"\npauses = [[2026-05-01, 2026-06-01]]\n'
        '[rate.changes]\n2026-09-15 = "12%"\n',
        {"rate": None},
        loan(
            lc.RatePath(
                "6.5%",
                {"2026-09-15": "12%"},
                keep="term",
                payment_cap="7.5%",
                pauses=[("2026-05-01", "2026-06-01")],
            ),
            negative_amortization="125%",
        ),
    ),
    "an index with its spread, read on 1 January": (
        '[rate]\nspread = "+0.3pp"\nreset = "01-01"\nkeep = "term"\nname = "LPR 5Y"\nlook_back = 5\ncap = "5%"\n'
        'floor = "3%"\nchange_cap = "1pp"\n[rate.index]\n2024-10-20 = "3.6%"\n2025-05-20 = "3.5%"\n2027-02-20 = "3.9%"\n',
        {"rate": None, "installments": "36", "start": "2025-03-20"},
        lc.Loan(
            12_000,
            lc.IndexedRate(
                LPR, "+0.3pp", reset="01-01", keep="term", look_back=5, cap="5%", floor="3%", change_cap="1pp",
                name="LPR 5Y",
            ),
            "2025-03-20",
            installments=36,
        ),
    ),
    "an index with reset dates one by one": (
        '[rate]\nindex = { 2025-05-20 = "3.5%", 2026-06-20 = "3.2%" }\nreset = [2026-07-15]\nkeep = "payment"\n',
        {"rate": None},
        loan(lc.IndexedRate({"2025-05-20": "3.5%", "2026-06-20": "3.2%"}, reset=["2026-07-15"], keep="payment")),
    ),
    "a balloon": ("[method.balloon]\namount = '￥3,000'\n", {}, loan(method=lc.Balloon(3_000))),
    "a balloon by its longer term": ("[method.balloon]\nterm = 24\n", {}, loan(method=lc.Balloon(term=24))),
    "a balloon in Chinese": ("[method.'气球贷']\nterm = 24\n", {}, loan(method=lc.Balloon(term=24))),
    "a graduated loan": (
        "[method.graduated]\nratio = '2%'\nevery = 3\nsteps = 2\nfirst_rounded = true\n",
        {},
        loan(method=lc.Graduated("2%", every=3, steps=2, first_rounded=True)),
    ),
    "a graduated loan by an amount": (
        "method = { graduated = { amount = -20.50 } }\n", {}, loan(method=lc.Graduated(amount="-20.50")),
    ),
    "a seasonal loan": (
        "[method.seasonal]\nweights = [1, 1.5, 0]\n", {}, loan(method=lc.Seasonal([1, Fraction(3, 2), 0])),
    ),
    "stated payments": (
        "[method.given_payments]\namounts = [5000, '3,000.50']\n",
        {"installments": "3"},
        loan(method=lc.GivenPayments([5_000, "3000.50"]), installments=3),
    ),
    "stated principal": (
        "[method.given_principal]\nparts = [5000, 4000, 3000]\n",
        {"installments": "3"},
        loan(method=lc.GivenPrincipal([5_000, 4_000, 3_000]), installments=3),
    ),
    "the Rule of 78 with its charge": ("[method.rule_of_78]\ncharge = 900\n", {}, loan(method=lc.RuleOf78(900))),
    "more paid each time": ("[method.extra_payment]\namount = 100\n", {}, loan(method=lc.ExtraPayment(100))),
    "a sinking fund": ("[method.sinking_fund]\nrate = '4%'\n", {}, loan(method=lc.SinkingFund("4%"))),
    "a moratorium and tranches": (
        'down_payment = "10%"\n[moratorium]\ninstallments = 2\ninterest = "资本化"\n'
        '[[tranches]]\non = 2026-04-01\namount = 3000\ndown_payment = "25%"\n',
        {},
        loan(
            moratorium=lc.Moratorium(2, "capitalized"),
            tranches=[lc.Tranche("2026-04-01", 3_000, down_payment="25%")],
            down_payment="10%",
        ),
    ),
    "a calendar by its name": (
        'calendar = "CN provisional"\nadjust = "following"\ninterest_moves = false\n', {},
        loan(calendar="CN provisional", adjust="following", interest_moves=False),
    ),
    "a calendar of its own": (
        'adjust = "following"\n[calendar]\nname = "branch"\nholidays = [2026-02-16, "2026年2月17日"]\nweekend = ["sunday"]\n'
        "working_weekends = [2026-02-22]\nvalid_from = 2026-01-01\nvalid_to = 2027-12-31\n",
        {},
        loan(
            calendar=lc.Calendar(
                "branch", ["2026-02-16", "2026-02-17"], ["2026-02-22"], ["sunday"], "2026-01-01", "2027-12-31"
            ),
            adjust="following",
        ),
    ),
    "periods laid out": (
        '[periods]\nstart = 2026-01-15\nevery = "1 month"\ncount = 8\nskip = [7, 8]\nroll = "15th"\n'
        'calendar = "WEEKENDS"\nadjust = "following"\naccrual = "unadjusted"\npayment_lag = 2\n',
        {"start": None, "installments": None},
        loan(
            start=None, installments=None,
            periods=lc.periods(
                "2026-01-15", every="1 month", count=8, skip=[7, 8], roll=15, calendar="WEEKENDS",
                adjust="following", accrual="unadjusted", payment_lag=2,
            ),
        ),
    ),
    "periods by a list of dates": (
        'day_count = "ACT/360"\n[periods]\nstart = 2026-01-15\ndates = [2026-03-01, 2026-06-10, 2026-12-01]\n',
        {"start": None, "installments": None},
        loan(
            start=None, installments=None, day_count="ACT/360",
            periods=lc.periods("2026-01-15", dates=["2026-03-01", "2026-06-10", "2026-12-01"]),
        ),
    ),
    "half-months": (
        '[periods]\nstart = 2026-01-15\nevery = "semi-monthly"\ncount = 6\nroll = [15, 31]\n',
        {"start": None, "installments": None},
        loan(
            start=None, installments=None,
            periods=lc.periods("2026-01-15", every="semi-monthly", count=6, roll=(15, 31)),
        ),
    ),
    "another order of allocation beyond 90 days": (
        f"[allocation]\norder = {ORDER}\ndirection = 'horizontal'\nname = 'house'\n"
        f"[allocation.after]\n90 = '民法典561条'\n[allocation.after.180]\norder = {ORDER}\ndirection = 'vertical'\n",
        {},
        loan(
            allocation=lc.Allocation(
                COMPONENTS, "horizontal", name="house",
                after={90: "cost-interest-principal", 180: lc.Allocation(COMPONENTS, "vertical")},
            ),
        ),
    ),
    "tiers of penalties, a list of caps, a tolerance, grace in business days": (
        "[[late.penalties]]\namount = 25\nto_day = 30\n"
        "[[late.penalties]]\npercent = '0.1%'\nof = 'principal'\nevery = '1 day'\nfrom_day = 31\nto_day = 90\nmax = 'installment'\n"
        "[[late.penalties]]\namount = 29\nrepeat = 40\nwithin = 6\ntimes = 1\ntimes_in_all = 5\npyramiding = false\n"
        "[late.grace]\ndays = 3\nkind = 'free'\ncalendar = 'TARGET'\n"
        "[late.tolerance]\namount = 5\nshare = '1%'\n"
        "[[late.caps]]\nrate = '4x'\nover = '一年期LPR'\ncovers = ['penalty', 'late_interest', 'interest', 'fee']\n"
        "[[late.caps]]\nshare = '30%'\nname = 'total cost'\n[[late.caps]]\namount = 900\nrecover = true\n",
        {},
        loan(
            late=lc.LateTerms(
                penalties=[
                    lc.Penalty(25, to_day=30),
                    lc.Penalty(percent="0.1%", of="principal", every="1 day", from_day=31, to_day=90, max="installment"),
                    lc.Penalty(29, repeat=40, within=6, times=1, times_in_all=5, pyramiding=False),
                ],
                grace=lc.Grace(3, "free", calendar="TARGET"),
                tolerance=lc.Tolerance(5, share="1%"),
                caps=[
                    lc.Cap("4x", over="cn-lpr-1y", covers=["penalty", "late_interest", "interest", "fee"]),
                    lc.Cap(share="30%", name="total cost"),
                    lc.Cap(amount=900, recover=True),
                ],
            ),
        ),
    ),
    "late interest over a base rate of the house, capitalized": (
        "[late.interest]\nrate = '+5pp'\nday_count = 'ACT/365F'\ncompound = 'capitalize'\ncapitalizes = [2026-06-30]\n"
        "starts = 2\nstops = 2027-06-30\nrounded = 'night'\n"
        "[late.interest.over]\nname = 'house rate'\nsteps = { 2026-01-01 = '3%', 2026-07-01 = '-0.5%' }\n",
        {},
        loan(
            late=lc.LateTerms(
                interest=lc.LateInterest(
                    "+5pp", day_count="ACT/365F", compound="capitalize", capitalizes=["2026-06-30"], starts=2,
                    stops="2027-06-30", rounded="night",
                    over=lc.BaseRate("house rate", {"2026-01-01": "3%", "2026-07-01": "-0.5%"}),
                )
            )
        ),
    ),
    "the rule of a law by its name, with what it leaves to the contract": (
        '[late]\nrule = "cn-251-2003"\nrate = "1.5x"\nday_count = "ACT/360"\n', {},
        loan(late=lc.LateTerms.of("cn-251-2003", rate="1.5x", day_count="ACT/360")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_what_a_contract_says_is_the_loan_it_means(said: tuple[str, dict[str, str | None], lc.Loan]) -> None:
    more, changed, expected = said
    found = loan_of(more, **changed)
    assert found == expected
    assert found.columns == expected.columns


NAMES_OF_A_REPR = {name: getattr(lc, name) for name in lc.__all__} | {
    "Decimal": Decimal, "Fraction": Fraction, "datetime": datetime,
}  # fmt: skip


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_loan_reads_as_something_to_paste_back(said: tuple[str, dict[str, str | None], lc.Loan]) -> None:
    expected = said[-1]
    if expected.periods is None:  # periods print as their table
        assert eval(repr(expected), NAMES_OF_A_REPR) == expected


@pytest.mark.parametrize(
    ("more", "changed", "expected"),
    [
        ('[rate]\ninitial = "6.5%"\nchanges = { 2026-05-15 = "7%" }', {"rate": None},
         "row 4, key rate.keep: missing; with method 'annuity' a change of the rate keeps the 'term'"),
        ('[rate]\ninitial = "6.5%"\n[rate.changes]\n2026-05-15 = "7"', {"rate": None},
         "row 7, key rate.changes.2026-05-15: got '7'; a bare number is unclear"),
        ('[rate]\ninitial = "6.5%"\n[rate.changes]\n2026-02-30 = "7%"', {"rate": None},
         "row 7, key rate.changes.2026-02-30: got '2026-02-30'; the calendar has no such day"),
        ('[rate]\ninitial = "6.5%"\nkeep = "rate"\n', {"rate": None}, "row 6, key rate.keep: got 'rate'; "),
        ('[rate]\nchanges = { 2026-05-15 = "7%" }', {"rate": None}, "row 4, key rate.initial: missing; expected"),
        ('[rate]\ninitial = "6.5%"\npauses = [[2026-05-01]]', {"rate": None},
         "row 6, key rate.pauses[1]: got '[datetime.date(2026, 5, 1)]'; expected a list of 2"),
        ('[rate]\nindex = { 2027-01-01 = "3%" }\nreset = "01-01"\nkeep = "term"', {"rate": None},
         "row 5, key rate.index: got no value for 2026-01-15; the first is of 2027-01-01"),
        ('[rate]\nindex = { 2025-01-01 = "3%" }', {"rate": None}, 'row 4, key rate.reset: missing; expected "annivers'),
        ('[rate]\nindex = { 2025-01-01 = "3%" }\nreset = "13-01"\n', {"rate": None}, "row 6, key rate.reset: got"),
        ('method = "balloon"', {}, "row 5, key method: got 'balloon'; it has parameters: expected a table [method.ball"),
        ('method = "气球贷"', {}, "row 5, key method: got '气球贷'; it has parameters: expected a table [method.balloon"),
        ("[method.baloon]\namount = 5", {}, "row 5, key method.baloon: no such table; nearest: balloon"),
        ("[method]\nname = 'annuity'", {}, "row 6, key method.name: no such table; accepted: balloon, "),
        ("[method.balloon]\nterm = 24\n[method.seasonal]\nweights = [1]", {}, "key method: got 2 tables; expected one of"),
        ("[method.balloon]\namount = 99999", {}, "row 6, key method.balloon.amount: got '99999'; expected at most"),
        ("[method.balloon]\namount = 3.005", {}, "row 6, key method.balloon.amount: got '3.005'; expected at most 2"),
        ("[method.balloon]", {}, "row 5, key method.balloon: balloon: got amount=None, term=None; expected exactly one"),
        ("[method.seasonal]\nweights = [1, 'x']", {}, "row 6, key method.seasonal.weights[2]: got 'x'; expected a number"),
        ("[method.seasonal]\nweights = [1, nan]", {}, "row 6, key method.seasonal.weights[2]: got 'NaN'; expected a numb"),
        ("[method.given_payments]\namounts = [5000, '1.066,19']", {},
         "row 6, key method.given_payments.amounts[2]: got '1.066,19'; expected an amount such as"),
        ("[method.given_payments]\namounts = [5000]", {}, "row 6, key method.given_payments.amounts: got 1; expected 11, all but the last"),
        ("calendar = 'XX'", {}, "row 5, key calendar: got 'XX'; "),
        ("calendar = 'CN'", {}, "key adjust: missing; with a calendar, expected one of"),
        ("[calendar]\nname = 'x'\nweekend = [9]", {}, "row 7, key calendar.weekend: got ['9']; expected at most six"),
        ("[calendar]\nname = 'x'\nholidays = [2026]", {}, "row 7, key calendar.holidays[1]: got '2026'; expected a day"),
        ("[periods]\nstart = 2026-01-15\nevery = 'fortnigt'\ncount = 2", {"start": None, "installments": None},
         "row 5, key periods.every: got 'fortnigt'; "),
        ("[periods]\nstart = 2026-01-15\nevery = '1 month'\ncount = 2", {"installments": None},
         "row 3, key start: got datetime.date(2026, 1, 15) with periods; expected none"),
        (f"[allocation]\norder = {ORDER}\ndirection = 'vertical'\nafter = {{ x = 'horizontal' }}", {},
         "row 8, key allocation.after.x: got 'x'; expected a number of days past due, such as 90"),
        (f"[allocation]\norder = {ORDER}\ndirection = 'vertical'\n[allocation.after]\n90 = 'no such'", {},
         "row 9, key allocation.after.90: got 'no such'; "),
        ("[late]\nrule = 'cn-251-2003'\nrate = '2x'\nday_count = 'ACT/360'", {},
         "row 5, key late: got rate 2x; expected from 1.3x to 1.5x"),
        ("[late]\nrule = 'cn-251-2033'", {}, "row 5, key late: "),
        ("[late]\nrule = 'cn-251-2003'\nname = 'x'", {}, "row 5, key late: "),
        ("[late.interest]\nrate = '+5pp'\nday_count = 'ACT/360'\nover = 'no such'", {},
         "row 8, key late.interest.over: got 'no such'; "),
        ("[late.interest]\nrate = '1.5x'\nday_count = 'ACT/360'\ncompound='capitalize'\ncapitalizes = 5", {},
         "row 9, key late.interest.capitalizes: got '5'; expected text"),
        ("day_count = 'ACT/360'\n[late.interest]\nrate = '1.5x'", {}, "row 6, key late.interest.day_count: missing"),
    ],
)  # fmt: skip
def test_what_a_contract_says_wrong_is_a_finding(more: str, changed: dict[str, str | None], expected: str) -> None:
    found = findings_about(more, **changed)
    assert any(finding.startswith(f"contract.toml, {expected}") for finding in found), found


# Nothing said wrong gives a traceback

HOSTILE = [
    "true", "5", "-1", "1.5", "nan", "-inf", "1e999999999", "1e9999999999999999999", "9" * 23, '""', '"x"', '"12%"', '"-5%"',
    "[]", "[1]", '["x"]', "[[1, [2]]]", "{}", "{ a = 1 }", "2026-01-15", "2026-01-15T10:00:00Z", "10:00:00", "9999-12-31",
]  # fmt: skip


def written(value: Any, path: tuple[Any, ...] = (), replaced: tuple[Any, ...] | None = None, new: str = "") -> str:
    """A value as TOML in one line, another standing at one of its places."""
    if path == replaced:
        return new
    if isinstance(value, dict):
        inside = (f"{json.dumps(key)} = {written(entry, (*path, key), replaced, new)}" for key, entry in value.items())
        return f"{{ {', '.join(inside)} }}"
    if isinstance(value, list):
        return f"[{', '.join(written(entry, (*path, place), replaced, new) for place, entry in enumerate(value))}]"
    return json.dumps(value) if isinstance(value, str | bool) else str(value)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from places(entry, (*path, key))


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_no_value_however_wrong_gives_a_traceback(said: tuple[str, dict[str, str | None], lc.Loan]) -> None:
    """Each value of a contract by each of the hostile ones: it is read, or there is a finding."""
    more, changed, _ = said
    table = tomllib.loads(contract_text(more, **changed), parse_float=str)
    for place in places(table):
        for hostile in HOSTILE:
            lines = (f"{json.dumps(key)} = {written(entry, (key,), place, hostile)}" for key, entry in table.items())
            contract = read_contract("\n".join(lines).encode())
            assert (contract.loan is None) == bool(errors_in(contract.findings)), (place, hostile)


@given(st.sampled_from(sorted(SAID)), st.data())
def test_a_key_of_another_table_is_never_dropped(name: str, data: st.DataObject) -> None:
    """An unknown key anywhere is a finding that names it."""
    more, changed, _ = SAID[name]
    text = contract_text(more, **changed)
    lines = text.splitlines()
    row = data.draw(st.integers(1, len(lines)))
    lines.insert(row, "no_such_key = 1")
    found = [str(finding) for finding in errors_in(read_contract("\n".join(lines).encode()).findings)]
    assert any("no_such_key" in finding for finding in found), found
