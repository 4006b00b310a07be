"""Job titles in two languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_company_units")]
    operations = [
        migrations.RenameField("user", "job_title", "job_title_zh"),
        migrations.AlterField(
            "user",
            "job_title_zh",
            models.CharField(blank=True, max_length=60, verbose_name="job title in Chinese"),
        ),
        migrations.AddField(
            "user",
            "job_title_en",
            models.CharField(blank=True, default="", max_length=60, verbose_name="job title in English"),
            preserve_default=False,
        ),
    ]
