"""Files for import tests, as people really send them."""

from typing import Any

from accounts.models import OrgUnit
from core.clock import db_now
from crm.imports.intake import take_upload, wait_for
from crm.models import ImportBatch

HEADERS = "客户名称,省份,城市,行业,统一社会信用代码,联系人,手机"


def csv_file(*lines: str, headers: str = HEADERS, encoding: str = "utf-8") -> bytes:
    """A small CSV file, line 1 the headers."""
    return "\r\n".join([headers, *lines, ""]).encode(encoding)


def upload(by: Any, content: bytes, *, name: str = "客户.csv", branch: OrgUnit | None = None) -> ImportBatch:
    """A batch with its columns guessed."""
    return take_upload(by=by, now=db_now(), file_name=name, content=content, branch=branch)


def checked(by: Any, content: bytes, **choices: Any) -> ImportBatch:
    """A batch whose rows have been looked at."""
    batch = upload(by, content)
    choices = {"mapping": batch.mapping, "constants": batch.constants, **choices}
    return wait_for(batch.map_columns(by=by, **choices).dry_run(by=by))


def imported(by: Any, content: bytes, **choices: Any) -> ImportBatch:
    """A batch taken in."""
    return wait_for(checked(by, content, **choices).start(by=by))


def take_in(by: Any, content: bytes, *, kind: str, policy: str = "skip") -> ImportBatch:
    """A file of any kind all the way in, its columns as guessed."""
    batch = take_upload(by=by, now=db_now(), file_name="表.csv", content=content, kind=kind)
    batch = batch.map_columns(by=by, mapping=batch.mapping, constants=batch.constants, policy=policy)
    return wait_for(wait_for(batch.dry_run(by=by)).start(by=by))
