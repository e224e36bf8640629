"""One value or several: what is accepted where a term takes a list of values of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from loancalc.errors import InvalidTerms, LoanError

Kind = TypeVar("Kind")


def listed(
    values: Iterable[Kind] | Kind, kind: type[Kind], field: str, *, error: type[LoanError] = InvalidTerms
) -> tuple[Kind, ...]:
    """One value of a kind, or several, as a tuple.

    Args:
        values: The value, or any iterable of them but text.
        kind: What each has to be.
        field: Where they are given, for the error.
        error: The error to raise.

    Raises:
        LoanError: Of the class `error`, if something else was given.

    >>> listed(12, int, "days"), listed([1, 2], int, "days")
    ((12,), (1, 2))
    >>> listed("12", int, "days")
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: days: got '12'; expected int, or a list of them
    """
    items = several(values, kind, kind.__name__, field, error)
    for place, item in enumerate(items):
        if not isinstance(item, kind):
            raise error(f"{field}[{place}]: got {item!r}; expected {kind.__name__}")
    return items


def several(
    values: Iterable[Kind] | Kind,
    kind: type[Kind] | tuple[type[Kind], ...],
    what: str,
    field: str,
    error: type[LoanError],
) -> tuple[Kind, ...]:
    """The same, each of them still to be looked at; `what` names the kind in the error."""
    if type(values) is tuple:
        return values
    if isinstance(values, kind):
        return (values,)
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise error(f"{field}: got {values!r}; expected {what}, or a list of them")
    return tuple(values)
