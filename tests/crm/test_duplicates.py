"""The duplicate rules one by one, and what must not count as a duplicate."""

import pytest

from crm.duplicates import Party, company_domain, compare, likeness

BASE = {"province_code": "11", "city_code": "110100"}


def rules(new: Party, known: Party) -> list[tuple[str, str]]:
    return [(match.rule, match.effect) for match in compare(new, known)]


@pytest.mark.parametrize(
    ("new", "known", "expected"),
    [
        (Party(("甲",), uscc="91110000 600037341l"), Party(("乙",), uscc="91110000600037341L"), [("dup_rule_1", "block")]),
        (Party(("云润水务（集团）有限公司",)), Party(("云润水务 (集团)有限公司",)), [("dup_rule_2", "block")]),
        (Party(("新名",)), Party(("别的", "新名")), [("dup_rule_2", "block")]),
        (Party(("北京云润水务有限公司",), **BASE), Party(("云润水务集团股份有限公司",), **BASE), [("dup_rule_3", "warn")]),
        (Party(("北京云润水务有限公司",), **BASE), Party(("云润水务集团有限公司",), province_code="12"), []),
        (Party(("云润水务有限公司",), **BASE), Party(("云润水务有限公司天津分公司",), **BASE), []),
        (Party(("甲公司",), landlines=("010-88880000",), **BASE), Party(("乙公司",), landlines=("+86 10 8888 0000",), **BASE), [("dup_rule_5", "warn")]),
        (Party(("甲公司",), email_domains=("Yunrun.com",), **BASE), Party(("乙公司",), email_domains=("yunrun.com",), **BASE), [("dup_rule_5", "warn")]),
        (Party(("甲公司",), email_domains=("qq.com",), **BASE), Party(("乙公司",), email_domains=("qq.com",), **BASE), []),
        (Party(("甲",), mobiles=(("138 0000 1234", "何田田"),)), Party(("乙",), mobiles=(("13800001234", "马骁"),)), [("dup_rule_4", "warn")]),
        (Party(("甲",), mobiles=(("138 0000 1234", "何田田"),)), Party(("乙",), mobiles=(("13800001234", "何田田 "),)), [("dup_rule_4", "block_contact")]),
        (Party(("甲水务",), **BASE), Party(("乙石化",), **BASE), []),
    ],
)  # fmt: skip
def test_rules(new, known, expected):
    assert rules(new, known) == expected


def test_likeness_counts_like_the_database():
    assert likeness("云润水务", "云润水务") == 1
    assert likeness("abc", "abd") == pytest.approx(1 / 3)
    assert likeness("", "x") == 0


def test_domains_of_private_people_say_nothing():
    assert company_domain("he@Yunrun.com.cn") == "yunrun.com.cn"
    assert company_domain("he@QQ.com") == company_domain("nonsense") == ""
