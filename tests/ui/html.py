"""What is true of every page that we send: `assert_clean_html(response)`."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "form": "action"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
VOID = {"meta", "link", "input", "img", "br", "hr", "source", "wbr", "col", "area", "base"}


@dataclass
class Control:
    tag: str
    id: str
    named: bool


@dataclass
class Page:
    """What a page says of itself, gathered in one reading."""

    lang: str = ""
    title: str = ""
    headings: Counter = field(default_factory=Counter)
    ids: Counter = field(default_factory=Counter)
    labels: set = field(default_factory=set)
    controls: list = field(default_factory=list)
    references: list = field(default_factory=list)
    faults: list = field(default_factory=list)


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.page = Page()
        self.open = []

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        page = self.page
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            page.lang = given.get("lang", "")
        if tag in {"h1", "title"} and "svg" not in self.open:
            page.headings[tag] += 1
        if "id" in given:
            page.ids[given["id"]] += 1
        if tag == "label":
            page.labels.add(given.get("for", ""))
        self._note_control(tag, given)
        self._note_faults(tag, given)
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            page.references += [(name, target) for target in given.get(name, "").split()]

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if "title" in self.open and "svg" not in self.open:
            self.page.title += data

    def _note_control(self, tag, given):
        if tag not in {"input", "select", "textarea"} or given.get("type") in UNLABELLED:
            return
        named = "label" in self.open or bool(
            given.get("aria-label", "").strip() or given.get("aria-labelledby")
        )
        self.page.controls.append(Control(tag, given.get("id", ""), named))

    def _note_faults(self, tag, given):
        faults = self.page.faults
        if tag == "style" or (tag == "script" and "src" not in given):
            faults.append(f"inline <{tag}>")
        if "style" in given:
            faults.append(f'style="{given["style"]}" on <{tag}>')
        faults += [f"{name} on <{tag}>" for name in given if name.startswith(("on", "hx-on"))]
        address = given.get(LOADS.get(tag, ""), "")
        if urlsplit(address).netloc:
            faults.append(f"<{tag}> goes to another host: {address}")
        if urlsplit(given.get("href", "")).scheme == "javascript":
            faults.append(f"javascript: address on <{tag}>")


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader.page


def faults_of(html):
    """Every fault of a whole page, in words; an empty list when it is clean."""
    page = read(html)
    faults = list(page.faults)
    faults += [f"unrendered {mark}" for mark in ("{{", "}}", "{%", "%}") if mark in html]
    if page.lang != "fr":
        faults.append(f"lang is {page.lang!r}")
    if not page.title.strip(" –\n") or page.title.strip().startswith("–"):
        faults.append(f"the title says nothing: {page.title!r}")
    if page.headings["h1"] != 1:
        faults.append(f"{page.headings['h1']} <h1>")
    faults += [f"id {name!r} {times} times" for name, times in page.ids.items() if times > 1]
    faults += [
        f"<{control.tag} id={control.id!r}> has no label"
        for control in page.controls
        if not control.named and control.id not in page.labels
    ]
    faults += [
        f"{name} points at no id: {target}"
        for name, target in page.references
        if target not in page.ids
    ]
    return faults


def assert_clean_html(response):
    """A whole page, as the test client got it. Fragments of htmx are not for this."""
    faults = faults_of(response.content.decode())
    assert not faults, f"{response.request['PATH_INFO']}: " + "; ".join(faults)
