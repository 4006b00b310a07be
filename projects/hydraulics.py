"""Pump arithmetic: powers, motor size, suction margin, specific speed, and what looks wrong about a duty point. Pure.

Units: Q m³/h, H m, n r/min, ρ kg/m³, power kW, efficiency as a fraction. Results are unrounded; rounding is for display.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GRAVITY: Final = 9.81
NPSH_MARGIN: Final = 0.5
PLAUSIBLE_SPECIFIC_SPEED: Final = (30.0, 500.0)

_MOTOR_FACTORS: Final = ((22.0, 1.25), (55.0, 1.15))
_LARGE_MOTOR_FACTOR: Final = 1.10


@dataclass(frozen=True)
class DutyPoint:
    """What a pump is asked to do; None where it is not known yet."""

    flow: float
    head: float
    efficiency: float | None = None
    speed: float | None = None
    density: float = 1000.0
    motor: float | None = None
    npsh_required: float | None = None
    npsh_available: float | None = None
    stages: int = 1
    double_suction: bool = False

    def __post_init__(self) -> None:
        if self.flow <= 0 or self.head <= 0 or self.density <= 0 or self.stages < 1:
            raise ValueError("flow, head, density and stages must be positive")
        if self.efficiency is not None and not 0 < self.efficiency < 1:
            raise ValueError("efficiency is a fraction between 0 and 1")


def hydraulic_power(flow: float, head: float, density: float = 1000.0) -> float:
    """Ph = ρ·g·(Q/3600)·H/1000 in kW."""
    return density * GRAVITY * (flow / 3600) * head / 1000


def shaft_power(flow: float, head: float, efficiency: float, density: float = 1000.0) -> float:
    """P2 = Ph/η in kW."""
    return hydraulic_power(flow, head, density) / efficiency


def least_motor(p2: float) -> float:
    """P2·k in kW: k 1.25 below 22 kW, 1.15 from 22 to 55 kW, 1.10 above 55 kW (22 and 55 are in the middle band)."""
    if p2 < _MOTOR_FACTORS[0][0]:
        return p2 * _MOTOR_FACTORS[0][1]
    if p2 <= _MOTOR_FACTORS[1][0]:
        return p2 * _MOTOR_FACTORS[1][1]
    return p2 * _LARGE_MOTOR_FACTOR


def specific_speed(
    flow: float, head: float, speed: float, *, stages: int = 1, double_suction: bool = False
) -> float:
    """ns = 3.65·n·√(Q/3600)/H^0.75, with half the flow for double suction and the head of one stage."""
    through = flow / 2 if double_suction else flow
    return 3.65 * speed * (through / 3600) ** 0.5 / (head / stages) ** 0.75


def findings(duty: DutyPoint) -> list[str]:
    """Codes of what is wrong: `motor_too_small`, `npsh_margin` (risk flag RF05), `specific_speed_implausible`."""
    return list(_findings(duty))


def _findings(duty: DutyPoint) -> Iterator[str]:
    if duty.efficiency is not None and duty.motor is not None:
        needed = least_motor(shaft_power(duty.flow, duty.head, duty.efficiency, duty.density))
        if duty.motor < needed:
            yield "motor_too_small"
    known = duty.npsh_required is not None and duty.npsh_available is not None
    if known and duty.npsh_available - duty.npsh_required < NPSH_MARGIN:  # type: ignore[operator]
        yield "npsh_margin"
    if duty.speed is not None:
        low, high = PLAUSIBLE_SPECIFIC_SPEED
        speed = specific_speed(
            duty.flow, duty.head, duty.speed, stages=duty.stages, double_suction=duty.double_suction
        )
        if not low <= speed <= high:
            yield "specific_speed_implausible"
