"""Records that once did not cross, as bundles of the example company: each is a test from the day it is put here."""
