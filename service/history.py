"""Old tickets: counting them by year and agent in Shanghai's calendar."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear

from accounts.models import User
from service.models import TicketEvent


def report(rows: Any) -> dict[str, Any]:
    """Tickets by year of their first event, and events by agent and year; the sums are the whole history."""
    tickets = rows.filter(historical=True).order_by()
    by_year = dict(
        tickets.annotate(year=ExtractYear("received_at"))
        .values_list("year")
        .annotate(number=Count("pk"))
        .order_by("year")
    )
    events = (
        TicketEvent.objects.filter(ticket__in=tickets)
        .order_by()
        .annotate(year=ExtractYear("at"))
        .values_list("year", "agent_id")
        .annotate(number=Count("pk"))
    )
    cells: dict[int, dict[int, int]] = {}
    years: Counter[int] = Counter()
    for year, agent, number in events:
        cells.setdefault(agent, {})[year] = number
        years[year] += number
    people = {person.pk: person for person in User.objects.filter(pk__in=cells)}
    all_years = sorted(set(by_year) | set(years))
    lines = [
        {
            "agent": people[agent],
            "cells": [{"year": year, "number": found.get(year, 0)} for year in all_years],
            "total": sum(found.values()),
        }
        for agent, found in cells.items()
    ]
    return {
        "years": all_years,
        "tickets": [{"year": year, "number": by_year.get(year, 0)} for year in all_years],
        "ticket_total": sum(by_year.values()),
        "lines": sorted(lines, key=lambda line: -line["total"]),
        "events": [{"year": year, "number": years[year]} for year in all_years],
        "event_total": sum(years.values()),
    }
