"""The rows of complaints: cases, their clocks, the rungs that were climbed, the emergency plan."""

from complaints.models.cases import Complaint
from complaints.models.clocks import ComplaintClock, EmergencyStep, Escalation

__all__ = ["Complaint", "ComplaintClock", "EmergencyStep", "Escalation"]
