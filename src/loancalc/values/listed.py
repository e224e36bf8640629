"""One value or several: what is accepted where a term takes a value of a kind, or a list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from loancalc.errors import InvalidTerms, LoanError
from loancalc.values.names import COMPONENT_NAMES, COMPONENTS, Component

Kind = TypeVar("Kind")


def one(value: Kind, kind: type[Kind], field: str) -> Kind:
    """A value that has to be of a kind.

    Raises:
        InvalidTerms: If it is not.

    >>> one(12, int, "days")
    12
    >>> one("12", int, "days")
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: days: got '12'; expected int
    """
    if not isinstance(value, kind):
        raise InvalidTerms(f"{field}: got {value!r}; expected {kind.__name__}")
    return value


def yes_or_no(value: bool, field: str) -> bool:
    """True or False, and nothing that only counts as one of them.

    Raises:
        InvalidTerms: If it is anything else.

    >>> yes_or_no("no", "month_end")
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: month_end: got 'no'; expected True or False
    """
    if not isinstance(value, bool):
        raise InvalidTerms(f"{field}: got {value!r}; expected True or False")
    return value


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
    if type(values) is tuple and not values:
        return values
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
    if type(values) is tuple or type(values) is list:
        return tuple(values)
    if isinstance(values, kind):
        return (values,)
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise error(f"{field}: got {values!r}; expected {what}, or a list of them")
    return tuple(values)


def components_of(
    names: Iterable[str] | str, field: str, error: type[LoanError] = InvalidTerms
) -> tuple[Component, ...]:
    """The components of a debt that one name or several stand for, in their usual order.

    >>> components_of(["本金", "late interest"], "covers")
    ('late_interest', 'principal')
    >>> components_of(12, "covers")
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: covers: got 12; expected a component, or a list of them
    """
    if type(names) is tuple and not names:
        return ()
    found = {COMPONENT_NAMES.find(name, field) for name in several(names, str, "a component", field, error)}
    return tuple([component for component in COMPONENTS if component in found])


def pairs_of(values: object, what: str, field: str, error: type[LoanError] = InvalidTerms) -> list[tuple[Any, Any]]:
    """The pairs of a mapping, or of a list of pairs; `what` names them in the error.

    >>> pairs_of({"2026-05-01": "6%"}, "a rate by date", "changes")
    [('2026-05-01', '6%')]
    >>> pairs_of(["6%"], "a rate by date", "changes")
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: changes: got '6%'; expected a rate by date
    """
    items = values.items() if isinstance(values, Mapping) else values
    return [(first, second) for first, second in tuples_of(items, what, field, error=error)]


def tuples_of(
    values: object, what: str, field: str, lengths: Sequence[int] = (2,), *, error: type[LoanError] = InvalidTerms
) -> list[tuple[Any, ...]]:
    """A list of tuples, each of one of these lengths; `what` names them in the error.

    >>> tuples_of([(1000, 0), (500, 1, "1/2")], "an amount and its time", "payments", (2, 3))
    [(1000, 0), (500, 1, '1/2')]
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise error(f"{field}: got {values!r}; expected {what}")
    found = list(values)
    for item in found:
        if not isinstance(item, tuple | list) or len(item) not in lengths:
            raise error(f"{field}: got {item!r}; expected {what}")
    return [tuple(item) for item in found]
