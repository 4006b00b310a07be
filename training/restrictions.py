"""What a person's certificates allow: the question sales and service steps ask before they let someone act."""

from datetime import datetime
from typing import Any

VALID = "r0"


def restriction_level(user: Any, process_code: str, now: datetime) -> str:
    """How far the person is restricted in a process step at an instant: `r0` valid … `r3` barred.

    Until certificates exist every certificate question is answered "valid", so nobody is held back by an exam
    that cannot be taken yet.
    """
    return VALID
