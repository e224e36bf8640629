"""Files in: a contract, payments and a claim, read into the library's values with a list of findings; values as JSON and back.

Nothing is dropped and nothing is guessed: what can mean only one thing is read (full-width digits, `¥1,066.19`,
`2026年3月20日`), the rest is refused with its file, row, column, value and what is accepted, all of it at once.
"""

from loancalc.io.claim import read_claim
from loancalc.io.contract import Contract, read_contract
from loancalc.io.findings import Finding, errors_in, notes_in
from loancalc.io.kept import from_json, to_json
from loancalc.io.payments import PaymentFile, read_payments

__all__ = [
    "Contract",
    "Finding",
    "PaymentFile",
    "errors_in",
    "from_json",
    "notes_in",
    "read_claim",
    "read_contract",
    "read_payments",
    "to_json",
]
