"""Promises about time: targets, clocks, bands, escalation and breaches.

Holds what is due when and how late it is. Never holds the text of a message (`notifications`) nor the hours that
somebody works (`calendars`).
"""
