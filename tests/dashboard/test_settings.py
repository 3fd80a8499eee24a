"""What a page is asked: read, refused, and turned into a scenario."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.dashboard.settings import Settings, pulled, read_settings
from qyforecast.errors import QyforecastError

YEARS = (2021, 2035)


@given(
    st.dictionaries(
        st.text(min_size=1).filter(lambda key: key not in ("page", "lang", "as_of")),
        st.lists(st.text(), min_size=1, max_size=1).map(tuple),
        max_size=5,
    )
)
def test_settings_are_read_as_they_are_written(words):
    settings = Settings("compare", "en", words)
    text = settings.text()
    assert read_settings(text, longest=10**6) == settings


@pytest.mark.parametrize(
    "text",
    [
        "page=secret",
        "lang=fr",
        "as_of=2021&as_of=2022",
        "scenario=a&scenario=b",
        "x=" + "y" * 9000,
        "&".join(f"k{i}=1" for i in range(900)),
    ],
)
def test_what_is_not_known_is_refused(text):
    with pytest.raises(QyforecastError):
        read_settings(text)


def test_levers_that_are_not_moved_leave_the_very_scenario(library, census):
    one = library["settling-in"]
    as_in_file = "&".join(
        f"s.{lever.name}=100&y.{lever.name}={lever.timing.start}&r.{lever.name}="
        f"{lever.timing.ramp}&" + "&".join(f"p.{lever.name}={code}" for code in census.regions)
        for lever in one.levers
    )
    assert pulled(read_settings(as_in_file), one, census.regions, YEARS) is one


def test_a_lever_is_moved_in_strength_time_and_place(library, census):
    text = "s.families-follow=150&y.families-follow=2026&r.families-follow=2"
    text += "&p.families-follow=&p.families-follow=621002&s.return-to-village=0"
    moved = pulled(read_settings(text), library["settling-in"], census.regions, YEARS)
    (lever,) = moved.levers
    assert (moved.name, moved.baseline) == ("what-if", "baseline")
    assert (lever.name, lever.factor, lever.places) == ("families-follow", 1.5, {"621002": 1.0})
    assert (lever.timing.start, lever.timing.ramp) == (2026, 2)


def test_a_lever_kept_nowhere_is_left_out(library, census):
    text = "s.families-follow=100&p.families-follow="
    moved = pulled(read_settings(text), library["settling-in"], census.regions, YEARS)
    assert [lever.name for lever in moved.levers] == ["return-to-village"]


@pytest.mark.parametrize("value", ["1e9", "-5", "nan", "inf", "<b>", ""])
def test_a_strength_outside_its_range_is_refused_or_as_in_the_file(library, census, value):
    settings = read_settings(f"s.families-follow={value}")
    if value == "":
        assert pulled(settings, library["settling-in"], census.regions, YEARS).levers
        return
    with pytest.raises(QyforecastError) as refused:
        pulled(settings, library["settling-in"], census.regions, YEARS)
    assert refused.value.where == "s.families-follow"
