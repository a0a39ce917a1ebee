"""Business calendars: when somebody works, and the arithmetic of business hours and business days.

Holds the pure arithmetic (`rules`), the shipped calendars (`shipped`), the packages that they are made from
(`sources`) and the firm's own calendars. Never holds targets: what has to be done by when belongs to `sla`.
"""
