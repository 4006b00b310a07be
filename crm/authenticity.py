"""How far a contact log can be believed; pure. (The full score of 16 signals comes with the authenticity review.)"""

from crm.choices import ActivityOutcome, ActivityType, Direction

SHORT_SUMMARY = 15
STOCK_PHRASES = ("已联系", "正常跟进", "电话沟通", "无", "OK", "ok")

_SPOKEN = {
    ActivityType.SITE_VISIT,
    ActivityType.FACTORY_TOUR,
    ActivityType.CALL,
    ActivityType.VIDEO,
    ActivityType.MEETING,
    ActivityType.FAIR,
}
_FRUITLESS = {ActivityOutcome.NO_ANSWER, ActivityOutcome.NOT_MET, ActivityOutcome.SENT}


def is_two_way(type_code: str, direction: str, outcome: str) -> bool:
    """Whether somebody on the other side took part: spoken with, or an inbound reply in writing."""
    if outcome in _FRUITLESS:
        return False
    return type_code in _SPOKEN or direction == Direction.IN


def is_thin(summary: str) -> bool:
    """Shorter than 15 characters or a stock phrase: worth a warning, never a refusal."""
    text = summary.strip()
    return len(text) < SHORT_SUMMARY or text.rstrip("。.!！") in STOCK_PHRASES
