"""Whole loan stories of a servicing system that nobody here wrote, run through the public API.

`python -m tests.fineract` prints the table by kind. The stories have a license of their own and lie outside.
When a later capability moves the numbers below, move them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from fineract.compare import differences
from fineract.reasons import UNEXPLAINED
from fineract.stories import Story, missing, read_stories
from fineract.table import ALL, DIFFERS, DUE, MISSING, Result, report, run, summary


@pytest.fixture(scope="module")
def stories(shared: Callable[[str], Path]) -> list[Story]:
    return read_stories(shared("cases/fineract.json"))


@pytest.fixture(scope="module")
def results(stories: list[Story]) -> list[Result]:
    return [run(story) for story in stories]


def test_every_universal_story_agrees_on_every_column(stories: list[Story]) -> None:
    universal = [story for story in stories if story["universal"]]
    assert len(universal) == 45
    assert [need for story in universal for need in missing(story)] == []
    assert [str(difference) for story in universal for difference in differences(story)] == []


def test_so_many_stories_agree(results: list[Result]) -> None:
    assert Counter(result.outcome for result in results) == {ALL: 105, DUE: 3, DIFFERS: 41, MISSING: 24}


def test_so_many_stories_of_each_kind_agree_on_all_columns(results: list[Result]) -> None:
    assert Counter(result.kind for result in results if result.outcome == ALL) == {
        "capitalised_income": 3,
        "charge_off": 7,
        "charges_or_tranches_at_creation": 2,
        "charges_penalties": 4,
        "delinquency": 1,
        "down_payment": 7,
        "early_repayment": 3,
        "early_repayment_no_recalc": 2,
        "equal_principal": 2,
        "equal_principal_grace": 1,
        "fixed_length": 3,
        "goodwill_credit": 1,
        "interest_pause": 2,
        "late_repayment": 2,
        "multi_disbursement": 6,
        "overpayment_refund": 1,
        "plain_declining": 12,
        "plain_flat": 2,
        "plain_from_larger_scenario": 30,
        "rate_change": 4,
        "reage": 1,
        "repayments_on_due_dates": 2,
        "reschedule": 2,
        "reversal_replay": 1,
        "zero_interest_repayments": 4,
    }


def test_every_difference_is_explained_by_its_figures(results: list[Result]) -> None:
    reasons = Counter(reason for result in results if result.outcome in (DUE, DIFFERS) for reason in result.reasons)
    assert UNEXPLAINED not in reasons
    assert sorted(reasons.values(), reverse=True) == [7, 5, 4, 4, 3, *[2] * 5, *[1] * 11]


def test_a_cent_in_any_column_of_any_row_is_seen(stories: list[Story]) -> None:
    story = next(s for s in stories if s["universal"] and s["kind"] == "repayments_on_due_dates" and not missing(s))
    assert differences(story) == []
    tables = [(table["rows"], table["totals"]) for table in story["checkpoints"]]
    cells = 0
    for number, (rows, totals) in enumerate([*tables, (story["expected"], story["expected_totals"])]):
        for place, row in enumerate([*rows, totals]):
            for column in (name for name, figure in row.items() if name not in ("nr", "date", "paid_date", "days")):
                other = deepcopy(story)
                table = [*other["checkpoints"], {"rows": other["expected"], "totals": other["expected_totals"]}][number]
                cell = [*table["rows"], table["totals"]][place]
                cell[column] = str(Decimal(cell[column]) + Decimal("0.01"))
                found = differences(other)
                assert len(found) == 1
                assert found[0].column == column
                cells += 1
    assert cells > 200


def test_the_table_names_every_kind(results: list[Result]) -> None:
    printed = report(results)
    assert all(kind in printed for kind in {result.kind for result in results})
    assert "universal" in printed


def test_the_page_has_what_the_command_prints(results: list[Result]) -> None:
    page = Path(__file__).resolve().parent.parent / "docs" / "other-systems.md"
    assert f"```text\n{summary(results)}\n```" in page.read_text("utf-8")
