"""The common ground of resources that belong to a customer."""

from typing import Any

from core.api.viewsets import ScopedViewSet
from core.rules import require
from crm.models import Customer


class OfCustomerViewSet(ScopedViewSet):
    """Something that belongs to a customer: who may add it is asked of that customer."""

    def perform_create(self, form: Any) -> Any:
        data = dict(form.cleaned_data)
        customer = data.pop("customer")
        require(self.request.user, self.code("add"), customer)
        return self.add(customer, data)

    def add(self, customer: Customer, data: dict[str, Any]) -> Any:
        """Carry the input out for this customer."""
        raise NotImplementedError
