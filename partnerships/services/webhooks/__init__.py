"""Webhooks: changes of the feed, brought to those who asked for them."""
