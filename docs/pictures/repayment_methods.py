"""The picture of the page "Which repayment method?": `python docs/pictures/repayment_methods.py` writes the SVG beside it.

One loan in eight ways: what each installment repays and what of it is interest. The figures are the library's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from drawing import COLORS, FAINT, Drawing, Scale

import loancalc as lc

METHODS: Mapping[str, lc.Loan] = {
    name: lc.Loan(12_000, "12%", "2026-01-15", installments=12, **terms)
    for name, terms in {
        "level payments": {},
        "equal principal": {"method": "equal_principal"},
        "interest only, then principal": {"method": "interest_only"},
        "flat, add-on": {"method": "flat"},
        "balloon of 3,000": {"method": lc.Balloon(3_000)},
        "growing 2 % a month": {"method": lc.Graduated("2%")},
        "seasonal, 1 to 1 to 3": {"method": lc.Seasonal([1, 1, 3])},
        "3 months of interest alone": {"moratorium": lc.Moratorium(3, "paid")},
    }.items()
}
HIGHEST = 2_000
WIDE, HIGH, LEFT, TOP = 212, 150, 42, 52
BELOW = 62


def drawing() -> Drawing:
    """Eight panels of twelve installments."""
    picture = Drawing(LEFT + 4 * WIDE, TOP + 2 * (HIGH + BELOW), "Eight repayment methods, installment by installment")
    picture.key(LEFT, 16, [("principal", COLORS["principal"]), ("interest", COLORS["interest"])])
    for place, (name, loan) in enumerate(METHODS.items()):
        left, top = LEFT + place % 4 * WIDE, TOP + place // 4 * (HIGH + BELOW)
        up = Scale(0, HIGHEST, top + HIGH, top)
        for mark in range(0, HIGHEST + 1, 500):
            picture.line([(left, up(mark)), (left + WIDE - 20, up(mark))], FAINT, 0.5)
            if place % 4 == 0:
                picture.words(left - 6, up(mark) + 4, f"{mark:,}", anchor="end", size=10)
        plan = loan.schedule()
        picture.words(left, top - 9, name, bold=True)
        for row in plan:
            at = left + 4 + (row.number - 1) * 15.5
            principal, total = up(float(row.principal)), up(float(row.total))
            picture.box(at, principal, at + 11, up(0), COLORS["principal"])
            picture.box(at, total, at + 11, principal, COLORS["interest"])
            if row.total > HIGHEST:
                picture.words(at - 4, up(HIGHEST) + 12, f"up to {row.total:,}", anchor="end", size=10)
        picture.words(left, top + HIGH + 16, f"interest {plan.total_interest:,}", size=11)
    return picture


if __name__ == "__main__":
    drawing().write(__file__)
