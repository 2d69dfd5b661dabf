"""How alike two records are: words made comparable, candidates found by rare features, likeness scored with reasons."""
