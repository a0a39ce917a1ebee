"""Daily reconciliation: what custodians say they confirmed, against our own records; every break becomes an order.

Never holds how a break is worked: that is its product's drawing.
"""
