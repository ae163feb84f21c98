"""One report module per family."""
