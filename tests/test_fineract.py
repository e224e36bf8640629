"""Whole loan stories of a servicing system that nobody here wrote, run through the public API.

`python -m tests.fineract` prints the table by kind. The stories have a license of their own and lie outside.
When a later capability moves the numbers below, move them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from fineract.compare import ALL_COLUMNS, SUMMED, Row, compared, differences, in_table, tables_of
from fineract.reasons import REASONS, UNEXPLAINED, reason_for, tellings
from fineract.stories import Story, missing, read_stories
from fineract.table import ALL, DIFFERS, DUE, MISSING, Result, report, run, summary

PAGE = Path(__file__).resolve().parent.parent / "docs" / "other-systems.md"


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
    assert Counter(result.outcome for result in results) == {ALL: 124, DUE: 4, DIFFERS: 35, MISSING: 10}


def test_so_many_stories_of_each_kind_agree_on_all_columns(results: list[Result]) -> None:
    assert Counter(result.kind for result in results if result.outcome == ALL) == {
        "capitalised_income": 3,
        "charge_off": 7,
        "charges_or_tranches_at_creation": 2,
        "charges_penalties": 4,
        "delinquency": 5,
        "down_payment": 7,
        "early_repayment": 5,
        "early_repayment_no_recalc": 2,
        "equal_principal": 2,
        "equal_principal_grace": 1,
        "fixed_length": 3,
        "goodwill_credit": 2,
        "interest_pause": 2,
        "interest_waiver": 2,
        "late_repayment": 3,
        "mixed_repayment": 2,
        "multi_disbursement": 6,
        "overpayment_refund": 2,
        "payoff": 3,
        "plain_declining": 12,
        "plain_flat": 2,
        "plain_from_larger_scenario": 30,
        "rate_change": 4,
        "reage": 1,
        "refund": 2,
        "repayments_on_due_dates": 2,
        "reschedule": 2,
        "reversal_replay": 2,
        "zero_interest_repayments": 4,
    }


def test_every_difference_is_told_to_the_cent_by_one_rule(results: list[Result]) -> None:
    reasons = Counter(reason for result in results if result.outcome in (DUE, DIFFERS) for reason in result.reasons)
    assert UNEXPLAINED not in reasons
    assert sorted(reasons.values(), reverse=True) == [5, 4, 3, 3, *[2] * 5, *[1] * 14]


def test_no_rule_tells_a_story_of_which_any_cell_is_changed(stories: list[Story], results: list[Result]) -> None:
    # of two figures that a rule tells otherwise one is left, whichever cell is changed
    differing = {result.story for result in results if result.outcome in (DUE, DIFFERS)}
    cells = 0
    for story in (story for story in stories if story["id"] in differing):
        told_by = [telling for _, telling in tellings(story) if len(compared(story, telling)) <= 1]
        for place, table in enumerate(tables_of(story)):
            for changed in with_a_cell_changed(table):
                cells += 1
                assert all(any(in_table(changed, telling.tables[place])) for telling in told_by), (story["id"], changed)
    assert cells > 6_500


def with_a_cell_changed(table: Row) -> Iterator[Row]:
    """The table as often as it has cells, each time with another one changed: an amount by 7.77, a date to another one."""
    for place, row in enumerate(table["rows"]):
        for column in set(row) & set(ALL_COLUMNS) - {"nr"} - ({"paid_date"} if not row["nr"] else set()):
            yield {**table, "rows": [*table["rows"][:place], _changed(row, column), *table["rows"][place + 1 :]]}
    for column in set(table["totals"] or {}) & set(SUMMED):
        yield {**table, "totals": _changed(table["totals"], column)}


def _changed(row: Row, column: str) -> Row:
    other = "1999-01-01" if "date" in column else str(Decimal(row[column] or 0) + Decimal("7.77"))
    return {**row, column: other}


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
    assert f"```text\n{summary(results)}\n```" in PAGE.read_text("utf-8")


def test_the_page_shows_one_figure_of_each_reason(stories: list[Story]) -> None:
    by_name = {story["id"]: story for story in stories}
    lines = PAGE.read_text("utf-8").split("## One figure of each")[1].split("## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][1:]
    assert [name for name, *_ in cells] == [reason.name for reason in REASONS]
    for name, where, there, here, _ in cells:
        story, row, column = where.split(", ")
        assert reason_for(by_name[story]).startswith(f"{name}: ")
        found = [item for item in differences(by_name[story]) if (item.row, item.column) == (row, column)]
        assert (Decimal(there), Decimal(here)) in [(Decimal(item.theirs), Decimal(item.ours)) for item in found], where
