"""Benchmarks of the product itself, each in a scratch database of its own; the demo's is never touched."""
