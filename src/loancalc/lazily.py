"""Values that make some of what they hold when it is first asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable
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
        made: T_co = self.__dict__.get(name) or self.__dict__.setdefault(name, make(self))
        return made

    def __getstate__(self) -> dict[str, object]:
        """The fields, and what was made of them so far."""
        return dict(self.__dict__)
