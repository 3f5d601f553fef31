"""The `run` file on a machine of our making: what it does, and what it says when it cannot."""

import os
import re
import shutil
import subprocess

import pytest

from tests.running import PROJECT

TOOLS = ("sh", "dirname", "cmp", "cp", "sed", "cat", "mkdir", "chmod", "touch")

# A Python without what Debian splits from it; "venv" makes the folder that the real one would.
PYTHON = """#!/bin/sh
echo "$0 $*" >> "$LOG"
case "$*" in
    *version_info*) exit {old} ;;
    "-c import ensurepip") [ -e "$HAS/ensurepip" ] ;;
    "-c import pip") [ -e "$HAS/pip" ] ;;
    "-m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
esac
"""


class Machine:
    """A project folder with the `run` file, and a PATH that holds only what we put there."""

    def __init__(self, folder):
        self.project = folder / "projet à part"
        self.path = folder / "bin"
        self.has = folder / "has"
        self.log = folder / "log"
        for each in (self.project, self.path, self.has):
            each.mkdir()
        self.log.touch()
        for name in ("run", "requirements-dev.lock"):
            shutil.copy2(PROJECT / name, self.project)
        for tool in TOOLS:
            (self.path / tool).symlink_to(shutil.which(tool))
        self.is_user(1000)

    def program(self, name, text, folder=None):
        file = (folder or self.path) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def is_user(self, uid):
        self.program("id", f"#!/bin/sh\necho {uid}\n")

    def python(self, *modules, old=0):
        self.program("python3", PYTHON.format(old=old))
        for module in modules:
            (self.has / module).touch()

    def run(self, *args, **environment):
        """(exit code, its lines on standard error, the commands it called)."""
        given = {"PATH": str(self.path), "LOG": str(self.log), "HAS": str(self.has)}
        done = subprocess.run(
            [str(self.project / "run"), *args],
            env=given | environment,
            cwd=self.project.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr.splitlines(), self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def last(commands, words):
    return [line for line in commands if words in line][-1]


def test_no_python_at_all(machine):
    code, said, _ = machine.run()
    assert code == 1
    assert said == [
        "cross : il faut Python 3.11 ou plus récent "
        "(sous Debian : apt-get install python3 python3-venv)."
    ]


def test_a_python_that_is_too_old(machine):
    machine.python("ensurepip", old=1)
    code, said, _ = machine.run()
    assert code == 1
    assert "Python 3.11" in said[-1]


def test_no_venv_module_for_an_ordinary_user(machine):
    machine.python()
    machine.program("apt-get", "#!/bin/sh\nexit 9\n")
    code, said, commands = machine.run("test")
    assert code == 1
    assert "faites installer le paquet python3-venv (apt-get install python3-venv)" in said[-1]
    assert not [line for line in commands if "-m pytest" in line]


def test_root_installs_the_venv_module_and_says_so(machine):
    machine.python()
    machine.is_user(0)
    installs = '[ "$1" = update ] || touch "$HAS/ensurepip"'
    machine.program("apt-get", f'#!/bin/sh\necho "apt-get $*" >> "$LOG"\n{installs}\n')
    code, said, commands = machine.run("test")
    assert code == 0
    assert "le module venv de Python manque : installation du paquet python3-venv." in said[-1]
    assert last(commands, "apt-get").endswith("python3-venv")
    assert last(commands, "-m venv").endswith("--clear .venv")
    assert last(commands, "-m pytest")


@pytest.mark.parametrize(
    ("modules", "tools", "installer"),
    [
        (("ensurepip",), (), ".venv/bin/python -m pip install"),
        ((), ("uv",), "uv pip install"),
        (("pip",), (), "python3 -m pip --python"),
    ],
)
def test_each_way_installs_wheels_by_their_hash(machine, modules, tools, installer):
    machine.python(*modules)
    for tool in tools:
        made = '[ "$1" = venv ] && mkdir -p .venv/bin && cp "$HAS/../bin/python3" .venv/bin/python'
        machine.program(tool, f'#!/bin/sh\necho "{tool} $*" >> "$LOG"\n{made}\n:\n')
    code, _, commands = machine.run("test", "-k", "one")
    assert code == 0
    install = last(commands, installer)
    assert "--require-hashes" in install
    assert "--only-binary :all:" in install
    assert last(commands, "pytest").endswith("/projet à part/.venv/bin/python -m pytest -k one")
    # The second time, nothing is installed.
    machine.log.write_text("")
    assert machine.run("test", "-k", "one")[2] == [last(commands, "pytest")]
    # Another lock, another installation.
    with (machine.project / "requirements-dev.lock").open("a") as lock:
        lock.write("# changed\n")
    assert last(machine.run("test")[2], installer)


def test_the_whole_suite_goes_to_every_core(machine):
    machine.python("ensurepip", "pip")
    machine.run("test", "-k", "one")
    whole = last(machine.run("test")[2], "pytest")
    assert whole.endswith("-m pytest --numprocesses auto --maxprocesses 4 --dist loadfile")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ((), "-m cross.embedded run"),
        (("bench", "list"), "-m tests.bench list"),
        (("manage", "import_tips", "a b.csv"), "/projet à part/manage.py import_tips a b.csv"),
    ],
)
def test_what_each_word_calls(machine, args, line):
    machine.python("ensurepip")
    assert machine.run(*args)[2][-1].endswith(line)


def test_a_relative_home_is_the_callers(machine):
    machine.python("ensurepip")
    machine.run()
    told = '#!/bin/sh\necho "$CROSS_HOME" >> "$LOG"\n'
    machine.program("python", told, machine.project / ".venv" / "bin")
    assert machine.run(CROSS_HOME="data")[2][-1] == f"{machine.project.parent}/data"


def test_an_unknown_word_gets_the_list(machine):
    code, said, commands = machine.run("tset")
    assert (code, said, commands) == (2, [], [])


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_host_and_hashes_everything(lock):
    text = (PROJECT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"--(index|extra-index|find-links|trusted)", text)
    for pin in text.replace("\\\n", "").splitlines():
        assert re.search(r"==\S+.* --hash=sha256:[0-9a-f]{64}", pin), pin


def test_the_file_is_plain_sh():
    assert (PROJECT / "run").read_text().startswith("#!/bin/sh\n")
    assert os.access(PROJECT / "run", os.X_OK)
