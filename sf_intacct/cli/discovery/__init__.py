"""The page that `discover` writes: what it says, its figures, and how it looks as HTML and as Markdown."""
