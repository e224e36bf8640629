"""Events by which a borrower recovers: due dates move, the term grows, what is overdue joins a new plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeAlias, Unpack

from loancalc.errors import InvalidEvent
from loancalc.plan.methods import MethodLike, find_method
from loancalc.plan.waiting import Moratorium
from loancalc.servicing.happening import Happening, When
from loancalc.time.frequency import Frequency
from loancalc.values.counts import read_count
from loancalc.values.dates import DateLike, in_order, read_date
from loancalc.values.names import COMPONENT_NAMES, COMPONENTS, Component, Names
from loancalc.values.rates import Rate, RateLike

Treatments: TypeAlias = str | Mapping[str, str] | Iterable[tuple[str, str]]
"""What becomes of each overdue component: one word for all, or a word by component, as a mapping or as pairs."""

DEFERRED_INTEREST = Names(
    "deferral.interest",
    {
        "next": ["carried", "added to the first installment", "下期一并支付"],
        "spread": ["added to all installments", "分摊"],
        "last": ["added to the last installment", "末期收取"],
        "capitalize": ["capitalized", "计入本金"],
        "waive": ["waived", "forgiven", "免息"],
    },
)
DEFERRED_TERM = Names("deferral.term", {"longer": ["extended", "期限顺延"], "same": ["kept", "期限不变"]})
TREATMENTS = Names(
    "overdue",
    {
        "keep": ["kept", "carry", "carried", "保留逾期"],
        "capitalize": ["capitalized", "计入本金"],
        "next": ["first", "added to the first installment", "计入首期"],
        "spread": ["added to all installments", "分摊"],
        "waive": ["waived", "减免"],
    },
)
_ALLOWED = {"principal": ("keep", "capitalize"), "interest": ("keep", "capitalize", "next", "spread", "waive")}
_ALLOWED_LATE = ("keep", "capitalize", "next", "waive")


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Deferral(Happening):
    """Due dates move (延期): the next installments ask for nothing, and everything planned comes that much later.

    The rows of the installments put off stay in the plan, at 0 but for agreed fees, which are asked for as before. An
    installment that is due on the day itself stays due, and what is past due stays so. What is agreed while installments
    are put off comes on top of those. Installments that ask for interest alone, as in a grace period or where the interest of a first
    period is set apart, are put off like others, all of them together; the term is then longer by the others.

    Args:
        on: The day of the agreement.
        installments: How many installments are put off.
        interest: What becomes of the interest of their periods: asked for with the `"next"` installment, in equal parts
            over all later ones (`"spread"`), with the `"last"` one, added to the principal at each due date put off
            (`"capitalize"`; the payments are solved again), or let go from the agreement on (`"waive"`), as long as
            no re-aging or restructuring asks for installments again. It has no default.
        term: `"longer"`, by as many installments as are put off, with the payments as they were; or the `"same"`, with
            payments solved again over what is left of it.

    >>> Deferral("2026-05-01", 2, interest="next").installments
    2
    """

    _positional: ClassVar[tuple[str, ...]] = ("installments",)

    installments: int
    interest: str
    term: str = "longer"

    def __init__(
        self, on: DateLike, installments: int, *, interest: str, term: str = "longer", **when: Unpack[When]
    ) -> None:
        self._happen(
            on,
            **when,
            installments=read_count(installments, "deferral.installments", 1),
            interest=DEFERRED_INTEREST.find(interest),
            term=DEFERRED_TERM.find(term),
        )


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Extension(Happening):
    """The term grows (展期): more installments, or a later maturity of a loan that is paid at once.

    The payments are solved again over the longer term. It has to be agreed before the last installment is due; limits of
    the law are reported by `loancalc.extension_limits`, not enforced.

    Args:
        on: The day of the agreement.
        installments: How many installments are added; or
        end: the new maturity of a loan that is paid at once.
        rate: The contract rate from that day on, where it changes too.

    >>> Extension("2026-05-01", 6).installments
    6
    """

    _positional: ClassVar[tuple[str, ...]] = ("installments",)

    installments: int | None
    end: date | None = None
    rate: Rate | None = None

    def __init__(
        self,
        on: DateLike,
        installments: int | None = None,
        *,
        end: DateLike | None = None,
        rate: RateLike | None = None,
        **when: Unpack[When],
    ) -> None:
        if (installments is None) == (end is None):
            raise InvalidEvent(
                f"extension: got installments={installments!r}, end={end!r}; expected exactly one of them"
            )
        self._happen(
            on,
            **when,
            installments=None if installments is None else read_count(installments, "extension.installments", 1),
            end=None if end is None else read_date(end, "extension.end"),
            rate=None if rate is None else Rate.parse(rate, "extension.rate"),
        )


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Reamortization(Happening):
    """The same due dates with new amounts: the installments ahead are solved again on what is outstanding.

    Args:
        on: The day from which it holds.
        overdue: What becomes of what is past due, by component or one word for all: it stays past due (`"keep"`), joins
            the principal that day (`"capitalize"`), is asked for with the `"next"` installment, in equal parts over all
            (`"spread"`, interest only; what is left of it when another plan follows is spread over the installments of that),
            or is let go (`"waive"`). Principal can be kept or capitalized. A component that is past due and not named is an
            error.

    >>> Reamortization("2026-05-01", overdue={"principal": "capitalize", "interest": "next"}).overdue
    (('interest', 'next'), ('principal', 'capitalize'))
    """

    overdue: tuple[tuple[Component, str], ...]

    def __init__(self, on: DateLike, *, overdue: Treatments = (), **when: Unpack[When]) -> None:
        self._happen(on, **when, overdue=read_treatments(overdue, "reamortization.overdue"))


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Reaging(Happening):
    """New due dates from a day on, at the agreed rate and method: the account begins to be counted anew.

    Args:
        on: The day of the agreement.
        first_due: The first new due date; later ones are counted from it.
        installments: How many there are.
        every: Their distance, where it changes.
        overdue: What becomes of what is past due, as in `Reamortization`.

    >>> Reaging("2026-05-01", first_due="2026-06-15", installments=12, overdue="capitalize").first_due
    datetime.date(2026, 6, 15)
    """

    first_due: date
    installments: int
    every: Frequency | None = None
    overdue: tuple[tuple[Component, str], ...] = ()

    def __init__(
        self,
        on: DateLike,
        *,
        first_due: DateLike,
        installments: int,
        every: Frequency | str | None = None,
        overdue: Treatments = (),
        **when: Unpack[When],
    ) -> None:
        self._happen(
            on,
            **when,
            first_due=_first_due(first_due, on, "reaging"),
            installments=read_count(installments, "reaging.installments", 1),
            every=None if every is None else Frequency.parse(every, "reaging.every"),
            overdue=read_treatments(overdue, "reaging.overdue"),
        )


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Restructuring(Happening):
    """New terms for what is outstanding (债务重组): what is not named stays as it was.

    Args:
        on: The day from which the new terms hold.
        installments: How many installments there are from then on.
        first_due: The first new due date; without it the due dates go on as they were.
        every: Their distance, where it changes; needs `first_due`.
        rate: The contract rate from that day on.
        method: The repayment method.
        moratorium: Installments at the beginning of the new plan that repay no principal.
        overdue: What becomes of what is past due, as in `Reamortization`.

    >>> Restructuring("2026-05-01", installments=24, rate="6%", overdue="capitalize").rate
    Rate.parse('6%/year')
    """

    installments: int
    first_due: date | None = None
    every: Frequency | None = None
    rate: Rate | None = None
    method: MethodLike | None = None
    moratorium: Moratorium | None = None
    overdue: tuple[tuple[Component, str], ...] = ()

    def __init__(
        self,
        on: DateLike,
        *,
        installments: int,
        first_due: DateLike | None = None,
        every: Frequency | str | None = None,
        rate: RateLike | None = None,
        method: MethodLike | None = None,
        moratorium: Moratorium | None = None,
        overdue: Treatments = (),
        **when: Unpack[When],
    ) -> None:
        if every is not None and first_due is None:
            raise InvalidEvent(f"restructuring.every: got {every!r} without first_due; expected the first new due date")
        if moratorium is not None and not isinstance(moratorium, Moratorium):
            raise InvalidEvent(f"restructuring.moratorium: got {moratorium!r}; expected a Moratorium")
        named = None if method is None else find_method(method, "restructuring.method")
        self._happen(
            on,
            **when,
            installments=read_count(installments, "restructuring.installments", 1),
            first_due=None if first_due is None else _first_due(first_due, on, "restructuring"),
            every=None if every is None else Frequency.parse(every, "restructuring.every"),
            rate=None if rate is None else Rate.parse(rate, "restructuring.rate"),
            method=named.name if named is not None and isinstance(method, str) else method,
            moratorium=moratorium,
            overdue=read_treatments(overdue, "restructuring.overdue"),
        )


def _first_due(first_due: DateLike, on: DateLike, kind: str) -> date:
    """A first new due date, which is after the day of the agreement."""
    day = read_date(first_due, f"{kind}.first_due")
    in_order(read_date(on, f"{kind}.on"), day, f"{kind}.on", f"{kind}.first_due", strictly=True)
    return day


def read_treatments(overdue: Treatments, field: str) -> tuple[tuple[Component, str], ...]:
    """What becomes of each overdue component, in the order of the components.

    Raises:
        InvalidEvent: If it is no word and no words by component, or a component cannot be treated so.
    """
    if isinstance(overdue, str):
        word = TREATMENTS.find(overdue, field)
        found: dict[str, str] = dict.fromkeys(COMPONENTS, word)
    else:
        try:
            pairs = dict(overdue).items()
        except (TypeError, ValueError):
            raise InvalidEvent(
                f"{field}: got {overdue!r}; expected one of {', '.join(TREATMENTS.names)}, or one by component"
            ) from None
        found = {COMPONENT_NAMES.find(name, field): TREATMENTS.find(word, field) for name, word in pairs}
    for component, word in found.items():
        allowed = _ALLOWED.get(component, _ALLOWED_LATE)
        if word not in allowed:
            raise InvalidEvent(f"{field}: got {word!r} for {component}; expected {', '.join(allowed)}")
    return tuple((component, found[component]) for component in COMPONENTS if component in found)


Modification: TypeAlias = Deferral | Extension | Reamortization | Reaging | Restructuring
"""An event that lets a new plan continue the one that runs."""
