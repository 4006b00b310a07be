"""The first organisation units and the provinces they serve."""

from django.db import migrations

from accounts.company import install


def install_units(apps, schema_editor):
    """Make the units of a new installation."""
    install(apps.get_model("accounts", "OrgUnit"), apps.get_model("accounts", "BranchRegion"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_units_grants")]
    operations = [migrations.RunPython(install_units, migrations.RunPython.noop)]
