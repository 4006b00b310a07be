"""What the files of a contact log may be; a new one lets the log be judged again."""

from typing import Any

from core.clock import db_now
from core.files import register_files
from crm.choices import LogFile
from crm.models import Activity
from crm.operations.authenticity import rescore_activity


def _judge_again(activity: Activity, by: Any) -> None:
    rescore_activity(activity, db_now(), by=by)


register_files("crm.activity", {one.value: one.label for one in LogFile}, _judge_again)
