"""Fields: decode a value from a message, or build a query from its path."""
