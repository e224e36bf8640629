"""The list of day counts: for each its functions, its rule in one line, and what it reads besides two dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from loancalc.time.daycount import actual, business, nominal, thirty
from loancalc.time.daycount.context import Context

Days = Callable[[date, date, Context | None], int]
Ratio = Callable[[date, date, Context | None], tuple[int, int]]

REFERENCE = ("ref_start", "ref_end", "stub", "eom", "frequency", "roll")


@dataclass(frozen=True, slots=True)
class Convention:
    """One day count.

    Args:
        name: Its market name.
        rule: What it does, in one line.
        used: Where it is met.
        ratio: Share of the year as numerator and denominator, for `start` before `end`.
        days: The days it counts; actual days where its rule counts none of its own.
        reads: The facts of a `Context` that can change its answer.
        needs: The ones without which some intervals have no answer.
        is_additive: Whether the shares of two adjacent intervals add up to that of the whole, in one context.
        is_verified: Whether its rule was read in its source or confirmed by two independent libraries.
    """

    name: str
    rule: str
    used: str
    ratio: Ratio
    days: Days = actual.actual_days
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    is_additive: bool = True
    is_verified: bool = True


def _months_of_days(
    name: str,
    rule: str,
    used: str,
    days: Days,
    year: int = 360,
    *,
    ratio: Ratio | None = None,
    reads: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    is_additive: bool = False,
    is_verified: bool = True,
) -> Convention:
    """A convention of months of 30 or 28 days: its own days over a fixed year."""

    def over_year(start: date, end: date, context: Context | None) -> tuple[int, int]:
        return days(start, end, context), year

    over_year.__doc__ = days.__doc__
    return Convention(name, rule, used, ratio or over_year, days, reads, needs, is_additive, is_verified)


CONVENTIONS = (
    Convention(
        "periodic",
        "a regular period is its exact share of the year, 1/12 for a month; a part of one by its actual days",
        "installment loans of banks, textbooks, Excel's PMT",
        nominal.periodic,
        reads=REFERENCE,
        needs=REFERENCE,
    ),
    Convention(
        "ACT/360", "actual days / 360", "money markets, US commercial loans, Chinese bank loans", actual.act_360
    ),
    Convention("ACT/364", "actual days / 364", "rare; loans with weekly periods", actual.act_364),
    Convention(
        "ACT/365F",
        "actual days / 365, in leap years too",
        "loans in sterling, Hong Kong and Australian dollars",
        actual.act_365_fixed,
    ),
    Convention(
        "ACT/365A",
        "actual days / 366 if a 29 February is in (start, end], else / 365",
        "some European loans",
        actual.act_365_actual,
        is_additive=False,
    ),
    Convention(
        "ACT/365L",
        "actual days / 366 if the reference period holds 29 February (yearly) or ends in a leap year (else), or / 365",
        "floating rate notes in euros and sterling",
        nominal.act_365_leap,
        reads=("ref_start", "ref_end", "frequency"),
        needs=("ref_start", "ref_end", "frequency"),
    ),
    Convention(
        "ACT/365 CA",
        "days / 365 early in a regular period, later its share less the days left / 365 (reading undecided)",
        "Canadian government bonds",
        nominal.act_365_canadian,
        reads=("ref_start", "ref_end", "stub", "frequency", "reading"),
        needs=("ref_start", "ref_end", "frequency", "reading"),
        is_additive=False,
        is_verified=False,
    ),
    Convention("ACT/365.25", "actual days / 365.25", "valuation models, actuaries", actual.act_365_25),
    Convention("ACT/366", "actual days / 366", "rare", actual.act_366),
    Convention(
        "ACT/ACT ISDA",
        "days in leap years / 366 plus days in other years / 365",
        "interest rate swaps, loans that count by calendar year",
        actual.act_act_isda,
    ),
    Convention(
        "ACT/ACT ICMA",
        "a regular period is its exact share of the year; a part of one by its actual days; stubs in nominal periods",
        "government and corporate bonds",
        nominal.act_act_icma,
        reads=REFERENCE,
        needs=REFERENCE,
    ),
    Convention(
        "ACT/ACT AFB",
        "whole years back from the end, then days left / 366 if they hold a 29 February, else / 365",
        "French loans and swaps",
        actual.act_act_afb,
        is_additive=False,
    ),
    Convention(
        "ACT/ACT YEAR",
        "whole years from the start, then days left / length of the year they are in, start's anniversaries apart",
        "yield calculations",
        actual.act_act_year,
        is_additive=False,
    ),
    _months_of_days(
        "30/360",
        "bond basis: day 31 is 30 at the start, and at the end if the start is 30; February as it is; / 360",
        "US corporate bonds and consumer loans, ISDA bond basis",
        thirty.bond_basis_days,
    ),
    _months_of_days(
        "30/360 NASD",
        "bond basis, a 31st at the end becoming the 1st of the next month if the start is before the 30th; / 360",
        "US brokers (the same figures as bond basis)",
        thirty.nasd_days,
    ),
    _months_of_days(
        "30/360 PSA",
        "bond basis, the last day of February at the start being 30; / 360",
        "US mortgage-backed securities",
        thirty.psa_days,
    ),
    _months_of_days(
        "30/360 IT",
        "day 31, and 28 or 29 February, are 30 at both ends; / 360",
        "Italian lenders",
        thirty.italian_days,
        is_additive=True,
    ),
    _months_of_days(
        "30U/360",
        "bond basis; where month ends are kept, the end of February is 30 at the start, and then at the end; / 360",
        "US agency and municipal bonds, Excel's DAYS360 and YEARFRAC basis 0",
        thirty.us_days,
        reads=("eom",),
        needs=("eom",),
    ),
    _months_of_days(
        "30/365",
        "day 31 is 30 at both ends; / 365",
        "rare",
        thirty.eurobond_days,
        365,
        is_additive=True,
    ),
    _months_of_days(
        "30E/360",
        "day 31 is 30 at both ends; / 360",
        "eurobonds, European corporate loans",
        thirty.eurobond_days,
        ratio=thirty.eurobond_360,
        is_additive=True,
    ),
    _months_of_days(
        "30E/360 ISDA",
        "the last day of any month is 30, except an end in February that is the termination date; / 360",
        "swaps in Swiss francs and euros, German loans",
        thirty.isda_days,
        reads=("termination",),
        is_additive=True,
    ),
    _months_of_days(
        "30E+/360",
        "day 31 is 30 at the start, the 1st of the next month at the end; / 360",
        "rare eurobonds",
        thirty.eurobond_plus_days,
    ),
    _months_of_days(
        "30E/365",
        "the last day of any month, February too, is 30 at both ends; / 365",
        "rare",
        thirty.month_end_days,
        365,
        is_additive=True,
    ),
    _months_of_days(
        "28E/336",
        "months of 28 days, later days being 28; / 336",
        "a term of the ACTUS dictionary, no market known",
        thirty.twenty_eight_days,
        336,
        is_additive=True,
        is_verified=False,
    ),
    Convention(
        "NL/360",
        "actual days without 29 February / 360",
        "rare",
        actual.no_leap_360,
        actual.no_leap_days,
    ),
    Convention(
        "NL/365",
        "actual days without 29 February / 365",
        "Japanese government bonds",
        actual.no_leap_365,
        actual.no_leap_days,
    ),
    Convention(
        "1/1",
        "1 for every period that is not empty",
        "fixed amounts per period, inflation swaps",
        actual.one,
        is_additive=False,
    ),
    Convention(
        "BUS/252",
        "business days of the given calendar / 252",
        "Brazilian loans and bonds",
        business.bus_252,
        business.business_days,
        reads=("calendar",),
        needs=("calendar",),
    ),
)
