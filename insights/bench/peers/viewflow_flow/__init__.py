"""An app of the benchmarks' own environment: the ten nodes as django-viewflow wants them, a class."""
