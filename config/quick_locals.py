"""What Django keeps for the request at hand (language, time zone, address prefix), kept by the thread that answers it.

Django keeps them so that they follow a request through async code, behind a lock; a page asks for them a thousand times.
Nothing of ours is async: each request, and each task of a worker, has one thread from beginning to end.
"""

from threading import local

from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real

PLACES = ((trans_real, "_active"), (timezone, "_active"), (addresses, "_prefixes"), (addresses, "_urlconfs"))


def install() -> None:
    """Put the threads' own in their places, with what the thread at hand has set already."""
    for module, name in PLACES:
        quick = local()
        before = getattr(module, name)
        if hasattr(before, "value"):
            quick.value = before.value
        setattr(module, name, quick)
