"""One module per command of the `interplay` program, loaded when it is called."""
