"""E-mails with pages and files in them are kept; what only pretends to be one is not, and nothing of it is ever shown by us."""

import io
from email import policy
from email.message import EmailMessage

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.erasure_files import readable
from core.file_types import sniff
from core.files import FileTypeRefused, path_of, store_and_attach, store_upload
from core.mails import DEEPEST, MAIL, MOST_PARTS
from tests.crm.factories import make_customer

PAGE = (
    "<!DOCTYPE html><html><body><p>王<b>伟</b>您好，<a href='https://example.com'>报价</a></p></body></html>"
)
HEAD = "Received: from mx (mx [192.0.2.1])\r\n\tby mail; Mon, 30 Nov 2026 10:00:00 +0800\r\nFrom: Head <head.office@example.com>\r\nDate: Mon, 30 Nov 2026 10:00:00 +0800\r\n"


def letter(*, html=True, files=(), subject="报价：双吸泵", policy_used=policy.SMTP):
    """What a mail program writes when a letter is saved."""
    message = EmailMessage(policy=policy_used)
    message["From"], message["To"] = "许文博 <xu@example.com>", "pm@example.com"
    message["Date"], message["Subject"] = "Mon, 30 Nov 2026 10:00:00 +0800", subject
    message.set_content("王伟您好，报价见附件。", cte="base64")
    if html:
        message.add_alternative(PAGE, subtype="html", cte="quoted-printable")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def forwarded(depth):
    inner = HEAD + "\r\ntext"
    for _ in range(depth):
        inner = HEAD + "Content-Type: message/rfc822\r\n\r\n" + inner
    return inner.encode()


def many_parts(count):
    part = "--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nhi\r\n--y--\r\n"
    return (HEAD + "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + part * count + "--x--").encode()


@pytest.mark.parametrize(
    "data",
    [
        letter(),
        letter(html=False),
        letter(policy_used=policy.default),
        letter(files=[("价格表.pdf", b"%PDF-1.7 x"), ("签名.gif", b"GIF89a..")]),
        (HEAD + "Content-Type: text/html; charset=utf-8\r\n\r\n" + PAGE).encode(),
        (HEAD + "Subject: 报价\r\n\r\n您好").encode(),
        (HEAD + "Subject: 报价\r\n\r\n您好").encode("gb18030"),
        b"\xef\xbb\xbf" + letter(),
        forwarded(2),
        many_parts(20),
        (HEAD + "X-Trace: " + "a" * 9000 + "\r\nContent-Type: text/html\r\n\r\n" + PAGE).encode(),
    ],
    ids=[
        "page",
        "text",
        "line feeds",
        "files",
        "page alone",
        "8 bit",
        "gb18030",
        "mark",
        "forwarded",
        "parts",
        "long head",
    ],
)
def test_a_letter_is_kept_as_one(data):
    assert sniff(io.BytesIO(data)) == MAIL


@pytest.mark.parametrize(
    "data",
    [
        PAGE.encode(),
        ("\r\n" + PAGE).encode(),
        ("From: x\r\n\r\n" + PAGE).encode(),
        (HEAD + "\r\n" + PAGE).encode(),
        (HEAD + "Content-Type: text/plain\r\n\r\n \r\n<script>alert(1)</script>").encode(),
        (HEAD + "Subject: <script>alert(1)</script>\r\n\r\nhi").encode(),
        ("<html>\r\n" + HEAD + "\r\nhi").encode(),
        (HEAD + "<html>: 1\r\n\r\nhi").encode(),
        (HEAD + "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + PAGE).encode(),
        (HEAD + "Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\n" + PAGE).encode(),
        letter(files=[("setup.pdf", b"MZ\x90\x00program")]),
        letter(files=[("run", b"\x7fELF\x02")]),
        letter() + b"\0",
        forwarded(DEEPEST + 2),
        forwarded(2000),
        many_parts(MOST_PARTS),
    ],
    ids=[
        "page renamed", "blank and page", "one field", "undeclared page", "page as text", "script in a field", "page before",
        "mark as a field", "no part begins", "no boundary", "program", "other program", "zero byte", "deep", "very deep",
        "too many parts",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_letter_is_refused(data):
    assert sniff(io.BytesIO(data)) is None


def test_an_erasure_reads_what_is_packed_into_a_letter():
    inner = letter(html=False, files=[("名单.txt", "欧阳惜墨 14109990001".encode("gb18030"))])
    found = "\n".join(readable(letter(files=[("转发.eml", inner)], subject="致王伟")))
    assert "王伟您好，报价" in found  # out of the page, where marks part the name
    assert "报价见附件" in found
    assert "致王伟" in found
    assert "许文博" in found
    assert "欧阳惜墨 14109990001" in found


@pytest.mark.django_db
def test_a_letter_is_handed_out_and_never_shown(personas, client, settings, tmp_path, now):
    settings.MEDIA_ROOT = tmp_path
    customer = make_customer(personas.pm, now, owner=personas.pm)
    data = letter()
    upload = SimpleUploadedFile("回复.eml", data, content_type="text/html")
    kept = store_and_attach(upload, customer, kind="", by=personas.pm)
    client.force_login(personas.pm)
    for ask in ("", "?inline=1"):
        answer = client.get(f"/files/{kept.pk}/{ask}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == MAIL
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert b"".join(answer.streaming_content) == data


@pytest.mark.django_db
def test_a_page_renamed_leaves_nothing(personas, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(FileTypeRefused):
        store_upload(SimpleUploadedFile("a.eml", PAGE.encode(), content_type=MAIL), by=personas.pm)
    assert not list(tmp_path.rglob("*"))
    data = letter()
    file = store_upload(SimpleUploadedFile("a.html", data), by=personas.pm)
    assert (file.content_type, path_of(file.stored_name).read_bytes()) == (MAIL, data)
