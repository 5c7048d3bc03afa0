"""The writing of a proposal, section by section, by button or by itself. A save that would undo somebody else's shows
both texts first."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.errors import Incomplete, Stale
from intake.form.definition import Page, Question, Section, label_in
from intake.form.kinds import TEXTS
from intake.form.reading import Read, inputs
from intake.form.telling import Audience
from intake.form.values import UNANSWERED
from intake.policy import may
from intake.proposal.answers import answers_of, asked_sections, form_of, may_change, part_of
from intake.proposal.bound_to_call import still_to_give
from intake.proposal.likeness import alike
from intake.proposal.models import Proposal
from intake.proposal.presence import note_presence
from intake.proposal.telling import reader_of, text_of, told_to
from intake.proposal.writing import write
from intake.views.faculty import faculty
from intake.views.faculty.asking import ask, read_all
from intake.views.faculty.autosaving import autosave, seen
from intake.views.faculty.filing import files_shown
from intake.views.faculty.loading import with_section
from intake.views.faculty.progress import progress, section_url
from intake.views.faculty.rules import rule_lines
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action

MORE_ROWS = 5


@door(
    faculty,
    "/proposals/<id:proposal_id>/edit/<part>",
    Action.PROPOSAL_VIEW_AS_TEAM,
    with_section,
    methods=["GET", "POST"],
    ask_on_post=Action.PROPOSAL_EDIT,
)
def edit(proposal: Proposal, section: Section) -> ResponseReturnValue:
    """One section's form; what it holds, where it cannot change."""
    if section.page is not Page.QUESTIONS:
        return redirect(section_url(proposal, section))
    if request.method == "GET":
        return _page(proposal, section)
    reads = read_all(proposal, section, request.form)
    fit = {key: one.value for key, one in reads.items() if one.error is None}
    if request.headers.get("X-Autosave"):
        return autosave(proposal, section, reads, _version(proposal, section))
    if len(fit) < len(reads):
        return _page(proposal, section, reads), 422
    try:
        write(proposal, fit, version=_version(proposal, section), by=actor())
    except Stale:
        return _changed_meanwhile(proposal, section, fit), 409
    except Incomplete as error:
        refused = {name: Read(error=words) for name, words in error.fields.items()}
        return _page(proposal, section, reads | refused), 422
    note_presence(proposal, part_of(section), by=actor())
    return redirect(_after(proposal, section))


def _version(proposal: Proposal, section: Section) -> int:
    """The version that the form was made from. Where other sections changed since but this one did not, nothing would
    be overwritten, and the present version stands for it."""
    return proposal.version if request.form.get("seen") == seen(proposal, section) else sent_version()


def _after(proposal: Proposal, section: Section) -> str:
    """Where a save leads: to the same section, with more rows if they were asked for, or on to the next."""
    wish = request.form.get("and", "")
    if wish.startswith("more:"):
        return section_url(proposal, section, wish.removeprefix("more:"), more=MORE_ROWS)
    if wish != "next":
        return section_url(proposal, section)
    sections = asked_sections(form_of(proposal))
    following = [each for each in sections[sections.index(section) + 1 :] if may_change(proposal, each)]
    if not following:
        return url_for("faculty.check", proposal_id=proposal.id)
    return section_url(proposal, following[0])


def _page(proposal: Proposal, section: Section, reads: dict[str, Read] | None = None) -> str:
    known = progress(proposal, actor())
    sent = request.form if reads is not None else None
    asked = ask(
        proposal,
        section,
        actor(),
        sent=sent,
        reads=reads,
        faults=known.faults,
        missing_too="check" in request.args,
        more=request.args.get("more", 0, type=int),
        earlier=still_to_give(proposal, actor()),
    )
    return render_template(
        "faculty/edit/section.html",
        proposal=proposal,
        section=section,
        part=known.part(part_of(section)),
        progress=known,
        asked=asked,
        wrong=[each for each in asked if each.error],
        keys={each.key for each in asked},
        files=[files_shown(proposal, each.key) for each in asked if each.shown and each.attached],
        lines=rule_lines(known.rules, proposal),
        alike=alike(proposal, actor()) if any(each.key == "title" for each in asked) else [],
        section_help=label_in(section.help, language()),
        held=next((each for each in told_to(proposal, Audience.TEAM, language()) if each.key == section.key), None),
        version=sent_version() if sent else proposal.version,
        seen=request.form.get("seen") or seen(proposal, section),
        editing=may(actor(), Action.PROPOSAL_EDIT, proposal),
        person=actor().id,
    )


def _changed_meanwhile(proposal: Proposal, section: Section, mine: dict[str, Any]) -> str:
    """The person's own text beside the present one, and a form that saves over it now that both have been seen."""
    form, present = form_of(proposal), answers_of(proposal)
    rows = [_both(proposal, form.question(key), mine[key], present.get(key, UNANSWERED)) for key in mine]
    return render_template(
        "faculty/edit/changed.html",
        proposal=proposal,
        part=progress(proposal, actor()).part(part_of(section)),
        rows=rows,
        differing=any(row["differs"] for row in rows),
        seen=seen(proposal, section),
        version=proposal.version,
    )


def _both(proposal: Proposal, question: Question, mine: Any, now: Any) -> dict[str, Any]:
    """One question of the page that shows both: the words of each, and the inputs that send the own one again."""
    reader, key = reader_of(proposal, language()), question.key
    yours, theirs, again = text_of(reader, question, mine), text_of(reader, question, now), inputs(question, mine)
    return {
        "key": key,
        "label": reader.say(question.label),
        "text": question.kind in TEXTS,
        "mine": yours,
        "now": theirs,
        "differs": yours != theirs,
        "inputs": [(name, text) for name in again for text in again.getlist(name)] or [(f"{key}-sent", "1"), (key, "")],
    }
