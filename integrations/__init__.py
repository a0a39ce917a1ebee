"""Connected systems: connectors, the outbox of calls, the inbox of messages. Never holds process logic."""
