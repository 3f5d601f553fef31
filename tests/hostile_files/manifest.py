"""What becomes of each hostile file: the one list, that every door is tried with.

Sentences are those of `cross.contents` and `cross.uploads`; a piece of each is enough.
"""

import base64
from functools import cache

from tests.hostile_files import CANARY, Hostile, HostileTable
from tests.hostile_files import documents as d
from tests.hostile_files import papers as p
from tests.hostile_files import pictures as i

OTHER_TYPE, NAME = "n’est pas d’un type accepté", "annonce un fichier"
TWO, POINTS, DAMAGED = "cache un autre fichier", "la limite est de 40", "abîmé"
HUGE, MACROS, FETCHES = "volume démesuré", "contient des macros", "va chercher"
FILES, XML, ACTIVE = "renferme un programme", "déclaration XML", "agit tout seul"
TRAVELS, TEXT, EMPTY = "hors de son dossier", "n’est pas un simple texte", "est vide"
PAGES = "10 premières pages"

ELF, PE = b"\x7fELF\x02\x01\x01" + bytes(200), b"MZ\x90\x00\x03" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SCRIPT = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JAR = {"META-INF/MANIFEST.MF": "Main-Class: A", "A.class": b"\xca\xfe\xba\xbe" + bytes(50)}
JPEG, PNG = "image/jpeg", "image/png"


def refused(said, *files):
    return [Hostile(name, data, "refused", said) for name, data in files]


def shown(*files, said=""):
    return [Hostile(name, data, "shown", said) for name, data in files]


def kept(said, *files):
    return [Hostile(name, data, "kept", said) for name, data in files]


def two_in_one():
    png, jpeg, webp = i.plain(), i.plain("JPEG"), i.plain("WEBP")
    jar, paper = d.zipped(JAR), p.pdf()
    # The length of its first segment is also the opening of a comment.
    js = b"\xff\xd8\xff\xe0/*" + b" " * (0x2F2A - 2) + jpeg[2:] + b"*/=alert(1)//"
    return [
        *refused(
            OTHER_TYPE,
            ("jeu.gif", b"GIF89a/*\0\0*/=1;alert(1);//"),
            ("jeu.png", i.frames(3)),
            ("page.pdf", SCRIPT + b"%PDF-1.7\n"),
            ("programme.docx", PE + d.docx()),
            ("dessin.png", SVG),
        ),
        *refused(
            TWO,
            ("page.pdf", b"%PDF-1.7\n" + SCRIPT + paper[9:]),
            ("archive.jpg", jpeg + jar),
            ("dedans.jpg", i.jpeg_with(i.segment(0xFE, jar))),
            ("page.png", png + SCRIPT),
            ("archive.png", png + jar),
            ("programme.webp", webp + PE),
            ("papier.jpg", i.jpeg_with(i.segment(0xFE, b"%PDF-1.7\n"))),
            ("papier.png", png + paper),
            ("archive.pdf", paper + jar),
            ("document.pdf", b"%PDF-1.4\n" + d.docx()),
            ("prefixe.docx", d.docx() + b"suite"),
            ("rar.jpg", jpeg + b"Rar!\x1a\x07\0"),
            ("elf.png", png + ELF),
        ),
        *shown(
            ("script.jpg", js),
            ("php.png", i.plain(pnginfo=i.texts_of_png())),
            ("page-dedans.png", i.png_with(i.chunk(b"tEXt", b"Comment\0" + SCRIPT + CANARY))),
            ("commentaire.jpg", i.jpeg_with(i.segment(0xFE, SCRIPT + CANARY))),
        ),
    ]


def renamed_programs():
    return [
        *refused(
            OTHER_TYPE,
            ("photo.jpg", ELF),
            ("releve.pdf", PE),
            ("carte.png", b"\xcf\xfa\xed\xfe" + bytes(99)),
            ("note.docx", d.zipped(JAR)),
            ("raccourci.txt", b"L\0\0\0\x01\x14\x02\0" + bytes(90)),
            ("installation.xlsx", OLE),
            ("classe.png", b"\xca\xfe\xba\xbe" + bytes(99)),
            ("module.txt", b"\0asm\1\0\0\0"),
            ("ecran.jpg", PE),
            ("archive.zip", d.zipped(JAR)),
            ("ancien.doc", OLE),
            ("telephone.apk", d.zipped({"classes.dex": b"dex\n035\0"})),
            ("disque.iso", bytes(32769) + b"CD001" + bytes(99)),
            ("nul.txt", b"texte\0cache"),
            ("riche.txt", b"{\\rtf1\\object"),
        ),
        *refused(
            NAME,
            ("photo.jpg.exe", i.plain("JPEG")),
            ("photo.scr", i.plain()),
            ("image.jpg", i.plain()),
            ("releve.png", p.pdf()),
            ("tableau.docx", d.xlsx()),
            ("note.pdf", b"Du texte, rien que du texte."),
            ("script.js", b"alert(1)"),
            ("page.hta", b"alert(1)"),
            ("commande.bat", b"dir"),
            ("macro.docm", d.docx()),
            ("envers\u202egnp.exe", i.plain()),
        ),
        *refused(
            TEXT,
            ("commande.txt", b"#!/bin/sh\nrm -rf /\n"),
            ("lot.txt", b"@echo off\r\n"),
            ("serveur.txt", b"<?php system('id');"),
        ),
        Hostile("photo.png", i.plain(), "refused", "a été envoyé comme", "text/html"),
    ]


def bombs():
    blank, long = b" " * 8_000_000, b" " * 2_000_000
    parts = {f"word/part{rank:04}.xml": "<a/>" for rank in range(1_200)}
    names = {f"word/{'x' * 90}{rank:06}": "" for rank in range(8_000)}
    doctored = d.claiming(d.docx(), 4_000_000_000)
    return [
        *refused(
            HUGE,
            ("blanc.docx", d.docx(content=b"<a>" + blank)),
            ("blanc.xlsx", d.xlsx(sheet=blank)),
            ("blanc.ods", d.ods(content=blank)),
            ("blanc.odt", d.odf(content=blank)),
            ("pretendu.docx", doctored),
            ("morceaux.docx", d.docx(parts)),
            ("table.docx", d.docx(names)),
            ("replie.docx", d.overlapping(d.docx({"part0000.xml": long}), 60)),
            ("groupes.pdf", p.pdf(p.group(b"", 9_000_000))),
            ("mille-groupes.pdf", p.pdf(*[p.group(b"", 2_000)] * 2_001)),
        ),
        *refused(
            FILES,
            ("boites.docx", d.docx({"word/embeddings/boite.zip": d.zipped(JAR)})),
            ("boites.odt", d.odf({"boite.jar": d.zipped(JAR)})),
        ),
        *refused(
            POINTS,
            ("immense.png", i.png_of(50_000, 50_000)),
            ("grand.png", i.png_of(9_000, 9_000)),
            ("immense.jpg", i.jpeg_of(65_500, 65_500)),
            ("immense.webp", i.webp_of(16_383, 16_383)),
            ("long.png", i.png_of(2_000_000_000, 1)),
            ("haut.png", i.png_of(1, 2_000_000_000)),
        ),
        *refused(
            DAMAGED,
            ("miettes.png", i.png_with(*[i.chunk(b"aaAa", b"")] * 50_001)),
            ("miettes.jpg", i.jpeg_with(*[i.segment(0xFE, b"")] * 50_001)),
            ("sans-points.png", i.png_of(0, 10)),
        ),
        *refused(
            OTHER_TYPE,
            ("film.gif", i.frames()),
            ("immense.tif", b"II*\0" + bytes(400)),
            ("icone.ico", b"\0\0\1\0\1\0" + bytes(60)),
            ("carre.bmp", b"BM" + bytes(60)),
            ("telephone.heic", b"\0\0\0\x18ftypheic" + bytes(60)),
            ("boite.zip", d.zipped({"a": blank})),
        ),
        *kept(
            "",
            (
                "texte.png",
                i.png_of(
                    60,
                    40,
                    i.chunk(b"zTXt", b"a\0\0" + i.zlib.compress(blank)),
                    i.chunk(b"iCCP", b"p\0\0" + i.zlib.compress(blank)),
                ),
            ),
        ),
        *shown(("pages.pdf", p.pdf(pages=2_000)), said=PAGES),
        *shown(
            ("immense.pdf", p.pdf(box="0 0 90000000 90000000")),
            ("contenu.pdf", p.pdf(p.stream(blank, deflated=True), content=blank)),
            ("points.pdf", p.pdf(p.bitmap(16_000), content=b"300 0 0 200 0 0 cm /X0 Do")),
        ),
    ]


def entities():
    utf16 = d.LAUGHS.replace("1.0", "1.0' encoding='UTF-16").encode("utf-16")
    return [
        *refused(
            XML,
            ("rires.docx", d.docx(content=d.LAUGHS)),
            ("rires.odt", d.odf(content=d.LAUGHS)),
            ("rires.xlsx", d.xlsx({"xl/sharedStrings.xml": d.LAUGHS})),
            ("rires.ods", d.ods(content=d.LAUGHS)),
            ("types.docx", d.docx({"[Content_Types].xml": d.LAUGHS})),
            ("liens.docx", d.docx({"word/_rels/document.xml.rels": d.LAUGHS})),
            ("dehors.xlsx", d.xlsx(sheet=d.FETCHED)),
            ("dehors.odt", d.odf({"styles.xml": d.FETCHED})),
            ("autre-ecriture.docx", d.docx(content=utf16)),
            (
                "preface.docx",
                d.docx(content=b"<!--" + b"a" * 70_000 + b"-->" + d.LAUGHS[21:].encode()),
            ),
        ),
        *refused("type accepté", ("rires.svg", d.LAUGHS.encode().replace(b"<l>", b"<svg>"))),
        *refused(OTHER_TYPE, ("rires.txt", d.LAUGHS.encode())),
    ]


def macros():
    event = "<o:c xmlns:script='s'><script:event-listener script:language='ooo:script'/></o:c>"
    linked = (
        "<o:c xmlns:draw='d' xmlns:x='x'><draw:image x:href='http://exemple.invalid/1.png'/></o:c>"
    )
    asked = "<o:c xmlns:table='t'><table:dde-source/></o:c>"
    field = "<w:d xmlns:w='w'><w:instrText>DDEAUTO c:\\\\windows cmd</w:instrText></w:d>"
    content = "[Content_Types].xml"
    enabled = "<Types><Override ContentType='vnd.ms-word.document.macroEnabled.main+xml'/></Types>"
    beside = "word/_rels/document.xml.rels"
    return [
        *refused(
            MACROS,
            ("macro.docx", d.docx({"word/vbaProject.bin": OLE})),
            ("macro.xlsx", d.xlsx({"xl/vbaProject.bin": OLE})),
            ("ancienne.xlsx", d.xlsx({"xl/macrosheets/sheet1.xml": "<a/>"})),
            ("active.docx", d.docx({"word/activeX/activeX1.bin": OLE})),
            ("basic.ods", d.ods({"Basic/Standard/Module1.xml": "<a/>"})),
            ("python.odt", d.odf({"Scripts/python/a.py": "print()"})),
            ("declaree.docx", d.docx({content: enabled})),
            ("evenement.odt", d.odf(content=event)),
            ("liaison.ods", d.ods(content=asked)),
            ("champ.docx", d.docx(content=field)),
            ("liaison.xlsx", d.xlsx({"xl/externalLinks/externalLink1.xml": "<e><ddeLink/></e>"})),
        ),
        *refused(
            FILES,
            ("objet.docx", d.docx({"word/embeddings/oleObject1.bin": OLE})),
            ("programme.docx", d.docx({"word/embeddings/a.exe": PE})),
            ("dessin.odt", d.odf({"Pictures/a.svg": SVG})),
        ),
        *refused(
            FETCHES,
            (
                "modele.docx",
                d.docx(
                    {
                        "word/_rels/settings.xml.rels": d.relation(
                            "attachedTemplate", "http://exemple.invalid/a.dotm"
                        )
                    }
                ),
            ),
            ("image.docx", d.docx({beside: d.relation("image", "//exemple.invalid/a.png")})),
            ("objet.xlsx", d.xlsx({"xl/_rels/a.xml.rels": d.relation("oleObject", "file://a/b")})),
            ("image.odt", d.odf(content=linked)),
        ),
        *refused(
            TRAVELS,
            ("montee.docx", d.escaping("../../../../etc/cron.d/a")),
            ("racine.docx", d.escaping("/etc/cron.d/aaaaaaaaaaaa")),
            ("disque.docx", d.escaping("C:/windows/system32/a")),
            ("envers.docx", d.escaping("..\\..\\windows\\a")),
        ),
        *refused("mot de passe", ("secret.docx", d.ciphered(d.docx()))),
        *kept(
            "",
            ("lien.docx", d.docx({beside: d.relation("hyperlink", "https://exemple.invalid")})),
            ("note.odt", d.odf()),
            ("tableau.ods", d.ods()),
            ("tableau.xlsx", d.xlsx()),
        ),
    ]


def acting_papers():
    def acts(action):
        return p.pdf(root=f"/OpenAction << {action} >>")

    hidden = b"<< /S /JavaScript >>".hex().encode()
    attached = p.stream(PE, b"/Type /EmbeddedFile")
    named = "/Names << /EmbeddedFiles << /Names [(a.exe) << /EF << /F 5000 0 R >> >>] >> >>"
    return [
        *refused(
            ACTIVE,
            ("script.pdf", acts("/S /JavaScript /JS (app.alert(1))")),
            ("deguise.pdf", acts("/S /J#61va#53cript /JS (app.alert(1))")),
            ("range.pdf", p.pdf(p.group(b"1 0 << /S /JavaScript /JS (app.alert(1)) >>"))),
            ("autrement.pdf", p.pdf(p.stream(hidden, b"/Type /ObjStm /Filter /ASCIIHexDecode"))),
            ("lance.pdf", acts("/S /Launch /F (cmd.exe)")),
            ("ailleurs.pdf", acts("/S /GoToR /F (a)")),
            ("dedans.pdf", acts("/S /GoToE /T << >>")),
            ("envoie.pdf", acts("/S /SubmitForm /F (a)")),
            ("formulaire.pdf", p.pdf(root="/AcroForm << /XFA [(a) 5000 0 R] >>")),
            ("joue.pdf", p.pdf(b"<< /Subtype /RichMedia >>")),
            ("importe.pdf", acts("/S /ImportData")),
        ),
        *shown(
            ("renferme.pdf", p.pdf(attached, root=named)),
            ("lien.pdf", acts("/S /URI /URI (http://exemple.invalid)")),
            ("auteur.pdf", p.pdf(p.stream(i.XMP, b"/Type /Metadata"), root="/Metadata 5000 0 R")),
        ),
        *kept(
            DAMAGED,
            ("boucle.pdf", b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>"),
            ("bref.pdf", b"%PDF-1.7\n"),
        ),
    ]


def told_by_telephones():
    """What says where, when, by whom: in every place where a picture may say it."""
    placed = i.exif()
    motion = i.plain("JPEG", exif=placed) + b"\0\0\0\x18ftypmp42" + CANARY + bytes(5_000)
    thumbnail = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + i.plain("JPEG", (16, 12)) + CANARY
    return shown(
        ("place.jpg", i.plain("JPEG", exif=placed)),
        ("place.png", i.plain(exif=placed)),
        ("place.webp", i.plain("WEBP", exif=placed)),
        ("vignette.jpg", i.jpeg_with(i.segment(0xE1, thumbnail))),
        ("xmp.jpg", i.jpeg_with(i.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + i.XMP))),
        ("xmp.webp", i.plain("WEBP", xmp=i.XMP)),
        ("iptc.jpg", i.jpeg_with(i.segment(0xED, i.IPTC))),
        ("profil.jpg", i.plain("JPEG", icc_profile=CANARY * 20)),
        ("profil.png", i.plain(icc_profile=CANARY * 20)),
        ("textes.png", i.plain(pnginfo=i.texts_of_png())),
        ("anime.jpg", motion),
        ("suite.png", i.plain() + CANARY),
        ("dit.jpg", i.jpeg_with(i.segment(0xFE, CANARY))),
    )


def names():
    sound = i.plain()
    odd = (
        "../../../etc/passwd.png",
        "..\\..\\boot.png",
        "/etc/cron.d/a.png",
        "C:\\a.png",
        "a\0b.png",
        "x" * 300 + ".png",
        "CON.png",
        "nul.png",
        "lpt1.png",
        "a\r\nSet-Cookie: a=b.png",
        'a";filename="b.html.png',
        "été.png",
        "e\u0301te\u0301.png",
        ".png",
        "..png",
        " . png",
        "a.png:flux.png",
        "<img src=x onerror=alert(1)>.png",
        "=cmd|'/c calc'!A1.png",
        "%00%2e%2e.png",
        "envers\u202efdp.png",
        "invisible\u200b\ufeff.png",
        "",
        "M. Durand",
        "Relevé du 12.03",
    )
    return shown(*((name, sound) for name in odd))


def damaged():
    jpeg, png, webp = i.plain("JPEG", (300, 200)), i.plain(size=(300, 200)), i.plain("WEBP")
    return [
        *refused(EMPTY, ("vide.txt", b""), ("vide.pdf", b"")),
        *refused(
            DAMAGED,
            ("tete.png", png[:12]),
            ("tete.jpg", jpeg[:100]),
            ("tete.webp", webp[:14]),
            ("coupe.docx", d.docx()[:-30]),
            ("coupe.xlsx", d.xlsx()[:-30]),
            ("coupe.ods", d.ods()[:-30]),
        ),
        *kept(
            DAMAGED,
            ("coupe.png", png[:-60]),
            ("coupe.jpg", jpeg[: len(jpeg) // 2]),
            ("coupe.webp", webp[:-20]),
        ),
        *refused(
            OTHER_TYPE, ("large.txt", "été".encode("utf-16")), ("octets.txt", bytes(range(256)))
        ),
        *kept("", ("ancien.txt", "Été, à l’heure dite".encode("cp1252"))),
    ]


def tables():
    """For the door of imports, which takes files that the others do not."""
    head = b"reference;description;commune\n"
    row = "<row r='2'><c r='A2' t='inlineStr'><is><t>S-1</t></is></c>{}</row>"
    sheet = "<worksheet><sheetData>" + row + "</sheetData></worksheet>"
    long = "x" * 300_000
    many = "<sst>" + "<si><t>a</t></si>" * 400_000 + "</sst>"
    return [
        HostileTable("nul.csv", head + b"S-1;a\0b;Epinal\n", "octets nuls"),
        HostileTable("ecriture.csv", head + b"S-1;caf\x81;Epinal\n", "encodage"),
        HostileTable("sans-marque.csv", head.decode().encode("utf-16-le"), "octets nuls"),
        HostileTable(
            "colonnes.csv",
            b";".join(b"c%d" % rank for rank in range(1_000_000)) + b"\n",
            "ce n’est pas un tableau",
        ),
        HostileTable("vides.csv", b";" * 20_000_000, "ce n’est pas un tableau"),
        HostileTable(
            "trois-cents.csv", b";".join(b"c%d" % rank for rank in range(300)) + b"\n", "colonnes"
        ),
        HostileTable("ligne.csv", head + b"x" * 2_000_000, "ce n’est pas un tableau"),
        HostileTable("guillemet.csv", head + b'"' * 100_001 + b"\n" + b"S-2;b;Epinal\n" * 2_000),
        HostileTable("formules.csv", head + b"=1+1;@SUM(1);+cmd|' /C calc'!A0\n"),
        HostileTable("rires.xlsx", d.xlsx({"xl/sharedStrings.xml": d.LAUGHS}), "déclaration XML"),
        HostileTable(
            "rires.ods",
            d.ods(content=d.LAUGHS.replace("<l>", "<l><table:table table:name='F'>")),
            "déclaration XML",
        ),
        HostileTable("dehors.xlsx", d.xlsx(sheet=d.FETCHED), "déclaration XML"),
        HostileTable("gigaoctet.xlsx", d.claiming(d.xlsx(), 1_000_000_000), HUGE),
        HostileTable("blanc.xlsx", d.xlsx(sheet=b" " * 30_000_000), HUGE),
        HostileTable("blanc.ods", d.ods(content=b" " * 30_000_000), HUGE),
        HostileTable(
            "cellule.xlsx",
            d.xlsx(sheet=sheet.format(f"<c t='str'><v>{long}</v></c>")),
            "trop de texte",
        ),
        HostileTable(
            "cellule.ods",
            d.ods(
                content="<a xmlns:table='t' xmlns:text='x'><table:table "
                f"table:name='F'><table:table-row><table:table-cell><text:p>{long}"
            ),
            "trop de texte",
        ),
        HostileTable(
            "attribut.xlsx", d.xlsx(sheet=f"<worksheet><a b='{'x ' * 3_000_000}"), "trop de texte"
        ),
        HostileTable("textes.xlsx", d.xlsx({"xl/sharedStrings.xml": many})),
        HostileTable(
            "colonne.xlsx",
            d.xlsx(sheet=sheet.format("<c r='ZZZZZZ2' t='str'><v>a</v></c>")),
            "Une seule colonne",
        ),
        HostileTable(
            "repete.ods",
            d.ods(
                content="<a xmlns:table='t' xmlns:text='x'><table:table table:name='F'>"
                "<table:table-row table:number-rows-repeated='1000000000'><table:table-cell "
                "table:number-columns-repeated='1000000000'><text:p>a</text:p></table:table-cell>"
                "</table:table-row></table:table></a>"
            ),
            "colonnes",
        ),
        HostileTable("macro.xlsx", d.xlsx({"xl/vbaProject.bin": OLE}), "contient des macros"),
        HostileTable("remonte.xlsx", d.escaping("../../../../etc/cron.d/a"), TRAVELS),
        HostileTable(
            "feuilles.xlsx",
            d.xlsx({"xl/workbook.xml": "<w xmlns:r='r'>" + "<sheet r:id='1'/>" * 200_000}),
            "trop de texte",
        ),
    ]


def pages_and_scripts():
    mail = b"From: a@exemple.invalid\nSubject: s\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
    return [
        *refused(
            OTHER_TYPE,
            ("dessin.svg", SVG),
            ("page.html", b"<!DOCTYPE html>" + SCRIPT),
            ("dessin.txt", b"\n\n " + SVG),
        ),
        *refused(
            TEXT,
            ("page.txt", b"\xef\xbb\xbf<!DOCTYPE html>" + SCRIPT),
            ("cadre.txt", b"<iframe src=//exemple.invalid>"),
        ),
        *kept(
            "",
            ("page.eml", mail + SCRIPT),
            ("balises.txt", b"Il a dit : <script>alert(1)</script>"),
        ),
    ]


GROUPS = {
    "two files in one": two_in_one,
    "programs renamed": renamed_programs,
    "bombs": bombs,
    "entities of XML": entities,
    "macros and what is fetched": macros,
    "PDF that act": acting_papers,
    "pages and scripts": pages_and_scripts,
    "what telephones tell": told_by_telephones,
    "names": names,
    "damaged": damaged,
}


@cache
def files():
    """{group: its files}, made once."""
    return {group: tuple(make()) for group, make in GROUPS.items()}


# What antivirus makers agreed to find, in two halves.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def infected():
    """The same in eight wrappings, each of which is received: the scanner alone knows."""
    mail = b"From: a@exemple.invalid\nSubject: s\nContent-Transfer-Encoding: base64\n\n"
    return {
        "clair.txt": EICAR,
        "courriel.eml": mail + base64.encodebytes(EICAR),
        "note.docx": d.docx({"word/media/a.bin": EICAR}),
        "note.odt": d.odf({"Pictures/a.bin": EICAR}),
        "tableau.xlsx": d.xlsx({"xl/media/a.bin": EICAR}),
        "papier.pdf": p.pdf(p.stream(EICAR, b"/Type /EmbeddedFile", deflated=True)),
        "photo.jpg": i.jpeg_with(i.segment(0xFE, EICAR)),
        "image.png": i.png_with(i.chunk(b"tEXt", b"Comment\0" + EICAR)),
    }
