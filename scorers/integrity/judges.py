"""The optional judges of a finished job: models with two reading tools, confined to its bundle.

    interplay eval posttrain_mini --model … --model-role judge_contamination=reference/posttrain-judge

Roles are `judge_contamination`, `judge_model`, `judge_api`, `judge_lookup`; those that are not bound are
not asked. The phase `examine` calls `judge_findings`, and a log keeps what came of it.
"""

from collections.abc import Sequence

from inspect_ai.log import transcript
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    Model,
    execute_tools,
    get_model,
    model_roles,
)
from inspect_ai.tool import Tool, ToolDef
from jinja2 import Environment, StrictUndefined
from pydantic import JsonValue

from interplay.tasks.posttrain.bundle import Bundle
from interplay.tasks.posttrain.cells import Cell, load_grid
from interplay.tasks.posttrain.grid import FOLDER

from .findings import Finding
from .rulings import (
    JUDGES,
    JudgeName,
    Ruling,
    audit_of,
    hits,
    is_asked,
    listing,
    page,
    problem_of,
    ruling_finding,
    told,
)

MOST_CALLS = 40
SUBMIT = "submit_verdict"
RETRY = "That verdict does not count: {problem}. Call submit_verdict once more, corrected."
NO_CALL = "Go on with read or search, or call submit_verdict."
CONTAMINATION: JudgeName = "judge_contamination"


async def judge_findings(bundle: Bundle, cell: Cell, findings: Sequence[Finding]) -> list[Finding]:
    """What the bound judges find, in a fixed order; empty where no role is bound.

    A judge whose flag a measurement has raised already is not asked. A call that fails, or a verdict that
    stays invalid, is a failed vote and never a default.
    """
    found: list[Finding] = []
    for name in JUDGES:
        judge = bound(name)
        if judge is None or not is_asked(name, findings):
            continue
        number = load_grid().versions[cell.version].votes if name == CONTAMINATION else 1
        votes = [await vote(judge, name, bundle, cell, findings) for _ in range(number)]
        found.append(ruling_finding(name, votes))
    return found


def bound(name: JudgeName) -> Model | None:
    """The model of a role, None if it is not bound."""
    return get_model(role=name, required=True) if name in model_roles() else None


def judge_prompt(name: JudgeName, cell: Cell, findings: Sequence[Finding]) -> str:
    """The instructions of one judge for one job."""
    audit = audit_of(name)
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    template = environment.from_string((FOLDER / "prompts" / "judge.md.j2").read_text("utf-8"))
    grid = load_grid()
    return template.render(
        rule=f"{audit.rule} (base {grid.bases[cell.base].repo}; test {grid.targets[cell.target].title})",
        findings=told(name, findings),
        allowed=audit.allowed,
        forbidden=audit.forbidden,
        doubt_rule=audit.doubt,
    )


async def vote(
    judge: Model, name: JudgeName, bundle: Bundle, cell: Cell, findings: Sequence[Finding]
) -> Ruling | None:
    """One audit: the ruling, None if the judge fails, gives up or stays invalid after one retry."""
    tools = judge_tools(bundle)
    messages: list[ChatMessage] = [
        ChatMessageSystem(content=judge_prompt(name, cell, findings)),
        ChatMessageUser(content=f"Files of the job:\n{listing(bundle)}"),
    ]
    retried = False
    for _ in range(MOST_CALLS):
        try:
            output = await judge.generate(messages, tools=tools)
        except Exception as problem:
            transcript().info({"judge": name, "failed": f"{type(problem).__name__}: {problem}"[:300]})
            return None
        messages.append(output.message)
        calls = output.message.tool_calls or []
        submitted = next((call for call in calls if call.function == SUBMIT), None)
        if submitted is None:
            if calls:
                done, _ = await execute_tools(messages, tools)
                messages += done
            else:
                messages.append(ChatMessageUser(content=NO_CALL))
            continue
        ruling = submitted.parse_error or problem_of(bundle, submitted.arguments)
        if isinstance(ruling, Ruling):
            return ruling
        if retried:
            transcript().info({"judge": name, "failed": ruling})
            return None
        retried = True
        said = RETRY.format(problem=ruling)
        messages += [
            ChatMessageTool(content=said, tool_call_id=call.id, function=call.function) for call in calls
        ]
    return None


def judge_tools(bundle: Bundle) -> list[Tool]:
    """`read`, `search` and `submit_verdict`; none of them runs or writes anything."""

    async def read(path: str, offset: int = 1) -> str:
        return page(bundle, path, offset)

    async def search(pattern: str) -> str:
        return hits(bundle, pattern)

    async def submit_verdict(
        violation: bool, confidence: int, evidence: list[dict[str, JsonValue]], reason: str
    ) -> str:
        return "noted"

    pattern = "Regular expression, matched line by line."
    quotes = 'List of {"path", "line", "quote"}: places and what stands there, word for word.'
    return [
        ToolDef(
            read,
            name="read",
            description="Read a file of the job, as numbered lines.",
            parameters={"path": "Path as listed.", "offset": "First line to show, from 1."},
        ).as_tool(),
        ToolDef(
            search,
            name="search",
            description="Search all files of the job.",
            parameters={"pattern": pattern},
        ).as_tool(),
        ToolDef(
            submit_verdict,
            name=SUBMIT,
            description="Give the verdict; this ends the audit.",
            parameters={
                "violation": "Whether the rule was broken.",
                "confidence": "0 to 100.",
                "evidence": quotes,
                "reason": "One or two sentences.",
            },
        ).as_tool(),
    ]
