"""The walk of the README: one proposal from a new draft to a published award, by clicks and typing alone.

Each step asserts what its person sees, and what others do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.factories.world import a_pdf
from tests.journeys.acts import fill_review, hidden_from, main_text, open_link, press, refused
from tests.journeys.people import People
from tests.journeys.texts import (
    ABSTRACT,
    ASIDE,
    DESCRIPTION,
    FEEDBACK,
    FOR_OFFICE,
    RATIONALE,
    TITLE,
    TITLE_ZH,
    remark,
)

APPLICANT, COLLEAGUE = "faculty@example.org", "faculty2@example.org"
OFFICE, OTHER_OFFICE = "coordinator@example.org", "coordinator.air@example.org"
LEAD, SECOND, THIRD = "lead@example.org", "reviewer@example.org", "otto.placeholder@ap.example.org"
NAMES = {LEAD: "Prof. Ines Muster", SECOND: "Dr Uma Example", THIRD: "Prof. Otto Placeholder"}
SPONSOR, OTHER_SPONSOR = "sponsor.huawei@example.org", "sponsor.alibaba@example.org"
ADMINISTRATOR = "admin@example.org"


@dataclass
class Walk:
    """What the steps hand on: the proposal's id and number, and everybody's open windows."""

    people: People
    id: int = 0
    number: str = ""


def test_the_walk_from_a_draft_to_a_published_award(people: People) -> None:
    walk = Walk(people)
    a_draft_is_written_part_by_part(walk)
    a_draft_is_the_teams_alone(walk)
    what_breaks_a_rule_is_refused_with_the_rule(walk)
    it_is_submitted_and_receipted(walk)
    the_office_screens_and_matches(walk)
    the_office_forwards_to_three_reviewers(walk)
    for email in (LEAD, SECOND, THIRD):
        each_declares_before_reading(walk, email)
    a_draft_of_a_review_waits_for_its_writer(walk)
    for email, score in ((SECOND, 4), (THIRD, 2), (LEAD, 5)):
        each_reviews_and_reads_no_other_before(walk, email, score)
    the_lead_records_the_decision(walk)
    until_the_release_the_team_knows_nothing(walk)
    the_office_reads_the_letter_and_releases(walk)
    the_team_reads_the_feedback_and_no_more(walk)
    the_packet_goes_to_its_sponsor_alone(walk)
    the_sponsor_reads_it_and_answers(walk)
    the_award_is_published(walk)
    the_log_and_the_mail_tell_what_happened(walk)


def a_draft_is_written_part_by_part(walk: Walk) -> None:
    page = walk.people.named(APPLICANT)
    page.goto("/")
    open_link(page, "HIRP OPEN 2020")
    press(page, "Start a proposal")
    walk.id = int(re.search(r"/proposals/(\d+)", page.url).group(1))
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Title in Chinese").fill(TITLE_ZH)
    page.get_by_label("Abstract").fill(ABSTRACT)
    press(page, "Save and next")
    page.get_by_label("Theme").select_option(label="Compiler & Programming Language")
    page.get_by_label("Keywords").fill("compilers, computing memory, 編譯")
    press(page, "Save and next")
    page.get_by_label("Name").fill("Dr Felix Placeholder")
    page.get_by_label("E-mail address").fill(COLLEAGUE)
    page.get_by_label("University or company").fill("The university")
    page.get_by_label("Co-investigator").check()
    press(page, "Send the invitation")
    expect(page.get_by_role("row", name="Dr Felix Placeholder")).to_be_visible()
    open_link(page, "Go on to: Description")
    page.get_by_label("Description").fill(DESCRIPTION)
    press(page, "Save and next")
    page.get_by_label("Amount asked for").fill("90,000")
    page.get_by_label("Duration").fill("18")
    press(page, "Save and next")
    page.get_by_label("Files to attach").set_input_files(
        {"name": "工作計劃 plan.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    )
    page.get_by_role("main").get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="工作計劃 plan.pdf")).to_be_visible()
    open_link(page, "Go on to: Declarations")
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    press(page, "Save and next")


def a_draft_is_the_teams_alone(walk: Walk) -> None:
    expect(walk.people.named(COLLEAGUE).get_by_role("main")).to_be_visible()
    walk.people.named(COLLEAGUE).goto("/proposals")
    open_link(walk.people.named(COLLEAGUE), TITLE)
    press(walk.people.named(COLLEAGUE), "Accept")
    expect(walk.people.named(COLLEAGUE).get_by_text("You are on the team.")).to_be_visible()
    for email in (OFFICE, SPONSOR, LEAD):
        hidden_from(walk.people.named(email), TITLE, f"/proposals/{walk.id}")
    hidden_from(walk.people.named(OFFICE), TITLE, f"/desk/proposals/{walk.id}")


def what_breaks_a_rule_is_refused_with_the_rule(walk: Walk) -> None:
    page = walk.people.named(APPLICANT)
    page.goto(f"/proposals/{walk.id}/check")
    cap = "The amount asked for is within the award cap of the call."
    fault = page.locator("#faults").get_by_role("listitem").filter(has_text=cap)
    expect(fault).to_contain_text("Source: sponsor's public page, undated")
    expect(page.get_by_role("button", name="Submit the proposal")).to_have_count(0)
    fault.get_by_role("link").first.click()
    page.get_by_label("Amount asked for").fill("68,000")
    press(page, "Save")
    open_link(page, "Check and submit")
    expect(page.get_by_role("main")).to_contain_text("Everything is there")


def it_is_submitted_and_receipted(walk: Walk) -> None:
    page = walk.people.named(APPLICANT)
    press(page, "Submit the proposal")
    text = main_text(page)
    walk.number = re.search(r"HIRP-2020-\d{4}", text).group()
    assert f"under the number {walk.number}" in text
    sha = re.search(r"\b[0-9a-f]{64}\b", text).group()
    open_link(page, re.compile("Receipt 1"))
    assert sha in main_text(page)
    assert TITLE_ZH in main_text(page)


def the_office_screens_and_matches(walk: Walk) -> None:
    for email in (LEAD, SPONSOR, OTHER_OFFICE):
        page = walk.people.named(email)
        hidden_from(page, TITLE, f"/reviews/{walk.id}", f"/packets/{walk.id}", f"/desk/proposals/{walk.id}")
    page = walk.people.named(OFFICE)
    page.goto("/desk")
    open_link(page, "All proposals")
    page.get_by_label("Search in this list").fill(walk.number)
    page.get_by_role("button", name="Filter").click()
    open_link(page, TITLE)
    open_link(page, "Screen it")
    for box in page.get_by_role("group", name="Rules of the call that it meets").get_by_role("checkbox").all():
        box.check()
    press(page, "Accept as eligible")
    open_link(page, "Match it")
    expect(page.get_by_role("radio", name="Compiler & Programming Language")).to_be_checked()
    page.get_by_role("radio", name="Ms Vera Placeholder").check()
    press(page, "Match it")
    hidden_from(walk.people.named(SPONSOR), TITLE, f"/packets/{walk.id}")


def the_office_forwards_to_three_reviewers(walk: Walk) -> None:
    page = walk.people.named(OFFICE)
    open_link(page, "Forward to reviewers")
    for name in NAMES.values():
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("radio", name=f"{NAMES[LEAD]} leads").check()
    press(page, "Forward it")
    expect(page.get_by_role("main")).to_contain_text("In review")


def each_declares_before_reading(walk: Walk, email: str) -> None:
    page = walk.people.named(email)
    page.goto("/reviews")
    open_link(page, TITLE)
    text = main_text(page)
    assert ABSTRACT in text
    assert TITLE_ZH in text
    assert "Statement of work" not in text
    assert "plan.pdf" not in text
    for other in set(NAMES.values()) - {NAMES[email]}:
        assert other not in text
    press(page, "Accept: I have no conflict of interest")
    expect(page.get_by_role("article")).to_contain_text("Statement of work")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile(r"plan|attachment", re.I))).to_be_visible()
    assert "The other reviews" not in main_text(page)


def a_draft_of_a_review_waits_for_its_writer(walk: Walk) -> None:
    page = walk.people.named(SECOND)
    page.get_by_label("For the applicant").fill(remark(SECOND))
    press(page, "Save draft")
    page.goto("/reviews")
    open_link(page, TITLE)
    expect(page.get_by_label("For the applicant")).to_have_value(remark(SECOND))
    walk.people.named(OFFICE).goto(f"/desk/proposals/{walk.id}?tab=reviews")
    assert remark(SECOND) not in walk.people.named(OFFICE).content()


def each_reviews_and_reads_no_other_before(walk: Walk, email: str, score: int) -> None:
    page = walk.people.named(email)
    page.goto(f"/reviews/{walk.id}")
    before = main_text(page)
    for other in set(NAMES) - {email}:
        assert remark(other) not in before
        assert NAMES[other] not in before
    fill_review(page, score, "Forward it to the sponsor" if score > 2 else "Decline it", remark(email), FOR_OFFICE)
    press(page, "Submit")
    after = main_text(page)
    assert remark(email) in after
    for other in set(NAMES) - {email}:
        assert NAMES[other] not in after


def the_lead_records_the_decision(walk: Walk) -> None:
    for email in (SECOND, THIRD):
        refused(walk.people.named(email), f"/reviews/{walk.id}/decision", RATIONALE)
    page = walk.people.named(LEAD)
    page.goto(f"/reviews/{walk.id}")
    open_link(page, "Record the decision")
    assert FOR_OFFICE not in main_text(page)
    page.get_by_label("Select: forward to the sponsor").check()
    page.get_by_label("Rationale, for the office").fill(RATIONALE)
    page.get_by_label("Feedback, to the applicant").fill(FEEDBACK)
    page.get_by_label("This is the panel's decision, and I record it as the lead reviewer").check()
    press(page, "Record the decision")


def until_the_release_the_team_knows_nothing(walk: Walk) -> None:
    page = walk.people.named(APPLICANT)
    page.goto(f"/proposals/{walk.id}")
    text = main_text(page)
    assert "Under review" in text
    for word in (FEEDBACK, RATIONALE, remark(LEAD), "decided", *NAMES.values()):
        assert word not in text


def the_office_reads_the_letter_and_releases(walk: Walk) -> None:
    page = walk.people.named(OFFICE)
    page.goto(f"/desk/proposals/{walk.id}")
    open_link(page, "Read the letter and release")
    assert FEEDBACK in main_text(page)
    press(page, "Release it")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("I have read the letter and the list of who gets it").check()
    press(page, "Release it")


def the_team_reads_the_feedback_and_no_more(walk: Walk) -> None:
    for email in (APPLICANT, COLLEAGUE):
        page = walk.people.named(email)
        page.goto(f"/proposals/{walk.id}")
        text = main_text(page)
        assert FEEDBACK in text
        for reviewer in NAMES:
            assert remark(reviewer) in text
        for word in (RATIONALE, FOR_OFFICE, *NAMES.values(), *NAMES, "weighted", "Mean"):
            assert word not in page.content()


def the_packet_goes_to_its_sponsor_alone(walk: Walk) -> None:
    page = walk.people.named(OFFICE)
    page.goto(f"/desk/proposals/{walk.id}")
    open_link(page, "Prepare a packet")
    press(page, "Prepare it")
    hidden_from(walk.people.named(SPONSOR), TITLE, f"/packets/{walk.id}", "/packets")
    open_link(page, "Read the packet and send it")
    page.get_by_label("I have read the packet and the list of who gets it").check()
    press(page, "Send it to the sponsor")
    hidden_from(walk.people.named(OTHER_SPONSOR), TITLE, f"/packets/{walk.id}", f"/packets/{walk.id}/outcome")
    hidden_from(walk.people.named(OTHER_SPONSOR), TITLE, "/packets")


def the_sponsor_reads_it_and_answers(walk: Walk) -> None:
    page = walk.people.named(SPONSOR)
    page.goto("/packets")
    open_link(page, TITLE)
    text = main_text(page)
    assert TITLE_ZH in text
    for word in (remark(LEAD), FEEDBACK, RATIONALE, *NAMES.values(), APPLICANT):
        assert word not in page.content()
    with page.expect_download() as download:
        page.get_by_role("main").get_by_role("link", name=re.compile(r"\.pdf")).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_label("We are interested").check()
    page.get_by_label("A word to the office").fill(ASIDE)
    press(page, "Tell the office")
    open_link(page, "Record the outcome")
    page.get_by_label("We select it for funding").check()
    page.get_by_label("Amount awarded").fill("65,000")
    page.get_by_label("Your reference").fill("HW-2021-118")
    press(page, "Record the outcome")
    assert "HW-2021-118" in main_text(page)


def the_award_is_published(walk: Walk) -> None:
    public = walk.people.nobody()
    public.goto("/awards")
    assert TITLE not in public.content()
    page = walk.people.named(APPLICANT)
    page.goto(f"/proposals/{walk.id}")
    assert "65,000" in main_text(page)
    assert ASIDE not in page.content()
    page = walk.people.named(OFFICE)
    page.goto(f"/desk/proposals/{walk.id}")
    open_link(page, "Publish the award")
    press(page, "Publish it")
    public.goto("/awards")
    expect(public.get_by_role("row", name=TITLE)).to_be_visible()
    for word in ("65,000", "HW-2021-118", walk.number):
        assert word not in public.content()
    hidden_from(public, TITLE, f"/packets/{walk.id}")


def the_log_and_the_mail_tell_what_happened(walk: Walk) -> None:
    page = walk.people.named(ADMINISTRATOR)
    page.goto("/administration")
    open_link(page, re.compile("log", re.I))
    page.get_by_label("About (number or e-mail)").fill(walk.number)
    page.get_by_role("button", name="Filter").click()
    for act in ("submit", "screen_in", "match", "forward", "decide", "release", "send", "record_outcome"):
        expect(page.get_by_role("row").filter(has_text=f"proposal.{act}")).to_have_count(1)
    for words in (TITLE, TITLE_ZH, RATIONALE, FEEDBACK, FOR_OFFICE):
        assert words not in page.content()
    open_link(page, "Verify the chain")
    expect(page.get_by_role("heading", level=1)).to_have_text("The chain is whole")
    for path in (f"/proposals/{walk.id}", f"/desk/proposals/{walk.id}", f"/reviews/{walk.id}", f"/packets/{walk.id}"):
        refused(page, path, TITLE)
    page.goto("/administration/mail")
    for address in (APPLICANT, COLLEAGUE, *NAMES, SPONSOR):
        page.get_by_label("To").fill(address)
        page.get_by_role("button", name="Filter").click()
        expect(page.get_by_role("row").filter(has_text=walk.number).first).to_contain_text(address)
    page.get_by_label("To").fill(OTHER_SPONSOR)
    page.get_by_role("button", name="Filter").click()
    assert walk.number not in main_text(page)
