"""The personal data of service: what reporters and signers leave with us."""

from core.personal_data import register_personal_data

register_personal_data("service.IntakeReport", ["reporter_name", "reporter_phone"])
register_personal_data("service.ServiceReport", ["signer_name"])
