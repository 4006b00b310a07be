"""The arithmetic of answers against the golden values of the specification (§6.5), compared unrounded."""

import pytest

from surveys import statistics
from surveys.scoring import is_answer, low_reasons

WORDS = ["安全", "起诉", "媒体", "换品牌"]


def test_wilson_interval_of_42_out_of_60():
    found = statistics.share(42, 60)
    assert found.value == pytest.approx(0.70)
    assert found.interval == pytest.approx((0.575, 0.801), abs=5e-4)


def test_nps_of_fifteen_promoters_and_six_detractors_of_thirty():
    scores = [9] * 10 + [10] * 5 + [7, 8, 8] * 3 + [0, 3, 6, 6, 5, 1]
    value, (low, high) = statistics.nps(scores)
    assert value == pytest.approx(30)
    assert (low, high) == pytest.approx((2.1, 57.9), abs=0.05)


def test_cronbach_alpha():
    rows = [(4, 5, 4), (3, 4, 3), (5, 5, 4), (2, 3, 2), (4, 4, 5), (3, 3, 3)]
    assert statistics.cronbach_alpha(rows) == pytest.approx(0.9079, abs=1e-4)


@pytest.mark.parametrize("rows", [[], [(1, 2)], [(1,), (2,)], [(3, 3), (3, 3)]])
def test_no_alpha_without_two_items_two_rows_and_variation(rows):
    assert statistics.cronbach_alpha(rows) is None


@pytest.mark.parametrize(("population", "needed"), [(None, 385), (120, 92), (400, 197), (2000, 323)])
def test_sample_for_five_percent(population, needed):
    assert statistics.sample_size(population) == needed


@pytest.mark.parametrize(
    ("degrees", "t"),
    [(1, 12.7062), (2, 4.302653), (5, 2.570582), (10, 2.228139), (29, 2.045230), (100, 1.983972)],
)
def test_t_quantile_agrees_with_the_tables(degrees, t):
    assert statistics.t_quantile(degrees) == pytest.approx(t, abs=2e-5)


def test_mean_with_interval():
    found = statistics.mean([3, 4, 5, 5, 4])
    assert (found.n, found.value) == (5, pytest.approx(4.2))
    assert found.sd == pytest.approx(0.836660, abs=1e-6)
    assert found.interval == pytest.approx((3.16115, 5.23885), abs=1e-4)


def test_the_interval_shrinks_only_when_much_of_the_population_answered():
    scores = [3, 4, 5, 5, 4]
    plain, half = statistics.mean(scores), statistics.mean(scores, population=10)
    assert statistics.mean(scores, population=200).interval == plain.interval
    assert half.interval[1] - half.value == pytest.approx((plain.interval[1] - plain.value) * 0.5**0.5)


def test_one_answer_has_no_interval_and_none_no_mean():
    assert statistics.mean([4]).interval is None
    assert statistics.mean([]) is None
    assert statistics.share(0, 0) is None
    assert statistics.nps([]) is None


def test_csat_bottom_median_and_index():
    scores = [5, 4, 3, 2, 1, 5]
    assert statistics.csat(scores).value == pytest.approx(0.5)
    assert statistics.bottom_two(scores).value == pytest.approx(1 / 3)
    assert statistics.median(scores) == 3.5
    assert statistics.csi({"dim1": 5, "dim2": 3}) == pytest.approx(75)
    assert statistics.csi({"dim1": 5, "dim2": 3}, {"dim1": 3, "dim2": 1}) == pytest.approx(87.5)
    assert statistics.csi({}) is None


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"q0": 3, "dim1": 3, "ces": 3, "nps": 7, "fix": "partly", "open": "一般"}, []),
        ({"q0": 2}, ["csat"]),
        ({"q0": 5, "dim2": 2}, ["dimension"]),
        ({"nps": 6}, ["nps"]),
        ({"ces": 2}, ["ces"]),
        ({"fix": "no"}, ["not_solved"]),
        ({"q0": 5, "open": "再这样就换品牌了"}, ["words"]),
        ({"q0": 1, "dim3": 1, "fix": "no"}, ["csat", "dimension", "not_solved"]),
        ({}, []),
    ],
)
def test_what_counts_as_a_low_answer(values, reasons):
    assert low_reasons(values, WORDS) == reasons


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("scale5", 1, 0),
        ("scale5", 5, 6),
        ("scale5", 3, "3"),
        ("scale5", 3, True),
        ("scale7", 7, 8),
        ("nps", 0, 11),
        ("yesno", "partly", "perhaps"),
        ("text", "好", "  "),
    ],
)
def test_which_values_lie_on_a_scale(kind, good, bad):
    assert is_answer(kind, good)
    assert not is_answer(kind, bad)
