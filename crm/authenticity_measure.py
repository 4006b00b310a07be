"""How well the authenticity signals find what was planted: precision and recall per heuristic; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from core.workdays import WorkCalendar
from crm.authenticity import SIMILAR_DAYS, VERY_LATE, Evidence, Log, judge
from crm.labelled_logs import Dataset

PRECISION_GOAL, RECALL_GOAL = 0.90, 0.80
HEURISTICS = tuple(f"H{number}" for number in range(1, 17))


@dataclass(frozen=True)
class Measure:
    """One heuristic: how many were planted, how many found, how many both."""

    code: str
    planted: int
    found: int
    both: int

    @property
    def precision(self) -> float:
        """Found rightly ÷ found."""
        return self.both / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Found rightly ÷ planted."""
        return self.both / self.planted if self.planted else 0.0

    @property
    def is_good(self) -> bool:
        """Whether both goals are reached."""
        return self.precision >= PRECISION_GOAL and self.recall >= RECALL_GOAL


def measure(data: Dataset, calendar: WorkCalendar) -> list[Measure]:
    """Judge every log as on saving and at night, without the truth, and compare afterwards."""
    planted, found, both = Counter[str](), Counter[str](), Counter[str]()
    for number, codes in detect(data.authors, calendar):
        truth = data.truth[number]
        planted.update(truth)
        found.update(codes)
        both.update(truth & codes)
    return [Measure(code, planted[code], found[code], both[code]) for code in HEURISTICS]


def pooled(runs: Iterable[list[Measure]]) -> list[Measure]:
    """The measures of several data sets as if they were one."""
    sums = {code: Measure(code, 0, 0, 0) for code in HEURISTICS}
    for one in chain.from_iterable(runs):
        before = sums[one.code]
        sums[one.code] = Measure(
            one.code, before.planted + one.planted, before.found + one.found, before.both + one.both
        )
    return list(sums.values())


def detect(
    authors: tuple[tuple[tuple[Log, Evidence], ...], ...], calendar: WorkCalendar
) -> Iterator[tuple[int, frozenset[str]]]:
    """The heuristics that each log sets off; a customer's confirmation is none."""
    for rows in authors:
        logs = [log for log, _evidence in rows]
        for log, evidence in rows:
            since = log.entered_at - timedelta(days=SIMILAR_DAYS) - VERY_LATE
            near = [other for other in logs if other.occurred_at >= since]
            signals = judge(log, near, evidence, calendar).signals
            yield (
                log.id,
                frozenset(
                    one.heuristic for one in signals if one.heuristic != "H15" or one.data.get("denied")
                ),
            )


def table(measures: list[Measure]) -> Mapping[str, str]:
    """One line a heuristic for a terminal."""
    return {
        one.code: f"{one.code:<4} planted {one.planted:>4}  found {one.found:>4}  "
        f"precision {one.precision:.3f}  recall {one.recall:.3f}  {'ok' if one.is_good else 'BELOW GOAL'}"
        for one in measures
    }
