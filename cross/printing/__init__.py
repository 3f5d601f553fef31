"""The press: any page of the application as a PDF that may be archived and read aloud.

To print a document, gather it in `reading/` as plain values and hand it to the press:

    from cross.printing.content import Document, Entries, Print, Section, Table
    from cross.printing.press import press
    from cross.printing.words import read_words

    pdf = press(Document(
        title="Compte rendu", reference="RC-88-2026-003", issuer="CROSS des Vosges",
        copy=Print(1, "la préfète", "Camille Brunet", "préfecture", now, "envoi aux membres"),
        about=(("Date", "3 octobre 2026"),), sections=(Section("Décisions", read_words(text)),),
    ))

`now` is aware, in local time. The marking, who prints, for whom, why and the page stand on every
page; a table is attached as CSV; what may not be printed raises `PrintError`, a French sentence.
Journal the print before the file leaves. A long job, or many copies: in the worker.
"""
