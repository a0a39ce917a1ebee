"""Orders: one request of one client for one product, with its milestones, documents and messages. Knows no HTTP."""
