"""The tables of the pages for borrowers: no figure stands there that the examples of the page do not print."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
ENGLISH, CHINESE, EARLY = (
    (DOCS / name).read_text("utf-8") for name in ("overdue.md", "overdue-zh.md", "early-repayment.md")
)
FIGURE = re.compile(r"-?\d+\.\d\d\b")


def _printed(page: str) -> set[str]:
    return {figure for example in doctest.DocTestParser().get_examples(page) for figure in FIGURE.findall(example.want)}


def _tables(page: str) -> list[str]:
    """The figures to the cent in all rows of all tables, in the order of the page."""
    return [figure for row in re.findall(r"^\|.*\|$", page, re.M) for figure in FIGURE.findall(row)]


@pytest.mark.parametrize("page", [ENGLISH, CHINESE, EARLY], ids=["overdue", "overdue-zh", "early"])
def test_every_figure_of_a_table_is_printed_by_the_examples_of_its_page(page: str) -> None:
    assert len(_tables(page)) > 30
    assert not set(_tables(page.replace(",", ""))) - _printed(page)


def test_both_pages_of_the_overdue_show_the_same_figures() -> None:
    assert _tables(CHINESE) == _tables(ENGLISH)
