"""Whole stories in a real browser, against a real server and, where a story needs it, a real worker."""
