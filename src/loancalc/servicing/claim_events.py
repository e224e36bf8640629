"""What the lender does with the claim: charges on it, calls it, stops counting how late it is, gives it up, sells it, closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Unpack

from loancalc.errors import InvalidEvent
from loancalc.servicing.happening import Happening, When, number_of, positive, positive_or_all
from loancalc.values.dates import DateLike, in_order, read_date
from loancalc.values.listed import yes_or_no
from loancalc.values.money import Amount
from loancalc.values.names import COMPONENT_NAMES, Component

CHARGEABLE: tuple[Component, ...] = ("cost", "fee", "penalty")


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Charge(Happening):
    """The lender charges a cost of collection, a fee or a penalty that no rule of the contract assesses.

    It belongs to an installment: owed at once if that has fallen due, else on its due date; a payoff pays it either way.

    Args:
        on: Value date; a payment of the same day can pay it.
        component: "cost", "fee" or "penalty".
        amount: In units of the loan's currency.
        installment: Number of the installment it belongs to. If not given: the oldest that is due and unpaid; if there
            is none, the next to fall due; after the last due date, the last.

    >>> Charge("2026-04-01", "cost", 150, installment=2)
    Charge('2026-04-01', 'cost', '150', installment=2)
    """

    _positional: ClassVar[tuple[str, ...]] = ("component", "amount")

    component: Component
    amount: Decimal
    installment: int | None

    def __init__(
        self, on: DateLike, component: str, amount: Amount, installment: int | None = None, **when: Unpack[When]
    ) -> None:
        name = COMPONENT_NAMES.find(component, "charge.component")
        if name not in CHARGEABLE:
            raise InvalidEvent(f"charge.component: got {component!r}; accepted: {', '.join(CHARGEABLE)}")
        value = positive(amount, "charge.amount")
        number = None if installment is None else number_of(installment, "charge.installment")
        self._happen(on, **when, component=name, amount=value, installment=number)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class DelinquencyPause(Happening):
    """Days on which the loan does not become more delinquent (暂停计算逾期天数), by law or by agreement.

    What is owed, when it is past due and what late charges it bears stay as they are: only `delinquent_days`, which bureaus
    and classifications count, leave out the nights of the pause. Nights of it inside a grace do not use the grace up.

    Args:
        on: The first day whose night is not counted.
        until: The day whose night is counted again. A pause that ends sooner is reversed, and made anew as long as it was.

    Source: 15 USC 1681s-2(a)(1)(F)(ii) (CARES Act, sec. 4021): an account that was delinquent before an accommodation keeps
        its status while that is in effect. EBA/GL/2016/07, para. 18 (recalled, unverified): the count of days past due rests
        where a law suspends repayment.

    >>> DelinquencyPause("2020-04-01", "2020-07-01").until
    datetime.date(2020, 7, 1)
    """

    _positional: ClassVar[tuple[str, ...]] = ("until",)

    until: date

    def __init__(self, on: DateLike, until: DateLike, **when: Unpack[When]) -> None:
        first, last = read_date(on, "delinquency_pause.on"), read_date(until, "delinquency_pause.until")
        in_order(first, last, "delinquency_pause.on", "delinquency_pause.until", strictly=True)
        self._happen(on, **when, until=last)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Acceleration(Happening):
    """The lender calls the whole loan (提前到期): all that is outstanding falls due, and is past due from the next day.

    What was not yet due becomes one last installment, due on this day: the outstanding principal, contract interest to
    date, charges; interest and fees of later periods are not owed. The oldest unpaid due date stays what it was.

    >>> Acceleration("2026-06-20")
    Acceleration('2026-06-20')
    """

    def __init__(self, on: DateLike, **when: Unpack[When]) -> None:
        self._happen(on, **when)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class ChargeOff(Happening):
    """The lender takes the loan off its books as an asset; the borrower owes what was owed.

    Args:
        on: Value date.
        further_interest: Whether anything accrues from then on. Without it, contract interest, late interest and
            compound interest stop at the end of the day, later installments ask for principal and agreed fees only, and no
            rule assesses a penalty any more.

    >>> ChargeOff("2026-09-30", further_interest=False)
    ChargeOff('2026-09-30', further_interest=False)
    """

    further_interest: bool

    def __init__(self, on: DateLike, *, further_interest: bool, **when: Unpack[When]) -> None:
        self._happen(on, **when, further_interest=yes_or_no(further_interest, "charge_off.further_interest"))


@dataclass(frozen=True, slots=True, init=False, repr=False)
class WriteOff(Happening):
    """The lender gives up collecting (核销): all of it, which ends the loan, or part of what is due of one component.

    What is written off is no longer owed here; a `Recovery` may still bring it in. Held credit settles first.

    Args:
        on: Value date.
        component: One of the seven components; None for the whole debt, principal not yet due and interest to date
            included.
        amount: In units of the currency, or "all" that is due of the component; the whole debt takes "all" only.

    >>> WriteOff("2026-12-31"), WriteOff("2026-12-31", "penalty", "20.00")
    (WriteOff('2026-12-31'), WriteOff('2026-12-31', component='penalty', amount='20.00'))
    """

    component: Component | None
    amount: Decimal | str = "all"

    def __init__(
        self, on: DateLike, component: str | None = None, amount: Amount = "all", **when: Unpack[When]
    ) -> None:
        name = None if component is None else COMPONENT_NAMES.find(component, "write_off.component")
        value = positive_or_all(amount, "write_off.amount")
        if name is None and value != "all":
            raise InvalidEvent(f"write_off.component: missing; {amount} of which component?")
        self._happen(on, **when, component=name, amount=value)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Transfer(Happening):
    """The claim goes to another holder (债权转让): the borrower owes the same, to somebody else.

    Args:
        on: Value date.
        to: The new holder.

    >>> Transfer("2026-12-31", "Lotus Asset Management")
    Transfer('2026-12-31', 'Lotus Asset Management')
    """

    _positional: ClassVar[tuple[str, ...]] = ("to",)

    to: str

    def __init__(self, on: DateLike, to: str, **when: Unpack[When]) -> None:
        if not isinstance(to, str) or not to.strip():
            raise InvalidEvent(f"transfer.to: got {to!r}; expected the name of the new holder")
        self._happen(on, **when, to=to.strip())


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Closing(Happening):
    """The lender closes an account on which nothing is owed and nothing is held; fees of later installments fall away.

    >>> Closing("2026-12-31").on
    datetime.date(2026, 12, 31)
    """

    def __init__(self, on: DateLike, **when: Unpack[When]) -> None:
        self._happen(on, **when)
