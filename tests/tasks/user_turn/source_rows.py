"""Rows of the shape that the data sets have, written for the tests."""

GSM8K = [{"question": f"Question {i}?", "answer": f"{i} + 1000 = …\n#### 1,{i:03d}"} for i in range(12)]


def said(*texts: str) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    return [{"role": roles[i % 2], "content": text} for i, text in enumerate(texts)]


def wildchat_row(**changes: object) -> dict[str, object]:
    row = {
        "conversation": said("How do I boil eggs?", "word " * 30, "And how long?", "Ten minutes."),
        "model": "gpt-4-0314",
        "turn": 2,
        "language": "English",
        "toxic": False,
        "redacted": False,
        "hashed_ip": "aa",
        "state": "Utah",
    }
    return row | changes
