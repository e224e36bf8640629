"""Gross-up: the principal that pays out a given net amount, verified by substitution."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidAmount, InvalidTerms, NoSolution
from loancalc.plan import grossing_up

TERMS: dict[str, Any] = {"rate": "12%", "start": "2026-01-15", "installments": 12}


def upfront(percent: str, **more: Any) -> lc.Fee:
    return lc.Fee(percent=percent, of="original-principal", at="disbursement", settled="deducted", **more)


def fixed(cents: int) -> lc.Fee:
    return lc.Fee(Decimal(cents) / 100, at="disbursement", settled="deducted")


Charge = tuple[int, int | None]
"""A fee in percent of the principal, or a flat one in cents."""


def net_of(principal: int, charges: list[Charge], tax: int, rounding: lc.Rounding) -> int:
    """What is paid out of a principal, in cents, line by line."""
    net = principal
    for percent, flat in charges:
        fee = rounding.ratio(principal * percent, 100) if flat is None else flat
        net -= fee + rounding.ratio(fee * tax, 100)
    return net


@given(
    st.integers(1, 400),
    st.lists(
        st.tuples(st.integers(0, 20), st.none()) | st.tuples(st.just(0), st.integers(0, 300)), min_size=1, max_size=3
    ),
    st.integers(0, 20),
    st.sampled_from(["half-up", "half-even", "up", "down"]),
    st.sampled_from([1, 5, 25]),
)
def test_all_principals_that_do_and_no_other(net: int, charges: list[Charge], tax: int, mode: str, step: int) -> None:
    rounding = lc.Rounding(step, mode)
    most = 8_000  # at most 72 % is deducted, and 3 fees of 300 with their taxes: (400 + 1080 + steps) / 28 %
    fits = [cents for cents in range(1, most) if net_of(cents, charges, tax, rounding) == net]
    fees = [upfront(f"{share}%") if flat is None else fixed(flat) for share, flat in charges]
    terms = TERMS | {"fees": fees, "taxes": lc.Tax(f"{tax}%", on="fees"), "rounding": lc.Rounding(fee=rounding)}
    try:
        found = lc.gross_up(Decimal(net) / 100, **terms)
    except NoSolution:
        assert not fits
        return
    assert [int(100 * principal) for principal in (found.principal, *found.others)] == fits
    assert found.loan.disbursement.net_payout == found.net == Decimal(net) / 100


def test_fees_may_come_one_by_one() -> None:
    """They were read for the first principal that was tried, and for no other: 10 000.00 that paid out 9 700.00."""
    found = lc.gross_up(10_000, fees=(fee for fee in [upfront("3%")]), taxes=iter([lc.Tax("10%", on="fees")]), **TERMS)
    assert str(found.principal) == "10341.26"  # of which 310.24 and 31.02
    assert found.loan.disbursement.net_payout == 10_000


def test_what_is_financed_in_coarse_steps_moves_what_is_deducted() -> None:
    """Eight fees of 5 %, in steps of 0.20, are financed, and half of all is deducted: 0.60 finances nothing and pays out 0.30, less
    0.10 that rounding adds; 2.00 finances 8 x 0.20, and of 3.60 1.80 is taken.
    """
    financed = [lc.Fee(percent="5%", of="original-principal", at="disbursement", settled="financed")] * 8
    steps = lc.Rounding(fee=lc.Rounding(20))
    found = lc.gross_up("0.20", fees=[*financed, upfront("50%")], rounding=steps, **TERMS)
    assert [str(principal) for principal in (found.principal, *found.others)] == ["0.40", "0.60", "2.00", "2.20"]


def test_deductions_that_leave_nothing_but_their_rounding_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 % of what a quarter is added to: on the average nothing is paid out, whatever is lent."""
    monkeypatch.setattr(grossing_up, "_MOST_TIMES", 1_000)
    financed = [lc.Fee(percent="5%", of="original-principal", at="disbursement", settled="financed")] * 5
    found = lc.gross_up("0.01", fees=[*financed, upfront("80%")], rounding=lc.Rounding(fee=lc.Rounding(10)), **TERMS)
    assert [str(principal) for principal in (found.principal, *found.others)][:5] == [
        "0.01",
        "0.11",
        "0.21",
        "1.81",
        "1.91",
    ]


def test_what_is_financed_or_paid_beside_leaves_the_pay_out_alone() -> None:
    fees = [lc.Fee(200, at="disbursement", settled=way) for way in ("financed", "paid")]
    found = lc.gross_up(10_000, fees=fees, **TERMS)
    assert (found.principal, found.others) == (10_000, ())
    assert found.loan.schedule().total_principal == 10_200


def test_a_printed_example_of_a_financed_tax() -> None:
    """Depto. Financeiro, "IOF financiado, IOF à vista" (March 2011): 20 000 net, 0.0041 % a day for 90 days."""
    tax = lc.Tax("0.0041%", on="principal", each="day", settled="deducted", name="IOF")
    terms = {"rate": "3%/month", "start": "2011-01-01", "end": "2011-04-01", "method": "lump_sum"}
    found = lc.gross_up(20_000, **terms, day_count="30/360", taxes=tax, currency="BRL")
    assert (str(found.principal), str(found.loan.disbursement.deducted)) == ("20074.07", "74.07")


def test_printed_examples_of_a_tax_that_is_taxed_too() -> None:
    """XP Investimentos, "IOF financiado" (22 September 2022): 100 000 net, 0.38 % and 0.0082 % a day: 103 490.74."""
    taxes = [
        lc.Tax("0.38%", on="principal", settled="deducted"),
        lc.Tax("0.0082%", on="principal", each="day", most_days=365, settled="deducted"),
    ]
    for end in ("2023-01-01", "2024-01-01"):
        terms = {"rate": "0.8%/month", "start": "2022-01-01", "end": end, "method": "lump_sum", "day_count": "30/360"}
        assert str(lc.gross_up(100_000, **terms, taxes=taxes, currency="BRL").principal) == "103490.74"


def test_a_tax_by_days_on_an_annuity_is_solved_through_its_plan() -> None:
    taxes = [
        lc.Tax("0.38%", on="principal", settled="deducted"),
        lc.Tax("0.0082%", on="principal", each="day", most_days=365, settled="deducted"),
    ]
    found = lc.gross_up(10_000, taxes=taxes, currency="BRL", **TERMS)
    plan, cents = found.loan.schedule(), lc.Rounding()
    days = [(row.due - found.loan.start).days for row in plan]
    weighted = sum(int(100 * row.principal) * count for row, count in zip(plan, days, strict=True))
    tax = cents.ratio(int(100 * found.principal) * 38, 10_000) + cents.ratio(weighted * 82, 1_000_000)
    assert int(100 * found.principal) - tax == 1_000_000


@pytest.mark.parametrize(
    ("net", "terms", "error", "message"),
    [
        (0, {}, InvalidTerms, "net: got 0; expected more than 0"),
        (100, {"fees": upfront("99.999%")}, NoSolution, "net: got 100.00; no principal up to"),
        (100, {"fees": [lc.Fee("0.001", at="prepayment")]}, InvalidAmount, "fees.amount: got 0.001"),
    ],
)
def test_what_cannot_be_solved_is_refused(net: Any, terms: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error) as refusal:
        lc.gross_up(net, **TERMS | terms)
    assert str(refusal.value).startswith(message)
