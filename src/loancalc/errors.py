"""Errors: every message names the field, the value it got and what is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


def unknown_name(
    field: str,
    value: object,
    accepted: Iterable[str],
    shown: str | None = None,
    aliases: Mapping[str, str] | None = None,
) -> UnknownName:
    """The error for a name that is not in its list, with the nearest ones first.

    Args:
        field: What is named.
        value: The name that was given.
        accepted: The names of the list.
        shown: What to say in place of a list that is too long to read.
        aliases: Other words for the names, each with its name: looked at where no name is near.

    >>> print(unknown_name("method", "anuity", ["annuity", "flat"]))
    method: got 'anuity'; nearest: annuity; accepted: annuity, flat
    >>> print(unknown_name("method", "等额本", ["annuity", "flat"], aliases={"等额本息": "annuity"}))
    method: got '等额本'; nearest: 等额本息 (annuity); accepted: annuity, flat
    """
    names = list(accepted)
    near = _nearest(str(value), names)
    if not near and aliases:
        near = [f"{word} ({aliases[word]})" for word in _nearest(str(value), aliases)]
    hint = f"nearest: {', '.join(near)}; " if near else ""
    return UnknownName(f"{field}: got {value!r}; {hint}accepted: {shown or ', '.join(names)}")


def _nearest(value: str, words: Iterable[str]) -> list[str]:
    """The words most like a value, at most three."""
    by_folded = {word.casefold(): word for word in words}
    return [by_folded[near] for near in get_close_matches(value.casefold(), list(by_folded), n=3, cutoff=0.5)]
