"""Read-only measures: depth, compliance, throughput. Never writes other rooms' rows."""
