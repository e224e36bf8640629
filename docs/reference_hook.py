"""What `reference.md` names is described by its own docstring: mkdocs calls `on_page_markdown` for each page.

A line `::: Loan` becomes the name as a heading, how it is called, and its docstring; for a class, what can be asked of it.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cached_property
from types import UnionType
from typing import Any, get_args

import loancalc

NAMED = re.compile(r"^::: (\S+)$", re.MULTILINE)
SECTION = re.compile(r"^(Args|Raises|Returns|Yields|Attributes|Examples):\n((?:(?:    .*)?(?:\n|\Z))+)", re.MULTILINE)
ITEM = re.compile(r"^([\w*][\w., *]*): ", re.MULTILINE)
EXAMPLE = re.compile(r"^>>> .*\n?(?:^(?!\s*$).*\n?)*", re.MULTILINE)
TITLES = {"Args": "Arguments", "Examples": ""}


def on_page_markdown(markdown: str, **_: object) -> str:
    """A page with every named line described."""
    return NAMED.sub(lambda line: description(line[1]), markdown)


def found(name: str) -> Any:
    """What a name of the library stands for: `Loan`, `credit.report`."""
    value: Any = loancalc
    for part in name.split("."):
        value = getattr(value, part)
    return value


def description(name: str) -> str:
    """Heading, call and docstring of one name as Markdown."""
    value = found(name)
    if isinstance(value, UnionType):
        kinds = ", ".join(f"`{kind.__name__}`" for kind in get_args(value))
        return f"### `{name}`\n\nThe type of everything that can happen to a loan, a closed union: {kinds}.\n"
    parts = [f"### `{name}`", _call(name, value), prose(inspect.getdoc(value) or ""), *_members(value)]
    return "\n\n".join(part for part in parts if part) + "\n"


def prose(docstring: str) -> str:
    """A docstring as Markdown: sections with their items as lists, examples as code."""
    text = SECTION.sub(lambda section: f"{_section(section[1], textwrap.dedent(section[2]))}\n", docstring)
    return EXAMPLE.sub(lambda code: f"\n```pycon\n{code[0].rstrip()}\n```\n", text)


def _section(title: str, body: str) -> str:
    if title == "Examples":
        return f"\n{body}"
    items = ITEM.sub(lambda item: f"- **{item[1].replace('*', chr(92) + '*')}**: ", body)
    return f"\n**{TITLES.get(title, title)}**\n\n{items}"


def _call(name: str, value: Any) -> str:
    """How it is called: the names of its arguments and their defaults; "" for what only the library makes."""
    said = inspect.getdoc(value) or ""
    is_made_by_users = not isinstance(value, type) or "Args:" in said or f"{value.__name__}(" in said
    if not is_made_by_users or (isinstance(value, type) and issubclass(value, Exception)):
        return ""
    parameters = inspect.signature(value).parameters.values()
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    call = str(inspect.Signature(bare)).replace("<factory>", "...")
    folded = textwrap.fill(
        f"{name}{call}", 84, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
    return f"```text\n{folded}\n```"


def _members(value: Any) -> Iterator[str]:
    """A table of what can be asked of a value: properties and methods that have a docstring of their own."""
    if not isinstance(value, type):
        return
    rows = [
        f"| `{name}{'()' if not _is_property(member) else ''}` | {_first_sentence(text)} |"
        for name, member in vars(value).items()
        if not name.startswith("_") and (text := _own_docstring(member))
    ]
    if rows:
        yield "\n".join(["| attribute or method | what it is |", "|---|---|", *rows])


def _is_property(member: Any) -> bool:
    return isinstance(member, property | cached_property)


def _own_docstring(member: Any) -> str:
    """The docstring of a property or a method, "" for what is neither."""
    is_method = inspect.isroutine(member) or isinstance(member, classmethod | staticmethod)
    return (inspect.getdoc(member) or "") if is_method or _is_property(member) else ""


def _first_sentence(docstring: str) -> str:
    first = " ".join(docstring.split("\n\n")[0].split())
    return first.replace("|", "\\|")
