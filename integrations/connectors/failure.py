"""How sending fails."""


class NotDelivered(Exception):
    """The other side does not have the call, as far as we know; it may be sent again under the same key."""
