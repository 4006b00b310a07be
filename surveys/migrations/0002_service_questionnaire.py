"""The service questionnaire T-SVC in both languages, in use from the first day."""

from django.db import migrations
from django.db.models.functions import Now

QUESTIONS = (
    ("q0", "scale5", "您对本次服务的总体满意程度", "How satisfied are you with this service overall?"),
    ("dim1", "scale5", "我们响应和处理是否及时、高效", "We responded and acted promptly"),
    ("dim2", "scale5", "服务人员是否友好、尊重、负责", "Staff were friendly, respectful and responsible"),
    ("dim3", "scale5", "服务人员的技术能力能否解决问题", "Staff had the skill to solve the problem"),
    ("fix", "yesno", "问题是否已经解决", "Is the problem solved?"),
    ("ces", "scale7", "解决这个问题您觉得省力吗", "How easy was it to get this solved?"),
    ("open", "text", "我们最应改进的一点是什么", "What is the one thing we should improve?"),
)


def add_questionnaire(apps, schema_editor):
    questionnaire = apps.get_model("surveys", "Questionnaire").objects.create(
        template="t_svc",
        edition=1,
        title={"zh-hans": "服务评价", "en": "Service review"},
        intro={
            "zh-hans": "点一个分数即可提交；其余各题愿意答几题都行。",
            "en": "One tap is enough to send; answer as many of the other questions as you like.",
        },
        state="published",
    )
    question = apps.get_model("surveys", "Question")
    question.objects.bulk_create(
        question(
            questionnaire=questionnaire, place=place, code=code, kind=kind, text={"zh-hans": zh, "en": en}
        )
        for place, (code, kind, zh, en) in enumerate(QUESTIONS, start=1)
    )
    apps.get_model("core", "AuditEntry").objects.create(
        at=Now(),
        code="surveys.publish_questionnaire",
        object_kind="surveys.questionnaire",
        object_id=questionnaire.pk,
        root_kind="surveys.questionnaire",
        root_id=questionnaire.pk,
        from_state="draft",
        to_state="published",
        data={"edition": 1},
    )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_surveys"), ("core", "__first__")]

    operations = [migrations.RunPython(add_questionnaire, migrations.RunPython.noop)]
