"""The ledger: every fact once, reactions to facts, seals over them, history of rows.

Names people and things by text ids and imports no other room; holds no business rules.
"""
