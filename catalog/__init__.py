"""What can be ordered: channels, products, listings, branch offerings, quotas, order forms. Never holds orders."""
