"""Work items, the queues in which they wait, claiming and routing. Knows nothing of what the work is about."""
