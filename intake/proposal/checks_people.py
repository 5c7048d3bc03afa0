"""Checks of who applies: their appointment, and how many proposals they and their department hand in."""

from __future__ import annotations

from intake.call.models import Rule
from intake.proposal.checks import FactKind, Found, Known, check, settings_of
from intake.proposal.known import OF_DEPARTMENT, OF_PERSON
from intake.proposal.models import Proposal
from intake.vocabulary import Appointment, Relation, TeamAnswer, Words, say

APPOINTMENTS: dict[Appointment, Words] = {
    Appointment.FULL_TIME_FACULTY: say("full-time faculty"),
    Appointment.PART_TIME_FACULTY: say("part-time faculty"),
    Appointment.RESEARCH_SCHOLAR: say("research scholar"),
    Appointment.PHD_STUDENT: say("PhD student"),
    Appointment.STAFF: say("staff"),
    Appointment.OUTSIDE: say("outside the university"),
}
MOST_PROPOSALS = 100
_MOST = FactKind("most", say("At most"), "whole", least=1, most=MOST_PROPOSALS, default=1)


def appointed(proposal: Proposal) -> Appointment | None:
    """The principal investigator's appointment in our records."""
    person = proposal.principal.person
    return person.appointment if person is not None else None


def _saw_appointment(proposal: Proposal, rule: Rule, known: Known) -> Words:
    kind = appointed(proposal)
    name = APPOINTMENTS[kind] if kind else say("nothing")
    return say("Our records say of %(name)s: %(kind)s.", name=proposal.principal.name, kind=name)


def _of_kinds(name: str, label: Words, explains: Words, *usual: Appointment) -> None:
    """Register a check of the appointment, under a name of its own for each usual setting."""
    options = tuple((each.value, words) for each, words in APPOINTMENTS.items())
    kinds = FactKind("kinds", say("Who may lead"), "choices", options, default=[each.value for each in usual])

    def test(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
        wanted = [Appointment(each) for each in settings_of(rule)["kinds"]]
        kind = appointed(proposal)
        if kind in wanted:
            return []
        reason = say(
            "The appointment in our records is %(kind)s; who leads must be: %(kinds)s.",
            kind=APPOINTMENTS[kind] if kind else say("nothing"),
            kinds=[APPOINTMENTS[each] for each in wanted],
        )
        return [Found("team", "principal", reason)]

    check(name, label, explains, kinds, saw=_saw_appointment)(test)


_of_kinds(
    "appointment",
    say("Eligible appointments"),
    say("The principal investigator's appointment in our records is one of those named."),
    Appointment.FULL_TIME_FACULTY,
)
_of_kinds(
    "full-time",
    say("Full-time faculty"),
    say("The principal investigator is full-time faculty in our records."),
    Appointment.FULL_TIME_FACULTY,
)
_of_kinds(
    "research-scholar",
    say("Research scholar"),
    say("The applicant is a research scholar in our records."),
    Appointment.RESEARCH_SCHOLAR,
)


@check(
    "phd-student",
    say("PhD student with a supervisor"),
    say("The applicant is a PhD student in our records, and a full-time faculty member is on the team."),
    saw=_saw_appointment,
)
def _student(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
    if appointed(proposal) is not Appointment.PHD_STUDENT:
        reason = say("The applicant's appointment in our records is not PhD student.")
        return [Found("team", "principal", reason)]
    lines = [each for each in proposal.team if each.relation in (Relation.CO_INVESTIGATOR, Relation.VIEWER)]
    others = [each.person for each in lines if each.answer is not TeamAnswer.DECLINED and each.person]
    if any(each.appointment is Appointment.FULL_TIME_FACULTY for each in others):
        return []
    return [Found("team", "team", say("Add your supervisor, a full-time faculty member, to the team."))]


@check(
    "proposals-per-person",
    say("Proposals of one person"),
    say("One principal investigator hands in no more than so many proposals to the call. Drafts do not count."),
    _MOST,
    asks=(OF_PERSON,),
    saw=lambda proposal, rule, known: say(
        "Beside this one %(name)s has handed in %(count)s to this call; at most %(most)s in all.",
        name=proposal.principal.name,
        count=known.count(OF_PERSON),
        most=settings_of(rule)["most"],
    ),
)
def _per_person(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
    most, others = settings_of(rule)["most"], known.count(OF_PERSON)
    if others < most:
        return []
    reason = say(
        "The principal investigator has handed in %(count)s to this call already; at most %(most)s.",
        count=others,
        most=most,
    )
    return [Found("team", "principal", reason)]


@check(
    "proposals-per-department",
    say("Proposals of one department"),
    say("One department, that of the principal investigator, hands in no more than so many proposals to the call."),
    _MOST,
    asks=(OF_DEPARTMENT,),
    saw=lambda proposal, rule, known: say(
        "Beside this one the department has handed in %(count)s to this call; at most %(most)s in all.",
        count=known.count(OF_DEPARTMENT),
        most=settings_of(rule)["most"],
    ),
)
def _per_department(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    person = proposal.principal.person
    if person is None or person.department_id is None:
        return None
    most, others = settings_of(rule)["most"], known.count(OF_DEPARTMENT)
    if others < most:
        return []
    reason = say(
        "Your department has handed in %(count)s to this call already; at most %(most)s. Speak with your department.",
        count=others,
        most=most,
    )
    return [Found("team", "principal", reason)]
