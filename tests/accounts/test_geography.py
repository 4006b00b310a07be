"""Places as people write them: short, long, abbreviated, in Latin letters, or as codes."""

import pytest
from django.utils.translation import override

from accounts.geography import cities_of, city_code_of, province_code_of, provinces, region_name, regions


@pytest.mark.parametrize(
    "text",
    [
        "广东",
        "广东省",
        "粤",
        "Guangdong",
        "GUANGDONG",
        "44",
        "440000",
        "广东省广州市",
        "广东 广州",
        "　广东省　",
    ],
)
def test_every_way_to_write_a_province(text):
    assert province_code_of(text) == "44"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("陕西", "61"), ("山西", "14"), ("Shaanxi", "61"), ("Shanxi", "14"), ("内蒙", "15"), ("内蒙古自治区", "15"),
        ("广西壮族自治区", "45"), ("黔", "52"), ("贵", "52"), ("香港", "81"), ("北京市海淀区", "11"), ("西藏", "54"),
        ("亚特兰蒂斯", ""), ("", ""), ("99", ""),
    ],
)  # fmt: skip
def test_provinces(text, code):
    assert province_code_of(text) == code


@pytest.mark.parametrize(
    ("text", "province", "code"),
    [
        ("石家庄", "13", "130100"), ("石家庄市", "", "130100"), ("河北省石家庄市", "", "130100"), ("130100", "", "130100"),
        ("1301", "", "130100"), ("Xi'an", "", "610100"), ("西安", "", "610100"), ("北京", "", "110100"), ("北京市", "11", "110100"),
        ("延边", "", "222400"), ("延边朝鲜族自治州", "22", "222400"), ("吉林", "22", "220200"), ("吉林市", "22", "220200"),
        ("Suzhou", "", ""), ("Suzhou", "32", "320500"), ("Suzhou", "34", "341300"), ("苏州", "", "320500"), ("海口", "44", ""),
        ("石家庄市长安区", "13", "130100"), ("河北石家庄市长安区", "", "130100"), ("仙桃", "42", "429004"), ("没有", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_cities(text, province, code):
    assert city_code_of(text, province) == code


def test_the_table_is_complete_and_consistent():
    assert len(provinces()) == 34
    assert len(regions()) == len({region.code for region in regions().values()}) > 390
    assert all(region.province_code in regions() for region in regions().values())
    assert [len(cities_of(code)) for code in ("11", "13", "32")] == [1, 11, 13]
    assert all(province_code_of(region.name_zh) == region.code for region in provinces())
    assert all(province_code_of(region.name_en) == region.code for region in provinces())


def test_every_city_is_found_by_its_own_names():
    for region in regions().values():
        if not region.is_province:
            for name in (region.name_zh, region.short_zh, region.code):
                assert city_code_of(name, region.province_code) == region.code


def test_names_follow_the_reader():
    with override("zh-hans"):
        assert (region_name("15"), region_name("610100")) == ("内蒙古", "西安")
    with override("en"):
        assert (region_name("15"), region_name("610100")) == ("Inner Mongolia", "Xi'an")
    assert region_name("??") == "??"
