"""What is measured: five things that people do most, each with what must be read before it, which is not measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.browser import Browser, Line, fields, sign_in
from bench.prepare import Ready

COORDINATOR = "coordinator.hirp@example.org"


@dataclass(frozen=True, slots=True)
class Task:
    """``act`` does it once and gives the seconds of the one request that counts."""

    name: str
    act: Callable[[], float]


def tasks(ready: Ready, line: Callable[[], Line], origin: str, password: str, drafts: list[int]) -> list[Task]:
    """The five, each person on a line and in a browser of their own. Every ``submitting`` takes one of ``drafts``."""
    office, reviewer, applicant = (Browser(line(), origin) for _ in range(3))
    for browser, email in ((office, COORDINATOR), (reviewer, ready.reviewer), (applicant, ready.applicant)):
        sign_in(browser, email, password)
    return [
        Task("list", lambda: _got(office, f"/desk/calls/{ready.code}/proposals")),
        Task("detail", lambda: _got(office, f"/desk/proposals/{ready.shown}")),
        Task("queue", lambda: _got(reviewer, "/reviews")),
        Task("save review", lambda: _saved(reviewer, ready.reviewed)),
        Task("submit", lambda: _submitted(applicant, drafts.pop())),
    ]


def _got(browser: Browser, path: str) -> float:
    browser.get(path)
    return browser.seconds


def _saved(browser: Browser, number: int) -> float:
    path = f"/reviews/{number}"
    values = fields(browser.get(path), "for_applicant")
    values["for_applicant"] = f"{values['for_applicant'][:2000].strip()} One more word."
    values |= dict.fromkeys(_criteria(browser.get(path)), "4")
    browser.post(path, values)
    return browser.seconds


def _criteria(page: str) -> set[str]:
    """The names of the review's scores."""
    return {part.split('"')[0] for part in page.split('name="')[1:] if part.startswith("criterion_")}


def _submitted(browser: Browser, number: int) -> float:
    values = fields(browser.get(f"/proposals/{number}/check"), "version")
    browser.post(f"/proposals/{number}/submit", values)
    return browser.seconds
