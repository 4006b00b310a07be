"""The stage and gate table as data: who answers for a stage, its standard days, and what each gate asks for.

Pure: no ORM, no clock. Days are working days for product class A, B, C; probability is the default chance of
winning in per cent. An evidence item is a `file`, a structured `record`, or a `field`: a value somebody measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Sentence = str | Promise

FILE: Final = "file"
RECORD: Final = "record"
FIELD: Final = "field"


@dataclass(frozen=True)
class Evidence:
    """One item a gate asks for. `supplier` is the role or department that can supply it.

    `field` names the measured value of a FIELD item; `unit` is what it is counted in, `minimum` and `maximum`
    the range in which it lets the project pass.
    """

    code: str
    label: Sentence
    type: str
    supplier: str
    field: str = ""
    unit: str = ""
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True)
class Stage:
    """One stage: the departments that see and serve it, standard working days by product class, win chance."""

    code: str
    departments: tuple[str, ...]
    days: tuple[int, int, int] | None
    probability: int | None = None

    def days_for(self, product_class: str) -> int:
        """Standard working days; 0 where the contract, not the standard, sets the time."""
        return self.days["abc".index(product_class)] if self.days else 0


@dataclass(frozen=True)
class Gate:
    """What closes a stage."""

    code: str
    stage: str
    evidence: tuple[Evidence, ...]

    def item(self, code: str) -> Evidence:
        """The item with this code. Raises KeyError for one the gate does not ask for."""
        for one in self.evidence:
            if one.code == code:
                return one
        raise KeyError(code)


_STAGES = (
    Stage("p01", (), (10, 15, 30), 10),
    Stage("p02", ("TEC",), (3, 7, 15), 25),
    Stage("p03", ("FIN",), (2, 4, 8), 40),
    Stage("p04", (), (15, 25, 40), 55),
    Stage("p05", ("FIN",), (5, 7, 10), 100),
    Stage("p06", ("TEC",), (3, 12, 30)),
    Stage("p07", ("PRD",), (2, 3, 5)),
    Stage("p08", ("PRD",), (12, 30, 75)),
    Stage("p09", ("QCD",), (2, 4, 8)),
    Stage("p10", ("LOG",), (3, 5, 10)),
    Stage("p11", ("ASD",), (3, 7, 15)),
    Stage("p12", (), (5, 10, 20)),
    Stage("p13", ("ASD",), None),
    Stage("p14", ("ASD",), None),
)
STAGES: Final[Mapping[str, Stage]] = {stage.code: stage for stage in _STAGES}

_GATES = (
    Gate(
        "g01",
        "p01",
        (
            Evidence("need_sheet", pgettext_lazy("gate evidence", "Need sheet"), RECORD, "PM"),
            Evidence(
                "budget_source", pgettext_lazy("gate evidence", "Budget and source of funds"), RECORD, "PM"
            ),
            Evidence(
                "expected_sign_on",
                pgettext_lazy("gate evidence", "Expected signing date"),
                FIELD,
                "PM",
                field="expected_sign_on",
            ),
            Evidence("competitors", pgettext_lazy("gate evidence", "Competitor list"), RECORD, "PM"),
        ),
    ),
    Gate(
        "g02",
        "p02",
        (
            Evidence("duty_points", pgettext_lazy("gate evidence", "Duty points and medium"), RECORD, "TEC"),
            Evidence("selected_curve", pgettext_lazy("gate evidence", "Selected pump curve"), FILE, "TEC"),
            Evidence(
                "npsh_margin",
                pgettext_lazy("gate evidence", "NPSH margin"),
                FIELD,
                "TEC",
                field="npsh_margin",
                unit="m",
                minimum="0.5",
            ),
            Evidence("deviation_list", pgettext_lazy("gate evidence", "Deviation list"), RECORD, "TEC"),
        ),
    ),
    Gate(
        "g03",
        "p03",
        (
            Evidence("priced_quotation", pgettext_lazy("gate evidence", "Priced quotation"), FILE, "PM"),
            Evidence(
                "quotation_terms",
                pgettext_lazy("gate evidence", "Quotation terms and validity"),
                RECORD,
                "PM",
            ),
            Evidence(
                "discount_percent",
                pgettext_lazy("gate evidence", "Discount off list price"),
                FIELD,
                "PM",
                field="discount_percent",
                unit="%",
                minimum="0",
                maximum="100",
            ),
            Evidence(
                "margin_percent",
                pgettext_lazy("gate evidence", "Gross margin by cost sheet"),
                FIELD,
                "FIN",
                field="margin_percent",
                unit="%",
                minimum="-100",
                maximum="100",
            ),
        ),
    ),
    Gate(
        "g04",
        "p04",
        (
            Evidence(
                "negotiation_file",
                pgettext_lazy("gate evidence", "Tender file with bond proof, or signed minutes"),
                FILE,
                "PM",
            ),
            Evidence("result", pgettext_lazy("gate evidence", "Result and reason"), RECORD, "PM"),
        ),
    ),
    Gate(
        "g05",
        "p05",
        (
            Evidence(
                "contract_review", pgettext_lazy("gate evidence", "Contract review sheet"), RECORD, "FIN"
            ),
            Evidence("signed_contract", pgettext_lazy("gate evidence", "Signed contract"), FILE, "PM"),
            Evidence(
                "technical_agreement",
                pgettext_lazy("gate evidence", "Signed technical agreement"),
                FILE,
                "TEC",
            ),
            Evidence(
                "prepayment_percent",
                pgettext_lazy("gate evidence", "Prepayment received"),
                FIELD,
                "FIN",
                field="prepayment_percent",
                unit="%",
                minimum="0",
                maximum="100",
            ),
        ),
    ),
)
GATES: Final[Mapping[str, Gate]] = {gate.code: gate for gate in _GATES}
