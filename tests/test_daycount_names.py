"""The names of day counts: one table of spellings, of every standard and of contracts."""

from __future__ import annotations

from typing import Any

import pytest

from loancalc.errors import UnknownName
from loancalc.time.daycount import DayCount, year_fraction
from loancalc.time.daycount.names import fold_day_count, spellings


def test_no_two_spellings_fall_together() -> None:
    folded = [fold_day_count(spelling.name) for spelling in spellings()]
    assert len(folded) == len(set(folded))
    assert "" not in folded


@pytest.mark.parametrize("spelling", [s for s in spellings() if s.convention], ids=lambda s: s.name)
def test_every_spelling_is_read_in_any_case_with_any_separators(spelling: Any) -> None:
    expected = DayCount(spelling.convention)
    name = spelling.name
    for written in (name, name.upper(), name.lower(), name.replace(" ", ""), name.replace(" ", "_"), f" {name} "):
        assert DayCount.parse(written) is expected
    assert DayCount.parse(name.replace("/", "-")) is DayCount.parse(name.replace("/", " ")) is expected


@pytest.mark.parametrize("spelling", [s for s in spellings() if not s.convention], ids=lambda s: s.name)
def test_a_name_with_two_meanings_or_none_says_so(spelling: Any) -> None:
    with pytest.raises(UnknownName) as error:
        DayCount.parse(spelling.name)
    assert spelling.note in str(error.value)
    assert "accepted: periodic, ACT/360" in str(error.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[(code, name) for code, name in zip(
            ("A001", "A002", "A004", "A005", "A006", "A007", "A008", "A009", "A010", "A011", "A014", "A016", "A017"),
            ("30/360", "30/365", "ACT/360", "ACT/365F", "ACT/ACT ICMA", "30E/360 ISDA", "ACT/ACT ISDA", "ACT/365L",
             "ACT/ACT AFB", "30E/360", "NL/365", "30E+/360", "ACT/364"),
            strict=True,
        )],
        ("4.16(a)", "1/1"), ("ISDA 2006 4.16(f)", "30/360"), ("4.6.1(ii)", "ACT/ACT ISDA"),
        ("ACT/365.FIXED", "ACT/365F"), ("ACT/ACT.ISMA", "ACT/ACT ICMA"), ("30E/360.ISDA", "30E/360 ISDA"),
        ("30E360", "30E/360"), ("28E336", "28E/336"), ("A365", "ACT/365F"), ("AA", "ACT/ACT ISDA"),
        ("Actual/365 (Fixed)", "ACT/365F"), ("Actual/365 (No Leap)", "NL/365"), ("30/360 (Bond Basis)", "30/360"),
        ("Actual/365 (Fixed) Canadian Bond", "ACT/365 CA"), ("30E/360 (Eurobond Basis)", "30E/360"),
        ("30/360 (US)", "30U/360"), ("Business/252", "BUS/252"), ("Actual/Actual (ISMA)", "ACT/ACT ICMA"),
        ("Act/365 Actual", "ACT/365A"), ("Act/Act Year", "ACT/ACT YEAR"), ("30EPlus/360", "30E+/360"),
        ("30/360 ISDA", "30/360"), ("360/360", "30/360"), ("bond_basis", "30/360"),
        ("实际/360", "ACT/360"), ("实际/365", "ACT/365F"), ("实际天数／365", "ACT/365F"), ("实际/实际", "ACT/ACT ISDA"),
        ("30/360 us", "30U/360"), ("act360", "ACT/360"), ("ACT-365-F", "ACT/365F"), ("One/One", "1/1"),
        ("实际天数÷360", "ACT/360"), ("Banker's Rule", "ACT/360"), ("Business/252(Brazil)", "BUS/252"),
    ],
)  # fmt: skip
def test_the_names_of_other_standards(name: str, expected: str) -> None:
    assert DayCount.parse(name) == expected
    assert DayCount(name) is DayCount(expected)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("ACT/3600", "ACT/360"), ("实际/36", "ACT/360"), ("30E/36O", "30E/360"), ("Actual/Actual ISDX", "ACT/ACT ISDA")],
)
def test_an_unknown_name_lists_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UnknownName) as error:
        year_fraction(name, "2026-01-01", "2026-02-01")
    message = str(error.value)
    assert message.startswith(f"convention: got {name!r}; nearest: ")
    assert nearest in message.partition("accepted")[0]


@pytest.mark.parametrize("name", ["", "  ", None, 360, 1.0, ["ACT/360"], "weekly"])
def test_what_is_no_name_is_refused(name: Any) -> None:
    with pytest.raises(UnknownName, match=r"^day_count: got "):
        DayCount.parse(name)


def test_every_member_says_what_it_does() -> None:
    assert len(DayCount) == 28
    for convention in DayCount:
        assert convention.rule
        assert "\n" not in convention.rule
        assert convention.used
        assert convention.__doc__
        assert convention.__doc__ != DayCount.__doc__
    assert [str(c) for c in DayCount if not c.is_verified] == ["ACT/365 CA", "28E/336"]
    assert [str(c) for c in DayCount if c.needs_context] == [
        *("periodic", "ACT/365L", "ACT/365 CA", "ACT/ACT ICMA", "30U/360", "BUS/252")
    ]
