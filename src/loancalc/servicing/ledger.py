"""The ledger: everything that moves money between accounts as balanced entries, so that what is left on an account is
what is owed, held, earned or given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, overload

from loancalc.errors import unknown_name
from loancalc.servicing.parts import Parts
from loancalc.values.money import format_minor, to_decimal
from loancalc.values.names import COMPONENTS
from loancalc.values.tables import align, html_table

CASH, GIVEN, HELD, KEPT = "cash", "credit given", "held credit", "small balances kept"
WAIVED, WRITTEN_OFF = "waived", "written off"
STAGES = ("not due", "due", "past due")
"""Where a component of the debt stands: not due yet, due on the day itself, due before it."""

OWED = tuple(f"{component} {stage}" for component in COMPONENTS for stage in STAGES)
EARNED = tuple(f"{component} earned" for component in COMPONENTS if component != "principal")
ACCOUNTS = (*OWED, CASH, HELD, GIVEN, *EARNED, KEPT, WAIVED, WRITTEN_OFF)
"""The chart of accounts, as the lender keeps it: each component at each stage; money in and out, money held for the
borrower, credit that the lender gave; what was earned of each component, and kept of payments a little too high; and what was given up.
"""


class Posting(NamedTuple):
    """One side of an entry: an account and an amount in units of the currency, debits positive."""

    account: str
    amount: Decimal


@dataclass(frozen=True)
class Entry:
    """One balanced entry: its postings sum to zero.

    Attributes:
        on: Value date.
        what: What moved the money: the kind of an event, "falls due", "past due", "nights", "penalty", ...
        event: The id of the event; None for what the contract does by itself.
        kind: What it says: what came to be owed, and why ("debt"); what "money", or held credit, settled; or what was
            "waived" or "written off".
        minor: Account and minor units of each posting, debits positive.
        digits: Decimals of the minor unit.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> for entry in account.ledger("2026-02-15"):
    ...     print(entry)
    2026-01-15 paid out: principal not due 1200.00, cash -1200.00
    2026-02-15 nights: interest not due 12.00, interest earned -12.00
    2026-02-15 falls due: interest not due -12.00, interest due 12.00, principal not due -94.62, principal due 94.62
    2026-02-15 payment e1: cash 106.62, interest due -12.00, principal due -94.62
    """

    on: date
    what: str
    event: str | None
    kind: str
    minor: tuple[tuple[str, int], ...]
    digits: int

    @property
    def postings(self) -> tuple[Posting, ...]:
        """The postings in units of the currency."""
        return tuple(Posting(account, to_decimal(amount, self.digits)) for account, amount in self.minor)

    def __str__(self) -> str:
        moved = ", ".join(f"{account} {format_minor(amount, self.digits)}" for account, amount in self.minor)
        return f"{self.on} {self.what}{f' {self.event}' if self.event else ''}: {moved}"


@dataclass(frozen=True, repr=False)
class Ledger(Sequence[Entry]):
    """The entries of an account up to the end of a day, oldest first.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(1200, "12%", "2026-01-15", installments=12)
    >>> ledger = Account(loan, [Payment("2026-02-15", "106.62")]).ledger("2026-02-15")
    >>> print(ledger)
            on       what  event            account    debit   credit
    2026-01-15   paid out         principal not due  1200.00
    2026-01-15   paid out                      cash           1200.00
    2026-02-15     nights          interest not due    12.00
    2026-02-15     nights           interest earned             12.00
    2026-02-15  falls due          interest not due             12.00
    2026-02-15  falls due              interest due    12.00
    2026-02-15  falls due         principal not due             94.62
    2026-02-15  falls due             principal due    94.62
    2026-02-15    payment     e1               cash   106.62
    2026-02-15    payment     e1       interest due             12.00
    2026-02-15    payment     e1      principal due             94.62
    >>> ledger.owed.principal, ledger.balance("cash"), ledger.balance("interest earned")
    (Decimal('1105.38'), Decimal('-1093.38'), Decimal('-12.00'))
    """

    as_of: date
    entries: tuple[Entry, ...]
    digits: int

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        return self.entries[index]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def balance(self, account: str) -> Decimal:
        """What is left on an account, debits positive, in units of the currency.

        Raises:
            UnknownName: If it is not in the chart of accounts.
        """
        if account not in ACCOUNTS:
            raise unknown_name("account", account, ACCOUNTS)
        return to_decimal(sums(self.entries).get(account, 0), self.digits)

    def balances(self) -> dict[str, Decimal]:
        """What is left on each account on which something is, in the order of the chart; together they are zero."""
        left = sums(self.entries)
        return {account: to_decimal(left[account], self.digits) for account in ACCOUNTS if left.get(account)}

    @property
    def owed(self) -> Parts:
        """What is owed of each component, due or not."""
        return self._owed(STAGES)

    @property
    def past_due(self) -> Parts:
        """What is owed of installments due before the day."""
        return self._owed(STAGES[2:])

    @property
    def due(self) -> Parts:
        """What is owed of the installment due on the day itself."""
        return self._owed(STAGES[1:2])

    def _owed(self, stages: Sequence[str]) -> Parts:
        left = sums(self.entries)
        return Parts([sum(left.get(f"{name} {stage}", 0) for stage in stages) for name in COMPONENTS], self.digits)

    def to_dict(self) -> dict[str, list[Any]]:
        """One row for each posting, as plain columns, ready for any data-frame library."""
        rows = [(entry, posting) for entry in self for posting in entry.postings]
        columns: dict[str, list[Any]] = {
            name: [getattr(entry, name) for entry, _ in rows] for name in ("on", "what", "event")
        }
        return columns | {name: [getattr(posting, name) for _, posting in rows] for name in Posting._fields}

    def _cells(self) -> list[list[str]]:
        rows = []
        for entry in self:
            for account, amount in entry.minor:
                shown = format_minor(abs(amount), self.digits)
                sides = [shown, ""] if amount > 0 else ["", shown]
                rows.append([str(entry.on), entry.what, entry.event or "", account, *sides])
        return [["on", "what", "event", "account", "debit", "credit"], *rows]

    def __str__(self) -> str:
        return align(self._cells())

    def __repr__(self) -> str:
        return f"<Ledger of {len(self)} entries up to {self.as_of}>"

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


def sums(entries: Iterable[Entry]) -> dict[str, int]:
    """What entries leave on each account, in minor units."""
    left: dict[str, int] = {}
    for entry in entries:
        for account, amount in entry.minor:
            left[account] = left.get(account, 0) + amount
    return left
