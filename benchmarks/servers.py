"""The two web servers of a run: the product and the floor, with the same workers on the same database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded import die_with_parent
from config.local_servers import ROOT

START_SECONDS = 90


@contextmanager
def web(name: str, application: str, port: int, settings: str, logs: Path) -> Iterator[Served]:
    """Serve one application with two workers until the block ends."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "PORT": str(port),
        "STATEMENT_TIMEOUT_MS": "15000",
    }
    env |= {"WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING"}
    env.pop("PROMETHEUS_MULTIPROC_DIR", None)
    command = [sys.executable, "-m", "gunicorn", application, "--config", "config/gunicorn.py"]
    command += ["--bind", f"127.0.0.1:{port}"]
    with (logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=log, stderr=log, preexec_fn=die_with_parent()
        )
        try:
            _wait(process, port, logs / f"{name}.log")
            yield Served(process, port)
        finally:
            process.terminate()
            process.wait(20)


class Served:
    """A running server: its port and what it weighs."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def memory(self) -> float:
        """Proportional set size of master and workers in MB."""
        return sum(map(_pss, self._family())) / 1024

    def cpu(self) -> float:
        """Milliseconds its processes have spent on a processor so far; what others do to the machine does not count."""
        threads = [path for pid in self._family() for path in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(path.read_text().split()[0]) for path in threads) / 1e6

    def _family(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and process.poll() is None:
        try:
            opener.open(f"http://127.0.0.1:{port}/bare", timeout=20)
        except urllib.error.HTTPError:
            return  # it answers, if only that it has no such page
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")
