"""The declarations of the tables of core."""
