"""Whether a person may be contacted for a purpose: the one decision, pure, on what is known of the person (§10.6 a)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm.privacy_choices import SEPARATE, ContactRefusal, Purpose


@dataclass(frozen=True)
class Known:
    """What the decision looks at. `words` holds, per purpose, the person's last word: True yes, False no."""

    removed: bool = False
    left: bool = False
    do_not_contact: bool = False
    words: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with its reason; true and false like a bool."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason

    @property
    def label(self) -> str:
        """The reason in the reader's language."""
        return str(ContactRefusal(self.reason).label) if self.reason else ""


def decide(known: Known, purpose: str) -> Verdict:
    """The worst reason against contacting the person for this purpose, if there is one.

    Service and surveys rest on the contract and the notice and end with an objection; offers, passing on and recording
    need a consent of their own. The person's last word counts, whatever was said before.
    """
    word = known.words.get(purpose)
    if known.removed:
        return Verdict(ContactRefusal.REMOVED)
    if known.left:
        return Verdict(ContactRefusal.LEFT)
    if known.do_not_contact:
        return Verdict(ContactRefusal.DO_NOT_CONTACT)
    if word is False:
        return Verdict(ContactRefusal.WITHDRAWN)
    if word is None and Purpose(purpose) in SEPARATE:
        return Verdict(ContactRefusal.NO_CONSENT)
    return Verdict()
