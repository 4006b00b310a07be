"""The cache as a nicety: a server that is down or frozen costs one short wait, never a page."""

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST_SECONDS = 5.0


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache in which a failing server answers like an empty one.

    After a failure the server is left alone for five seconds, so a frozen one delays one request, not all of them.
    """

    _rest_until = 0.0

    def _guard(self, name: str, answer: Any, *args: Any, **kwargs: Any) -> Any:
        """Call the real method, or give `answer` when the server fails or is being left alone."""
        cls = type(self)
        if time.monotonic() < cls._rest_until:
            return answer
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            cls._rest_until = time.monotonic() + REST_SECONDS
            logger.warning("cache unavailable for %s: %s", name, error)
            return answer

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """Say "not added" when the server fails."""
        return self._guard("add", False, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Miss when the server fails."""
        return self._guard("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """Store nothing when the server fails."""
        return self._guard("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        """Say "not there" when the server fails."""
        return self._guard("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Say "not there" when the server fails; entries also end by their time-out."""
        return self._guard("delete", False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        """Miss all when the server fails."""
        return self._guard("get_many", {}, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        """Say "not there" when the server fails."""
        return self._guard("has_key", False, *args, **kwargs)

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        """Store nothing when the server fails."""
        return self._guard("set_many", [], data, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        """Delete nothing when the server fails."""
        return self._guard("delete_many", None, *args, **kwargs)

    def clear(self) -> Any:
        """Clear nothing when the server fails."""
        return self._guard("clear", False)
