"""Cash flows at given rates: what they are worth, at equal periods and on dates, and the modified rate of return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from loancalc.errors import InvalidAmount, InvalidDate, InvalidTerms, NoSolution
from loancalc.meaning.flows import dates_of, listed
from loancalc.tvm.arguments import N, Number, Numbers, above_minus_one, read, read_all
from loancalc.tvm.arithmetic import Arithmetic, evaluated, log_ratio
from loancalc.values.dates import DateLike

DAYS_A_YEAR = 365
"""Of XNPV and XIRR, whatever the year."""


def npv(rate: N, *amounts: Number | Iterable[Number]) -> N:
    """What amounts one period apart are worth one period *before the first* (Excel's NPV).

    An amount paid now is added outside: `-10_000 + npv(rate, received)`. (Some libraries count the first amount as
    now; theirs is ours times `1 + rate`.)

    Args:
        rate: Interest per period, a fraction above -1.
        amounts: As arguments or as lists, received positive.

    Raises:
        InvalidRate, InvalidAmount: For an argument that is out of range or not a number; the message has the index.
        InvalidTerms: If there are no amounts.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, NPV.

    Examples:
        >>> round(npv(0.10, [-10_000, 3000, 4200, 6800]), 10)
        1188.4434123352
        >>> round(npv(0.08, 8000, 9200, 10_000, 12_000, 14_500) - 40_000, 9)
        1922.061554932
    """
    numbers = _read(list(_spread(amounts)), "amounts", rate=rate)
    above_minus_one(rate=numbers[0])
    answer: N = evaluated(partial(_worth, range(1, len(numbers)), 1), "npv", numbers)
    return answer


def xnpv(rate: N, amounts: Iterable[Number], dates: Iterable[DateLike]) -> N:
    """What amounts on dates are worth on the first date, every year counted as 365 days (Excel's XNPV).

    Args:
        rate: The effective yearly rate, a fraction above -1.
        amounts: Received positive, paid negative.
        dates: One for each amount; none before the first.

    Raises:
        InvalidRate, InvalidAmount, InvalidDate: For an argument that is out of range, not a number or not a date.
        InvalidTerms: If there are more amounts than dates, or fewer, or none.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, XNPV.

    Examples:
        >>> dates = ["2014-01-01", "2014-03-01", "2014-10-30", "2015-02-15", "2015-04-01"]
        >>> round(xnpv(0.09, [-10_000, 2750, 4250, 3250, 2750], dates), 10)
        2089.501636053
    """
    numbers = _read(amounts, "amounts", rate=rate)
    above_minus_one(rate=numbers[0])
    on = dates_of(dates, len(numbers) - 1)
    for k, day in enumerate(on):
        if day < on[0]:
            raise InvalidDate(f"dates[{k}]: got {day}; expected {on[0]} (dates[0]) or later")
    answer: N = evaluated(partial(_worth, [(day - on[0]).days for day in on], DAYS_A_YEAR), "xnpv", numbers)
    return answer


def mirr(amounts: Iterable[N | int], finance_rate: N, reinvest_rate: N) -> N:
    """The rate per period with which what is paid grows to what is received (Excel's MIRR).

    What is paid is discounted to the start at the finance rate; what is received grows to the end at the
    reinvestment rate.

    Args:
        amounts: One period apart, received positive, paid negative.
        finance_rate: Of what is paid, per period, a fraction above -1.
        reinvest_rate: Of what is received, per period, a fraction above -1.

    Raises:
        InvalidRate, InvalidAmount: For an argument that is out of range or not a number; the message has the index.
        InvalidTerms: If there are no amounts.
        NoSolution: If nothing is paid, or nothing received.

    Source: Microsoft, Excel functions, MIRR.

    Examples:
        >>> round(mirr([-120_000, 39_000, 30_000, 21_000], 0.10, 0.12), 12)
        -0.04804465525
    """
    numbers = _read(amounts, "amounts", finance_rate=finance_rate, reinvest_rate=reinvest_rate)
    above_minus_one(finance_rate=numbers[0], reinvest_rate=numbers[1])
    if min(numbers[2:]) >= 0 or max(numbers[2:]) <= 0:
        raise NoSolution("amounts: expected amounts both paid (negative) and received; a rate compares the two")
    answer: N = evaluated(_modified_rate, "mirr", numbers)
    return answer


def _worth(times: Sequence[int], unit: int, m: Arithmetic[N], rate: N, *amounts: N) -> N:
    grown = m.log1p(rate)
    return m.total(*(amount * m.exp(-time * grown / unit) for amount, time in zip(amounts, times, strict=True)))


def _modified_rate(m: Arithmetic[N], finance_rate: N, reinvest_rate: N, *amounts: N) -> N:
    last = len(amounts) - 1
    paid = [-min(amount, amount * 0) for amount in amounts]
    received = [max(amount, amount * 0) for amount in amounts]
    start = _worth(range(last + 1), 1, m, finance_rate, *paid)
    end = _worth([number - last for number in range(last + 1)], 1, m, reinvest_rate, *received)
    return m.expm1(log_ratio(m, end, start, m.total(end, -start)) / last)


def _read(amounts: Iterable[Any], field: str, **rates: Any) -> Numbers:
    """The rates, then the amounts, of one kind."""
    given = read_all(field, amounts)
    if not given:
        raise InvalidTerms(f"{field}: got none; expected at least one amount")
    return read(**rates, **{f"{field}[{k}]": amount for k, amount in enumerate(given)})


def _spread(amounts: Iterable[Any]) -> Iterator[Any]:
    for given in amounts:
        if isinstance(given, Iterable) and not isinstance(given, str | bytes):
            yield from listed(given, "amounts", "numbers, or lists of them", InvalidAmount)
        else:
            yield given
