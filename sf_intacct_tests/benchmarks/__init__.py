"""Tests of what reads the folders of real sales."""
