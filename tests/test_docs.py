"""Every example that a reader can see runs: docstrings, the README, the pages of the site, the design's own page."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import loancalc

CHECKOUT = Path(__file__).resolve().parent.parent
SECTION_3 = Path(__file__).parent / "data" / "design_section_3.md"
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<code>.*?)^(?P=indent)``` *$", re.DOTALL | re.MULTILINE)

MODULES = [
    "loancalc",
    *(
        found.name
        for found in pkgutil.walk_packages(loancalc.__path__, "loancalc.")
        if not found.name.endswith(".__main__")
    ),
]
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]


def _name(page: Path) -> str:
    return page.relative_to(CHECKOUT).as_posix()


def _failures(tests: list[doctest.DocTest]) -> str:
    runner = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False)
    report: list[str] = []
    for test in tests:
        runner.run(test, out=report.append, clear_globs=False)
    return "".join(report)


def _blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """Line number (from 0) and code of each block of a page that is fenced as `language`."""
    text = page.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, block.start("code")), block["code"])
        for block in FENCE.finditer(text)
        if block["language"].strip() == language
    ]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_every_docstring_run(name: str) -> None:
    module = importlib.import_module(name)
    found = doctest.DocTestFinder().find(module, name)
    failures = _failures(found)
    assert not failures, failures


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_the_examples_of_every_page_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)  # a page names the files of examples/ as a reader of the clone would
    shared_names: dict[str, object] = {}  # a page reads from top to bottom: a block knows the names of those above it
    tests = [
        doctest.DocTest(doctest.DocTestParser().get_examples(code), shared_names, _name(page), str(page), line, code)
        for line, code in _blocks(page, "pycon")
    ]
    for test in tests:
        test.globs = shared_names  # DocTest copies what it is given
    failures = _failures(tests)
    assert not failures, failures


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_shows_python_that_is_not_run(page: Path) -> None:
    unrun = [line + 1 for language in ("python", "py", "python3") for line, _ in _blocks(page, language)]
    assert not unrun, f"{_name(page)}: Python at lines {unrun} is not run; fence it as pycon"


def test_the_code_of_design_section_3_runs_as_written() -> None:
    ((line, code),) = _blocks(SECTION_3, "python")
    exec(compile("\n" * line + code, str(SECTION_3), "exec"), {})
