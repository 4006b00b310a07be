import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0021_exports_locked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LogDraw",
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
                ("week", models.CharField(max_length=8, unique=True, verbose_name="week")),
                ("drawn_at", models.DateTimeField(verbose_name="drawn")),
                ("share", models.FloatField(verbose_name="share")),
                ("strata", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "weekly draw",
                "verbose_name_plural": "weekly draws",
            },
        ),
        migrations.CreateModel(
            name="LogReview",
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
                    "cause",
                    models.CharField(
                        choices=[
                            ("suspicious", "Several suspicious logs"),
                            ("sample", "Drawn by lot"),
                            ("denied", "The customer says nobody came"),
                            ("by_hand", "Asked for by a colleague"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="looked at because",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=500, verbose_name="what is to be looked at"),
                ),
                ("score", models.PositiveSmallIntegerField(editable=False, verbose_name="authenticity")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be taken"),
                            ("assigned", "Under review"),
                            ("decided", "Found, may be appealed"),
                            ("appealed", "Under appeal"),
                            ("closed", "Closed"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                ("due_at", models.DateTimeField(editable=False, verbose_name="due")),
                ("lapses_at", models.DateTimeField(editable=False)),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("genuine", "Genuine"),
                            ("incomplete", "Incomplete"),
                            ("doubtful", "Cannot be confirmed"),
                            ("falsified", "Falsified"),
                        ],
                        max_length=10,
                        verbose_name="finding",
                    ),
                ),
                (
                    "first_finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("genuine", "Genuine"),
                            ("incomplete", "Incomplete"),
                            ("doubtful", "Cannot be confirmed"),
                            ("falsified", "Falsified"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("callback", "The customer was called back"),
                                ("link", "The customer's answer to the link"),
                                ("papers", "Tickets, travel or call records, letters"),
                                ("admitted", "The author says so"),
                                ("author", "The author was asked"),
                                ("compared", "Compared with other logs"),
                            ],
                            max_length=8,
                        ),
                        default=list,
                        verbose_name="it rests on",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=2000, verbose_name="reasons")),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                ("appealed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "appeal_words",
                    models.CharField(blank=True, max_length=2000, verbose_name="what the author says"),
                ),
                (
                    "appeal_result",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "The finding stands"), ("changed", "The finding was changed")],
                        editable=False,
                        max_length=7,
                    ),
                ),
                (
                    "appeal_answer",
                    models.CharField(blank=True, max_length=2000, verbose_name="answer to the appeal"),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "log review",
                "verbose_name_plural": "log reviews",
                "indexes": [
                    models.Index(fields=["due_at", "id"], name="logreview_due"),
                    models.Index(fields=["score", "id"], name="logreview_score"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state__in", ["closed", "lapsed"])),
                            models.Q(
                                models.Q(("state__in", ["closed", "lapsed"]), _negated=True),
                                ("closed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="logreview_closed_has_time",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="logreview",
            name="activity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="crm.activity",
                verbose_name="contact log",
            ),
        ),
        migrations.AddField(
            model_name="logreview",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="logreview",
            name="decided_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="logreview",
            name="draw",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="crm.logdraw",
            ),
        ),
        migrations.AddField(
            model_name="logreview",
            name="judge",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decides the appeal",
            ),
        ),
        migrations.AddField(
            model_name="logreview",
            name="opened_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="logreview",
            name="reviewer",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reviewer",
            ),
        ),
        migrations.AddIndex(
            model_name="logreview",
            index=models.Index(fields=["author", "-id"], name="logreview_author"),
        ),
        migrations.AddConstraint(
            model_name="logreview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "assigned", "decided", "appealed"])),
                fields=("activity",),
                name="one_open_review_per_log",
                violation_error_message="This log is under review already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="logreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["decided", "appealed", "closed"]), _negated=True),
                    models.Q(
                        models.Q(("finding", ""), _negated=True),
                        models.Q(("words", ""), _negated=True),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="logreview_finding_has_reasons",
            ),
        ),
    ]
