"""Tests of how alike two records are."""
