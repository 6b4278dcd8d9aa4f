"""Notices become words."""
