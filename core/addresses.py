"""The address of a row's own page: put together once a name, because lists ask for hundreds."""

from functools import cache

from django.urls import reverse

STAND_IN = 9_007_199_254_740_993  # no row has this number, so it is found again in the address


@cache
def _around(name: str) -> tuple[str, str]:
    before, after = reverse(name, args=[STAND_IN]).split(str(STAND_IN))
    return before, after


@cache
def page_address(name: str) -> str:
    """`reverse(name)` for an address without arguments."""
    return reverse(name)


def row_address(name: str, pk: int) -> str:
    """`reverse(name, args=[pk])` for an address whose only argument is the row's id."""
    before, after = _around(name)
    return f"{before}{pk}{after}"
