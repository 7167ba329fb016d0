"""Announcements: written, sent, answered."""
