"""The house itself: nothing unused, nothing in the wrong room, tables that hold together.

Each rule is a search in the sources. Where a search could pass by finding nothing at all, the rule
is first shown a fault that it must see.
"""

import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.management import call_command

from cross.audit.wording import VERBS
from cross.ui.forms import DJANGO_REQUIRED, LEFT_EMPTY, Form
from cross.ui.templatetags import ui, words
from intel import access, states
from intel.actions import life
from intel.forms.reports import MoveForm
from intel.states import MOVES, Requirement, State
from intel.views.home import HOMES
from services.models import Unit
from services.roles import DUTIES, Right, Role

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("cross", "services", "protocols", "intel")
# Found by Django under these very names.
NAMED_BY_DJANGO = re.compile(
    r"(400|403|403_csrf|404|429|500|registration/(password_change_(form|done)))\.html"
)


@cache
def read(kind, *folders):
    """{path from the root: text} of the files of a kind; what migrations say is history."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob(f"*.{kind}")))
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in found
        if "migrations" not in path.parts
    }


def python():
    return read("py", *ROOMS)


def templates():
    return read("html", "templates")


def everything():
    return "\n".join([*python().values(), *templates().values(), *read("js", "static").values()])


def lines_with(pattern, texts):
    """« path:line » of each line in which the pattern is found."""
    return [
        f"{path}:{number}: {line.strip()[:90]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(pattern, line)
    ]


# --- Nothing that nobody uses -----------------------------------------------------------------


def test_every_template_is_used():
    said = everything()
    drawn = set(re.findall(r"_draw\(\s*\"(\w+)\"", python()["cross/ui/templatetags/ui.py"]))
    used = {f"components/{name}.html" for name in drawn}
    used |= {f"ui/gallery_{name}.html" for name in ("list", "sheet", "form", "split", "dashboard")}
    unused = [
        name
        for name in (path.removeprefix("templates/") for path in templates())
        if f'"{name}"' not in said
        and name not in used | {"ui/gallery.html"}
        and not NAMED_BY_DJANGO.fullmatch(name)
    ]
    assert len(drawn) > 20
    assert unused == []


@pytest.mark.parametrize("folder", ["js", "css", "img"])
def test_every_static_file_is_loaded(folder):
    names = [f"{folder}/{path.name}" for path in (ROOT / "static" / folder).iterdir()]
    assert names
    assert [name for name in names if f"'{name}'" not in "\n".join(templates().values())] == []


def test_every_class_of_our_own_is_worn():
    worn = everything()
    styles = "\n".join(read("css", "static/css").values())
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", styles, flags=re.DOTALL)
    ours = set(re.findall(r"\.(cx-[\w-]+)", selectors))
    assert len(ours) > 100
    assert sorted(name for name in ours if not re.search(rf"{name}(?![\w-])", worn)) == []


def test_every_tag_and_filter_is_used():
    pages, code = "\n".join(templates().values()), "\n".join(python().values())
    tags = {*ui.register.tags, *words.register.tags}
    unused = [name for name in tags if not re.search(rf"{{%\s*{name}\b", pages)]
    unused += [
        name
        for name in words.register.filters
        if not re.search(rf"\|\s*{name}\b", pages)
        and not re.search(rf"import [^\n]*\b{name}\b|shown = .*\b{name}\b", code)
    ]
    assert unused == []


def test_every_verb_of_the_journal_is_recorded():
    said = "\n".join(text for path, text in python().items() if not path.endswith("wording.py"))
    assert [verb for verb in VERBS if f'"{verb}"' not in said] == []


def test_every_right_is_asked_and_given():
    said = "\n".join(text for path, text in python().items() if path != "services/roles.py")
    given = frozenset().union(*(duty.rights for duty in DUTIES.values()))
    by_name = {Right.JOURNAL: '"journal"'}  # asked by a room that lies below the roles
    assert [
        right for right in Right if by_name.get(right, f"Right.{right.name}") not in said
    ] == []
    assert given == set(Right)


def test_every_address_is_linked_or_redirected_to():
    named = "\n".join(text for path, text in python().items() if "urls" not in path)
    said = named + "\n".join(templates().values())
    names = {
        name
        for path, text in python().items()
        if "urls" in path
        for name in re.findall(r"name=\"(\w+)\"", text)
    }
    by_machines = {"health", "browser_refusals"}
    assert len(names) > 50
    assert [
        name for name in sorted(names - by_machines) if not re.search(rf"['\"]{name}['\"]", said)
    ] == []


# --- Tables that hold together ----------------------------------------------------------------


def test_every_state_is_reached_from_the_draft():
    reached, before = {State.DRAFT}, set()
    while reached != before:
        before = set(reached)
        reached |= {move.target for move in MOVES if move.origin in before}
    assert reached == set(State)


def test_only_what_is_erased_goes_nowhere():
    assert {state for state in State if not states.moves_from(state)} == {State.ERASED}


def test_a_move_is_one_pair_and_a_key_one_move():
    assert len(states.BY_PAIR) == len(MOVES)
    keys = [(move.origin, move.key) for move in MOVES if move.key]
    assert len(keys) == len(set(keys))


def test_the_tables_around_the_moves_follow_them():
    targets = {move.target for move in MOVES}
    assert {move.right for move in MOVES} == set(access.MOVABLE)
    assert life.EFFECTS.keys() | life.VERBS.keys() <= targets
    asked = set(Requirement) - {Requirement.BOTH_GRADES}
    assert set(life.SAID_WITH) == set(MoveForm.ASKED) == asked
    assert {each for move in MOVES for each in move.requires} == set(Requirement)


def test_no_form_of_ours_answers_with_the_sentence_of_django():
    """« Ce champ est obligatoire » does not say what to do: ours says it, kind by kind."""
    import_module(settings.ROOT_URLCONF)  # and with it every form of a page
    ours = [each for each in _below(forms.BaseForm) if _is_ours(each)]
    assert len(ours) > 50
    bare = [each.__qualname__ for each in ours if not issubclass(each, Form)]
    assert not bare, bare
    for kind in (*(kind for kind, _ in LEFT_EMPTY[:-1]), forms.CharField):
        one = kind[0] if isinstance(kind, tuple) else kind
        Asked = type("Asked", (Form,), {"field": _empty(one)})
        [told] = Asked({}).errors["field"]
        assert told != DJANGO_REQUIRED, one


def _empty(kind):
    return kind(queryset=Unit.objects.none()) if hasattr(kind, "queryset") else kind()


def _below(kind):
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _is_ours(kind):
    return kind.__module__.split(".")[0] in {"cross", "intel", "protocols", "services"}


def test_each_role_has_its_duty_and_its_home():
    assert set(DUTIES) == set(HOMES) == set(Role)


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


# --- Nothing in the wrong room ----------------------------------------------------------------


def test_imports_point_down():
    # On its own: import-linter silences the loggers of the process that calls it.
    contracts = "from importlinter.cli import lint_imports_command as c; c()"
    run = subprocess.run(
        [sys.executable, "-c", contracts], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("name", ["utils", "helpers", "mixins", "common", "misc", "services"])
def test_no_module_has_a_name_that_says_nothing(name):
    assert [
        path
        for path in python()
        if Path(path).stem == name or name in Path(path).parts[1:]
    ] == []  # fmt: skip


def test_only_an_access_module_answers_for_somebody():
    """The others start from it, or say why they read without a reader."""
    answering = {path for path, text in python().items() if ".answered()" in text}
    access = {path for path in answering if path.startswith("intel/access/")}
    assert access
    assert answering - access == {"cross/guard.py"}


# --- Nothing that opens a door ----------------------------------------------------------------

UNSAFE = r"\|\s*safe\b|mark_safe|csrf_exempt|autoescape\s+off|SafeString\(|\.extra\(|RawSQL"
# Browsers send what they refused without a token; nothing is changed by it but a count.
WITHOUT_A_TOKEN = re.compile(r"^cross/refusals\.py:\d+: .*csrf_exempt$")
INLINE = r"\sstyle=|<style\b|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:"
ELSEWHERE = r"(?<![\w.])(https?:)?//(?!www\.w3\.org/)[\w-]+\.[a-z]{2,}"


@pytest.mark.parametrize(
    ("pattern", "faults", "kinds"),
    [
        (UNSAFE, ["{{ text|safe }}", "mark_safe(text)", "{% autoescape off %}"], ["py", "html"]),
        (INLINE, ['<p style="x">', "<script>x", '<a onclick="x">', "<style>"], ["html"]),
        (
            ELSEWHERE,
            ["src='//cdn.exemple.fr/x.js'", "url(https://exemple.fr/a)"],
            ["html", "css", "js"],
        ),
    ],
    ids=["unsafe", "inline", "elsewhere"],
)
def test_no_source_holds_what_opens_a_door(pattern, faults, kinds):
    assert all(re.search(pattern, fault) for fault in faults)
    folders = {"py": ROOMS, "html": ("templates",), "css": ("static",), "js": ("static",)}
    assert [
        found
        for kind in kinds
        for found in lines_with(pattern, read(kind, *folders[kind]))
        if not WITHOUT_A_TOKEN.match(found)
    ] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_host_and_hashes_everything(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    packages = re.findall(r"^[\w.\[\]-]+==", text, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[\w.\[\]-]+==)", text, flags=re.MULTILINE)[1:]
    assert packages
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
