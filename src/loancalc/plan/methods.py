"""The repayment methods as they are named in a contract, and as values where they have parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from loancalc.errors import InvalidTerms, unknown_name
from loancalc.plan import amortization
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.method_values import Balloon, ExtraPayment, Graduated, Seasonal
from loancalc.plan.stated_methods import GivenPayments, GivenPrincipal, LumpSum, RuleOf78, SinkingFund
from loancalc.values.money import format_minor
from loancalc.values.names import Names, fold_name

Solve: TypeAlias = Callable[[Problem], Columns]


class Method(Protocol):
    """A repayment method: from a problem to columns."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def on_original(self) -> bool:
        """Whether interest follows the amount lent and not what is still owed."""

    @property
    def in_advance(self) -> bool:
        """Whether installments are paid at the start of their periods."""

    @property
    def is_solved(self) -> bool:
        """Whether payments are solved, and so have to be solved again where a rate changes."""

    @property
    def is_level(self) -> bool:
        """Whether all payments that one rate asks for are the same, but perhaps the last one."""

    def repay(self, problem: Problem) -> Columns:
        """The plan."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A method without parameters."""

    name: str
    repay: Solve
    on_original: bool = False
    in_advance: bool = False
    is_solved: bool = False

    @property
    def is_level(self) -> bool:
        """Whether all payments of one rate are the same."""
        return self.is_solved


@dataclass(frozen=True, slots=True)
class Own:
    """A function of the user's own, from a problem to columns, which have to add up."""

    function: Solve
    on_original = False
    in_advance = False
    is_solved = True
    is_level = True

    @property
    def name(self) -> str:
        """The name of the function."""
        return getattr(self.function, "__name__", "function")

    def repay(self, problem: Problem) -> Columns:
        """The plan.

        Raises:
            InvalidTerms: If its columns do not repay the principal, to the unit, or ask for less than nothing.
        """
        columns = self.function(problem)
        if not isinstance(columns, Columns):
            raise InvalidTerms(f"method: {self.name} gave {columns!r}; expected Columns")
        wrong = _what_is_wrong(columns, problem)
        if wrong:
            raise InvalidTerms(f"method: {self.name} gave {wrong}")
        return columns


def _what_is_wrong(columns: Columns, problem: Problem) -> str | None:
    """Why columns are no plan of a problem; None if they are."""
    rows = list(zip(columns.principal, columns.interest, columns.balance, strict=False))
    lengths = {len(columns.principal), len(columns.interest), len(columns.balance)}
    if lengths != {len(rows)} or not (rows or columns.stopped_at == 0) or len(rows) > len(problem):
        return f"columns of {sorted(lengths)} rows; expected as many in each, and at most {len(problem)}"
    if any(type(amount) is not int for row in rows for amount in row):
        return "amounts that are no whole units; expected int"
    left = problem.principal
    for number, (principal, interest, balance) in enumerate(rows, 1):
        left -= principal
        if balance != left:
            got, expected = format_minor(balance, problem.digits), format_minor(left, problem.digits)
            return f"a balance of {got} after row {number}; expected {expected}, which its principal parts leave"
        if interest < 0 or principal + interest < 0 or (principal < 0 and problem.most is None):
            return f"row {number} with principal {principal} and interest {interest}; expected 0 or more of both"
    if left and columns.stopped_at is None:
        return f"rows that leave {format_minor(left, problem.digits)}; expected ones that repay all"
    return None


class Like:
    """A method that is named and treated as another one, `then`, which makes its rows."""

    __slots__ = ()
    then: Method

    @property
    def name(self) -> str:
        """Its name."""
        return self.then.name

    @property
    def on_original(self) -> bool:
        """Whether interest follows the amount lent."""
        return self.then.on_original

    @property
    def in_advance(self) -> bool:
        """Whether installments are paid at the start of their periods."""
        return self.then.in_advance

    @property
    def is_solved(self) -> bool:
        """Whether payments are solved."""
        return self.then.is_solved

    @property
    def is_level(self) -> bool:
        """Whether all payments of one rate are the same."""
        return self.then.is_level


@dataclass(frozen=True, slots=True)
class Changing(Like):
    """A method by which the first rows of a plan are made, and the one by which the rest is, from a row on.

    Attributes:
        first, then: The methods.
        turns_at: The number of rows of the whole plan after which the second one makes them; None for never.
    """

    first: Method
    then: Method
    turns_at: int | None

    def repay(self, problem: Problem) -> Columns:
        """The plan."""
        is_first = self.turns_at is None or problem.done < self.turns_at
        return (self.first if is_first else self.then).repay(problem)


METHODS = Names(
    "method",
    {
        "annuity": [
            "annuity in arrears",
            "level payment",
            "level payments",
            "equal installments",
            "等额本息",
            "等额本息还款法",
            "EMI",
            "French",
            "price",
            "tabela price",
            "ANN",
        ],
        "annuity_in_advance": ["annuity due", "先付年金", "期初等额本息", "先付等额本息"],
        "accelerated": [
            "accelerated fortnightly",
            "accelerated biweekly",
            "accelerated weekly",
            "双周供",
            "加速双周供",
        ],
        "equal_principal": [
            "constant principal",
            "constant amortization",
            "linear",
            "equal principal payments",
            "等额本金",
            "等额本金还款法",
            "SAC",
        ],
        "interest_only": [
            "interest only then principal",
            "interest only, then principal",
            "interest only bullet",
            "先息后本",
            "按期付息到期还本",
            "按月付息到期还本",
            "按月付息，到期还本",
        ],
        "lump_sum": ["一次性还本付息", "到期一次还本付息", "到期还本付息", "利随本清"],
        "flat": ["add-on", "add-on interest", "flat add-on", "flat rate", "等本等息", "等额等息"],
        "rule_of_78": ["rule of 78s", "sum of digits", "sum of the digits", "78法则"],
    },
)
_PLAIN: dict[str, Method] = {
    "annuity": Plain("annuity", amortization.annuity, is_solved=True),
    "annuity_in_advance": Plain("annuity_in_advance", amortization.annuity_in_advance, in_advance=True, is_solved=True),
    "accelerated": Plain("accelerated", amortization.accelerated, is_solved=True),
    "equal_principal": Plain("equal_principal", amortization.equal_principal),
    "interest_only": Plain("interest_only", amortization.interest_only),
    "lump_sum": Plain("lump_sum", amortization.lump_sum, on_original=True),
    "flat": Plain("flat", amortization.flat, on_original=True),
    "rule_of_78": Plain("rule_of_78", RuleOf78().repay, on_original=True),
}
_NEED_VALUES = {
    "balloon": ("Balloon(amount=...) or Balloon(term=...)", ["气球贷", "尾款"]),
    "graduated": (
        "Graduated(ratio=...) or Graduated(amount=...)",
        ["graduated payments", "等比递增", "等比递减", "等额递增", "等额递减"],
    ),
    "seasonal": ("Seasonal(weights)", ["skipped installments", "季节性还款"]),
    "extra_payment": ("ExtraPayment(amount)", ["overpayment", "每期多还"]),
    "given_payments": ("GivenPayments(amounts)", []),
    "given_principal": ("GivenPrincipal(parts)", []),
    "sinking_fund": ("SinkingFund(rate)", ["偿债基金"]),
}
_TWO_MEANINGS = {
    "bullet": "'interest_only' (interest every period, the principal at the end) or 'lump_sum' (all of it at the end)"
}
VALUE_NAMES = Names("method", {name: aliases for name, (_, aliases) in _NEED_VALUES.items()})
"""The methods that are values with parameters, and no name alone."""

METHOD_NAMES = frozenset((*_PLAIN, *_NEED_VALUES))
"""The names of all methods but functions of a user's own."""

Value: TypeAlias = (
    Balloon | Graduated | Seasonal | ExtraPayment | GivenPayments | GivenPrincipal | RuleOf78 | LumpSum | SinkingFund
)
MethodLike: TypeAlias = str | Value | Solve
"""What is accepted where a method is asked for: a name, a value with parameters, or a function."""


def find_method(method: MethodLike, field: str = "method") -> Method:
    """The method that a name, a value or a function of the user's own means.

    Raises:
        InvalidTerms: If the name is one of a method that has parameters, or of two methods.
        UnknownName: If it is no name of a method.

    >>> find_method("等额本息").name, find_method(Balloon(8_000)).name
    ('annuity', 'balloon')
    """
    if isinstance(method, str):
        if found := _PLAIN.get(method) or _PLAIN.get(METHODS.get(method) or ""):
            return found
        if named := VALUE_NAMES.get(method):
            raise InvalidTerms(f"{field}: got {method!r}; it has parameters: expected {_NEED_VALUES[named][0]}")
        if choices := _TWO_MEANINGS.get(fold_name(method)):
            raise InvalidTerms(f"{field}: got {method!r}, which has two meanings; expected {choices}")
    elif isinstance(method, Value):
        return method
    elif callable(method) and not isinstance(method, type):
        return Own(method)
    shown = ", ".join([*METHODS.names, *(choice for choice, _ in _NEED_VALUES.values()), "a function"])
    aliases = METHODS.name_of | VALUE_NAMES.name_of
    raise unknown_name(field, method, [*METHODS.names, *VALUE_NAMES.names], shown, aliases)
