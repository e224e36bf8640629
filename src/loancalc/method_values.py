"""Repayment methods that have parameters, as values: balloon, graduated, seasonal, stated one by one, Rule of 78."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from loancalc import amortization
from loancalc.columns import Columns, Problem
from loancalc.errors import InvalidTerms, NoSolution
from loancalc.money import Amount, format_minor, read_decimal, to_minor
from loancalc.recurrence import Pattern

_set = object.__setattr__


class _OnBalance:
    """Interest follows what is still owed; installments are paid at the ends of their periods."""

    __slots__ = ()
    on_original = False
    in_advance = False
    is_solved = True


class _Stated:
    """What is paid is stated; nothing is solved again where a rate changes."""

    __slots__ = ()
    on_original = False
    in_advance = False
    is_solved = False


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
        _set(self, "amount", None if amount is None else _not_negative(amount, "balloon.amount"))
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
        every: Installments from one step to the next.
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
        _set(self, "first_rounded", bool(first_rounded))

    @property
    def name(self) -> str:
        """Its name."""
        return "graduated"

    def repay(self, problem: Problem) -> Columns:
        """The first payment is solved, the others follow from it."""
        return amortization.by_pattern(problem, self._pattern(problem))

    def _pattern(self, problem: Problem) -> Pattern:
        most = len(problem) + problem.done if self.steps is None else self.steps
        taken = [min(number // self.every, most) for number in range(problem.done, problem.done + len(problem))]
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
        weights: The proportions, from the first installment on, again and again; 0 pays the interest alone.

    >>> from loancalc import amortize
    >>> plan = amortize(12_000, rate=Decimal("0.01"), periods=12, method=Seasonal([1, 1, 3]))
    >>> plan[0].total, plan[2].total
    (Decimal('642.26'), Decimal('1926.79'))
    """

    weights: tuple[Fraction, ...]

    def __init__(self, weights: Iterable[int | Fraction | Decimal]) -> None:
        read = tuple(Fraction(weight) for weight in weights)
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
class GivenPayments(_Stated):
    """Payments that the contract states one by one; the last one is solved and clears what is left.

    Args:
        amounts: The payments before the last one, in units of the currency.

    >>> from loancalc import amortize
    >>> amortize(1_000, rate=Decimal("0.01"), periods=3, method=GivenPayments([500, 300]))[-1].total
    Decimal('217.25')
    """

    amounts: tuple[Decimal, ...]

    def __init__(self, amounts: Iterable[Amount]) -> None:
        _set(self, "amounts", tuple(_not_negative(amount, "given_payments.amounts") for amount in amounts))

    @property
    def name(self) -> str:
        """Its name."""
        return "given_payments"

    def repay(self, problem: Problem) -> Columns:
        """The recurrence over the stated payments."""
        expected = problem.done + len(problem) - 1
        if len(self.amounts) != expected:
            raise InvalidTerms(
                f"given_payments.amounts: got {len(self.amounts)}; expected {expected}, all but the last installment"
            )
        stated = [to_minor(amount, problem.digits, "given_payments.amounts") for amount in self.amounts]
        return amortization.given_payments(problem, [*stated[problem.done :], None])


@dataclass(frozen=True, slots=True)
class GivenPrincipal(_Stated):
    """Principal parts that the contract states one by one, with interest on what is still owed.

    Args:
        parts: In units of the currency, for every installment, or for all but the last, which then takes the rest.

    >>> from loancalc import amortize
    >>> amortize(1_000, rate=Decimal("0.01"), periods=3, method=GivenPrincipal([500, 300]))[-1].principal
    Decimal('200.00')
    """

    parts: tuple[Decimal, ...]

    def __init__(self, parts: Iterable[Amount]) -> None:
        _set(self, "parts", tuple(_not_negative(part, "given_principal.parts") for part in parts))

    @property
    def name(self) -> str:
        """Its name."""
        return "given_principal"

    def repay(self, problem: Problem) -> Columns:
        """Interest on the balance that the parts leave."""
        stated = [to_minor(part, problem.digits, "given_principal.parts") for part in self.parts][problem.done :]
        if len(stated) == len(problem) - 1:
            stated.append(problem.principal - sum(stated))
        left = problem.principal - sum(stated)
        if len(stated) != len(problem) or left or min(stated) < 0:
            raise NoSolution(
                f"given_principal.parts: got {len(self.parts)} that leave {format_minor(left, problem.digits)}; expected "
                f"{problem.done + len(problem)} that sum to the principal, or one fewer that do not exceed it"
            )
        return amortization.on_declining_balance(problem, stated)


@dataclass(frozen=True, slots=True)
class RuleOf78:
    """Level installments whose interest falls by the sum of the digits (Rule of 78).

    Args:
        charge: The whole finance charge, in units of the currency; that of flat interest where it is not stated.

    Source: 15 USC 1615 bars rebates by it for consumer loans of more than 61 months.

    >>> from loancalc import amortize
    >>> plan = amortize(1_000, rate=0, periods=12, method=RuleOf78(charge=120))
    >>> plan[0].interest, plan[-1].interest, plan.payment
    (Decimal('18.46'), Decimal('1.54'), Decimal('93.33'))
    """

    charge: Decimal | None
    on_original = True
    in_advance = False
    is_solved = False

    def __init__(self, charge: Amount | None = None) -> None:
        _set(self, "charge", None if charge is None else _not_negative(charge, "rule_of_78.charge"))

    @property
    def name(self) -> str:
        """Its name."""
        return "rule_of_78"

    def repay(self, problem: Problem) -> Columns:
        """The charge in proportion to the installments left."""
        charge = None if self.charge is None else to_minor(self.charge, problem.digits, "rule_of_78.charge")
        return amortization.rule_of_78(problem, charge)


@dataclass(frozen=True, slots=True)
class LumpSum:
    """Principal and interest together at maturity (到期一次还本付息).

    Args:
        compound: Whether interest joins the principal at the end of each period of a plan without dates. A loan with
            dates says it in its rate: "12% compounded monthly".

    >>> from loancalc import amortize
    >>> amortize(10_000, rate=Decimal("0.01"), periods=12, method=LumpSum(compound=True))[0].interest
    Decimal('1268.25')
    """

    compound: bool = False
    on_original = True
    in_advance = False
    is_solved = False

    @property
    def name(self) -> str:
        """Its name."""
        return "lump_sum"

    def repay(self, problem: Problem) -> Columns:
        """One installment."""
        return amortization.lump_sum(problem, compound=self.compound)


def _not_negative(amount: Amount, field: str) -> Decimal:
    value = read_decimal(amount, field)
    if value < 0:
        raise InvalidTerms(f"{field}: got {amount}; expected 0 or more")
    return value


def _change(value: str | Fraction | Decimal, field: str) -> Fraction:
    """A relative change, written with its percent sign, or as a Fraction or Decimal."""
    if isinstance(value, str):
        text = value.strip().replace("％", "%")
        if not text.endswith("%"):
            raise InvalidTerms(f"{field}: got {value!r}; expected a share with its percent sign, such as '5%'")
        change = Fraction(read_decimal(text[:-1], field)) / 100
    elif isinstance(value, Fraction | Decimal):
        change = Fraction(value)
    else:
        raise InvalidTerms(f"{field}: got {value!r}; expected text such as '5%', or a Fraction or Decimal")
    if not -1 < change < 1:
        raise InvalidTerms(f"{field}: got {value!r}; expected more than -100% and less than 100%")
    return change
