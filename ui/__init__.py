"""The design system's Python side: template tags, chart geometry and the component gallery.

Presentation only. It never holds a rule, a query or a table, and it imports no room.
"""
