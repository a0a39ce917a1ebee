"""Who must sign what: the matrices' answer as a chain of tiers, requests, decisions and four eyes.

Lives here: from facts to tiers (`rules.py`, pure), approval requests and their decisions. Lives elsewhere: the matrix
itself (a decision table of the rulebook), queues and routing (work), clocks (sla).
"""
