"""What pydantic refuses, in words for the person who wrote the file."""

from pydantic import ValidationError


def problems(error: ValidationError) -> list[str]:
    """One sentence for each thing that a validation refused: field, what is wrong, the value."""
    return [_problem(".".join(map(str, item["loc"])), item["type"], item["msg"], item["input"])
            for item in error.errors()]  # fmt: skip


def _problem(field: str, kind: str, message: str, value: object) -> str:
    shown = repr(value) if isinstance(value, str | int | float | bool) else type(value).__name__
    shown = shown if len(shown) <= 80 else shown[:77] + "…'"
    if kind == "extra_forbidden":
        return f'unknown field "{field}"'
    if kind == "missing":
        return f'field "{field}" is missing'
    if kind == "value_error":
        return f"{field or 'entry'} {message.removeprefix('Value error, ')}" + (f": {shown}" if field else "")
    if field.endswith("id") and kind == "string_pattern_mismatch":
        return f"{field} has characters or a form outside {message.split('pattern ')[-1]}: {shown}"
    return f"{field}: {message[0].lower()}{message[1:]}, found {shown}"
