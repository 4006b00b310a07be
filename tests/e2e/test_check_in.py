"""Checking in on a phone: the tap asks the device, a refusal lets one try again with a better fix, the log follows."""

from typing import Any

from crm.models import CheckIn
from tests.crm.factories import make_customer


def test_a_tap_a_refusal_and_another_tap(personas: Any, now: Any, sit: Any) -> None:
    customer = make_customer(personas.pm, now, owner=personas.pm)
    page = sit(personas.pm, phone=True)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 39.9042, "longitude": 116.4074, "accuracy": 9000})
    page.goto(f"/crm/customers/{customer.pk}/check_in/")
    page.get_by_role("button", name="在此签到").click()
    page.get_by_text("请到室外空旷处重试").wait_for()
    assert not CheckIn.objects.exists()
    page.context.set_geolocation({"latitude": 39.9043, "longitude": 116.4075, "accuracy": 20})
    page.wait_for_timeout(300)
    page.get_by_role("button", name="在此签到").click()
    page.wait_for_url("**/activities/add/**")
    assert CheckIn.objects.get().accuracy == 20
