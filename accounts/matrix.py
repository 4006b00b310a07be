"""The permission matrix: who may do what to which rows, as one table. Every prose cell of the specification is settled here.

A line is `permission code | grants`. A grant is `WHO:scope` or `WHO:scope?condition`, where WHO is a role (upper case)
or a capability flag (lower case) and the scope is

    o  own     owner, collaborator, assignee, or who entered the row in the last 30 days
    b  branch  rows of the branch (with its sub-units) the grant is for
    d  dept    rows with a request, task or case addressed to the grant's department
    a  all     every row

A condition names a test on the row that some app registers (`accounts.rules.register_condition`); until it is
registered the grant does not count for any row. Verbs are the contract's, the last part is the model's name.
What a role may do *at all* stands here; who of them may do it to *this* row (separation of duties, authority
limits) stands in each app's `rules.py`.
"""

from collections import defaultdict
from typing import NamedTuple

from accounts.choices import Flag, Role
from accounts.rights import accounts as accounts_rights
from accounts.rights import complaints, crm, projects, service, surveys, training_kpi

SCOPES = {"o": "own", "b": "branch", "d": "dept", "a": "all"}


class Right(NamedTuple):
    """One cell: the subject (role or flag) may use the permission on the rows of the scope that meet the condition."""

    code: str
    subject: str
    scope: str
    condition: str


def parse(table: str) -> list[Right]:
    """Read lines of `code | WHO:scope?condition …`. Raises ValueError for anything misspelt."""
    rights = []
    for line in table.strip().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        code, _, cells = line.partition("|")
        for cell in cells.split():
            subject, _, rest = cell.partition(":")
            letter, _, condition = rest.partition("?")
            if subject not in Role.values and subject not in Flag.values:
                raise ValueError(f"unknown role or flag in {line!r}: {subject}")
            if letter not in SCOPES:
                raise ValueError(f"unknown scope in {line!r}: {letter}")
            rights.append(Right(code.strip(), subject, SCOPES[letter], condition))
    return rights


MATRIX: tuple[Right, ...] = tuple(
    right
    for table in (
        accounts_rights.RIGHTS,
        crm.RIGHTS,
        projects.RIGHTS,
        service.RIGHTS,
        complaints.RIGHTS,
        surveys.RIGHTS,
        training_kpi.RIGHTS,
    )
    for right in parse(table)
)


def _by_code() -> dict[str, tuple[Right, ...]]:
    found: dict[str, list[Right]] = defaultdict(list)
    for right in MATRIX:
        found[right.code].append(right)
    return {code: tuple(rights) for code, rights in found.items()}


BY_CODE = _by_code()


def rights_for(code: str) -> tuple[Right, ...]:
    """The cells of one permission; empty for a code nobody holds."""
    return BY_CODE.get(code, ())
