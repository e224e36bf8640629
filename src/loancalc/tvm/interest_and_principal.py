"""The interest and the principal inside level payments: of one payment, and of several.

With `g` for `1 + rate`, the principal in payment `per` (in arrears) is `-(pv + fv) * rate * g ** (per - 1) / (g ** nper
- 1)`, a single term, so that nothing is taken through a balance that cancels. Paid in advance, both parts are smaller
by one period's growth, and the first payment has no interest.
"""

from __future__ import annotations

from loancalc.errors import InvalidTerms
from loancalc.tvm.arguments import N, Numbers, above_minus_one, above_zero, read, read_type, read_whole
from loancalc.tvm.arithmetic import Arithmetic, evaluated, log_growth
from loancalc.tvm.level_payments import payment


def ipmt(rate: N, per: int, nper: N | int, pv: N | int, fv: N | int = 0, type: int = 0) -> N:
    """The interest in payment number `per` of `pmt(rate, nper, pv, fv, type)` (Excel's IPMT).

    Args:
        rate: Interest per period, a fraction above -1.
        per: Number of the payment, from 1.
        nper: Number of periods, above 0.
        pv: What is received now; a loan is positive to the borrower and the answer negative, what is paid.
        fv: What is received at the end, after the last payment.
        type: 0 for payments at the end of each period, 1 at its start.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, IPMT.

    Examples:
        >>> round(ipmt(0.1 / 12, 1, 36, 8000), 10)
        -66.6666666667
    """
    numbers, number = _read(rate, per, nper, pv, fv)
    answer: N = evaluated(_interest, "ipmt", numbers, number, read_type(type))
    return answer


def _interest(m: Arithmetic[N], rate: N, nper: N, pv: N, fv: N, per: int, type: int) -> N:
    if not rate or (type and per == 1):
        return rate * 0
    before, after = log_growth(m, rate, per - 1), log_growth(m, rate, m.given(nper, 1 - per))
    whole = log_growth(m, rate, nper)
    of_present = pv * rate * (m.expm1(-after) / m.expm1(-whole))
    of_future = -fv * rate * (m.expm1(before) / m.expm1(whole))
    return -m.total(of_present, of_future) / (1 + rate * type)


def ppmt(rate: N, per: int, nper: N | int, pv: N | int, fv: N | int = 0, type: int = 0) -> N:
    """The principal in payment number `per` of `pmt(rate, nper, pv, fv, type)` (Excel's PPMT).

    Args:
        rate: Interest per period, a fraction above -1.
        per: Number of the payment, from 1.
        nper: Number of periods, above 0.
        pv: What is received now; a loan is positive to the borrower and the answer negative, what is paid.
        fv: What is received at the end, after the last payment.
        type: 0 for payments at the end of each period, 1 at its start.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, PPMT.

    Examples:
        >>> round(ppmt(0.1 / 12, 1, 24, 2000), 10)
        -75.6231860084
        >>> round(ppmt(0.1479, 297, 300, -270.51), 10)
        23.0428012981
    """
    numbers, number = _read(rate, per, nper, pv, fv)
    answer: N = evaluated(_principal, "ppmt", numbers, number, read_type(type))
    return answer


def _principal(m: Arithmetic[N], rate: N, nper: N, pv: N, fv: N, per: int, type: int) -> N:
    if type and per == 1:
        return payment(m, rate, nper, pv, fv, type)
    repaid = m.given(pv, fv)
    if not rate:
        return -repaid / nper
    share = rate / m.expm1(log_growth(m, rate, nper)) * m.exp(log_growth(m, rate, per - 1))
    return -repaid * share / (1 + rate * type)


def cumprinc(rate: N, nper: N | int, pv: N | int, start_period: int, end_period: int, type: int = 0) -> N:
    """The principal in the payments from `start_period` to `end_period`, both included (Excel's CUMPRINC).

    Args:
        rate: Interest per period, a fraction above -1.
        nper: Number of periods, above 0.
        pv: What is received now; a loan is positive to the borrower and the answer negative, what is paid.
        start_period: Number of the first payment, from 1.
        end_period: Number of the last payment.
        type: 0 for payments at the end of each period, 1 at its start.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, CUMPRINC.

    Examples:
        >>> round(cumprinc(0.09 / 12, 360, 125_000, 13, 24), 10)
        -934.1071234209
    """
    numbers, first, last = _read_range(rate, nper, pv, start_period, end_period)
    answer: N = evaluated(_principal_of_several, "cumprinc", numbers, first, last, read_type(type))
    return answer


def _principal_of_several(m: Arithmetic[N], rate: N, nper: N, pv: N, first: int, last: int, type: int) -> N:
    if not rate:
        return -pv * ((last - first + 1) / nper)
    if type and first == 1:
        advance = payment(m, rate, nper, pv, pv * 0, type)
        return m.total(advance, _principal_of_several(m, rate, nper, pv, 2, last, type)) if last > 1 else advance
    grown = m.exp(log_growth(m, rate, first - 1)) * m.expm1(log_growth(m, rate, last - first + 1))
    return -pv * (grown / m.expm1(log_growth(m, rate, nper))) / (1 + rate * type)


def cumipmt(rate: N, nper: N | int, pv: N | int, start_period: int, end_period: int, type: int = 0) -> N:
    """The interest in the payments from `start_period` to `end_period`, both included (Excel's CUMIPMT).

    Args:
        rate: Interest per period, a fraction above -1.
        nper: Number of periods, above 0.
        pv: What is received now; a loan is positive to the borrower and the answer negative, what is paid.
        start_period: Number of the first payment, from 1.
        end_period: Number of the last payment.
        type: 0 for payments at the end of each period, 1 at its start.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, CUMIPMT.

    Examples:
        >>> round(cumipmt(0.09 / 12, 360, 125_000, 13, 24, 1), 10)
        -11052.3395838718
    """
    numbers, first, last = _read_range(rate, nper, pv, start_period, end_period)
    answer: N = evaluated(_interest_of_several, "cumipmt", numbers, first, last, read_type(type))
    return answer


def _interest_of_several(m: Arithmetic[N], rate: N, nper: N, pv: N, first: int, last: int, type: int) -> N:
    first = max(first, 2) if type else first
    count = last - first + 1
    if not rate or not count:
        return rate * 0
    whole = log_growth(m, rate, nper)
    paid = count * rate / m.expm1(-whole)
    grown = m.exp(log_growth(m, rate, first - 1)) * m.expm1(log_growth(m, rate, count))
    return pv * m.total(paid, grown / m.expm1(whole)) / (1 + rate * type)


def ispmt(rate: N, per: int, nper: N | int, pv: N | int) -> N:
    """The interest of a period where the principal is repaid in equal parts (Excel's ISPMT).

    Args:
        rate: Interest per period, a fraction above -1.
        per: The number of parts repaid before: 0 for the first period, one less than in `ipmt`.
        nper: Number of periods, above 0.
        pv: What is received now; a loan is positive to the borrower and the answer negative, what is paid.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, ISPMT.

    Examples:
        >>> [ispmt(0.1, per, 4, 4000) for per in range(4)]
        [-400.0, -300.0, -200.0, -100.0]
    """
    numbers = read(rate=rate, nper=nper, pv=pv)
    above_minus_one(rate=numbers[0])
    above_zero(nper=numbers[1])
    repaid = read_whole("per", per, 0, numbers[1], "nper")
    answer: N = evaluated(_interest_on_equal_parts, "ispmt", numbers, repaid)
    return answer


def _interest_on_equal_parts(m: Arithmetic[N], rate: N, nper: N, pv: N, repaid: int) -> N:
    return -(pv * rate * (m.given(nper, -repaid) / nper))


def _read(rate: object, per: object, nper: object, pv: object, fv: object) -> tuple[Numbers, int]:
    numbers = read(rate=rate, nper=nper, pv=pv, fv=fv)
    above_minus_one(rate=numbers[0])
    above_zero(nper=numbers[1])
    return numbers, read_whole("per", per, 1, numbers[1], "nper")


def _read_range(rate: object, nper: object, pv: object, start: object, end: object) -> tuple[Numbers, int, int]:
    numbers = read(rate=rate, nper=nper, pv=pv)
    above_minus_one(rate=numbers[0])
    above_zero(nper=numbers[1])
    first, last = (
        read_whole("start_period", start, 1, numbers[1], "nper"),
        read_whole("end_period", end, 1, numbers[1], "nper"),
    )
    if last < first:
        raise InvalidTerms(f"end_period: got {last}; expected {first} (start_period) or more")
    return numbers, first, last
