"""Calls over HTTP: one signed request a call, under the call's id as idempotency key."""

from __future__ import annotations

import asyncio
import time

import httpx
from django.conf import settings

from integrations import signing
from integrations.connectors.failure import NotDelivered
from integrations.messages import call_as_bytes
from integrations.models import OutboxCall

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3, 10, 15
PATH = "/calls/"


def send(call: OutboxCall) -> None:
    """Post the call to the connector's address. Redirects are not followed and the answer's body is not read.

    Raises NotDelivered when there is no answer in time or it is not a success.
    """
    body = call_as_bytes(call)
    key = str(call.public_id)
    headers = {
        "content-type": "application/json",
        "idempotency-key": key,
        **signing.headers(call.connector.secret, key, int(time.time()), body),
    }
    try:
        status = asyncio.run(_post(_address(call), body, headers))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise NotDelivered(f"{type(error).__name__}: {error}") from error
    if not 200 <= status < 300:
        raise NotDelivered(f"The other side answered {status}.")


async def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    # asyncio, because only its timeout bounds the whole exchange: a server that drips bytes never trips the others.
    limits = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    async with (
        asyncio.timeout(TOTAL_SECONDS),
        httpx.AsyncClient(timeout=limits, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", url, content=body, headers=headers) as response,
    ):
        return response.status_code


def _address(call: OutboxCall) -> str:
    base = call.connector.settings.get("url") or settings.CUSTODIAN_URL
    return base.rstrip("/") + PATH
