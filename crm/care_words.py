"""What the calendar asks for, in the reader's language: the rows keep only a kind and an occasion."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendar_seed import HOLIDAY_LABELS
from crm.choices import CareDateKind, FollowUpKind

_WORDS: dict[str, str | Promise] = {
    FollowUpKind.CARE: gettext_lazy("Care contact: ask how they are and what they need"),
    FollowUpKind.ANNIVERSARY: gettext_lazy("Congratulate on their anniversary"),
    FollowUpKind.SPONSOR: gettext_lazy("Arrange the executive sponsor's visit"),
    FollowUpKind.GREETING: gettext_lazy("Send greetings"),
}


def care_words(kind: str, occasion: str) -> str:
    """The sentence for a kind and an occasion ("mid_autumn:2026", "founding-12:2026", "birthday-7:2026")."""
    code = occasion.partition(":")[0].partition("-")[0]
    if kind == FollowUpKind.GREETING and code in HOLIDAY_LABELS:
        return _("Greetings for %(festival)s") % {"festival": HOLIDAY_LABELS[code]}
    if kind == FollowUpKind.ANNIVERSARY and code == "birthday":
        return _("Birthday greetings to a contact")
    if kind == FollowUpKind.ANNIVERSARY and code in CareDateKind.values:
        return _("Congratulate: %(day)s") % {"day": CareDateKind(code).label}
    return str(_WORDS.get(kind, ""))
