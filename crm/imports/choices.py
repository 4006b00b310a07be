"""The closed lists of the customer import: states, what became of a row, duplicate policies, findings."""

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportKind(models.TextChoices):
    """What a file holds, a row a line."""

    CUSTOMERS = "customers", _("Customers")
    CONTACTS = "contacts", _("Contacts")
    ACTIVITIES = "activities", _("Contact history")


class ImportState(models.TextChoices):
    """Where an import stands; `checking` and `running` are the worker's."""

    UPLOADED = "uploaded", pgettext_lazy("import", "Uploaded")
    MAPPED = "mapped", pgettext_lazy("import", "Columns assigned")
    CHECKING = "checking", pgettext_lazy("import", "Checking")
    CHECKED = "checked", pgettext_lazy("import", "Checked")
    SUBMITTED = "submitted", pgettext_lazy("import", "Waiting for approval")
    RUNNING = "running", pgettext_lazy("import", "Importing")
    DONE = "done", pgettext_lazy("import", "Imported")
    FAILED = "failed", pgettext_lazy("import", "Stopped by a fault")
    CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


WORKING = (ImportState.CHECKING, ImportState.RUNNING)

STATE_TONES = {
    ImportState.CHECKING: "brand",
    ImportState.RUNNING: "brand",
    ImportState.SUBMITTED: "warn",
    ImportState.DONE: "good",
    ImportState.FAILED: "danger",
}


class RowOutcome(models.TextChoices):
    """What became of one row of the file; after a check it is what would become of it."""

    PENDING = "pending", pgettext_lazy("import row", "Not looked at")
    CREATED = "created", pgettext_lazy("import row", "New")
    UPDATED = "updated", pgettext_lazy("import row", "Filled in")
    WAITING = "waiting", pgettext_lazy("import row", "To decide")
    SKIPPED = "skipped", pgettext_lazy("import row", "Skipped")
    REJECTED = "rejected", pgettext_lazy("import row", "Rejected")


OUTCOME_TONES = {
    RowOutcome.CREATED: "good",
    RowOutcome.UPDATED: "brand",
    RowOutcome.WAITING: "warn",
    RowOutcome.SKIPPED: "",
    RowOutcome.REJECTED: "danger",
}


class DuplicatePolicy(models.TextChoices):
    """What to do with a row whose customer we already have."""

    SKIP = "skip", _("Skip the row")
    FILL = "fill", _("Fill in our empty fields")
    ASK = "ask", _("List for a person to decide")


class Decision(models.TextChoices):
    """What a person makes of a row whose customer we already have."""

    SKIP = "skip", pgettext_lazy("import row", "Leave ours as it is")
    FILL = "fill", pgettext_lazy("import row", "Fill in our empty fields")
    CREATE = "create", pgettext_lazy("import row", "It is another customer: create it")


class FileFormat(models.TextChoices):
    """The two kinds of tables people send."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class Finding(NamedTuple):
    """One thing noticed in a row: an error rejects it, a warning does not. `%(…)s` places come from its data."""

    level: str
    sentence: str | Promise
    hint: str | Promise


ERROR, WARNING, NOTE = "error", "warning", "note"

FINDINGS: dict[str, Finding] = {
    "name_missing": Finding(ERROR, _("The name is empty."), _("Fill in the full name.")),
    "too_long": Finding(
        ERROR, _("Longer than %(limit)s characters."), _("Shorten the text, or put the rest into a note.")
    ),
    "bad_characters": Finding(
        ERROR, _("Contains characters that cannot be stored."), _("Type the text anew in this cell.")
    ),
    "unknown_choice": Finding(ERROR, _("“%(value)s” is not a known value."), _("Use one of: %(choices)s")),
    "unknown_province": Finding(
        ERROR, _("“%(value)s” is not a province."), _("Use the name or the code of GB/T 2260.")
    ),
    "unknown_city": Finding(
        WARNING, _("“%(value)s” is not a city of this province."), _("The text is kept in the address.")
    ),
    "city_missing": Finding(NOTE, _("No province or city."), _("The customer is marked “needs completion”.")),
    "uscc_format": Finding(
        ERROR,
        _("“%(value)s” is not a unified social credit code."),
        _("18 digits and capital letters, without I, O, S, V and Z."),
    ),
    "uscc_check": Finding(
        WARNING, _("The check digit of “%(value)s” is wrong."), _("Compare it with the licence.")
    ),
    "number_lost": Finding(
        ERROR,
        _("“%(value)s” was shortened by a spreadsheet; its digits are lost."),
        _("Format the column as text and enter the number again."),
    ),
    "bad_phone": Finding(
        ERROR,
        _("“%(value)s” is not a phone number."),
        _("Mobile, landline with area code, or 400/800 number."),
    ),
    "more_numbers": Finding(
        WARNING,
        _("Further numbers in the row: %(n)s. One mobile and one landline are kept."),
        _("Put further numbers into rows of their own, with the person's name."),
    ),
    "totals_line": Finding(
        ERROR, _("A line of totals, not a customer."), _("Leave the row out of the file.")
    ),
    "place_from_address": Finding(
        NOTE, _("Province and city were read from the address."), _("Correct them on the customer if needed.")
    ),
    "bad_email": Finding(ERROR, _("“%(value)s” is not an e-mail address."), _("Correct the address.")),
    "bad_formula": Finding(
        ERROR, _("The cell holds a formula without a result."), _("Replace the formula by its value.")
    ),
    "merged_cell": Finding(
        WARNING, _("The cell belongs to a merged area."), _("Only its first row carries the value.")
    ),
    "contact_name_missing": Finding(
        ERROR, _("A phone or e-mail without the contact's name."), _("Fill in the name of the contact.")
    ),
    "unknown_owner": Finding(
        ERROR,
        _("“%(value)s” is not a project manager of the branch."),
        _("Below the columns, say who is meant or leave it empty; or write the user name or full name."),
    ),
    "other_branch": Finding(
        ERROR,
        _("The province belongs to %(branch)s."),
        _("Ask that branch or the CRM office to import this row."),
    ),
    "twice_in_file": Finding(
        ERROR, _("The same customer stands in row %(row)s."), _("Keep one of the two rows.")
    ),
    "exists_uscc": Finding(NOTE, _("Already exists with this code: %(who)s."), _("The row is not needed.")),
    "exists_name": Finding(NOTE, _("Already exists under this name: %(who)s."), _("The row is not needed.")),
    "exists_code": Finding(NOTE, _("Already exists: %(who)s."), _("The row is not needed.")),
    "unknown_code": Finding(
        ERROR, _("There is no customer %(value)s."), _("Leave the number empty for a new customer.")
    ),
    "ask_person": Finding(
        WARNING,
        _("Already exists: %(who)s. A person must decide; filling in would add: %(fields)s"),
        _("Decide below: leave ours, or fill in what is empty."),
    ),
    "alike_name": Finding(
        WARNING,
        _("Very like the name of a customer we have: %(who)s."),
        _("If it is the same one, leave this row out."),
    ),
    "shared_line": Finding(
        WARNING,
        _("Shares a landline or mail domain with %(who)s in the same city."),
        _("Check that it is not a duplicate."),
    ),
    "office_of": Finding(
        NOTE, _("Looks like a branch office of %(who)s."), _("Link it to its company after the import.")
    ),
    "exists_alike": Finding(NOTE, _("Taken for the same as %(who)s."), _("The row is not needed.")),
    "person_added": Finding(
        NOTE, _("A further contact of the customer in row %(row)s."), _("Nothing to do.")
    ),
    "number_mended": Finding(
        WARNING,
        _("“%(value)s” was written by a spreadsheet as a decimal; read as a whole number."),
        _("Compare it once; format the column as text next time."),
    ),
    "customer_missing": Finding(
        ERROR,
        _("There is no such customer, or it is not yours to import for."),
        _("Give the full name, the number or the credit code as we have it."),
    ),
    "customer_unclear": Finding(
        ERROR, _("Several customers have this name."), _("Give the customer number or the credit code.")
    ),
    "person_exists": Finding(
        NOTE, _("This person stands with the customer already."), _("The row is not needed.")
    ),
    "ask_contact": Finding(
        WARNING,
        _("This person stands with the customer already; filling in would add: %(fields)s"),
        _("Decide below: leave ours, or fill in what is empty."),
    ),
    "date_missing": Finding(
        ERROR, _("The date is empty."), _("Write it like 2026-11-22 or 2026/11/22 09:30.")
    ),
    "bad_date": Finding(
        ERROR, _("“%(value)s” is not a date."), _("Write it like 2026-11-22 or 2026/11/22 09:30.")
    ),
    "date_serial": Finding(
        WARNING,
        _("“%(value)s” was read as a spreadsheet's day number: %(date)s."),
        _("Compare it once; format the column as a date next time."),
    ),
    "future_date": Finding(ERROR, _("The date lies in the future."), _("Only what has happened is history.")),
    "summary_missing": Finding(ERROR, _("The text is empty."), _("Write what was said.")),
    "log_exists": Finding(NOTE, _("This log is there already."), _("The row is not needed.")),
    "author_unknown": Finding(NOTE, _("“%(value)s” has no account."), _("The name is kept as the author's.")),
    "contact_unknown": Finding(
        NOTE, _("“%(value)s” is no contact of the customer."), _("Kept in the text of the log.")
    ),
    "nothing_to_fill": Finding(NOTE, _("Nothing was empty: %(who)s."), _("The row is not needed.")),
    "was_deleted": Finding(
        WARNING,
        _("A deleted customer had this name: %(who)s."),
        _("If it is the same one, restore it and undo this row."),
    ),
    "phone_known": Finding(
        WARNING,
        _("The phone number already belongs to a contact of %(who)s."),
        _("Check that it is not a duplicate."),
    ),
}
