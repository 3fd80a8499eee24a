import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.errors import OutputError
from qyforecast.report.wording import TEXTS, counted_text, probability_text, say


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things():
    english, chinese = TEXTS["en"], TEXTS["zh"]
    assert set(english) == set(chinese)
    assert all(gaps(english[key]) == gaps(chinese[key]) for key in english)


def test_chinese_texts_are_chinese():
    # What is left when the gaps are taken out; a text of gaps alone has no language.
    said = {key: re.sub(r"\{\w+\}", "", text) for key, text in TEXTS["zh"].items()}
    # Names of commands, files and scores have no Chinese.
    names = r"qyforecast( \w+)*( --?[\w-]+)*|[\w/]+\.(json|csv|yaml)|R-hat"
    assert not [key for key, text in said.items() if re.search("[A-Za-z]", re.sub(names, "", text))]
    # What has no Chinese letter at all is Chinese punctuation around gaps.
    bare = {text for text in said.values() if not re.search("[一-鿿]", text)}
    assert bare == {"", "\n（）", "（）", "（～）", "～", "：", "，：", "；", "、", "。", "\u3000"}


def test_no_gap_is_left_open():
    with pytest.raises(KeyError):
        say("median", "en")


def test_an_unknown_language_is_refused():
    with pytest.raises(OutputError, match="did you mean 'en'"):
        say("median", "eng", {"share": "1 %"})


@given(st.floats(0, 1))
def test_no_probability_is_called_none_or_certain(probability):
    assert probability_text(probability) not in ("0 %", "100 %")


def test_digits_end_with_the_error():
    assert counted_text(0.38925, 0.0077) == "38.9 ± 0.8 %"
    assert counted_text(0.9995, 0.00043) == "99.95 ± 0.04 %"
