"""The cache is a nicety: a server that is away or frozen costs one short wait, never a page."""

import socket
import time

from config.cache import ForgivingRedisCache


def test_a_frozen_server_delays_once_and_answers_like_an_empty_one() -> None:
    with socket.socket() as frozen:  # accepts connections into its queue and never says a word
        frozen.bind(("127.0.0.1", 0))
        frozen.listen()
        port = frozen.getsockname()[1]
        options = {"OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}}
        cache = ForgivingRedisCache(f"redis://127.0.0.1:{port}/0", options)
        try:
            began = time.monotonic()
            assert cache.get("a", "nothing") == "nothing"
            cache.set("a", 1)
            assert cache.get_many(["a", "b"]) == {}
            assert cache.add("a", 1) is False
            assert cache.get_or_set("a", lambda: 7) == 7
            assert time.monotonic() - began < 2
        finally:
            ForgivingRedisCache._rest_until = 0.0


def test_a_working_server_is_used(settings) -> None:
    cache = ForgivingRedisCache(settings.REDIS_URL, {})
    cache.set("door-test", {"水泵": 1}, 5)
    assert cache.get("door-test") == {"水泵": 1}
