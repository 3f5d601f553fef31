"""The reader of pages finds the faults that it is there for."""

import pytest

from tests.ui.html import faults_of

GOOD = (
    '<html lang="fr"><head><title>3 à trier – CROSS</title>'
    '<script src="/static/js/theme.js"></script></head>'
    '<body><h1>Tri</h1><label for="q">Mots</label><input id="q" name="q">'
    '<svg><title>Carte</title></svg><input type="hidden" name="t"></body></html>'
)


def test_a_clean_page_has_no_fault():
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lang="fr"', 'lang="en"', "lang is 'en'"),
        ("3 à trier – CROSS", " – CROSS", "title says nothing"),
        ("<h1>Tri</h1>", "", "0 <h1>"),
        ("<h1>Tri</h1>", "<h1>Tri</h1><h1>Tri</h1>", "2 <h1>"),
        ("<h1>", '<h1 id="q">', "id 'q' 2 times"),
        ('<label for="q">Mots</label>', "", "has no label"),
        ("<h1>", '<h1 style="color:red">', "style="),
        ("<h1>", '<h1 onclick="x()">', "onclick"),
        ("<h1>", "<h1>{{ heading }}", "unrendered {{"),
        ("<body>", "<body><script>x()</script>", "inline <script>"),
        ("<body>", "<body><style>p{}</style>", "inline <style>"),
        ("/static/js/theme.js", "https://cdn.example/x.js", "another host"),
        ("/static/js/theme.js", "//cdn.example/x.js", "another host"),
        ("<h1>", '<h1 aria-describedby="nulle-part">', "points at no id"),
        ("<h1>", '<a href="javascript:x()">a</a><h1>', "javascript:"),
    ],
)
def test_each_fault_is_seen(old, new, said):
    assert any(said in fault for fault in faults_of(GOOD.replace(old, new, 1)))
