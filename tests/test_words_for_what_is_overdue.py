"""What becomes of overdue components may be said in the words of an agreement."""

import pytest

import loancalc as lc


@pytest.mark.parametrize(("word", "meant"), [("carry", "keep"), ("first", "next"), ("spread", "spread")])
def test_an_overdue_component_is_treated_by_its_word(word: str, meant: str) -> None:
    said, plain = (
        lc.Restructuring("2026-03-01", installments=24, overdue={"interest": each}) for each in (word, meant)
    )
    assert said == plain
    assert said.overdue == (("interest", meant),)
