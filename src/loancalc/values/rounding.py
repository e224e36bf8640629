"""Rounding: a named mode, a step, and who takes the cents left over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from loancalc.errors import InvalidTerms
from loancalc.values.counts import read_count
from loancalc.values.money import to_decimals
from loancalc.values.names import Names

Divide = Callable[[int, int], int]
"""Rounds `numerator / denominator` (denominator positive) to whole internal units."""

Purpose = Literal["interest", "installment", "accrual", "part", "fee"]

_MODE_NAMES = Names(
    "rounding.mode",
    {
        "half-up": ["四舍五入", "commercial"],
        "half-even": ["banker's", "bankers", "四舍六入五成双", "银行家舍入"],
        "up": ["进位", "进一法"],
        "down": ["truncate", "舍去", "去尾法"],
    },
)
_RESIDUE_NAMES = Names(
    "rounding.residue",
    {
        "last": ["last installment", "末期"],
        "first": ["first installment", "首期"],
        "spread": ["spread over the earliest", "分摊"],
        "last-interest": ["末期利息"],
        "smooth": ["re-solved", "重新求解"],
        "visible": ["shown apart", "单列"],
    },
)
MODES = _MODE_NAMES.names
RESIDUES = _RESIDUE_NAMES.names
UNROUNDED_PLACES = 50


@dataclass(frozen=True, slots=True)
class Rounding:
    """How amounts become whole minor units, and who takes what rounding leaves over.

    Args:
        step: Amounts are rounded to multiples of this many minor units: 1 is 四舍五入到分,
            5 is Swiss cash, 100 whole units of a currency with cents.
        mode: `"half-up"` (四舍五入: away from zero on a half), `"half-even"` (banker's), `"up"` (away from zero) or
            `"down"` (toward zero).
        residue: Who takes the cents that rounding leaves: `"last"` (the last installment), `"first"`
            (the first payment brings the last nearest to the level one), `"spread"` (one minor unit
            each on the earliest), `"last-interest"` (the payment is kept, the last interest takes
            it), `"smooth"` (the level payment is solved again) or `"visible"` (the payment is kept,
            what is over or short stands in a column of its own).
        places: Decimals kept beyond the minor unit. Unrounded work is a rounding with many places.
        interest, installment, accrual, part, fee: A rounding of its own for the period's interest,
            the installment, a line of late interest, the part of an allocation, a fee; the rounding
            itself where not given.
        displayed: How finer amounts are rounded where they are shown, and nowhere else: plans of European practice carry
            unrounded balances. What is shown need not add up to the last digit.

    Attributes:
        unit_places: Decimals beyond the minor unit that a calculation has to carry.

    Examples:
        >>> Rounding().ratio(1066185, 1000)
        1066
        >>> Rounding(5).ratio(1063, 1), Rounding(mode="half-even").ratio(5, 2)
        (1065, 2)
        >>> Rounding(installment=Rounding(100)).named("installment").ratio(106619, 1)
        106600
    """

    step: int = 1
    mode: str = "half-up"
    residue: str = "last"
    places: int = 0
    interest: Rounding | None = None
    installment: Rounding | None = None
    accrual: Rounding | None = None
    part: Rounding | None = None
    fee: Rounding | None = None
    displayed: Rounding | None = None
    unit_places: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", read_count(self.step, "rounding.step", 1))
        object.__setattr__(self, "places", read_count(self.places, "rounding.places"))
        object.__setattr__(self, "mode", _MODE_NAMES.find(self.mode))
        object.__setattr__(self, "residue", _RESIDUE_NAMES.find(self.residue))
        for purpose in (*_PURPOSES, "displayed"):
            own = getattr(self, purpose)
            if own is not None and (not isinstance(own, Rounding) or own._has_own()):
                raise InvalidTerms(f"rounding.{purpose}: got {own!r}; expected a Rounding without roundings inside")
        object.__setattr__(self, "unit_places", max(self.named(purpose).places for purpose in _PURPOSES))
        if self.displayed is not None and self.hidden_places <= 0:
            raise InvalidTerms(
                f"rounding.displayed: got {self.displayed.places} places; expected fewer than the {self.unit_places} that "
                "are kept beyond the minor unit"
            )

    def _has_own(self) -> bool:
        return any(getattr(self, purpose) is not None for purpose in (*_PURPOSES, "displayed"))

    @classmethod
    def of(cls, value: Rounding | str | None) -> Rounding:
        """A rounding from itself, from the name of a mode, from `"none"` (unrounded) or from `"display-only"` (unrounded,
        and shown to the minor unit: European practice, as in the examples of the European Commission).

        >>> Rounding.of("half-even").mode, Rounding.of("none").places, Rounding.of("display-only").displayed.step
        ('half-even', 50, 1)
        """
        if value is None:
            return _TO_THE_MINOR_UNIT
        if isinstance(value, Rounding):
            return value
        return _NAMED[_NAMES.find(value)]

    def named(self, purpose: Purpose) -> Rounding:
        """The rounding used for `purpose`: its own, or this one."""
        own: Rounding | None = getattr(self, purpose)
        return self if own is None else own

    def ratio(self, numerator: int, denominator: int) -> int:
        """`numerator / denominator`, rounded once to this rounding's step, in units of `10**-places` minor units."""
        return divider(self.mode, self.step)(numerator, denominator)

    @property
    def hidden_places(self) -> int:
        """Decimals that are carried and not shown."""
        return 0 if self.displayed is None else self.unit_places - self.displayed.places

    def amounts(self, units: Iterable[int], digits: int) -> list[Decimal]:
        """What is shown of a column of units with `digits` decimals: all of it, or as rounded for display.

        >>> Rounding.of("display-only").amounts([99783_56 * 10**48], 52)
        [Decimal('997.84')]
        """
        if self.displayed is None:
            return to_decimals(units, digits)
        ratio, hidden = self.displayed.ratio, self.hidden_places
        return to_decimals((ratio(amount, 10**hidden) for amount in units), digits - hidden)

    def divide(self, purpose: Purpose) -> Divide:
        """The rounding of `purpose` as a function on units of `10**-unit_places` minor units."""
        own: Rounding = getattr(self, purpose) or self
        return divider(own.mode, own.step * 10 ** (self.unit_places - own.places))

    def step_of(self, purpose: Purpose) -> int:
        """The step of `purpose` in units of `10**-unit_places` minor units.

        >>> Rounding(installment=Rounding(5), interest=Rounding(places=2)).step_of("installment")
        500
        """
        own = self.named(purpose)
        step: int = own.step * 10 ** (self.unit_places - own.places)
        return step

    def divide_whole(self, purpose: Purpose) -> Divide:
        """The rounding of `purpose` on whole minor units, even where a plan keeps finer ones: for money that changes hands.

        >>> Rounding(step=5, places=1).divide_whole("installment")(17, 10), Rounding(5).divide_whole("fee")(17, 1)
        (2, 15)
        """
        own = self.named(purpose)
        return divider(own.mode, max(1, own.step // 10**own.places))


@cache
def divider(mode: str, step: int) -> Divide:
    """A function that rounds a ratio to a multiple of `step`.

    >>> [divider(mode, 1)(n, 2) for mode in MODES for n in (3, 5, -3)]
    [2, 3, -2, 2, 2, -2, 2, 3, -2, 1, 2, -1]
    """
    rounded = _MODES[mode]
    if step == 1:
        return rounded
    return lambda numerator, denominator: rounded(numerator, denominator * step) * step


def half_up(numerator: int, denominator: int) -> int:
    """A ratio rounded to a whole number, a half away from zero.

    >>> half_up(5, 2), half_up(-5, 2)
    (3, -3)
    """
    if numerator >= 0:
        return (numerator + denominator // 2) // denominator
    return -((denominator // 2 - numerator) // denominator)


def _half_even(numerator: int, denominator: int) -> int:
    whole, left = divmod(numerator, denominator)
    twice = 2 * left
    if twice > denominator or (twice == denominator and whole & 1):
        return whole + 1
    return whole


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator) if numerator >= 0 else numerator // denominator


def _down(numerator: int, denominator: int) -> int:
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


_MODES: dict[str, Divide] = {"half-up": half_up, "half-even": _half_even, "up": _up, "down": _down}
_PURPOSES: tuple[Purpose, ...] = ("interest", "installment", "accrual", "part", "fee")
_TO_THE_MINOR_UNIT = Rounding()
_NAMED = {mode: Rounding(mode=mode) for mode in MODES} | {
    "none": Rounding(places=UNROUNDED_PLACES),
    "display-only": Rounding(places=UNROUNDED_PLACES, displayed=Rounding()),
}
_NAMES = Names(
    "rounding",
    _MODE_NAMES.aliases
    | {
        "none": ["unrounded", "不取整"],
        "display-only": [
            "eu-display",
            "European",
            "European practice",
            "rounded for display",
            "只在显示时取整",
            "欧洲惯例",
        ],
    },
)
