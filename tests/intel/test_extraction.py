"""Values normalised, texts cleaned, e-mails opened: what the forms and the import rely on."""

import time
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from intel.extraction import cleaning
from intel.extraction.communes import Gazetteer, find_communes
from intel.extraction.dates import date_span, find_dates
from intel.extraction.email import MAX_ATTACHMENT_BYTES, NotAMessage, read_message, text_of_html
from intel.extraction.identifiers import NORMALISERS, normalise, show
from intel.extraction.letters import fold
from intel.extraction.neighbourhoods import Neighbourhoods
from intel.extraction.phones import find_phones
from intel.extraction.plates import plate_country
from intel.extraction.products import WORDS, find_products, products_of_list
from intel.extraction.text import propose
from intel.models.choices import IdentifierKind, Product

SAMPLES = Path(__file__).parent / "samples"
THURSDAY = date(2026, 9, 17)


@pytest.mark.parametrize(("kind", "writings", "value"), [
    ("phone", ["06 39 98 12 34", "0639981234", "+33 6 39 98 12 34", "0033 (0)6.39.98.12.34",
               "+33 06 39 98 12 34"], "+33639981234"),
    ("phone", ["+49 151 2345 6789", "0049 15123456789"], "+4915123456789"),
    ("phone", ["0690 12 34 56", "+590 690 12 34 56"], "+590690123456"),
    ("phone", ["0639 40 12 34", "+262 639 40 12 34"], "+262639401234"),
    ("plate", ["AB-123-CD", "ab 123 cd", "AB123CD", "ab.123.cd"], "AB123CD"),
    ("plate", ["1234 JKL", "1234-jkl"], "1234JKL"),
    ("plate", ["KÖ-AB 12", "ko ab 12"], "KOAB12"),
    ("email", ["Momo@Exemple.FR ", "momo@exemple.fr"], "momo@exemple.fr"),
    ("account", ["@Vosges_Livr88", "vosges_livr88", "t.me/vosges_livr88"], "vosges_livr88"),
    ("alias", ["Le Turc", "« le  turc »", "LE-TURC"], "le turc"),
    ("name", ["Durand Léo 12/03/1999", "léo DURAND 1999-03-12", "Léo Durand né le 12/03/1999"],
     "durand leo|1999-03-12"),
    ("name", ["Léo Durand", "DURAND Leo"], "durand leo"),
    ("address", ["14 rue des Genêts", "14, RUE DES GENETS"], "14 rue des genets"),
    ("address", ["3 bd St-Michel", "3 boulevard Saint-Michel"], "3 boulevard saint michel"),
    ("imei", ["490154203237518", "49-015420-323751-8", "4901542032375186"], "49015420323751"),
    ("vin", ["vf1-abc 123", "VF1ABC123"], "VF1ABC123"),
    ("bank", ["FR76 3000 4000", "fr7630004000"], "FR7630004000"),
    ("wallet", ["bc1Q w508d6", "bc1Qw508d6"], "bc1Qw508d6"),
])  # fmt: skip
def test_two_writings_one_value(kind, writings, value):
    assert {normalise(kind, writing) for writing in writings} == {value}


def test_every_kind_of_identifier_has_its_normaliser():
    assert set(NORMALISERS) == set(IdentifierKind)


@pytest.mark.parametrize(("kind", "raw"), [
    ("phone", "06 39 98"), ("phone", "bonjour"), ("phone", "06 39 98 12 34 56"),
    ("plate", "AB"), ("plate", "ABCDEF"), ("plate", "12345678901"),
    ("email", "momo@exemple"), ("email", "momo"),
    ("imei", "490154203237519"), ("imei", "1234"),
    ("name", "12/03/1999"), ("name", "Durand 32/13/1999"),
    ("alias", " - "), ("address", ","), ("account", "@"), ("vin", "--"), ("wallet", ""),
    ("phone", "00 00 00 00 00"), ("name", "Œuvré " * 19), ("vin", "ß" * 61),
])  # fmt: skip
def test_what_cannot_be_such_an_identifier_is_refused_in_french(kind, raw):
    with pytest.raises(ValueError, match=r"n’est pas|vide|n’existe pas|ne contient ni|dépasse"):
        normalise(kind, raw)


@pytest.mark.parametrize(("kind", "value", "shown"), [
    ("phone", "+33639981234", "06 39 98 12 34"),
    ("phone", "+352621123456", "+352 621 123 456 (Luxembourg)"),
    ("plate", "AB123CD", "AB-123-CD"),
    ("plate", "1234JKL", "1234 JKL (Espagne)"),
    ("plate", "1234ZX88", "1234 ZX 88"),
    ("plate", "1ABC234", "1 ABC 234 (Belgique)"),
    ("alias", "le turc", "le turc"),
])  # fmt: skip
def test_a_value_is_shown_as_people_read_it(kind, value, shown):
    assert show(kind, value) == shown


def test_the_country_of_a_plate_is_a_guess_from_its_shape():
    plates = ["AB-123-CD", "123 ABC 88", "1234 JKL", "1-ABC-234", "VD 345678", "KA-XY 77", "?"]
    assert [plate_country(plate) for plate in plates] == ["FR", "FR", "ES", "BE", "CH", "DE", ""]


def test_folding_keeps_every_position():
    text = "Épinal’s “œuvre” – ÎLE\u00a0d’Ÿ\r\n★ İ ß"
    assert len(fold(text)) == len(text)
    assert fold("Épinal’s –") == "epinal's -"


def test_a_reference_of_ten_figures_is_not_a_phone():
    assert find_phones("PV n° 0123456789, dossier : 0639981234") == []


def test_each_product_can_be_named():
    named = {word.product for word in WORDS}
    assert named == set(Product) - {Product.UNKNOWN}


@pytest.mark.parametrize(("cell", "codes", "unknown"), [
    ("résine, herbe", ["cannabis_resine", "cannabis_herbe"], []),
    ("kétamine, MDMA", ["ketamine", "mdma"], []),
    ("protoxyde", ["nitrous_oxide"], []),
    ("synthèse ?", [], ["synthèse ?"]),
    ("", [], []),
    ("cannabis et cocaïne / cannabis", ["cannabis", "cocaine"], []),
])  # fmt: skip
def test_a_cell_of_products(cell, codes, unknown):
    assert products_of_list(cell) == (tuple(codes), tuple(unknown))


@pytest.mark.parametrize(("text", "value"), [
    ("hier soir", "2026-09-16"),
    ("jeudi 17 septembre", "2026-09-17"),
    ("17/09/26", "2026-09-17"),
    ("le 3/9", "2026-09-03"),
    ("semaine du 31 août", "2026-08-31/2026-09-06"),
    ("semaine du 31/08/2026", "2026-08-31/2026-09-06"),
    ("lundi 24 décembre", "2025-12-24"),
    ("mercredi 24 décembre", "2025-12-24"),
    ("nuit du 30 août au 1er septembre", "2026-08-30/2026-09-01"),
    ("du 30 décembre au 2 janvier", "2025-12-30/2026-01-02"),
    ("jeudi dernier", "2026-09-10"),
    ("le week-end dernier", "2026-09-12/2026-09-13"),
    ("il y a deux semaines", "2026-08-31/2026-09-06"),
    ("fin février 2024", "2024-02-21/2024-02-29"),
    ("le 2 octobre", "2026-10-02"),
    ("le 20 novembre", "2025-11-20"),
])  # fmt: skip
def test_a_date_is_read_against_the_day_of_writing(text, value):
    (found,) = find_dates(f"Vu {text}, sans suite.", THURSDAY)
    assert found.value == value
    first, last = date_span(found.value)
    assert first <= last


@pytest.mark.parametrize("text", ["31/02/2026", "32/13/2026", "45 septembre", "le vendredi soir",
                                  "1/2 gramme", "24/24", "7 jours sur 7"])  # fmt: skip
def test_what_is_no_date(text):
    assert find_dates(text, THURSDAY) == []


GAZETTEER = Gazetteer([
    (1, "88160", "Épinal", 32000), (2, "88413", "Saint-Dié-des-Vosges", 19000),
    (3, "88468", "Le Thillot", 3400), (4, "88383", "Remiremont", 7500),
    (5, "88087", "Chantraine", 3100), (6, "88209", "Golbey", 8600),
    (7, "57001", "Ville", 500), (8, "54001", "Saint-Rémy", 300), (9, "88001", "Saint-Rémy", 400),
    (10, "88160", "Saint-Laurent-le-Vieux", 900),
])  # fmt: skip


def test_a_cell_finds_its_commune_by_any_writing():
    assert [c.code for c in GAZETTEER.matching("EPINAL")] == ["88160"]
    assert [c.code for c in GAZETTEER.matching("St Dié des Vosges")] == ["88413"]
    assert [c.code for c in GAZETTEER.matching("thillot")] == ["88468"]
    assert {c.code for c in GAZETTEER.matching("Saint-Remy")} == {"54001", "88001"}
    assert GAZETTEER.matching("Ville-Inconnue") == []


def test_a_former_name_leads_to_the_commune_of_today():
    (commune,) = GAZETTEER.matching("Saint Laurent le Vieux")
    assert commune.name == "Épinal"


def test_a_slip_is_proposed_and_said_uncertain():
    (found,) = find_communes("vendu à Remirmont", GAZETTEER)
    assert (found.value, found.certain) == ("88383", False)
    (sure,) = find_communes("vendu à Remiremont", GAZETTEER)
    assert sure.certain


def test_two_communes_of_one_name_are_not_guessed():
    assert find_communes("vu à Saint-Rémy", GAZETTEER) == []


def test_hostile_characters_are_removed_and_told():
    cleaned = cleaning.clean_text("a\x00b\u202ec\u2066d\u200be\r\nf\u0301 ")
    assert cleaned.text == "abcde\nf\u0301".replace("f\u0301", "f\u0301")
    assert len(cleaned.notes) == 3
    assert "2\u00a0caractères d’inversion" in cleaned.notes[1]


def test_letters_and_accents_are_put_together():
    assert cleaning.clean_text("E\u0301pinal").text == "Épinal"


def test_emoji_keep_their_joiners():
    assert cleaning.clean_text("👩\u200d🚒").text == "👩\u200d🚒"


def test_a_long_text_is_refused_whole_with_the_limit():
    with pytest.raises(cleaning.TextTooLong, match=r"200\s000 caractères.*20\s000.*Rien n’a été"):
        cleaning.clean_text("x" * 200_000)
    assert len(cleaning.clean_text("x" * 20_000).text) == 20_000


@pytest.mark.parametrize(("text", "is_markup"), [
    ("<script>alert(1)</script> balises", True), ("<img src=x onerror=alert(1)>", True),
    ("<b>gras</b>", True), ("<!-- caché -->", True), ("<a href='x'>", True), ("< / div >", True),
    ("5 < 10 et 12 > 3", False), ("Momo <momo@exemple.fr>", False), ("a<b", False),
    ("<3 coeur", False), ("<img@exemple.fr>", False),
])  # fmt: skip
def test_markup(text, is_markup):
    assert cleaning.holds_markup(text) is is_markup


@pytest.mark.parametrize(("text", "runs"), [
    ('=HYPERLINK("http://exemple.invalid";"clic")', True), ("=1+1", True), ("@SUM(A1)", True),
    ("+cmd|' /C calc'!A0", True), ("-SUM(A1)", True), ("\t=1", True), ("＝1", True),
    ("- deux jeunes sous le porche", False), ("+33 6 39 98 12 34", False), ("@momo88", False),
    ("- parking (stade)", False), ("a = b", False), ("", False),
])  # fmt: skip
def test_formulas(text, runs):
    assert cleaning.holds_formula(text) is runs


@pytest.mark.parametrize("value", ["=1+1", "+33 6", "-x", "@y", "\tz", "'=1", "''+1", " =1", "＝1",
                                   "texte", "", "'quote", "l'été", "0"])  # fmt: skip
def test_a_guarded_cell_comes_back_as_it_was(value):
    guarded = cleaning.guard_cell(value)
    assert not guarded.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert cleaning.unguard_cell(guarded) == value


def test_the_brigades_mail():
    message = read_message((SAMPLES / "renseignement.eml").read_bytes())
    assert message.subject == "Rens stups Bruyères"
    assert message.sender == "cob.bruyeres@exemple.invalid"
    assert message.sent_at.isoformat() == "2026-09-17T07:42:00+02:00"
    assert message.text.startswith("Hier soir contrôle routier D44")
    assert message.attachments == message.notes == ()


def mail(**headers):
    message = EmailMessage()
    message["From"] = "bta@exemple.invalid"
    message["Subject"] = "Essai"
    for name, value in headers.items():
        message[name] = value
    return message


def test_a_page_becomes_its_words():
    message = mail()
    message.set_content(
        "<html><head><style>p{}</style><title>x</title></head><body><p>Vu&nbsp;à Golbey</p>"
        "<script>alert(1)</script><ul><li>un<li>deux</ul></body></html>",
        subtype="html",
    )
    assert read_message(message.as_bytes()).text == "Vu à Golbey\n\nun\ndeux"
    assert text_of_html("<p>a<b>b") == "ab"


def test_attachments_are_kept_with_a_safe_name():
    message = mail()
    message.set_content("Voir pièce jointe.")
    message.add_alternative("<p>Voir pièce jointe.</p>", subtype="html")
    message.add_attachment(b"MZ...", maintype="application", subtype="pdf",
                           filename="../../etc/photo\u202egpj.exe")  # fmt: skip
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png")
    read = read_message(message.as_bytes())
    assert read.text == "Voir pièce jointe."
    assert [(file.name, file.content) for file in read.attachments] == [
        ("photogpj.exe", b"MZ..."), ("pièce 4", b"\x89PNG"),
    ]  # fmt: skip


def test_a_forwarded_message_is_an_attachment():
    inner = mail()
    inner.set_content("Texte transféré")
    outer = mail()
    outer.set_content("Pour info")
    outer.add_attachment(inner)
    (file,) = read_message(outer.as_bytes()).attachments
    assert file.name.endswith(".eml")
    assert read_message(file.content).text == "Texte transféré"


def test_too_big_a_file_is_left_out_and_told():
    message = mail()
    message.set_content("Vidéo jointe")
    message.add_attachment(b"x" * (MAX_ATTACHMENT_BYTES + 1), maintype="video", subtype="mp4",
                           filename="film.mp4")  # fmt: skip
    read = read_message(message.as_bytes())
    assert read.attachments == ()
    assert "film.mp4" in read.notes[0]


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04" + b"\x00" * 50, b"Bonjour, ceci est un texte.",
    b"\xd0\xcf\x11\xe0" + b"x" * 9,
    b"a: b\r\n\r\nc",
    b"%PDF-1.7 From: x", b"\x00" * 100,
    b"From: a@b\nSubject: x\n\n" + b"x" * (31 * 1024 * 1024),
])  # fmt: skip
def test_what_is_no_message_is_refused_in_french(content):
    with pytest.raises(NotAMessage, match=r"n’est pas un message|Outlook|la limite est"):
        read_message(content)


@pytest.mark.parametrize("content", [
    b"From: =?utf-8?q?\xff?= <a@b\nSubject: =?x-unknown?b?AAAA?=\nDate: pas une date\n\ntexte",
    b"From: <>\nTo: ;;;\nSubject: \xe9t\xe9\nContent-Type: text/plain; charset=inconnu\n\ntexte",
    b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ntexte",
    b"From: a@b\nTo: c\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!texte",
    b"Received: x\nFrom: a\nContent-Type: multipart/alternative\n\ntexte",
])  # fmt: skip
def test_a_malformed_message_is_read_as_far_as_it_goes(content):
    message = read_message(content)
    assert message.sent_at is None
    assert isinstance(message.text, str)


def test_a_thousand_nested_parts_do_not_stop_us():
    content = (
        b"From: a@b\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    )
    content += b"--b\nContent-Type: text/plain\n\nun\n" * 1000 + b"--b--\n"
    message = read_message(content)
    assert "200 parties" in message.notes[0]


def nested_parts(depth):
    return b"From: a@b\nSubject: x\nMIME-Version: 1.0\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(depth)
    )


def test_a_message_nested_without_end_is_refused():
    with pytest.raises(NotAMessage, match="emboîtés"):
        read_message(nested_parts(3000))
    assert read_message(nested_parts(20)).text == ""


@pytest.mark.parametrize(("said", "code"), [
    ("de la beuh", "cannabis_herbe"), ("du shit", "cannabis_resine"), ("un bédo", "cannabis"),
    ("de la coke", "cocaine"), ("de la C", "cocaine"), ("CC à 60 €", "cocaine"),
    ("de la zipette", "cocaine"), ("il vend des cailloux", "crack"), ("de l'héro", "heroine"),
    ("des taz", "mdma"), ("de l'ecsta", "mdma"), ("de la 3M", "cathinone"),
    ("de la 3-MMC", "cathinone"), ("de la ket", "ketamine"), ("de la kéta", "ketamine"),
])  # fmt: skip
def test_the_words_of_the_street(said, code):
    assert [found.value for found in find_products(said)] == [code]


@pytest.mark.parametrize("said", [
    "bâtiment C", "vitamine C", "3 m de haut", "haut de 3m", "un caillou dans la chaussure",
    "c'est clair", "le héros", "un petit ketchup",
])  # fmt: skip
def test_words_that_name_no_product(said):
    assert find_products(said) == []


HOSTILE = [
    "1234567890", " ", "\n", "a", "1 ", "111 ", "€ ", "rue ", "rue de la ", "Rue Aa Bb ",
    "hall du ", "12 bis, ", "parking de la ", "devant le ", "au pied de ", "mille ", "20 à ",
    "10 le g ",
    "le lundi, ", "à 3 h, ", "entre 20h et ", "du lundi au ", "quartier de la ", "Bitola ",
    'bar "',
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_no_longer_than_another(piece):
    """20,000 characters made to send a careless expression back and forth."""
    text = (piece * 20_000)[:20_000]
    known = Neighbourhoods([(1, "Bitola – Champbeauvert", "Épinal")])
    started = time.process_time()
    propose(text, gazetteer=GAZETTEER, today=THURSDAY, neighbourhoods=known)
    assert time.process_time() - started < 3


def test_ambiguous_words_need_their_neighbours():
    assert find_products("le joint de culasse et l'héroïne du film") == []
    assert [found.value for found in find_products("ils fument des joints")] == ["cannabis"]
