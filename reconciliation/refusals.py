"""How reconciliation says no."""

from audit.refusals import Invalid


class NotSetUp(Invalid):
    """What reconciliation needs of the firm is missing: its own client, a product for breaks, a statement that came."""

    code = "reconciliation.not_set_up"
