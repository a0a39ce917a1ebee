"""The verbs of orders: the only code that writes them."""

from orders.actions.copying import copy_to
from orders.actions.documents import add_document
from orders.actions.drafts import discard_draft, save_draft
from orders.actions.ending import cancel_order, repair_order
from orders.actions.promising import keep_times
from orders.actions.rating import explain_rating, rate_order
from orders.actions.requests import answer_request
from orders.actions.submission import submit_order
from orders.actions.talking import add_note, look_as_client, send_message
from orders.actions.urging import urge_order

__all__ = [
    "add_document",
    "add_note",
    "answer_request",
    "cancel_order",
    "copy_to",
    "discard_draft",
    "explain_rating",
    "keep_times",
    "look_as_client",
    "rate_order",
    "repair_order",
    "save_draft",
    "send_message",
    "submit_order",
    "urge_order",
]
