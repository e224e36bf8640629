"""Taxes: a percentage of interest, fees or principal, by rates that have dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from loancalc.errors import InvalidTerms, MissingContext
from loancalc.plan.fees import read_settled
from loancalc.values.dates import DateLike, read_date
from loancalc.values.names import Names
from loancalc.values.quotations import percent as show_share
from loancalc.values.shares import Share, read_percent

_ON = Names("taxes.on", {"interest": ["利息"], "fees": ["fee", "手续费"], "principal": ["本金"]})
_EACH = Names("taxes.each", {"day": ["per day", "每日"]})

Percent = Share | Mapping[DateLike, Share]
"""A share with its percent sign, or one for each day from which it is in force."""


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Tax:
    """A tax on what a loan charges: a percentage line of its own beside interest and fees.

    The rates are the caller's: a share, or shares by the day from which each is in force. What is taxed is taxed at the
    rate of the day on which it is due.

    Args:
        percent: "18%", or {"2025-01-01": "5%", "2026-07-01": "7%"}.
        on: "interest" or "fees" (of each installment, and what is taken of them at disbursement), or "principal": once,
            when it is paid out, of each pay-out.
        each: "day", of the principal: the percentage is of each part of the principal for every day from disbursement
            to the day on which it is due.
        most_days: The most days that count so.
        settled: For a tax on the principal, how the borrower bears it: "paid", "deducted" or "financed" (the base is
            then the principal before anything that is financed). A tax on a fee goes with the fee.
        name: What it is called in tables and explanations.

    Raises:
        InvalidTerms: If one of them does not go with the others.

    >>> Tax("18%", on="interest", name="GST")
    Tax('18%', on='interest', name='GST')
    >>> Tax({"2025-01-01": "5%", "2026-07-01": "7%"}, on="fees").rate_on(date(2026, 7, 1))
    Fraction(7, 100)
    >>> Tax("0.0082%", on="principal", each="day", most_days=365, settled="deducted", name="IOF").most_days
    365
    """

    rates: tuple[tuple[date, Fraction], ...]
    on: str
    each: str | None
    most_days: int | None
    settled: str | None
    name: str

    def __init__(
        self,
        percent: Percent,
        *,
        on: str,
        each: str | None = None,
        most_days: int | None = None,
        settled: str | None = None,
        name: str = "tax",
    ) -> None:
        put = object.__setattr__
        put(self, "rates", _read_rates(percent))
        put(self, "on", _ON.find(on))
        put(self, "each", None if each is None else _EACH.find(each))
        put(self, "most_days", most_days)
        put(self, "settled", read_settled(settled, "taxes.settled", needed=self.on == "principal"))
        put(self, "name", name)
        if self.each is not None and self.on != "principal":
            raise InvalidTerms(f"taxes.each: got {each!r} on {on!r}; it belongs to 'principal'")
        if most_days is not None and (type(most_days) is not int or most_days < 1 or self.each is None):
            raise InvalidTerms(f"taxes.most_days: got {most_days!r}; expected 1 or more, with each='day'")
        if self.each is not None and self.settled == "financed":
            raise InvalidTerms(
                "taxes.settled: got 'financed' with each='day', which depends on the plan that it would change; expected "
                "'deducted', and the principal from gross_up"
            )

    def rate_on(self, day: date) -> Fraction:
        """The share in force on a day.

        Raises:
            MissingContext: If none is; the message has the first day from which there is one.
        """
        found = bisect_right(self.rates, day, key=lambda rate: rate[0])
        if not found:
            raise MissingContext(
                f"taxes.percent: {self.name} has none in force on {day}; the first is of {self.rates[0][0]}"
            )
        return self.rates[found - 1][1]

    @property
    def percent(self) -> str | dict[str, str]:
        """The share as it is given to a tax: one, or one for each day from which it holds."""
        shares = {str(day): show_share(share) for day, share in self.rates}
        return shares.get(str(date.min)) or shares

    def __repr__(self) -> str:
        shown = {
            "on": self.on,
            "each": self.each,
            "most_days": self.most_days,
            "settled": self.settled,
            "name": None if self.name == "tax" else self.name,
        }
        given = [f"{name}={value!r}" for name, value in shown.items() if value is not None]
        return f"Tax({', '.join([repr(self.percent), *given])})"


def _read_rates(percent: Percent) -> tuple[tuple[date, Fraction], ...]:
    if not isinstance(percent, Mapping):
        return ((date.min, read_percent(percent, "taxes.percent")),)
    if not percent:
        raise InvalidTerms("taxes.percent: got no rates; expected a share for each day from which it is in force")
    rates = {read_date(day, "taxes.percent"): read_percent(share, "taxes.percent") for day, share in percent.items()}
    if len(rates) < len(percent):
        raise InvalidTerms(f"taxes.percent: got {percent!r}; expected each day once")
    return tuple(sorted(rates.items()))
