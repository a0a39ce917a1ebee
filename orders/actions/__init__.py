"""The verbs of orders: the only code that writes them."""

from orders.actions.documents import add_document
from orders.actions.drafts import discard_draft, save_draft
from orders.actions.ending import cancel_order, repair_order
from orders.actions.promising import keep_times
from orders.actions.requests import answer_request
from orders.actions.submission import submit_order
from orders.actions.talking import add_note, look_as_client, send_message

__all__ = [
    "add_document",
    "add_note",
    "answer_request",
    "cancel_order",
    "discard_draft",
    "keep_times",
    "look_as_client",
    "repair_order",
    "save_draft",
    "send_message",
    "submit_order",
]
