import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.translated


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_job_title_in_two_languages"),
        ("accounts", "__first__"),
        ("complaints", "0001_complaints"),
        ("crm", "0001_customers"),
        ("service", "0001_pumps_tickets"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeerCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("peer_digest", models.CharField(max_length=64)),
                ("hour", models.DateTimeField()),
                ("misses", models.PositiveIntegerField(default=0)),
                ("posts", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("peer_digest", "hour"), name="one_count_per_peer_and_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                (
                    "template",
                    models.CharField(
                        choices=[
                            ("t_svc", "Service review"),
                            ("t_acc", "Delivery and acceptance"),
                            ("t_ann", "Yearly survey"),
                            ("t_cmp", "Complaint handling"),
                        ],
                        max_length=8,
                        verbose_name="template",
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="edition")),
                ("title", core.translated.TranslatedField(verbose_name="title")),
                ("intro", core.translated.TranslatedField(blank=True, verbose_name="introduction")),
                ("thanks", core.translated.TranslatedField(blank=True, verbose_name="thank-you words")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "In use"), ("retired", "Retired")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("frozen_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "questionnaire",
                "verbose_name_plural": "questionnaires",
                "ordering": ["template", "-edition"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "edition"), name="one_edition"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("template",),
                        name="one_published_edition",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=1)),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("q0", "Overall satisfaction"),
                            ("dim1", "Timeliness and efficiency"),
                            ("dim2", "Staff attitude"),
                            ("dim3", "Staff skill"),
                            ("dim4", "Overall service capability"),
                            ("dim5", "Delivery as agreed"),
                            ("dim6", "Improvement"),
                            ("dim7", "Product quality and efficiency"),
                            ("pmc", "Project manager's communication"),
                            ("ces", "Customer effort"),
                            ("fix", "Problem solved"),
                            ("nps", "Recommendation"),
                            ("rep", "Buying again"),
                            ("cmp", "Compared with others"),
                            ("open", "To improve"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale5", "1 to 5"),
                            ("scale7", "1 to 7"),
                            ("yesno", "Yes, partly, no"),
                            ("nps", "0 to 10"),
                            ("text", "Free text"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", core.translated.TranslatedField(verbose_name="question")),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="surveys.questionnaire",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "code"), name="one_question_per_code")
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("csat", "Overall 1–2"),
                                ("dimension", "A dimension 1–2"),
                                ("ces", "Effort 1–2"),
                                ("nps", "Recommendation 0–6"),
                                ("not_solved", "Not solved"),
                                ("words", "Alarming word"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be called"),
                            ("called", "Called"),
                            ("proposed", "Promised"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_at", models.DateTimeField(verbose_name="call by")),
                ("called_at", models.DateTimeField(null=True, verbose_name="called")),
                (
                    "call_note",
                    models.TextField(blank=True, max_length=2000, verbose_name="what the customer said"),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("slow", "Came or answered late"),
                            ("attitude", "Manner of our people"),
                            ("skill", "Skill or diagnosis"),
                            ("not_fixed", "Fault not gone or back"),
                            ("parts", "Spare parts"),
                            ("price", "Price or charges"),
                            ("product", "Pump itself"),
                            ("communication", "Not kept informed"),
                            ("mistake", "Clicked by mistake"),
                            ("other", "Other"),
                        ],
                        max_length=14,
                        verbose_name="cause",
                    ),
                ),
                ("action", models.TextField(blank=True, max_length=2000, verbose_name="what we do")),
                ("promised_on", models.DateField(null=True, verbose_name="promised for")),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "reask_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="asked again from"),
                ),
                ("recovered", models.BooleanField(editable=False, null=True, verbose_name="recovered")),
                ("complaint_by_customer", models.BooleanField(default=False, editable=False)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="manager responsible",
                    ),
                ),
            ],
            options={
                "verbose_name": "recovery",
                "verbose_name_plural": "recoveries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["branch", "-id"], name="recovery_branch"),
                    models.Index(fields=["owner", "-id"], name="recovery_owner"),
                    models.Index(fields=["customer", "-id"], name="recovery_customer"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_at"], name="recovery_due"
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed")), fields=["reask_at"], name="recovery_reask"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "To be sent"),
                            ("sent", "Sent"),
                            ("answered", "Answered"),
                            ("expired", "Expired"),
                            ("excluded", "Not asked"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("mail", "E-mail"), ("link", "Link or QR code handed over")],
                        max_length=6,
                        verbose_name="channel",
                    ),
                ),
                (
                    "exclude_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_contact", "No contact on the ticket"),
                            ("do_not_contact", "Does not want to be contacted"),
                            ("left", "Left the company"),
                            ("employee", "The number or address belongs to an employee"),
                            ("open_complaint", "A grave complaint is open"),
                            ("recent", "Asked within the last 30 days"),
                            ("yearly", "Asked four times within a year"),
                            ("by_hand", "Left out by the CRM office"),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                ("generation", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("token_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("planned_at", models.DateTimeField(editable=False)),
                ("send_at", models.DateTimeField(verbose_name="to be sent")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("next_reminder_at", models.DateTimeField(null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="crm.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="project manager",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="service.ticket",
                        verbose_name="ticket",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="surveys.questionnaire",
                    ),
                ),
                (
                    "recovery",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_invitation",
                        to="surveys.recovery",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["branch", "-id"], name="invitation_branch"),
                    models.Index(fields=["owner", "-id"], name="invitation_owner"),
                    models.Index(fields=["customer", "-id"], name="invitation_customer"),
                    models.Index(fields=["contact", "sent_at"], name="invitation_contact"),
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["send_at"],
                        name="invitation_to_send",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sent")),
                        fields=["next_reminder_at"],
                        name="invitation_remind",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "sent"])),
                        fields=["expires_at"],
                        name="invitation_expiry",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("recovery__isnull", True)),
                        fields=("ticket",),
                        name="one_invitation_per_ticket",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("language", models.CharField(blank=True, max_length=8)),
                ("csat", models.PositiveSmallIntegerField(null=True, verbose_name="overall satisfaction")),
                ("ces", models.PositiveSmallIntegerField(null=True, verbose_name="effort")),
                ("nps", models.PositiveSmallIntegerField(null=True, verbose_name="recommendation")),
                (
                    "fixed",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
                        max_length=6,
                        verbose_name="problem solved",
                    ),
                ),
                ("remark", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
                (
                    "low_reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("csat", "Overall 1–2"),
                                ("dimension", "A dimension 1–2"),
                                ("ces", "Effort 1–2"),
                                ("nps", "Recommendation 0–6"),
                                ("not_solved", "Not solved"),
                                ("words", "Alarming word"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_responses",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "engineer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_responses",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="engineer",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="response",
                        to="surveys.invitation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="project manager",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="surveys.questionnaire",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_responses",
                        to="service.ticket",
                        verbose_name="ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["-received_at", "-id"], name="response_received"),
                    models.Index(fields=["branch", "-received_at", "-id"], name="response_branch"),
                    models.Index(fields=["owner", "-received_at", "-id"], name="response_owner"),
                    models.Index(fields=["customer", "-received_at", "-id"], name="response_customer"),
                    models.Index(fields=["csat", "-id"], name="response_csat"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("csat__isnull", True), ("csat__range", (1, 5)), _connector="OR"),
                        name="csat_1_to_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ces__isnull", True), ("ces__range", (1, 7)), _connector="OR"),
                        name="ces_1_to_7",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nps__isnull", True), ("nps__range", (0, 10)), _connector="OR"),
                        name="nps_0_to_10",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="recovery",
            name="response",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="recovery", to="surveys.response"
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("q0", "Overall satisfaction"),
                            ("dim1", "Timeliness and efficiency"),
                            ("dim2", "Staff attitude"),
                            ("dim3", "Staff skill"),
                            ("dim4", "Overall service capability"),
                            ("dim5", "Delivery as agreed"),
                            ("dim6", "Improvement"),
                            ("dim7", "Product quality and efficiency"),
                            ("pmc", "Project manager's communication"),
                            ("ces", "Customer effort"),
                            ("fix", "Problem solved"),
                            ("nps", "Recommendation"),
                            ("rep", "Buying again"),
                            ("cmp", "Compared with others"),
                            ("open", "To improve"),
                        ],
                        max_length=8,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(null=True)),
                (
                    "choice",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")], max_length=6
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=2000)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="surveys.question",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="surveys.response",
                    ),
                ),
            ],
            options={
                "ordering": ["question__place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("response", "question"), name="one_answer_per_question")
                ],
            },
        ),
    ]
