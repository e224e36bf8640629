"""Gross-up: the principal that pays out a given net amount, verified by substitution."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidAmount, InvalidTerms, NoSolution, UnknownName
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


METHODS = ("annuity", "equal_principal", "interest_only", "flat", "lump_sum", "balloon", "graduated", "seasonal")
INSTALLMENTS = st.builds(
    lc.Rounding, st.sampled_from([1, 5, 20]), st.sampled_from(["half-up", "half-even", "up", "down"])
)


@st.composite
def taxed_by_days(draw: st.DrawFn) -> dict[str, Any]:
    """A loan of whole units with a tax by days, perhaps another tax and a fee, in coarse steps."""
    method, count = draw(st.sampled_from(METHODS)), draw(st.integers(2, 7))
    terms: dict[str, Any] = {"start": "2026-01-15", "currency": "JPY", "installments": count, "method": method}
    rate = f"{draw(st.sampled_from([0, 12, 90]))}%"
    terms["rate"] = rate
    if method == "lump_sum":
        terms |= {"day_count": "ACT/365F", "installments": None, "end": "2026-06-01"}
    elif method == "balloon":
        terms["method"] = lc.Balloon(draw(st.integers(0, 100)))
    elif method == "graduated":
        terms["method"] = lc.Graduated(f"{draw(st.integers(-5, 20))}%")
    elif method == "seasonal":
        terms["method"] = lc.Seasonal([1, 0, 2])
    elif method == "annuity" and draw(st.booleans()):
        terms["rate"] = lc.RatePath(rate, {"2026-04-03": "24%"}, keep=draw(st.sampled_from(["term", "payment"])))
    residues = ["last", "first", "spread", "smooth", "visible"] if method != "balloon" else ["last"]
    terms["rounding"] = lc.Rounding(
        residue=draw(st.sampled_from(residues)), installment=draw(INSTALLMENTS), fee=draw(INSTALLMENTS)
    )
    by_days = draw(st.sampled_from(["0.0082%", "0.05%", "0.1%"]))
    most = draw(st.none() | st.integers(20, 150))
    taxes = [lc.Tax(by_days, on="principal", each="day", most_days=most, settled="deducted")]
    if draw(st.booleans()):
        taxes.append(lc.Tax("0.38%", on="principal", settled="deducted"))
    terms["taxes"] = taxes
    if draw(st.booleans()):
        terms["fees"] = upfront(f"{draw(st.integers(0, 30))}%", min=draw(st.none() | st.integers(0, 30)))
    return terms


@settings(max_examples=max(30, settings.default.max_examples // 2))
@given(st.integers(1, 150), taxed_by_days())
def test_all_principals_of_a_tax_by_days_and_no_other(net: int, terms: dict[str, Any]) -> None:
    """Each is tried: of 800, the fee, the tax and 210 days of 0.1 % leave 388, less than 30 and some steps of 20: more than 150."""
    paid = {}
    for principal in range(net, 800):
        with suppress(InvalidTerms, NoSolution):
            paid[principal] = int(lc.Loan(principal, **terms).disbursement.net_payout)
    fits = [principal for principal, amount in paid.items() if amount == net]
    if not fits:
        with pytest.raises((NoSolution, InvalidTerms)) as refusal:
            lc.gross_up(net, **terms)
        if "the nearest are" in str(refusal.value):
            less, more = max(filter(net.__gt__, {0, *paid.values()})), min(filter(net.__lt__, paid.values()))
            assert str(refusal.value).endswith(f"the nearest are {less} and {more}")
        return
    found = lc.gross_up(net, **terms)
    assert [int(principal) for principal in (found.principal, *found.others)] == fits
    assert found.loan.disbursement.net_payout == net


def test_every_principal_is_found_where_the_tax_follows_many_payments() -> None:
    """30 years of 0.0082 % a day take two thirds: a payment that is rounded up by a cent moves the tax by some units. The last of
    these was not found.
    """
    tax = lc.Tax("0.0082%", on="principal", each="day", settled="deducted")
    terms = TERMS | {"installments": 360, "taxes": tax}
    found = lc.gross_up(100_000, **terms)
    principals = [str(principal) for principal in (found.principal, *found.others)]
    assert principals == ["307275.74", "307275.75", "307276.76", "307278.81", "307291.96"]
    assert {lc.Loan(principal, **terms).disbursement.net_payout for principal in principals} == {100_000}


def test_coarse_steps_are_not_walked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """3 % of 104 000 are 3 120, in hundreds 3 100; 2 % are bounded by 500; 10 % of each are 300 and, rounded up, 100: 4 000. So it
    took 400 000 principals one by one to see that no other does; now some dozens.
    """
    tried = list[int]()
    financed = grossing_up.financed_minor
    monkeypatch.setattr(
        grossing_up, "financed_minor", lambda terms, principal: tried.append(principal) or financed(terms, principal)
    )
    fees = [upfront("3%"), upfront("2%", min=50, max=500)]
    hundreds = lc.Rounding(fee=lc.Rounding(10_000))
    found = lc.gross_up(100_000, fees=fees, taxes=lc.Tax("10%", on="fees"), rounding=hundreds, **TERMS)
    assert (found.principal, found.others) == (104_000, ())
    assert len(set(tried)) < 100


def test_a_plan_that_the_net_amount_itself_could_not_have() -> None:
    """A balloon of 11 is more than the 10 that are to be paid out; 12 have a plan, of which 20 days of 1 % on all take 2.4. It was
    refused.
    """
    tax = lc.Tax("1%", on="principal", each="day", most_days=20, settled="deducted")
    terms = TERMS | {"rate": "0%", "installments": 2, "method": lc.Balloon(11), "currency": "JPY"}
    found = lc.gross_up(10, taxes=tax, **terms)
    assert (found.principal, found.others) == (12, (13,))
    with pytest.raises(InvalidTerms, match=r"balloon\.amount: got 11; expected at most the principal"):
        lc.gross_up(1, fees=upfront("3%"), **terms)


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


def test_a_flat_fee_that_is_many_times_the_net_amount() -> None:
    """50 001 less 50 000. It was looked for up to 10 000 times the net amount."""
    assert lc.gross_up(1, fees=fixed(5_000_000), **TERMS).principal == 50_001


BY_DAYS = lc.Tax("0.0082%", on="principal", each="day", settled="deducted")


@pytest.mark.parametrize(
    ("net", "terms", "error", "message"),
    [
        (0, {}, InvalidTerms, "net: got 0; expected more than 0"),
        (100, {"fees": upfront("99.999%")}, NoSolution, "net: got 100.00; no principal up to"),
        (
            60_000,
            {"taxes": BY_DAYS, "installments": None, "payment": 500},
            NoSolution,
            "payment: got 500.00; it does not cover the interest of installment 1, 600.00",
        ),
        (100, {"taxes": BY_DAYS, "method": "no such"}, UnknownName, "method: got 'no such'"),
        (100, {"fees": [lc.Fee("0.001", at="prepayment")]}, InvalidAmount, "fees.amount: got 0.001"),
    ],
)
def test_what_cannot_be_solved_is_refused(net: Any, terms: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error) as refusal:
        lc.gross_up(net, **TERMS | terms)
    assert str(refusal.value).startswith(message)
