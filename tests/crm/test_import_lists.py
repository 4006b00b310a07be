"""Customer lists as companies really keep them: titles above, names of their own for columns, two numbers in a cell."""

import io
from typing import Any

import pytest
from openpyxl import Workbook

from accounts.geography import place_of_address
from crm.imports.choices import ImportKind, RowOutcome
from crm.imports.fields import TABLES
from crm.imports.guess import ENDINGS, SIGNS, guess_mapping
from crm.models import Contact, Customer
from tests.crm.import_files import checked, imported, upload

LEDGER = [
    ["2025年度华北区客户台账"],
    ["制表人：王芳", "", "", "", "", "", "", "日期：2025-12-31"],
    ["序号", "单位名称（全称）", "所属省份", "所在城市", "客户类别", "客户联系人", "职务", "联系方式", "通信地址", "备注（重要）"],
    [1, "石家庄桥西供水有限公司", "河北", "石家庄", "终端用户", "李建国", "设备科科长", "138 0013 8000", "裕华西路8号", "用泵6台"],
    [2, "保定万家热力有限责任公司 ", "河北省", "保定市", "业主", "王敏", "", 13912345678, "朝阳北大街", ""],
    [3, "石家庄桥西供水有限公司", "河北", "石家庄", "终端用户", "周丽", "采购", "+86 139-3333-4444", "", ""],
    [4, "河北水利规划设计院", "河北", "", "设计单位", "陈伟", "高工", "13700001111、0311-8655 3210", "", ""],
    ["", "合计", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def workbook(lines: list[list[Any]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.active.merge_cells("A1:J1")
    book.save(file)
    return file.getvalue()


@pytest.mark.django_db
def test_a_ledger_with_titles_and_words_of_its_own_comes_in(personas: Any) -> None:
    batch = imported(personas.bm, workbook(LEDGER))
    named = {batch.headers[column]: code for code, column in batch.mapping.items()}
    assert named == {
        "单位名称（全称）": "name", "所属省份": "province", "所在城市": "city", "客户类别": "kind", "客户联系人": "contact_name",
        "职务": "contact_title", "联系方式": "contact_mobile", "通信地址": "address", "备注（重要）": "notes",
    }  # fmt: skip
    rows = list(batch.rows.order_by("number"))
    assert [row.outcome for row in rows] == ["created", "created", "updated", "created", "rejected"]
    assert rows[-1].findings[0]["code"] == "totals_line"
    assert Customer.objects.get(name="河北水利规划设计院").kind == "design_institute"
    assert Customer.objects.get(name="保定万家热力有限责任公司").city_code == "130600"
    assert sorted(Contact.objects.filter(customer__name="石家庄桥西供水有限公司").values_list("name", flat=True)) == [
        "周丽", "李建国",
    ]  # fmt: skip
    chen = Contact.objects.get(name="陈伟")
    assert (chen.mobile, chen.phone) == ("13700001111", "0311-8655 3210")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("联系电话1", "contact_phone"), ("手机号码（11位）", "contact_mobile"), ("单位名称*", "name"), ("公司网站地址", "website"),
        ("电子邮箱地址", "contact_email"), ("客户/单位", "name"), ("收货地址", "address"), ("联系人手机", "contact_mobile"),
        ("企业所属行业", "industry"), ("Client Name", "name"), ("Telephone (office)", "contact_phone"),
        ("传真电话", ""), ("电话（传真）", ""), ("手机（脱敏）", ""), ("Mobile (masked)", ""), ("开户银行地址", ""), ("紧急联系人", ""), ("序号", ""), ("年采购额(万元)", ""), ("QQ", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_people_call_a_column(header: str, code: str) -> None:
    assert guess_mapping([header]) == ({code: 0} if code else {})


def test_the_surer_way_decides_and_nothing_is_taken_twice() -> None:
    assert guess_mapping(["送货地址", "地址", "公司名称", "单位名称"]) == {"address": 1, "name": 2}
    dates = ["创建日期", "下次联系时间", "跟进时间", "内容", "客户", "下次计划"]
    assert guess_mapping(dates, ImportKind.ACTIVITIES) == {
        "occurred_at": 2, "summary": 3, "name": 4, "next_step": 5,
    }  # fmt: skip


def test_values_say_what_a_header_does_not() -> None:
    lines = [
        ["宁夏中卫泵站管理处", "13895551234", "0955-7012345", "zs@example.com", "www.example.com", "12"],
        ["银川金凤水务集团有限公司", "13995550000", "", "", "https://a.example", "7"],
        ["石嘴山热电厂", "", "0952-2012345", "li@example.com", "", ""],
    ]
    headers = ["甲", "乙", "丙", "丁", "戊", "己"]
    assert guess_mapping(headers, lines=lines) == {
        "name": 0, "contact_mobile": 1, "contact_phone": 2, "contact_email": 3, "website": 4,
    }  # fmt: skip
    assert guess_mapping(headers, lines=lines[:1]) == {}, "one value is no evidence"
    assert guess_mapping(["甲", "传真", "手机（脱敏）", "丁"], lines=lines) == {"name": 0, "contact_email": 3}


def test_every_guess_names_a_field_we_have() -> None:
    ours = {field.code for fields in TABLES.values() for field in fields}
    assert {*ENDINGS.values(), *SIGNS} <= ours


NUMBERS = "客户名称,省份,城市,联系人,手机,电话"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "mobile", "phone"),
    [
        (",13700001111", "13700001111", ""), ("0311-86553210,", "", "0311-86553210"),
        ("13700001111 13700002222,", "13700001111", "13700002222"), ("0311-86553210转803,", "", "0311-86553210转803"),
        ("13700001111/0311-86553210,", "13700001111", "0311-86553210"), ("13700001111,13700002222", "13700001111", "13700002222"),
    ],
)  # fmt: skip
def test_each_number_goes_where_its_kind_belongs(personas: Any, cells: str, mobile: str, phone: str) -> None:
    imported(personas.bm, f"{NUMBERS}\n云润水务有限公司,河北,石家庄,周敏,{cells}\n".encode())
    contact = Contact.objects.get(name="周敏")
    assert (contact.mobile, contact.phone) == (mobile, phone)


@pytest.mark.django_db
def test_a_number_too_many_is_said_and_no_number_is_refused(personas: Any) -> None:
    lines = [
        "甲水务有限公司,河北,石家庄,周敏,13700001111/13700002222/13700003333,",
        "乙水务有限公司,河北,石家庄,周敏,13700001111/不详,",
    ]
    first, second = checked(personas.bm, "\n".join([NUMBERS, *lines]).encode()).rows.order_by("number")
    assert ("more_numbers", 1) in [(one["code"], one.get("data", {}).get("n")) for one in first.findings]
    assert first.outcome == RowOutcome.CREATED
    assert "bad_phone" in [one["code"] for one in second.findings]
    assert second.outcome == RowOutcome.REJECTED


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("北京市海淀区中关村大街1号", ("11", "110100")), ("河北省石家庄市长安区", ("13", "130100")), ("石家庄市裕华西路8号", ("13", "130100")),
        ("内蒙古自治区包头市", ("15", "150200")), ("河南路5号", ("", "")), ("北京路1号", ("", "")), ("裕华西路8号", ("", "")), ("", ("", "")),
    ],
)  # fmt: skip
def test_an_address_names_its_place_by_full_names_only(address: str, place: tuple[str, str]) -> None:
    assert place_of_address(address) == place


@pytest.mark.django_db
def test_the_place_comes_from_the_address_or_stands_in_one_cell(personas: Any) -> None:
    imported(personas.bm, "客户名称,详细地址\n甲水务有限公司,河北省石家庄市长安区中山路\n".encode())
    imported(personas.bm, "客户名称,省份\n乙水务有限公司,河北-保定\n".encode())
    places = Customer.objects.order_by("name").values_list("province_code", "city_code")
    assert sorted(places) == [("13", "130100"), ("13", "130600")]
    assert upload(personas.bm, "客户名称,详细地址\n丙水务有限公司,中山路\n".encode()).mapping == {
        "name": 0,
        "address": 1,
    }


@pytest.mark.django_db
def test_people_and_provinces_a_file_names_are_given_a_meaning_on_the_page(
    personas: Any, client: Any
) -> None:
    lines = [
        "甲水务有限公司,华北,张伟",
        "乙水务有限公司,河北,张伟",
        f"丙水务有限公司,河北,{personas.pm.name_zh}",
        "丁水务有限公司,华北,李四",
    ]
    batch = upload(personas.bm, "\n".join(["客户名称,省份,业务员", *lines]).encode())
    client.force_login(personas.bm)
    page = client.get(f"/crm/imports/{batch.pk}/map_columns/").content.decode()
    assert [page.count(f'value="{key}"') for key in ("province|华北", "owner|张伟", "owner|李四")] == [
        1,
        1,
        1,
    ]
    assert f'<option value="{personas.pm.username}">' in page
    assert f"owner|{personas.pm.name_zh}" not in page
    maps = {
        "province": {"华北": "13"},
        "owner": {"张伟": personas.pm.username, "李四": "~"},
    }
    done = imported(personas.bm, "\n".join(["客户名称,省份,业务员", *lines]).encode(), value_maps=maps)
    assert {row.outcome for row in done.rows.all()} == {"created"}
    owners = dict(Customer.objects.values_list("name", "owner__username"))
    assert [owners[f"{name}水务有限公司"] for name in "甲乙丙"] == [personas.pm.username] * 3
    assert owners["丁水务有限公司"] != personas.pm.username
    assert Customer.objects.get(name="丁水务有限公司").pool_status == "pool"


@pytest.mark.django_db
def test_a_word_without_a_meaning_still_refuses_its_row(personas: Any) -> None:
    line = "甲水务有限公司,河北,张伟"
    batch = checked(personas.bm, f"客户名称,省份,业务员\n{line}\n".encode())
    assert [one["code"] for one in batch.rows.get().findings] == ["unknown_owner"]


@pytest.mark.django_db
def test_a_list_of_companies_without_people_gives_their_own_numbers(personas: Any) -> None:
    lines = [
        "甲水务有限公司,河北,0311-86553210,13700001111,a@example.com",
        "乙水务有限公司,河北,,13700002222,",
    ]
    content = "\n".join(["客户单位,省份,联系电话1,联系电话2,邮箱", *lines]).encode()
    batch = imported(personas.bm, content)
    assert batch.mapping == {"name": 0, "province": 1, "switchboard": 2}
    assert {row.outcome for row in batch.rows.all()} == {"created"}
    assert Customer.objects.get(name="甲水务有限公司").switchboard == "0311-86553210"
    assert not Contact.objects.exists()
    assert upload(personas.bm, "客户名称,手机\n甲,13700001111\n".encode()).mapping == {
        "name": 0,
        "switchboard": 1,
    }
    assert upload(personas.bm, "客户名称,总机,手机\n甲,1,13700001111\n".encode()).mapping == {
        "name": 0,
        "switchboard": 1,
    }
    asked = checked(personas.bm, content, mapping={"name": 0, "province": 1, "contact_mobile": 3})
    assert {one["code"] for row in asked.rows.all() for one in row.findings} >= {"contact_name_missing"}


@pytest.mark.django_db
def test_customer_numbers_of_another_system_are_left_out_and_ours_are_kept(personas: Any) -> None:
    theirs = upload(personas.bm, "客户编码,客户名称\nC001,甲水务有限公司\nC002,乙水务有限公司\n".encode())
    assert theirs.mapping == {"name": 1}
    ours = checked(
        personas.bm, "客户编码,客户名称\nC001,甲水务有限公司\nkh-01-2020-00001,乙水务有限公司\n".encode()
    )
    assert ours.mapping == {"code": 0, "name": 1}
    assert [row.findings[0]["code"] for row in ours.rows.order_by("number")] == ["unknown_code"] * 2
