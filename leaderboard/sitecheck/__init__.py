"""What a built site is checked for before anybody sees it, without a browser: `interplay build --check`."""
