"""YAML as Python values, by the parser in C where PyYAML was built with it: ten times as fast.

    content("{a: [1, two]}")     {"a": [1, "two"]}

The board files alone take a third of a second otherwise, which every command and every run would wait for.
"""

from typing import Any

import yaml

LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def content(text: str) -> Any:
    """The values of a text.

    Raises:
        yaml.YAMLError: It is no YAML.
    """
    return yaml.load(text, Loader=LOADER)


def root_node(text: str) -> yaml.Node | None:
    """The parsed text before it becomes values, None of an empty one: it shows keys that stand there twice.

    Raises:
        yaml.YAMLError: It is no YAML.
    """
    return yaml.compose(text, Loader=LOADER)
