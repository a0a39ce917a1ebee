"""The client's side: pages, forms and templates. Holds no rules and writes only through actions."""
