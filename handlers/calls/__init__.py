"""Procurement calls: typed, told, answered."""
