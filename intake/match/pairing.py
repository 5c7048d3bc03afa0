"""The steps of the match board: how far a proposal and a theme, a contact or a reviewer are with each other."""

from __future__ import annotations

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.call.models import Theme
from intake.conflict.evidence import Evidence, told_to
from intake.conflict.finding import rows
from intake.errors import Conflicted, Incomplete, Stale
from intake.extensions import db
from intake.match.models import Pairing, PairingStep
from intake.people.models import Person
from intake.people.queries import holders
from intake.policy import Actor, may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.vocabulary import Action, PairingKind, PairingState, Role, Words, say

_S = PairingState
STEPS: dict[PairingState | None, tuple[PairingState, ...]] = {
    None: (_S.SUGGESTED, _S.APPROACHED, _S.INTERESTED, _S.MATCHED, _S.DECLINED),
    _S.SUGGESTED: (_S.APPROACHED, _S.INTERESTED, _S.MATCHED, _S.DECLINED),
    _S.APPROACHED: (_S.INTERESTED, _S.MATCHED, _S.DECLINED, _S.SUGGESTED),
    _S.INTERESTED: (_S.MATCHED, _S.DECLINED, _S.APPROACHED),
    _S.DECLINED: (_S.SUGGESTED, _S.APPROACHED, _S.INTERESTED),
    _S.MATCHED: (_S.INTERESTED, _S.DECLINED),
}
"""Where a pairing can go from each state; None is one that was never on the board. The first is the usual step."""

LABELS: dict[PairingState, Words] = {
    _S.SUGGESTED: say("Suggested"),
    _S.APPROACHED: say("Approached"),
    _S.INTERESTED: say("Interested"),
    _S.DECLINED: say("Declined"),
    _S.MATCHED: say("Matched"),
}
KINDS: dict[PairingKind, Words] = {
    PairingKind.THEME: say("Theme"),
    PairingKind.CONTACT: say("Contact"),
    PairingKind.REVIEWER: say("Reviewer"),
}
REACHES_OUT = frozenset({_S.APPROACHED, _S.INTERESTED, _S.MATCHED})
"""The states in which somebody has heard of the proposal: a conflict stands in their way."""


def step(
    proposal: Proposal,
    kind: PairingKind,
    target_id: int,
    state: PairingState,
    note: str = "",
    *,
    by: Actor,
    version: int | None = None,
) -> Pairing:
    """Put a proposal and a theme, contact or reviewer (``target_id``: of a theme, or of a person) one step on.

    Nothing else happens: nobody gets mail, and the proposal stays where it is. The state that it has already is noted
    again where the note is new, such as of a second call. ``version`` is that of the pairing in the form (0: none yet).
    Demands: proposal.pair. Records: the step with its note, an event. Raises: Refused; Stale; Incomplete for somebody
    who is not to be paired so, a step that the table does not know, one back or, in a form, to the same without a note;
    Conflicted where a person who would hear of it has a conflict that blocks, or one that warns and no note says why.
    Returns: the pairing, with its steps.
    """
    demand(may(by, Action.PROPOSAL_PAIR, proposal))
    pairing = of(proposal, kind, target_id)
    if version is not None and version != (pairing.version if pairing else 0):
        raise Stale
    was = pairing.state if pairing else None
    note = note.strip()
    if pairing is not None and was is state:
        if not note and version is not None:
            raise Incomplete(say("Nothing is noted yet."), {"note": say("Say in a note what happened.")})
        return _stepped(pairing, was, state, note, by) if note not in ("", *_last(pairing)) else pairing
    _check_step(was, state, note)
    if pairing is None:
        _check_target(proposal, kind, target_id)
    if kind is not PairingKind.THEME and state in REACHES_OUT:
        _check_conflicts(proposal, db.session.get_one(Person, target_id), kind, note, by)
    return _stepped(pairing or _begun(proposal, kind, target_id, state), was, state, note, by)


def _last(pairing: Pairing) -> list[str]:
    """The note of its newest step."""
    return [each.note for each in pairing.steps[-1:]]


def of(proposal: Proposal, kind: PairingKind, target_id: int) -> Pairing | None:
    """The pairing of these two with its steps, or None. Statements: 2."""
    target = Pairing.theme_id if kind is PairingKind.THEME else Pairing.person_id
    return db.session.scalars(
        sa.select(Pairing)
        .where(Pairing.proposal_id == proposal.id, Pairing.kind == kind, target == target_id)
        .options(sa.orm.selectinload(Pairing.steps))
        .execution_options(populate_existing=True)
    ).one_or_none()


def note_match(proposal: Proposal, theme_id: int | None, contact_id: int | None, note: str, *, by: Actor) -> None:
    """The proposal was matched: the board says so of its theme and its contact. Records: their steps."""
    for kind, target in ((PairingKind.THEME, theme_id), (PairingKind.CONTACT, contact_id)):
        if target is not None:
            _noted(proposal, kind, target, PairingState.MATCHED, note, by)


def note_unmatch(proposal: Proposal, reason: str, *, by: Actor) -> None:
    """The match was undone: what the board calls matched is interested again. Records: their steps."""
    asked = sa.select(Pairing).where(
        Pairing.proposal_id == proposal.id,
        Pairing.kind.in_((PairingKind.THEME, PairingKind.CONTACT)),
        Pairing.state == PairingState.MATCHED,
    )
    for pairing in db.session.scalars(asked.order_by(Pairing.id).options(sa.orm.selectinload(Pairing.steps))):
        _stepped(pairing, pairing.state, PairingState.INTERESTED, reason, by)


def _noted(proposal: Proposal, kind: PairingKind, target: int, state: PairingState, note: str, by: Actor) -> None:
    """The step of an act that has its own checks."""
    pairing = of(proposal, kind, target)
    was = pairing.state if pairing else None
    if was is not state:
        _stepped(pairing or _begun(proposal, kind, target, state), was, state, note, by)


def _check_step(was: PairingState | None, state: PairingState, note: str) -> None:
    if state not in STEPS[was]:
        before = LABELS[was] if was else say("new on the board")
        raise Incomplete(say("From “%(was)s” it does not become “%(now)s”.", was=before, now=LABELS[state]))
    if was in (_S.MATCHED, _S.DECLINED) and not note:
        raise Incomplete(say("Say why, in a note."), {"note": say("Say why it goes back.")})


def _begun(proposal: Proposal, kind: PairingKind, target_id: int, state: PairingState) -> Pairing:
    pairing = Pairing(
        proposal_id=proposal.id,
        kind=kind,
        state=state,
        since=clock.now(),
        theme_id=target_id if kind is PairingKind.THEME else None,
        person_id=None if kind is PairingKind.THEME else target_id,
    )
    pairing.steps = []
    db.session.add(pairing)
    return pairing


def _check_target(proposal: Proposal, kind: PairingKind, target_id: int) -> None:
    """Raises Incomplete for a theme of another call, and for a person who is no contact of the sponsor, or no
    reviewer."""
    if kind is PairingKind.THEME:
        theme = db.session.get(Theme, target_id)
        if theme is None or theme.call_id != proposal.call_id:
            raise Incomplete(say("Choose a theme of this call."))
        return
    if kind is PairingKind.CONTACT:
        sponsor_id = proposal.call.programme.sponsor_id
        people = holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id) if sponsor_id else ()
        missing = say("Choose a contact of this sponsor.")
    else:
        people, missing = holders(Role.REVIEWER), say("Choose somebody who is a reviewer.")
    if target_id not in {each.id for each in people}:
        raise Incomplete(missing)


def unblocked(proposal: Proposal, person: Person, kind: PairingKind, *, by: Actor) -> list[Evidence]:
    """The evidence against the person as a contact or a reviewer, the heaviest first. Raises Conflicted for a conflict
    that no reason gets past. Statements: 15 at most."""
    conflicts = rows([proposal.id], [person.id], judging=kind is PairingKind.REVIEWER)
    evidence = told_to(by, conflicts).get(proposal.id, {}).get(person.id, [])
    blocking = next((each for each in evidence if each.blocks), None)
    if blocking:
        raise Conflicted(say("%(name)s: %(reason)s", name=person.name, reason=blocking.reason), person.id)
    return evidence


def _check_conflicts(proposal: Proposal, person: Person, kind: PairingKind, note: str, by: Actor) -> None:
    evidence = unblocked(proposal, person, kind, by=by)
    warning = next((each for each in evidence if each.warns), None)
    if warning and not note:
        raise Conflicted(
            say("%(name)s: %(reason)s Say in a note why all the same.", name=person.name, reason=warning.reason),
            person.id,
        )


def _stepped(pairing: Pairing, was: PairingState | None, state: PairingState, note: str, by: Actor) -> Pairing:
    at = clock.now()
    pairing.steps.append(PairingStep(was=was, became=state, note=note, by_id=by.id, at=at))
    if was is not None and was is not state:
        pairing.state, pairing.since = state, at
    target = {"theme": pairing.theme_id} if pairing.theme_id else {"person": pairing.person_id}
    record(
        "pairing.noted" if was is state else f"pairing.{state.value}",
        "proposal",
        pairing.proposal_id,
        by=by,
        was=was.value if was else "",
        became=state.value,
        note=note,
        kind=pairing.kind.value,
        **target,
    )
    db.session.flush()
    return pairing
