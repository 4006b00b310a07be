"""What single answers mean: which values a scale takes, and which answers are low; pure (§6.1, §6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from surveys.choices import Fixed, Kind, LowReason, QuestionCode

RANGES: Final = {Kind.SCALE5: range(1, 6), Kind.SCALE7: range(1, 8), Kind.NPS: range(11)}
LOW_SCORE: Final = 2
"""Overall, a dimension or effort at or below this is low."""
NPS_DETRACTOR: Final = 6
RECOVERED_FROM: Final = 4
"""An overall score of at least this at the second asking: the customer is won back."""
DIMENSIONS: Final = tuple(code for code in QuestionCode if code.value.startswith("dim"))


def is_answer(kind: str, value: Any) -> bool:
    """Whether a value lies on the scale of its kind; texts may be anything but blank."""
    if kind == Kind.TEXT:
        return isinstance(value, str) and bool(value.strip())
    if kind == Kind.YESNO:
        return value in Fixed.values
    return isinstance(value, int) and not isinstance(value, bool) and value in RANGES[Kind(kind)]


def low_reasons(values: Mapping[str, Any], alarm_words: Iterable[str] = ()) -> list[str]:
    """Why these answers need a call, in the order of §6.3; empty when all is well. Missing answers say nothing."""
    reasons = []
    if _at_most(values.get(QuestionCode.Q0), LOW_SCORE):
        reasons.append(LowReason.CSAT)
    if any(_at_most(values.get(code), LOW_SCORE) for code in DIMENSIONS):
        reasons.append(LowReason.DIMENSION)
    if _at_most(values.get(QuestionCode.NPS), NPS_DETRACTOR):
        reasons.append(LowReason.NPS)
    if _at_most(values.get(QuestionCode.CES), LOW_SCORE):
        reasons.append(LowReason.CES)
    if values.get(QuestionCode.FIX) == Fixed.NO:
        reasons.append(LowReason.NOT_SOLVED)
    text = str(values.get(QuestionCode.OPEN) or "")
    if any(word in text for word in alarm_words if word):
        reasons.append(LowReason.WORDS)
    return [reason.value for reason in reasons]


def _at_most(value: Any, limit: int) -> bool:
    return value is not None and value <= limit
