"""The company's calendar: 08:30–12:00 and 13:00–17:30, holidays and make-up days 2004–2027."""

from django.db import migrations

from core.calendar_seed import seed_days

WINDOWS = {str(weekday): [["08:30", "12:00"], ["13:00", "17:30"]] for weekday in range(5)}


def install_calendar(apps, schema_editor):
    """Make the calendar and its dated rows."""
    calendar = apps.get_model("core", "Calendar").objects.create(
        code="company", name_zh="公司日历", name_en="Company calendar", windows=WINDOWS
    )
    day_model = apps.get_model("core", "BusinessDay")
    day_model.objects.bulk_create([day_model(calendar=calendar, **day._asdict()) for day in seed_days()])


class Migration(migrations.Migration):
    dependencies = [("core", "0001_ground_floor")]
    operations = [migrations.RunPython(install_calendar, migrations.RunPython.noop)]
