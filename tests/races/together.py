"""Several people doing one thing at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection

from core.errors import DomainError


def at_once(step: Callable[[int], Any], people: int) -> Counter[str]:
    """Run `step(number)` in threads that start together; "done" and the names of refusals, counted.

    Anything but a refusal of the domain is counted by its class too, so that it shows in the comparison.
    """
    gate, ends = threading.Barrier(people), Counter[str]()

    def run(number: int) -> None:
        try:
            gate.wait(timeout=20)
            step(number)
            ends["done"] += 1
        except DomainError as refusal:
            ends[type(refusal).__name__] += 1
        except Exception as fault:
            ends[repr(fault)] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


class Meeting:
    """Holds every thread that has read until all have: what a lock would have prevented."""

    def __init__(self, people: int) -> None:
        self._barrier = threading.Barrier(people)

    def wait(self) -> None:
        self._barrier.wait(timeout=20)
