"""Papers of an order, handed out to who may see them."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from orders.client_queries import document_for
from portal_customer.access import NoSuchPage, PageRequest


@require_safe
@login_required
def download(request: PageRequest, document: UUID) -> HttpResponseBase:
    """The file as an attachment, never shown inside our pages; its type is what we found, not what was said."""
    found = document_for(request.user, document)
    if found is None or not default_storage.exists(found.stored_as):
        raise NoSuchPage()
    content = default_storage.open(found.stored_as)
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
