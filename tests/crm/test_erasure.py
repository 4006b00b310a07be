"""After an erasure nobody finds the person: every table, sealed column, hash, search word, file, letter and export is walked.

The walk proves that it can fail: each part of the erasure left out is found by it.
"""

from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook

from accounts.models import Delegation
from core import audit, outbox
from core.clock import db_now
from core.comments import add_comment
from core.crypto import blind_hash
from core.erasure_files import letter_text, readable
from core.errors import NotAllowed, RuleBroken
from core.fields import EncryptedTextField
from core.files import path_of, store_and_attach
from core.models import Attachment, AuditEntry, AuditExpiry, SavedView, StoredFile
from core.phones import comparable_phone
from crm.erasure_list import keep_list, read_lists
from crm.exports.contacts import CONTACTS
from crm.exports.customers import CUSTOMERS
from crm.exports.logs import ACTIVITIES
from crm.models import Activity, Affiliation, Consent, Contact, Customer, Erasure, ImportRow, Segment
from crm.operations import (
    erase_contact,
    give_promise,
    make_segment,
    record_consent,
    replay_erasures,
    set_tie,
)
from crm.operations.erasing import person_of
from service.models import IntakeReport, Pump, Ticket
from tests.complaints.factories import make_case
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up
from tests.crm.import_files import imported
from tests.personas import make_person
from tests.surveys.factories import CLOSED, GOOD, sent

pytestmark = pytest.mark.django_db

NAME, MOBILE, EMAIL, WECHAT = "欧阳惜墨", "14109990001", "ouyang.ximo@yunrun.example", "wx_ximo_oy"
NEEDLES = (
    NAME, "惜墨", "^xi-mo", MOBILE, "141 0999 0001", EMAIL, WECHAT, "%E6%AC%A7%E9%98%B3%E6%83%9C%E5%A2%A8",
    blind_hash(comparable_phone(MOBILE)), blind_hash(EMAIL), blind_hash(WECHAT), blind_hash(NAME),
)  # fmt: skip


@pytest.fixture
def officer(personas):
    return make_person("officer", "CO", "CRO", ("privacy_officer",))


@pytest.fixture
def world(personas, now, settings, tmp_path):
    """One person known everywhere, with neighbours who must not be touched."""
    settings.MEDIA_ROOT, settings.MAIL_DIR = tmp_path / "files", tmp_path / "mail"
    settings.ERASURE_LIST = tmp_path / "erasures.json"
    pm = personas.pm
    answered = sent(personas, email=EMAIL)
    customer = answered.customer
    Customer.objects.filter(pk=customer.pk).update(
        switchboard="010-88881234", notes=f"{NAME}是关键人，电话 141-0999-0001", preferences=f"{NAME}不吃辣"
    )
    person = answered.contact
    person.name, person.mobile, person.wechat, person.birthday = NAME, MOBILE, WECHAT, "05-20"
    person.phone, person.title, person.dept = "010-88881234", "设备部长", "设备部"
    person.save()
    neighbour = make_contact(customer, pm, now, name=f"{NAME}轩", reports_to=person, phone="010-88881234")
    answered.answer(by=None, now=CLOSED + timedelta(hours=1), **{**GOOD, "open": f"{NAME}很满意，{EMAIL}"})
    _ticket_and_complaint(personas, customer, person)
    log = make_activity(
        customer,
        pm,
        now,
        summary=f"{NAME}与{NAME}轩都认可，回电 +86 {MOBILE}。",
        contacts=[person, neighbour],
    )
    make_follow_up(customer, pm, now, text=f"给{NAME}发方案")
    give_promise(
        by=pm, now=now, customer=customer, text=f"答应{NAME}周五前给曲线", due_at=now + timedelta(days=5)
    )
    add_comment(by=pm, now=now, subject=customer, text=f"欧阳 惜墨 下周调走，微信 {WECHAT}")
    add_comment(by=pm, now=now, subject=log, text=f"{NAME} 已确认")
    set_tie(by=pm, now=now, contact=person, user=pm, strength=3, note=f"{NAME}是校友")
    Affiliation.objects.create(contact=person, customer=make_customer(pm, now, owner=pm), title="顾问")
    record_consent(by=pm, now=now, contact=person, purpose="marketing", method="paper", proof=f"{NAME}签字")
    make_segment(by=pm, now=now, name="墨", query="search=%E6%AC%A7%E9%98%B3%E6%83%9C%E5%A2%A8")
    SavedView.objects.create(owner=pm, list_code="crm.contact", name=NAME, query=f"search={MOBILE}")
    _files(pm, customer, log)
    content = f"客户名称,联系人,手机\n另一水务有限公司（示例）,{NAME},{MOBILE}\n".encode()
    batch = imported(personas.bm, content)
    assert ImportRow.objects.filter(batch=batch).exists()
    _reasons(personas, customer, now)
    return person


def _reasons(personas, customer, now):
    """What people typed as a reason: in the audit, sealed and not yet, and beside our own people's names."""
    for reason, data in (
        (
            f"{NAME}要求改期，回电 141-0999-0001",
            {"days": 3, "why": f"按{NAME}的来信", "to": [WECHAT, 1.5, None]},
        ),
        (f"{NAME}轩要求改期", {}),
        ("", {"days": 1}),
    ):
        audit.record("crm.change_customer", customer, by=personas.pm, now=now, reason=reason, data=data)
    assert audit.seal(db_now() + timedelta(hours=1)) > 3
    audit.record("crm.change_customer", customer, by=personas.pm, now=now, reason=f"{NAME}又来电，50%_\\")
    Delegation.objects.create(
        from_user=personas.pm, to_user=personas.bm, reason=f"陪{NAME}看厂", valid_from=now, valid_to=now + timedelta(days=1)
    )  # fmt: skip


def _ticket_and_complaint(personas, customer, person):
    ticket = Ticket.objects.get(contact=person)
    ticket.description = f"{NAME}报修：异响"
    ticket.save()
    case = make_case(personas, customer=customer, facts=f"{NAME}投诉交付晚")
    case.contact, case.complainant = person, NAME
    case.save()
    pump = Pump.objects.filter(customer=customer).first()
    for name, phone in ((NAME, MOBILE), ("路人甲", "14100007777")):
        IntakeReport.objects.create(
            pump=pump, branch=customer.branch, symptom="F04", impact="i2", received_at=db_now(), reporter_name=name,
            reporter_phone=phone, description="漏水",
        )  # fmt: skip


def _files(by, customer, log):
    store_and_attach(
        SimpleUploadedFile("通讯录.txt", f"{NAME} {MOBILE}".encode("gb18030")), customer, kind="", by=by
    )
    store_and_attach(SimpleUploadedFile("别人.txt", "路人甲 14100007777".encode()), customer, kind="", by=by)
    book, buffer = Workbook(), BytesIO()
    book.active.append(["联系人", NAME])
    book.save(buffer)
    store_and_attach(SimpleUploadedFile("名单.xlsx", buffer.getvalue()), log, kind="", by=by)
    letter = EmailMessage()
    letter["From"], letter["Date"], letter["Subject"] = (
        "x@y.example",
        "Mon, 30 Nov 2026 10:00:00 +0800",
        "询价",
    )
    letter.set_content(f"<p>{NAME[:2]}<b>{NAME[2:]}</b>询价</p>", subtype="html", cte="base64")
    store_and_attach(SimpleUploadedFile("询价.eml", letter.as_bytes()), customer, kind="", by=by)
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000000000500015e"
        "f32e0a0000000049454e44ae426082"
    )
    store_and_attach(SimpleUploadedFile("合影.png", picture), log, kind="", by=by)
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1.eml").write_text(f"To: {EMAIL}\nSubject: hi\n\n{NAME}\n", encoding="utf-8")
    (folder / "2.eml").write_text("To: someone@else.example\nSubject: hi\n\nhello\n", encoding="utf-8")


# --- the walk ---------------------------------------------------------------------------------------------------------------


def walk():
    """Everything in which the person is still found: table, file or export and the needle."""
    return [*_tables(), *_sealed(), *_bytes(), *_exports(), *_searches()]


def _tables():
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            texts = [text.replace(f"{NAME}轩", "").replace("'欧阳':1", "") for (text,) in cursor.fetchall()]
            for needle in NEEDLES:
                if any(needle in text for text in texts):
                    # the neighbour of the longer name keeps search words of their own
                    if table == "crm_contact" and _only_neighbour(needle):
                        continue
                    yield table, needle


def _only_neighbour(needle):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM crm_contact t WHERE position(%s in t::text) > 0 AND name <> %s",
            [needle, f"{NAME}轩"],
        )
        return cursor.fetchone()[0] == 0


def _sealed():
    for model in apps.get_models():
        for one in model._meta.local_concrete_fields:
            if isinstance(one, EncryptedTextField):
                for value in model._base_manager.values_list(one.name, flat=True):
                    for needle in NEEDLES:
                        if needle in (value or "").replace(f"{NAME}轩", ""):
                            yield f"{model._meta.label}.{one.name}", needle


def _bytes():
    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        if path.is_file():
            texts = list(readable(path.read_bytes()))
            yield from ((path.name, needle) for needle in NEEDLES if any(needle in text for text in texts))
    for path in sorted(Path(settings.MAIL_DIR).glob("*")):
        yield from ((path.name, needle) for needle in NEEDLES if needle in letter_text(path))


def _exports():
    tables = (CUSTOMERS, CONTACTS, ACTIVITIES)
    taken = [list(one.lines(one.model.objects.all(), one.columns)) for one in tables]
    lines = str(taken).replace(f"{NAME}轩", "")
    yield from (("export", needle) for needle in NEEDLES if needle in lines)


def _searches():
    for typed in (MOBILE, EMAIL):
        if Contact.objects.matching(typed).exists():
            yield "search", typed
    if Contact.objects.matching(NAME).exclude(name=f"{NAME}轩").exists():
        yield "search", NAME


def erase(person, officer):
    now = db_now()
    done = erase_contact(by=officer, now=now, contact=person)
    for kind in ("core.delete_bytes", "core.delete_letter", "crm.list_erasure"):
        outbox.deliver_due(kind, now=now + timedelta(hours=1))
    return done


# --- the tests --------------------------------------------------------------------------------------------------------------


def test_before_the_erasure_the_walk_finds_the_person_everywhere(world):
    places = {place for place, _needle in walk()}
    assert {
        "crm_contact", "crm_customer", "crm_activity", "crm_followup", "crm_promise", "core_comment", "crm_contacttie",
        "crm_consent", "crm_segment", "core_savedview", "service_ticket", "service_intakereport", "complaints_complaint",
        "surveys_response", "crm.ImportRow.sealed", "export", "search", "1.eml", "core_auditentry", "accounts_delegation",
    } <= places  # fmt: skip
    assert len([place for place in places if len(place) == 32 and place.isalnum()]) == 3  # three stored files


def test_after_the_erasure_nobody_finds_the_person(world, officer):
    erasure = erase(world, officer)
    assert walk() == []
    assert (erasure.files, erasure.row_count > 10) == (3, True)
    hand = StoredFile.objects.filter(pk__in=erasure.by_hand)
    assert [one.name for one in hand] == ["合影.png"]


def test_what_belongs_to_others_stays(world, officer):
    before = Contact.objects.get(name=f"{NAME}轩")
    erase(world, officer)
    person = Contact.objects.get(pk=world.pk)
    assert (person.name, person.contact_removed, person.birthday, person.title) == (
        f"匿名{world.pk}",
        True,
        "",
        "",
    )
    log = Activity.objects.get(summary__contains="认可")
    assert log.summary == f"匿名{world.pk}与{NAME}轩都认可，回电 ＊＊＊。"
    assert list(log.contacts.order_by("pk")) == [person, before]
    after = Contact.objects.get(pk=before.pk)
    assert (after.name, after.phone, after.reports_to) == (before.name, "010-88881234", None)
    assert Customer.objects.get(pk=person.customer_id).switchboard == "010-88881234"
    assert IntakeReport.objects.filter(reporter_name="路人甲", reporter_phone="14100007777").exists()
    assert {one.name for one in StoredFile.objects.filter(removed_at=None)} == {"别人.txt", "合影.png"}
    assert (Path(settings.MAIL_DIR) / "2.eml").exists()
    words = Consent.objects.get(contact=person, purpose="marketing")
    assert (words.method, words.proof, words.withdrawn_at is not None) == ("paper", "", True)
    assert Segment.objects.get().query == f"search=匿名{world.pk}"
    assert (
        not Consent.objects.visible_to(officer.__class__.objects.get(username="pm"))
        .filter(contact=person)
        .exists()
    )
    assert Consent.objects.visible_to(officer).filter(contact=person).exists()


def test_the_audit_loses_the_person_and_nothing_else_and_is_still_proved(world, officer):
    before = {entry.seq: entry for entry in AuditEntry.objects.all()}
    erasure = erase(world, officer)
    gone = f"匿名{world.pk}"
    changed = [
        (entry.reason, entry.data)
        for entry in AuditEntry.objects.filter(seq__in=before).order_by("seq")
        if (entry.reason, entry.data) != (before[entry.seq].reason, before[entry.seq].data)
    ]
    assert changed == [
        (f"{gone}要求改期，回电 ＊＊＊", {"days": 3, "why": f"按{gone}的来信", "to": ["＊＊＊", 1.5, None]}),
        (f"{gone}又来电，50%_\\", {}),
    ]
    assert erasure.rows["core.auditentry"] == 2
    assert (AuditExpiry.objects.get().cut, AuditExpiry.objects.get().removed) == (1, 0)
    assert audit.verify() == []
    assert audit.seal(db_now() + timedelta(hours=1)) > 0
    assert audit.verify() == []


@pytest.mark.parametrize("change", [{"reason": "anders"}, {"data": {}}, {"to_state": "closed"}])
def test_words_changed_without_an_erasure_are_still_found(world, officer, change):
    erase(world, officer)
    cut = AuditEntry.objects.filter(reason__startswith=f"匿名{world.pk}").order_by("seq").first()
    AuditEntry.objects.filter(pk=cut.pk).update(**change)
    assert audit.verify()


@pytest.mark.parametrize(
    ("part", "found_in"),
    [
        ("core.erasure.personal_rows", "service_intakereport"),
        ("core.erasure._scrub_table", "crm_activity"),
        ("core.erasure._scrub_sealed", "crm.ImportRow.sealed"),
        ("core.erasure._derive_again", "service_ticket"),
        ("crm.operations.erasing.erase_words", "core_auditentry"),
        ("crm.operations.erasing.drop_files", "1.eml"),
        ("crm.operations.erasing._leave_a_label", "crm_contact"),
    ],
)
def test_the_walk_finds_what_an_erasure_leaves_out(world, officer, monkeypatch, part, found_in):
    nothing = {"personal_rows": lambda *a: iter(()), "_derive_again": lambda *a: None}
    name = part.rpartition(".")[2]
    monkeypatch.setattr(part, nothing.get(name, lambda *a, **k: 0))
    erase(world, officer)
    assert found_in in {place for place, _needle in walk()}


def test_a_name_that_others_bear_too_goes_only_around_the_persons_customers(world, officer, personas, now):
    far = make_customer(personas.outsider_pm, now, owner=personas.outsider_pm)
    namesake = make_contact(far, personas.outsider_pm, now, name=NAME)
    make_activity(far, personas.outsider_pm, now, summary=f"{NAME}来厂考察，另记 {MOBILE} 勿用")
    audit.record("crm.change_customer", far, by=None, now=now, reason=f"{NAME}来电，{MOBILE}")
    assert not person_of(world).only_one
    erase(world, officer)
    namesake.refresh_from_db()
    assert namesake.name == NAME
    assert Activity.objects.get(customer=far).summary == f"{NAME}来厂考察，另记 ＊＊＊ 勿用"
    assert Activity.objects.get(customer=world.customer_id).summary.startswith("匿名")
    reasons = set(AuditEntry.objects.exclude(reason="").values_list("reason", flat=True))
    assert {f"{NAME}来电，＊＊＊", f"匿名{world.pk}要求改期，回电 ＊＊＊"} <= reasons


def test_only_the_officer_erases_and_only_once(world, officer, personas):
    for name in ("pm", "bm", "ex", "au", "ad"):
        with pytest.raises(NotAllowed):
            erase_contact(by=personas[name], now=db_now(), contact=world)
    world.legal_hold = "仲裁"
    with pytest.raises(RuleBroken):
        erase_contact(by=officer, now=db_now(), contact=world)
    assert not Erasure.objects.exists()
    world.legal_hold = ""
    first = erase(world, officer)
    world.refresh_from_db()
    assert erase(world, officer) == first


def test_a_failure_in_the_middle_leaves_everything(world, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("in the middle")

    monkeypatch.setattr("crm.operations.erasing._note", fail)
    with pytest.raises(RuntimeError):
        erase_contact(by=officer, now=db_now(), contact=world)
    assert Contact.objects.get(pk=world.pk).name == NAME
    assert StoredFile.objects.filter(removed_at__isnull=False).count() == 0
    assert all(path_of(one.stored_name).exists() for one in StoredFile.objects.all())


def test_a_restored_copy_erases_again_by_the_list_kept_outside(world, officer, tmp_path):
    kept = tmp_path / "beside" / "erasures.json"
    kept.parent.mkdir()
    kept.write_text(f'{{"{world.pk}": "2026-11-22T01:00:00+00:00", "999999": "2026-01-01T00:00:00+00:00"}}')
    everybody = read_lists([kept, tmp_path / "missing.json"])
    assert replay_erasures(everybody, now=db_now()) == 1  # the restored rows know the person still
    assert walk() == []
    assert replay_erasures(everybody, now=db_now()) == 0
    listed = keep_list(tmp_path / "erasures.json", also=[kept])
    assert set(listed) == {world.pk, 999999} == set(read_lists([tmp_path / "erasures.json"]))
    (tmp_path / "erasures.json").write_text("{")
    with pytest.raises(ValueError, match="Expecting"):
        read_lists([tmp_path / "erasures.json"])


def test_a_removed_file_answers_gone(world, officer, client):
    attachment = Attachment.objects.get(file__name="名单.xlsx")
    erase(world, officer)
    client.force_login(officer)
    answer = client.get(f"/files/{attachment.pk}/")
    assert answer.status_code in (404, 410)
