"""Files are what their bytes say, under names that hurt nobody, readable only with their record."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.file_types import sniff, without_location
from core.files import FileTooLarge, FileTypeRefused, path_of, safe_name, store_upload
from core.public_tokens import make_token, token_hash

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8" + b"\xff\xe1\x00\x0aExif\x00GPS!"[:12] + b"\xff\xdb\x00\x04ab" + b"\xff\xda" + b"picture"


def office(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PNG, "image/png"),
        (b"%PDF-1.7 ...", "application/pdf"),
        ("测试 plain".encode(), "text/plain"),
        ("测试".encode("gb18030"), "text/plain"),
        (b"<svg xmlns='x'><script>1</script></svg>", None),
        (b"<!DOCTYPE html><html>", None),
        (b"hello <script>alert(1)</script>", None),
        (b"<?php system('x');", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF\x02", None),
        (b"", None),
        (b"PK\x03\x04broken", None),
    ],
)
def test_the_type_comes_from_the_bytes(data, found):
    assert sniff(io.BytesIO(data)) == found


def test_office_files_pass_and_macros_do_not():
    assert sniff(io.BytesIO(office("xl/workbook.xml"))).endswith("spreadsheetml.sheet")
    assert sniff(io.BytesIO(office("xl/workbook.xml", "xl/vbaProject.bin"))) is None
    assert sniff(io.BytesIO(office("evil.exe"))) is None


def test_place_and_camera_are_taken_out_of_public_photos():
    cleaned = without_location(JPEG)
    assert b"Exif" not in cleaned
    assert cleaned.startswith(b"\xff\xd8")
    assert cleaned.endswith(b"picture")
    assert without_location(PNG) == PNG


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("报告\u202egnp.exe", "报告gnp.exe"),
        ("a\r\nX: y.png", "aX: y.png"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_names_are_safe_to_show_and_send(name, kept):
    assert safe_name(name) == kept


def test_long_names_keep_their_ending():
    assert safe_name("泵" * 300 + ".pdf").endswith(".pdf")
    assert len(safe_name("泵" * 300 + ".pdf")) <= 120


@pytest.mark.django_db
def test_an_upload_is_kept_under_a_random_name(personas, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = store_upload(SimpleUploadedFile("a.png.html", PNG), by=personas.pm)
    assert file.content_type == "image/png"
    assert file.size == len(PNG)
    assert path_of(file.stored_name).read_bytes() == PNG


@pytest.mark.django_db
def test_what_is_refused_leaves_nothing(personas, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(FileTypeRefused):
        store_upload(SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"), by=personas.pm)
    monkeypatch.setattr("core.files.MAX_BYTES", 4)
    with pytest.raises(FileTooLarge):
        store_upload(SimpleUploadedFile("a.png", PNG), by=personas.pm)
    assert not list(tmp_path.rglob("*"))


def test_a_token_is_128_bits_the_same_each_time_and_new_per_generation():
    token = make_token("ticket", 12)
    assert token == make_token("ticket", 12)
    assert len(token) == 26
    assert len({token, make_token("ticket", 13), make_token("pump", 12), make_token("ticket", 12, 2)}) == 4
    assert token_hash(token.upper()) == token_hash(f" {token} ")
