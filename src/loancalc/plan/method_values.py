"""Repayment methods whose payments are solved and that have parameters, as values: balloon, graduated, seasonal, extra."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from loancalc.errors import InvalidTerms
from loancalc.plan import amortization
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.patterns import Pattern
from loancalc.plan.stated_methods import not_negative
from loancalc.values.listed import several, yes_or_no
from loancalc.values.money import Amount, format_minor, read_decimal, to_minor

_set = object.__setattr__


class _OnBalance:
    """Interest follows what is still owed; installments are paid at the ends of their periods."""

    __slots__ = ()
    on_original = False
    in_advance = False
    is_solved = True
    is_level = True


@dataclass(frozen=True, slots=True)
class Balloon(_OnBalance):
    """A balloon (气球贷): installments that leave a large last payment.

    Args:
        amount: The residual amount that the last installment pays on top of the level one, in units of the currency; or
        term: the number of installments over which the level one is solved, longer than the loan's own.

    >>> from loancalc import amortize
    >>> plan = amortize(20_000, rate=Decimal("0.005"), periods=36, method=Balloon(amount=8_000))
    >>> plan[0].total, plan[-1].total
    (Decimal('405.06'), Decimal('8405.19'))
    """

    amount: Decimal | None
    term: int | None

    def __init__(self, amount: Amount | None = None, *, term: int | None = None) -> None:
        if (amount is None) == (term is None):
            raise InvalidTerms(f"balloon: got amount={amount!r}, term={term!r}; expected exactly one of them")
        _set(self, "amount", None if amount is None else not_negative(amount, "balloon.amount"))
        _set(self, "term", None if term is None else amortization.check_installments(term, "balloon.term"))

    @property
    def name(self) -> str:
        """Its name."""
        return "balloon"

    def repay(self, problem: Problem) -> Columns:
        """Level payments, solved to leave the residual amount, or over the longer term."""
        count = len(problem)
        if self.term is not None:
            if self.term < problem.done + count:
                raise InvalidTerms(f"balloon.term: got {self.term}; expected {problem.done + count} or more")
            return amortization.balloon_over_longer_term(problem, self.term)
        assert self.amount is not None
        residual = to_minor(self.amount, problem.digits, "balloon.amount")
        if residual > problem.principal:
            shown = format_minor(problem.principal, problem.digits)
            raise InvalidTerms(f"balloon.amount: got {self.amount}; expected at most the principal, {shown}")
        return amortization.by_pattern(problem, Pattern([1] * count, constants=[0] * (count - 1) + [residual]))


@dataclass(frozen=True, slots=True)
class Graduated(_OnBalance):
    """Payments that grow or fall in steps, by a ratio (等比递增/递减) or by an amount (等额递增/递减).

    Args:
        ratio: By how much each step changes the payment: "5%", "-1%", a Fraction or a Decimal; or
        amount: the amount that each step adds, in units of the currency; negative for falling payments.
        every: Installments from one step to the next, counted from the first one that repays: those of a moratorium are not.
        steps: How many steps there are; without it, steps go on to the end.
        first_rounded: Whether the first payment is rounded before it grows; else each payment is rounded by itself.

    >>> from loancalc import amortize
    >>> plan = amortize(10_000, rate=Decimal("0.01"), periods=12, method=Graduated(ratio="2%"))
    >>> plan[0].total, plan[1].total
    (Decimal('796.81'), Decimal('812.75'))
    """

    ratio: Fraction | None
    amount: Decimal | None
    every: int
    steps: int | None
    first_rounded: bool

    is_level = False

    def __init__(
        self,
        ratio: str | Fraction | Decimal | None = None,
        *,
        amount: Amount | None = None,
        every: int = 1,
        steps: int | None = None,
        first_rounded: bool = False,
    ) -> None:
        if (ratio is None) == (amount is None):
            raise InvalidTerms(f"graduated: got ratio={ratio!r}, amount={amount!r}; expected exactly one of them")
        _set(self, "ratio", None if ratio is None else _change(ratio, "graduated.ratio"))
        _set(self, "amount", None if amount is None else read_decimal(amount, "graduated.amount"))
        _set(self, "every", amortization.check_installments(every, "graduated.every"))
        _set(self, "steps", None if steps is None else amortization.check_installments(steps, "graduated.steps"))
        _set(self, "first_rounded", yes_or_no(first_rounded, "graduated.first_rounded"))

    @property
    def name(self) -> str:
        """Its name."""
        return "graduated"

    def repay(self, problem: Problem) -> Columns:
        """The first payment is solved, the others follow from it."""
        return amortization.by_pattern(problem, self._pattern(problem))

    def _pattern(self, problem: Problem) -> Pattern:
        first, after = problem.repaid, problem.repaid + len(problem)
        most = after if self.steps is None else self.steps
        taken = [min(number // self.every, most) for number in range(first, after)]
        if self.ratio is None:
            assert self.amount is not None
            step = to_minor(self.amount, problem.digits, "graduated.amount")
            constants = [step * count for count in taken]
            return Pattern([1] * len(taken), constants=constants, first_rounded=self.first_rounded)
        grown, base = (1 + self.ratio).as_integer_ratio()
        last = taken[-1]
        weights = [grown**count * base ** (last - count) for count in taken]
        return Pattern(weights, base**last, first_rounded=self.first_rounded)


@dataclass(frozen=True, slots=True)
class Seasonal(_OnBalance):
    """Payments in proportions that repeat, such as larger ones after the harvest.

    Args:
        weights: The proportions, from the first installment on, again and again, also through a moratorium, as seasons go by; 0
            pays the interest alone.

    >>> from loancalc import amortize
    >>> plan = amortize(12_000, rate=Decimal("0.01"), periods=12, method=Seasonal([1, 1, 3]))
    >>> plan[0].total, plan[2].total
    (Decimal('642.26'), Decimal('1926.79'))
    """

    weights: tuple[Fraction, ...]

    is_level = False

    def __init__(self, weights: Iterable[int | Fraction | Decimal]) -> None:
        given: tuple[int | Fraction | Decimal, ...] = several(
            weights, (int, Fraction, Decimal), "a number", "seasonal.weights", InvalidTerms
        )
        read = tuple(
            weight if isinstance(weight, Fraction) else Fraction(read_decimal(weight, "seasonal.weights"))
            for weight in given
        )
        if not read or min(read) < 0 or not any(read):
            raise InvalidTerms(f"seasonal.weights: got {[str(w) for w in read]}; expected some, 0 or more, not all 0")
        _set(self, "weights", read)

    @property
    def name(self) -> str:
        """Its name."""
        return "seasonal"

    def repay(self, problem: Problem) -> Columns:
        """The unit of the proportions is solved."""
        period = len(self.weights)
        chosen = [self.weights[number % period] for number in range(problem.done, problem.done + len(problem))]
        unit = 1
        for weight in self.weights:
            unit *= weight.denominator
        return amortization.by_pattern(problem, Pattern([int(w * unit) if w else None for w in chosen], unit))


@dataclass(frozen=True, slots=True)
class ExtraPayment(_OnBalance):
    """Level payments, and the same extra amount with every one: the loan ends sooner (每期多还).

    What nobody agreed on beforehand is no term of the loan: a payment of more is an event of the account.

    Args:
        amount: What is paid on top of the level payment over the agreed term, in units of the currency.

    >>> from loancalc import amortize
    >>> plan = amortize(19_900, rate="5.5%", every="1 month", periods=24, method=ExtraPayment(200))
    >>> plan.payment, len(plan)
    (Decimal('1077.50'), 20)
    """

    amount: Decimal

    def __init__(self, amount: Amount) -> None:
        _set(self, "amount", not_negative(amount, "extra_payment.amount"))

    @property
    def name(self) -> str:
        """Its name."""
        return "extra_payment"

    def repay(self, problem: Problem) -> Columns:
        """The level payment is solved over the agreed term."""
        return amortization.with_extra(problem, to_minor(self.amount, problem.digits, "extra_payment.amount"))


def _change(value: str | Fraction | Decimal, field: str) -> Fraction:
    """A relative change, written with its percent sign, or as a Fraction or Decimal."""
    if isinstance(value, str):
        text = value.strip().replace("％", "%")
        if not text.endswith("%"):
            raise InvalidTerms(f"{field}: got {value!r}; expected a share with its percent sign, such as '5%'")
        change = Fraction(read_decimal(text[:-1], field)) / 100
    elif isinstance(value, Fraction | Decimal):
        change = value if isinstance(value, Fraction) else Fraction(read_decimal(value, field))
    else:
        raise InvalidTerms(f"{field}: got {value!r}; expected text such as '5%', or a Fraction or Decimal")
    if not -1 < change < 1:
        raise InvalidTerms(f"{field}: got {value!r}; expected more than -100% and less than 100%")
    return change
