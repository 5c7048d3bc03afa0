"""What happens twice is done once, and what two people write at once is lost to neither."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.acts import fill_every_part, open_link, press
from tests.journeys.people import People, sign_in

SEND_TWICE = """async (button) => {
  const form = button.form, sent = () => fetch(form.action, {method: 'POST', body: new FormData(form, button)});
  const replies = await Promise.all([sent(), sent()]);
  return replies.map(reply => [reply.status, reply.url]);
}"""
"""Two posts of one form at the same moment, as a double click sends them. Gives where each of them ended."""


def send_twice(page: Page, name: str) -> str:
    """Where both posts of that button's form led; they must have led to one place."""
    button = page.get_by_role("main").get_by_role("button", name=name, exact=True)
    first, second = button.evaluate(SEND_TWICE)
    assert first == second
    assert first[0] == 200
    return str(first[1])


def proposals_of(page: Page) -> set[str]:
    """The addresses of the proposals that a person's list shows."""
    page.goto("/proposals")
    links = page.get_by_role("main").locator("a[href]").evaluate_all("links => links.map(link => link.href)")
    return {link for link in links if re.search(r"/proposals/\d+", link)}


def test_starting_twice_makes_one_draft_and_submitting_twice_one_receipt(people: People) -> None:
    page = people.named("faculty2@example.org")
    before = proposals_of(page)
    page.goto("/calls/HIRP-2020")
    place = send_twice(page, "Start a proposal")
    number = re.search(r"/proposals/(\d+)", place)
    assert number
    assert len({re.sub(r"(/proposals/\d+).*", r"\1", each) for each in proposals_of(page) - before}) == 1
    fill_every_part(page, place)
    page.goto(f"/proposals/{number[1]}/check")
    page.goto(send_twice(page, "Submit the proposal"))
    expect(page.get_by_role("link", name=re.compile("^Receipt"))).to_have_count(1)
    assert len(re.findall(r"HIRP-2020-\d{4}", page.get_by_role("heading", level=1).locator("..").inner_text())) == 1


def test_sending_a_packet_twice_sends_one(people: People) -> None:
    page = people.named("coordinator@example.org")
    page.goto("/desk/proposals?state=selected")
    page.locator("a[data-open-row]").first.click()
    open_link(page, "Prepare a packet")
    page.goto(send_twice(page, "Prepare it"))
    open_link(page, "Read the packet and send it")
    page.get_by_label("I have read the packet and the list of who gets it").check()
    page.get_by_role("button", name="Send it to the sponsor").dblclick()
    expect(page.get_by_text("The packet is with the sponsor.")).to_be_visible()
    page.goto(re.sub(r"\?.*", "", page.url) + "?tab=log")
    for happened in ("Packet prepared", "Sent to the sponsor"):
        expect(page.get_by_role("listitem").filter(has_text=happened)).to_have_count(1)


def test_what_two_windows_write_is_shown_to_the_second(people: People) -> None:
    first = people.named("faculty@example.org")
    second = people.nobody()
    sign_in(second, "faculty@example.org")
    first.goto("/calls/AIR-2021")
    press(first, "Start a proposal")
    second.goto(first.url)
    first.get_by_label("Abstract").fill("Written in the first window.")
    press(first, "Save")
    second.get_by_label("Abstract").fill("Written in the second window.")
    press(second, "Save")
    expect(second.get_by_role("heading", level=1)).to_have_text("It changed meanwhile")
    expect(second.get_by_label("Abstract: yours")).to_have_value("Written in the second window.")
    expect(second.get_by_label("Abstract: as it is now")).to_have_value("Written in the first window.")
    first.reload()
    expect(first.get_by_label("Abstract")).to_have_value("Written in the first window.")
    press(second, "Save mine over it")
    first.reload()
    expect(first.get_by_label("Abstract")).to_have_value("Written in the second window.")
