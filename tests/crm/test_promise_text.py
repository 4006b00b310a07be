"""Promises in the words of a log: what is ours, what is the customer's, and which day is meant."""

from datetime import date

import pytest

from crm.promise_text import day_in, find_promise

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("周五前", date(2026, 11, 27)),
        ("本周五", date(2026, 11, 27)),
        ("下周一上午", date(2026, 11, 30)),
        ("下周三", date(2026, 12, 2)),
        ("周一", date(2026, 11, 30)),  # Monday has passed: the coming one
        ("周三", WEDNESDAY),
        ("星期天", date(2026, 11, 29)),
        ("本周内", date(2026, 11, 27)),
        ("下周", date(2026, 12, 4)),
        ("月底前", date(2026, 11, 30)),
        ("下月底", date(2026, 12, 31)),
        ("年底", date(2026, 12, 31)),
        ("明天", date(2026, 11, 26)),
        ("后天", date(2026, 11, 27)),
        ("大后天", date(2026, 11, 28)),
        ("今天下班前", WEDNESDAY),
        ("三天内", date(2026, 11, 28)),
        ("两周内", date(2026, 12, 9)),
        ("3个工作日", date(2026, 11, 30)),
        ("48小时内", date(2026, 11, 27)),
        ("12月5日", date(2026, 12, 5)),
        ("1月8号", date(2027, 1, 8)),
        ("2027-02-03", date(2027, 2, 3)),
        ("2月30日", None),
        ("20号", date(2026, 12, 20)),
        ("by Friday", date(2026, 11, 27)),
        ("next Monday", date(2026, 11, 30)),
        ("within 5 days", date(2026, 11, 30)),
        ("end of the month", date(2026, 11, 30)),
        ("没有说日子", None),
    ],
)
def test_the_day_some_words_name(said, day):
    assert day_in(said, WEDNESDAY) == day


@pytest.mark.parametrize(
    ("said", "text", "day"),
    [
        ("周副总同意先换两台轴承，要我们周五前给书面交期。", "要我们周五前给书面交期", date(2026, 11, 27)),
        ("我们答应三天内寄样机，对方满意。", "我们答应三天内寄样机", date(2026, 11, 28)),
        ("设备负责人愿意谈，要求我们给一份节能对比。", "要求我们给一份节能对比", None),
        ("材质改为双相钢，周五前给出答复。", "周五前给出答复", date(2026, 11, 27)),
        ("承诺派工程师到场，下周二之前。", "承诺派工程师到场", date(2026, 12, 1)),
        ("They were friendly. We will send the curve by Friday.", "We will send the curve by Friday", date(2026, 11, 27)),
        ("我会明天给他们回电；另外月底前补验收单。", "另外月底前补验收单", date(2026, 11, 30)),
    ],
)  # fmt: skip
def test_our_promises(said, text, day):
    found = find_promise(said, WEDNESDAY)
    assert (found.text, found.day) == (text, day)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "电话没有接通。",
        "回访电话：使用正常，对我们工程师的到场速度表示认可。",
        "对方承诺月底前补齐手续。",
        "客户说下周会回复我方报价。",
        "看了泵房，现用的是外地品牌，机封一年换了两次。",
    ],
)
def test_what_is_no_promise_of_ours(said):
    assert find_promise(said, WEDNESDAY) is None


def test_long_promises_are_shortened():
    assert len(find_promise("我们答应给" + "很" * 300, WEDNESDAY).text) == 100
