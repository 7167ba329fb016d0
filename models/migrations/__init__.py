"""The schema's history, applied by bot/migrate.py."""
