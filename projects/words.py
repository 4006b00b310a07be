"""Small wording helpers of projects."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(names: Iterable[object]) -> str:
    """Names one after the other, separated as the reader's language does it."""
    return pgettext("list", ", ").join(str(name) for name in names)
