"""The database as the local servers make it: Chinese is seen by the search index."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_trigrams_see_chinese() -> None:
    """With the wrong locale pg_trgm answers an empty list here, and search finds nothing, silently."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT show_trgm('上海水泵')")
        assert len(cursor.fetchone()[0]) == 5
