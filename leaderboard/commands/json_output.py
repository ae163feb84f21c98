"""`--json`: one value on standard output and nothing else there, in every command that has something to say.

One thing is an object, several things are a list of objects. What people read meanwhile goes to standard
error. A command that is refused prints no JSON; its sentence stands on standard error.
"""

import json

import click

AS_JSON = click.option(
    "--json", "as_json", is_flag=True, help="JSON on standard output; progress on standard error."
)


def print_json(content: object) -> None:
    """Prints one value; paths are written as text."""
    click.echo(json.dumps(content, indent=1, ensure_ascii=False, default=str))


def tell(content: object, *sentences: str, as_json: bool) -> None:
    """Prints what a command did, as JSON or as lines for people."""
    if as_json:
        print_json(content)
        return
    for sentence in sentences:
        click.echo(sentence)
