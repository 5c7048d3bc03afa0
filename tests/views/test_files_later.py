"""Files after they were attached: replaced, removed, checked, opened by whom they are for; the PDF of a receipt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import background
from intake.extensions import db
from intake.proposal.operations import submit
from intake.proposal.team import add_member
from intake.scanning import Scanner
from intake.vocabulary import FileState, Relation
from tests.factories.people import actor, faculty_member, whole
from tests.factories.world import a_pdf
from tests.proposal.test_upload import a_pdf as a_pdf_made
from tests.views.files_desk import Desk, joined


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


# -- replaced and removed


def test_replacing_keeps_the_old_one_as_history_for_team_and_office(desk: Desk) -> None:
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (old,) = desk.kept("cv")
    page = desk.ada.get(f"{desk.page}/files?question=cv").text
    assert f'name="replaces" value="{old.id}"' in page
    assert "One file has its place here" in page
    response = desk.send(("cv new.pdf", a_pdf(2)), question="cv", by=desk.ben, replaces=old.id)
    assert response.status_code == 302
    assert [each.name for each in desk.kept("cv")] == ["cv new.pdf"]
    page = desk.ada.get(f"{desk.page}/files?question=cv").text
    assert re.search(r"replaced on \d+ \w+ \d{4}, \d\d:\d\d HKT by Ben Partner", page)
    assert desk.ada.get(f"{desk.page}/files/{old.id}").data == a_pdf(1)
    late = desk.send(("cv late.pdf", a_pdf_made()), question="cv", replaces=old.id)
    assert (late.status_code, "not there any more" in late.text) == (422, True)
    assert desk.send(("x.pdf", a_pdf(2)), question="plans", replaces=old.id).status_code == 404
    assert desk.send(("x.pdf", a_pdf(2)), question="cv", replaces="0").status_code == 404


def test_a_bad_replacement_leaves_the_old_one(desk: Desk) -> None:
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (old,) = desk.kept("cv")
    before = desk.stored()
    assert desk.send(("cv.pdf", a_pdf(3)), question="cv", replaces=old.id).status_code == 422
    assert [each.id for each in desk.kept("cv")] == [old.id]
    assert desk.stored() == before


def test_removing_asks_first_and_leads_back_to_the_place(desk: Desk) -> None:
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (file,) = desk.kept("cv")
    path = f"{desk.page}/files/{file.id}/remove"
    assert "Remove cv.pdf?" in desk.ada.get(path).text
    assert desk.ada.post(path).location == f"{desk.page}/edit/papers#cv-files"
    assert desk.ada.get(path).status_code == 404
    assert desk.kept("cv") == []


def test_the_right_people_attach_and_the_others_see_no_form(
    desk: Desk, client_for: Callable[[int], FlaskClient]
) -> None:
    with desk.app.app_context():
        stranger = faculty_member("Sid Stranger", department="AP")
        vera = faculty_member("Vera Viewer", department="AP")
        add_member(
            whole(desk.number),
            name="",
            email=vera.email,
            organisation="AP",
            relation=Relation.VIEWER,
            by=actor(desk.person("ada")),
        )
        joined(whole(desk.number))
        numbers = stranger.id, vera.id
        db.session.commit()
    sid, viewer = (client_for(number) for number in numbers)
    desk.send(("a.pdf", a_pdf(1)), question="plans", by=desk.ben)
    (file,) = desk.kept("plans")
    before = desk.stored()
    assert desk.send(("b.pdf", a_pdf(2)), question="plans", by=sid).status_code == 404
    assert desk.send(("b.pdf", a_pdf(2)), question="plans", by=desk.client_for(desk.people["cora"])).status_code == 404
    refused = desk.send(("b.pdf", a_pdf(2)), question="plans", by=viewer)
    assert refused.status_code == 403
    page = viewer.get(f"{desk.page}/files?question=plans").text
    assert ("a.pdf" in page, "data-upload" in page, "/remove" in page) == (True, False, False)
    assert viewer.get(f"{desk.page}/files/{file.id}/remove").status_code == 403
    assert viewer.get(f"{desk.page}/files/{file.id}").data == a_pdf(1)
    assert sid.get(f"{desk.page}/files/{file.id}").status_code == 404
    assert desk.stored() == before
    page = desk.ada.get(f"{desk.page}/files?question=plans").text
    assert ("data-upload" in page, "/remove" in page) == (True, True)


# -- states


@pytest.fixture
def scanning(desk: Desk) -> Any:
    """The same with a scanner whose worker is not there."""
    desk.app.extensions["scanner"] = Scanner("127.0.0.1", 1)
    yield desk
    desk.app.extensions["scanner"] = None


def test_a_file_that_is_being_checked_opens_for_nobody_and_says_so(
    scanning: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Flask] = []
    monkeypatch.setattr(background, "wake", woken.append)
    desk = scanning
    assert desk.send(("plan.pdf", a_pdf(1)), question="plans").status_code == 302
    assert len(woken) == 1, "the worker is told"
    (file,) = desk.kept("plans")
    assert file.state is FileState.CHECKING
    page = desk.ada.get(f"{desk.page}/files?question=plans").text
    assert "Being checked" in page
    assert f'href="{desk.page}/files/{file.id}"' not in page
    response = desk.ada.get(f"{desk.page}/files/{file.id}")
    assert (response.status_code, "plan.pdf is still being checked." in response.text) == (422, True)
    desk.set(file.id, state=FileState.CLEAN)
    assert "Ready" in desk.ada.get(f"{desk.page}/files?question=plans").text
    assert desk.ada.get(f"{desk.page}/files/{file.id}").data == a_pdf(1)


def test_a_refused_file_says_why_and_can_be_replaced(scanning: Desk) -> None:
    desk = scanning
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (file,) = desk.kept("cv")
    desk.set(file.id, state=FileState.REFUSED, refused_reason="contains <Eicar>")
    for path in (f"{desk.page}/files?question=cv", desk.page):
        page = desk.ada.get(path).text
        assert "Refused: it contains &lt;Eicar&gt;" in page
        assert f'href="{desk.page}/files/{file.id}"' not in page
    response = desk.ada.get(f"{desk.page}/files/{file.id}")
    assert (response.status_code, "was refused: it contains &lt;Eicar&gt;" in response.text) == (422, True)
    assert desk.send(("cv.pdf", a_pdf(2)), question="cv", replaces=file.id).status_code == 302
    page = desk.ada.get(f"{desk.page}/files?question=cv").text
    assert f'href="{desk.page}/files/{file.id}"' not in page, "nor as history"


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (FileState.CHECKING, "", "plan.pdf is still being checked."),
        (FileState.REFUSED, "contains Eicar", "plan.pdf was refused: it contains Eicar."),
    ],
)
def test_what_is_not_clean_holds_the_submission_up(desk: Desk, state: FileState, reason: str, told: str) -> None:
    desk.send(("plan.pdf", a_pdf(1)), question="plans")
    (file,) = desk.kept("plans")
    desk.set(file.id, state=state, refused_reason=reason)
    page = desk.ada.get(f"{desk.page}/check").text
    assert told in page
    assert f'href="{desk.page}/edit/papers' in page
    assert "Submit the proposal" not in page
    sent = desk.ada.post(f"{desk.page}/submit", data={"version": desk.now().version})
    assert (sent.status_code, told in sent.text) == (422, True)
    desk.ada.post(f"{desk.page}/files/{file.id}/remove")
    assert told not in desk.ada.get(f"{desk.page}/check").text
    assert desk.ada.post(f"{desk.page}/submit", data={"version": desk.now().version}).status_code == 302


def test_the_office_opens_only_what_is_clean(desk: Desk) -> None:
    desk.send(("plan.pdf", a_pdf(1)), ("other.pdf", a_pdf(2)), question="plans")
    plan, other = desk.kept("plans")
    with desk.app.app_context():
        submit(whole(desk.number), by=actor(desk.person("ada")))
        db.session.commit()
    desk.set(plan.id, state=FileState.CHECKING)
    cora = desk.client_for(desk.people["cora"])
    page = cora.get(f"/desk/proposals/{desk.number}?tab=files").text
    path = f"/desk/proposals/{desk.number}/files"
    assert cora.get(f"{path}/{other.id}").data == a_pdf(2)
    response = cora.get(f"{path}/{plan.id}")
    assert (response.status_code, "is still being checked" in response.text) == (422, True)
    assert f'href="{path}/{plan.id}"' not in page


# -- the receipt's PDF


def test_the_pdf_of_a_receipt_is_made_by_the_worker_and_then_offered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Flask] = []
    monkeypatch.setattr(background, "wake", woken.append)
    version = desk.now().version
    monkeypatch.setattr("intake.typesetting.press.document", None)  # in no request
    assert desk.ada.post(f"{desk.page}/submit", data={"version": version, "once": "s"}).status_code == 302
    assert len(woken) == 1
    (receipt,) = desk.now().received
    path = f"{desk.page}/receipt/{receipt.id}"
    for page in (desk.page, path):
        assert "The PDF is being made" in desk.ada.get(page).text
        assert f'href="{path}.pdf"' not in desk.ada.get(page).text
    response = desk.ada.get(f"{path}.pdf")
    assert (response.status_code, "The PDF is being made" in response.text) == (404, True)
    monkeypatch.undo()
    assert background.print_receipts(desk.app) == 1
    for page in (desk.page, path):
        assert f'href="{path}.pdf"' in desk.ben.get(page).text
    sent = desk.ben.get(f"{path}.pdf")
    assert sent.data.startswith(b"%PDF-")
    assert sent.mimetype == "application/pdf"
    assert sent.headers["Content-Disposition"] == "attachment; filename=HIRP-2020-0001-receipt-1.pdf"
    stranger = desk.client_for(desk.people["cora"])
    assert stranger.get(f"{path}.pdf").status_code == 403
    desk_row = desk.now().received[0]
    assert desk_row.sha256 == receipt.sha256


def test_a_pdf_that_could_not_be_made_is_told(desk: Desk) -> None:
    with desk.app.app_context():
        receipt = submit(whole(desk.number), by=actor(desk.person("ada")))
        receipt.pdf_tries = 5
        number = receipt.id
        db.session.commit()
    path = f"{desk.page}/receipt/{number}"
    assert "It could not be made." in desk.ada.get(path).text
    response = desk.ada.get(f"{path}.pdf")
    assert (response.status_code, "could not be made" in response.text) == (404, True)
