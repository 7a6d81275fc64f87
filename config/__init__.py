"""Composition only: settings, addresses, the server and its database. No domain."""
