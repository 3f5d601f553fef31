"""The table at the end of `./run test --slow`: row → tests → what they said last, and the figure.

    def test_an_edited_row_is_found(figure):
        ...
        figure("B53", f"{found} attacks of {tried} found")

A plugin, loaded by pyproject.toml. A figure travels with the report of its test, so that what a
process of xdist measured is told by the one that prints.
"""

from collections import Counter, defaultdict

import pytest

from tests.trust import checklist

PROPERTY = "figure"
# Worst first: a test with parameters is as good as the worst of them.
ORDER = ("failed", "skipped", "passed")

outcomes: dict[str, set[str]] = defaultdict(set)
figures: dict[str, list[str]] = defaultdict(list)


@pytest.fixture
def figure(request):
    """`figure(row, text)`: what the test measured, for the table of the end."""

    def keep(row, text):
        request.node.user_properties.append((PROPERTY, [row, str(text)]))

    return keep


def pytest_runtest_logreport(report):
    name = report.nodeid.partition("[")[0]
    if report.when == "call" or report.outcome != "passed":
        outcomes[name].add(report.outcome)
    if report.when == "call" and report.passed:
        for key, value in report.user_properties:
            if key == PROPERTY and value[1] not in figures[value[0]]:
                figures[value[0]].append(value[1])


def outcome(test):
    """What became of a test: the worst of its parameters, or "not run"."""
    return next((each for each in ORDER if each in outcomes[test]), "not run")


def state(row):
    """One word for a row: shown when all its tests passed."""
    told = {outcome(test) for test in row.tests}
    if "failed" in told:
        return "FAILED"
    if not told:
        return "n/a" if row.not_applicable else "reasoned" if row.reason else "left"
    if told == {"passed"}:
        return "in part" if row.left else "shown"
    return "not run" if "not run" in told else "skipped"


def in_order(found):
    return sorted(found, key=lambda row: int(row.name[1:]))


def table(found):
    """The lines of the checklist."""
    for row in in_order(found):
        yield f"{row.name:<5}{state(row):<9}{row.claim}"
        for test in row.tests:
            yield f"{'':14}{outcome(test):<8} {test}"
        for told in figures[row.name]:
            yield f"{'':14}→ {told}"
        if row.left:
            yield f"{'':14}left: {row.left}"


def counts(found):
    told = Counter(map(state, found))
    return ", ".join(f"{number} {name}" for name, number in told.most_common())


def unmet(found):
    """Of the requirements, only what is not shown, reasoned or not applicable."""
    for row in found:
        if state(row) not in {"shown", "reasoned", "n/a"}:
            yield f"{row.name:<9}{state(row):<9}{row.left or ', '.join(row.tests)}"


def pytest_terminal_summary(terminalreporter, config):
    if not config.getoption("--slow"):
        return
    write = terminalreporter.write_line
    rows, asked = checklist.rows(), checklist.requirements()
    terminalreporter.section("what is promised, and what shows it")
    for line in table(rows):
        write(line)
    terminalreporter.section("OWASP ASVS 5.0")
    for line in unmet(asked):
        write(line)
    write(f"checklist, {len(rows)} rows: {counts(rows)}")
    write(f"ASVS 5.0, {len(asked)} requirements: {counts(asked)}")
