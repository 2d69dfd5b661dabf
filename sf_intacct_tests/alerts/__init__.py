"""Alerts, against real servers of their own on loopback."""
