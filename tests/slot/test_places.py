"""Places that the sponsor gives: who gives them, how many at most, the reserve, and what a withdrawal sets going."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock, watch
from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.models import Message
from intake.policy import may
from intake.proposal.operations import restore, screen_out, withdraw
from intake.slot.competition import fits, told, told_without
from intake.slot.models import Slot
from intake.slot.operations import give
from intake.slot.queries import counted, lines_of, taken
from intake.vocabulary import Action, SlotPlace
from tests.factories import office as days
from tests.factories.office import Office
from tests.factories.world import complete

S, O, R, F = SlotPlace.SLOT, SlotPlace.OFFERED, SlotPlace.RESERVE, SlotPlace.RELEASED  # noqa: E741


@pytest.fixture
def office(app: Flask) -> Office:
    """The world, whose call A takes two from now on."""
    made = Office(app)
    made.ask(lambda: setattr(db.session.get_one(Call, made.w.calls["A"]), "slots", 2))
    return made


def standing(office: Office) -> dict[str, tuple[SlotPlace, int | None]]:
    """Where each proposal of the world stands, and its rank."""
    names = {number: name for name, number in office.w.proposals.items()}
    rows = office.ask(lambda: db.session.execute(sa.select(Slot.proposal_id, Slot.place, Slot.rank)).all())
    return {names[row.proposal_id]: (row.place, row.rank) for row in rows}


def seen(office: Office, name: str) -> int:
    """The version of the proposal's place."""
    found: int = office.ask(
        lambda: db.session.scalar(sa.select(Slot.version).where(Slot.proposal_id == office.w.proposals[name])) or 0
    )
    return found


def press(office: Office, who: str, name: str, act: str, version: int | None = None) -> Any:
    """Press a button of the page of places."""
    version = seen(office, name) if version is None else version
    return office.browser(who).post(office.address(name, "/place"), data={"act": act, "version": version})


def page(office: Office, who: str = "C1") -> str:
    """The page of places."""
    return str(office.browser(who).get("/desk/calls/CALL-A/places").get_data(as_text=True))


def listed(text: str) -> list[str]:
    """The numbers of the rows, in order."""
    return re.findall(r'<span class="under"><span class="number">(CALL-A-\d+)</span>', text)


def number(office: Office, name: str) -> str:
    """The proposal's number."""
    return str(office.ask(lambda: complete(office.w, name).number))


def letters_of_places(office: Office) -> set[tuple[str, str]]:
    """Kind and person of all letters about places so far."""
    names = {each: name for name, each in office.w.people.items()}
    asked = sa.select(Message.kind, Message.to_person_id).where(Message.kind.startswith("slot."))
    return {(row.kind, names[row.to_person_id]) for row in office.ask(lambda: db.session.execute(asked).all())}


def withdrawn(office: Office, name: str, by: str) -> None:
    """Withdrawn by its principal investigator."""
    office.ask(lambda: withdraw(complete(office.w, name), "no time", by=office.w.actor(by)))


# --- is a competition needed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notices", "slots", "free", "words"),
    [
        (2, 3, True, "No competition needed: notices 2, places 3."),
        (3, 3, True, "No competition needed: notices 3, places 3."),
        (4, 3, False, "A competition is needed: notices 4, places 3."),
        (9, None, True, "The sponsor takes any number. Notices so far: 9."),
    ],
)
def test_whether_a_competition_is_needed(notices: int, slots: int | None, free: bool, words: str) -> None:
    assert fits(notices, slots) is free
    assert str(told(notices, slots)) == words


# --- giving -----------------------------------------------------------------------------------------------------------


def test_a_coordinator_gives_places_and_never_more_than_there_are(office: Office) -> None:
    assert press(office, "C1", "P2", "give").status_code == 302
    assert press(office, "C1", "P1", "give").status_code == 302
    assert standing(office) == {"P1": (S, None), "P2": (S, None)}
    reply = press(office, "C1", "P3", "give")
    assert reply.status_code == 302
    assert "No place is free, of 2 in all. Release one first." in page(office)
    assert standing(office) == {"P1": (S, None), "P2": (S, None)}
    assert ("slot.given", "C1", "", "slot") in office.events("P2")
    assert 'value="give"' not in page(office), "full: nothing offers to give one"


def test_a_number_that_was_lowered_meanwhile_holds_for_who_waited(office: Office) -> None:
    """Whoever waits for the lock of the call has read the call before; how many places there are is read after it."""
    press(office, "C1", "P2", "give")

    def gives() -> str:
        proposal = complete(office.w, "P1")
        assert proposal.call.slots == 2
        lowered = sa.update(Call).where(Call.id == proposal.call_id).values(slots=1)
        db.session.execute(lowered, execution_options={"synchronize_session": False})
        with pytest.raises(Incomplete) as refused:
            give(proposal, seen=0, by=office.w.actor("C1"))
        return str(refused.value.reason)

    assert office.ask(gives) == "No place is free, of 1 in all. Release one first."
    assert standing(office) == {"P2": (S, None)}


def test_the_letter_of_a_place_goes_to_the_team(office: Office) -> None:
    since = office.last_letter()
    press(office, "C1", "P2", "give")
    assert office.letters(since) == {("slot.given", "F2")}


@pytest.mark.parametrize(("who", "status"), [("C2", 404), ("N", 404), ("F2", 403), ("C3", 403), ("AD", 403)])
def test_nobody_else_gives_a_place(office: Office, who: str, status: int) -> None:
    name = "P4" if who == "C3" else "P2"
    assert press(office, who, name, "give").status_code == status
    assert office.browser(who).get(office.address(name, "/place/release")).status_code == status
    assert standing(office) == {}
    if who != "C3":
        assert office.browser(who).get("/desk/calls/CALL-A/places").status_code == 404


def test_who_has_a_conflict_sees_no_row_and_no_count_of_it(office: Office) -> None:
    press(office, "C1", "P4", "give")
    text = page(office, "C3")
    hidden = number(office, "P4")
    assert hidden not in listed(text)
    assert len(listed(text)) == 5
    assert "1 withheld: conflict" in text
    assert "No place is given yet." in text
    assert hidden in listed(page(office))


def test_a_stale_page_changes_nothing(office: Office) -> None:
    press(office, "C1", "P2", "give")
    assert press(office, "C1", "P2", "reserve", version=0).status_code == 409
    assert standing(office) == {"P2": (S, None)}


def test_an_unknown_act_is_refused(office: Office) -> None:
    assert press(office, "C1", "P2", "nonsense").status_code == 422


def test_a_call_without_a_limit_gives_no_places(office: Office) -> None:
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "slots", None))
    assert press(office, "C1", "P2", "give").status_code == 403
    assert 'value="give"' not in page(office)


# --- how many there are -----------------------------------------------------------------------------------------------


def limit(office: Office, slots: str, who: str = "C1", version: int | None = None) -> Any:
    """Send the form for how many places there are."""
    now: int = office.ask(lambda: db.session.get_one(Call, office.w.calls["A"]).version)
    data = {"slots": slots, "version": now if version is None else version}
    return office.browser(who).post("/desk/calls/CALL-A/places", data=data)


def slots_of(office: Office) -> int | None:
    """How many there are."""
    found: int | None = office.ask(lambda: db.session.get_one(Call, office.w.calls["A"]).slots)
    return found


def test_the_number_of_places_is_set_but_never_below_what_is_given(office: Office) -> None:
    assert limit(office, "3").status_code == 302
    assert slots_of(office) == 3
    press(office, "C1", "P1", "give")
    press(office, "C1", "P2", "give")
    refused = limit(office, "1")
    assert refused.status_code == 422
    assert "From 2, as many as are given, to 500." in refused.text
    assert 'value="1"' in refused.text, "what was typed is kept"
    assert slots_of(office) == 3
    assert limit(office, "").status_code == 302
    assert slots_of(office) is None
    for wrong in ("0", "-1", "501", "two"):
        assert limit(office, wrong).status_code == 422
    assert limit(office, "5", version=0).status_code == 409
    assert limit(office, "5", who="C2").status_code == 404
    assert slots_of(office) is None


# --- the reserve ------------------------------------------------------------------------------------------------------


def test_the_reserve_is_ordered_by_buttons(office: Office) -> None:
    for name in ("P1", "P2", "P3"):
        press(office, "C1", name, "reserve")
    assert standing(office) == {"P1": (R, 1), "P2": (R, 2), "P3": (R, 3)}
    press(office, "C1", "P3", "up")
    assert standing(office) == {"P1": (R, 1), "P3": (R, 2), "P2": (R, 3)}
    press(office, "C1", "P1", "down")
    assert standing(office) == {"P3": (R, 1), "P1": (R, 2), "P2": (R, 3)}
    press(office, "C1", "P3", "up")
    press(office, "C1", "P2", "down")
    assert standing(office) == {"P3": (R, 1), "P1": (R, 2), "P2": (R, 3)}
    assert listed(page(office))[:3] == [number(office, name) for name in ("P3", "P1", "P2")]
    press(office, "C1", "P1", "give")
    assert standing(office) == {"P1": (S, None), "P3": (R, 1), "P2": (R, 2)}


def test_who_has_a_conflict_moves_past_what_they_do_not_see(office: Office) -> None:
    for name in ("P1", "P4", "P2"):
        press(office, "C1", name, "reserve")
    text = page(office, "C3")
    assert re.findall(r"<strong>Reserve (\d)</strong>", text) == ["1", "2"], "no gap tells of the hidden one"
    press(office, "C3", "P2", "up")
    assert standing(office) == {"P2": (R, 1), "P4": (R, 2), "P1": (R, 3)}


# --- release ----------------------------------------------------------------------------------------------------------


def release(office: Office, name: str, note: str = "The sponsor changed its mind.", **more: str) -> Any:
    """Send the form of a release."""
    data = {"note": note, "seen": seen(office, name), **more}
    return office.browser("C1").post(office.address(name, "/place/release"), data=data)


def test_a_release_needs_a_note_and_offers_the_place_on(office: Office) -> None:
    press(office, "C1", "P2", "give")
    press(office, "C1", "P1", "reserve")
    since = office.last_letter()
    empty = release(office, "P2", "")
    assert empty.status_code == 422
    assert standing(office)["P2"] == (S, None)
    assert release(office, "P2", onward="y").status_code == 302
    assert standing(office) == {"P2": (F, None), "P1": (O, None)}
    # the team of P1 is F1 and its co-investigator F2
    assert office.letters(since) == {
        ("slot.released", "F2"),
        ("slot.offered", "F1"),
        ("slot.offered", "F2"),
        ("slot.offer_made", "C1"),
        ("slot.offer_made", "C3"),
    }


def test_a_release_need_not_offer_the_place_on(office: Office) -> None:
    press(office, "C1", "P2", "give")
    press(office, "C1", "P1", "reserve")
    assert release(office, "P2").status_code == 302
    assert standing(office) == {"P2": (F, None), "P1": (R, 1)}
    assert release(office, "P2").status_code == 422, "it holds nothing any more"


def test_what_is_with_the_sponsor_keeps_its_place(office: Office) -> None:
    press(office, "C1", "P7", "give")
    refused = release(office, "P7")
    assert refused.status_code == 422
    assert "Recall the packet first." in refused.text
    assert standing(office)["P7"] == (S, None)


def test_what_has_gone_to_the_sponsor_is_nobodys_reserve(office: Office) -> None:
    for act in ("reserve", "offer"):
        assert press(office, "C1", "P7", act).status_code == 302
        assert "It has gone to the sponsor: give it a place." in page(office)
    assert standing(office) == {}


def test_nothing_is_sent_without_a_place(office: Office) -> None:
    days.packed(office, "P6")
    assert "holds none of the places" in office.get("C1", "P6").text
    assert office.get("C1", "P6", "/send").status_code == 403
    press(office, "C1", "P6", "give")
    assert office.get("C1", "P6", "/send").status_code == 200


# --- offers -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def offered(office: Office) -> Office:
    """P1 and P2 held the places, P3 and P6 were on the reserve; P2 was withdrawn, and P3 has the offer."""
    for name in ("P1", "P2"):
        press(office, "C1", name, "give")
    for name in ("P3", "P6"):
        press(office, "C1", name, "reserve")
    withdrawn(office, "P2", "F2")
    return office


def until(office: Office, name: str) -> Any:
    """Until when the place is offered."""
    asked = sa.select(Slot.offered_until).where(Slot.proposal_id == office.w.proposals[name])
    return office.ask(lambda: db.session.scalar(asked))


def test_a_withdrawal_offers_the_place_to_the_first_reserve(offered: Office) -> None:
    assert standing(offered) == {"P1": (S, None), "P2": (F, None), "P3": (O, None), "P6": (R, 1)}
    written = letters_of_places(offered)
    assert {("slot.offered", "F3"), ("slot.offer_made", "C1"), ("slot.freed", "C1")} <= written
    assert ("slot.released", "F2") not in written, "they withdrew it themselves"
    left = until(offered, "P3") - clock.now()
    assert timedelta(hours=47) < left <= timedelta(hours=48)
    assert ("slot.released", "F2", "slot", "released") in offered.events("P2")
    assert ("slot.offered", "F2", "reserve", "offered") in offered.events("P3")


def test_an_offer_ends_no_later_than_the_sponsors_deadline(office: Office) -> None:
    deadline = clock.now() + timedelta(hours=3)
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "sponsor_deadline_at", deadline))
    press(office, "C1", "P2", "give")
    press(office, "C1", "P3", "reserve")
    withdrawn(office, "P2", "F2")
    assert until(office, "P3") == deadline


def test_after_the_sponsors_deadline_nothing_is_offered(office: Office) -> None:
    past = clock.now() - timedelta(hours=3)
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "sponsor_deadline_at", past))
    press(office, "C1", "P2", "give")
    press(office, "C1", "P3", "reserve")
    withdrawn(office, "P2", "F2")
    assert standing(office) == {"P2": (F, None), "P3": (R, 1)}
    assert ("slot.freed", "C1") in letters_of_places(office)


def answer(office: Office, who: str, name: str, word: str) -> Any:
    """Press a button of the applicant's page."""
    return office.browser(who).post(f"/proposals/{office.w.proposals[name]}/place/{word}")


def test_the_principal_accepts(offered: Office) -> None:
    since = offered.last_letter()
    assert "Accept the place" in offered.browser("F3").get(f"/proposals/{offered.w.proposals['P3']}").text
    assert answer(offered, "F3", "P3", "accept").status_code == 302
    assert standing(offered)["P3"] == (S, None)
    assert offered.letters(since) == {("slot.given", "F3"), ("slot.answered", "C1"), ("slot.answered", "C3")}
    assert answer(offered, "F3", "P3", "accept").status_code == 403, "once"
    assert "Accept the place" not in offered.browser("F3").get(f"/proposals/{offered.w.proposals['P3']}").text


@pytest.mark.parametrize(("who", "status"), [("F1", 404), ("C1", 403), ("R1", 403), ("N", 404)])
def test_nobody_else_answers(offered: Office, who: str, status: int) -> None:
    assert answer(offered, who, "P3", "accept").status_code == status
    assert answer(offered, who, "P3", "decline").status_code == status
    assert standing(offered)["P3"] == (O, None)


def test_a_co_investigator_reads_why_they_cannot_answer(office: Office) -> None:
    press(office, "C1", "P1", "offer")
    text = office.browser("F2").get(f"/proposals/{office.w.proposals['P1']}").text
    assert "Only the principal investigator may do this." in text
    assert "place/accept" not in text
    assert answer(office, "F2", "P1", "accept").status_code == 403


def test_declining_offers_it_to_the_next(offered: Office) -> None:
    asked = offered.browser("F3").get(f"/proposals/{offered.w.proposals['P3']}/place/decline")
    assert asked.status_code == 200
    assert answer(offered, "F3", "P3", "decline").status_code == 302
    assert standing(offered) == {"P1": (S, None), "P2": (F, None), "P3": (F, None), "P6": (O, None)}
    assert ("slot.offered", "F1") in letters_of_places(offered)


def test_an_ended_offer_is_never_acceptable_and_goes_on_by_itself(offered: Office) -> None:
    with clock.at(until(offered, "P3") - timedelta(seconds=1)), offered.app.app_context():
        assert watch.pass_on_offers() == 0
    ends = until(offered, "P3")
    with clock.at(ends):
        assert answer(offered, "F3", "P3", "accept").status_code == 403
        assert standing(offered)["P3"] == (O, None)
        with offered.app.app_context():
            assert watch.pass_on_offers() == 0, "an answer of the last second may still be on its way"
    with clock.at(ends + timedelta(minutes=1)):
        since = offered.last_letter()
        with offered.app.app_context():
            assert watch.pass_on_offers() == 1
            assert watch.pass_on_offers() == 0
        assert standing(offered) == {"P1": (S, None), "P2": (F, None), "P3": (F, None), "P6": (O, None)}
        assert {("slot.lapsed", "F3"), ("slot.offered", "F1"), ("slot.freed", "C1")} <= offered.letters(since)
    assert ("slot.lapsed", "?", "offered", "released") in offered.events("P3")


def test_with_nobody_on_the_reserve_the_place_stays_free(offered: Office) -> None:
    withdrawn(offered, "P6", "F1")
    assert standing(offered)["P6"] == (F, None)
    answer(offered, "F3", "P3", "decline")
    assert offered.ask(lambda: taken(offered.w.calls["A"])) == 1


def test_a_restored_proposal_does_not_get_its_place_back(offered: Office) -> None:
    offered.ask(lambda: restore(complete(offered.w, "P2"), "a mistake", by=offered.w.actor("C1")))
    assert standing(offered)["P2"] == (F, None)
    assert offered.ask(lambda: taken(offered.w.calls["A"])) == 2


def test_an_ineligible_proposal_gives_its_place_back(office: Office) -> None:
    press(office, "C1", "P2", "give")
    press(office, "C1", "P3", "reserve")
    office.ask(lambda: screen_out(complete(office.w, "P2"), "award-cap", "too much", by=office.w.actor("C1")))
    assert standing(office) == {"P2": (F, None), "P3": (O, None)}


def test_a_withdrawal_without_a_place_touches_no_other(office: Office) -> None:
    press(office, "C1", "P3", "reserve")
    withdrawn(office, "P2", "F2")
    assert standing(office) == {"P3": (R, 1)}


def test_the_applicant_reads_where_it_stands(office: Office) -> None:
    read = lambda who, name: office.browser(who).get(f"/proposals/{office.w.proposals[name]}").text  # noqa: E731
    assert "The sponsor takes" not in read("F2", "P2")
    press(office, "C1", "P2", "give")
    press(office, "C1", "P3", "reserve")
    assert "It holds a place." in read("F2", "P2")
    assert "It is on the reserve" in read("F3", "P3")
    release(office, "P2", "Alba asked for another theme.")
    assert "Alba asked for another theme." in read("F2", "P2")


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("who", ["C1", "C3"])
def test_the_rows_are_those_that_the_policy_lets_the_office_rank(office: Office, who: str, sealed: bool) -> None:
    if sealed:
        later = clock.now() + timedelta(days=1)
        office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "sealed_until", later))

    def both() -> tuple[set[int], set[int], int]:
        by, call = office.w.actor(who), call_with("CALL-A")
        assert call is not None
        rows = {each.id for each in lines_of(by, call, 0, 100)}
        papers = [office.w.proposal(name) for name in office.w.proposals]
        allowed = {each.id for each in papers if may(by, Action.PROPOSAL_RANK, each) and each.call_id == call.id}
        return rows, allowed, sum(counted(by, call).values())

    rows, allowed, number_of_rows = office.ask(both)
    assert rows == allowed
    assert number_of_rows == len(rows) == (0 if sealed else {"C1": 6, "C3": 5}[who])


def test_a_call_without_notices_speaks_of_what_was_received_only() -> None:
    assert str(told_without(21, 3)) == "This call asks for no notices. Received so far: 21, places 3."
    assert str(told_without(2, None)) == "The sponsor takes any number. Received so far: 2."
