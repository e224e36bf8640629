"""Names: looked up without regard to case, spaces, hyphens and underscores, in English, Chinese and by alias."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal, get_args

from loancalc.errors import unknown_name
from loancalc.lazily import cached_property

Component = Literal["cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal"]
COMPONENTS: tuple[Component, ...] = get_args(Component)
"""The components of a debt, in the order in which tables show them."""


def fold_name(name: str) -> str:
    """A name without case, spaces, hyphens, underscores and full-width forms.

    >>> fold_name("Equal-Principal"), fold_name("等额 本息")
    ('equalprincipal', '等额本息')
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if not (character.isspace() or character in "-_"))


class Names:
    """A list of names with their aliases, read leniently.

    >>> METHODS = Names("method", {"annuity": ["等额本息"], "flat": ["等本等息"]})
    >>> METHODS.find("等额本息"), METHODS.find("Flat")
    ('annuity', 'flat')
    """

    def __init__(self, field: str, aliases: Mapping[str, list[str]]) -> None:
        self.field = field
        self.aliases = dict(aliases)
        self.names = tuple(aliases)
        self._canonical = {fold_name(word): name for name, words in aliases.items() for word in (name, *words)}
        self._canonical |= {name: name for name in aliases}

    def get(self, value: str) -> str | None:
        """The canonical name that `value` stands for, or None."""
        return self._canonical.get(fold_name(value))

    def find(self, value: object, field: str | None = None) -> str:
        """The canonical name that `value` stands for.

        Raises:
            UnknownName: If it is none of the names; the message lists the nearest.
        """
        if isinstance(value, str):
            found = self._canonical.get(value) or self._canonical.get(fold_name(value))
            if found:
                return found
        raise unknown_name(field or self.field, value, self.names, aliases=self.name_of)

    @cached_property
    def name_of(self) -> dict[str, str]:
        """Each alias with the name that it stands for."""
        return {word: name for name, words in self.aliases.items() for word in words}


COMPONENT_NAMES = Names(
    "component",
    {
        "cost": ["costs", "费用", "催收费用"],
        "fee": ["fees", "手续费", "服务费"],
        "penalty": ["penalties", "late fee", "违约金", "滞纳金"],
        "compound_interest": ["复利"],
        "late_interest": ["overdue interest", "default interest", "罚息", "逾期利息"],
        "interest": ["利息"],
        "principal": ["capital", "本金"],
    },
)
