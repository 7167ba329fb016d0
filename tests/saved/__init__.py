"""Databases as past releases left them, as SQL: every later release must migrate them and go on with every conversation in them."""
