"""Two reports that may be one: found while typing, said by the cell, taken back, never wider."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import invitations, life, matching, reports, sharing
from intel.models import FrequentValue, Identifier, Match, Report
from intel.reading import matching as reading
from intel.reading import nearby
from intel.states import State
from tests import factories

PHONE = [("phone", "06 39 98 12 34", "+33639981234")]
PLATE = [("plate", "AB-123-CD", "AB123CD")]
TEXT = (
    "Le riverain du troisième étage voit chaque vendredi une berline grise déposer un sac de "
    "sport dans la cave, puis repartir vers la déchetterie"
)
AGAIN = (
    "Chaque vendredi une berline grise dépose un sac de sport dans la cave, puis repart vers la "
    "déchetterie, selon un riverain du troisième étage."
)


@pytest.fixture
def pair(cast, vosges):
    """Diane's, told first, and Louise's: two services, one telephone."""
    yesterday = timezone.now() - timedelta(days=1)
    first = factories.report(
        cast.diane, vosges["Épinal"], identifiers=PHONE, received_at=yesterday, origin="citizen"
    )
    return factories.report(cast.louise, vosges["Golbey"], identifiers=PHONE), first


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def near_of(report, member):
    found = nearby.nearby(stored(report), member, list(Identifier.objects.of(report)))
    return {each.reference: each.reasons for each in found}


def say(pair, by, kind, why="Même véhicule"):
    return matching.decide(*pair, by=by, kind=kind, why=why)


def pairs_of(member):
    """The references of each pair that waits for a word of this member."""
    return [
        {pair.report.reference, pair.other.reference} for pair in reading.queue_of(member, {}).page
    ]


# --- What is near -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ({"identifiers": PHONE}, {"identifiers": PHONE}, "06 39 98 12 34 en commun"),
        ({"identifiers": PHONE}, {"identifiers": PLATE}, ""),
        ({"facts": TEXT}, {"facts": AGAIN}, "texte semblable"),
        ({"facts": TEXT}, {"facts": "Une berline grise passe chaque vendredi."}, ""),
        ({"place": "Rue de l’Église"}, {"place": "rue de l’eglise"}, "même lieu"),
        ({"place": "Rue de l’Église"}, {"place": "Rue du Pont"}, ""),
        ({}, {}, ""),
    ],
)
def test_what_brings_two_reports_near(cast, vosges, ours, theirs, reason):
    report = factories.report(cast.diane, vosges["Épinal"], **ours)
    other = factories.report(cast.louise, vosges["Épinal"], **theirs)
    found = near_of(report, cast.anna)
    assert (other.reference in found) == bool(reason)
    assert reason in found.get(other.reference, "")


def test_a_place_is_of_a_commune_and_of_some_days_an_identifier_of_neither(cast, vosges):
    long_ago = timezone.now() - timedelta(days=200)
    report = factories.report(cast.diane, vosges["Épinal"], place="Le port", identifiers=PHONE)
    factories.report(cast.louise, vosges["Golbey"], place="Le port")
    factories.report(cast.louise, vosges["Épinal"], place="Le port", received_at=long_ago)
    far = factories.report(cast.louise, vosges["Golbey"], identifiers=PHONE, received_at=long_ago)
    assert set(near_of(report, cast.anna)) == {far.reference}


def test_a_text_is_matched_whatever_punctuation_it_holds(cast, vosges):
    odd = (
        "L'homme d'O'Brien\\ dit : 'vend' & « rachète » | (tout) !? <b>gras</b> près du canal, "
        "https://a.invalid/x, chaque vendredi, berline grise"
    )
    report = factories.report(cast.diane, vosges["Épinal"], facts=odd)
    other = factories.report(cast.louise, vosges["Golbey"], facts=odd)
    assert "100 % des mots" in near_of(report, cast.anna)[other.reference].replace("\u00a0", " ")


@pytest.mark.parametrize("who", ["bruno", "anna", "gilles", "paul", "rose"])
def test_what_is_hidden_is_near_nothing_nor_takes_a_place(cast, vosges, who):
    report = factories.report(
        cast.diane, vosges["Épinal"], facts=TEXT, place="Le port", identifiers=PHONE
    )
    seen = factories.report(cast.karim, vosges["Épinal"], identifiers=PHONE)
    for _ in range(nearby.MOST_CITING + 2):
        factories.report(
            cast.diane, vosges["Épinal"], facts=AGAIN, place="Le port", identifiers=PHONE,
            units=[cast.louise.unit],
        )  # fmt: skip
    expected = {seen.reference} if who in {"bruno", "anna", "gilles"} else set()
    assert set(near_of(report, cast[who])) == expected
    assert len(near_of(report, cast.louise)) == nearby.MOST_NEARBY


# --- While typing -------------------------------------------------------------------------------


def typed(vosges, **more):
    return {
        "facts": "Vu au 06 39 98 12 34", "commune": "Golbey", "saisie": "nouveau-0123456789ab",
    } | more  # fmt: skip


def test_what_is_known_is_seen_before_saving(cast, vosges, enter, pair):
    client = enter(cast.bruno)
    fragment = client.post(reverse("entry_matches"), typed(vosges)).content.decode()
    assert all(report.reference in fragment for report in pair)
    line = Entry.objects.filter(verb="matches.sought").latest("pk")
    assert all(report.reference in line.why for report in pair)
    assert "639981234" not in line.why
    # The same without script: the whole form comes back, nothing lost.
    page = client.post(reverse("new_report"), typed(vosges, rapprocher="1")).content.decode()
    assert pair[0].reference in page
    assert "Vu au 06 39 98 12 34" in page
    none = client.post(reverse("entry_matches"), typed(vosges, facts="Rien de tel"))
    assert "Rien de proche" in none.content.decode()


@pytest.mark.parametrize("who", ["bruno", "paul"])
def test_typing_tells_nothing_of_what_is_hidden(cast, vosges, enter, who):
    factories.report(
        cast.diane, vosges["Golbey"], facts=TEXT, identifiers=PHONE, units=[], place="Le port"
    )
    said = typed(vosges, facts=f"{TEXT} 06 39 98 12 34", place="Le port")
    page = enter(cast[who]).post(reverse("entry_matches"), said).content.decode()
    assert "Rien de proche" in page
    assert not Entry.objects.filter(verb="matches.sought").exists()


def test_a_report_being_changed_is_not_near_itself(cast, vosges, enter, pair):
    mine = pair[1]
    said = typed(vosges, saisie=mine.reference)
    page = enter(cast.diane).post(reverse("entry_matches"), said).content.decode()
    assert mine.reference not in page
    assert pair[0].reference in page
    say(pair, cast.anna, Match.Kind.UNRELATED)
    page = enter(cast.diane).post(reverse("entry_matches"), said).content.decode()
    assert pair[0].reference not in page


# --- What is said of two ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Match.Kind)
def test_a_pair_that_was_decided_is_proposed_to_nobody_until_it_is_undone(cast, pair, kind):
    later, earlier = pair
    assert pairs_of(cast.anna) == [{later.reference, earlier.reference}]
    match = say((earlier, later), cast.anna, kind)
    assert (match.report, match.other) == (later, earlier), "from the later to the earlier"
    for name in ("anna", "marc", "bruno"):
        assert near_of(later, cast[name]) == near_of(earlier, cast[name]) == {}
    assert pairs_of(cast.marc) == []
    matching.undo(match, by=cast.marc)
    assert earlier.reference in near_of(later, cast.bruno)
    assert len(pairs_of(cast.anna)) == 1
    say(pair, cast.anna, kind)


@pytest.mark.parametrize(
    ("kind", "is_one_fact"),
    [("doublon", True), ("corrobore", True), ("sans_lien", False)],
)
def test_both_texts_stay_and_one_event_is_one_fact(cast, pair, kind, is_one_fact):
    later, earlier = pair
    own = stored(later).fact_id
    match = say(pair, cast.anna, kind)
    assert (stored(later).fact_id == stored(earlier).fact_id) == is_one_fact
    assert (stored(later).facts, stored(earlier).facts) == (later.facts, earlier.facts)
    assert stored(later).duplicate_of == (earlier if kind == "doublon" else None)
    matching.undo(match, by=cast.anna)
    assert stored(later).fact_id == own
    assert stored(later).duplicate_of is None


def test_a_duplicate_is_one_act_whichever_door_it_comes_by(cast, pair):
    later, earlier = pair
    life.move(later, by=cast.anna, target=State.DUPLICATE, original=earlier)
    [match] = access.readable_matches(cast.anna)
    assert (match.kind, match.report, match.step.target) == ("doublon", later, State.DUPLICATE)
    life.undo(later, by=cast.anna)
    assert not access.readable_matches(cast.anna).live()
    match = say(pair, cast.anna, "doublon")
    assert stored(later).state == State.DUPLICATE
    matching.undo(match, by=cast.anna)
    assert stored(later).state == State.RECEIVED


def test_undoing_a_duplicate_that_went_further_says_so(cast, pair):
    match = say(pair, cast.anna, "doublon")
    life.move(pair[0], by=cast.anna, target=State.ARCHIVED)
    with pytest.raises(ValidationError, match="Archivé"):
        matching.undo(match, by=cast.anna)
    assert access.readable_matches(cast.anna).live().exists()


def test_the_earlier_is_the_duplicate_when_the_later_is_too_far_on(cast, pair):
    later, earlier = pair
    Report.objects.filter(pk=later.pk).update(state=State.ENRICHED)
    match = say(pair, cast.anna, "doublon")
    assert (match.report, match.other) == (earlier, later)
    matching.undo(match, by=cast.anna)
    Report.objects.filter(pk=earlier.pk).update(state=State.DIRECTED)
    with pytest.raises(ValidationError, match="avant la cotation"):
        say(pair, cast.anna, "doublon")
    say(pair, cast.anna, "corrobore")


def test_facts_are_joined_and_parted_whole(cast, vosges):
    """A chain of three and a bridge: undoing one link parts only what nothing else holds."""
    made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(4)]
    own = [stored(report).fact_id for report in made]

    def facts():
        return [stored(report).fact_id for report in made]

    a, b, c, d = made
    ab, cd = say((b, a), cast.anna, "corrobore"), say((d, c), cast.anna, "corrobore")
    assert facts() == [own[0], own[0], own[2], own[2]]
    bc = say((c, b), cast.anna, "corrobore")
    assert facts() == [own[0]] * 4
    matching.undo(bc, by=cast.anna)
    assert facts() == [own[0], own[0], own[2], own[2]]
    bc, ad = say((c, b), cast.anna, "corrobore"), say((d, a), cast.anna, "corrobore")
    matching.undo(bc, by=cast.anna)
    assert facts() == [own[0]] * 4, "a and d still hold them"
    matching.undo(ad, by=cast.anna)
    assert facts()[0] == facts()[1] != facts()[2] == facts()[3]
    matching.undo(cd, by=cast.anna)
    matching.undo(ab, by=cast.anna)
    assert len(set(facts())) == 4


def test_what_cannot_be_said(cast, vosges, meurthe, pair):
    later, earlier = pair
    for two, told in (((later, later), "d’elle-même"), (pair, "Indiquez le motif")):
        with pytest.raises(ValidationError, match=told):
            say(two, cast.anna, "corrobore", why="" if two is pair else "x")
    theirs = factories.report(cast.paul, meurthe["Nancy"])
    with pytest.raises(ValidationError, match="même département"):
        say((later, theirs), cast.anna, "corrobore")
    say(pair, cast.anna, "sans_lien")
    with pytest.raises(ValidationError, match="déjà rapprochées"):
        say(pair, cast.marc, "corrobore")
    with pytest.raises(ValidationError, match="déjà rapprochées"):
        life.move(later, by=cast.anna, target=State.DUPLICATE, original=earlier)
    assert stored(later).state == State.RECEIVED


@pytest.mark.parametrize("who", ["diane", "louise", "bruno", "gilles", "rose", "claire", "paul"])
def test_the_cell_alone_says_it(cast, pair, enter, who):
    with pytest.raises(PermissionDenied):
        say(pair, cast[who], "corrobore")
    match, client = say(pair, cast.anna, "corrobore"), enter(cast[who])
    assert client.post(reverse("undo_match", args=[match.key])).status_code == 404
    assert client.get(reverse("match_queue")).status_code == 403
    assert client.get(reverse("match_pair", args=[pair[0].reference])).status_code == 404


# --- Independence, and the grade 1 --------------------------------------------------------------


def test_the_grade_1_wants_a_second_origin_that_confirms(cast, pair, enter):
    earlier = pair[1]
    address = reverse("grade_report", args=[earlier.reference])
    one = {"source_grade": "B", "information_grade": "1", "version": "1"}
    client = enter(cast.anna)
    duplicate = say(pair, cast.anna, "doublon")
    assert "un doublon redit" in client.post(address, one).content.decode()
    matching.undo(duplicate, by=cast.anna)
    say(pair, cast.anna, "corrobore")
    assert client.post(address, one).status_code == 302
    assert stored(earlier).grade == "B1"


@pytest.mark.parametrize(
    ("by", "origin", "counts"),
    [
        ("louise", "service", 2),
        ("louise", "citizen", 1),  # the same origin, carried by another service
        ("karim", "service", 1),  # the same service
    ],
)
def test_two_carriers_of_one_source_count_once(cast, vosges, enter, by, origin, counts):
    first = factories.report(cast.diane, vosges["Épinal"], origin="citizen")
    second = factories.report(cast[by], vosges["Épinal"], origin=origin)
    say((second, first), cast.anna, "corrobore")
    assert reports.has_second_origin(stored(first), member=cast.anna) == (counts == 2)
    page = enter(cast.bruno).get(first.get_absolute_url()).content.decode()
    words = "2 origines indépendantes" if counts == 2 else "1 origine indépendante"
    assert words in page.replace("\u00a0", " ")


def test_a_second_origin_that_one_does_not_read_does_not_count(cast, vosges):
    first = factories.report(cast.diane, vosges["Épinal"], origin="citizen")
    second = factories.report(cast.louise, vosges["Épinal"], units=[cast.anna.unit])
    say((second, first), cast.anna, "corrobore")
    until = timezone.localdate() + timedelta(days=30)
    narrowing = sharing.Narrowing((cast.bruno.unit,), "source", "", until)
    sharing.restrict(stored(second), by=cast.louise, narrowing=narrowing)
    assert not reports.has_second_origin(stored(first), member=cast.anna)


def test_each_grade_is_kept_with_whom_it_speaks_for(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], grade=("C", "3"))
    reports.grade(report, by=cast.anna, source="B", information="2", why="Recoupée", version=1)
    page = enter(cast.louise).get(report.get_absolute_url()).content.decode()
    assert "<strong>B2</strong> par la cellule" in page
    assert "<strong>C3</strong> par le contributeur" in page
    assert "Recoupée" in page


# --- Whoever does not read both -----------------------------------------------------------------


@pytest.mark.parametrize("kind", Match.Kind)
@pytest.mark.parametrize("who", ["bruno", "gilles", "rose", "paul"])
def test_a_match_of_a_hidden_report_does_not_exist(cast, vosges, enter, kind, who):
    """The sheet of the open one, what is near it and its export read the same bytes."""
    shown = factories.report(cast.diane, vosges["Épinal"])
    hidden = factories.report(
        cast.louise, vosges["Épinal"], units=[cast.anna.unit, cast.diane.unit]
    )
    secret = "Confidence de la cellule"
    match = say((hidden, shown), cast.anna, kind, why=secret)
    assert access.readable_matches(cast.diane).filter(pk=match.pk).exists()
    assert not access.readable_matches(cast[who]).filter(pk=match.pk).exists()
    client = enter(cast[who])
    for address in (
        shown.get_absolute_url(), reverse("near_reports", args=[shown.reference]),
        reverse("report_list"), reverse("export_reports"),
    ):  # fmt: skip
        text = b"".join(client.get(address)).decode(errors="replace")
        assert secret not in text
        assert hidden.reference not in text
    told = enter(cast.diane).get(reverse("near_reports", args=[shown.reference]))
    assert secret in told.content.decode()


def test_a_guest_is_not_told_what_the_cell_said(cast, vosges, enter, pair):
    for report in pair:
        invitations.invite(
            report, by=report.author, guest=cast.rose, reason="avis",
            until=timezone.now() + timedelta(days=2),
        )  # fmt: skip
    say(pair, cast.anna, "corrobore", why="Confidence de la cellule")
    client = enter(cast.rose)
    assert "Confidence" not in client.get(pair[0].get_absolute_url()).content.decode()
    assert client.get(reverse("near_reports", args=[pair[0].reference])).status_code == 404


# --- The page -----------------------------------------------------------------------------------


def test_the_sheet_tells_what_is_known_before_anything_is_looked_for(cast, vosges, enter, pair):
    cited = "1\u00a0identifiant de cette fiche est cité par d’autres fiches"
    hidden = factories.report(cast.diane, vosges["Épinal"], identifiers=PLATE, units=[])
    alone = factories.report(cast.louise, vosges["Épinal"], identifiers=PLATE)

    def card(report):
        page = enter(cast.anna).get(report.get_absolute_url()).content.decode()
        return page.partition('id="proches"')[2].partition("Chercher des rapprochements")[0]

    say(pair, cast.anna, Match.Kind.CORROBORATES)
    for report, other in (pair, pair[::-1]):
        assert other.reference in card(stored(report))
        assert cited in card(stored(report)).replace("&nbsp;", "\u00a0")
    assert hidden.reference not in card(alone)
    assert "identifiant" not in card(alone)  # nobody else who is read cites it


def test_pairs_are_decided_one_after_the_other_and_taken_back(cast, vosges, enter):
    other = factories.report(cast.diane, vosges["Épinal"], place="Le port")
    port = factories.report(cast.louise, vosges["Épinal"], place="le port")
    phones = [factories.report(cast.diane, vosges["Épinal"], identifiers=PHONE) for _ in range(2)]
    client = enter(cast.anna)
    opened = client.get(reverse("match_queue"))
    assert phones[1].reference in opened.url, "the nearest first"
    page = client.get(opened.url).content.decode()
    assert "06 39 98 12 34 en commun" in page
    address = reverse("decide_match", args=[phones[1].reference])
    sent = {"avec": phones[0].reference, "kind": "sans_lien"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Choisissez un motif" in refused.content.decode()
    answer = client.post(address, sent | {"reason": "4", "text": "Standard d’un hôtel"})
    assert port.reference in answer.url, "the next one opens by itself"
    [match] = access.readable_matches(cast.anna)
    assert (match.kind, match.why) == ("sans_lien", "Standard d’un hôtel")
    done = client.get(answer.url).content.decode()
    assert reverse("undo_match", args=[match.key]) in done
    undone = client.post(reverse("undo_match", args=[match.key]), follow=True)
    assert "peuvent de nouveau être rapprochées" in undone.content.decode()
    assert len(pairs_of(cast.anna)) == 2
    listed = client.get(reverse("match_list")).content.decode()
    assert "Standard d’un hôtel" in listed
    assert "Annulé" in listed
    assert other.reference not in listed


@pytest.mark.parametrize(
    ("opener", "ajax", "returns"),
    [("near_reports", True, "report_page"), ("near_reports", False, "near_reports"),
     ("triage_item", False, "triage_item")],
)  # fmt: skip
def test_a_pair_opened_elsewhere_than_in_the_queue_returns_there(
    cast, pair, vosges, enter, opener, ajax, returns
):
    report, other = pair
    for _ in range(2):
        factories.report(cast.diane, vosges["Épinal"], place="Le port")
    client = enter(cast.anna)
    headers = {"HX-Request": "true", "HX-Target": "proches"} if ajax else {}
    shown = client.get(reverse(opener, args=[report.reference]), headers=headers).content.decode()
    compare = re.search(r'href="([^"]*avec=[^"]*)">Comparer<', shown)[1]
    page = client.get(unescape(compare)).content.decode()
    back = unescape(re.search(r'name="retour" value="([^"]*)"', page)[1])
    assert f'href="{back}"' in page, "one may leave without a word"
    sent = {"avec": other.reference, "kind": "corrobore", "reason": "1", "retour": back}
    address = reverse("decide_match", args=[report.reference])
    assert 'name="retour"' in client.post(address, sent | {"reason": ""}).content.decode()
    answer = client.post(address, sent)
    assert answer.url.split("#")[0] == reverse(returns, args=[report.reference])
    assert "Corrobore : " in client.get(answer.url).content.decode()
    [match] = access.readable_matches(cast.anna)
    undone = client.post(reverse("undo_match", args=[match.key]), {"retour": back})
    assert undone.url == back


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.example/", "//ailleurs.example", "x"])
def test_one_returns_to_no_other_site(cast, pair, enter, elsewhere):
    report, other = pair
    client = enter(cast.anna)
    sent = {"avec": other.reference, "kind": "corrobore", "reason": "1", "retour": elsewhere}
    answer = client.post(reverse("decide_match", args=[report.reference]), sent)
    assert answer.url.startswith(reverse("match_queue"))


def test_two_reports_of_ones_choice_are_compared_and_a_hidden_one_is_absent(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    other = factories.report(cast.louise, vosges["Golbey"])
    hidden = factories.report(cast.louise, vosges["Golbey"], units=[cast.bruno.unit])
    address = reverse("match_pair", args=[report.reference])
    client = enter(cast.anna)
    told = []
    for wrong in (hidden.reference, "CROSS-88-2026-99999"):
        answer = client.get(address, {"avec": wrong})
        assert answer.status_code == 422
        told.append(answer.content.decode().replace(wrong, ""))
        assert client.post(address, {"avec": wrong}).status_code == 422
    assert "Aucune autre fiche que vous pouvez rapprocher" in told[0]
    assert "Aucune autre fiche que vous pouvez rapprocher" in told[1]
    found = client.post(address, {"avec": other.reference.lower()})
    page = client.get(found.url).content.decode()
    assert other.facts in page
    assert Entry.objects.filter(verb="report.read", target=other.reference).exists()


def test_pages_of_pairs(cast, vosges, enter):
    now = timezone.now()
    for rank in range(reading.PAGE + 3):
        for minute in range(2):
            factories.report(
                cast.diane, vosges["Épinal"], place=f"Lieu {rank}",
                received_at=now - timedelta(hours=rank, minutes=minute),
            )  # fmt: skip
    first = reading.queue_of(cast.anna, {})
    assert (len(first.page.rows), first.count.value) == (reading.PAGE, reading.PAGE + 3)
    second = reading.queue_of(cast.anna, {"apres": first.page.next})
    assert len(second.page.rows) == 3
    back = reading.queue_of(cast.anna, {"avant": second.page.previous})
    assert [pair.cursor for pair in back.page] == [pair.cursor for pair in first.page]
    page = enter(cast.anna).get(reverse("match_queue"), follow=True).content.decode()
    shown = first.page.rows
    told = {str(key) for pair in shown for key in (pair.later, pair.earlier)}
    assert not told & set(first.page.next.split("~")[1:]), "how many were written between"
    assert not any(f'fiche-{key}"' in page for key in told)
    beyond = f"1~{'f' * 16}~{'f' * 16}"
    wrongs = ("x", "1~2", "1~2~3~4", "9" * 40, f"1~{'f' * 16}~{'g' * 16}", beyond)
    for wrong in wrongs:
        assert len(reading.queue_of(cast.anna, {"apres": wrong}).page.rows) == reading.PAGE


# --- Values of too many reports -----------------------------------------------------------------


def test_a_frequent_value_brings_nothing_together_until_it_is_taken_off(cast, pair, enter):
    later, earlier = pair
    client = enter(cast.anna)
    said = {"kind": "phone", "raw": "06.39.98.12.34", "why": "Standard de l’hôtel"}
    assert client.post(reverse("list_value"), said).status_code == 302
    [listed] = FrequentValue.objects.all()
    assert near_of(later, cast.bruno) == {}
    assert pairs_of(cast.anna) == []
    assert "déjà sur la liste" in client.post(reverse("list_value"), said).content.decode()
    assert "Standard de l’hôtel" in client.get(reverse("frequent_values")).content.decode()
    assert "639981234" not in json.dumps(list(Entry.objects.values("target", "why")))
    client.post(reverse("end_value", args=[listed.pk]))
    assert earlier.reference in near_of(later, cast.bruno)


def test_a_value_of_a_hidden_report_is_listed_for_who_reads_it(cast, vosges, enter):
    """Another analyst is neither shown it, nor told that it is there when he lists it himself."""
    hidden = factories.report(
        cast.diane, vosges["Épinal"], identifiers=PHONE, units=[cast.anna.unit]
    )
    listed = matching.list_value(by=cast.anna, kind="phone", value="+33639981234", why="Hôtel")
    assert list(access.listed_values(cast.marc)) == [listed]
    until = timezone.localdate() + timedelta(days=30)
    narrowing = sharing.Narrowing((cast.bruno.unit,), "source", "", until)
    sharing.restrict(stored(hidden), by=cast.diane, narrowing=narrowing)
    client = enter(cast.marc)
    assert "Hôtel" not in client.get(reverse("frequent_values")).content.decode()
    assert client.post(reverse("end_value", args=[listed.pk])).status_code == 404
    said = {"kind": "phone", "raw": "06.39.98.12.34", "why": "Standard"}
    told = client.post(reverse("list_value"), said, follow=True).content.decode()
    assert "ne rapproche plus" in told
    assert list(access.listed_values(cast.anna)) == [listed], "she listed it"


def test_a_value_of_many_reports_makes_no_pair_and_is_proposed(cast, vosges, enter):
    for _ in range(reading.FREQUENT_FROM - 1):
        factories.report(cast.diane, vosges["Épinal"], identifiers=PHONE)
    factories.report(cast.diane, vosges["Épinal"], identifiers=PHONE, units=[cast.louise.unit])
    assert pairs_of(cast.anna)
    assert reading.frequent(cast.anna) == ([], []), "one more is hidden: it does not count"
    factories.report(cast.diane, vosges["Épinal"], identifiers=PHONE)
    assert pairs_of(cast.anna) == []
    [proposed] = reading.frequent(cast.anna)[1]
    assert (proposed.value, proposed.times) == ("+33639981234", reading.FREQUENT_FROM)
    assert "06 39 98 12 34" in enter(cast.anna).get(reverse("frequent_values")).content.decode()


@pytest.mark.parametrize("who", ["diane", "bruno", "gilles", "claire", "ines", "paul"])
def test_the_list_of_values_is_the_cells(cast, enter, who):
    listed = matching.list_value(by=cast.anna, kind="phone", value="+33639981234", why="x")
    client = enter(cast[who])
    assert client.get(reverse("frequent_values")).status_code == 403
    assert client.get(reverse("list_value")).status_code == 403
    assert client.post(reverse("end_value", args=[listed.pk])).status_code == 404
    assert FrequentValue.objects.filter(ended_at=None).exists()
