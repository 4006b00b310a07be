"""Distances on the globe and how exactly a place is shown; pure."""

import math
from dataclasses import dataclass

EARTH_KM = 6371.0088
BLUR_DIGITS = 3  # a thousandth of a degree: about 100 m


@dataclass(frozen=True)
class Point:
    """Degrees north and east."""

    latitude: float
    longitude: float


def kilometres(one: Point | None, other: Point | None) -> float | None:
    """The great-circle distance (haversine); None when a place is unknown."""
    if one is None or other is None:
        return None
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(one.longitude - other.longitude)
    half = math.sin((north - south) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def blurred(point: Point) -> Point:
    """The point to about 100 m, as it is shown, and as it is kept after 180 days."""
    return Point(round(point.latitude, BLUR_DIGITS), round(point.longitude, BLUR_DIGITS))
