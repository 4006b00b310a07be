"""Cells of the comparison as templates draw them."""

from decimal import Decimal
from typing import Any

from django import template

from kpi.boards import Cell
from kpi.words import rows_url, share_words, target_words, value_words

register = template.Library()


@register.filter
def cell_value(cell: Cell) -> str:
    """The number."""
    return value_words(cell.metric, cell.now.value)


@register.filter
def cell_how(cell: Cell) -> str:
    """What it is made of: 19 of 20."""
    return share_words(cell.metric, rows=cell.now.rows, hits=cell.now.hits)


@register.filter
def metric_target(metric: Any) -> str:
    """The target with its direction."""
    return target_words(metric)


@register.filter
def cell_target(cell: Cell) -> Decimal:
    """The target as a number, for the dotted line of the trend."""
    return cell.metric.target


@register.simple_tag
def cell_url(cell: Cell, by: str, month: str) -> str:
    """The rows behind the number."""
    return rows_url(cell.metric, by, month, cell.subject_id)
