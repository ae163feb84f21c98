"""Which command line makes a task."""

import click


def created_by_inspect_cli() -> bool:
    """Whether the roles of the run are bound already: Inspect's own command binds them before it makes tasks.

    From Python, `eval(task(...), model_roles=...)` binds them afterwards; then a solver of the task looks.
    """
    context = click.get_current_context(silent=True)
    return context is not None and context.find_root().command.name == "inspect"
