"""What the boards show a person of customers as a whole, read from the nightly roll-up; every number carries its list.

A number is followed by the query of the ordinary list that opens exactly the rows it counted: page, API and export
understand the same words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from accounts.choices import UnitKind
from accounts.geography import region_name
from accounts.models import OrgUnit, User
from core.params import param
from crm.board_choices import (
    ADVICE,
    BANDS,
    DOUBTED,
    NO_PHONE,
    PRIVATE_FLAGS,
    SCORED,
    UNVERIFIED,
    BoardFlag,
    Dimension,
)
from crm.choices import CustomerKind, Gap, Industry, Stage, Tier
from crm.completeness import TARGETS, WEIGHTS
from crm.models import BoardCount, BoardRun, DuplicatePair

TIERS = (Tier.VIP, Tier.PROFESSIONAL, Tier.STANDARD, Tier.NA)
OWNERS_SHOWN = 12
NOTHING = Decimal(0)


@dataclass
class Number:
    """A count, the list query that opens its rows, its share 0–1 of what it is part of, and how it is coloured."""

    value: int
    query: str = ""
    share: float | None = None
    tone: str = ""
    amount: Decimal = NOTHING


@dataclass
class Line:
    """A row of a matrix: what it is about, the query that narrows the page to it, its numbers by column."""

    label: Any
    query: str
    every: Number
    cells: list[Number] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reader:
    """Who looks, and at what: one branch or all they see, one tier or all."""

    user: Any
    branch: OrgUnit | None = None
    tier: str = ""

    @property
    def place(self) -> str:
        """The list query of the branch looked at."""
        return f"branch={self.branch.pk}&" if self.branch else ""

    @property
    def grade(self) -> str:
        """The list query of the tier looked at."""
        return f"tier={self.tier}&" if self.tier else ""

    def narrow(self, rows: Any) -> Any:
        """Cells of the branch looked at."""
        return rows.filter(branch=self.branch) if self.branch else rows


def last_run() -> BoardRun:
    """The last count; its `counted_at` is None before the first."""
    return BoardRun.objects.first() or BoardRun()


def branches_of(user: Any) -> list[OrgUnit]:
    """Branches with counted customers this person sees, by code."""
    seen = BoardCount.objects.visible_to(user).filter(dimension=Dimension.ALL).values("branch")
    kinds = [UnitKind.BRANCH, UnitKind.HQ]
    return list(OrgUnit.objects.filter(kind__in=kinds, pk__in=seen.distinct()).order_by("code"))


def counted(rows: Any, *by: str) -> dict[Any, tuple[int, Decimal]]:
    """Sums of count and amount by columns; a single column is the key itself."""
    found = rows.order_by().values(*by).annotate(n=Sum("count"), sum=Sum("amount"))
    key: Callable[[Any], Any] = (
        (lambda row: row[by[0]]) if len(by) == 1 else lambda row: tuple(map(row.get, by))
    )
    return {key(row): (row["n"], row["sum"]) for row in found}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# --- anti-privatisation -----------------------------------------------------------------------------------------------


@dataclass
class Sign:
    """One sign of the board: how many customers, what it means, what helps."""

    flag: BoardFlag
    number: Number
    meaning: Any
    deed: Any


@dataclass
class Holder:
    """What one person holds: customers, VIP customers and signed amount, with the shares of the part looked at."""

    person: Any
    customers: Number
    vips: Number
    amount: Decimal
    amount_share: float | None
    asks: bool


@dataclass
class PrivateBoard:
    """Signs, their matrix by branch or owner, and in whose hands value lies."""

    signs: list[Sign]
    lines: list[Line]
    every: Number
    holders: list[Holder]
    top: list[tuple[int, float | None, float | None]]
    limit: float


def private_board(reader: Reader, now: datetime) -> PrivateBoard:
    """The anti-privatisation board of what this person may judge."""
    rows = reader.narrow(BoardCount.objects.private_to(reader.user))
    if reader.tier:
        rows = rows.filter(across=reader.tier)
    group = "owner" if reader.branch else "branch"
    all_of = rows.filter(dimension=Dimension.ALL)
    flags = counted(rows.filter(dimension=Dimension.FLAG), group, "value")
    every = counted(all_of, group)
    total = sum(n for n, _amount in every.values())
    base = f"{reader.place}{reader.grade}"
    sums = {flag: sum(n for (_g, code), (n, _a) in flags.items() if code == flag) for flag in PRIVATE_FLAGS}
    signs = [
        Sign(flag, _flagged(sums[flag], f"{base}board={flag}", total), *ADVICE[flag])
        for flag in PRIVATE_FLAGS
    ]
    lines = [
        Line(
            label,
            narrowing,
            Number(every[key][0], f"{narrowing}&{reader.grade}board=all"),
            [
                _flagged(
                    flags.get((key, flag), (0, 0))[0],
                    f"{narrowing}&{reader.grade}board={flag}",
                    every[key][0],
                )
                for flag in PRIVATE_FLAGS
            ],
        )
        for key, label, narrowing in _labels(reader, every)
    ]
    holders, top = _concentration(reader, all_of, now)
    limit = param("crm.concentration_share", at=now)
    return PrivateBoard(signs, lines, Number(total, f"{base}board=all"), holders, top, limit)


def _flagged(value: int, query: str, whole: int) -> Number:
    share = _share(value, whole) or 0
    tone = "danger" if share >= 0.5 else "warn" if share >= 0.2 else "mild"
    return Number(value, query, share, tone)


def _labels(reader: Reader, every: Iterable[Any]) -> list[tuple[Any, Any, str]]:
    """Key, label and narrowing query of each line: branches, or the people of one branch and those without owner."""
    keys = set(every)
    if reader.branch is None:
        units = OrgUnit.objects.filter(pk__in=keys).order_by("code")
        return [(unit.pk, unit, f"branch={unit.pk}") for unit in units]
    people = User.objects.filter(pk__in=[key for key in keys if key]).order_by("username")
    found: list[tuple[Any, Any, str]] = [(one.pk, one, f"{reader.place}owner={one.pk}") for one in people]
    if None in keys:
        found.append((None, "", f"{reader.place}view=unowned"))
    return found


def _concentration(reader: Reader, all_of: Any, now: datetime) -> tuple[list[Holder], list[Any]]:
    """The owners with most signed amount, and which shares of amount and VIP customers the first 1, 3 and 5 hold."""
    limit = param("crm.concentration_share", at=now)
    owned = counted(all_of.filter(owner__isnull=False), "owner")
    vips = counted(all_of.filter(owner__isnull=False, across=Tier.VIP), "owner")
    amount, many = sum(a for _n, a in owned.values()), sum(n for n, _a in vips.values())
    order = sorted(owned, key=lambda pk: (-owned[pk][1], -vips.get(pk, (0, 0))[0], -owned[pk][0], pk))
    people = User.objects.select_related("unit").in_bulk(order[:OWNERS_SHOWN])
    holders = []
    for pk in order[:OWNERS_SHOWN]:
        query = f"{reader.place}owner={pk}&"
        n, money = owned[pk]
        held = vips.get(pk, (0, NOTHING))[0]
        part = float(money / amount) if amount else None
        share = _share(held, many)
        asks = len(order) > 1 and max(part or 0, share or 0) >= limit
        customers = Number(n, f"{query}{reader.grade}board=all")
        key_accounts = Number(held, f"{query}tier={Tier.VIP}&board=all", share)
        holders.append(Holder(people[pk], customers, key_accounts, money, part, asks))
    by_vips = sorted((n for n, _a in vips.values()), reverse=True)
    top = [
        (
            first,
            float(sum(owned[pk][1] for pk in order[:first]) / amount) if amount else None,
            _share(sum(by_vips[:first]), many),
        )
        for first in (1, 3, 5)
        if first <= max(len(order), 1)
    ]
    return holders, top


# --- composition ------------------------------------------------------------------------------------------------------

COMPOSED_BY = (Dimension.STAGE, Dimension.INDUSTRY, Dimension.PROVINCE, Dimension.KIND)
_PARAMETERS = {
    Dimension.STAGE: "stage",
    Dimension.INDUSTRY: "industry",
    Dimension.PROVINCE: "province_code",
    Dimension.KIND: "primary_kind",
}


@dataclass
class Composition:
    """Tier across one dimension: lines are values, most customers first where they have no order of their own."""

    by: Dimension
    columns: list[Any]
    lines: list[Line]
    totals: Line


def composition(reader: Reader, by: Dimension) -> Composition:
    """Of what customers consist: tier by stage, industry, province or kind."""
    rows = reader.narrow(BoardCount.objects.visible_to(reader.user)).filter(dimension=by)
    cells = counted(rows, "value", "across")
    sums: dict[str, int] = defaultdict(int)
    amounts: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for (value, _tier), (n, amount) in cells.items():
        sums[value] += n
        amounts[value] += amount
    total = sum(sums.values())
    base = f"{reader.place}board=all"
    lines = []
    for value, label in _values(by, sums):
        query = f"{base}&{_PARAMETERS[by]}={value or 'none'}"
        numbers = [
            Number(cells.get((value, tier), (0, 0))[0], f"{query}&tier={tier}", tone="good") for tier in TIERS
        ]
        every = Number(sums[value], query, _share(sums[value], total), amount=amounts[value])
        lines.append(Line(label, query, every, numbers))
    tiers = counted(rows, "across")
    whole = [
        Number(tiers.get(tier, (0, 0))[0], f"{base}&tier={tier}", _share(tiers.get(tier, (0, 0))[0], total))
        for tier in TIERS
    ]
    last = Line(
        "", base, Number(total, base, 1.0 if total else None, amount=sum(amounts.values(), NOTHING)), whole
    )
    return Composition(by, [tier.label for tier in TIERS], lines, last)


def _values(by: Dimension, sums: dict[str, int]) -> list[tuple[str, Any]]:
    """The values that occur with their words: stages and kinds in their order, industries and provinces by number."""
    if by == Dimension.STAGE:
        words: list[tuple[str, Any]] = [*Stage.choices, ("", "—")]
        return [(code, label) for code, label in words if code in sums]
    if by == Dimension.KIND:
        return [(code, label) for code, label in CustomerKind.choices if code in sums]
    named: Callable[[str], Any] = (
        region_name if by == Dimension.PROVINCE else lambda code: Industry(code).label
    )
    order = sorted(sums, key=lambda code: (not code, -sums[code], code))
    return [(code, named(code) if code else "—") for code in order]


# --- data quality -----------------------------------------------------------------------------------------------------


@dataclass
class Quality:
    """How well customers are described: by tier, by what lacks, and line by line of branches or people."""

    every: Number
    mean: float | None
    short: Number
    no_phone: Number
    unverified: Number
    score: float | None
    bands: list[Any]
    tiers: list[Line]
    kinds: list[Any]
    gaps: list[Line]
    lines: list[Line]
    may_score: bool


def quality(reader: Reader, now: datetime, run: BoardRun) -> Quality:
    """The quality of what this person sees."""
    rows = reader.narrow(BoardCount.objects.visible_to(reader.user))
    whole = counted(
        rows.filter(dimension__in=[Dimension.ALL, Dimension.BAND, Dimension.CONTACTS]), "dimension", "value"
    )
    total = whole.get((Dimension.ALL, ""), (0, 0))[0]
    bands = [found for (dimension, _value), found in whole.items() if dimension == Dimension.BAND]
    short = counted(rows.filter(dimension=Dimension.FLAG, value=BoardFlag.SHORT), "across")
    missing = sum(n for n, _a in short.values())
    scores = _Scores(reader, run)
    base = reader.place
    return Quality(
        every=Number(total, f"{base}board=all"),
        mean=_mean(bands),
        short=Number(missing, f"{base}board={BoardFlag.SHORT}", _share(missing, total)),
        no_phone=Number(
            whole.get((Dimension.CONTACTS, NO_PHONE), (0, 0))[0], f"{base}counted=true&presence=no_phone"
        ),
        unverified=Number(
            whole.get((Dimension.CONTACTS, UNVERIFIED), (0, 0))[0], f"{base}counted=true&presence=unverified"
        ),
        score=scores.mean(),
        bands=[f"{lower}–{min(below - 1, 100)}" for lower, below in BANDS],
        tiers=_by_tier(reader, rows, short),
        kinds=[label for code, label in CustomerKind.choices if code != CustomerKind.INTERNAL_DEPT],
        gaps=_by_gap(reader, rows),
        lines=_by_place(reader, rows, scores),
        may_score=scores.seen,
    )


def _mean(found: Sequence[tuple[int, Decimal]]) -> float | None:
    n = sum(count for count, _amount in found)
    return float(sum(amount for _n, amount in found)) / n if n else None


def _by_tier(reader: Reader, rows: Any, short: dict[str, tuple[int, Decimal]]) -> list[Line]:
    """Each tier's completeness by range, its mean, its target and how many miss it."""
    cells = counted(rows.filter(dimension=Dimension.BAND), "across", "value")
    lines = []
    for tier in TIERS:
        query = f"{reader.place}board=all&tier={tier}"
        found = [cells.get((tier, str(lower)), (0, NOTHING)) for lower, _below in BANDS]
        n = sum(count for count, _amount in found)
        numbers = [
            Number(
                count,
                f"{query}&completeness_from={lower}&completeness_below={below}",
                tone="good" if lower >= TARGETS[tier] else "warn" if below > TARGETS[tier] else "danger",
            )
            for (lower, below), (count, _amount) in zip(BANDS, found, strict=True)
        ]
        missing = short.get(tier, (0, NOTHING))[0]
        extra = {
            "target": TARGETS[tier],
            "mean": _mean(found),
            "short": Number(
                missing, f"{reader.place}board={BoardFlag.SHORT}&tier={tier}", _share(missing, n), "danger"
            ),
        }
        lines.append(Line(tier.label, query, Number(n, query), numbers, extra))
    return lines


def _by_gap(reader: Reader, rows: Any) -> list[Line]:
    """What lacks by kind of customer, the heaviest loss of points first."""
    cells = counted(rows.filter(dimension=Dimension.GAP), "value", "across")
    kinds = [kind for kind in CustomerKind if kind != CustomerKind.INTERNAL_DEPT]
    lines = []
    for gap in Gap:
        query = f"{reader.place}board=all&missing={gap}"
        numbers = [
            Number(cells.get((gap, kind), (0, 0))[0], f"{query}&primary_kind={kind}", tone="mild")
            for kind in kinds
        ]
        n = sum(number.value for number in numbers)
        lines.append(
            Line(
                gap.label,
                query,
                Number(n, query),
                numbers,
                {"code": gap.value, "weight": WEIGHTS.get(gap, 0)},
            )
        )
    return sorted(
        (line for line in lines if line.every.value),
        key=lambda line: -line.every.value * (line.extra["weight"] or 1),
    )


class _Scores:
    """Authenticity of the logs of the window: of the whole, of a branch, of an author."""

    def __init__(self, reader: Reader, run: BoardRun) -> None:
        rows = reader.narrow(BoardCount.objects.scores_to(reader.user))
        self.by = "owner" if reader.branch else "branch"
        self.found = counted(rows, self.by, "value")
        self.seen = reader.user.has_perm("crm.view_score_activity")
        self.window = ""
        if run.counted_at:
            since = run.counted_at - timedelta(days=run.rules.get("crm.board_log_days", 90))
            span = f"occurred_from={_stamp(since)}&occurred_to={_stamp(run.counted_at)}"
            self.window = f"counted=true&view=doubted&{span}"

    def mean(self, key: Any = None) -> float | None:
        """Mean score 0–100, of one line or of all."""
        return _mean(
            [row for (one, sign), row in self.found.items() if sign == SCORED and key in (None, one)]
        )

    def doubted(self, key: Any, query: str) -> Number:
        """Suspicious logs of one line, with the list of logs that opens them."""
        return Number(self.found.get((key, DOUBTED), (0, NOTHING))[0], f"{query}&{self.window}", tone="warn")

    def keys(self) -> set[Any]:
        """Whom logs were counted for."""
        return {key for key, _sign in self.found}


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+", "%2B")


def _by_place(reader: Reader, rows: Any, scores: _Scores) -> list[Line]:
    """One line a branch, or a person of the branch looked at."""
    group = scores.by
    every = counted(rows.filter(dimension=Dimension.ALL), group)
    bands = counted(rows.filter(dimension=Dimension.BAND), group)
    short = counted(rows.filter(dimension=Dimension.FLAG, value=BoardFlag.SHORT), group)
    contacts = counted(rows.filter(dimension=Dimension.CONTACTS), group, "value")
    lines = []
    for key, label, query in _labels(reader, set(every) | (scores.keys() if scores.seen else set())):
        n = every.get(key, (0, NOTHING))[0]
        missing = short.get(key, (0, NOTHING))[0]
        author = query.replace("owner=", "author=")
        extra = {
            "mean": _mean([bands[key]]) if key in bands else None,
            "short": Number(missing, f"{query}&board={BoardFlag.SHORT}", _share(missing, n), "warn"),
            "score": scores.mean(key) if key else None,
            "doubted": scores.doubted(key, author) if key else Number(0),
        }
        for sign in (NO_PHONE, UNVERIFIED):
            count = contacts.get((key, sign), (0, NOTHING))[0]
            listed = f"{query}&counted=true&presence={sign}" if key else ""
            extra[sign] = Number(count, listed, tone="warn")
        lines.append(Line(label, query, Number(n, f"{query}&board=all"), [], extra))
    return lines


MOST_PAIRS = 1000


def duplicates_waiting(reader: Reader) -> Number | None:
    """Possible duplicates nobody has looked at, at most 1,000; None for whom they do not concern."""
    if not reader.user.has_perm("crm.view_duplicatepair"):
        return None
    pairs = DuplicatePair.objects.visible_to(reader.user).open()
    return Number(pairs[:MOST_PAIRS].count())
