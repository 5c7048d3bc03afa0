"""The policy and the workflow as pages: what ``docs/permissions.md`` and ``docs/workflow.md`` hold, made from the code."""

from __future__ import annotations

from intake.policy import AREA_WHO, RULES
from intake.vocabulary import Action, State
from intake.workflow import MOVES, STATES

_NOTE = (
    "<!-- Made by `flask --app wsgi describe-policy`; a test compares it. Change the code, then make it again. -->\n"
)
_DESK_COLOURS = {
    "applicant": "#5b4b8a",
    "office": "#0b6e6e",
    "reviewers": "#1f5fa8",
    "sponsor": "#8a5a00",
    "closed": "#5c6470",
}


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def permissions() -> str:
    """Who may do what to a proposal and when, who enters which area, and the four questions that the policy asks."""
    rows = [
        [
            f"`{action.value}`",
            rule.who,
            _states(action),
            rule.when or ("" if action in MOVES else "any time"),
            "refused" if rule.conflict_stops else "no matter",
        ]
        for action, rule in RULES.items()
    ]
    areas = [[f"`{action.value}`", str(who)] for action, who in AREA_WHO.items()]
    return (
        "\n".join(
            (
                "# Permissions\n",
                _NOTE,
                "One function answers: `intake.policy.may(actor, action, subject)`. It asks, in this order: does the actor see",
                "the subject (if not, the answer is the same as for something that does not exist); is the relation right; is",
                "there a conflict of interest (conflict beats role); is the moment right. Every refusal carries a sentence that",
                "the person may read.\n",
                "## A proposal\n",
                _table(["action", "who", "while it is", "and when", "with a conflict"], rows),
                "## A call\n",
                _table(
                    ["action", "who", "when"],
                    [
                        [
                            "`call.propose`",
                            "a person with the applicant's role",
                            "the call is open, or they hold an extension of it; by invitation only: they are invited",
                        ],
                        [
                            "`call.notice`",
                            "a person with the applicant's role",
                            "the call asks for notices and they are not due yet; by invitation only: they are invited",
                        ],
                        ["`call.oversee`", "a coordinator of the call or of its programme", "any time"],
                    ],
                ),
                "In a sealed call the office reads and does nothing of a proposal before the call has closed.\n",
                "## A programme\n",
                _table(
                    ["action", "who"],
                    [["`programme.oversee`", "a coordinator of the programme; an administrator"]],
                ),
                "## A meeting\n",
                _table(
                    ["action", "who", "when"],
                    [
                        [
                            "`meeting.view`",
                            "a coordinator of the call; a stand-in of one of its proposals; whoever was told of it and may"
                            " read an item that they attend, or attends none in particular",
                            "any time",
                        ],
                        ["`meeting.run`", "a coordinator of the call", "any time"],
                        ["`meeting.answer`", "whoever is asked to it and may see it", "before a time is chosen"],
                    ],
                ),
                "What an item is about is read by the office of its proposal and by who attends it: an applicant while they are",
                "on the team, a reviewer while it is assigned to them, a contact of the sponsor. A conflict of interest beats",
                "attendance, a coordinator's too: for them it is an item of so many minutes.\n",
                "## Areas\n",
                _table(["action", "who"], areas),
                "Public pages ask for `public`, pages of one's own account for `signed_in`.",
            )
        )
        + "\n"
    )


def _states(action: Action) -> str:
    move = MOVES.get(action)
    return ", ".join(state.value for state in move.sources) if move else ""


def workflow() -> str:
    """The states, the moves and their drawing."""
    states = [
        [f"`{state.value}`", place.desk.value, str(place.public), str(place.next)] for state, place in STATES.items()
    ]
    moves = [
        [
            f"`{move.action.value}`",
            ", ".join(state.value for state in move.sources),
            ", ".join(state.value for state in move.targets),
            move.by,
            move.needs,
            move.told,
        ]
        for move in MOVES.values()
    ]
    return "\n".join(
        (
            "# Workflow\n",
            _NOTE,
            "`intake/workflow.py` holds both tables; `intake.proposal.lifecycle.advance` is the one door through which a",
            "proposal changes its state. Colours say whose desk it lies on.\n",
            _drawing(),
            "Withdrawing is possible from every open state and is undone by restoring; the drawing leaves both out.\n",
            "## States\n",
            _table(["state", "desk", "what the applicant reads", "what happens next"], states),
            "## Moves\n",
            _table(["move", "from", "to", "by", "needs", "told"], moves),
        )
    )


def _drawing() -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", "    [*] --> draft"]
    for move in MOVES.values():
        if move.action in (Action.PROPOSAL_WITHDRAW, Action.PROPOSAL_RESTORE):
            continue
        lines += [
            f"    {source.value} --> {target.value}: {str(move.verb).lower()}"
            for source in move.sources
            for target in move.targets
            if source is not target
        ]
    lines += [f"    {state.value} --> [*]" for state in (State.INELIGIBLE, State.DECLINED, State.AWARDED)]
    for desk, colour in _DESK_COLOURS.items():
        lines.append(f"    classDef {desk} fill:{colour},color:#ffffff")
        names = ", ".join(state.value for state, place in STATES.items() if place.desk.value == desk)
        lines.append(f"    class {names} {desk}")
    return "\n".join([*lines, "```\n"])
