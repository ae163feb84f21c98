"""Opening the user role: the text that a model would see just before the next user message.

Headers are never written by hand. The model's own chat template renders the conversation plus one more
user message, a sentinel word, and everything before that word is the prompt. Example, q = `Q?`, a = `A.`:

    <|im_start|>user⏎Q?<|im_end|>⏎<|im_start|>assistant⏎A.<|im_end|>⏎<|im_start|>user⏎
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Literal, NamedTuple, Protocol, TypeAlias

import jinja2

from interplay.tasks.user_turn.context import Msg

SENTINELS = ("ZQXSENTINEL", "KVJMARKERWORD")
QUIET: Mapping[str, object] = {"enable_thinking": False, "reasoning_effort": "low"}
"""Settings of templates that keep a reply from reasoning at length; given where the template names them."""

Form: TypeAlias = Literal["native", "append", "bare", "alone"]
"""How the user role is opened: by rendering the whole conversation; by rendering it up to the reply and
appending the header; without the white space that ends the header; with no conversation in front."""


class RenderError(Exception):
    """The template cannot open the user role; the message says why."""


class StructuralTokenInContext(RenderError):
    """A message contains the text of a token that the template uses for structure."""

    def __init__(self) -> None:
        super().__init__("structural_token_in_context")


class Rendered(NamedTuple):
    """A prompt that opens the user role, and what ends a turn written there.

    Attributes:
        prefix: The prompt.
        header: What the template writes before a user message, after the end of the reply.
        end_marker: Structural token at the very start of what follows a user message, None without one.
        openers: The first two structural tokens after a user message where a reply is asked for.
        stop: Openers, end marker and end-of-sequence tokens.
        post: What the template writes after the user message.
        specials: All structural tokens, the longest first.
    """

    prefix: str
    header: str
    end_marker: str | None
    openers: tuple[str, ...]
    stop: tuple[str, ...]
    post: str
    specials: tuple[str, ...]


class Tokenizer(Protocol):
    """What rendering needs of a tokenizer and its chat template.

    Attributes:
        name: Where it was found.
        revision: Commit of a repository, None for a folder.
        template: Text of the chat template.
        specials: Tokens flagged special.
        eos: Tokens that end a sequence: those of the generation settings and the tokenizer's own.
    """

    name: str
    revision: str | None
    template: str
    specials: tuple[str, ...]
    eos: tuple[str, ...]

    def fill(
        self, messages: Sequence[Mapping[str, str]], reply_next: bool, settings: Mapping[str, object]
    ) -> str:
        """The template filled with messages, with the header of a reply at the end where one is next."""
        ...

    def ids(self, text: str) -> list[int]:
        """Token ids of the text, structural tokens as written, none added."""
        ...

    def token_id(self, token: str) -> int | None:
        """Id of one structural token, None where it has none."""
        ...


class PlainTokenizer:
    """The shipped template `interplay-plain`, for players that read text: ChatML, contents as they are.

    It has no vocabulary: `ids` are the bytes of the text.
    """

    name: str = "interplay-plain"
    revision: str | None = None
    template: str = (
        "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
        "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    specials: tuple[str, ...] = ("<|im_start|>", "<|im_end|>")
    eos: tuple[str, ...] = ("<|im_end|>",)

    def fill(
        self, messages: Sequence[Mapping[str, str]], reply_next: bool, settings: Mapping[str, object]
    ) -> str:
        """ChatML; settings change nothing."""
        text = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
        return text + "<|im_start|>assistant\n" * reply_next

    def ids(self, text: str) -> list[int]:
        """The bytes of the text."""
        return list(text.encode())

    def token_id(self, token: str) -> int | None:
        """None: there is no vocabulary."""
        return None


class ChatTemplate:
    """A tokenizer's chat template as prompts that open the user role.

    Args:
        tokenizer: Tokenizer and template.
        settings: Given to the template with every rendering.
    """

    def __init__(self, tokenizer: Tokenizer, settings: Mapping[str, object] | None = None) -> None:
        self.tokenizer = tokenizer
        self.settings: dict[str, object] = dict(settings or {})
        self.specials = tuple(sorted(tokenizer.specials, key=lambda token: (-len(token), token)))
        self._special = re.compile("|".join(map(re.escape, self.specials)) or "(?!)")

    def render(self, messages: Sequence[Msg], reply: str, form: Form = "native") -> Rendered:
        """The prompt that opens the user role after a reply.

        Raises:
            StructuralTokenInContext: a message contains the text of a structural token.
            RenderError: the template fails, or does not keep the conversation in front of a user message.
        """
        said = [*messages, Msg(role="assistant", content=reply)]
        for message in said:
            if self._special.search(message.content):
                raise StructuralTokenInContext
        if form == "alone":
            prefix, post = self._open([])
        else:
            prefix, post = self._open(said)
            must_occur_in_order(prefix, (messages[-1].content, reply))
        if form == "append":
            prefix = self._fill(said) + self.header
        elif form == "bare":
            prefix = prefix.rstrip()
        end_marker = self._token_at_start(post)
        stop = dict.fromkeys((*self.openers, *([end_marker] if end_marker else ()), *self.tokenizer.eos))
        return Rendered(prefix, self.header, end_marker, self.openers, tuple(stop), post, self.specials)

    def reply_prompt(self, messages: Sequence[Msg]) -> str:
        """The prompt for the assistant's reply to a conversation, reasoning switched off where it can be.

        Raises:
            RenderError: the template fails.
        """
        quiet = {name: value for name, value in QUIET.items() if name in self.tokenizer.template}
        return self._fill(messages, reply_next=True, settings={**quiet, **self.settings})

    def ids(self, text: str) -> list[int]:
        """Token ids of a prompt, none added."""
        return self.tokenizer.ids(text)

    def stop_ids(self, rendered: Rendered) -> list[int]:
        """Ids of the stop tokens, in ascending order."""
        return self.ids_of_tokens(rendered.stop)

    def ids_of_tokens(self, tokens: Sequence[str]) -> list[int]:
        """Ids of structural tokens, in ascending order."""
        found = {self.tokenizer.token_id(token) for token in tokens}
        return sorted(number for number in found if number is not None)

    @cached_property
    def openers(self) -> tuple[str, ...]:
        """The first two structural tokens after a user message to which a reply is asked for."""
        said = [*PROBE, Msg(role="user", content=SENTINELS[0])]
        post = self._fill(said, reply_next=True).rpartition(SENTINELS[0])[2]
        return tuple(dict.fromkeys(self._special.findall(post)[:2]))

    @cached_property
    def header(self) -> str:
        """What the template writes before a user message.

        The longest common end, in whole tokens, of the prompts with and without a conversation in front; less
        what ends the message before it, where a system block ends as a reply does.
        """
        native, post = self._open(PROBE)
        alone, _ = self._open([])
        boundary = native.rpartition(PROBE[-1].content)[2]
        header = common_end(self._pieces(boundary), self._pieces(alone))
        ended = self._fill(PROBE).rpartition(PROBE[-1].content)[2]
        opened = boundary.removeprefix(ended)
        if opened and len(opened) < len(header):
            header = opened
        marker = self._token_at_start(post)
        if marker and header.startswith(marker):
            header = header.removeprefix(marker).lstrip()
        return header

    def _open(self, said: Sequence[Msg]) -> tuple[str, str]:
        """The text before and after one more user message."""
        prefixes: list[str] = []
        post = ""
        for sentinel in SENTINELS:
            text = self._fill([*said, Msg(role="user", content=sentinel)])
            prefix, found, after = text.rpartition(sentinel)
            if not found:
                raise RenderError("the chat template drops or changes the last user message.")
            prefixes.append(prefix)
            post = post or after
        if prefixes[0] != prefixes[1]:
            raise RenderError("what the chat template writes before a user message depends on that message.")
        return prefixes[0], post

    def _fill(
        self,
        messages: Sequence[Msg],
        reply_next: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> str:
        plain = [{"role": message.role, "content": message.content} for message in messages]
        try:
            return self.tokenizer.fill(plain, reply_next, self.settings if settings is None else settings)
        except jinja2.TemplateError as problem:
            raise RenderError(f"the chat template fails: {problem}") from problem

    def _token_at_start(self, text: str) -> str | None:
        found = self._special.match(text)
        return found[0] if found else None

    def _pieces(self, text: str) -> list[str]:
        """The text as structural tokens and what stands between them."""
        pieces: list[str] = []
        at = 0
        for found in self._special.finditer(text):
            pieces += [text[at : found.start()], found[0]]
            at = found.end()
        return [piece for piece in (*pieces, text[at:]) if piece]


PROBE = (Msg(role="user", content="Q?"), Msg(role="assistant", content="A."))
"""The conversation from which header and openers of a template are read."""


def must_occur_in_order(prefix: str, contents: Sequence[str]) -> None:
    """Query and reply stand in the prompt, one after the other.

    Raises:
        RenderError: one does not.
    """
    at = 0
    for name, content in zip(("query", "reply"), contents, strict=True):
        found = prefix.find(content.strip(), at)
        if found < 0:
            raise RenderError(f"the chat template drops or changes the {name}.")
        at = found + len(content.strip())


def common_end(one: Sequence[str], other: Sequence[str]) -> str:
    """The longest run of pieces that both end in; of characters, where they share no piece."""
    return shared_end(one, other) or shared_end("".join(one), "".join(other))


def shared_end(one: Sequence[str], other: Sequence[str]) -> str:
    """The longest run that both end in, as text."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    same = [left for left, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
    return "".join(reversed(same))
