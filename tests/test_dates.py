"""What is accepted as a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loancalc.errors import InvalidDate
from loancalc.values.dates import in_order, is_leap, read_date


@given(st.dates())
def test_a_date_its_text_and_its_midnight_are_the_same_day(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day)
    assert read_date(day, "start") is day
    assert read_date(day.isoformat(), "start") == read_date(midnight, "start") == day
    assert type(read_date(midnight, "start")) is date


class NotATime(datetime):
    """Like the missing value of a data-frame library: a datetime that differs from itself."""

    def __ne__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize(
    "value",
    [
        *(
            "2026-02-30",
            "31/02/2026",
            "2026/02/28",
            "20260228",
            "2026-W09-6",
            "2026-2-28",
            " 2026-02-28",
            "2026-02-28 ",
        ),
        *("2026-02-28T00:00:00", "", "today", "0000-01-01", "10000-01-01", "２０２６-02-28", "-026-02-28"),
        datetime(2026, 2, 28, 12),
        datetime(2026, 2, 28, 0, 0, 0, 1),
        datetime(2026, 2, 28, tzinfo=UTC),
        NotATime(2026, 2, 28),
        *(20260228, 46081.0, None, True, (2026, 2, 28), timedelta(1), b"2026-02-28"),
    ],
    ids=repr,
)
def test_anything_else_is_refused_with_its_field_and_value(value: Any) -> None:
    with pytest.raises(InvalidDate) as error:
        read_date(value, "first_due")
    assert str(error.value).startswith(f"first_due: got {value!r}; expected a date, text YYYY-MM-DD")


@given(st.dates(), st.dates())
def test_only_an_end_before_its_start_is_out_of_order(start: date, end: date) -> None:
    if start <= end:
        in_order(start, end)
    else:
        with pytest.raises(InvalidDate, match=rf"end: got {end}; expected {start} \(start\) or later"):
            in_order(start, end)


def test_centuries_are_leap_years_when_400_divides_them() -> None:
    assert [year for year in range(1600, 2500, 100) if is_leap(year)] == [1600, 2000, 2400]
    assert [year for year in range(1896, 1909) if is_leap(year)] == [1896, 1904, 1908]
