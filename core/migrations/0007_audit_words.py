"""An erased person may be cut out of the words of the audit, and nothing else may be done to them.

The product's own role may not change entries; this function of the schema's owner does, and compares: the new words must
be the old ones with stretches replaced by the two marks an erasure leaves.
"""

from django.db import migrations, models

MAKE = r"""
CREATE FUNCTION core_cut_from_audit(entry bigint, new_reason text, new_data jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old_reason text;
  old_data jsonb;
  marks CONSTANT text := '＊＊＊|匿名[0-9]+';
BEGIN
  SELECT reason, data INTO STRICT old_reason, old_data FROM public.core_auditentry WHERE seq = entry FOR UPDATE;
  IF NOT old_reason LIKE regexp_replace(regexp_replace(new_reason, '([\\%_])', '\\\1', 'g'), marks, '%', 'g')
     OR NOT old_data::text LIKE regexp_replace(regexp_replace(new_data::text, '([\\%_])', '\\\1', 'g'), marks, '%', 'g')
  THEN
    RAISE EXCEPTION 'words of the audit may be cut out for an erased person, not changed';
  END IF;
  UPDATE public.core_auditentry SET reason = new_reason, data = new_data WHERE seq = entry;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_tasks_by_kind")]

    operations = [
        migrations.AddField("AuditExpiry", "cut", models.PositiveIntegerField(db_default=0)),
        migrations.AlterField("AuditExpiry", "before", models.DateTimeField(null=True)),
        migrations.RunSQL(MAKE, "DROP FUNCTION core_cut_from_audit(bigint, text, jsonb)"),
    ]
