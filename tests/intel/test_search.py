"""What one looks for: around a place, with what it holds, why a row was found."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intel.actions import attachments, places, raw_texts, reports
from services.territory.points import degrees_of
from tests import factories
from tests.intel.test_report_list import LIST, found, in_numbers, listing, queries_of


def cite(report, name, point, *, by, state=""):
    place = places.create(
        places.Described(name, "lieu", report.commune, point=point), by=by
    )  # fmt: skip
    places.cite(place, report, places.Said(timezone.localdate(), state=state), by=by)
    return place


@pytest.fixture
def spots(cast, vosges):
    """Communes are squares of 1 km side by side: their centres at 500, 1 500 and 2 500 m."""
    here = factories.report(cast.diane, vosges["Épinal"], subject="Au centre")
    far = factories.report(cast.diane, vosges["Épinal"], subject="Au bord")
    next_door = factories.report(cast.louise, vosges["Golbey"], subject="À côté")
    cite(far, "Hall du Nord", (980, 500), by=cast.diane)
    return {"here": here, "far": far, "next_door": next_door}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"autour": "Épinal", "rayon": "200"}, {"here"}),
        ({"autour": "epinal", "rayon": "500"}, {"here", "far"}),
        ({"autour": "Épinal (88001)", "rayon": "1000"}, {"here", "far", "next_door"}),
        ({"autour": "Golbey", "rayon": "200"}, {"next_door"}),
        ({"autour": "Golbey", "rayon": "500"}, {"next_door"}),
        ({"autour": "Hall du Nord", "rayon": "200"}, {"far"}),
        ({"autour": "hall du nord (épinal)", "rayon": "500"}, {"far", "here"}),
        ({"autour": "Le Thillot"}, {"here", "far", "next_door"}),  # 5 km, unless said
        ({"autour": "Épinal", "rayon": "1000", "qui": "unite"}, {"here", "far"}),
    ],
)
def test_within_a_radius(cast, enter, spots, asked, expected):
    client = enter(cast.diane)
    assert set(found(client, **asked)) == {spots[name].reference for name in expected}


def test_around_a_point_in_degrees(cast, enter, spots):
    latitude, longitude = degrees_of(980, 500, 2154)
    asked = {"autour": f"{latitude:.7f}, {longitude:.7f}", "rayon": "200"}
    shown = listing(enter(cast.diane), **asked)
    assert [row.reference for row in shown.page] == [spots["far"].reference]


def test_a_row_says_how_far_it_is_and_from_what(cast, enter, spots):
    shown = listing(enter(cast.diane), autour="Épinal", rayon="1000")
    said = {row.reference: (row.position.said, row.position.place) for row in shown.page}
    assert said == {
        spots["here"].reference: ("0\u00a0m", ""),
        spots["far"].reference: ("480\u00a0m", "Hall du Nord"),
        spots["next_door"].reference: ("1,0\u00a0km", ""),
    }
    html = enter(cast.diane).get(LIST, {"autour": "Épinal", "rayon": "1000"}).content.decode()
    assert "centre de la commune" in html
    assert "Hall du Nord" in html
    assert [chip["text"] for chip in shown.chosen] == ["Épinal, 1 km"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Zorglub", "Ni commune, ni lieu que vous lisez"),
        ("Hall", "Plusieurs lieux portent ce nom"),
        ("91,5 ; 6,4", "Ni commune, ni lieu"),
    ],
)
def test_a_ground_that_is_not_understood_is_told(cast, vosges, enter, spots, text, sentence):
    other = factories.report(cast.diane, vosges["Golbey"])
    cite(other, "Hall du Sud", (1500, 500), by=cast.diane)
    response = enter(cast.diane).get(LIST, {"autour": text})
    html = response.content.decode()
    assert response.status_code == 200
    assert sentence in html


def test_a_hidden_report_places_nothing(cast, vosges, enter, spots):
    """A place that only a hidden report cites is no place, nor does it move anything."""
    client = enter(cast.diane)
    asked = [
        {"autour": "Épinal", "rayon": "1000"},
        {"autour": "Épinal", "rayon": "200"},
        {"autour": "Golbey", "rayon": "200"},
    ]
    before = [(in_numbers(listing(client, **each)), found(client, **each)) for each in asked]
    unknown = client.get(LIST, {"autour": "Cave secrète"}).content.decode()
    hidden = factories.report(cast.louise, vosges["Épinal"], units=[cast.bruno.unit])
    cite(hidden, "Cave secrète", (1500, 500), by=cast.louise)
    cite(hidden, "Hall caché", (500, 500), by=cast.louise)
    after = [(in_numbers(listing(client, **each)), found(client, **each)) for each in asked]
    assert after == before
    assert "Ni commune, ni lieu que vous lisez" in unknown
    assert (
        "Ni commune, ni lieu que vous lisez"
        in client.get(LIST, {"autour": "Cave secrète"}).content.decode()
    )
    assert hidden.reference in found(enter(cast.bruno), autour="Cave secrète", rayon="200")
    assert found(enter(cast.paul), autour="Épinal") == []


# --- By its number ------------------------------------------------------------------------------


def test_the_number_alone_finds_what_one_reads(cast, vosges, enter):
    """« 79530 » over the phone; of a hidden report, the very same page as of none."""
    open_to_all = factories.report(cast.diane, vosges["Épinal"])
    hidden = factories.report(cast.diane, vosges["Épinal"], units=[cast.bruno.unit])
    numbers = [each.reference.rpartition("-")[2] for each in (open_to_all, hidden)]
    louise = enter(cast.louise)
    assert found(louise, q=numbers[0]) == [open_to_all.reference]
    assert found(louise, q=f" {numbers[0]} ") == [open_to_all.reference]
    assert found(louise, q=numbers[0][1:]) == []
    assert found(louise, q=numbers[1]) == []
    assert found(enter(cast.diane), q=numbers[1]) == [hidden.reference]
    assert found(enter(cast.paul), q=numbers[0]) == []


# --- What it holds ------------------------------------------------------------------------------


def test_with_a_file_and_with_an_identifier_of_a_kind(cast, vosges, enter):
    filed = factories.report(cast.diane, vosges["Épinal"])
    upload = SimpleUploadedFile("note.txt", b"ce que dit la note")
    attachments.attach(filed, by=cast.diane, upload=upload)
    called = factories.report(
        cast.diane, vosges["Golbey"], identifiers=[("phone", "06 39 98 12 34", "+33639981234")]
    )
    client = enter(cast.louise)
    assert found(client, pieces="avec") == [filed.reference]
    assert found(client, identifiant="phone") == [called.reference]
    assert found(client, identifiant=["plate", "phone"]) == [called.reference]
    assert found(client, identifiant="plate") == []
    shown = listing(client, pieces="avec", identifiant="phone")
    assert [(chip["label"], chip["text"]) for chip in shown.chosen] == [
        ("Identifiant cité", "Téléphone"),
        ("Pièces jointes", "Avec une pièce jointe"),
    ]
    assert [way.count.value for way in shown.ways_out] == [1, 1]


def test_a_file_kept_for_its_unit_says_nothing_to_others(cast, vosges, enter):
    sourced = factories.report(cast.diane, vosges["Épinal"], origin="human_source")
    raw_texts.keep(sourced, by=cast.diane, original=raw_texts.Original("Dit tout bas.", True))
    upload = SimpleUploadedFile("source.txt", b"ce que dit la source")
    attachments.attach(sourced, by=cast.diane, upload=upload)
    assert found(enter(cast.karim), pieces="avec") == [sourced.reference]
    assert found(enter(cast.louise), pieces="avec") == []


# --- Why a row was found ------------------------------------------------------------------------


def excerpt(client, **query):
    [row] = listing(client, **query).page
    return row.excerpt


def test_an_excerpt_marks_the_words_as_they_were_written(cast, vosges, enter):
    factories.report(
        cast.diane,
        vosges["Épinal"],
        subject="Hall",
        facts="Rien ici. " * 30 + "Un cœur, des livraisons de cocaïne. " + "Et plus. " * 40,
    )
    client = enter(cast.louise)
    told = excerpt(client, q="cocaine livraison coeur")
    marked = [text for text, is_sought in told.parts if is_sought]
    assert marked == ["cœur", "livraisons", "cocaïne"]
    said = "".join(text for text, _ in told.parts)
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) < 200
    html = client.get(LIST, {"q": "cocaine"}).content.decode()
    assert "<mark>cocaïne</mark>" in html


def test_an_excerpt_names_the_identifier_and_stays_text(cast, vosges, enter):
    factories.report(
        cast.diane,
        vosges["Épinal"],
        facts="Une berline <script>alert(1)</script> attend.",
        identifiers=[("plate", "AB-123-CD", "AB123CD")],
    )
    client = enter(cast.louise)
    assert excerpt(client, q="ab 123 cd").cited == ("AB-123-CD",)
    html = client.get(LIST, {"q": "berline"}).content.decode()
    assert "<mark>berline</mark>" in html
    assert "<script>alert" not in html


def test_the_comment_of_the_cell_is_no_excerpt(cast, vosges, enter):
    told = factories.report(cast.diane, vosges["Épinal"])
    reports.comment(told, by=cast.anna, text="Zébulon est connu.", version=1)
    assert excerpt(enter(cast.louise), q="zebulon").parts == ()


def test_an_excerpt_asks_one_query_more_for_a_page(cast, vosges, enter):
    client = enter(cast.louise)
    for days in range(3):
        at = timezone.now() - timedelta(days=days)
        factories.report(cast.diane, vosges["Épinal"], received_at=at)
    client.get(LIST, {"q": "vendent"})
    assert queries_of(client, {"q": "vendent"}) <= 12
    assert queries_of(client, {"q": "vendent", "autour": "Épinal"}) <= 15


# --- One letter wrong ---------------------------------------------------------------------------


@pytest.fixture
def told(cast, vosges):
    return factories.report(
        cast.diane,
        vosges["Golbey"],
        subject="Livraisons à Épinal",
        facts="Un guetteur prévient, de la cocaïne part en scooter vers la Moselle.",
        products=["cocaine"],
        identifiers=[
            ("plate", "AB-123-CD", "AB123CD"),
            ("phone", "06 39 98 12 34", "+33639981234"),
        ],
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cocaene", "cocaïne"),  # another letter
        ("coccaine", "cocaïne"),  # one too many
        ("cocane", "cocaïne"),  # one missing
        ("cocaien", "cocaïne"),  # two that changed places
        ("COCAENE", "cocaïne"),
        ("guetteru", "guetteur"),
        ("scooter cocaene", "scooter cocaïne"),
        ("scoter cocaene", "scooter cocaïne"),  # one in each of two words
        ('"guetteur previnet"', '"guetteur prévient"'),
        ("cocaene -voiture", "cocaïne -voiture"),
        ("épinla", "épinal"),
        ("golbei", "golbey"),  # the name of a commune, in no text
        ("AB-123-CE", "AB-123-CD"),
        ("ba 123 cd", "AB-123-CD"),
        ("06 39 98 12 43", "06 39 98 12 34"),
    ],
)
def test_one_letter_wrong_is_put_right_and_found(cast, enter, told, typed, meant):
    client = enter(cast.louise)
    shown = listing(client, q=typed)
    assert [each.words for each in shown.meant] == [meant]
    assert [row.reference for row in shown.page] == [told.reference]
    html = client.get(LIST, {"q": typed}).content.decode()
    assert "Vouliez-vous dire" in html
    # Pages, chips and facets go on from what is shown.
    assert shown.query["q"] == meant


@pytest.mark.parametrize(
    "typed",
    ["cocxxne", "guetter prevenu zzzz yyyy xxxx", "xyz", "cocaene -scooter", "!!!", "AB-124-CE"],
)
def test_what_is_farther_is_not_guessed(cast, enter, told, typed):
    shown = listing(enter(cast.louise), q=typed)
    assert (shown.meant, shown.page.rows) == ((), [])


def test_a_word_that_is_known_is_left_alone(cast, vosges, enter, told):
    """Both are words of reports: that none has the two is no slip of the pen."""
    factories.report(cast.diane, vosges["Golbey"], facts="Une cave fermée.")
    assert listing(enter(cast.louise), q="cocaine cave").meant == ()
    assert found(enter(cast.louise), q="cave")


def test_what_is_proposed_fits_the_other_filters(cast, vosges, enter, told):
    client = enter(cast.louise)
    assert [each.words for each in listing(client, q="cocaene", produit="cocaine").meant] == [
        "cocaïne"
    ]
    assert listing(client, q="cocaene", produit="heroine").meant == ()


HIDDEN_WORDS = [
    "zebulom",
    "zebulon",
    "cocaene",
    "AB-999-CE",
    "AB-999-CD",
    "06 39 98 00 01",
    "golbei",
]


@pytest.mark.parametrize("typed", HIDDEN_WORDS)
def test_a_hidden_report_proposes_nothing(cast, vosges, enter, told, typed):
    """Neither the answer nor how much the database is asked tells that it is there."""
    client = enter(cast.diane)

    def answer():
        shown = listing(client, q=typed)
        return (
            in_numbers(shown),
            [each.words for each in shown.meant],
            [row.reference for row in shown.page],
            queries_of(client, {"q": typed}),
        )

    answer()
    before = answer()
    hidden = factories.report(
        cast.louise,
        vosges["Golbey"],
        units=[cast.bruno.unit],
        subject="Zébulon",
        facts="Zébulon, dit Cocaena, de Golbei.",
        identifiers=[
            ("plate", "AB-999-CD", "AB999CD"),
            ("phone", "06 39 98 00 02", "+33639980002"),
        ],
    )
    assert answer() == before
    # The refusal is for the right reason: Bruno, named, is told.
    assert hidden.reference in found(enter(cast.bruno), q="zebulom")
    assert listing(enter(cast.paul), q="zebulom").meant == ()
    assert listing(enter(cast.paul), q="cocaene").meant == ()
