"""The staff side: queues, work, approvals, service levels, rulebook, audit. Writes only through actions."""
