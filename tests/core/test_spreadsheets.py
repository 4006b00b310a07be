"""Tables in and out: encodings, Excel's habits, hostile files, and every text coming back as it went out."""

import contextlib
import io
import random
import time
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.spreadsheets import NotATable, TableRefused, csv_chunks, guard, parse_date, read_table, unguard
from core.xlsx import write_xlsx

ROWS = [["编号", "名称"], ["1", "云润水务"], ["2", "*ST西水"]]
TRICKY = [
    "=1+1",
    "+8613800000000",
    "-5",
    "@sum",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋86",
    "'=1",
    "''=1",
    "'x",
    "'",
    " =1",
    "*ST西水",
    "007",
    "1.38E+10",
    "",
    "a\nb",
    '"',
    "逗,号",
]


def xlsx(rows, *, prepare=None, **options) -> bytes:
    book = Workbook(**options)
    for row in rows:
        book.active.append(row)
    if prepare:
        prepare(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in ROWS)
    table = read_table(text.encode(encoding))
    assert [table.headers, *[cells for _, cells in table.rows]] == ROWS
    assert table.delimiter == delimiter


def test_a_rare_character_of_gb18030_is_read():
    assert read_table("名称,地\n𠮷野家,京".encode("gb18030")).rows == [(2, ["𠮷野家", "京"])]


def test_row_numbers_are_those_of_the_spreadsheet_and_blank_rows_do_not_count():
    table = read_table('客户表,,\n\n编号,名称,备注\n1,甲,\n,,\n2,乙,"两\n行"\n3,丙,x\n'.encode())
    assert table.header_row == 3
    assert table.headers == ["编号", "名称", "备注"]
    assert [number for number, _ in table.rows] == [4, 6, 7]


def test_an_empty_first_header_is_allowed():
    table = read_table(",TS代码,股票名称\n0,000001.SZ,平安银行\n".encode("gbk"))
    assert table.headers == ["", "TS代码", "股票名称"]
    assert table.rows == [(2, ["0", "000001.SZ", "平安银行"])]


def test_the_separator_line_of_excel_is_obeyed():
    assert read_table(b"sep=;\na;b,c\n1;2,3\n").headers == ["a", "b,c"]


def test_one_column_and_an_empty_file():
    assert read_table("名称\n甲\n".encode()).rows == [(2, ["甲"])]
    assert read_table(b"").headers == []


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04broken",
        b"a\xff\xffb",
    ],
)
def test_other_files_are_refused(content):
    with pytest.raises(NotATable):
        read_table(content)


def test_reading_stops_at_the_limit_and_says_so():
    table = read_table(("名称\n" + "甲\n" * 500).encode(), max_rows=100)
    assert (len(table.rows), table.truncated) == (100, True)
    table = read_table(xlsx([["名称"]] + [["甲"]] * 500), max_rows=100)
    assert (len(table.rows), table.truncated) == (100, True)


# -- Excel's habits -------------------------------------------------------------------------------------------------


def test_numbers_come_as_digits_and_days_as_days():
    def prepare(book):
        page = book.active
        page["A2"], page["B2"], page["C2"], page["D2"] = (
            13800000000,
            138.0,
            date(2026, 11, 22),
            datetime(2026, 11, 22, 9, 5),
        )
        page["E2"], page["F2"], page["G2"] = 7, 0.1 + 0.2, 911100006000373415
        page["E2"].number_format = "00000"
        page["H2"], page["I2"] = True, "007"

    cells = read_table(xlsx([list("ABCDEFGHI")], prepare=prepare)).rows[0][1]
    assert cells[:6] == ["13800000000", "138", "2026-11-22", "2026-11-22 09:05", "00007", "0.3"]
    assert cells[6].endswith("E+17")
    assert cells[7:] == ["TRUE", "007"]


@pytest.mark.parametrize("mac", [False, True])
def test_both_epochs_of_excel(mac):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def prepare(book):
        if mac:
            book.epoch = CALENDAR_MAC_1904
        book.active["A2"] = date(2026, 11, 22)

    table = read_table(xlsx([["日期"]], prepare=prepare))
    assert table.uses_1904 is mac
    assert table.rows == [(2, ["2026-11-22"])]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)), ("2026/1/2", date(2026, 1, 2)), ("2026年11月22日", date(2026, 11, 22)),
        ("2026.11.22", date(2026, 11, 22)), ("20261122", date(2026, 11, 22)), ("46348", date(2026, 11, 22)),
        ("２０２６-11-22 09:05", date(2026, 11, 22)), ("2026-02-30", None), ("明天", None), ("12", None), ("", None),
    ],
)  # fmt: skip
def test_days_as_people_write_them(text, day):
    assert parse_date(text) == day


def test_a_serial_of_1904():
    assert parse_date("44886", uses_1904=True) == date(2026, 11, 22)


def test_a_value_merged_over_rows_stands_in_each():
    def prepare(book):
        book.active.merge_cells("A2:A4")
        book.active.merge_cells("B5:C5")

    rows = [
        ["省", "名称", "备注"],
        ["河北省", "甲", ""],
        [None, "乙", ""],
        [None, "丙", ""],
        ["广东省", "丁", None],
    ]
    table = read_table(xlsx(rows, prepare=prepare))
    assert [cells[:2] for _, cells in table.rows] == [
        ["河北省", "甲"],
        ["河北省", "乙"],
        ["河北省", "丙"],
        ["广东省", "丁"],
    ]


def test_a_merged_title_above_the_headers_is_skipped():
    table = read_table(
        xlsx(
            [["客户清单", None, None], ["编号", "名称", ""], [1, "甲", None]],
            prepare=lambda book: book.active.merge_cells("A1:C1"),
        )
    )
    assert (table.header_row, table.headers[:2]) == (2, ["编号", "名称"])
    assert table.rows[0][1][:2] == ["1", "甲"]


def test_formulas_without_results_are_refused_and_hidden_sheets_skipped():
    with pytest.raises(TableRefused) as refused:
        read_table(xlsx([["a"], ["=1+1"]]))
    assert refused.value.code == "formulas_without_results"

    def prepare(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("数据").append(["名称"])
        book["数据"].append(["甲"])

    table = read_table(xlsx([["x"]], prepare=prepare))
    assert (table.sheet, table.rows) == ("数据", [(2, ["甲"])])


# -- hostile files --------------------------------------------------------------------------------------------------


def rezip(content: bytes, changes: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)
    return file.getvalue()


SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"
BOMB = SHEET + b"<row>" + b" " * (200 * 1024 * 1024) + b"</row>" + END
MANY = (
    SHEET
    + b"".join(b'<row r="%d">' % number + b"<c><v>1</v></c>" * 100 + b"</row>" for number in range(1, 11_000))
    + END
)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SHEET[21:] + END
FAR = SHEET + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END


@pytest.mark.parametrize(
    ("sheet", "code"),
    [("BOMB", "zip_bomb"), ("MANY", "too_many_cells"), ("ENTITY", "xml_entities"), ("FAR", "too_many_cells")],
)
def test_hostile_workbooks_are_refused_at_once(sheet, code):
    content = rezip(xlsx([["a"]]), {"xl/worksheets/sheet1.xml": globals()[sheet]})
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(TableRefused) as refused:
        read_table(content)
    elapsed, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == code
    assert elapsed < 2
    assert peak < 100 * 1024 * 1024


def test_damaged_workbooks_are_refused():
    good = xlsx([["a"], ["b"]])
    for content in (
        good[: len(good) // 2],
        rezip(good, {"xl/worksheets/sheet1.xml": SHEET}),
        rezip(good, {"xl/workbook.xml": b"<x/>"}),
    ):
        with pytest.raises((NotATable, TableRefused)):
            read_table(content)


def test_a_csv_with_too_many_cells_or_an_endless_quote_is_refused():
    with pytest.raises(TableRefused):
        read_table(b"a," * 5_000)
    with pytest.raises(TableRefused):
        read_table(b'a,b\n"' + b"x" * 200_000)


def test_a_csv_may_hold_a_hundred_thousand_rows_of_twenty_columns_but_not_four_million_cells():
    line = b"x," * 19 + b"x\n"
    table = read_table(line * 100_001)
    assert len(table.rows) == 100_000
    assert {len(cells) for _number, cells in table.rows} == {20}
    with pytest.raises(TableRefused) as refused:
        read_table((b"x," * 39 + b"x\n") * 100_001)
    assert refused.value.code == "too_many_cells"


# -- round trip -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@x", "\t=", "\r=", "＝1", "'=1", " =1"])
def test_no_live_formula_leaves_us(text):
    assert guard(text).startswith("'")
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["*ST西水", "'x", "1-2", "甲=乙", "", "'"])
def test_harmless_text_is_left_alone(text):
    assert guard(text) == text == unguard(text)


def test_every_text_survives_csv_and_xlsx():
    rows = [[str(number), text] for number, text in enumerate(TRICKY)]
    file = io.BytesIO()
    assert write_xlsx(file, ["编号", "=名称"], rows, sheet="客户/清单", widths=[8, 30]) == len(rows)
    for content in (b"".join(csv_chunks(["编号", "=名称"], rows)), file.getvalue()):
        table = read_table(content)
        assert table.headers == ["编号", "=名称"]
        assert [(cells + [""])[:2] for _, cells in table.rows] == rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=4))
def test_any_text_survives(texts):
    rows = [[str(number), text] for number, text in enumerate(texts)]
    file = io.BytesIO()
    write_xlsx(file, ["a", "b"], rows)
    for content in (b"".join(csv_chunks(["a", "b"], rows)), file.getvalue()):
        assert [(cells + [""])[:2] for _, cells in read_table(content).rows] == rows


def test_a_workbook_of_ours_holds_text_and_no_formula():
    file = io.BytesIO()
    write_xlsx(file, ["a"], [["=1+1"], ["007"]])
    page = load_workbook(file).active
    assert [cell.data_type for cell in page["A"]] == ["s", "s", "s"]
    assert page["A2"].value == "=1+1"
    assert page["A2"].quotePrefix


def test_numbers_and_instants_are_written_as_such():
    instant = datetime(2026, 11, 22, 1, 5, tzinfo=UTC)
    text = b"".join(csv_chunks(["a"], [[Decimal("-5.10"), instant, None, True, date(2026, 11, 22)]])).decode(
        "utf-8-sig"
    )
    assert text.splitlines()[1] == "-5.10,2026-11-22 09:05,,TRUE,2026-11-22"


def test_big_exports_are_streamed():
    tracemalloc.start()
    rows = ([number, f"客户{number}"] for number in range(50_000))
    size = sum(len(chunk) for chunk in csv_chunks(["a", "b"], rows))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 800_000
    assert peak < 2_000_000


def test_the_list_of_listed_companies():
    path = Path(__file__).parents[3] / "shared" / "data" / "listed_companies_gbk.csv"
    if not path.exists():
        pytest.skip("the list of listed companies is not part of the product")
    table = read_table(path.read_bytes())
    assert (table.encoding, table.delimiter, len(table.rows)) == ("gb18030", ",", 4347)
    assert any(cells[3] == "*ST西水" for _, cells in table.rows)


def test_random_bytes_never_crash():
    rng = random.Random(5)
    good = xlsx(ROWS)
    for _ in range(600):
        content = bytearray(good)
        for _ in range(rng.randrange(1, 8)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        with contextlib.suppress(NotATable, TableRefused):
            read_table(bytes(content))
