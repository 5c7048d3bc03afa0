"""What a catalogue becomes, and what a second loading leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.audit.models import Event
from intake.award.models import Award
from intake.award.queries import published
from intake.call import queries
from intake.call.models import Call, Criterion, Rule, Theme
from intake.call.operations import Settings, arrange
from intake.catalogue import load
from intake.errors import BadCatalogue
from intake.extensions import Base, db
from intake.people.models import Person
from intake.policy import Actor, Grant
from intake.programme.models import Milestone, Office, Programme, Sponsor
from intake.proposal.models import Proposal
from intake.vocabulary import Currency, Role, State
from tests.catalogue.files import ours, small

pytestmark = pytest.mark.usefixtures("room")
MODELS: tuple[type[Base], ...] = (Office, Sponsor, Programme, Call, Theme, Rule, Criterion, Award, Milestone)


def loaded(data: Any) -> Any:
    report = load(data)
    db.session.commit()
    return report


def counts() -> dict[str, int]:
    return {
        str(model.__tablename__): db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        for model in MODELS
    }


def call(code: str = "PRG-1") -> Call:
    db.session.expire_all()
    found = queries.one(code)
    assert found is not None
    return found


def proposal(of: Call, **facts: Any) -> Proposal:
    made = Proposal(call_id=of.id, **facts)
    db.session.add(made)
    db.session.flush()
    return made


def test_the_products_own_catalogue_is_kept_as_it_says() -> None:
    loaded(ours())
    assert counts() == {
        "office": 1, "sponsor": 2, "programme": 8, "call": 5, "theme": 20, "rule": 11, "criterion": 20, "award": 2,
        "history_milestone": 8,
    }  # fmt: skip
    hirp = call("HIRP-2020")
    assert (hirp.currency, hirp.max_award_minor) == (Currency.USD, 7_000_000)
    assert (hirp.duration_least, hirp.duration_most) == (12, 24)
    assert [theme.name for theme in hirp.themes][:2] == [
        "Advanced Semiconductor Technology",
        "Compiler & Programming Language",
    ]
    assert hirp.rules[1].source == hirp.rules[0].source == "HIRP OPEN 2016 (Canada) announcement, Carleton University"
    assert hirp.programme.sponsor is not None
    assert hirp.programme.sponsor.name == "Huawei Technologies Co. Ltd."
    assert (hirp.panel, hirp.sponsor_decides, hirp.opens_at) == (True, True, None)
    assert [(each.weight, each.least, each.most) for each in hirp.criteria] == [
        (35, 1, 5),
        (25, 1, 5),
        (25, 1, 5),
        (15, 1, 5),
    ]
    assert all(len([text for text in each.anchors.values() if text]) == 5 for each in hirp.criteria)
    ideas = call("IDEAS")
    assert (ideas.standing, ideas.panel, ideas.sponsor_decides, ideas.programme.sponsor) == (True, False, False, None)
    assert len(ideas.programme.facts["collaboration_kinds"]) == 6
    assert [(award.year, award.departments) for award in published()] == [(2021, ["COMP"]), (2020, ["AMA", "SN"])]


def test_a_second_loading_changes_nothing_and_notes_nothing() -> None:
    first = loaded(ours())
    before, versions = counts(), list(db.session.scalars(sa.select(Call.version).order_by(Call.id)))
    again = loaded(ours())
    assert first.anything
    assert not again.anything
    assert str(again) == "Nothing changed."
    assert counts() == before
    assert list(db.session.scalars(sa.select(Call.version).order_by(Call.id))) == versions
    assert list(db.session.scalars(sa.select(Event.action))) == ["catalogue.loaded"]


def test_what_the_file_changes_is_brought_up_to_date() -> None:
    loaded(small())
    theme = call().themes[1].id
    new = small()
    new["office"]["name"] = "Renamed Office"
    new["calls"][0] |= {"max_award": 80000, "themes": ["Sound", "Heat"], "reviews_needed": 3}
    new["calls"][0]["rules"][0]["text"] = "Within the new cap."
    del new["calls"][0]["rules"][1]
    new["history"] = [{"when": "2008", "what": "It begins"}]
    new["past_awards"][0]["title"] = "Old light, spelled right"
    report = loaded(new)
    one = call()
    assert (one.themes[0].id, one.themes[0].name) == (theme, "Sound")
    assert [each.name for each in one.themes] == ["Sound", "Heat"]
    assert [each.text for each in one.rules] == ["Within the new cap."]
    assert (one.max_award_minor, one.reviews_needed) == (8_000_000, 3)
    assert db.session.scalars(sa.select(Office.name)).all() == ["Renamed Office"]
    assert db.session.scalars(sa.select(Milestone.since)).all() == ["2008"]
    assert db.session.scalars(sa.select(Award.title)).all() == ["Old light, spelled right"]
    assert report.removed == {"theme": 1, "rule": 1, "milestone": 1, "award": 1}


def test_dates_and_settings_of_the_office_stay_and_others_follow_the_file() -> None:
    dated = small()
    dated["calls"][0] |= {
        "opens_at": "2026-01-01T09:00:00+08:00",
        "closes_at": "2026-02-01T17:00:00+08:00",
        "reviews_needed": 2,
    }
    loaded(dated)
    one = call()
    assert one.closes_at == datetime(2026, 2, 1, 9, tzinfo=UTC)
    office = Actor(1, frozenset({Grant(Role.COORDINATOR, programme_id=one.programme_id)}))
    later = datetime(2026, 3, 1, 9, tzinfo=UTC)
    said = {name: getattr(Settings.of(one), name) for name in Settings.__dataclass_fields__} | {"closes_at": later}
    with clock.at(datetime(2025, 12, 1, tzinfo=UTC)):
        arrange(one, Settings(**said), by=office, version=one.version)
    db.session.commit()
    dated["calls"][0] |= {
        "opens_at": "2026-05-01T09:00:00+08:00",
        "closes_at": "2026-06-01T17:00:00+08:00",
        "reviews_needed": 4,
    }
    loaded(dated)
    assert call().closes_at == later
    assert call().opens_at == datetime(2026, 1, 1, 1, tzinfo=UTC)
    assert call().reviews_needed == 4


def test_dates_that_the_file_does_not_name_stay() -> None:
    loaded(small())
    one = call()
    one.opens_at, one.closes_at = clock.now(), clock.now() + timedelta(days=1)
    closes = one.closes_at
    db.session.commit()
    loaded(small())
    assert call().closes_at == closes


def test_themes_and_rules_in_use_stay() -> None:
    loaded(small())
    one = call()
    proposal(one, theme_id=one.themes[0].id)
    moment = clock.now()
    proposal(one, number="PRG-1-0001", state=State.INELIGIBLE, submitted_at=moment, ineligible_rule="alone")
    new = small()
    new["calls"][0] |= {"themes": ["Heat"], "rules": []}
    report = loaded(new)
    assert sorted(each.name for each in call().themes) == ["Heat", "Light"]
    assert [each.code for each in call().rules] == ["alone"]
    assert report.kept == ["theme Light: it is in use", "rule alone: it is in use"]


CRITERIA = [
    {"code": "a", "name": "A", "weight": 60, "anchors": {str(n): f"value {n}" for n in range(1, 6)}},
    {"code": "b", "name": "B", "weight": 40, "least": 0, "most": 1, "anchors": {"0": "no", "1": "yes"}},
]


def test_a_call_may_bring_its_own_criteria() -> None:
    own = small()
    own["calls"][0]["criteria"] = CRITERIA
    loaded(own)
    assert [(each.code, each.weight, each.least, each.most) for each in call().criteria] == [
        ("a", 60, 1, 5),
        ("b", 40, 0, 1),
    ]
    loaded(small())
    assert [each.code for each in call().criteria] == ["a", "b"], "a file that names none leaves them"


def test_criteria_that_reviews_have_used_stay() -> None:
    from intake.review.models import Assignment, Review, Score

    loaded(small())
    one = call()
    reviewer = Person(email="r@example.org", name="R")
    db.session.add(reviewer)
    read = proposal(one)
    db.session.flush()
    assigned = Assignment(proposal_id=read.id, reviewer_id=reviewer.id, due_at=clock.now())
    db.session.add(assigned)
    db.session.flush()
    review = Review(assignment_id=assigned.id)
    db.session.add(review)
    db.session.flush()
    db.session.add(Score(review_id=review.id, criterion_id=one.criteria[0].id, value=3))
    db.session.commit()
    own = small()
    own["calls"][0]["criteria"] = CRITERIA
    report = loaded(own)
    assert [each.code for each in call().criteria] == ["merit", "fit", "plan", "team"]
    assert report.kept == ["the criteria of PRG-1: reviews have used them"]


def test_the_currency_of_amounts_that_people_wrote_stays() -> None:
    loaded(small())
    new = small()
    new["calls"][0]["currency"] = "EUR"
    new["office"]["name"] = "Must not be kept"
    proposal(call(), amount_minor=100)
    db.session.commit()
    with pytest.raises(BadCatalogue, match=r"calls\[0\]\.currency"):
        load(new)
    db.session.commit()
    assert call().currency is Currency.USD
    assert db.session.scalars(sa.select(Office.name)).all() == ["Example Office"], "nothing is half-loaded"


def test_an_award_of_the_product_is_not_doubled() -> None:
    loaded(small())
    made = db.session.scalars(sa.select(Award)).one()
    made.proposal_id = proposal(call()).id
    db.session.commit()
    loaded(small())
    assert db.session.scalars(sa.select(Award.title)).all() == ["Old light"]


def test_what_is_not_understood_is_told() -> None:
    new = small()
    new["calls"][0]["max_awrd"] = 1
    new["calls"][0]["rules"][0]["sauce"] = "x"
    new["remarks"] = ""
    report = loaded(new)
    assert sorted(report.ignored) == ["calls[0].max_awrd", "calls[0].rules[0].sauce", "remarks"]
    assert "Not understood, passed over: calls[0].max_awrd" in str(report)
