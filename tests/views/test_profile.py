"""The pages of what somebody works on: their own, and those that the office keeps; lists told before they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from intake.extensions import db
from intake.match import affinity, profile, stamps
from intake.match.models import Affinity, AffinityRun, ThemeLevel
from intake.match.publication_lists import MOST_BYTES
from intake.people.models import Person, Publication
from intake.vocabulary import PairingKind
from tests.conftest import signed_in
from tests.match.small import Small, build

PAGES = ("", "/publications/add", "/publications/import", "/themes")
POSTS = ("", "/publications/add", "/publications/remove", "/publications/restore", "/publications/keep", "/themes")


@pytest.fixture
def small(app: Flask) -> Small:
    with app.app_context():
        return build()


@pytest.fixture
def signed(app: Flask, small: Small) -> Callable[[str], FlaskClient]:
    known: dict[str, FlaskClient] = {}

    def of(name: str) -> FlaskClient:
        if name not in known:
            known[name] = signed_in(app, small.people[name])
        return known[name]

    return of


def home(small: Small, name: str = "R1") -> str:
    return f"/people/{small.people[name]}/profile"


def titles(app: Flask, small: Small, name: str = "R1") -> list[str]:
    with app.app_context():
        mine = sa.and_(Publication.person_id == small.people[name], Publication.removed_at.is_(None))
        return list(db.session.scalars(sa.select(Publication.title).where(mine).order_by(Publication.id)))


def version(app: Flask, small: Small, name: str = "R1") -> int:
    with app.app_context():
        return db.session.get_one(Person, small.people[name]).version


@pytest.mark.parametrize("who", ["R1", "C1", "C2", "AD"])
def test_whoever_keeps_a_reviewers_profile_opens_every_page_of_it(
    small: Small, signed: Callable[[str], FlaskClient], who: str
) -> None:
    assert [signed(who).get(home(small) + page).status_code for page in PAGES] == [200] * len(PAGES)


@pytest.mark.parametrize("who", ["F1", "R2", "S1"])
def test_to_others_a_profile_does_not_exist(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient], who: str
) -> None:
    assert {signed(who).get(home(small) + page).status_code for page in PAGES} == {404}
    assert {signed(who).post(home(small) + page, data={"title": "x"}).status_code for page in POSTS} == {404}
    assert signed(who).get("/people/999999/profile").status_code == 404
    assert titles(app, small) == []


def test_nobody_who_is_not_signed_in_sees_one(small: Small, client: FlaskClient) -> None:
    assert client.get(home(small)).status_code == 302


def post_parts(client: FlaskClient, address: str, parts: dict[str, Any]) -> TestResponse:
    """Send a large form; the client's own way would leave a temporary file open."""
    boundary, body = encode_multipart(parts)
    return client.post(address, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def test_words_are_saved_and_what_is_too_long_stays_on_the_page(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    typed = {"version": 1, "keywords": "optics, 光學", "expertise": "Light."}
    assert signed("R1").post(home(small), data=typed).status_code == 302
    assert "optics, 光學" in signed("C1").get(home(small)).get_data(as_text=True)
    long = {**typed, "version": 2, "keywords": "x" * 501}
    answer = signed("R1").post(home(small), data=long)
    assert (answer.status_code, "x" * 501 in answer.get_data(as_text=True)) == (422, True)
    assert "At most 500 characters; this has 501." in answer.get_data(as_text=True)
    assert version(app, small) == 2


def test_who_writes_at_the_same_time_loses_nothing(small: Small, signed: Callable[[str], FlaskClient]) -> None:
    signed("C1").post(home(small), data={"version": 1, "keywords": "from the office", "expertise": ""})
    late = signed("R1").post(home(small), data={"version": 1, "keywords": "my own words", "expertise": ""})
    text = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "my own words" in text
    assert "from the office" in text, "what is saved now stands beside it"
    assert 'name="version" value="2"' in text
    again = signed("R1").post(home(small), data={"version": 2, "keywords": "my own words", "expertise": ""})
    assert again.status_code == 302


def test_a_publication_by_hand(app: Flask, small: Small, signed: Callable[[str], FlaskClient]) -> None:
    add = home(small) + "/publications/add"
    assert signed("R1").post(add, data={"title": "Light in racks", "year": "2024"}).status_code == 302
    again = signed("R1").post(add, data={"title": "light in RACKS", "abstract": "typed words"})
    assert (again.status_code, "It is there already." in again.get_data(as_text=True)) == (422, True)
    assert "typed words" in again.get_data(as_text=True)
    assert signed("R1").post(add, data={"title": "Other", "year": "24"}).status_code == 422
    assert titles(app, small) == ["Light in racks"]


def test_a_file_is_told_first_and_kept_by_a_second_button(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    sheet = "\ufefftitle;year;abstract\nLight in racks;2024;We join.\nSong of the whale;2023;\n;2020;\n".encode()
    client = signed("R1")
    data = {"file": (BytesIO(sheet), "mine.csv"), "pasted": ""}
    told = client.post(home(small) + "/publications/import", data=data, content_type="multipart/form-data")
    text = told.get_data(as_text=True)
    assert told.status_code == 200
    assert "2 publications are new. Nothing is kept yet." in text
    assert "There is no title." in text
    assert titles(app, small) == [], "nothing is kept yet"
    carried = re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', text, re.S)
    assert carried is not None
    sent = {"text": carried[1].replace("\n", "\r\n"), "name": "mine.csv", "without": "3"}
    assert client.post(home(small) + "/publications/keep", data=sent).status_code == 302
    assert titles(app, small) == ["Light in racks"]


def test_a_pasted_list_stays_on_the_page_with_what_is_wrong(small: Small, signed: Callable[[str], FlaskClient]) -> None:
    client, page = signed("R1"), home(small) + "/publications/import"
    nothing = client.post(page, data={"pasted": "  "}, content_type="multipart/form-data")
    assert (nothing.status_code, "Choose a file, or paste a list." in nothing.get_data(as_text=True)) == (422, True)
    typed = "A first title of mine\n" + "y" * 301
    told = client.post(page, data={"pasted": typed}, content_type="multipart/form-data").get_data(as_text=True)
    assert told.count("y" * 301) >= 1
    assert "1 publication is new." in told


def test_a_file_that_is_too_large_is_told_of(small: Small, signed: Callable[[str], FlaskClient]) -> None:
    data = {"file": FileStorage(BytesIO(b"a title\n" * (MOST_BYTES // 8 + 1)), filename="mine.txt")}
    told = post_parts(signed("R1"), home(small) + "/publications/import", data)
    assert (told.status_code, "This is more than 2 MB." in told.get_data(as_text=True)) == (200, True)


def test_a_list_of_two_thousand_is_kept(app: Flask, small: Small, signed: Callable[[str], FlaskClient]) -> None:
    text = "\r\n".join(f"Title number {number} of a long list 光互連 {'x' * 100}" for number in range(2_000))
    parts = {"text": text, "name": "", "without": [str(each) for each in range(1, 2_000)]}
    client = signed("R1")
    kept = post_parts(client, home(small) + "/publications/keep", parts)
    assert kept.status_code == 302
    assert len(titles(app, small)) == 1


def test_what_is_no_row_of_the_list_leaves_nothing_out(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    keep = home(small) + "/publications/keep"
    data = {"text": "First title here", "name": "", "without": ["9" * 5000, "x", "-1", "\u0661", ""]}
    assert signed("R1").post(keep, data=data).status_code == 302
    assert titles(app, small) == ["First title here"]


def test_one_import_is_removed_by_one_button_and_put_back_by_another(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    client = signed("R1")
    client.post(home(small) + "/publications/keep", data={"text": "First title here\nSecond title here", "name": ""})
    page = client.get(home(small)).get_data(as_text=True)
    added = re.search(r'name="added" value="([^"]+)"', page)
    assert added is not None
    client.post(home(small) + "/publications/remove", data={"added": added[1]})
    assert titles(app, small) == []
    removed = re.search(r'name="removed" value="([^"]+)"', client.get(home(small)).get_data(as_text=True))
    assert removed is not None
    client.post(home(small) + "/publications/restore", data={"removed": removed[1]})
    assert len(titles(app, small)) == 2
    ends = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
    for wrong in (
        {"added": "nonsense"},
        {"publication": "x"},
        {"publication": "9" * 30},
        {},
        *({"added": at} for at in ends),
    ):
        assert client.post(home(small) + "/publications/remove", data=wrong).status_code == 302
    for at in ends:
        assert client.post(home(small) + "/publications/restore", data={"removed": at}).status_code == 302
    assert len(titles(app, small)) == 2


def test_levels_of_themes(app: Flask, small: Small, signed: Callable[[str], FlaskClient]) -> None:
    page, (light, sound) = home(small) + "/themes", small.themes
    assert signed("R1").post(page, data={f"level-{light}": "3", f"level-{sound}": ""}).status_code == 302
    assert signed("R1").post(page, data={f"level-{light}": "4"}).status_code == 422
    assert signed("R1").post(page, data={}).status_code == 302
    with app.app_context():
        rows = db.session.execute(sa.select(ThemeLevel.theme_id, ThemeLevel.level)).all()
    assert [tuple(row) for row in rows] == [(light, 3)]
    assert "Light: my own field" in signed("C1").get(home(small)).get_data(as_text=True)


def test_the_list_of_a_coordinator_holds_whose_profiles_they_keep(
    small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    def listed(who: str) -> set[str]:
        text = signed(who).get("/desk/expertise").get_data(as_text=True)
        return {name for name, number in small.people.items() if f"/people/{number}/profile" in text} - {who}

    assert {who: listed(who) for who in ("C1", "C2")} == {"C1": {"R1", "R2", "S1"}, "C2": {"R1", "R2", "S2"}}
    assert signed("R1").get("/desk/expertise").status_code == 403


def scored(app: Flask, small: Small) -> int:
    """R1 knows light; everything is scored. Returns: the id of R1's affinity with P1."""
    with app.app_context():
        someone = small.person("R1")
        words = "optical interconnects", "We join racks by light over glass fibre."
        profile.set_profile(someone, *words, version=someone.version, by=small.actor("R1"))
        db.session.commit()
        stamps.look()
        affinity.drain(9)
        which = sa.and_(
            Affinity.proposal_id == small.proposals["P1"],
            Affinity.person_id == small.people["R1"],
            Affinity.kind == PairingKind.REVIEWER,
        )
        return db.session.scalars(sa.select(Affinity.id).where(which)).one()


def test_a_score_is_explained_to_the_office_of_its_call_and_to_nobody_else(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    number = scored(app, small)
    page = f"/desk/proposals/{small.proposals['P1']}/affinities/{number}"
    text = signed("C1").get(page).get_data(as_text=True)
    assert "Glass fibre" in text or "glass fibre" in text
    assert "Keywords that agree" in text
    others = {who: signed(who).get(page).status_code for who in ("C2", "R1", "F1", "S1", "AD")}
    assert others == {"C2": 404, "R1": 404, "F1": 403, "S1": 404, "AD": 403}
    assert signed("C1").get(f"/desk/proposals/{small.proposals['P2']}/affinities/{number}").status_code == 404


def test_nobody_is_told_which_proposals_suit_themselves(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    scored(app, small)
    title = "Optical interconnects for racks"
    seen = {who: title in signed(who).get(home(small)).get_data(as_text=True) for who in ("R1", "C1", "AD")}
    assert seen == {"R1": False, "C1": True, "AD": False}


def test_how_far_the_scores_are(app: Flask, small: Small, signed: Callable[[str], FlaskClient]) -> None:
    page = "/desk/calls/CALL-A/affinities"
    assert "Nothing to score yet" in signed("C1").get(page).get_data(as_text=True)
    scored(app, small)
    assert "The scores are up to date" in signed("C1").get(page).get_data(as_text=True)
    with app.app_context():
        db.session.execute(sa.update(AffinityRun).values(failed="MemoryError"))
        db.session.commit()
    text = signed("C1").get(page).get_data(as_text=True)
    assert "An error stopped the scoring (MemoryError)." in text
    assert signed("C1").post(f"{page}/again").status_code == 302
    text = signed("C1").get(page).get_data(as_text=True)
    assert "New scores are made within a minute." in text
    assert 'data-hx-trigger="every 3s"' in text
    assert signed("C2").get(page).status_code == 404
    assert signed("C2").post(f"{page}/again").status_code == 404


def test_the_weights_of_a_call(app: Flask, small: Small, signed: Callable[[str], FlaskClient]) -> None:
    page, client = "/desk/calls/CALL-A/setup/weights", signed("C1")
    wrong = client.post(page, data={"version": 1, "text": "60", "themes": "30", "keywords": "20"})
    assert wrong.status_code == 422
    assert "The weights add up to 110. They must add up to 100." in wrong.get_data(as_text=True)
    assert 'value="30"' in wrong.get_data(as_text=True)
    assert client.post(page, data={"version": 9, "text": "50", "themes": "30", "keywords": "20"}).status_code == 409
    assert client.post(page, data={"version": 1, "text": "50", "themes": "30", "keywords": "20"}).status_code == 302
    assert "Differs from usual" in client.get(page).get_data(as_text=True)
    setup = client.get("/desk/calls/CALL-A/setup").get_data(as_text=True)
    assert "exts 50 %, themes 30 %, keywords 20 %: differs from usual" in setup
    assert client.post(page, data={"version": 2, "do": "usual"}).status_code == 302
    assert "Differs from usual" not in client.get(page).get_data(as_text=True)
    assert signed("C2").get(page).status_code == 404


def test_what_a_theme_means_is_written_on_the_page_of_themes(
    app: Flask, small: Small, signed: Callable[[str], FlaskClient]
) -> None:
    page, client, (light, sound) = "/desk/calls/CALL-A/setup/themes", signed("C1"), small.themes
    assert "Optics and glass fibre." in client.get(page).get_data(as_text=True)
    rows = {
        "id-0": light, "name-0": "Light", "name_zh-0": "光", "description-0": "Photons.",
        "id-1": sound, "name-1": "Sound", "name_zh-1": "聲", "description-1": "x" * 5_001,
    }  # fmt: skip
    long = client.post(page, data={"version": 1, "do": "save", **rows})
    assert (long.status_code, "x" * 5_001 in long.get_data(as_text=True)) == (422, True)
    assert client.post(page, data={"version": 1, "do": "save", **rows, "description-1": ""}).status_code == 302
    with app.app_context():
        themes = small.call("A").themes
        assert [(each.name, each.description) for each in themes] == [("Light", "Photons."), ("Sound", "")]


def test_what_was_done_to_publications_is_told_beside_them(small: Small, signed: Callable[[str], FlaskClient]) -> None:
    browser = signed("R1")
    answer = browser.post(f"{home(small)}/publications/add", data={"title": "Glass", "once": "1" * 32})
    assert answer.location.endswith("#publications")
    page = browser.get(answer.location).text
    card = page.split('id="publications"')[1].split("</section>")[0]
    assert re.search(r'role="status" tabindex="-1" data-focus>.*?The publication is added\.', card, re.DOTALL)
    assert page.count("The publication is added.") == 1
