"""Providers of Inspect by who runs the weights."""

LOADS_WEIGHTS = ("hf", "vllm", "sglang", "mlx", "llama-cpp-python", "transformer_lens", "nnterp")
"""Providers that read the weights of a model themselves."""
SELF_HOSTED = frozenset({*LOADS_WEIGHTS, "ollama"})
"""Providers that run weights on the submitter's own machine."""
