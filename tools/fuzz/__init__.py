"""Send random responses to the client, and check that it loses nothing."""
