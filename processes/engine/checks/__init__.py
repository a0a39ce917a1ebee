"""The single checks behind `check`: each reads one scope of a document and yields findings."""
