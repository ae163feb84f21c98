"""Task families: instances, prompts and Inspect task declarations."""
