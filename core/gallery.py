"""Sample data for the gallery of components; nothing here is read by the product itself."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from core.icons import ICONS

TREND = [42, 38, 40, 51, 47, 44, 58, 55, 61, 54, 59, 66, 63]


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=_("Customer"), help_text=_("The name on the seal of the contract."))
    industry = forms.ChoiceField(
        label=_("Industry"), choices=[("", "—"), ("a", _("Municipal water")), ("b", _("Petrochemical"))]
    )
    amount = forms.DecimalField(label=_("Amount"), required=False)
    due = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[
            ("call", _("Call, reached")),
            ("missed", _("Call, not reached")),
            ("visit", _("Visit")),
            ("wechat", "WeChat"),
        ],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    text = forms.CharField(label=_("What was said"), widget=forms.Textarea)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    photo = forms.FileField(label=_("Photo"), required=False)


def gallery_context() -> dict[str, Any]:
    """Everything the gallery page shows."""
    now = timezone.now()
    bound = SampleForm({"name": "", "industry": "a", "channel": "call", "text": ""})
    return {
        "icons": sorted(ICONS),
        "tones": ["", "vip", "solid", "brand", "outline", "danger", "warn", "good", "life", "alarm"],
        "trend": TREND,
        "now": now,
        "times": [now - timedelta(days=6), now - timedelta(hours=2), now + timedelta(hours=1), now + timedelta(hours=30), now + timedelta(days=4), now + timedelta(days=40)],
        "amounts": [318_600_000, 468_000, 8_520, 0, None],
        "sample_form": SampleForm(),
        "bound_form": bound,
        "stages": [
            {"code": f"P{number:02}", "label": label, "state": "done" if number < 8 else "now" if number == 8 else "", "time": time, "late": number == 3}
            for number, (label, time) in enumerate(
                [("商机", "9/15 天"), ("方案", "6/7 天"), ("报价", "5/4 天"), ("谈判", "22/25 天"), ("合同", "6/7 天"), ("设计", "11/12 天"), ("排产", "3/3 天"),
                 ("生产", "27/30 天"), ("检验", "4 天"), ("发货", "5 天"), ("安装", "7 天"), ("验收", "10 天"), ("质保", "18 月"), ("售后", "—")], 1)
        ],
        "tabs": [{"label": label, "url": "#", "count": count, "current": not index} for index, (label, count) in enumerate([("概览", 0), ("跟进", 38), ("联系人", 6), ("项目", 4), ("工单", 12)])],
        "chart": {"xAxis": {"type": "category", "data": ["07", "08", "09", "10", "11"]}, "yAxis": {"type": "value"}, "series": [{"name": _("Signed"), "type": "bar", "data": [5, 7, 6, 9, 8]}], "legend": {}},
        "heads": [_("Month"), _("Signed")],
        "lines": [["07", 5], ["08", 7], ["09", 6], ["10", 9], ["11", 8]],
    }  # fmt: skip
