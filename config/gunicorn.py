"""How gunicorn serves pages, under `./impeller up` and in the container alike; addresses come from its command."""

import gc
import os
import shutil
import tempfile
from typing import Any

# Where the web processes share what they counted; must be known before prometheus_client is imported.
_made = None if "PROMETHEUS_MULTIPROC_DIR" in os.environ else tempfile.mkdtemp(prefix="impeller-metrics-")
if _made:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _made

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 15
max_requests = 20_000
max_requests_jitter = 2_000
forwarded_allow_ips = ""  # TrustedProxyMiddleware alone decides whom to believe
control_socket_disable = True
if os.environ.get("DEBUG"):
    reload = True
else:
    preload_app = True


def when_ready(_server: Any) -> None:
    """What the product consists of is never garbage: looking for garbage passes it by, and the web processes that are
    now started go on sharing its memory."""
    gc.collect()
    gc.freeze()


def child_exit(_server: Any, worker: Any) -> None:
    """Drop what a finished process counted as living."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """Leave no folder behind."""
    if _made:
        shutil.rmtree(_made, ignore_errors=True)
