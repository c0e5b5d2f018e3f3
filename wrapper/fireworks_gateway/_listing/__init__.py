"""Pages and the walk over them (AIP-158), for any list operation."""
