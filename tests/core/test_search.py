"""Which tokens names leave and queries ask for; the index itself is tried in test_search_fields."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pinyin import person_readings, readings
from core.search import (
    MAX_QUERY,
    build_search_terms,
    normalise,
    pinyin_initials,
    pinyin_sort_key,
    query_terms,
    search_vector,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("云润水务（集团）有限公司", "云润水务集团有限公司"),
        ("*ST西水", "st西水"),
        ("ＡＢＣ １２３", "abc123"),
        ("  Grundfos  ", "grundfos"),
        ("𠮷野家\x00\u200b", "𠮷野家"),
        ("***", ""),
    ],
)
def test_texts_are_compared_without_width_case_and_signs(text, normal):
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("重庆水务", "chong qing shui wu"),
        ("长沙泵业", "chang sha beng ye"),
        ("中国银行", "zhong guo yin hang"),
        ("绿地控股", "lv di kong gu"),
        ("万科A", "wan ke a"),
    ],
)
def test_words_decide_how_characters_are_read(text, expected):
    assert " ".join(readings(normalise(text))[0]) == expected
    assert pinyin_sort_key(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("单小明", "shan xiao ming"),
        ("曾国藩", "zeng guo fan"),
        ("查良镛", "zha liang yong"),
        ("解晓东", "xie xiao dong"),
        ("仇和", "qiu he"),
        ("盖叫天", "ge jiao tian"),
        ("翟志刚", "zhai zhi gang"),
        ("区志航", "ou zhi hang"),
        ("朴树", "piao shu"),
        ("尉迟恭", "yu chi gong"),
        ("尉健行", "wei jian xing"),
    ],
)
def test_surnames_are_read_as_surnames(name, expected):
    assert " ".join(person_readings(name)[0]) == expected


def test_doubtful_characters_are_kept_in_both_readings_but_never_more_than_four():
    assert {"".join(part[0] for part in reading) for reading in readings("乐普医疗")} == {"lpyl", "ypyl"}
    assert len(readings("重行长乐朝单曾")) <= 4
    assert len(readings("")) == 1


def test_initials():
    assert pinyin_initials("云润水务") == "yrsw"
    assert pinyin_initials("*ST西水") == "stxs"


def test_positions_keep_texts_apart():
    terms = build_search_terms(["水务", "水泵"])
    places = {term.token: term.position for term in terms}
    assert places["务"] + 1 < places["水泵"]


def test_a_repeated_name_is_indexed_once():
    assert search_vector(["云润", "云润", None, ""]) == search_vector(["云润"])


def test_codes_leave_their_tails():
    tokens = {term.token for term in build_search_terms(codes=["KH-01-2026-00042"])}
    assert tokens == {"#kh01202600042", "#01202600042", "#202600042", "#00042"}


@pytest.mark.parametrize(
    ("typed", "kinds", "phone", "last_four"),
    [
        ("水务", {"hanzi"}, "", ""),
        ("yrsw", {"latin"}, "", ""),
        ("8000", {"digits", "code", "last_four"}, "", "8000"),
        ("８０００", {"digits", "code", "last_four"}, "", "8000"),
        ("138 0013-8000", {"digits", "code", "phone"}, "13800138000", ""),
        ("+86 138 0013 8000", {"digits", "code", "phone"}, "8613800138000", ""),
        ("KH-01-2026-00042", {"latin", "code"}, "", ""),
        ("91110000600037341L", {"latin", "code"}, "", ""),
        ("云润 8000", {"hanzi", "digits", "code"}, "", ""),
        ("***", set(), "", ""),
        ("", set(), "", ""),
    ],
)
def test_what_a_query_may_mean(typed, kinds, phone, last_four):
    query = query_terms(typed)
    assert (query.kinds, query.phone, query.last_four) == (kinds, phone, last_four)
    assert bool(query.tsquery) is bool(kinds)


def test_long_queries_are_cut_and_cheap():
    began = time.process_time()
    for typed in ("xian" * 5_000, "a b " * 5_000, "水" * 50_000):
        assert len(query_terms(typed).text) <= MAX_QUERY
    assert time.process_time() - began < 0.5


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_breaks_the_index_or_the_query(name, typed):
    vector = search_vector([name], people=[name], codes=[name])
    assert "\x00" not in vector
    assert all(char.isalnum() or char in "'~^#-:, " for char in vector)
    query = query_terms(typed).tsquery
    assert query.count("'") % 2 == 0


def test_a_list_of_companies_takes_less_than_two_seconds():
    names = [
        f"{place}{word}{kind}"
        for place in "京沪粤蓉陕沈汉豫鲁皖"
        for word in ("云润", "青屿", "河汾", "北岚", "澄源")
        for kind in ("水务集团有限公司", "石化")
    ]
    build_search_terms(names[:1])
    began = time.process_time()
    for _ in range(43):
        for name in names:
            search_vector([name])
    assert time.process_time() - began < 2
