"""Where each person, hole and colleague stands on the drawn relationship map; pure geometry in pixels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NODE_W, NODE_H = 152, 58
GAP_X, GAP_Y = 14, 44
LOOSE_IN_A_ROW = 6
OURS_W, OURS_H = 118, 30
MARGIN = 12


class Person(NamedTuple):
    """A contact to place: id, superior's id (0 none), influence 1–5."""

    pk: int
    boss: int
    influence: int


class Line(NamedTuple):
    """A straight line; `width` 1–3 is the strength of a tie, 0 a reporting line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: int = 0


@dataclass
class Layout:
    """Upper left corners by id, holes by their order, colleagues by id, lines, and the size of the sheet."""

    people: dict[int, tuple[float, float]]
    holes: list[tuple[float, float]]
    ours: dict[int, tuple[float, float]]
    reporting: list[Line]
    ties: list[Line]
    width: float
    height: float


def children_of(people: Sequence[Person]) -> dict[int, list[Person]]:
    """Reports by superior, 0 for those without one here; a ring is cut at the first person met twice."""
    known = {one.pk: one for one in people}
    below: dict[int, list[Person]] = {}
    for one in sorted(people, key=lambda one: (-one.influence, one.pk)):
        boss = one.boss if one.boss in known and not _leads_back(one, known) else 0
        below.setdefault(boss, []).append(one)
    return below


def _leads_back(one: Person, known: Mapping[int, Person]) -> bool:
    """Whether the reporting line above comes back to the person, who then starts the ring."""
    seen, above = {one.pk}, known.get(one.boss)
    while above is not None:
        if above.pk in seen:
            return above.pk == one.pk and one.pk == min(seen)
        seen.add(above.pk)
        above = known.get(above.boss)
    return False


def draw_map(
    people: Sequence[Person], holes: int, ours: Iterable[int], ties: Iterable[tuple[int, int, int]]
) -> Layout:
    """Place a tree of reporting lines, then people without lines in rows, holes of missing roles, our people below.

    `ties` are (our id, contact id, strength 1–3).
    """
    below = children_of(people)
    layout = Layout({}, [], {}, [], [], 0, 0)
    x = float(MARGIN)
    loose = [one for one in below.get(0, []) if one.pk not in below]
    for root in below.get(0, []):
        if root.pk in below:
            x = _place(root, x, MARGIN, below, layout)
    deepest = max((y for _x, y in layout.people.values()), default=-GAP_Y - NODE_H + MARGIN)
    top = deepest + NODE_H + GAP_Y
    spots = _rows(len(loose) + holes, top)
    for one, spot in zip(loose, spots, strict=False):
        layout.people[one.pk] = spot
    layout.holes = spots[len(loose) :]
    bottom = max([y for _x, y in (*layout.people.values(), *layout.holes)], default=MARGIN) + NODE_H
    right = max([x for x, _y in (*layout.people.values(), *layout.holes)], default=MARGIN) + NODE_W
    _place_ours(list(ours), bottom + GAP_Y + 10, layout)
    for mine, contact, strength in ties:
        layout.ties.append(_tie(layout.ours[mine], layout.people[contact], strength))
    layout.width = max([right, *(x + OURS_W for x, _y in layout.ours.values())]) + MARGIN
    layout.height = max([bottom, *(y + OURS_H for _x, y in layout.ours.values())]) + MARGIN
    return layout


def _place(one: Person, x: float, y: float, below: Mapping[int, list[Person]], layout: Layout) -> float:
    """Place a person over their reports; returns where the next tree may begin."""
    reports = below.get(one.pk, [])
    begin = x
    for report in reports:
        x = _place(report, x, y + NODE_H + GAP_Y, below, layout)
    right = max(x, begin + NODE_W + GAP_X)
    centre = (begin + right - GAP_X) / 2 - NODE_W / 2
    layout.people[one.pk] = (centre, y)
    for report in reports:
        rx, ry = layout.people[report.pk]
        layout.reporting.append(Line(centre + NODE_W / 2, y + NODE_H, rx + NODE_W / 2, ry))
    return right


def _rows(count: int, top: float) -> list[tuple[float, float]]:
    return [
        (
            MARGIN + (number % LOOSE_IN_A_ROW) * (NODE_W + GAP_X),
            top + (number // LOOSE_IN_A_ROW) * (NODE_H + GAP_X),
        )
        for number in range(count)
    ]


def _place_ours(ours: Sequence[int], y: float, layout: Layout) -> None:
    for number, mine in enumerate(ours):
        layout.ours[mine] = (MARGIN + number * (OURS_W + GAP_X), y)


def _tie(ours: tuple[float, float], person: tuple[float, float], strength: int) -> Line:
    return Line(ours[0] + OURS_W / 2, ours[1], person[0] + NODE_W / 2, person[1] + NODE_H, strength)
