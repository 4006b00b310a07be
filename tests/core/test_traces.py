"""What a person is known by goes out of a text, and nothing else does: golden cases."""

import pytest

from core.traces import GONE, Traces

WEIWEI = Traces(
    name="周维岳",
    label="匿名7",
    numbers=("14100000042", "010-88880042"),
    addresses=("zhou.wy@yunrun.example", "wx_zhou88"),
    longer=frozenset({"周维岳山", "周维岳水泵经营部"}),
)
LATIN = Traces(name="Ann Lee", label="匿名8")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("周维岳认可结论。", "匿名7认可结论。"),
        ("与周 维岳、周维岳山通话", "与匿名7、周维岳山通话"),
        ("周维岳水泵经营部的周维岳", "周维岳水泵经营部的匿名7"),
        ("周维认可", "周维认可"),
        ("打 141 0000 0042 或 +86-141-0000-0042", f"打 {GONE} 或 {GONE}"),
        ("１４１００００００４２", GONE),
        ("(010) 8888-0042 转 801", f"({GONE} 转 801"),
        ("8614100000042", GONE),
        ("单号 914100000042 与 141000000421", "单号 914100000042 与 141000000421"),
        ("写给 Zhou.WY@yunrun.example。", f"写给 {GONE}。"),
        ("xzhou.wy@yunrun.example", "xzhou.wy@yunrun.example"),
        ("zhou.wy@yunrun.example.org", "zhou.wy@yunrun.example.org"),
        ("微信 wx_zhou88，另一人 wx_zhou889", f"微信 {GONE}，另一人 wx_zhou889"),
        ("search=%E5%91%A8%E7%BB%B4%E5%B2%B3&tier=vip", "search=匿名7&tier=vip"),
    ],
)
def test_golden_cases(text, left):
    assert WEIWEI.scrub(text, named=True) == left
    assert WEIWEI.found_in(text, named=True) == (text != left)


def test_the_name_stays_where_it_may_be_somebody_elses():
    assert WEIWEI.scrub("周维岳 14100000042", named=False) == f"周维岳 {GONE}"


@pytest.mark.parametrize(
    ("text", "left"), [("ann  lee came", "匿名8 came"), ("Joann Lee, Ann Leeds", "Joann Lee, Ann Leeds")]
)
def test_latin_names_are_whole_words(text, left):
    assert LATIN.scrub(text, named=True) == left


def test_nothing_is_known_by_too_little():
    short = Traces(name="周", label="匿名9", numbers=("110",), addresses=("abc",))
    assert short.pattern(named=True) == ""
    assert short.scrub("周 110 abc", named=True) == "周 110 abc"
    assert not short.found_in("周 110 abc", named=True)


def test_lists_and_dictionaries_are_walked():
    value = [{"name": "周维岳", "n": 3, "14100000042": None}, True]
    assert WEIWEI.scrub_value(value, named=True) == [{"name": "匿名7", "n": 3, GONE: None}, True]
