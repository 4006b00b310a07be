"""Files that open only with their password, in the form office programs and packers know."""

import io
import re

import msoffcrypto
import pytest
import pyzipper

from core.locked_files import lock_workbook, lock_zip, new_password
from core.spreadsheets import NotATable, TableRefused, read_table
from core.xlsx import write_xlsx

ROWS = [["甲公司", "+8613800138000"], ["=1+1", "007"]]


def locked_workbook(password):
    plain, target = io.BytesIO(), io.BytesIO()
    write_xlsx(plain, ["名称", "手机"], ROWS)
    lock_workbook(plain, target, password)
    return target.getvalue()


def test_a_workbook_asks_for_its_password():
    content = locked_workbook("abcd-efgh")
    assert content.startswith(bytes.fromhex("d0cf11e0"))  # the container office programs know as encrypted
    assert "甲公司".encode() not in content
    office = msoffcrypto.OfficeFile(io.BytesIO(content))
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        office.load_key(password="abcd-efgi", verify_password=True)
    office.load_key(password="abcd-efgh", verify_password=True)
    plain = io.BytesIO()
    office.decrypt(plain)
    assert [cells for _number, cells in read_table(plain.getvalue()).rows] == ROWS


def test_an_import_says_how_to_unlock_a_workbook():
    with pytest.raises(TableRefused) as refusal:
        read_table(locked_workbook("abcd-efgh"))
    assert refusal.value.code == "locked"
    with pytest.raises(NotATable):  # an old workbook without a password is another matter
        read_table(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000))


def test_a_zip_is_sealed_with_aes():
    target = io.BytesIO()
    lock_zip([b"a" * 70_000, "甲公司".encode()], target, "abcd-efgh", name="CK-1.csv")
    with pyzipper.AESZipFile(target) as archive:
        assert archive.infolist()[0].wz_aes_strength == 3  # 256 bits
        with pytest.raises(RuntimeError):
            archive.read("CK-1.csv", pwd=b"abcd-efgi")
        assert archive.read("CK-1.csv", pwd=b"abcd-efgh") == b"a" * 70_000 + "甲公司".encode()


def test_passwords_differ_and_can_be_typed():
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}", one) for one in made)
