"""What a human source asks of an entry: two texts, the shared one read again first."""

from django import forms

from cross.ui.forms import ActionForm
from intel.actions.raw_texts import Original
from intel.extraction.copies import copied
from intel.forms.fields import LongText
from intel.models.choices import Origin

CHECKS = (
    ("name", "Ni nom, ni surnom, ni lien de parenté ou d’amitié de la source."),
    ("only", "Ni date, ni heure, ni lieu qu’elle seule pouvait connaître."),
    ("words", "Aucune de ses tournures : le texte est écrit avec mes mots."),
    ("access", "Rien qui laisse deviner comment elle l’a su."),
    ("read", "J’ai relu le texte partagé en me mettant à la place de la personne visée."),
)
NOT_ALL = "Relisez le texte partagé et cochez chaque point."
# What the others read, and so what is compared with the original.
SHARED = ("subject", "facts", "place", "days_and_hours", "vehicles", "persons")
TICKED = ("spotted", "amounts")  # and the words of the text that were ticked


def checks_field(**options):
    return forms.MultipleChoiceField(
        label="Relu avant partage",
        choices=CHECKS,
        widget=forms.CheckboxSelectMultiple,
        **options,
    )


class TwoTexts(ActionForm):
    """The part of an entry that only an information from a human source fills.

    `kept_original`: the original already kept, when a report is changed. `has_own_source` is
    False once another unit handed the report over: its source is not ours to speak of.
    """

    raw_text = LongText(
        label="Texte d’origine (reste dans votre unité)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Ce que la source a dit, tel quel. Votre unité seule le lira, toujours.",
    )
    checks = checks_field(required=False)
    copied = forms.BooleanField(
        label="Je confirme que ces mots peuvent être partagés tels quels", required=False
    )

    def __init__(self, *args, kept_original=None, has_own_source=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept_original = kept_original
        if not has_own_source:
            for name in ("raw_text", "checks", "copied"):
                del self.fields[name]

    def check_two_texts(self):
        """Faults beside their fields; nothing is asked of what comes from elsewhere."""
        said = self.cleaned_data
        if "raw_text" not in self.fields or said.get("origin") != Origin.HUMAN_SOURCE:
            return
        if not said.get("raw_text") and "raw_text" not in self.errors:
            self.add_error("raw_text", "Écrivez ce que la source a dit, tel quel.")
        ticked = len(said.get("checks", ()))
        if ticked < len(CHECKS) and (ticked or self._is_shared_anew()):
            self.add_error("checks", NOT_ALL)
        self._check_copies(said)
        self._check_ticks(said)

    def _is_shared_anew(self):
        return self.kept_original is None or bool({*SHARED, *TICKED} & set(self.changed_data))

    def _check_copies(self, said):
        shared = "\n".join(said.get(name) or "" for name in SHARED)
        passages = copied(said.get("raw_text") or "", shared)
        if passages and not said.get("copied"):
            quoted = " ; ".join(f"« {_short(passage)} »" for passage in passages)
            self.add_error(
                "copied",
                f"Repris mot pour mot du texte d’origine : {quoted}. Récrivez avec vos mots, ou "
                "confirmez.",
            )

    def _check_ticks(self, said):
        """What was ticked while the source's words stood in the text is not told with it."""
        original = _squeezed(said.get("raw_text") or "")
        shared = _squeezed("\n".join(said.get(name) or "" for name in SHARED))
        for name in ("identifiers", "amounts"):
            written = [each[1] for each in said.get(name, ())]
            hers = [raw for raw in written if _squeezed(raw) in original]
            if apart := [raw for raw in hers if _squeezed(raw) not in shared]:
                quoted = " ; ".join(f"« {raw} »" for raw in apart)
                self.add_error(
                    name,
                    f"Coché, mais dit par la seule source : {quoted}. La case est retirée ; si "
                    "les autres peuvent le lire, écrivez-le dans le texte partagé.",
                )

    def offers_copies(self):
        """Is the box that lets a passage through to be drawn?"""
        return "copied" in self.fields and bool(
            self.errors.get("copied") or self["copied"].value()
        )

    def original(self):
        """What to keep of the source's own words, or None when there is no source."""
        said = self.cleaned_data
        if "raw_text" not in self.fields or said["origin"] != Origin.HUMAN_SOURCE:
            return None
        return Original(said["raw_text"], is_attested=len(said["checks"]) == len(CHECKS))


def _squeezed(text):
    return "".join(text.split()).casefold()


def _short(passage):
    text = " ".join(passage.split())
    return text if len(text) <= 160 else text[:160].rsplit(" ", 1)[0] + "…"


class AttestForm(ActionForm):
    """The shared text, read again since the original changed."""

    checks = checks_field(error_messages={"required": NOT_ALL})

    def clean_checks(self):
        if len(self.cleaned_data["checks"]) < len(CHECKS):
            raise forms.ValidationError(NOT_ALL)
        return self.cleaned_data["checks"]
