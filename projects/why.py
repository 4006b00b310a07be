"""Why each gate asks what it asks: the short lesson shown beside the work, with a right and a wrong example."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


@dataclass(frozen=True)
class Why:
    """Purpose of a gate, one good and one bad example."""

    lead: Sentence
    text: Sentence
    right: Sentence
    wrong: Sentence


WHY: Final[dict[str, Why]] = {
    "g01": Why(
        _("Money and need first, drawings later."),
        _(
            "An opportunity without a source of funds costs technology two weeks and ends as “cancelled, no funds”."
        ),
        _("Source of funds, signing month and two rivals named after one visit"),
        _("“Customer interested”, sent on to technology"),
    ),
    "g02": Why(
        _("Half a metre of NPSH margin saves an impeller."),
        _(
            "Cavitation found on site costs a replacement and the customer's trust; on paper it costs ten minutes."
        ),
        _("Margin calculated for the lowest suction level"),
        _("Margin taken from the catalogue sheet"),
    ),
    "g03": Why(
        _("The one who runs the pump decides more than the one who signs."),
        _(
            "Real users sway the choice and are often left out; the price level decides who must agree to the discount."
        ),
        _("Decision maker, technical evaluator and user are known by name"),
        _("Only the purchaser's phone number"),
    ),
    "g04": Why(
        _("Write the result down while it is fresh."),
        _("Reasons of winning and losing teach the whole branch, but only if they are true and in time."),
        _("Signed minutes and one clear reason"),
        _("“Price”, because it is the first in the list"),
    ),
    "g05": Why(
        _("What five departments read, none of them is surprised by."),
        _(
            "Contract review and prepayment before production: the two checks that keep an order from losing money."
        ),
        _("Warranty and test grade confirmed by after-sales and quality"),
        _("Contract sealed first, reviewed later"),
    ),
}
