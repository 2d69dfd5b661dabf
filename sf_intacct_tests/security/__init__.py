"""What must not happen: secrets that get out, data that is obeyed, files that others read, replies without end.

SECURITY.md says which test proves which control; most stand beside the code that they are about.
"""
