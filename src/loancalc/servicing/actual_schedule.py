"""The schedule of an account: its installments as they were really paid, then the rest as it now stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, overload

from loancalc.servicing.parts import Parts
from loancalc.servicing.position import InstallmentState, Position
from loancalc.servicing.projecting import Projection
from loancalc.servicing.record import Receipt
from loancalc.servicing.replay import Replay
from loancalc.values.money import to_decimal
from loancalc.values.names import COMPONENTS
from loancalc.values.tables import align, html_table


class PaidOn(NamedTuple):
    """Money of one event that settled something of an installment, and the day on which it did; less than nothing where
    it was taken back.
    """

    on: date
    amount: Decimal
    event: str


@dataclass(frozen=True)
class ActualInstallment:
    """One installment of an account: how it stands, what paid it, and what is outstanding at the end of its due date.

    Attributes:
        number, due: Its number and due date.
        state: As `InstallmentState` says it, on the day asked.
        agreed: Scheduled principal and interest and the agreed fee. On daily loans what fell due; of installments to come
            what will fall due under the assumption of the schedule.
        charged: What was charged beside: late charges, charges by event.
        paid, waived, written_off, moved, cut, owed: What became of it by the day asked, `moved` to a new plan; together they
            are `agreed` and `charged`.
        payments: What paid it, oldest first.
        settled_on: The day since which nothing of principal, interest and fee is unpaid.
        outstanding: Principal outstanding at the end of its due date, due or not: as it was, and of installments to come
            under the assumption of the schedule.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> row = account.schedule("2026-02-20")[0]
    >>> row.state, row.paid.total, row.outstanding
    ('paid', Decimal('106.62'), Decimal('1105.38'))
    """

    number: int
    due: date
    state: str
    agreed: Parts
    charged: Parts
    paid: Parts
    waived: Parts
    written_off: Parts
    moved: Parts
    cut: Parts
    owed: Parts
    payments: tuple[PaidOn, ...]
    settled_on: date | None
    outstanding: Decimal

    def __str__(self) -> str:
        paid = ", ".join(f"{line.amount} on {line.on}" for line in self.payments)
        became = {"waived": self.waived, "written off": self.written_off, "moved": self.moved, "cut": self.cut}
        let_go = "".join(f"; {what} {parts.total}" for what, parts in became.items() if any(parts.minor))
        return (
            f"{self.number}, due {self.due}: {self.state}; agreed {self.agreed.total}"
            + (f"; charged {self.charged}" if self.state == "upcoming" and any(self.charged.minor) else "")
            + (f"; paid {paid}" if paid else "")
            + let_go
            + (f"; owed {self.owed}" if any(self.owed.minor) else "")
        )


@dataclass(frozen=True, repr=False)
class ActualSchedule(Sequence[ActualInstallment]):
    """The installments of an account: what came of those that fell due by a day, then those to come.

    Attributes:
        as_of: The day.
        then: What is taken to be paid from that day on; on scheduled loans only installments that a plan event to come
            would change depend on it, on daily loans the interest of every one to come.
        rows: The installments, oldest first.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(1200, "12%", "2026-01-15", installments=4)
    >>> print(Account(loan, [Payment("2026-02-15", "307.54"), Payment("2026-03-20", 100)]).schedule("2026-03-31"))
    number         due        state  principal  interest  agreed    paid     paid on    owed  outstanding
         1  2026-02-15         paid     295.54     12.00  307.54  307.54  2026-02-15    0.00       904.46
         2  2026-03-15  partly paid     298.50      9.04  307.54  100.00  2026-03-20  207.54       904.46
         3  2026-04-15     upcoming     301.48      6.06  307.54                                   512.02
         4  2026-05-15     upcoming     304.48      3.04  307.52                                     0.00
    """

    as_of: date
    then: str
    rows: tuple[ActualInstallment, ...]
    digits: int
    currency: str | None

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> ActualInstallment: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ActualInstallment]: ...
    def __getitem__(self, index: int | slice) -> ActualInstallment | Sequence[ActualInstallment]:
        return self.rows[index]

    def __iter__(self) -> Iterator[ActualInstallment]:
        return iter(self.rows)

    @property
    def to_come(self) -> tuple[ActualInstallment, ...]:
        """The installments due after the day."""
        return tuple(row for row in self.rows if row.due > self.as_of)

    def total(self, name: str) -> Parts:
        """The sum of `agreed`, `charged`, `paid`, `waived`, `written_off`, `moved`, `cut` or `owed` over all installments, by component."""
        columns = zip(*(getattr(row, name).minor for row in self.rows), strict=True)
        return Parts([sum(column) for column in columns], self.digits)

    def to_dict(self) -> dict[str, list[Any]]:
        """The rows as plain columns, ready for any data-frame library."""
        cells = [_plain(row) for row in self.rows]
        return {name: [cell[name] for cell in cells] for name in _COLUMNS}

    def _cells(self) -> list[list[str]]:
        rows = [_plain(row) for row in self.rows]
        used = [name for name in _COLUMNS if name not in _OPTIONAL or any(row[name] for row in rows)]
        return [
            [name.replace("_", " ") for name in used],
            *([_text(name, row) for name in used] for row in rows),
        ]

    def __str__(self) -> str:
        return align(self._cells())

    def __repr__(self) -> str:
        return f"<ActualSchedule of {len(self)} installments on {self.as_of}>"

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


_COLUMNS = (
    "number", "due", "state", "principal", "interest", "fee", "agreed", "charged", "paid", "paid_on", "waived",
    "written_off", "moved", "cut", "owed", "outstanding",
)  # fmt: skip
_OPTIONAL = ("fee", "charged", "waived", "written_off", "moved", "cut")


def _plain(row: ActualInstallment) -> dict[str, Any]:
    return {
        "number": row.number,
        "due": row.due,
        "state": row.state,
        "principal": row.agreed.principal,
        "interest": row.agreed.interest,
        "fee": row.agreed.fee,
        "agreed": row.agreed.total,
        "charged": row.charged.total,
        "paid": row.paid.total,
        "paid_on": tuple(dict.fromkeys(line.on for line in row.payments)),
        "waived": row.waived.total,
        "written_off": row.written_off.total,
        "moved": row.moved.total,
        "cut": row.cut.total,
        "owed": row.owed.total,
        "outstanding": row.outstanding,
    }


def _text(name: str, row: Mapping[str, Any]) -> str:
    if name == "paid_on":
        return ", ".join(map(str, row[name]))
    is_to_come = row["state"] == "upcoming"
    if is_to_come and name in ("charged", "paid", "waived", "written_off", "moved", "cut", "owed") and not row[name]:
        return ""
    return str(row[name])


def actual_schedule(
    position: Position, known: Replay, outstanding: Mapping[int, int], projected: Position, projection: Projection
) -> ActualSchedule:
    """The schedule on the day of a position.

    Args:
        position: Where the account stands on the day.
        known: The replay that has reached it.
        outstanding: Principal outstanding at the end of each due date so far, by the number of the installment.
        projected: Where the account stands when nothing falls due or happens any more.
        projection: How it came there.
    """
    digits = position.figures.digits
    states = {state.number: state for state in position.installments}
    paid = _paid(known.receipts, max(states, default=0), digits)
    count = sum(state.due <= position.as_of for state in position.installments)
    rows = [
        _row(state, state, state.charged, paid, to_decimal(outstanding[state.number], digits))
        for state in position.installments[:count]
    ]
    for state in projected.installments[count:]:
        now, charged = states.get(state.number), _charged_ahead(position, state.number)
        rows.append(_row(state, now, charged, paid, to_decimal(projection.outstanding[state.number], digits)))
    return ActualSchedule(position.as_of, projection.then, tuple(rows), digits, position.currency)


def _row(
    agreed: InstallmentState,
    now: InstallmentState | None,
    charged: Parts,
    paid: Mapping[int, Sequence[PaidOn]],
    outstanding: Decimal,
) -> ActualInstallment:
    nothing = Parts([0] * len(COMPONENTS), agreed.agreed.digits)
    return ActualInstallment(
        number=agreed.number,
        due=agreed.due,
        state=now.state if now else "upcoming",
        agreed=agreed.agreed,
        charged=charged,
        paid=now.paid if now else nothing,
        waived=now.waived if now else nothing,
        written_off=now.written_off if now else nothing,
        moved=now.moved if now else nothing,
        cut=now.cut if now else nothing,
        owed=now.owed if now else nothing,
        payments=tuple(paid.get(agreed.number, ())),
        settled_on=now.settled_on if now else None,
        outstanding=outstanding,
    )


def _charged_ahead(position: Position, number: int) -> Parts:
    """What was charged by event to an installment that is not yet due."""
    sums = [0] * len(COMPONENTS)
    for charge in position.figures.charges:
        if charge.installment == number:
            sums[charge.component] += charge.amount
    return Parts(sums, position.figures.digits)


def _paid(receipts: Iterable[Receipt], last: int, digits: int) -> dict[int, list[PaidOn]]:
    """What each event settled of each installment, day by day."""
    sums: dict[tuple[int, date, str], int] = {}
    for receipt in receipts:
        for number, _, amount, on in receipt.parts:
            key = min(number, last), on, receipt.id or ""
            sums[key] = sums.get(key, 0) + amount
    paid: dict[int, list[PaidOn]] = {}
    for (number, on, event), amount in sorted(sums.items(), key=lambda one: one[0][1]):
        paid.setdefault(number, []).append(PaidOn(on, to_decimal(amount, digits), event))
    return paid
