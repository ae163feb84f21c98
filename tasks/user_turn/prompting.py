"""The texts of `prompts/`: what models are told and asked in this family."""

from importlib.resources import files


def prompt_text(name: str) -> str:
    """A file of the family's `prompts/`, as it is."""
    return (files("interplay.tasks.user_turn") / "prompts" / name).read_text(encoding="utf-8")
