"""Reference data of the tests, and how its loans and events become ours."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import loancalc as lc

DATA = Path(__file__).parent / "data"

_EVENTS = {"payment": lc.Payment, "payoff": lc.Payoff, "waiver": lc.Waiver, "reversal": lc.Reversal}


@cache
def read(name: str) -> Any:
    """A reference file of `tests/data`, read once."""
    return json.loads(gzip.decompress((DATA / name).read_bytes()))


def loan_of(terms: dict[str, Any]) -> lc.Loan:
    """The loan that the terms of a story describe; their keys are the names of the arguments."""
    values = dict(terms)
    if "late" in values:
        values["late"] = late_terms_of(values["late"])
    if isinstance(values.get("allocation"), dict):
        values["allocation"] = lc.Allocation(**values["allocation"])
    values["fees"] = [lc.Fee(**fee) for fee in values.get("fees", ())]
    return lc.Loan(**values)


def late_terms_of(late: dict[str, Any]) -> lc.LateTerms:
    return lc.LateTerms(
        interest=lc.LateInterest(**late["interest"]) if "interest" in late else None,
        penalties=[lc.Penalty(**penalty) for penalty in late.get("penalties", ())],
        grace=lc.Grace(**late["grace"]) if "grace" in late else None,
        caps=[lc.Cap(**cap) for cap in late.get("caps", ())],
    )


def event_of(event: dict[str, Any]) -> lc.Event:
    values = dict(event)
    made: lc.Event = _EVENTS[values.pop("type")](**values)
    return made
