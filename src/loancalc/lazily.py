"""Values that make some of what they hold when it is first asked for."""

from __future__ import annotations


class Lazily:
    """Base of frozen values with cached properties.

    What is cached is the same whoever asks first. A copy or a pickle of the value takes what is there at one moment, so that
    another thread may ask for more meanwhile.
    """

    def __getstate__(self) -> dict[str, object]:
        """The fields, and what was made of them so far."""
        return dict(self.__dict__)
