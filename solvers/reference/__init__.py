"""Reference players: deterministic models served by the provider `reference/<player>`."""
