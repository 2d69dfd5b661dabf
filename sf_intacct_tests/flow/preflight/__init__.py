"""Tests of the rules that are known before anything is sent."""
