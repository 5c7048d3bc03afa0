"""The texts of both sides, read once: what scores and their reasons are both made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.affinity.terms import Counted, Lexicon, Rows, counted, read
from intake.affinity.texts import Candidate, Subject, asked, in_order, told


@dataclass(frozen=True, slots=True)
class Weighed:
    """How common each term is among all the texts, and their rows of weighted terms: one a proposal by the proposals'
    ids, and one a text of the candidates by the candidates' ids, each one's in the order of ``texts.told``.

    Some 3 KB for an abstract.
    """

    common: Counted
    asked: Rows
    told: Rows


def weigh(subjects: Sequence[Subject], candidates: Sequence[Candidate]) -> Weighed:
    """Read and weigh the texts of all of them. Raises: ValueError where an id stands twice."""
    lexicon = Lexicon()
    ours = read([asked(each) for each in in_order(subjects)], lexicon)
    theirs = read([text for each in in_order(candidates) for text in told(each)], lexicon)
    common, (of_subjects, of_candidates) = counted(lexicon, ours, theirs)
    return Weighed(common, of_subjects, of_candidates)
