"""Pump arithmetic: the domain's golden values, the bands of the motor factor, and the warnings."""

import pytest

from projects.hydraulics import DutyPoint, findings, hydraulic_power, least_motor, shaft_power, specific_speed


def test_golden_values():
    assert hydraulic_power(200, 50) == pytest.approx(27.25)
    assert shaft_power(200, 50, 0.80) == pytest.approx(34.0625)
    assert specific_speed(200, 50, 1480) == pytest.approx(67.7, abs=0.05)


@pytest.mark.parametrize(
    ("p2", "motor"),
    [(10, 12.5), (21.999, 27.49875), (22, 25.3), (55, 63.25), (55.001, 60.5011), (100, 110)],
)
def test_motor_factor_bands(p2, motor):
    assert least_motor(p2) == pytest.approx(motor)


def test_double_suction_and_stages_change_the_specific_speed():
    assert specific_speed(790, 58, 1480, double_suction=True) == pytest.approx(specific_speed(395, 58, 1480))
    assert specific_speed(46, 300, 2950, stages=6) == pytest.approx(specific_speed(46, 50, 2950))


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (DutyPoint(200, 50, 0.8, 1480, motor=45, npsh_required=3.5, npsh_available=4.0), []),
        (DutyPoint(200, 50, 0.8, 1480, motor=37), ["motor_too_small"]),
        (DutyPoint(200, 50, npsh_required=3.5, npsh_available=3.9), ["npsh_margin"]),
        (DutyPoint(1, 500, speed=1480), ["specific_speed_implausible"]),
        (DutyPoint(200, 50), []),
    ],
)
def test_findings(duty, expected):
    assert findings(duty) == expected


@pytest.mark.parametrize(
    "bad", [{"flow": 0}, {"head": -1}, {"efficiency": 80}, {"density": 0}, {"stages": 0}]
)
def test_impossible_duty_points_are_refused(bad):
    with pytest.raises(ValueError, match=r"."):
        DutyPoint(**({"flow": 200, "head": 50} | bad))
