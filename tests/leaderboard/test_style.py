"""Colour tokens equal the design's table, contrast holds in both themes, and no class is missing."""

import re

import pytest

from interplay.leaderboard.pages.rendering import static_files

LIGHT = {
    "paper": "#fbfaf7", "surface": "#ffffff", "sunk": "#f3f1eb", "ink": "#1d2023", "ink-2": "#565b61",
    "rule": "#dedad1", "edge": "#857f72", "accent": "#0b5a6b", "wash": "#e3eef0", "flag": "#9a3412",
    "ok": "#2c6a3a", "warn": "#7a5300",
}  # fmt: skip
DARK = {
    "paper": "#15181b", "surface": "#1b1f23", "sunk": "#111416", "ink": "#e7e4de", "ink-2": "#a7adb4",
    "rule": "#30363c", "edge": "#737c86", "accent": "#73c4d4", "wash": "#17333a", "flag": "#f2a583",
    "ok": "#8fca97", "warn": "#e3b65f",
}  # fmt: skip
SERIES = {
    "light": "#0b5a6b #d55c13 #8557c8 #0f9b89 #5f130b #321083",
    "dark": "#73c4d4 #c26e12 #9769dc #0f9b89 #ffa659 #d7edcb",
}
RAMPS = {
    ("q", "light"): "eef3f2k cadee0k a5c9cfk 81b5bdk 5aa0ack 468693k 316e7aw 1d5663w 073f4cw",
    ("q", "dark"): "1d2a2ew 233e44w 29535cw 2c6875w 2f7f8fw 5699a7k 79b3bfk 9cced7k bfe9f0k",
    ("d", "light"): "9a4410w c27c52k e9b48dk eed2bck f2f0eak c3d9dbk 93c2cbk 548d9ak 0b5a6bw",
    ("d", "dark"): "f0a878k b57751k 7d4a2cw 533d32w 2a2e32w 2e4951w 2c6673w 5799a7k 83cfdek",
}
INK_ON_TINT = {"k": "#0a0c0d", "w": "#ffffff"}


def sheet() -> str:
    return static_files()["style.css"].decode()


def tokens(theme: str) -> dict[str, str]:
    """Custom properties of a theme; dark ones override light ones."""
    light, dark = re.findall(r":root\{(.*?)\}", sheet(), re.S)[:2]
    found = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", light))
    return found | (dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", dark)) if theme == "dark" else {})


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """WCAG contrast ratio of two colours."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "expected"), [("light", LIGHT), ("dark", DARK)])
def test_tokens_are_those_of_the_design(theme: str, expected: dict[str, str]) -> None:
    found = tokens(theme)
    assert {name: found[name] for name in expected} == expected
    assert [found[f"s{i}"] for i in range(1, 7)] == SERIES[theme].split()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_edges_have_their_contrast(theme: str) -> None:
    found = tokens(theme)
    grounds = [found[name] for name in ("paper", "surface", "sunk")]
    words = ("ink", "ink-2", "accent", "flag", "ok", "warn")
    lowest = min(contrast(found[name], ground) for name in words for ground in grounds)
    assert lowest >= (5.5 if theme == "light" else 5.9)
    assert contrast(found["edge"], found["paper"]) >= 3.1
    assert all(contrast(found[f"s{i}"], found["paper"]) >= 3.3 for i in range(1, 7))


@pytest.mark.parametrize(("ramp", "theme"), RAMPS)
def test_tints_carry_readable_figures(ramp: str, theme: str) -> None:
    found = tokens(theme)
    steps = RAMPS[ramp, theme].split()
    assert [found[f"{ramp}{i}"] for i in range(9)] == [f"#{step[:6]}" for step in steps]
    for i, step in enumerate(steps):
        assert figure_colour(f"{ramp}{i}", theme) == step[6]
        assert contrast(found[f"{ramp}{i}"], INK_ON_TINT[step[6]]) >= 4.6


def figure_colour(name: str, theme: str) -> str:
    """`k` or `w`: what the rules after `.t` say about the class, the dark ones last."""
    rules = sheet().split(".t{", 1)[1]
    light, dark = rules.split("@media screen and (prefers-color-scheme:dark)", 1)
    colour = "k"
    for part in (light.split("}", 1)[1], *([dark.split("}}")[0] + "}"] if theme == "dark" else [])):
        for selectors, value in re.findall(r"([.\w,]+)\{color:var\(--(\w)\)\}?", part):
            if f".{name}" in selectors.split(","):
                colour = value
    return colour


def test_there_is_no_shadow_gradient_font_or_foreign_address() -> None:
    text = sheet()
    assert "@import" not in text
    assert "@font-face" not in text
    assert "url(" not in text
    assert "animation" not in text
    assert "transition" not in text
    assert set(re.findall(r"box-shadow:([^;}]+)", text)) <= {"inset 0 -1px var(--edge)"}
