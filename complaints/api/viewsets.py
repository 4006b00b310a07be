"""Cases in the API: list, one case, registering, and every step."""

from typing import Any

from complaints import operations
from complaints.api.serializers import ComplaintDetailSerializer, ComplaintSerializer
from complaints.filters import ComplaintFilter
from complaints.forms import COMPLAINT_FORMS, ComplaintForm
from complaints.models import Complaint
from core.api.viewsets import ScopedViewSet


class ComplaintViewSet(ScopedViewSet):
    """投诉 complaints."""

    model = Complaint
    serializer_class = ComplaintSerializer
    detail_serializer_class = ComplaintDetailSerializer
    filterset_class = ComplaintFilter
    orderings = {"-received": ("-received_at", "-id"), "received": ("received_at", "id")}
    create_form_class = ComplaintForm
    transition_forms = COMPLAINT_FORMS

    def perform_create(self, form: Any) -> Complaint:
        return operations.register_complaint(by=self.request.user, **form.cleaned_data)


ROUTES = [("complaints", ComplaintViewSet)]
