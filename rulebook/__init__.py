"""Rules as data: the expression language, decision tables, their checks, versions and change control.

Lives here: `feel/` (the language), tables and how they decide, the proof that a table is whole, drafts and who
approved them. Lives elsewhere: what a table is for. Approvals, service levels and routing bring their own meaning.
"""
