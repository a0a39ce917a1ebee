"""The pages of the staff side, one module a page."""
