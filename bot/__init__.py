"""Patient FAQ."""
