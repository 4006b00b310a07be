"""Social credit codes and the core of company names: the domain's vectors and the awkward ones."""

import random

import pytest

from crm.identifiers import (
    check_uscc,
    core_name,
    is_branch_office,
    organisation_code_is_valid,
    uscc_check_digit,
    uscc_class,
)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("91110000600037341L", "ok"), ("91350100M000100Y43", "ok"), ("91350100M000100Y4Z", "format"),
        ("91350100M000100Y44", "check"), ("91990000MADEM0011K", "ok"), ("91990000MADEM002XB", "ok"),
        (" 91110000 600037341l ", "ok"), ("９１１１００００６０００３７３４１Ｌ", "ok"), ("9111-0000-6000-3734-1L", "ok"),
        ("91110000600037341", "format"), ("91110000I00037341L", "format"), ("", "format"), ("9111000060003734１LX", "format"),
    ],
)  # fmt: skip
def test_vectors(code, verdict):
    assert check_uscc(code) == verdict


def test_one_changed_character_is_always_noticed():
    rng = random.Random(1)
    code = "91110000600037341L"
    for place in range(17):
        other = rng.choice([char for char in "0123456789" if char != code[place]])
        assert check_uscc(code[:place] + other + code[place + 1 :]) == "check"


@pytest.mark.parametrize("first", ["N1", "Y1", "A1", "52", "12"])
def test_classes_other_libraries_refuse(first):
    start = f"{first}110000MA0012345"
    assert check_uscc(start + uscc_check_digit(start)) == "ok"
    assert str(uscc_class(start))


def test_organisation_codes():
    assert organisation_code_is_valid("600037341")
    assert organisation_code_is_valid("M000100Y4")
    assert not organisation_code_is_valid("600037342")
    assert not organisation_code_is_valid("60003734")


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("云润水务集团有限公司", "云润水务"), ("北京云润水务集团有限公司", "云润水务"), ("青屿石化（山东）有限公司", "青屿石化"),
        ("广东省广州市海晏消防工程有限公司", "海晏消防工程"), ("衡川市政总承包有限责任公司", "衡川市政总承包"),
        ("北岚钢铁股份有限公司", "北岚钢铁"), ("*ST西水", "st西水"), ("中国石化", "中国石化"), ("上海", "上海"), ("公司", "公司"),
        ("北京公司", "北京公司"), ("鼎流机电设备有限公司（示例）", "鼎流机电设备"), ("（示例）", "示例"),
    ],
)  # fmt: skip
def test_core_names(name, core):
    assert core_name(name) == core


def test_branch_offices():
    assert is_branch_office("云润水务集团有限公司天津分公司")
    assert is_branch_office("青屿石化有限公司二期项目部")
    assert not is_branch_office("云润水务集团有限公司")
