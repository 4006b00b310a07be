"""The one way by which entries leave the audit: the log of access to personal data, never before half a year.

The product's own role may not delete there; this function of the schema's owner does, and nothing else.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION crm_expire_access_log(first_seq bigint, last_seq bigint, before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone bigint;
BEGIN
  IF before > now() - interval '183 days' THEN
    RAISE EXCEPTION 'the log of access is kept for half a year at least';
  END IF;
  DELETE FROM public.core_auditentry
   WHERE seq BETWEEN first_seq AND last_seq AND at < before
     AND code IN ('crm.reveal_contact', 'crm.burst_of_reveals', 'crm.add_export', 'crm.approve_export',
                  'crm.refuse_export', 'crm.reveal_export', 'crm.download_export', 'crm.copy_privacyrequest',
                  'crm.erase_contact', 'crm.retire_contact', 'surveys.forget_people');
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0024_check_ins"), ("core", "0005_audit_expiry")]

    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION crm_expire_access_log(bigint, bigint, timestamptz)"),
    ]
