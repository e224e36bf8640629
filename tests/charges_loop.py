"""Fees and taxes worked out once more beside the rows of a plan, in fractions: written from what the terms mean, and from
nothing of the library. Amounts are whole units; what is charged at a pay-out is in minor units, of which each holds so many.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from dated_loop import months_later
from plan_loop import Row, Rule


class Charge(NamedTuple):
    """A fee: flat, or a share of something within bounds; when it is charged, and how it is settled at a pay-out.

    `when` is "installment", "year", "year in advance", "disbursement", "pay-out" or a day.
    """

    when: str | date
    amount: int = 0
    share: Fraction | None = None
    of: str = ""
    least: int = 0
    most: int | None = None
    settled: str = ""

    @property
    def at_start(self) -> bool:
        return self.when in ("year in advance", "disbursement", "pay-out")

    def on(self, base: int, rule: Rule, units: int = 1) -> int:
        """What is charged on a base, where a minor unit is so many units."""
        if self.share is None:
            return self.amount * units
        charged = max(rule(base * self.share), self.least * units)
        return charged if self.most is None else min(charged, self.most * units)


class Levy(NamedTuple):
    """A tax: shares by the day from which they hold, on "interest", "fees" or "principal"; of the principal perhaps for each day,
    up to so many.
    """

    rates: Sequence[tuple[date, Fraction]]
    on: str
    settled: str = ""
    by_days: bool = False
    most_days: int | None = None

    def share(self, day: date) -> Fraction:
        return [share for since, share in self.rates if since <= day][-1]


class Charged(NamedTuple):
    """The rules for the fees and taxes of one loan, and its pay-outs: the first, with what is asked for, and the later ones."""

    fees: Sequence[Charge]
    levies: Sequence[Levy]
    rule: Rule
    start: date
    asked: int
    outs: Sequence[tuple[date, int]]

    @property
    def financed(self) -> int:
        """What joins the principal at the start."""
        return sum(
            amount for amount, settled in self.at_pay_out(self.start, self.asked, first=True) if settled == "financed"
        )

    def at_pay_out(self, day: date, amount: int, *, first: bool) -> list[tuple[int, str]]:
        """What is charged of a pay-out, and how each is settled: what is financed is taken of what is asked for, the rest of the
        principal that this makes.
        """
        lines = list[tuple[int, str]]()
        for settled in (("financed",), ("paid", "deducted")):
            base = amount + sum(charged for charged, how in lines if how == "financed")
            for fee in self.fees:
                if fee.settled in settled and (fee.at_start if first else fee.when == "pay-out"):
                    charged = fee.on(base, self.rule)
                    taxed = [self.rule(charged * levy.share(day)) for levy in self.levies if levy.on == "fees"]
                    lines += [(line, fee.settled) for line in (charged, *taxed)]
            lines += [
                (self.rule(base * levy.share(day)), levy.settled)
                for levy in self.levies
                if levy.on == "principal" and not levy.by_days and levy.settled in settled
            ]
        return lines

    def by_days(self, levy: Levy, rows: Sequence[Row], dues: Sequence[date], units: int) -> int:
        """A tax on each part of the principal for the days until it is due."""
        weighted = 0
        for (part, _), due in zip(rows, dues, strict=True):
            days = (due - self.start).days
            weighted += part * (days if levy.most_days is None else min(days, levy.most_days))
        return self.rule(weighted * levy.share(self.start) / units)

    def of_rows(
        self,
        rows: Sequence[Row],
        dues: Sequence[date],
        ends: Sequence[date],
        downs: Collection[int],
        rule: Rule,
        units: int,
    ) -> list[tuple[int, int]]:
        """Fee and tax of every row, in units of which a minor unit holds so many; `downs` are the rows of down payments. An
        installment repays of what was paid out by the end of its interest, wherever the calendar moves its due date.
        """
        found, repaid, before = [], 0, self.start
        lent = (self.asked + self.financed) * units
        outs = [(self.start, lent), *((day, amount * units) for day, amount in self.outs)]
        for number, ((part, interest), due, end) in enumerate(zip(rows, dues, ends, strict=True)):
            fees = 0
            here = [
                amount for day, amount in outs if day < end or (day == end and (number in downs or day == self.start))
            ]
            for fee in self.fees:
                if fee.when == "installment":
                    owed = sum(here) - repaid
                    bases = {
                        "original": lent,
                        "outstanding": owed,
                        "installment": part + interest,
                        "interest": interest,
                    }
                    fees += fee.on(bases.get(fee.of, 0), rule, units)
                for day in self.days(fee, before, due, dues[-1]):
                    owed = sum(amount for on, amount in outs if on <= day) - repaid
                    fees += fee.on(lent if fee.of == "original" else owed, rule, units)
            bases = {"interest": interest, "fees": fees}
            taxes = sum(rule(bases[levy.on] * levy.share(due)) for levy in self.levies if levy.on in bases)
            found.append((fees, taxes))
            repaid += part
            before = due
        return found

    def days(self, fee: Charge, after: date, until: date, last: date) -> list[date]:
        """The days of a fee after one due date, up to and on another."""
        if isinstance(fee.when, date):
            return [fee.when] if after < fee.when <= until else []
        if not fee.when.startswith("year"):
            return []
        years = (months_later(self.start, 12 * year) for year in range(1, until.year - self.start.year + 1))
        ends = fee.when == "year in advance"  # not on the last day, on which no year begins
        return [day for day in years if after < day <= until and not (ends and day >= last)]
