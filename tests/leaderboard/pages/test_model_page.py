"""The page of a model: every result names its configuration, and several stand side by side."""

import re

from .built import Built, words


def side_by_side(site: Built, model: str) -> str:
    return site.html(f"models/{model}").split("Settings side by side</h2>")[1].split("</section>")[0]


def test_several_configurations_stand_side_by_side(site: Built) -> None:
    part = side_by_side(site, "orchard-twin-1")
    assert len(re.findall(r'<th scope="col" class="num"><a href="\.\./\.\./entries/', part)) == 2
    assert "reasoning effort low high" in words(part)
    scores = re.findall(r"<b>([−0-9.]+)</b><br><small>([^<]+)</small>", part)
    assert len(scores) == 4  # two boards, two configurations, each with its interval
    assert "temperature" not in part  # the same in both


def test_a_model_with_one_configuration_has_no_such_table(site: Built) -> None:
    assert "Settings side by side" not in site.html("models/meadow-birch-1")


def test_results_name_the_measure_and_the_configuration(site: Built) -> None:
    text = site.text("models/orchard-twin-1")
    assert "Corrected success · effort low" in text
    assert "Gap · effort high" in text


def test_entries_lead_back_to_their_model(site: Built) -> None:
    assert '<a href="../../models/orchard-twin-1/"' in site.html(site.entry("orchard-twin-1"))
