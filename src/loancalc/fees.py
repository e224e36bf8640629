"""Fees: what is charged besides interest by agreement, and when."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from loancalc.errors import InvalidTerms
from loancalc.money import Amount, read_decimal
from loancalc.names import Names

_OCCASIONS = Names("fees.each", {"installment": ["period", "每期"]})


@dataclass(frozen=True, slots=True)
class Fee:
    """An agreed service charge (服务费, 手续费) of a fixed amount with each installment.

    Args:
        amount: In units of the loan's currency.
        each: `"installment"`: it falls due with every installment.

    >>> Fee("20", each="installment")
    Fee(amount=Decimal('20'), each='installment')
    """

    amount: Decimal
    each: str

    def __init__(self, amount: Amount, *, each: str) -> None:
        value = read_decimal(amount, "fees.amount")
        if value < 0:
            raise InvalidTerms(f"fees.amount: got {amount}; expected 0 or more")
        object.__setattr__(self, "amount", value)
        object.__setattr__(self, "each", _OCCASIONS.find(each))
