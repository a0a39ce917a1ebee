"""The client's pages, one module each."""
