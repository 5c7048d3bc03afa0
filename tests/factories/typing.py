"""What a browser would send of a page."""

from __future__ import annotations

from html.parser import HTMLParser


def fields_of(text: str) -> dict[str, list[str]]:
    """The inputs of the page's guarded form with what stands in them: what a browser sends if nothing is touched."""
    reader = _Reader()
    reader.feed(text)
    return reader.found


class _Reader(HTMLParser):
    """Reads inputs, text areas and lists of a form with ``data-guard``, but for its tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._inside = False
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        name = of.get("name", "")
        if tag == "form":
            self._inside = "data-guard" in of
        elif not self._inside or name in ("seen", "csrf_token", "version"):
            return
        elif tag == "input" and name:
            if of.get("type") not in ("checkbox", "radio") or "checked" in of:
                self.found.setdefault(name, []).append(of.get("value", ""))
        elif tag == "textarea":
            self._area, self.found[name] = name, [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in of or self._select not in self.found):
            self.found[self._select] = [of.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.found[self._area] = [self.found[self._area][0].removeprefix("\n")]
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area][0] += data
