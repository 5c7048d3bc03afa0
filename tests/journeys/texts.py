"""What the people of the journeys write."""

from __future__ import annotations

TITLE = "Compiling tensor programs for memories that compute"
TITLE_ZH = "面向存內計算的張量程式編譯"
ABSTRACT = (
    "Memories that compute move less data, but today's compilers do not know them. We describe what such a memory can "
    "do in a few rules, search for programs that respect them, and prove that what is found computes the same."
)
DESCRIPTION = (
    "Background. Moving data costs more than computing with it.\n\n"
    "Objectives. A description of computing memories; a search over programs; a proof of each step.\n\n"
    "Statement of work. Year one gives the description and the search, year two the proofs and a prototype."
)
RATIONALE = "Two of three reviewers are convinced; the open question of the proofs can be met within the work."
FEEDBACK = "The panel would like to see the proofs begin in the first year."
FOR_OFFICE = "Between us: the budget for machines is generous."
ASIDE = "Only the sponsor's engineers can say whether the memory behaves like that."


def remark(reviewer: str) -> str:
    """What that reviewer tells the applicant; it doesn't name the reviewer."""
    return f"The plan is sound in its part {len(reviewer)}, and the search deserves a fallback."
