"""Tests of the pure process engine."""
