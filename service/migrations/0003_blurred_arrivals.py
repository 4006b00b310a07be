"""Places of arrival that lie half a year back are kept to about 100 m."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0002_queue_of_an_owner")]

    operations = [
        migrations.AddField(
            model_name="ticketassignment",
            name="blurred",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="ticketassignment",
            index=models.Index(
                condition=models.Q(("blurred", False), ("latitude__isnull", False)),
                fields=["arrived_at"],
                name="assignment_exact",
            ),
        ),
    ]
