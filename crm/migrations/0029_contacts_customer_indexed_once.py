import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0028_contacts_newest"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contacts",
                to="crm.customer",
                verbose_name="customer",
            ),
        ),
    ]
