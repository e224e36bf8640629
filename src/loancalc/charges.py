"""Charges: what a plan asks for besides principal and interest, as columns of whole minor units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from loancalc.fees import Fee
from loancalc.money import to_minor


class UpfrontLine(NamedTuple):
    """One charge at disbursement, in minor units.

    `settled` says how: "paid" beside the pay-out, "deducted" from it, or "financed" (added to the principal).
    `component` is "fee", "tax" or "interest" (deducted in advance, 砍头息).
    """

    name: str
    component: str
    settled: str
    amount: int


@dataclass(frozen=True, slots=True)
class Charges:
    """The charges of a plan: agreed fees and taxes with each installment, and the lines at disbursement.

    >>> charges = Charges((2000, 2000), (0, 120))
    >>> charges.each, charges.total
    ([2000, 2120], 4120)
    """

    fees: Sequence[int]
    taxes: Sequence[int]
    upfront: tuple[UpfrontLine, ...] = ()

    @property
    def each(self) -> list[int]:
        """Fee and tax of each installment together: what falls due with it beside principal and interest."""
        return list(map(int.__add__, self.fees, self.taxes))

    @property
    def total(self) -> int:
        """All fees and taxes of the installments."""
        return sum(self.fees) + sum(self.taxes)


def charges_of(fees: Iterable[Fee], count: int, digits: int) -> Charges:
    """The agreed fees on a plan of `count` installments, in units of `digits` decimals."""
    fee = sum(to_minor(fee.amount, digits, "fees.amount") for fee in fees)
    return Charges((fee,) * count, (0,) * count)


def no_charges(count: int) -> Charges:
    """The charges of a plan of `count` installments that has none."""
    return Charges((0,) * count, (0,) * count)
