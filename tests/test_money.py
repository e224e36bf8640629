"""Money: whole minor units inside, decimals outside, and nothing rounded without being told."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidAmount, UnknownName
from loancalc.values.money import (
    Amount,
    currency_code,
    currency_digits,
    format_minor,
    read_decimal,
    split_minor,
    to_decimal,
    to_minor,
)

digits = st.integers(0, 4)
minors = st.integers(-(10**18), 10**18)


class Indexed:
    """A whole number of another library."""

    def __index__(self) -> int:
        return 12_000


@given(minors, digits)
@example(0, 2)
@example(-1, 2)
def test_minor_units_survive_the_way_out_and_back(minor: int, digits: int) -> None:
    amount = to_decimal(minor, digits)
    assert to_minor(amount, digits) == minor
    assert to_minor(str(amount), digits) == minor
    assert format_minor(minor, digits) == f"{amount:f}"
    assert -amount.as_tuple().exponent == digits


@given(minors, digits)
def test_the_callers_decimal_context_has_no_say(minor: int, digits: int) -> None:
    wide = to_decimal(minor, digits)
    with localcontext(Context(prec=3)):
        narrow = to_decimal(minor, digits)
        assert str(narrow) == str(wide)
        assert to_minor(narrow, digits) == minor
        assert to_minor(str(wide), digits) == minor


@given(st.integers(-(10**15), 10**15), digits)
def test_whole_units_are_exact_in_every_spelling(units: int, digits: int) -> None:
    want = units * 10**digits
    spellings = (units, str(units), f" {units} ", f"{units}.", f"{units}.0", Decimal(units), float(units))
    assert [to_minor(value, digits) for value in spellings] == [want] * len(spellings)


@given(st.integers(0, 10**15), st.integers(1, 500))
def test_split_shares_sum_and_differ_by_at_most_one(total: int, parts: int) -> None:
    shares = split_minor(total, parts)
    assert sum(shares) == total
    assert len(shares) == parts
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        (12_000, 1_200_000), (Indexed(), 1_200_000), ("1066.19", 106_619), (Decimal("1066.190"), 106_619),
        (0.1, 10), (0.29, 29), (1066.19, 106_619), (1e6, 100_000_000), ("+.5", 50), ("-0.05", -5),
        (Decimal("1E+3"), 100_000), (Decimal("-0.00"), 0), (0, 0),
    ],
)  # fmt: skip
def test_amounts_are_read_exactly(value: Amount, minor: int) -> None:
    assert to_minor(value) == minor


@pytest.mark.parametrize(
    "value",
    [
        True, False, None, "", " ", "abc", "7%", "1,000", "1_000", "1e3", "٣", "1000 CNY", "½", "0x10", "--5",
        "nan", "inf", "-Infinity", float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("sNaN"),
        Decimal("Infinity"), 3 + 0j, [], b"5", {}, Fraction(1, 2),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_not_a_number_is_refused_by_field_and_value(value: Any) -> None:
    with pytest.raises(InvalidAmount, match=r"^principal: got .*; expected "):
        to_minor(value, 2, "principal")


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("1000.001", 2), (1000.001, 2), (Decimal("0.005"), 2), ("0.10", 0), ("500.5", 0), (0.1 + 0.2, 2), ("1.0001", 3),
        (Decimal("1E-300"), 2),
    ],
)  # fmt: skip
def test_an_amount_finer_than_its_currency_is_refused(value: str | float | Decimal, digits: int) -> None:
    with pytest.raises(InvalidAmount, match=f"amount: got .*; expected at most {digits} decimals"):
        to_minor(value, digits)


@pytest.mark.parametrize("value", [Decimal("1E+999999"), "1" + "0" * 5000], ids=["1E+999999", "5001 figures"])
def test_an_absurd_amount_is_refused_at_once(value: str | Decimal) -> None:
    with pytest.raises(InvalidAmount, match=r"amount: got .*; expected less than 1e"):
        to_minor(value)


@pytest.mark.parametrize(
    ("code", "decimals"),
    [("CNY", 2), ("cny", 2), (" usd ", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("KWD", 3), ("BHD", 3), ("CLF", 4)],
)
def test_a_currency_fixes_the_minor_unit(code: str, decimals: int) -> None:
    assert currency_digits(code) == decimals
    assert currency_code(code) == code.strip().upper()


def test_without_a_currency_amounts_have_two_decimals() -> None:
    assert (currency_code(None), currency_digits(None)) == (None, 2)


@pytest.mark.parametrize("code", ["", "XXX", "€", "CNYY", 156, b"CNY"])
def test_an_unknown_currency_lists_the_nearest(code: Any) -> None:
    with pytest.raises(UnknownName, match=r"^currency: got .*accepted: "):
        currency_digits(code)


@pytest.mark.parametrize("name", ["RMB", "rmb", "人民币"])
def test_the_renminbi_is_known_by_its_names(name: str) -> None:
    assert currency_code(name) == "CNY"


def test_a_float_is_the_shortest_decimal_that_prints_it() -> None:
    assert read_decimal(0.1, "amount") == Decimal("0.1")
    assert read_decimal(1e-7, "amount") == Decimal("0.0000001")
    assert read_decimal(1e22, "amount") == 10**22


@pytest.mark.parametrize(("amount", "currency"), [("1066.191", "CNY"), ("500.50", "JPY"), ("1.0001", "KWD")])
def test_loans_and_payments_have_the_decimals_of_their_currency(amount: str, currency: str) -> None:
    with pytest.raises(InvalidAmount, match=r"^principal: got"):
        lc.Loan(amount, "12%", "2026-01-15", installments=12, currency=currency)
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, currency=currency)
    with pytest.raises(InvalidAmount, match=r"^payment\.amount: got"):
        lc.Account(loan, [lc.Payment("2026-02-15", amount)])
    with pytest.raises(InvalidAmount, match=r"^waiver\.amount: got"):
        lc.Account(loan, [lc.Waiver("2026-02-15", "interest", amount)])
    with pytest.raises(InvalidAmount, match=r"^fees\.amount: got"):
        lc.Loan(
            12_000, "12%", "2026-01-15", installments=12, currency=currency, fees=[lc.Fee(amount, each="installment")]
        )
