"""What the demo company's contacts said about their data: notices, consents with proof, an objection, a withdrawal."""

from datetime import timedelta

from core.demo import DemoWorld
from crm.models import Contact
from crm.operations import record_consent, withdraw_consent
from crm.privacy_choices import ConsentMethod, Purpose

INFORMED = ("yunrun", "beilan", "haiyan", "hengchuan", "qingyu", "hefen")
# Customer, which of its people, purpose, how, what shows it, days ago, and days ago it was withdrawn (0: it stands).
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


def _people(world: DemoWorld, key: str) -> list[Contact]:
    people = Contact.objects.alive().here().filter(customer=world.customers[key])
    return list(people.select_related("customer__owner").order_by("pk"))


def _of(world: DemoWorld, person: Contact) -> object:
    return person.customer.owner or world.users["co1"]
