"""The personal data of complaints: who complained."""

from core.personal_data import register_personal_data

register_personal_data("complaints.Complaint", ["complainant"])
