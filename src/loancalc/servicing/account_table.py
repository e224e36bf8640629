"""How an account shows: what was paid out, then what happened, by value date."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loancalc.plan.loan import Loan
from loancalc.servicing.events import Event


def account_cells(loan: Loan, events: Iterable[Event]) -> list[list[str]]:
    """A row for the pay-out and one for each event: its day, what it is, its amount, and what else it says.

    >>> from loancalc import Account, Payment, Reversal
    >>> loan = Loan(12_000, "12%", "2026-01-15", installments=12, currency="CNY")
    >>> account = Account(loan, [Payment("2026-02-15", "1066.19", id="february", source="guarantor")])
    >>> for on, what, amount, more in account_cells(account.loan, account.events):
    ...     print(f"{on:12}{what:10}{amount:>10}  {more}".rstrip())
    on          what             CNY
    2026-01-15  paid out       12000  12%/year, annuity, 12 installments every 1 month
    2026-02-15  payment      1066.19  id february, source guarantor
    """
    rows = [[str(loan.start), "paid out", str(loan.principal), _agreed(loan)]]
    for event in events:
        said = event.stated()
        amount = said.pop("amount", "")
        more = [f"{name.replace('_', ' ')} {_text(value)}" for name, value in said.items() if name != "sequence"]
        rows.append([str(event.on), event_words(event), str(amount), ", ".join(more)])
    return [["on", "what", loan.currency or "amount", ""], *rows]


def account_text(loan: Loan, events: Iterable[Event]) -> str:
    """The same in words, a line each."""
    (*_, currency, _), *rows = account_cells(loan, events)
    said = []
    for on, what, amount, more in rows:
        unit = currency if loan.currency and amount not in ("", "all") else ""
        said.append(" ".join(filter(None, (on, what, amount, unit))) + (f": {more}" if more else ""))
    return "\n".join(said)


def event_words(event: Event) -> str:
    """The kind of an event as people write it.

    >>> from loancalc import RateChange
    >>> event_words(RateChange("2027-01-01", "3.95%", keep="term"))
    'rate change'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(event).__name__).lower()


def _agreed(loan: Loan) -> str:
    method, rate = loan.repayment.name.replace("_", " "), loan.rate_path or loan.rate
    if loan.installments == 1:
        return f"{rate}, {method}, due {loan.dates[-1]}"
    return f"{rate}, {method}, {loan.installments} installments every {loan.every}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(" ".join(map(_text, one)) if isinstance(one, tuple) else _text(one) for one in value)
    return str(value).replace("_", " ")
