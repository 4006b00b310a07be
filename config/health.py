"""/healthz, /readyz and /metrics: what a load balancer, an operator and Prometheus ask."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks nothing else of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


readyz = metrics = healthz
