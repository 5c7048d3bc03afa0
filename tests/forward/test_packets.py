"""The packet: what is in it and what is not, its hashes, bad files, and its recall (S24)."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from intake.extensions import db
from intake.forward.models import Packet, PacketFile
from intake.proposal.models import Attachment, Receipt
from intake.vocabulary import FileState, Relation, State
from tests.factories import office as days
from tests.factories.office import Office
from tests.factories.team import accepted
from tests.factories.world import a_pdf, complete


def with_a_file_and_an_assistant(office: Office) -> None:
    """P2 goes in once more with a file, an assistant and a viewer."""
    from intake.proposal.attaching import attach
    from intake.proposal.operations import submit

    office.post("C1", "P2", "/return", reason="add", parts=["team", "attachments"], until=days.FUTURE)

    def add() -> None:
        by, store = office.w.actor("F2"), office.app.extensions["store"]
        attach(complete(office.w, "P2"), "budget.pdf", a_pdf(2), store=store, scanner=None, by=by)
        for name, relation in (("Una Helper", Relation.ASSISTANT), ("Vic Watcher", Relation.VIEWER)):
            address = f"{name.split()[0].lower()}@secret.example"
            accepted(office.w.proposals["P2"], None, relation, name=name, email=address, organisation="Elsewhere")
        submit(complete(office.w, "P2"), by=by)

    office.ask(add)


def chosen(office: Office) -> None:
    """P2 is selected without a panel."""
    with_a_file_and_an_assistant(office)
    days.without_panel(office)
    data = {"verdict": "select", "rationale": "A secret rationale.", "feedback": "Fine."}
    assert office.post("C1", "P2", "/decide", **data).status_code == 302
    days.selected(office, "P2")


def rows(office: Office) -> list[tuple[str, str, str, int]]:
    """Name, hash, key and size of each file of the newest packet."""
    newest = sa.select(sa.func.max(Packet.id)).scalar_subquery()
    asked = (
        sa.select(PacketFile.name, PacketFile.sha256, PacketFile.file_key, PacketFile.size)
        .where(PacketFile.packet_id == newest)
        .order_by(PacketFile.position)
    )
    return [tuple(row) for row in office.ask(lambda: db.session.execute(asked).all())]


def path_in_store(office: Office, key: str) -> Path:
    """Where the local store keeps a file."""
    return Path(office.app.config["DATA_DIR"]) / "files" / key


def test_a_packet_holds_what_it_says_and_its_hashes_hold(app: Flask) -> None:
    office = Office(app)
    chosen(office)
    assert office.post("C1", "P2", "/packet").status_code == 302
    files = rows(office)
    assert [name for name, *_ in files] == ["CALL-A-0002.pdf", "budget.pdf", "manifest.json"]
    for _name, sha256, key, size in files:
        data = path_in_store(office, key).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (sha256, size)
    manifest = json.loads(path_in_store(office, files[2][2]).read_bytes())
    assert [(each["name"], each["sha256"]) for each in manifest["files"]] == [row[:2] for row in files[:2]]
    packet, receipt = office.ask(
        lambda: (
            db.session.execute(sa.select(Packet.sha256, Packet.manifest).order_by(Packet.id.desc())).first(),
            db.session.scalar(
                sa.select(Receipt.sha256)
                .where(Receipt.proposal_id == office.w.proposals["P2"])
                .order_by(Receipt.ordinal.desc())
                .limit(1)
            ),
        )
    )
    assert manifest == packet.manifest
    assert manifest["receipt_sha256"] == receipt
    plain = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(plain).hexdigest() == packet.sha256

    printed = path_in_store(office, files[0][2])
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(printed).pages)
    assert "Quiet sensing of queues" in text
    assert "Ben Bidder" in text
    with pikepdf.open(BytesIO(printed.read_bytes())) as document:
        properties = " ".join(str(value) for value in document.docinfo.values())
    everything = text + properties + json.dumps(manifest)
    for never in (
        "@",
        "Una Helper",
        "Vic Watcher",
        "Gus Reader",
        "Hana",
        "rationale",
        "suits the contact",
        "Dora Desk",
    ):
        assert never not in everything, never


def test_a_second_press_makes_one_packet(app: Flask) -> None:
    office = Office(app)
    days.selected(office)
    version = office.version("P6")
    for _ in range(2):
        assert office.post("C1", "P6", "/packet", version=version, once="c" * 32).status_code == 302
    asked = sa.select(sa.func.count()).where(Packet.proposal_id == office.w.proposals["P6"])
    assert office.ask(lambda: db.session.scalar(asked)) == 1


@pytest.mark.parametrize("fault", ["missing", "changed"])
def test_no_packet_is_built_of_a_bad_file(app: Flask, fault: str) -> None:
    office = Office(app)
    chosen(office)
    asked = sa.select(Attachment.file_key).where(Attachment.proposal_id == office.w.proposals["P2"])
    file = path_in_store(office, office.ask(lambda: db.session.scalar(asked)))
    before = len(office.events("P2"))
    if fault == "missing":
        file.unlink()
        sentence = "The file budget.pdf is missing from the store."
    else:
        file.chmod(0o600)
        file.write_bytes(file.read_bytes() + b" ")
        sentence = "The file budget.pdf is not what was received."
    answer = office.post("C1", "P2", "/packet")
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert len(office.events("P2")) == before
    count = sa.select(sa.func.count()).where(Packet.proposal_id == office.w.proposals["P2"])
    assert office.ask(lambda: db.session.scalar(count)) == 0


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        (FileState.CHECKING, "", "budget.pdf is still being checked."),
        (FileState.REFUSED, "contains Eicar", "budget.pdf was refused: it contains Eicar."),
    ],
)
def test_no_packet_is_built_of_a_file_that_is_not_clean(
    app: Flask, state: FileState, reason: str, sentence: str
) -> None:
    office = Office(app)
    chosen(office)
    of_p2 = sa.update(Attachment).where(Attachment.proposal_id == office.w.proposals["P2"])
    office.ask(lambda: db.session.execute(of_p2.values(state=state, refused_reason=reason)))
    answer = office.post("C1", "P2", "/packet")
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)
    count = sa.select(sa.func.count()).where(Packet.proposal_id == office.w.proposals["P2"])
    assert office.ask(lambda: db.session.scalar(count)) == 0


@pytest.mark.parametrize("fault", ["missing", "changed", "manifest"])
def test_no_packet_goes_out_with_a_bad_file(app: Flask, fault: str) -> None:
    office = Office(app)
    number = days.packed(office)
    key = rows(office)[0][2]
    if fault == "missing":
        days.store_of(office).delete(key)
    elif fault == "changed":
        path_in_store(office, key).chmod(0o600)
        path_in_store(office, key).write_bytes(b"%PDF-1.7 another text")
    else:
        forged = sa.update(Packet).where(Packet.id == number).values(manifest={"packet": "x", "files": []})
        office.ask(lambda: db.session.execute(forged))
    before = office.last_letter()
    answer = office.post("C1", "P6", "/send", packet_id=number, read="y")
    assert answer.status_code == 422
    assert {"missing": "is missing", "changed": "is not what", "manifest": "was changed"}[fault] in answer.get_data(
        as_text=True
    )
    assert (office.state("P6"), office.letters(before)) == (State.SELECTED, set())


def test_only_the_packet_that_was_read_is_sent(app: Flask) -> None:
    office = Office(app)
    first = days.packed(office)
    version = office.version("P6")
    assert office.post("C1", "P6", "/packet").status_code == 302
    stale = office.post("C1", "P6", "/send", version=version, packet_id=first, read="y")
    assert stale.status_code == 422
    assert "A newer packet has been prepared." in stale.get_data(as_text=True)
    for wrong in ("", "abc", "-1", str(2**70), "٣"):
        assert office.post("C1", "P6", "/send", packet_id=wrong, read="y").status_code == 422
    assert office.post("C1", "P6", "/send", packet_id=first + 1).status_code == 422, "not ticked"
    assert office.state("P6") is State.SELECTED
    assert office.post("C1", "P6", "/send", packet_id=first + 1, read="y").status_code == 302


def test_a_recall_ends_access_at_once(app: Flask) -> None:
    office = Office(app)
    number = office.w.proposals["P7"]
    sponsor = office.browser("S1")
    open_page = sponsor.get(f"/packets/{number}")
    assert open_page.status_code == 200
    links = [
        part.split('"')[0]
        for part in open_page.get_data(as_text=True).split('href="')[1:]
        if part.startswith(f"/packets/{number}/")
    ]
    assert links
    assert sponsor.get(links[0]).status_code == 200
    assert office.post("C1", "P7", "/recall-packet", reason="a wrong figure").status_code == 302
    for link in links:
        assert sponsor.get(link).status_code in (403, 404), link
    for page in (f"/packets/{number}", "/packets", "/search?q=heal"):
        text = sponsor.get(page).get_data(as_text=True)
        assert "Networks that heal" not in text, page
        assert "a wrong figure" not in text, "the reason stays with the office"
    assert "ecalled" in sponsor.get("/packets").get_data(as_text=True)
    ours = office.get("C1", "P7", "?tab=packets").get_data(as_text=True)
    assert "a wrong figure" in ours
    assert "Jun Alba" in ours.split("Who opened what, and when")[1]
    assert ("proposal.recall_packet", "C1", "with_sponsor", "selected") in office.events("P7")
