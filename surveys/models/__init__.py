"""Rows of surveys: questionnaires and their questions, invitations, answers, recoveries, visits of public pages."""

from surveys.models.invitations import Invitation, PeerCount
from surveys.models.questionnaires import Question, Questionnaire
from surveys.models.recoveries import Recovery
from surveys.models.responses import Answer, Response

__all__ = ["Answer", "Invitation", "PeerCount", "Question", "Questionnaire", "Recovery", "Response"]
