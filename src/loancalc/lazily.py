"""Values that make what they hold, or some of it, when it is asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class cached_property(functools.cached_property[T_co]):
    """A property that is made when it is first asked for, without the lock that Python takes for it before 3.12.

    Where two threads make it at once, both are given the one that was ready first.
    """

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T_co: ...
    def __get__(self, instance: object, owner: type[Any] | None = None) -> Self | T_co:
        """The value, kept in the instance under the name of the property."""
        if instance is None:
            return self
        made: T_co = instance.__dict__.setdefault(self.func.__name__, self.func(instance))
        return made


class Lazily:
    """Base of frozen values with cached properties.

    What is cached is the same whoever asks first. A copy or a pickle of the value takes what is there at one moment, so that
    another thread may ask for more meanwhile.
    """

    def keep(self, name: str, make: Callable[[Self], T_co]) -> T_co:
        """What a room above makes of the value: made when it is first asked for, and kept with it under a name."""
        if name not in self.__dict__:
            self.__dict__.setdefault(name, make(self))
        made: T_co = self.__dict__[name]
        return made

    def __getstate__(self) -> dict[str, object]:
        """The fields, and what was made of them so far."""
        return dict(self.__dict__)


class Texts(Sequence[str]):
    """One text for each number from 1 on, made when it is asked for.

    >>> texts = Texts(3, "row {}".format)
    >>> texts[0], texts[-1], texts[1:]
    ('row 1', 'row 3', ['row 2', 'row 3'])
    """

    def __init__(self, count: int, make: Callable[[int], str]) -> None:
        self._numbers = range(1, count + 1)
        self._make = make

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """The text at a place, or those of several."""
        if isinstance(index, slice):
            return [self._make(number) for number in self._numbers[index]]
        return self._make(self._numbers[index])
