"""The home pages: every figure is that of the list it leads to, or says that it is a floor."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from intel.actions import life
from intel.models import Tasking
from intel.reading import home
from intel.states import State
from tests import factories

HOME = reverse("home")


def figures(page):
    return {figure.url: figure for figure in page["figures"]}


@pytest.fixture
def waiting(cast, vosges):
    """Four to sort, one of them urgent; one to complete; one that the cell does not read."""
    made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(5)]
    life.move(made[3], by=cast.anna, target=State.URGENT, why="Arme visible")
    life.move(made[4], by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    return made


def test_each_figure_of_the_cell_is_that_of_its_list(cast, enter, waiting):
    client = enter(cast.anna)
    found = figures(home.of_the_cell(cast.anna))
    assert {url: figure.value.value for url, figure in found.items() if figure.value} == {
        reverse("triage_queue"): 4,
        f"{reverse('report_list')}?etat=a_completer": 1,
    }
    assert found[reverse("triage_queue")].detail == "1 urgent"
    for url, figure in found.items():
        context = client.get(url, follow=True).context
        assert (context["count"], context["count_capped"]) == (figure.value.value, False), url


def test_each_figure_of_a_liaison_is_that_of_its_list(cast, enter, waiting):
    client = enter(cast.diane)
    found = figures(home.of_a_liaison(cast.diane))
    words = {figure.words: figure.value.value for figure in found.values()}
    assert words == {
        "à prendre en compte ou à répondre": 0,
        "à compléter par nous": 1,
        "nouveaux en sept jours": 6,
        "fiches de mon unité": 6,
        "brouillon": 0,
    }
    for url, figure in found.items():
        if url.startswith("/"):
            assert client.get(url).context["count"] == figure.value.value, url


@pytest.mark.parametrize(("who", "is_quiet"), [("diane", False), ("louise", True)])
def test_a_quiet_day_says_what_can_be_done(cast, enter, waiting, who, is_quiet):
    page = enter(cast[who]).get(HOME).content.decode()
    assert ("Rien n’attend votre unité" in page) == is_quiet
    assert ("data-zero" in page, "Demandez la fiche" in page) == (True, is_quiet)
    assert waiting[0].reference not in enter(cast.paul).get(HOME).content.decode()


def test_what_is_asked_and_what_is_late(cast, enter, vosges):
    for days in (-2, 3):
        report = factories.report(cast.diane, vosges["Épinal"], grade=("B", "2"))
        for target in (State.SORTED, State.GRADED):
            life.move(report, by=cast.anna, target=target)
        life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
        until = timezone.localdate() + timedelta(days=days)
        Tasking.objects.of(report).update(answer_by=until)
    asked = home.of_a_liaison(cast.louise)
    assert figures(asked)[reverse("tasking_list")].value.value == 2
    assert [tasking.is_late for tasking in asked["asked"]] == [True, False]
    directed = figures(home.of_the_cell(cast.anna))[f"{reverse('report_list')}?etat=orientes"]
    assert (directed.value.value, directed.detail) == (2, "1 en retard")
    assert home.of_a_liaison(cast.paul)["asked"] == []


def test_beyond_what_is_counted_a_figure_says_so(cast, enter, waiting, monkeypatch):
    monkeypatch.setattr("intel.reading.capped.COUNTED_UP_TO", 2)
    found = figures(home.of_the_cell(cast.anna))[reverse("triage_queue")]
    assert (str(found.value), found.words) == ("plus de 2", "à trier")
    client = enter(cast.anna)
    assert "plus de 2" in client.get(HOME).content.decode()
    queue = client.get(reverse("triage_queue"), follow=True)
    assert "plus de <strong>2</strong>" in queue.content.decode()
    assert len(queue.context["side"].page) == 4
