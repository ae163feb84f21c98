"""Phrases of the scripted transcripts: how six voices declare, ask, agree, refuse and report.

`{c}` is a cell or direction as the speaker writes it. Every voice has several ways to say each thing, so
that no rule can live on one template.
"""

from typing import NamedTuple


class Voice(NamedTuple):
    """One manner of speaking. `lead` asks for a step, `take` agrees, `at` reports the position."""

    hello: tuple[str, ...]
    lead: tuple[str, ...]
    take: tuple[str, ...]
    at: tuple[str, ...]
    refuse: tuple[str, ...]
    instead: tuple[str, ...]
    ask: tuple[str, ...]
    answer: tuple[str, ...]
    goal: tuple[str, ...]
    key: tuple[str, ...]
    wall: tuple[str, ...]
    scrap: tuple[str, ...]
    cheer: tuple[str, ...]


PLAIN = Voice(
    hello=("Hello! Let's get started.", "Hi, glad to work with you on this."),
    lead=(
        "I propose {c}.",
        "Next I propose {c}.",
        "I suggest we move to {c}.",
        "Let's move to {c}.",
        "My proposal is {c}.",
    ),
    take=("Agreed.", "Yes, go ahead.", "I agree to {c}.", "Agreed, {c}.", "Yes, {c}."),
    at=("We are at {c}.", "We're now at {c}.", "The token is at {c}.", ""),
    refuse=(
        "No, {c} is a wall on my map.",
        "I can't agree, there is a wall at {c} on my map.",
        "That won't work: {c} is blocked on my side.",
    ),
    instead=("I propose {c} instead.", "How about {c} instead?", "Let's go to {c} instead."),
    ask=("What do you see at {c}?", "Is {c} open on your map?", "Can you tell me what is at {c}?"),
    answer=("{c} is open on my map.", "I see {c} as open.", "On my map {c} is open."),
    goal=("The goal is at {c}.", "On my map the goal is {c}."),
    key=("My key is at {c}.", "I have a key at {c}."),
    wall=("{c} is a wall on my map.", "I have a wall at {c}."),
    scrap=("Actually, scrap that.", "Wait, let me take that back."),
    cheer=("We made it!", "That's the goal with both keys."),
)
REPORT = Voice(
    hello=("## Opening report", "**Status: start**"),
    lead=("**Proposed move:** {c}", "**Next step:** {c}", "**Proposal:** move to {c}", "- Proposal: {c}"),
    take=(
        "**Decision:** agreed",
        "**Response:** Agreed, {c}.",
        "**Answer to your proposal:** accepted",
        "- Agreed: {c}",
    ),
    at=("**Current position:** {c}", "**Token:** {c}", "- Position: {c}", ""),
    refuse=("**Response:** No, {c} is a wall on my map.", "**Decision:** rejected, {c} is a wall here."),
    instead=("**Counter-proposal:** {c}", "**Proposed move:** {c}"),
    ask=("**Question:** what is at {c} on your map?", "- Question: is {c} open for you?"),
    answer=("**Answer:** {c} is open.", "- {c}: open"),
    goal=("- Goal: {c}", "**Goal:** {c}"),
    key=("- My key: {c}", "**Key on my map:** {c}"),
    wall=("- Wall: {c}", "**Known wall:** {c}"),
    scrap=("**Correction:** I withdraw that.", "- I take that back."),
    cheer=("**Outcome:** goal reached.", "- Result: both keys, goal reached"),
)
CHATTY = Voice(
    hello=(
        "Hey there, partner! This should be fun.",
        "Hi! Nice to meet you, let's solve this maze together.",
    ),
    lead=(
        "So how about we go to {c} next?",
        "I'd say let's head to {c} now, what do you think?",
        "Shall we try {c}?",
        "I think {c} would be a good next move.",
    ),
    take=(
        "Sounds good to me, let's do it!",
        "Yep, I'm happy with {c}.",
        "Great idea, {c} works for me!",
        "Sure, let's go with that.",
    ),
    at=("So now we're at {c}.", "That puts us on {c}.", "We've moved to {c}.", ""),
    refuse=(
        "Hmm, no, I'm afraid {c} is a wall on my side.",
        "Oh no, I see a wall at {c}, so we can't go there.",
    ),
    instead=("Maybe let's go to {c} instead?", "What about {c} instead?"),
    ask=("By the way, what can you see at {c}?", "Out of curiosity, is {c} hidden for you too?"),
    answer=("Good question! {c} is free on my map.", "I can see {c} and it's open."),
    goal=("I can see the goal, it's at {c}.", "The star is at {c} on my map, that's the goal: {c}."),
    key=("There's a key at {c} on my half.", "My key is sitting at {c}."),
    wall=("Careful, {c} is a wall on my half.", "There's a wall at {c}, just so you know."),
    scrap=("Actually, never mind that.", "Hmm, on second thought, forget that."),
    cheer=("Woohoo, that was great teamwork!", "We did it, partner!"),
)
TERSE = Voice(
    hello=("hi", "ok lets go"),
    lead=("{c}?", "{c}", "next {c}", "now {c}"),
    take=("ok", "ok {c}", "yes", "{c} ok", "{c} agreed"),
    at=("at {c} now", "", ""),
    refuse=("no, {c} is wall", "no. wall at {c}"),
    instead=("{c} instead", "go {c} instead"),
    ask=("what is {c} for you?", "{c} hidden for you?"),
    answer=("{c} is open here", "{c} open"),
    goal=("goal {c}", "goal is {c}"),
    key=("key {c}", "my key {c}"),
    wall=("wall at {c}", "{c} is wall"),
    scrap=("no wait, scrap that", "scratch that"),
    cheer=("done", "nice"),
)
POLITE = Voice(
    hello=("Good day, and thank you for playing with me.", "Dear partner, it is a pleasure."),
    lead=(
        "May I propose {c}?",
        "With your permission I would propose {c}.",
        "I would like to suggest that we step to {c}.",
        "Could we move to {c}, please?",
    ),
    take=(
        "I gladly agree to {c}.",
        "Certainly, I accept {c}.",
        "By all means, go ahead.",
        "I accept your proposal.",
    ),
    at=("The token now stands on {c}.", "We have moved to {c}.", ""),
    refuse=(
        "I am sorry, but I must refuse: {c} is a wall on my map.",
        "Unfortunately I cannot accept that, since {c} is a wall on my map.",
    ),
    instead=("Might I propose {c} instead?", "I would suggest {c} instead."),
    ask=("Would you kindly tell me what is at {c}?", "May I ask whether {c} is open on your map?"),
    answer=("Of course: {c} is open on my map.", "I am glad to report that {c} is open."),
    goal=("The goal is located at {c} on my map.", "I find the goal at {c}."),
    key=("My own key lies at {c}.", "The key on my map is at {c}."),
    wall=("Please note that {c} is a wall on my map.", "I should mention that there is a wall at {c}."),
    scrap=("Forgive me, I withdraw that proposal.", "On reflection, I take that back."),
    cheer=("It was a pleasure to play with you.", "Thank you, we have reached the goal."),
)
STEPWISE = Voice(
    hello=("Starting the game.", "Let's do this step by step."),
    lead=("Move {n}: {c}", "Step {n}: move to {c}.", "Proposed action {n}: {c}.", "Action {n} → {c}"),
    take=("Confirmed.", "Move accepted.", "Confirmed: {c}.", "Accepted, {c}."),
    at=("Position: {c}.", "Current position: {c}.", "Token at {c}.", ""),
    refuse=("Rejected: {c} is a wall on my map.", "I reject that. {c} is # on my map."),
    instead=("New proposal: {c}.", "Let's take {c} instead."),
    ask=("Do you have information about {c}?", "What does your map show at {c}?"),
    answer=("{c} = open.", "My map shows {c} as open."),
    goal=("Goal = {c}.", "Goal: {c}."),
    key=("Key at {c}.", "Key (mine) = {c}."),
    wall=("{c} = wall.", "Wall at {c}."),
    scrap=("Correction: proposal withdrawn.", "Cancel that."),
    cheer=("Goal reached, both keys collected.", "Final position confirmed."),
)

VOICES = (PLAIN, REPORT, CHATTY, TERSE, POLITE, STEPWISE)

DECLARED = {
    "0 top left row-col": (
        "I write cells as (row, column), counted from 0 at the top left.",
        "Let's use (row, col), zero-based, with the origin in the top-left corner.",
        "Coordinates: (r, c), both starting at 0, top-left is the origin.",
    ),
    "1 top left row-col": (
        "I write cells as (row, column), counted from 1 at the top left.",
        "Notation: row first, then column, 1-based from the top-left corner.",
        "I number rows and columns from 1, (row, column), starting at the top left.",
    ),
    "0 top left col-row": (
        "I'll use (x, y): x is the column, y is the row, both from 0 at the top left.",
        "Cells are (column, row), zero-indexed, origin at the top left.",
    ),
    "1 top left col-row": (
        "I'll use (x, y) with x to the right and y downwards, both starting at 1 in the top-left corner.",
        "Cells are (column, row), 1-based, counted from the top left.",
    ),
    "0 bottom left col-row": (
        "I use (x, y) with the origin at the bottom-left corner, both from 0.",
        "Coordinates are (x, y), zero-based, y counted from the bottom, x from the left.",
    ),
    "letters top left col-row": (
        "Columns are letters A, B, C from the left, rows are numbers from 1 at the top.",
        "Like a spreadsheet: letters for columns, numbers for rows, A1 is the top-left cell.",
    ),
    "letters bottom left col-row": (
        "Let's use chess notation: letters for columns, numbers for rows counted from the bottom.",
        "Columns are letters from the left, rows are numbers from 1 at the bottom, so A1 is the bottom-left "
        "cell.",
    ),
    "directions": (
        "I'll only use directions: up, down, left and right.",
        "Let's talk in directions, one step at a time.",
    ),
}
