"""The fault taxonomy as data: symptoms with likely causes and first checks, actions taken, safety checks. Pure."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise


class Symptom(NamedTuple):
    """A symptom: its label, the likely cause classes (most likely first), what to check first, parts to bring."""

    label: Label
    causes: str
    first_checks: Label
    parts: Label


SYMPTOMS: Final[dict[str, Symptom]] = {
    "F01": Symptom(_("No discharge"), "UI", _("Priming, suction leak, rotation, valve, strainer"), _("Foot valve")),
    "F02": Symptom(_("Low flow"), "WUD", _("Speed and voltage, wear ring, impeller, system head"), _("Wear ring, impeller")),
    "F03": Symptom(_("Low head"), "DMU", _("Rotation, gas in the medium, impeller trim, cavitation"), _("Impeller")),
    "F04": Symptom(_("Vibration"), "IMU", _("Alignment, soft foot, pipe strain, balance, bearing"), _("Coupling, bearing")),
    "F05": Symptom(_("Cavitation, noise"), "DU", _("NPSH available, inlet, temperature, foreign body"), _("Impeller")),
    "F06": Symptom(_("Hot bearing"), "PIW", _("Grease, alignment, thrust, cooling"), _("Bearing, oil seal")),
    "F07": Symptom(_("Seal leak"), "UDBW", _("Dry run, face wear, flush, shaft run-out"), _("Mechanical seal, O-rings")),
    "F08": Symptom(_("Packing hot or leaking"), "PW", _("Gland, sleeve, flush"), _("Packing, sleeve")),
    "F09": Symptom(_("Overload, trip"), "UDE", _("Flow beyond range, medium, rub, phases, relay"), _("Contactor")),
    "F10": Symptom(_("Motor hot, low insulation"), "EU", _("Load, cooling, damp, starts per hour"), _("Winding, cable")),
    "F11": Symptom(_("Seized, hard to start"), "UPM", _("Rust, foreign body, shaft, packing"), _("Shaft")),
    "F12": Symptom(_("Casing or flange leak"), "CI", _("Gasket, crack, porosity, pipe load"), _("Gasket, casing")),
    "F13": Symptom(_("Corrosion, erosion"), "DUW", _("Material, medium, sand"), _("Wet end")),
    "F14": Symptom(_("Control cabinet, drive, sensor"), "EB", _("Parameters, sensor, PLC, harmonics"), _("Drive, sensor")),
    "F15": Symptom(_("Submersible alarm, water inside"), "BMW", _("Cable gland, seal pair, oil chamber"), _("Seal set, cable")),
    "F16": Symptom(_("High energy use"), "DW", _("Operating point, wear, throttling"), _("Impeller")),
}  # fmt: skip
SYMPTOM_CHOICES: Final = [(code, symptom.label) for code, symptom in SYMPTOMS.items()]

ACTIONS: Final[dict[str, Label]] = {
    "guidance": _("Guided by phone"),
    "clean": _("Cleaned"),
    "prime": _("Primed, vented"),
    "adjust": _("Adjusted"),
    "align": _("Aligned"),
    "balance": _("Balanced"),
    "relubricate": _("Re-lubricated"),
    "repack": _("Repacked"),
    "seal": _("Seal renewed"),
    "bearing": _("Bearing renewed"),
    "impeller": _("Impeller or ring renewed"),
    "electrical": _("Electrical work"),
    "parameters": _("Parameters set"),
    "other": _("Other work"),
}
ACTION_CHOICES: Final = list(ACTIONS.items())

SAFETY_CHECKS: Final[dict[str, Label]] = {
    "loto": _("Locked out and tagged"),
    "gas": _("Gas measured"),
    "lifting": _("Lifting gear checked"),
}
SAFETY_CHOICES: Final = list(SAFETY_CHECKS.items())

READINGS: Final[dict[str, tuple[Label, str]]] = {
    "flow": (_("Flow"), "m³/h"),
    "suction": (_("Suction pressure"), "bar"),
    "discharge": (_("Discharge pressure"), "bar"),
    "current": (_("Current"), "A"),
    "vibration": (_("Vibration"), "mm/s"),
    "bearing": (_("Bearing temperature"), "°C"),
}


def symptom_label(code: str) -> Label:
    """The words for a symptom code; the code itself when it is unknown, nothing when empty."""
    return SYMPTOMS[code].label if code in SYMPTOMS else code
