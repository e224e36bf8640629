"""The picture of the page "Fees and taxes": `python docs/pictures/fees.py` writes the SVG beside it.

One loan whose charges are agreed in different ways, and what it then costs a year. The figures are the library's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drawing import COLORS, FAINT, Drawing, Scale

import loancalc as lc

AT_PAYOUT: dict[str, Any] = {"percent": "2%", "of": "original-principal", "at": "disbursement"}
CHARGES: Mapping[str, dict[str, Any]] = {
    "nothing but interest": {},
    "2 % at the pay-out, paid apart or deducted": {"fees": [lc.Fee(**AT_PAYOUT, settled="deducted")]},
    "2 % at the pay-out, financed": {"fees": [lc.Fee(**AT_PAYOUT, settled="financed")]},
    "20 with each installment": {"fees": [lc.Fee(20, each="installment")]},
    "0.3 % a month of what is still owed": {
        "fees": [lc.Fee(percent="0.3%", of="outstanding-principal", each="installment")]
    },
    "240 after half a year": {"fees": [lc.Fee(240, on="2026-07-15")]},
    "240 on the anniversary": {"fees": [lc.Fee(240, each="year")]},
    "a tax of 6 % on the interest": {"taxes": [lc.Tax("6%", on="interest")]},
}
LEFT, RIGHT, TOP, STEP = 300, 790, 40, 30


def drawing() -> Drawing:
    """A bar for each way, split into the interest and what the charges add."""
    bottom = TOP + STEP * len(CHARGES)
    picture = Drawing(870, bottom + 40, "What charges add to the yearly cost of a loan of 12,000 at 12 %")
    picture.key(LEFT, 16, [("the rate alone", COLORS["interest"]), ("what the charge adds", COLORS["fee"])], 150)
    along = Scale(0, 0.18, LEFT, RIGHT)
    for percent in range(0, 19, 3):
        picture.line([(along(percent / 100), TOP), (along(percent / 100), bottom)], FAINT, 0.5)
        picture.words(along(percent / 100), bottom + 16, f"{percent} %", anchor="middle", size=11)
    plain = lc.irr(lc.Loan(12_000, "12%", "2026-01-15", installments=12)).effective
    for place, (name, charges) in enumerate(CHARGES.items()):
        top = TOP + STEP * place + 5
        cost = lc.irr(lc.Loan(12_000, "12%", "2026-01-15", installments=12, **charges)).effective
        picture.words(LEFT - 8, top + 15, name, anchor="end")
        picture.box(LEFT, top, along(plain), top + 20, COLORS["interest"])
        picture.box(along(plain), top, along(cost), top + 20, COLORS["fee"])
        picture.words(along(cost) + 6, top + 15, f"{100 * cost:.2f} %", bold=True)
    picture.words(RIGHT, bottom + 33, "yearly cost, compounded", anchor="end", size=11)
    return picture


if __name__ == "__main__":
    drawing().write(__file__)
