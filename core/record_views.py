"""What hangs on any record: its thread, its files, and the notices of the person who reads."""

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.clock import db_now
from core.comments import add_comment, comments_of, visible_subject
from core.errors import DomainError, NotFound
from core.files import attachments_of, file_kinds, path_of, store_and_attach, visible_attachment
from core.keyset import paginate
from core.mentions import people_named, suggested_people, with_names_marked
from core.models import Notification
from core.notify import render_notices

SHOWN_INLINE = {"image/png", "image/jpeg", "image/webp"}
NOTICES_PER_PAGE = 30


class FileUnavailable(DomainError):
    """The row of the file is there, its bytes are not."""

    status = 503
    code = "file_unavailable"


class FileRemoved(DomainError):
    """The bytes were deleted for good; the row only says that there was a file."""

    status = 410
    code = "file_removed"
    default_message = _("This file was removed: at a person's request, or because its days were over.")


@require_http_methods(["GET", "POST"])
def thread(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The thread of a record as a fragment; POST adds a message."""
    subject = visible_subject(kind, pk, request.user)
    not_told: Sequence[Any] = ()
    if request.method == "POST":
        said = add_comment(by=request.user, now=db_now(), subject=subject, text=request.POST.get("text", ""))
        not_told = said.not_told
    comments = list(comments_of(subject))
    names = people_named(comment.text for comment in comments)
    for comment in comments:
        comment.shown = with_names_marked(comment.text, names)  # type: ignore[attr-defined]
    context = {"kind": kind, "subject": subject, "comments": comments, "not_told": not_told}
    return render(request, "core/thread.html", context)


@require_GET
def people_find(request: HttpRequest) -> HttpResponse:
    """Colleagues to name with @, as buttons under the text."""
    typed = request.GET.get("search", "")[:40]
    return render(request, "core/people_find.html", {"people": suggested_people(typed, request.user)})


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The files of a record as a fragment; POST adds one or more."""
    subject = visible_subject(kind, pk, request.user)
    if request.method == "POST":
        for upload in request.FILES.getlist("file"):
            store_and_attach(upload, subject, kind=request.POST.get("kind", "")[:40], by=request.user)
    kinds = file_kinds(kind)
    attachments = list(attachments_of(subject))
    for one in attachments:
        one.said = kinds.get(one.kind, "")  # type: ignore[attr-defined]
    context = {"kind": kind, "subject": subject, "attachments": attachments, "kinds": kinds}
    return render(request, "core/files.html", context)


@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """A file, to whoever sees its record now: as an attachment, never run on our origin."""
    attachment = visible_attachment(pk, request.user)
    if attachment is None:
        raise NotFound()
    if attachment.file.removed_at is not None:
        raise FileRemoved()
    try:
        stream = path_of(attachment.file.stored_name).open("rb")
    except OSError as error:
        raise FileUnavailable() from error
    inline = attachment.file.content_type in SHOWN_INLINE and "inline" in request.GET
    response = FileResponse(
        stream,
        as_attachment=not inline,
        filename=attachment.file.name,
        content_type=attachment.file.content_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """The reader's notices, newest first."""
    rows = Notification.objects.visible_to(request.user)
    page = paginate(
        rows, ("-at", "-pk"), ordering="-at", cursor=request.GET.get("cursor"), limit=NOTICES_PER_PAGE
    )
    context: dict[str, Any] = {
        "page": page,
        "notices": render_notices(page.rows, request.user),
        "now": db_now(),
    }
    template = "core/notification_list.html"
    return render(request, f"{template}#table" if getattr(request, "htmx", None) else template, context)


@require_POST
def read_notifications(request: HttpRequest) -> HttpResponse:
    """Mark all notices, or the one named, as read."""
    rows = Notification.objects.visible_to(request.user).unread()
    if request.POST.get("id", "").isdecimal():
        rows = rows.filter(pk=int(request.POST["id"]))
    rows.update(read_at=db_now())
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "core:notification_list"
    return redirect(target)
