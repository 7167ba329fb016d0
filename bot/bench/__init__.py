"""What is measured, one figure a line."""
