"""Language and time zone belong to the thread that answers a request, and to no other."""

from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

from django.utils import timezone, translation

MIDNIGHT = datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_two_threads_do_not_hear_each_other() -> None:
    together = Barrier(2)
    said: dict[str, Any] = {}

    def answer(language: str, zone: str) -> None:
        with translation.override(language), timezone.override(zone):
            together.wait(10)  # both have chosen
            said[language] = (translation.get_language(), timezone.localtime(MIDNIGHT).hour)
            together.wait(10)  # both have read
        said[f"after {language}"] = timezone.localtime(MIDNIGHT).hour

    threads = [Thread(target=answer, args=pair) for pair in (("en", "UTC"), ("zh-hans", "Asia/Shanghai"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"en": ("en", 16), "zh-hans": ("zh-hans", 0), "after en": 0, "after zh-hans": 0}


def test_what_was_chosen_is_taken_back() -> None:
    before = translation.get_language()
    with translation.override("en"):
        assert translation.get_language() == "en"
        with translation.override("zh-hans"):
            assert translation.get_language() == "zh-hans"
        assert translation.get_language() == "en"
    assert translation.get_language() == before
    with translation.override(None):
        assert translation.get_language() is None
