"""How far a balance may grow where payments do not cover the interest: the limit that the terms state (negative amortization)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeGuard

from loancalc.errors import InvalidTerms
from loancalc.time.rate_path import read_growth
from loancalc.values.money import Amount, format_minor, read_decimal, to_minor

GrowthLimit = str | Fraction | Amount
"""A share of the principal with its percent sign, or as a Fraction; or an amount in units of the currency."""

_FIELD = "negative_amortization"


def largest_balance(limit: GrowthLimit | None, paid_out: int, digits: int) -> int | None:
    """The largest balance that unpaid interest may make, in units of `digits` decimals; None where it may make none.

    A share is of all principal that was paid out so far, less down payments; an amount is what it is.

    >>> largest_balance("115%", 200_000, 2), largest_balance("2300", 200_000, 2)
    (230000, 230000)
    """
    if limit is None:
        return None
    if not isinstance(limit, Fraction) and not _is_percent(limit):
        return to_minor(limit, digits, _FIELD)
    share = read_growth(limit, _FIELD)
    if share < 1:
        raise InvalidTerms(f"{_FIELD}: got {limit!r}; expected '100%' or more of the principal")
    return paid_out * share.numerator // share.denominator


def read_limit(limit: GrowthLimit | None, accrual: str, lent: int, digits: int) -> str | Fraction | Decimal | None:
    """The limit of a loan; not of a daily one, whose payments settle interest first.

    Raises:
        InvalidTerms: If it is less than what is lent, in minor units.
    """
    most = largest_balance(limit, lent, digits)
    if limit is None or most is None:
        return None
    if accrual == "daily":
        raise InvalidTerms(f"{_FIELD}: got a limit with accrual 'daily'; expected 'scheduled'")
    if most < lent:
        raise InvalidTerms(
            f"{_FIELD}: got {limit}; expected the principal, {format_minor(lent, digits)}, or more, or a share of it such as '115%'"
        )
    return limit if isinstance(limit, Fraction) or _is_percent(limit) else read_decimal(limit, _FIELD)


def _is_percent(limit: object) -> TypeGuard[str]:
    return isinstance(limit, str) and limit.strip().endswith("%")
