"""A pasted price list becomes products."""
