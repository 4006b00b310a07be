"""Finding a promise of ours, and its day, in the words of a contact log; pure. People accept it or not."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

MAX_TEXT = 100

_SENTENCE_END = re.compile(r"[。！？；;!?\n]+|(?<=[a-z])\.(?:\s|$)")
_CLAUSE_END = re.compile(r"[，,]")
_DO = "给|发|寄|送|供|回复|答复|回电|报|派|安排|补|出具|到场|交|办|换|修|来|做|确认|提交|处理"
_WE_PROMISE = re.compile(
    rf"(?:答应|承诺|保证|负责|同意)[^，,]*?(?:{_DO})|我们?(?:会|将|来|先|尽快|今天|明天|后天|[本这下]?周|月底|\d)[^，,]*?(?:{_DO})"
)
_THEY_ASK = re.compile(rf"(?:要求|希望|请|让|要|催|盼)我(?:们|方|司)?[^，,]*?(?:{_DO})")
_BY_A_DAY = re.compile(
    rf"(?:(?:周|星期|礼拜)[一二三四五六日天末]|[周号日底末初天]|小时)(?:之?前|[之以]?内)[^，,]*?(?:{_DO})"
)
_ENGLISH = re.compile(r"\b(?:I|we)(?:'ll| will| shall| promised?| agreed)\b", re.IGNORECASE)
_NOT_OURS = re.compile(
    r"^(?:但|不过|另外)?(?:对方|客户|采购|他们?|她|用户|业主|甲方|设计院|总包)[^我]*?(?:答应|承诺|保证|同意|说|表示|将|会)"
)


@dataclass(frozen=True)
class Proposal:
    """Words that sound like a promise of ours, and the day they name (None: none named)."""

    text: str
    day: date | None


def find_promise(said: str, said_on: date) -> Proposal | None:
    """The last promise of ours in a log's text, shortened; None when there is none.

    A promise is a clause in which we say we shall do something, are asked to, or something is to be done by a
    day. What the customer promises is not ours.
    """
    found = None
    for sentence in _SENTENCE_END.split(said):
        clauses = [clause.strip() for clause in _CLAUSE_END.split(sentence)]
        for index, clause in enumerate(clauses):
            if _is_promise(clause):
                day = next((day for part in clauses[index:] if (day := day_in(part, said_on))), None)
                found = Proposal(_shortened(clause), day)
    return found


def _is_promise(clause: str) -> bool:
    if _NOT_OURS.search(clause) and not _THEY_ASK.search(clause):
        return False
    return any(pattern.search(clause) for pattern in (_WE_PROMISE, _THEY_ASK, _BY_A_DAY, _ENGLISH))


def _shortened(clause: str) -> str:
    return clause if len(clause) <= MAX_TEXT else f"{clause[: MAX_TEXT - 1]}…"


_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_N = r"(\d{1,2}|[一二两三四五六七八九十])"
_WEEKDAYS = "一二三四五六日"
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FRIDAY = 4


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _DIGITS[text]


def _month_end(today: date, months: int = 0) -> date:
    index = today.month - 1 + months
    year, month = today.year + index // 12, index % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _on(today: date, month: int, day: int, year: int | None = None) -> date | None:
    """The coming day of that month and day; None when there is no such day."""
    try:
        wanted = date(year or today.year, month, day)
        return wanted if year or wanted >= today else wanted.replace(year=today.year + 1)
    except ValueError:
        return None


def _weekday(today: date, weekday: int, *, following: bool) -> date:
    """That day of this week (the next one if it has passed), or of the following week."""
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=weekday + (7 if following else 0))
    return day if day >= today else day + timedelta(days=7)


def _working_days(today: date, count: int) -> date:
    day = today
    while count:
        day += timedelta(days=1)
        count -= day.weekday() <= FRIDAY
    return day


def _day_number(today: date, day: int) -> date | None:
    """The coming "15th": of this month, or of the next when it has passed."""
    for months in (0, 1):
        last = _month_end(today, months)
        if day <= last.day and last.replace(day=day) >= today:
            return last.replace(day=day)
    return None


_RULES: tuple[tuple[str, Callable[[re.Match[str], date], date | None]], ...] = (
    (r"(20\d\d)[-/年.](\d{1,2})[-/月.](\d{1,2})", lambda m, t: _on(t, int(m[2]), int(m[3]), int(m[1]))),
    (r"(\d{1,2})月(\d{1,2})[日号]?", lambda m, t: _on(t, int(m[1]), int(m[2]))),
    (r"大后天", lambda m, t: t + timedelta(days=3)),
    (r"后天", lambda m, t: t + timedelta(days=2)),
    (r"明天|明早|明日|\btomorrow\b", lambda m, t: t + timedelta(days=1)),
    (r"今天|今日|今晚|下班前|\btoday\b", lambda m, t: t),
    (rf"{_N}个?小时内", lambda m, t: t + timedelta(days=_number(m[1]) // 24)),
    (rf"{_N}个?工作日", lambda m, t: _working_days(t, _number(m[1]))),
    (rf"{_N}天[之以]?内|within (\d{{1,2}}) days", lambda m, t: t + timedelta(days=_number(m[1] or m[2]))),
    (rf"{_N}个?(?:周|星期|礼拜)[之以]?内", lambda m, t: t + timedelta(weeks=_number(m[1]))),
    (
        r"(下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])",
        lambda m, t: _weekday(t, _WEEKDAYS.index(m[2].replace("天", "日")), following=bool(m[1])),
    ),
    (r"[本这]周", lambda m, t: _weekday(t, FRIDAY, following=False)),
    (r"下周", lambda m, t: _weekday(t, FRIDAY, following=True)),
    (r"下个?月底", lambda m, t: _month_end(t, 1)),
    (r"(?:本|这个?)?月底|end of (?:the )?month", lambda m, t: _month_end(t)),
    (r"年底|end of (?:the )?year", lambda m, t: date(t.year, 12, 31)),
    (r"(?<![\d月])(\d{1,2})号", lambda m, t: _day_number(t, int(m[1]))),
    (
        rf"(next )?({'|'.join(_ENGLISH_DAYS)})",
        lambda m, t: _weekday(t, _ENGLISH_DAYS.index(m[2].lower()), following=bool(m[1])),
    ),
)


def day_in(text: str, today: date) -> date | None:
    """The day some words name, seen from `today`; None when they name none. "周五" said on a Saturday is next week's."""
    for pattern, meant in _RULES:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            return meant(match, today)
    return None
