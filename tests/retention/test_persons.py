"""A person asks what is kept of her: who looks, what is found, what she reads, what is withheld.

Diane's report names Zoé Essai; Karim's is of a human source; Paul's department has its own.
"""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cross.audit.models import Entry
from intel.models import Report
from tests import factories
from tests.identity.test_again import grow_old
from tests.intel.test_entry import words

NAME = [("name", "Zoé Essai 01/02/1990", "essai zoe|1990-02-01")]
ALIKE = [("name", "Zoée Essai 01/02/1990", "essai zoee|1990-02-01")]
CANARY = "CHARDONNERET"
SAID = {
    "number": "DA-2026-014",
    "received_on": "02/09/2026",
    "way": "direct",
    "person": "Zoé Essai",
    "born_on": "01/02/1990",
    "others": "",
    "verified": "on",
}
EXTRACT = "Vous avez été vue devant la gare le 3 août."


@pytest.fixture
def named(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], identifiers=NAME, facts=CANARY)


@pytest.fixture
def address(cast):
    return reverse("person_request")


def ask(client, address, **said):
    return client.post(address, SAID | said)


def decide(client, address, reports, document="reponse", **said):
    """`reports` is {report: (decision, extract)}."""
    decided = {}
    for report, (decision, extract) in reports.items():
        decided[f"decision_{report.reference}"] = decision
        decided[f"extract_{report.reference}"] = extract
    return client.post(address, SAID | decided | {"document": document} | said)


def printed(answer):
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", text.replace("\xad", ""))


@pytest.mark.parametrize("who", ["ines", "diane", "anna", "marc", "claire", "gilles", "tom"])
def test_the_delegate_alone_looks_for_a_person(cast, enter, named, address, who):
    answer = ask(enter(cast[who]), address)
    assert answer.status_code == (200 if who == "ines" else 403)
    assert (named.reference in answer.text) is (who == "ines")


def test_whoever_answers_proves_who_he_is_and_nothing_typed_is_lost(cast, enter, named, address):
    client = enter(cast.ines)
    factories.factor(cast.ines)
    grow_old(client)
    answer = ask(client, address)
    assert answer.status_code == 401
    assert named.reference not in answer.text
    assert 'value="Zoé Essai"' in answer.text


def test_what_is_found_and_what_is_shown_of_it(cast, enter, vosges, named, address):
    """Alike names and names in a text too; a reference, a unit, a term: no word of a report."""
    place = vosges["Épinal"]
    hidden = factories.report(cast.diane, place, units=[], identifiers=ALIKE, facts=CANARY)
    told = factories.report(cast.karim, place, facts=f"{CANARY} : Zoe ESSAI attend dans le hall.")
    another = factories.report(cast.diane, place, facts="Un homme attend.")
    page = words(ask(enter(cast.ines), address))
    for report in (named, hidden, told):
        assert report.reference in page
    assert another.reference not in page
    assert "3 fiches trouvées" in page
    assert "Nom et date de naissance Zoé Essai 01/02/1990 : identique" in page
    assert "un nom proche, à vérifier" in page
    assert "ces mots dans le texte, à vérifier" in page
    assert "lecture restreinte" in page
    assert CANARY not in page
    assert "hall" not in page


def test_other_identifiers_are_looked_for_too_a_nickname_included(cast, enter, vosges, address):
    place = vosges["Épinal"]
    plate = factories.report(cast.diane, place, identifiers=[("plate", "AB-123-CD", "AB123CD")])
    alias = factories.report(cast.diane, place, identifiers=[("alias", "Loulou", "loulou")])
    page = words(ask(enter(cast.ines), address, others="ab 123 cd\nLoulou"))
    assert plate.reference in page
    assert alias.reference in page
    assert "Surnom Loulou : identique" in page


def test_another_department_is_not_looked_into(cast, enter, meurthe, address):
    theirs = factories.report(cast.paul, meurthe["Nancy"], identifiers=NAME)
    page = words(ask(enter(cast.ines), address))
    assert theirs.reference not in page
    assert "0 fiche trouvée" in page


def test_she_reads_what_may_be_told_and_nothing_of_the_rest(
    cast, enter, vosges, named, address, figure
):
    other = factories.report(cast.karim, vosges["Épinal"], identifiers=NAME, facts=CANARY)
    answer = decide(enter(cast.ines), address, {named: ("dit", EXTRACT), other: ("enquetes", "")})
    told = printed(answer)
    assert EXTRACT in told
    assert "Information 1" in told
    assert "Information 2" not in told
    assert "Zoé Essai" in told
    for hidden in (
        named.reference,
        other.reference,
        CANARY,
        "gênerait une enquête ou une procédure",
    ):
        assert hidden not in told, told
    lines = Entry.objects.filter(verb__contains="person").values_list(
        "verb", "target", "recipients"
    )
    assert set(lines) == {
        ("person.answered", "demande d’accès DA-2026-014", "la personne concernée"),
        ("report.told_to_person", named.reference, "la personne concernée"),
        ("report.withheld_from_person", other.reference, "la personne concernée"),
    }
    [withheld] = Entry.objects.filter(verb="report.withheld_from_person")
    assert "gênerait une enquête" in withheld.why
    figure("B50", "an answer to a person: one line a report, told or withheld, with its reason")


def test_nothing_kept_and_all_withheld_read_alike(cast, enter, named, address, figure):
    """Byte for byte but for the hour: existence is told to nobody, by no turn of words."""
    client = enter(cast.ines)
    withheld = printed(decide(client, address, {named: ("securite", "")}))
    nothing = printed(decide(client, address, {}, person="Ana Inconnue", number="DA-2026-015"))

    def masked(text):
        text = re.sub(r"Zoé Essai|Ana Inconnue|DA-?2026-?01\d", "…", text)
        return re.sub(r"\d{2}[:h ]+\d{2}", "…", text)

    assert masked(withheld) == masked(nothing)
    assert "Aucune information ne vous est communiquée" in nothing
    figure("B2", "the answer to a person: all withheld and nothing kept are one text")


def test_through_the_authority_it_is_the_authority_that_reads(cast, enter, named, address):
    client = enter(cast.ines)
    refused = decide(client, address, {named: ("enquetes", "")}, way="indirect")
    assert refused.status_code == 422  # nobody answers her but the authority
    file = decide(client, address, {named: ("enquetes", "")}, "dossier", way="indirect")
    told = printed(file)
    assert named.reference in told
    assert "gênerait une enquête" in told
    assert CANARY not in told
    [line] = Entry.objects.filter(verb="report.withheld_from_person")
    assert line.recipients.startswith("Commission nationale")


def test_the_file_that_is_kept_tells_nobody_anything(cast, enter, named, address):
    printed(decide(enter(cast.ines), address, {named: ("dit", EXTRACT)}, "dossier"))
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert "person.file_made" in verbs
    assert "report.told_to_person" not in verbs


@pytest.mark.parametrize("way", ["direct", "indirect"])
def test_a_sheet_to_work_from_is_printed_before_anything_is_decided(
    cast, enter, vosges, named, address, way
):
    """Units answer in days: nothing is kept here meanwhile, and nobody is told anything."""
    other = factories.report(cast.karim, vosges["Épinal"], identifiers=NAME)
    decided = {named: ("", ""), other: ("dit", "")}
    told = printed(decide(enter(cast.ines), address, decided, "feuille-de-travail", way=way))
    assert told.count("À décider") == 1
    assert {named.reference, other.reference} <= set(told.split())
    assert CANARY not in told
    [line] = Entry.objects.filter(verb="person.sheet_made")
    assert line.recipients == str(cast.ines)
    assert "Feuille de travail" in told
    assert not Entry.objects.filter(verb__endswith="_person").exists()


def test_nothing_of_a_human_source_is_told(cast, enter, named, address):
    Report.objects.filter(pk=named.pk).update(origin="human_source")
    answer = decide(enter(cast.ines), address, {named: ("dit", EXTRACT)})
    assert answer.status_code == 422
    assert "vient d’une source humaine" in words(answer)
    assert not Entry.objects.filter(verb__startswith="person.answered").exists()


@pytest.mark.parametrize(
    ("decided", "sentence"),
    [
        (("", ""), "Choisissez ce qui en est communiqué"),
        (("dit", ""), "Écrivez ce que l’unité propriétaire communique"),
        (("dit", "Voir CROSS-88-2026-12345"), "Ôtez la référence"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    cast, enter, named, address, decided, sentence
):
    answer = decide(enter(cast.ines), address, {named: decided})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert decided[1] in answer.text
    assert 'value="Zoé Essai"' in answer.text


def test_a_report_that_came_meanwhile_is_to_be_decided_too(cast, enter, vosges, named, address):
    client = enter(cast.ines)
    late = factories.report(cast.diane, vosges["Épinal"], identifiers=NAME)
    answer = decide(client, address, {named: ("securite", "")})
    assert answer.status_code == 422
    assert f"Décision pour {late.reference}" in words(answer)
    assert answer.context["form"].errors.keys() == {f"decision_{late.reference}"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"number": "Demande de Mme Essai"}, "qu’elle ne nomme personne"),
        ({"verified": ""}, "Vérifiez d’abord qui demande"),
        ({"others": "…"}, "ni lettre ni chiffre"),
        ({"person": ""}, "À remplir"),
    ],
)
def test_bad_input_is_told_in_a_sentence(cast, enter, address, said, sentence):
    answer = ask(enter(cast.ines), address, **said)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert SAID["received_on"] in answer.text


def test_the_journal_never_holds_the_name(cast, enter, named, address):
    client = enter(cast.ines)
    ask(client, address, others="06 39 98 12 34")
    decide(client, address, {named: ("dit", EXTRACT)})
    for line in Entry.objects.all():
        held = " ".join(map(str, (line.target, line.why, line.recipients))).casefold()
        assert "essai" not in held.replace("inès essai", "")
        assert "639981234" not in held.replace(" ", "")
        assert "gare" not in held
    [searched] = Entry.objects.filter(verb="person.searched")
    assert searched.target == "demande d’accès DA-2026-014"
    assert "Nom et date de naissance et Téléphone" in searched.why
    assert timezone.localdate(searched.at) == timezone.localdate()


def test_what_shows_what_was_found_always_has_its_line(cast, enter, named, address):
    """An answer that was never asked for and is not whole shows it like a search: it is one."""
    answer = enter(cast.ines).post(address, SAID | {"document": "reponse"})
    assert answer.status_code == 422
    assert named.reference in words(answer)
    assert Entry.objects.filter(verb="person.searched").count() == 1
    spelled = enter(cast.ines).post(
        address, SAID | {"document": "reponse", "number": "Demande de Zoé"}
    )
    assert "qu’elle ne nomme personne" in words(spelled)
    assert Entry.objects.filter(verb="person.searched").count() == 1


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ("\n".join(f"AB-{number}-CD" for number in range(100, 125)), "Donnez 19 identifiants"),
        ("mot " * 40, "Une ligne dépasse 120 caractères"),
    ],
)
def test_an_identifier_is_looked_for_or_refused(cast, enter, named, address, others, sentence):
    answer = ask(enter(cast.ines), address, others=others)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_too_many_is_refused_with_what_to_do(cast, enter, vosges, named, address, monkeypatch):
    monkeypatch.setattr("intel.reading.persons.MOST", 0)
    answer = ask(enter(cast.ines), address)
    assert answer.status_code == 422
    assert "précisez la date de naissance" in words(answer)
