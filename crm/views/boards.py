"""Customers as a whole: the anti-privatisation board, the composition and the data quality; read from the nightly roll-up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from crm import boards
from crm.board_choices import ADVICE, PRIVATE_FLAGS, Dimension
from crm.choices import Tier


def reader_of(user: Any, asked: Any, *, of_tier: bool = False) -> tuple[boards.Reader, list[Any]]:
    """Who looks at what, from the address: `branch` must have counted customers this person sees, `tier` must exist; else 404."""
    places, branch, tier = boards.branches_of(user), asked.get("branch", ""), asked.get("tier", "")
    chosen = next((unit for unit in places if str(unit.pk) == branch), None)
    if (branch and chosen is None) or (tier and (not of_tier or tier not in Tier.values)):
        raise NotFound()
    if chosen is None and len(places) == 1:
        chosen = places[0]
    return boards.Reader(user, chosen, tier), places


def dimension_of(asked: Any) -> Dimension:
    """The dimension of the composition; 404 for any other."""
    by = asked.get("by", Dimension.STAGE)
    if by not in boards.COMPOSED_BY:
        raise NotFound()
    return Dimension(by)


def _context(request: HttpRequest, *, of_tier: bool = False) -> tuple[boards.Reader, dict[str, Any]]:
    reader, places = reader_of(request.user, request.GET, of_tier=of_tier)
    context = {"branches": places, "branch": reader.branch, "run": boards.last_run(), "now": db_now()}
    return reader, context


def customer_privatisation(request: HttpRequest) -> HttpResponse:
    """Whose knowledge of customers is in too few hands, and what to do about it."""
    require(request.user, "crm.view_privatisation")
    reader, context = _context(request, of_tier=True)
    board = boards.private_board(reader, context["now"])
    tiers = [("", ""), *Tier.choices]
    context |= {
        "board": board,
        "flags": [(flag, ADVICE[flag]) for flag in PRIVATE_FLAGS],
        "tier": reader.tier,
    }
    return render(request, "crm/customer_privatisation.html", context | {"tiers": tiers})


def customer_composition(request: HttpRequest) -> HttpResponse:
    """Of what customers consist: tier by stage, industry, province or kind."""
    require(request.user, "crm.view_customerfacts")
    reader, context = _context(request)
    by = dimension_of(request.GET)
    context |= {
        "made": boards.composition(reader, by),
        "by": by,
        "dimensions": boards.COMPOSED_BY,
        "may_value": request.user.has_perm("crm.view_value_customer"),  # type: ignore[union-attr]
    }
    return render(request, "crm/customer_composition.html", context)


def customer_quality(request: HttpRequest) -> HttpResponse:
    """How completely and how believably customers are described."""
    require(request.user, "crm.view_customerfacts")
    reader, context = _context(request)
    context["quality"] = boards.quality(reader, context["now"], context["run"])
    context["duplicates"] = boards.duplicates_waiting(reader)
    return render(request, "crm/customer_quality.html", context)
