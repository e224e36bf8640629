"""Errors: every message names the field, the value it got and what is accepted."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class LoanError(ValueError):
    """Base of every error raised for what the caller passed."""


class InvalidAmount(LoanError):
    """An amount of money is not a number, or has more decimals than its currency."""


class InvalidRate(LoanError):
    """A rate has no unit, or could be read in two ways."""


class InvalidDate(LoanError):
    """A date is not a day of the calendar, or dates are out of order."""


class InvalidTerms(LoanError):
    """The terms do not describe a loan."""


class InvalidEvent(LoanError):
    """An event cannot have happened to this loan."""


class InArrears(LoanError):
    """The question needs a loan that is up to date, and this one is past due."""


class UnknownName(LoanError):
    """A name is not in its list; the message gives the nearest ones."""


class MissingContext(LoanError):
    """A convention needs a fact that was not given, and would give another answer without it."""


class NoSolution(LoanError):
    """No rate, or no schedule, satisfies the conditions."""


class SeveralRates(NoSolution):
    """More than one rate satisfies the conditions; `roots` has all of them above -100 %, in rising order."""

    def __init__(self, message: str, roots: tuple[float, ...]) -> None:
        super().__init__(message)
        self.roots = roots

    def __reduce__(self) -> tuple[type[SeveralRates], tuple[str, tuple[float, ...]]]:
        return type(self), (str(self), self.roots)


def unknown_name(field: str, value: object, accepted: Iterable[str], shown: str | None = None) -> UnknownName:
    """The error for a name that is not in its list, with the nearest ones first.

    Args:
        field: What is named.
        value: The name that was given.
        accepted: The names of the list.
        shown: What to say in place of a list that is too long to read.

    >>> print(unknown_name("method", "anuity", ["annuity", "flat"]))
    method: got 'anuity'; nearest: annuity; accepted: annuity, flat
    """
    names = list(accepted)
    by_folded = {name.casefold(): name for name in names}
    near = [by_folded[n] for n in get_close_matches(str(value).casefold(), list(by_folded), n=3, cutoff=0.5)]
    hint = f"nearest: {', '.join(near)}; " if near else ""
    return UnknownName(f"{field}: got {value!r}; {hint}accepted: {shown or ', '.join(names)}")
