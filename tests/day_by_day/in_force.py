"""Which events happened, as far as was known by a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import loancalc as lc


def happened(events: Iterable[lc.Event], known_on: date | None) -> list[lc.Event]:
    """The events that were booked by a day and not reversed by then, in their booking sequence.

    A reversal that was itself reversed never happened.
    """
    listed = [event for event in events if known_on is None or event.booked <= known_on]
    gone: set[str | None] = set()
    for event in sorted(listed, key=lambda event: (event.booked, event.sequence or 0), reverse=True):
        if isinstance(event, lc.Reversal) and event.id not in gone:
            gone.add(event.of)
    left = [event for event in listed if event.id not in gone and not isinstance(event, lc.Reversal)]
    return sorted(left, key=lambda event: event.sequence or 0)
