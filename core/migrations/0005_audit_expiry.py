"""What is left under a seal of the audit after entries whose time was over were removed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_removed_files")]

    operations = [
        migrations.CreateModel(
            name="AuditExpiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to_seq", models.BigIntegerField()),
                ("removed", models.PositiveIntegerField()),
                ("entries", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("before", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["to_seq", "-id"], name="audit_expiry_seal")],
            },
        ),
    ]
