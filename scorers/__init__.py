"""What a log shows: deterministic scorers and optional judges."""
