"""Numbers of the customer floor that the company may change, with their defaults."""

from dataclasses import asdict

from django.utils.translation import gettext_lazy as _

from core.params import declare_param
from crm.assignment_classes import DEFAULT_CAPS
from crm.lifecycle import StageRules
from crm.pool_rules import DEFAULT_RULES
from crm.risk import RiskRules
from crm.strength import StrengthRules
from crm.tiers import TierRules
from crm.value import ValueRules

declare_param("crm.pool_rules", DEFAULT_RULES, _("When customers go to the public pool, in calendar days"))
declare_param(
    "crm.pool_claims",
    {"per_day": 5, "contact_days": 3, "barred_days": 30, "times_a_year": 2, "extension_days": 30},
    _("Claims a day, working days to the first contact, days barred, claims a year, days of an extension"),
)
declare_param(
    "crm.queue_escalation",
    {"executives": 2, "again": 5},
    _("Working days after the deadline of an assignment at which the executives hear of it, and once more"),
)
declare_param(
    "crm.first_contact",
    {"owner": 3, "manager": 5, "executives": 10},
    _(
        "Working days after an assignment without a two-way contact: owner reminded, manager told, superior told"
    ),
)
declare_param("crm.load_caps", DEFAULT_CAPS, _("The most one project manager carries, and from when to warn"))
declare_param("crm.vip_owner_years", 2, _("Years as a seller before owning a key account without a mentor"))
declare_param(
    "crm.privacy_text_version", "2026-01", _("Version of the privacy notice and consent texts in use")
)
declare_param(
    "crm.privacy_answer_days", 15, _("Working days in which a person's request about their data is answered")
)
declare_param(
    "crm.holds_blocking_erasure",
    ["complaint", "receivable"],
    _("Kinds of open business that keep a person's data from being erased"),
)
declare_param(
    "crm.contact_kept_days",
    3 * 365,
    _("Days without contact or business after which a person's data are to be anonymised"),
)
declare_param(
    "crm.reveal_burst",
    {"count": 20, "minutes": 10},
    _("Full numbers opened by one person within so many minutes, above which it is reported"),
)
declare_param(
    "crm.check_in_from",
    "",
    _("Day (2026-01-31) from which visits are expected to be checked in; empty: nobody is asked"),
)
declare_param(
    "crm.access_log_days",
    3 * 365,
    _("Days for which the log of access to personal data is kept; half a year at least"),
)
declare_param("crm.reveals_per_day", 50, _("Full phone numbers one person may open in a day"))
declare_param(
    "crm.log_review",
    {
        "share": 0.05,
        "most": 100,
        "suspicious": 3,
        "days": 30,
        "decide_days": 10,
        "appeal_days": 5,
        "judge_days": 10,
        "lapse_days": 20,
    },
    _(
        "Review of contact logs: share drawn a week and at most how many, suspicious logs in so many days that are"
        " all reviewed, working days to the finding, to appeal, to the answer, and until a review lapses"
    ),
)
declare_param(
    "crm.cadence_days",
    {"vip": 14, "professional": 30, "standard": 90, "prospect": 30, "care": 180, "party": 180},
    _("Longest pause between two-way contacts by class of customer, in calendar days; 0 promises nothing"),
)
declare_param(
    "crm.foreign_lookups_per_day", 60, _("Customers of others one person may be shown as duplicates in a day")
)
declare_param(
    "crm.calendar_reads_per_hour", 60, _("How often an hour calendar programs may read one person's calendar")
)
declare_param("crm.users_unmet_days", 90, _("Days without meeting an end user before the account is warned"))
declare_param(
    "crm.known_within_days", 730, _("Days within which a contact log shows that a colleague knows a customer")
)
declare_param("crm.board_log_days", 90, _("Days of contact logs whose mean authenticity the boards show"))
declare_param(
    "crm.concentration_share",
    0.5,
    _(
        "Share of a branch's signed amount or VIP customers in one hand from which the board asks for a second one"
    ),
)
declare_param(
    "crm.care_lead_days", 7, _("Days before a promised contact falls due at which a care contact is planned")
)
declare_param(
    "crm.greetings",
    {
        "vip": ["new_year", "spring_festival", "mid_autumn", "national"],
        "professional": ["spring_festival", "mid_autumn"],
    },
    _("Festivals on which customers of a class get greetings"),
)
declare_param("crm.greeting_lead_days", 10, _("Days before a festival at which greetings are planned"))
declare_param(
    "crm.sponsor_visit_days", 180, _("Days between visits of the executive sponsor to a VIP customer")
)
declare_param(
    "crm.holds_forbidding_merge",
    ["complaint"],
    _("Kinds of open business that keep a customer from being merged away"),
)
declare_param(
    "crm.tier_rules", asdict(TierRules()), _("Weights, bands and limits of the tier (amounts in CNY net)")
)
declare_param("crm.risk_rules", asdict(RiskRules()), _("Weights and yardsticks of the churn risk"))
declare_param("crm.stage_rules", asdict(StageRules()), _("Limits of the life-cycle rules T1–T8"))
declare_param("crm.strength_rules", asdict(StrengthRules()), _("Weights of the relationship strength"))
declare_param(
    "crm.value_rules", asdict(ValueRules()), _("Margins, costs and discount of the five-year value")
)
declare_param(
    "crm.vip_share",
    0.10,
    _("Share of VIP among a branch's active customers above which its manager is warned"),
)
