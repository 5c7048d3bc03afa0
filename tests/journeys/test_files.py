"""Files in a browser: several at once, each with its answer, while what was typed beside them stays."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect

from intake.call.forms import in_force
from intake.engine import writing
from intake.extensions import db
from tests.factories.files import asking_for_files
from tests.factories.people import call_with
from tests.factories.world import a_pdf
from tests.journeys.acts import press
from tests.journeys.people import People


def pdf(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


@pytest.fixture
def papers(site: Flask, people: People) -> Page:
    """A draft in a call that asks for files, open at that section."""
    with site.app_context(), writing():
        call = call_with("HIRP-2020")
        if in_force(call.id) is None:
            asking_for_files(call)
        db.session.commit()
    page = people.named("faculty2@example.org")
    page.goto("/calls/HIRP-2020")
    press(page, "Start a proposal")
    page.goto(re.sub(r"(/proposals/\d+).*", r"\1/edit/papers", page.url))
    return page


def test_several_files_at_once_each_with_its_answer_and_typed_words_stay(papers: Page) -> None:
    page, plans = papers, papers.locator("#plans-files")
    page.get_by_label("Note on the papers").fill("Typed and not saved")
    plans.get_by_label("Files to attach").set_input_files(
        [pdf("計劃 one.pdf", a_pdf(1)), pdf("page.pdf", b"<html>"), pdf("two.pdf", a_pdf(2))]
    )
    plans.get_by_role("button", name="Attach", exact=True).click()
    expect(plans.get_by_role("alert")).to_contain_text("page.pdf: We take PDF")
    expect(plans.get_by_role("alert")).to_be_focused()
    for name in ("計劃 one.pdf", "two.pdf"):
        expect(plans.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.get_by_label("Note on the papers")).to_have_value("Typed and not saved")
    plans.get_by_text("Replace two.pdf").click()
    plans.get_by_label("takes the place of two.pdf").set_input_files(pdf("three.pdf", a_pdf(3)))
    plans.get_by_role("button", name="Replace it").click()
    expect(page.get_by_text("three.pdf is attached.")).to_be_visible()
    plans.get_by_text("It replaced 1 file").click()
    expect(plans.get_by_text("replaced on")).to_be_visible()
    with page.expect_download() as kept:
        plans.get_by_role("link", name="two.pdf", exact=True).click()
    assert kept.value.path().read_bytes() == a_pdf(2)
    expect(page.get_by_label("Note on the papers")).to_have_value("Typed and not saved")


def test_too_large_or_too_many_are_told_before_anything_is_sent(papers: Page) -> None:
    cv, sent = papers.locator("#cv-files"), []
    papers.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    field = cv.get_by_label("File to attach")
    field.set_input_files(pdf("cv.pdf", b"%PDF-" + bytes(20_000)))
    cv.get_by_role("button", name="Attach", exact=True).click()
    assert "cv.pdf is larger than" in field.evaluate("field => field.validationMessage")
    field = papers.locator("#plans-files").get_by_label("Files to attach")
    field.set_input_files([pdf(f"{count}.pdf", a_pdf(count)) for count in range(1, 5)])
    assert "room for 3 more files" in field.evaluate("field => field.validationMessage")
    assert sent == []


def test_a_broken_connection_is_told_and_the_file_is_sent_again(papers: Page) -> None:
    cv = papers.locator("#cv-files")
    cv.get_by_label("File to attach").set_input_files(pdf("cv.pdf", a_pdf(1)))
    papers.context.set_offline(True)
    cv.get_by_role("button", name="Attach", exact=True).click()
    expect(cv.get_by_text("It did not arrive")).to_be_visible()
    papers.context.set_offline(False)
    cv.get_by_role("button", name="Attach", exact=True).click()
    expect(cv.get_by_role("link", name="cv.pdf", exact=True)).to_be_visible()
