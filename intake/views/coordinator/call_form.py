"""The form of a call's dates and review settings. Each date is read in the zone that is chosen beside it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.form import _Auto

from intake.call.dates import COLUMNS
from intake.call.models import Call
from intake.call.operations import MOST_REVIEWS, Settings
from intake.views.dates import office_zone
from intake.views.fields import Chosen, Declaration, Form, Moment, Picked, Whole
from intake.vocabulary import CallDate, Limit, ReadsOthers

TIMES = {
    ReadsOthers.NEVER: lazy_gettext("Never: each reviewer reads only their own"),
    ReadsOthers.AFTER_OWN: lazy_gettext("Once their own review is submitted"),
}
PANEL = ("reviews_needed", "reads_others", "reviewers_named", "applicants_named")
ANYWHERE = "Etc/GMT+12"
USUAL = ("Asia/Hong_Kong", "Asia/Shanghai", "UTC", "Europe/London", "America/New_York", "America/Los_Angeles", ANYWHERE)
"""The zones that sponsors state their dates in; the office's and the sponsor's own come on top."""
ZONES: dict[CallDate, str] = {date: f"{date.value}_zone" for date in CallDate}
"""The field that says in which zone a date is meant."""


def zone_name(zone: str) -> str:
    """``Asia/Hong Kong``: a zone as people read it."""
    return gettext("Anywhere on Earth (UTC-12)") if zone == ANYWHERE else zone.replace("_", " ")


def stated_zone(call: Call, date: CallDate) -> str:
    """The zone that a date of the call is stated in; for a sponsor's deadline that is not set yet the sponsor's own."""
    if zone := call.zones.get(date.value):
        return zone
    sponsor = call.programme.sponsor
    if date is CallDate.SPONSOR_DEADLINE and call.sponsor_deadline_at is None and sponsor is not None:
        return sponsor.time_zone or office_zone()
    return office_zone()


class CallForm(Form):
    """The settings; a standing call has no dates, and one without a panel nothing to set about reviews."""

    opens_at = Moment(lazy_gettext("Opens"), required=False)
    notice_due_at = Moment(lazy_gettext("Notice of intent due"), required=False)
    closes_at = Moment(lazy_gettext("Closes"), required=False)
    check_by_at = Moment(lazy_gettext("Office check-by"), required=False)
    sponsor_deadline_at = Moment(lazy_gettext("Sponsor's deadline"), required=False)
    review_due_at = Moment(lazy_gettext("Reviews due"), required=False)
    decision_at = Moment(lazy_gettext("Answer expected"), required=False)
    opens_zone = Chosen(lazy_gettext("Zone of the opening"), required=False)
    notice_due_zone = Chosen(lazy_gettext("Zone of the notice"), required=False)
    closes_zone = Chosen(lazy_gettext("Zone of the close"), required=False)
    check_by_zone = Chosen(lazy_gettext("Zone of the check-by"), required=False)
    sponsor_deadline_zone = Chosen(lazy_gettext("Zone of the sponsor's deadline"), required=False)
    review_due_zone = Chosen(lazy_gettext("Zone of the reviews"), required=False)
    decision_zone = Chosen(lazy_gettext("Zone of the answer"), required=False)
    grace_minutes = Whole(lazy_gettext("Grace in minutes"), least=0, most=Limit.GRACE_MINUTES)
    sealed = Declaration(lazy_gettext("Sealed: nobody in the office reads a proposal before the close"), must=False)
    reviews_needed = Whole(lazy_gettext("Reviews needed before a decision"), least=1, most=MOST_REVIEWS)
    reads_others = Picked(lazy_gettext("A reviewer reads the other reviews of a proposal"), choices=list(TIMES.items()))
    reviewers_named = Declaration(lazy_gettext("Reviewers see who else reviews a proposal"), must=False)
    applicants_named = Declaration(lazy_gettext("Reviewers see who applies (leave empty for blind review)"), must=False)
    team_may_edit = Declaration(lazy_gettext("Co-investigators and assistants may edit drafts"), must=False)
    sure = Declaration(lazy_gettext("Yes, take proposals for a shorter time"), must=False)

    @classmethod
    def of(cls, call: Call) -> CallForm:
        """The form of this call, with only the fields that it has."""
        form = cls(obj=call)
        dates = (*COLUMNS.values(), *ZONES.values(), "grace_minutes", "sealed")
        for name in (*(dates if call.standing else ()), *(() if call.panel else PANEL)):
            del form[name]
        return form

    def process(
        self, formdata: Any = _Auto, obj: Any = None, data: Any = None, extra_filters: Any = None, **more: Any
    ) -> None:
        """Settle the zones before the times are read in them."""
        sent = self.meta.wrap_formdata(self, formdata)
        sponsor = obj.programme.sponsor
        offered = dict.fromkeys((office_zone(), sponsor.time_zone if sponsor else "", *obj.zones.values(), *USUAL))
        choices = [(zone, zone_name(zone)) for zone in offered if zone]
        zones = {}
        for date, name in ZONES.items():
            chosen = sent.get(name) if sent else None
            zones[name] = chosen if chosen in offered and chosen else stated_zone(obj, date)
            zone, moment = self[name], self[COLUMNS[date]]
            assert isinstance(zone, Chosen)
            assert isinstance(moment, Moment)
            zone.offer(choices)
            moment.zone = zones[name]
        super().process(sent, obj, data, extra_filters, **more)
        if sent is None:
            self.sealed.data = obj.sealed_until is not None
            for name, stated in zones.items():
                self[name].data = stated

    def settings(self, call: Call) -> Settings:
        """What the form says, over what the call has."""
        said = {name: self[name].data for name in Settings.__dataclass_fields__ if name in self}
        if "reads_others" in said:
            said["reads_others"] = ReadsOthers(said["reads_others"])
        if not call.standing:
            chosen = {date: self[name].data or stated_zone(call, date) for date, name in ZONES.items()}
            said["zones"] = {date.value: zone for date, zone in chosen.items() if zone != office_zone()}
        kept = Settings.of(call)
        return Settings(**{name: said.get(name, getattr(kept, name)) for name in Settings.__dataclass_fields__})
