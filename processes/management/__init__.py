"""Management of processes from the command line."""
