"""Published tables of methods with terms of their own: stated principal, a sinking fund, an extra payment, payments that
grow and leave interest unpaid. Their terms and figures are those of `published_tables.json`, read beside the tests.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc
from test_published_tables import BY_ID


def shown(amount: Decimal | Fraction, table: dict[str, Any]) -> Decimal:
    """As printed: to the cent, or to the whole dollar."""
    unit = Decimal(table["precision"])
    return lc.Rounding().ratio(*(Fraction(amount) / Fraction(unit)).as_integer_ratio()) * unit


def test_stated_principal_after_a_short_first_period() -> None:
    """126/365 of a year, then whole years; what the 26 printed payments leave is due with the last one of the term."""
    table = BY_ID["jp-kfs-72-33"]
    terms, rows = table["terms"], table["expected"]["rows"]
    plan = lc.amortize(
        terms["principal"], rate="1%", periods=[Fraction(126, 365), *[Fraction(1)] * 26],
        method=lc.GivenPrincipal(terms["given_principal"][:-1]), currency="JPY",
    )  # fmt: skip
    for ours, printed in zip(plan, rows, strict=False):
        figures = (ours.interest, ours.principal, ours.total, ours.balance)
        assert figures == tuple(Decimal(printed[name]) for name in ("interest", "principal", "payment", "balance"))
    assert 4 * len(rows) == table["figures_checked"]


def test_a_sinking_fund_at_the_rate_of_the_loan() -> None:
    """Every row is rounded, and the printed deposits stay level: the 5 000.00 that it prints at the end is 4 999.98."""
    table = BY_ID["sg-fma-5-4"]
    terms, expected = table["terms"], table["expected"]
    loan = lc.Loan(
        terms["principal"], "6%", "2026-01-01", installments=6, every="1 year", method=lc.SinkingFund("6%"),
        rounding=lc.Rounding(residue="visible"), currency="USD",
    )  # fmt: skip
    fund = loan.fund
    assert fund is not None
    for ours, deposit, printed in zip(loan.schedule(), fund, expected["rows"], strict=True):
        figures = {
            "n": ours.number, "interest": ours.interest, "deposit": deposit.deposit, "fund_interest": deposit.interest,
            "fund": deposit.balance,
        }  # fmt: skip
        assert {name: figures[name] for name in printed} == {name: Decimal(value) for name, value in printed.items()}
    assert loan.schedule()[0].total + fund.deposit == Decimal(expected["payment"])
    assert (str(fund[-1].balance), str(fund.residue)) == ("4999.98", "-0.02")


def test_the_same_extra_amount_with_every_payment() -> None:
    table = BY_ID["us-excel-extra-200"]
    terms, expected = table["terms"], table["expected"]
    plan = lc.Loan(
        terms["principal"], "5.5%", terms["start"], installments=terms["payments"],
        method=lc.ExtraPayment(terms["extra_payment"]), rounding="display-only", currency="USD",
    ).schedule()  # fmt: skip
    level = lc.amortize(terms["principal"], rate="5.5%", every="1 month", periods=24).payment
    assert (str(level), len(plan)) == (expected["payment"], expected["n_payments"])
    for ours, printed in zip(plan, expected["rows"], strict=False):
        figures = {
            "payment": ours.total,
            "principal": ours.principal,
            "interest": ours.interest,
            "balance": ours.balance,
        }
        assert figures == {name: Decimal(printed[name]) for name in figures}
    assert str(plan.total_interest) == expected["totals"]["interest"]


def unrounded(principal: Any, rate: str, payments: list[Any], *, limit: str, count: int) -> lc.Schedule:
    """A plan of stated payments, nothing rounded, the balance allowed to grow; the last one clears what is left."""
    stated = lc.GivenPayments(payments[: count - 1])
    return lc.amortize(
        principal,
        rate=rate,
        every="1 month",
        periods=count,
        method=stated,
        rounding="none",
        negative_amortization=limit,
    )


def test_minimum_payments_that_grow_until_the_balance_reaches_its_limit() -> None:
    """A month at 1.5 %, 10.5 % from then on, payments that grow by 7.5 % a year, recast at 115 % of the principal."""
    table = BY_ID["us-regz-43c5iiC-3i"]
    terms, expected = table["terms"], table["expected"]
    first = lc.amortize(
        terms["principal"], rate="1.5%", every="1 month", periods=360, rounding=lc.Rounding(100)
    ).payment
    assert first is not None
    growth = [Decimal(terms["min_factor"]) ** year for year in range(3)]
    minimum = [first * growth[number // 12] for number in range(36)]
    assert {number: shown(minimum[int(number) - 1], table) for number in expected["min_payments"]} == {
        number: Decimal(amount) for number, amount in expected["min_payments"].items()
    }
    path = lc.RatePath("1.5%", {"2020-02-01": "10.5%"})
    plan = lc.Loan(
        terms["principal"], path, "2020-01-01", installments=30, method=lc.GivenPayments(minimum[:29]), rounding="none",
        negative_amortization="120%",
    ).schedule()  # fmt: skip
    limit = Decimal(terms["principal"]) * Decimal(terms["negam_cap"])
    within = [row.number for row in plan[:-1] if row.balance <= limit]
    assert within[-1] == expected["recast_at"]
    largest = plan[within[-1] - 1].balance
    assert shown(largest, table) == Decimal(expected["max_balance"])
    recast = lc.amortize(largest, rate="8%", every="1 month", periods=expected["recast_n"], rounding="none").payment
    assert recast is not None
    assert shown(recast, table) == Decimal(expected["recast_payment"])


def test_payments_that_grow_for_four_years() -> None:
    """12.5 % a year, the first payment rounded to the whole dollar before it grows, nothing else rounded."""
    table = BY_ID["us-regz-43c5iiC-3ii"]
    terms, expected = table["terms"], table["expected"]
    method = lc.Graduated("12.5%", every=12, steps=4)
    loan = {"rate": "7.5%", "every": "1 month", "periods": 360, "negative_amortization": "110%"}
    solved = lc.amortize(terms["principal"], **loan, method=method, rounding=lc.Rounding(100))
    factor = Decimal(terms["factor"])
    stated = [solved[0].total * factor ** min(number // 12, 4) for number in range(359)]
    plan = lc.amortize(terms["principal"], **loan, method=lc.GivenPayments(stated), rounding="none")
    for number, amount in expected["graduated"].items():
        assert shown(plan[int(number) - 1].total, table) == Decimal(amount)
    largest = max(plan, key=lambda row: row.balance)
    assert (largest.number, shown(largest.balance, table)) == (expected["max_at"], Decimal(expected["max_balance"]))
    recast = lc.amortize(
        largest.balance, rate="7.5%", every="1 month", periods=expected["recast_n"], rounding="none"
    ).payment
    assert recast is not None
    assert shown(recast, table) == Decimal(expected["recast_payment"])


def test_a_printed_balance_that_does_not_follow() -> None:
    """At 10.5 % the minimum payments let 195 000 pass 230 000 at payment 46; the payment that recasts 229 219 does follow."""
    table = BY_ID["us-regz-43d5i-10"]
    terms, expected = table["terms"], table["expected"]
    minimum = [Decimal(terms["mins"][number // 12]) for number in range(48)]
    plan = unrounded(terms["principal"], "10.5%", minimum, limit="130%", count=49)
    done = terms["first_month_done"]
    assert next(row.number for row in plan if row.balance > 230_000) + done == 46
    (difference,) = table["differences"]
    assert round(plan[47].balance, 6) == Decimal(difference["computed"])
    recast = lc.amortize(expected["max_balance"], rate="8%", every="1 month", periods=expected["recast_n"]).payment
    assert recast is not None
    assert shown(recast, table) == Decimal(expected["recast_payment"])
    with pytest.raises(lc.NoSolution, match="does not cover the interest of installment 1"):
        lc.amortize(195_000, rate="10.5%", every="1 month", periods=49, method=lc.GivenPayments(minimum))
