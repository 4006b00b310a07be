"""What the demo company's contacts said about their data: notices, consents with proof, an objection, requests in every state."""

from datetime import timedelta
from typing import Any

from core.demo import DemoWorld
from crm.choices import RevealReason
from crm.models import Contact, PrivacyRequest
from crm.operations import (
    add_privacy_request,
    carry_out_request,
    record_consent,
    reveal_contact,
    withdraw_consent,
)
from crm.privacy_choices import ConsentMethod, Purpose, RequestKind, RequestRefusal, VerifiedVia

INFORMED = ("yunrun", "beilan", "haiyan", "hengchuan", "qingyu", "hefen")
# Customer, which of its people, purpose, how, what shows it, days ago, and days ago it was withdrawn (0: it stands).
REQUESTS = (
    ("hefen", 0, RequestKind.CORRECT, 34, "done"),
    ("beilan", 1, RequestKind.EXPLAIN, 21, "refused"),
    ("other3", 1, RequestKind.DELETE, 17, "done"),
    ("yunrun", 2, RequestKind.COPY, 16, "in_progress"),
    ("haiyan", 0, RequestKind.EXPLAIN, 4, "verified"),
    ("hengchuan", 1, RequestKind.DELETE, 2, "received"),
)
SAID = {
    RequestKind.CORRECT: "我的职务和手机号已变更，请更正。",
    RequestKind.EXPLAIN: "请说明我的联系方式从何处取得、用于什么。",
    RequestKind.DELETE: "我已不负责设备采购，请删除我的个人信息。",
    RequestKind.COPY: "请提供贵司保存的我的个人信息副本。",
}
WORDS = (
    ("yunrun", 0, Purpose.MARKETING, ConsentMethod.PAPER, "技术交流会签到单第 2 页", 210, 0),
    ("yunrun", 1, Purpose.MARKETING, ConsentMethod.EMAIL, "邮件回复“同意接收”", 150, 40),
    ("yunrun", 0, Purpose.SHARE_THIRD_PARTY, ConsentMethod.PAPER, "物流委托书附件", 180, 0),
    ("beilan", 0, Purpose.MARKETING, ConsentMethod.WECHAT, "企业微信消息截图", 90, 0),
    ("haiyan", 0, Purpose.RECORDING, ConsentMethod.SPOKEN, "通话开始时同意，调度在场", 30, 0),
    ("haiyan", 1, Purpose.MARKETING, ConsentMethod.FORM, "样本下载表单", 300, 0),
)


def load(world: DemoWorld) -> None:
    """Notices at the first contact, separate consents, one withdrawn, and one who wants no surveys."""
    for number, key in enumerate(INFORMED):
        for person in _people(world, key):
            record_consent(
                by=_of(world, person),
                now=world.ago(days=400 - 20 * number),
                contact=person,
                purpose=Purpose.SERVICE,
                method=ConsentMethod.NOTICE,
                proof="首次联系邮件附《个人信息告知书》",
            )
    for key, place, purpose, method, proof, days, withdrawn in WORDS:
        person = _people(world, key)[place]
        by = _of(world, person)
        record_consent(
            by=by, now=world.ago(days=days), contact=person, purpose=purpose, method=method, proof=proof
        )
        if withdrawn:
            withdraw_consent(
                by=by,
                now=world.ago(days=withdrawn),
                contact=person,
                purpose=purpose,
                method=ConsentMethod.EMAIL,
            )
    silent = _people(world, "hengchuan")[-1]
    withdraw_consent(
        by=_of(world, silent), now=world.now - timedelta(days=60), contact=silent, purpose=Purpose.SURVEY
    )
    _requests(world)
    _burst(world)


def _burst(world: DemoWorld) -> None:
    """One evening somebody opened number after number; the officer and supervision were told."""
    by, people = world.users["pm2"], [*_people(world, "beilan"), *_people(world, "hengchuan")]
    for turn in range(22):
        person = people[turn % len(people)]
        moment = world.now - timedelta(days=9) + timedelta(seconds=17 * turn)
        reveal_contact(by=by, now=moment, contact=person, reason=RevealReason.DATA_CHECK)


def _requests(world: DemoWorld) -> None:
    """What people asked, in every state; one person of another customer was erased."""
    officer = world.users["co1"]
    for key, place, kind, days, step in REQUESTS:
        person = _people(world, key)[place]
        row: Any = add_privacy_request(
            by=_of(world, person), now=world.ago(days=days), contact=person, kind=kind, words=SAID[kind]
        )
        if step == "received":
            continue
        if step == "refused":
            row.refuse(
                by=officer, now=world.ago(days=days - 2), refused_for=RequestRefusal.NOT_VERIFIED,
                answer="按留存号码回拨两次，接听人否认提出申请，本次不予办理。",
            )  # fmt: skip
            continue
        row = row.verify(by=officer, now=world.ago(days=days - 1), verified_via=VerifiedVia.CALL_BACK)
        if step == "verified":
            continue
        row = row.start(by=officer, now=world.ago(days=days - 1))
        carry_out_request(now=world.ago(days=days - 1), request=row, by=officer)
        if step == "done" and kind != RequestKind.DELETE:
            row = PrivacyRequest.objects.get(pk=row.pk)
            row.finish(by=officer, now=world.ago(days=days - 3), answer="已按申请更正并书面告知本人。")


def _people(world: DemoWorld, key: str) -> list[Contact]:
    people = Contact.objects.alive().here().filter(customer=world.customers[key])
    return list(people.select_related("customer__owner").order_by("pk"))


def _of(world: DemoWorld, person: Contact) -> object:
    return person.customer.owner or world.users["co1"]
