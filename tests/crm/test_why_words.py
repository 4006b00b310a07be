"""Which rules a result was computed with, as people read it."""

import pytest

from crm.portfolio import VipShare
from crm.why import rules_told


@pytest.mark.parametrize("version", ["tier:0 risk:0 stage:0 strength:0 value:0", ""])
def test_rules_as_delivered_are_one_sentence(version: str) -> None:
    assert rules_told(version) == ["按出厂规则计算"]


def test_changed_rules_tell_their_day() -> None:
    assert rules_told("tier:0 risk:2026-03-01 stage:0 strength:0 value:2026-05-01") == [
        "流失风险：自 2026-03-01 起用公司参数",
        "五年价值：自 2026-05-01 起用公司参数",
    ]


def test_no_buyers_have_no_share() -> None:
    nobody = VipShare(vip=0, every=0, limit=0.2)
    assert nobody.share is None
    assert not nobody.too_many
    assert VipShare(vip=3, every=10, limit=0.2).too_many
