"""Rounds: a screen and F1 in turns of five requests each, so that both meet the same moments of the machine."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from benchmarks.screens import Screen, complaint_about

TURN = 5
UNSTEADY = 1.6


@dataclass
class Answer:
    """One reply as the client saw it."""

    status: int
    body: str
    bytes: int
    ms: float


class Client:
    """One person's browser, a new connection for each request."""

    def __init__(self, port: int, cookie: str, cpu: Callable[[], float]) -> None:
        self.port, self.cpu = port, cpu
        self.headers = {"Cookie": cookie, "Host": "127.0.0.1"}

    def get(self, url: str) -> Answer:
        """Ask once; the clock runs from connecting to the last byte."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", url, headers=self.headers)
        reply = connection.getresponse()
        body = reply.read()
        ms = (time.perf_counter() - began) * 1000
        connection.close()
        return Answer(reply.status, body.decode("utf-8", "replace"), len(body), ms)


@dataclass
class Case:
    """A screen as one person sees it, with all its rounds."""

    screen: Screen
    person: str
    client: Client
    rows: int | None
    bytes: int = 0
    rounds: list[tuple[float, float]] = field(default_factory=list)  # (median of the screen, median of F1)
    cpu: list[tuple[float, float]] = field(default_factory=list)  # ms on a processor, per request
    dropped: int = 0
    wrong: str = ""

    @property
    def ratios(self) -> list[float]:
        return [mine / floor for mine, floor in self.rounds]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def cpu_ratio(self) -> float:
        """Processor time of our web process per request, in times that of F1: steady on a busy machine too."""
        return sum(mine for mine, _floor in self.cpu) / sum(floor for _mine, floor in self.cpu)

    @property
    def ms(self) -> float:
        return statistics.median(mine for mine, _floor in self.rounds)

    @property
    def floor_ms(self) -> float:
        return statistics.median(floor for _mine, floor in self.rounds)

    def warm(self, times: int) -> None:
        """Ask a few times without counting, and check what comes back."""
        for _time in range(times):
            answer = self.client.get(self.screen.url)
            self.bytes = answer.bytes
            self.wrong = complaint_about(self.screen, answer.status, answer.body, self.rows)

    def measure(self, floor: Client, requests: int) -> None:
        """One round. It is dropped when F1's own first and second half differ too much: the machine was disturbed."""
        mine: list[float] = []
        base: list[float] = []
        spent, spent_floor = 0.0, 0.0
        while len(mine) < requests:
            before = floor.cpu()
            base += [floor.get("/hello").ms for _time in range(TURN)]
            spent_floor += floor.cpu() - before
            before = self.client.cpu()
            for _time in range(TURN):
                answer = self.client.get(self.screen.url)
                if answer.status != 200 or answer.bytes < self.bytes * 0.9:
                    self.wrong = f"status {answer.status}, {answer.bytes} bytes"
                mine.append(answer.ms)
            spent += self.client.cpu() - before
        self.cpu.append((spent / len(mine), spent_floor / len(base)))
        half = len(base) // 2
        halves = sorted((statistics.median(base[:half]), statistics.median(base[half:])))
        if halves[1] > UNSTEADY * halves[0]:
            self.dropped += 1
            return
        self.rounds.append((statistics.median(mine), statistics.median(base)))


def run_rounds(cases: list[Case], floor: Client, *, rounds: int, requests: int, seed: int = 1) -> None:
    """All cases in a new order each round; a case whose every round was disturbed gets more chances."""
    rng = Random(seed)
    for case in cases:
        case.warm(6)
    for _round in range(rounds):
        for case in rng.sample(cases, len(cases)):
            case.measure(floor, requests)
    for case in cases:
        for _try in range(2 * rounds):
            if case.rounds:
                break
            case.measure(floor, requests)
        if not case.rounds:
            raise RuntimeError(f"{case.screen.code}: the machine was never steady enough to measure")
