"""A strategy note in the hands of those who write, publish and print it: what journeys share."""

import re

from pypdf import PdfReader

RECIPIENT = "Comité départemental"


def word_and_submit(page, words):
    """From the form of a new note to the one that waits for the prefecture; its number."""
    page.get_by_role("button", name="Créer la note").click()
    page.get_by_role("textbox", name="Points de deal").fill(words)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("version 2").first.wait_for()
    page.get_by_role("button", name="Valider pour la préfecture").click()
    page.get_by_text("Validation attendue").wait_for()
    return page.url.removesuffix("/").rpartition("/")[2]


def publish(court, prefecture, number):
    """Validated by the other of the two, then published."""
    court.goto(f"/notes/{number}/")
    court.get_by_role("button", name="Valider").click()
    court.get_by_text(f"{number} validée").wait_for()
    prefecture.goto(f"/notes/{number}/")
    prefecture.once("dialog", lambda dialog: dialog.accept())
    prefecture.get_by_role("button", name="Publier").click()
    prefecture.get_by_text(f"{number} publiée").wait_for()


def print_note(page, number, file, *, form="pdf"):
    """Printed from its page into `file`; the text of each sheet."""
    page.goto(f"/notes/{number}/")
    page.get_by_role("link", name=re.compile("^Imprimer")).click()
    page.get_by_label("Destinataire").fill(RECIPIENT)
    page.get_by_label("Motif de l’impression").fill("Séance plénière")
    page.get_by_label("Forme").select_option(form)
    page.get_by_role("button", name="Imprimer").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le fichier").click()
    download.value.save_as(file)
    return [sheet.extract_text() for sheet in PdfReader(file).pages]
