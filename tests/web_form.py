"""Read a page as a user without a script engine does: its fields, labels and words."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """`fields` are what a browser would send; `labelled` the ids that have a label; `text` all words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.labelled: set[str] = set()
        self.ids: set[str] = set()
        self.described: dict[str, list[str]] = {}
        self.visible: set[str] = set()
        self.links: list[str] = []
        self.language = ""
        self.text = ""
        self._textarea = self._select = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            assert given["id"] not in self.ids, f"the id {given['id']} is there twice"
            self.ids.add(given["id"])
        if tag == "html":
            self.language = given["lang"]
        if tag == "label":
            self.labelled.add(given["for"])
        if tag == "a":
            self.links.append(given["href"])
        if tag in ("input", "textarea", "select"):
            self._field(tag, given)
        if tag == "option" and "selected" in given:
            self.fields[self._select] = given["value"]

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given["name"]
        if given.get("type") != "hidden":
            self.visible.add(given["id"])
        if "aria-describedby" in given:
            self.described[name] = given["aria-describedby"].split()
        if given.get("type") != "checkbox" or "checked" in given:
            self.fields[name] = given.get("value", "")
        self._textarea = name if tag == "textarea" else ""
        self._select = name if tag == "select" else self._select

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\n")
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data
        self.text += data
