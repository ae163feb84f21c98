"""How episodes are played: the dialogue engine, the relay, reference players."""
