"""The demo's texts hang together: references resolve, every state occurs, and no rule of a call is broken."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from intake import money
from intake.vocabulary import Appointment, ConflictKind, Interest, Limit, Outcome, Recommendation, Role, State, Verdict

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[1]
MADE_UP = {"Example", "Sample", "Muster", "Placeholder"}
REVIEWED = {"in_review", "decided", "selected", "with_sponsor", "reserve", "awarded", "declined"}
DECIDED = REVIEWED - {"in_review"}
VERDICTS = {
    "selected": {"select"},
    "with_sponsor": {"select"},
    "awarded": {"select"},
    "reserve": {"select", "reserve"},
    "declined": {"select", "decline"},
    "decided": set(Verdict),
}
APPOINTMENTS = {
    "HIRP-2020": {"full_time_faculty"},
    "AIR-2021": {"full_time_faculty", "part_time_faculty"},
    "ARF-2021": {"research_scholar"},
    "RI-2021": {"phd_student"},
    "IDEAS": {"full_time_faculty", "part_time_faculty"},
}


def read(name: str) -> Any:
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


PEOPLE = {person["key"]: person for person in read("demo/people.json")}
PROPOSALS = read("demo/proposals.json")
FACTS = read("catalogue/catalogue.json")
CALLS = {call["code"]: call for call in FACTS["calls"]}
PROGRAMMES = {programme["code"]: programme for programme in FACTS["programmes"]}
each_person = pytest.mark.parametrize("person", PEOPLE.values(), ids=list(PEOPLE))
each_proposal = pytest.mark.parametrize("proposal", PROPOSALS, ids=[proposal["key"] for proposal in PROPOSALS])


def words(text: str) -> int:
    return len(re.findall(r"[A-Za-z0-9][A-Za-z0-9'’.,-]*", text))


def characters(text: str) -> int:
    return len(re.findall(r"[\u3400-\u9fff]", text))


def roles_of(key: str) -> set[str]:
    return {grant["role"] for grant in PEOPLE[key]["roles"]}


def team_of(proposal: dict[str, Any]) -> set[str]:
    return {proposal["principal"]} | {member["person"] for member in proposal["team"] if member["person"]}


def submitted(proposal: dict[str, Any]) -> list[Any]:
    written = [row["review"] for row in proposal["reviewers"] if row["review"]]
    return [review for review in written if review["state"] == "submitted"]


def test_there_are_enough_people_proposals_and_every_state() -> None:
    by_call = Counter(proposal["call"] for proposal in PROPOSALS)
    early = Counter(p["state"] for p in PROPOSALS if p["call"] in ("HIRP-2020", "AIR-2021"))
    assert len(PROPOSALS) >= 44 and set(by_call) == set(CALLS)
    assert by_call["HIRP-2020"] >= 18 and by_call["AIR-2021"] >= 14
    assert set(early) == set(State)
    assert min(early.values()) >= 2
    assert len({proposal["key"] for proposal in PROPOSALS}) == len(PROPOSALS)
    assert sum("reviewer" in roles_of(key) for key in PEOPLE) >= 12
    faculty = [
        p for p in PEOPLE.values() if p["appointment"] == "full_time_faculty" and "faculty" in roles_of(p["key"])
    ]
    assert len(faculty) >= 10 and len({p["department"] for p in faculty}) >= 5
    assert max(Counter(proposal["principal"] for proposal in PROPOSALS).values()) <= 6


@each_person
def test_a_person_is_plainly_made_up_and_complete(person: dict[str, Any]) -> None:
    assert person["name"].split()[-1] in MADE_UP
    assert not person["name_zh"] or person["name_zh"][1:] in ("示例", "範例")
    assert re.fullmatch(r"[a-z0-9.]+@([a-z]+\.)*example\.(org|com)", person["email"])
    assert person["appointment"] in set(Appointment) and roles_of(person["key"]) <= set(Role)
    assert person["department"] in {"", *(row["code"] for row in FACTS["departments"])}
    assert (person["appointment"] == "outside") == bool(person["organisation"])
    if "reviewer" in roles_of(person["key"]):
        assert 40 <= words(person["expertise"]) <= 80 and 2 <= len(person["publications"]) <= 4
    for grant in person["roles"]:
        assert set(grant.get("programmes", [])) <= set(PROGRAMMES)
        assert (grant["role"] == "coordinator") == bool(grant.get("programmes"))
        assert (grant["role"] == "sponsor_contact") == (grant.get("sponsor") in {s["code"] for s in FACTS["sponsors"]})


def test_what_judges_and_contacts_work_on_is_told_and_made_up() -> None:
    titles = [each["title"] for person in PEOPLE.values() for each in person["publications"]]
    assert len(set(titles)) == len(titles)
    for key, person in PEOPLE.items():
        knows = bool({"reviewer", "sponsor_contact"} & roles_of(key))
        assert (knows, knows) == (bool(person["keywords"]), bool(person["expertise"]))
        assert all(each["abstract"] and len(each["abstract"]) <= Limit.ABSTRACT for each in person["publications"])
        assert len(person["keywords"]) <= Limit.KEYWORDS
        if "sponsor_contact" in roles_of(key):
            assert 20 <= words(person["expertise"]) <= 60 and 2 <= len(person["publications"]) <= 3
            made_up = re.compile("example|sample|muster|placeholder", re.IGNORECASE)
            assert all(made_up.search(each["title"]) for each in person["publications"])


def test_what_is_told_of_the_match_names_what_is_there() -> None:
    told = read("demo/matching.json")
    keys = {proposal["key"] for proposal in PROPOSALS}
    for code, described in told["themes"].items():
        assert set(described) == set(CALLS[code]["themes"])
    for person, calls in told["levels"].items():
        assert {"reviewer", "sponsor_contact"} & roles_of(person)
        assert all(set(levels) <= set(CALLS[code]["themes"]) for code, levels in calls.items())
    assert {row["proposal"] for row in told["steps"] + told["meetings"]} <= keys
    assert all(row["note"] for row in told["steps"] if row.get("state") == "declined")
    assert [row["title"] for row in told["meetings"] if "held" in row] != []


def test_each_person_has_one_account_with_the_demo_password() -> None:
    with (ROOT / "demo/accounts.csv").open(encoding="utf-8", newline="") as lines:
        accounts = list(csv.DictReader(lines))
    assert [row["email"] for row in accounts] == [person["email"] for person in PEOPLE.values()]
    assert len({row["email"] for row in accounts}) == len(accounts)
    assert {row["password"] for row in accounts} == {"demo-Intake-2026"} and all(row["roles"] for row in accounts)


@each_proposal
def test_what_is_asked_for_fits_the_call(proposal: dict[str, Any]) -> None:
    call = CALLS[proposal["call"]]
    assert proposal["theme"] in (call["themes"] or [""])
    if proposal["amount"]:
        assert money.parse(proposal["amount"]) <= money.parse(str(call["max_award"] or 10**9))
    least, most = call.get("duration_months") or (None, None)
    assert proposal["duration_months"] is None if least is None else least <= proposal["duration_months"] <= most
    assert PEOPLE[proposal["principal"]]["appointment"] in APPOINTMENTS[proposal["call"]]
    assert "faculty" in roles_of(proposal["principal"])
    assert proposal["rule"] in {"", *(rule["code"] for rule in call["rules"])}
    if proposal["call"] == "RI-2021":
        guides = {m["person"] for m in proposal["team"] if m["relation"] in ("viewer", "co_investigator")}
        assert any(PEOPLE[key]["appointment"] == "full_time_faculty" for key in guides)
    if proposal["call"] == "HIRP-2020" and proposal["rule"] != "one-university":
        assert all(member["person"] for member in proposal["team"])


@each_proposal
def test_the_texts_have_a_fitting_length(proposal: dict[str, Any]) -> None:
    abstract, description = proposal["abstract"], proposal["description"]
    assert 150 <= words(abstract) <= 300 or (words(abstract) < 60 and 250 <= characters(abstract) <= 600)
    assert 120 <= words(description) <= 900 or characters(description) >= 200
    assert len(abstract) <= Limit.ABSTRACT and len(proposal["title"]) <= Limit.TITLE
    assert proposal["keywords"].count(",") >= 2 and len(proposal["keywords"]) <= Limit.KEYWORDS
    if proposal["call"] == "AIR-2021":
        heads = [paragraph.split("\n")[0] for paragraph in description.split("\n\n")]
        assert heads == CALLS["AIR-2021"]["sections"]


def test_no_text_is_used_twice_and_some_are_long_or_chinese() -> None:
    reviews = [row["review"] for p in PROPOSALS for row in p["reviewers"] if row["review"]]
    texts = [p[part] for p in PROPOSALS for part in ("title", "abstract", "description")]
    texts += [review[part] for review in reviews for part in ("comments_applicant", "comments_office")]
    assert len(set(texts)) == len(texts)
    assert sum(words(p["description"]) >= 400 or characters(p["description"]) >= 400 for p in PROPOSALS) >= 12
    assert sum(words(p["abstract"]) < 60 for p in PROPOSALS) >= 2
    assert sum(words(p["abstract"]) >= 150 and characters(p["abstract"]) >= 50 for p in PROPOSALS) >= 5


@each_proposal
def test_the_state_has_the_facts_that_lead_to_it(proposal: dict[str, Any]) -> None:
    state, decision, outcome = proposal["state"], proposal["decision"], proposal["outcome"]
    by_sponsor = state == "awarded" or bool(outcome)
    assert (state == "draft") == (proposal["days_ago_submitted"] == 0)
    assert bool(proposal["reason"]) or state not in ("returned", "ineligible", "declined", "withdrawn")
    assert (state == "ineligible") == bool(proposal["rule"])
    assert bool(proposal["reviewers"]) == (state in REVIEWED) and bool(decision) == (state in DECIDED)
    assert bool(proposal["contact"]) == (state in REVIEWED | {"matched"})
    if proposal["contact"]:
        assert proposal["matched_theme"] in (CALLS[proposal["call"]]["themes"] or [""])
        sponsor = PROGRAMMES[CALLS[proposal["call"]]["programme"]]["sponsor"]
        assert {"role": "sponsor_contact", "sponsor": sponsor} in PEOPLE[proposal["contact"]]["roles"]
    if decision:
        assert decision["verdict"] in ({"select"} if by_sponsor else VERDICTS[state])
        assert 40 <= words(decision["rationale"]) <= 90 and 40 <= words(decision["feedback"]) <= 90
        assert by_sponsor or state not in ("reserve", "declined") or decision["verdict"] in ("reserve", "decline")
    assert bool(proposal["packet"]) == (by_sponsor or state == "with_sponsor")
    if proposal["packet"]:
        assert proposal["packet"]["interest"] in {"", *Interest}
    if outcome:
        assert {"selected": "awarded"}.get(outcome["result"], outcome["result"]) == state
        assert outcome["result"] in set(Outcome) and bool(outcome["amount"]) == (state == "awarded")
        assert outcome["reference"] if outcome["amount"] else outcome["reason"]


@each_proposal
def test_the_reviewers_may_review_and_their_reviews_are_whole(proposal: dict[str, Any]) -> None:
    rows, state, team = proposal["reviewers"], proposal["state"], team_of(proposal)
    assert team <= set(PEOPLE) and len(team) == 1 + sum(bool(member["person"]) for member in proposal["team"])
    assert all(bool(m["person"]) != bool(m["name"] and m["organisation"]) for m in proposal["team"])
    assert len({row["person"] for row in rows}) == len(rows)
    assert sum(row["lead"] for row in rows) == (1 if state in REVIEWED else 0)
    for row in rows:
        assert "reviewer" in roles_of(row["person"]) and row["person"] not in team
        own = PEOPLE[row["person"]]["department"]
        assert not own or own != PEOPLE[proposal["principal"]]["department"] or row.get("override_reason")
        together = [other["key"] for other in PROPOSALS if row["person"] in team_of(other) and team & team_of(other)]
        assert not together, "a reviewer applies elsewhere together with one of the team"
        assert (row["declared"] == "conflict") == bool(row["conflict_note"])
        assert row["declared"] != "conflict" or (row["conflict_kind"] in set(ConflictKind) and not row["lead"])
        assert row["declared"] == "none" or row["review"] is None
        if review := row["review"]:
            assert len(review["scores"]) == 4 and set(review["scores"]) <= {1, 2, 3, 4, 5}
            assert review["recommendation"] in set(Recommendation)
            assert 40 <= words(review["comments_applicant"]) <= 120 and 15 <= words(review["comments_office"]) <= 50
    if state in DECIDED:
        assert len(submitted(proposal)) >= max(2, len(rows) - 1)


def test_the_cases_that_a_demonstration_needs_are_there() -> None:
    rows = [(p, row) for p in PROPOSALS for row in p["reviewers"]]
    assert len({row["conflict_kind"] for _, row in rows if row["declared"] == "conflict"}) >= 2
    assert any(row.get("override_reason") for _, row in rows)
    waiting = [row for p, row in rows if p["state"] == "in_review" and row["declared"] == "none" and not row["review"]]
    assert waiting, "one reviewer is late"
    spread = [max(means) - min(means) for p in PROPOSALS if (means := [sum(r["scores"]) / 4 for r in submitted(p)])]
    assert sum(gap >= 1 for gap in spread) >= 4, "reviewers disagree in several"
    for state in ("reserve", "declined"):
        assert {bool(p["outcome"]) for p in PROPOSALS if p["state"] == state} == {True, False}
    own = [(p, key) for p in PROPOSALS for key in team_of(p) - {p["principal"]} if "coordinator" in roles_of(key)]
    assert any(
        CALLS[p["call"]]["programme"] in grant.get("programmes", []) for p, key in own for grant in PEOPLE[key]["roles"]
    ), "a coordinator is on a team in a programme of their own"


def test_nobody_with_two_running_awards_of_a_sponsor_applies_to_it_again() -> None:
    won = Counter(p["principal"] for p in PROPOSALS if p["call"] == "HIRP-2020" and p["state"] == "awarded")
    applicants = {p["principal"] for p in PROPOSALS if p["call"] == "HIRP-2020"}
    assert won and all(won[person] <= 1 for person in applicants)


def test_ideas_never_go_to_reviewers() -> None:
    states = {p["state"] for p in PROPOSALS if p["call"] == "IDEAS"}
    assert states and states <= {"draft", "submitted", "eligible", "withdrawn"}
