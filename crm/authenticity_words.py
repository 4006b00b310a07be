"""The signals of the authenticity score as sentences for the author, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES: dict[str, str] = {
    "H1": gettext_noop("The text is %(percent)s %% like another log of yours in the last 90 days."),
    "H2": gettext_noop("The text is short or a stock phrase: nobody can tell what was said."),
    "H3": gettext_noop("Written down %(days)s days after the contact."),
    "H3_week": gettext_noop("Written down more than a week late, %(days)s days after the contact."),
    "H4": gettext_noop("%(n)s logs were written within ten minutes."),
    "H5": gettext_noop("%(percent)s %% of the month's logs were written on its last two working days."),
    "H6": gettext_noop("Another visit of yours lies at the same time, or too far away to get there."),
    "H7": gettext_noop("At %(at)s, at night or on a holiday, without a note why."),
    "H8": gettext_noop("No next step or no day for it."),
    "H9": gettext_noop("Nobody is named who works there."),
    "H10": gettext_noop("A visit without check-in."),
    "H10_far": gettext_noop("The check-in lies %(km)s km from any known place of the customer."),
    "H11": gettext_noop("The telephone system has no record of this call."),
    "H12": gettext_noop("Nearly all recent logs begin on the half hour and last %(minutes)s minutes."),
    "H13": gettext_noop("The contact's mobile is a colleague's, or stands at several customers."),
    "H14": gettext_noop("The photo was used before."),
    "H14_time": gettext_noop("The photo was taken %(hours)s hours from the time of the contact."),
    "H15": gettext_noop("The customer confirmed the contact."),
    "H15_denied": gettext_noop("The customer says that the contact did not take place."),
    "H16": gettext_noop("A signed sheet, an e-mail or the customer's reply is attached."),
}

OF_ANOTHER: dict[str, str] = {
    "H1": gettext_noop("The text is %(percent)s %% like another log of the same author in the last 90 days."),
    "H6": gettext_noop("Another visit of the author lies at the same time, or too far away to get there."),
}
"""The sentences that speak to the author, as somebody else reads them."""


SILENT: dict[str, str] = {
    "H10": gettext_noop("No check-in is expected on that day, so a missing one says nothing."),
    "H11": gettext_noop("Calls are not compared with call records: no telephone system is connected."),
}
"""What could not be looked at for a log, and why."""


def silent_sentences(codes: Iterable[str]) -> list[str]:
    """Why signals stay silent, in the reader's language."""
    return [_(SILENT[code]) for code in codes]


def explain(signal: Mapping[str, Any], *, own: bool = True) -> str:
    """One kept signal in words, for the author or (`own` false) for others; a code of an older rule version reads as itself."""
    code, data = signal["code"], signal.get("data") or {}
    sentence = SENTENCES.get(f"{code}_denied" if data.get("denied") else code)
    if not own:
        sentence = OF_ANOTHER.get(code, sentence)
    return _(sentence) % data if sentence else str(code)
