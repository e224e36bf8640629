"""Several loans of one borrower: how one payment is shared among them where the borrower does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loancalc.errors import InvalidTerms, unknown_name
from loancalc.plan.penalties import not_negative
from loancalc.servicing.account import Account
from loancalc.servicing.answers import existing_day
from loancalc.servicing.book import in_force
from loancalc.servicing.claim_events import Transfer
from loancalc.servicing.events import Payment
from loancalc.values.money import Amount, format_minor, read_decimal, to_decimal, to_minor
from loancalc.values.shares import read_percent


@dataclass(frozen=True, slots=True)
class Standing:
    """What the law weighs besides the due date, as the caller knows it.

    Args:
        security: What secures the loan, as an amount in units of the currency or any other measure: less comes first.
        burden: How burdensome it is, such as its late rate: "18%", or any other measure: more comes first; equal, if not
            given.

    Raises:
        InvalidTerms, InvalidAmount: If one of them is no number, or less than nothing.

    >>> Standing(security=0, burden="18%").burden
    Fraction(9, 50)
    """

    security: Decimal
    burden: Fraction = Fraction(0)

    def __init__(self, security: Amount, burden: Amount | Fraction = Fraction(0)) -> None:
        object.__setattr__(self, "security", not_negative(security, "standing.security"))
        object.__setattr__(self, "burden", _burden(burden, "standing.burden"))


def _burden(value: Amount | Fraction, field: str) -> Fraction:
    if isinstance(value, str) and value.strip().endswith(("%", "％")):
        return read_percent(value, field)
    read = value if isinstance(value, Fraction) else Fraction(read_decimal(value, field))
    if read < 0:
        raise InvalidTerms(f"{field}: got {value}; expected 0 or more")
    return read


def allocate_across(
    accounts: Mapping[str, Account], payment: Payment, standings: Mapping[str, Standing] | None = None
) -> dict[str, Payment]:
    """One payment shared among the loans of one borrower who did not say which it is for.

    What is due comes first; of that the loan that is least secured, then the most burdensome one, then what fell due
    first; what is equal in all is shared in proportion, in whole minor units, of which those that rounding down leaves
    go to the largest fractions. What exceeds everything due goes on to what is not yet due, by the same marks and the
    next due dates, up to the payoffs. How a loan uses its part is its own allocation.

    Args:
        accounts: The accounts by a name of the caller's; all of one currency, and owed to one creditor.
        payment: The money; it is meant for nothing in particular. Its parts keep its id, source and effect.
        standings: Security and burden of each by its name; all equal, if not given.

    Returns:
        The payment of each account that gets a part, to be given to `with_events`.

    Raises:
        InvalidTerms: If there is no account, currencies differ, a claim went to another holder than the others, a standing
            is missing or names no account, the payment is designated, or it is more than all payoffs together.
        InvalidDate: If a loan has not begun by then.

    Source: Civil Code of China art. 560.

    >>> from loancalc import Loan
    >>> one = Account(Loan(1200, "12%", "2026-01-15", installments=12))
    >>> two = Account(Loan(2400, "12%", "2026-01-15", installments=12))
    >>> across = allocate_across({"one": one, "two": two}, Payment("2026-02-20", 300))
    >>> {name: str(paid.amount) for name, paid in across.items()}
    {'one': '100.00', 'two': '200.00'}
    """
    _check(accounts, payment, standings)
    digits = next(iter(accounts.values())).loan.digits
    left = to_minor(payment.amount, digits, "payment.amount")
    payoff = {name: max(0, to_minor(account.payoff(payment.on), digits)) for name, account in accounts.items()}
    if left > sum(payoff.values()):
        raise InvalidTerms(
            f"payment.amount: got {payment.amount}; expected at most {format_minor(sum(payoff.values()), digits)}"
        )
    shares = dict.fromkeys(accounts, 0)
    for due in (True, False):
        asked_now = _due_now(accounts, payment.on) if due else payoff
        claims = {name: max(0, min(asked_now[name], payoff[name]) - shares[name]) for name in accounts}
        for group in _groups(accounts, payment.on, standings or {}, due=due):
            asked = {name: claims[name] for name in group}
            for name, part in _in_proportion(min(left, sum(asked.values())), asked).items():
                shares[name] += part
                left -= part
    return {
        name: Payment(
            payment.on,
            to_decimal(share, digits),
            source=payment.source,
            effect=payment.effect,
            booked=payment.booked,
            id=payment.id,
            sequence=payment.sequence,
        )
        for name, share in shares.items()
        if share
    }


def _check(accounts: Mapping[str, Account], payment: Payment, standings: Mapping[str, Standing] | None) -> None:
    _check_kinds(accounts, Account, "accounts")
    if not accounts:
        raise InvalidTerms("accounts: got none; expected the accounts by name, such as {'car': account}")
    currencies = {account.loan.currency for account in accounts.values()}
    if len(currencies) != 1:
        raise InvalidTerms(
            f"accounts: got currencies {sorted(map(str, currencies))}; expected accounts of one currency"
        )
    if not isinstance(payment, Payment) or payment.is_designated:
        raise InvalidTerms(f"payment: got {payment!r}; expected a Payment that is meant for nothing in particular")
    for name, account in accounts.items():
        existing_day(account.loan, payment.on, f"payment.on, for {name}")
    holders = {name: _holder(account, payment.on) for name, account in accounts.items()}
    if len(set(holders.values())) > 1:
        said = ", ".join(f"{name} owed to {holder or 'the lender'}" for name, holder in holders.items())
        raise InvalidTerms(f"accounts: got {said} on {payment.on}; expected loans of one creditor, who is paid")
    if standings is None:
        return
    _check_kinds(standings, Standing, "standings")
    missing = [name for name in accounts if name not in standings]
    if missing:
        raise InvalidTerms(f"standings: got none for {', '.join(missing)}; expected one for each account")
    for name in standings:
        if name not in accounts:
            raise unknown_name("standings", name, list(accounts))


def _holder(account: Account, on: date) -> str | None:
    """To whom the claim was transferred before the payments of a day; None where it was not."""
    moved = [event.to for event in in_force(account.events) if isinstance(event, Transfer) and event.on < on]
    return moved[-1] if moved else None


def _check_kinds(values: object, kind: type, field: str) -> None:
    wrong = [v for v in values.values() if not isinstance(v, kind)] if isinstance(values, Mapping) else [values]
    if wrong:
        raise InvalidTerms(f"{field}: got {wrong[0]!r:.80}; expected a mapping of names to {kind.__name__} values")


def _due_now(accounts: Mapping[str, Account], on: date) -> dict[str, int]:
    """What makes each current, in minor units: a penalty of the day that the payment avoids is not asked for, and credit that
    is held beside what is due is meant for something else.
    """
    return {name: to_minor(account.cure(on), account.loan.digits) for name, account in accounts.items()}


def _groups(
    accounts: Mapping[str, Account], on: date, standings: Mapping[str, Standing], *, due: bool
) -> list[Sequence[str]]:
    """The names in the order of the law; those that are equal in every mark together. The last mark is the date since
    which, or (where nothing more is `due`) on which something is asked for.
    """
    marks: dict[tuple[Decimal, Fraction, date], list[str]] = {}
    for name, account in accounts.items():
        position = account.as_of(on)
        standing = standings.get(name, Standing(0))
        ahead = next((state.due for state in position.installments if state.due > on), account.loan.dates[-1])
        when = (position.oldest_unpaid_due or min(on, ahead)) if due else ahead
        marks.setdefault((standing.security, -standing.burden, when), []).append(name)
    return [marks[mark] for mark in sorted(marks)]


def _in_proportion(amount: int, asked: Mapping[str, int]) -> dict[str, int]:
    """An amount shared in proportion to what is asked, rounded down; what that leaves goes, a minor unit each, to the
    largest fractions, of equal ones to the larger claim and then to the first.
    """
    total = sum(asked.values())
    if not total:
        return {}
    shares = {name: amount * claim // total for name, claim in asked.items()}
    largest = sorted(asked, key=lambda name: (-(amount * asked[name] % total), -asked[name]))
    for name in largest[: amount - sum(shares.values())]:
        shares[name] += 1
    return shares
