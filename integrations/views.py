"""The door for answers and other messages over HTTP: signed, bounded, taken in once; problems as RFC 9457 has them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from audit.refusals import Refusal
from integrations import actions, signing
from integrations.messages import LARGEST, expect_message_id, read_incoming
from integrations.models import Connector
from integrations.refusals import BadMessage, MessageTooLarge, NoSuchConnector, NotSigned

TOLERANCE_SECONDS = 300  # how far the other side's clock may be off, and how long a message can be sent again


@csrf_exempt
@require_POST
def answer(request: HttpRequest, connector: str) -> HttpResponse:
    """Take a message in; it takes effect a moment later, once. The same message again is accepted again."""
    try:
        message_id = _take(request, connector)
    except Refusal as refusal:
        return problem(refusal)
    return JsonResponse({"id": message_id, "state": "received"}, status=202)


def problem(refusal: Refusal) -> JsonResponse:
    """A refusal as problem+json."""
    content = {"type": f"urn:throughline:{refusal.code}", "title": refusal.sentence, "status": refusal.status}
    return JsonResponse(content, status=refusal.status, content_type="application/problem+json")


def _take(request: HttpRequest, code: str) -> str:
    connector = Connector.objects.filter(code=code).first()
    if connector is None:
        raise NoSuchConnector(_("Expected a connected system, but there is none of that name."))
    message_id, body = _signed(request, connector)
    said = read_incoming(body)
    actions.receive(
        connector,
        message_id=message_id,
        kind=said.kind,
        call_id=said.call_id,
        payload=said.payload,
        actor=connector.as_actor(),
        now=timezone.now(),
    )
    return message_id


def _signed(request: HttpRequest, connector: Connector) -> tuple[str, bytes]:
    body = _body(request)
    message_id = expect_message_id(request.headers.get("webhook-id"))
    given = request.headers.get("webhook-timestamp", "")
    timestamp = int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 0
    if abs(timezone.now().timestamp() - timestamp) > TOLERANCE_SECONDS:
        raise NotSigned(_("its time is missing, or more than five minutes off"))
    if not signing.is_signed(
        connector.secret, message_id, timestamp, body, request.headers.get("webhook-signature", "")
    ):
        raise NotSigned(_("its signature does not fit"))
    return message_id, body


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("content-length", "0")
    if not length.isdigit():
        raise BadMessage(_("its length is not a number"))
    if int(length) > LARGEST:
        raise MessageTooLarge()
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise MessageTooLarge()
    return body
