"""The rubric of a call that brings none of its own: what a review scores, on which scale, and what each value means."""

from __future__ import annotations

from typing import Any

LEAST, MOST = 1, 5

_STANDARD: tuple[tuple[str, str, str, int, tuple[str, str, str, str, str]], ...] = (
    (
        "merit",
        "Scientific merit and novelty",
        "Is the question worth asking, is the answer new, and is the approach sound?",
        35,
        (
            "Nothing new, or the approach cannot answer the question",
            "A small step beyond what is known, or with a gap in the argument",
            "A sound idea, new in part, argued with the state of the art in view",
            "Clearly new, well argued, likely to be cited or put to use",
            "A leap: if it works, the field will do things differently",
        ),
    ),
    (
        "fit",
        "Fit with the theme and the sponsor's interest",
        "Does it answer a theme of the call, and would the sponsor want to work on it with us?",
        25,
        (
            "Answers no theme of the call",
            "Touches a theme, but the sponsor would gain little",
            "Answers a theme; the use for the sponsor is plausible",
            "Answers a theme squarely; the use for the sponsor is shown",
            "Meets a need the sponsor has named; the sponsor's people would join in",
        ),
    ),
    (
        "plan",
        "Feasibility and plan",
        "Can it be done in the time and with the means asked for, and would we notice early if not?",
        25,
        (
            "Cannot be done as planned",
            "Large risks are not seen, or milestones are missing",
            "Can be done; milestones are there, some risks are open",
            "Convincing steps, milestones and a way round the main risks",
            "Each step can be checked, risks are met in advance, first results are in hand",
        ),
    ),
    (
        "team",
        "Team and resources",
        "Do these people, with this money and equipment, have what it takes?",
        15,
        (
            "Key skills or means are missing",
            "Some skills or means are missing, without a way to get them",
            "The skills are there; the budget fits with small corrections",
            "An experienced team with the right means and a budget that is explained",
            "The people one would ask first, with everything that the work needs",
        ),
    ),
)


def standard() -> list[dict[str, Any]]:
    """The four criteria, as columns of ``Criterion`` without call and position; weights add up to 100 per cent."""
    return [
        {
            "code": code,
            "name": name,
            "question": question,
            "weight": weight,
            "least": LEAST,
            "most": MOST,
            "anchors": {str(value): words for value, words in enumerate(anchors, LEAST)},
        }
        for code, name, question, weight, anchors in _STANDARD
    ]
