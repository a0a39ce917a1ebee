"""Two months of history, made by running the real actions on a moving clock; no row is inserted by hand.

Simulated people read the ledger as everybody does: an item that opened is worked, a request answered, a call returned.
"""

from demo.history.drive import Progress, make_history

__all__ = ["Progress", "make_history"]
