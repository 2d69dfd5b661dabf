"""Nouns and their laws. Standard library only, no I/O, no clock, no environment."""
