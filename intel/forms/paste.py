"""A text to paste, then what was read in it: nothing is ticked before a person ticks it."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import Form
from cross.ui.templatetags.words import file_size
from intel.extraction.cleaning import TEXT_LIMIT, TextTooLong, check_length
from intel.extraction.dates import date_span
from intel.extraction.email import MAX_BYTES, Message, NotAMessage, read_message
from intel.forms.fields import LongText
from intel.models.choices import AmountKind
from intel.reading.proposals import as_written, sent


class PasteForm(Form):
    """One of the two: the text, or the file of the message."""

    marks_optional = False

    text = LongText(
        label="Texte du message",
        required=False,
        limit=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    file = forms.FileField(
        label="Ou fichier du message",
        required=False,
        help_text="Format .eml. Ses pièces jointes seront proposées.",
        widget=forms.FileInput(attrs={"accept": ".eml,message/rfc822"}),
        error_messages={"empty": "Ce fichier est vide : choisissez-en un autre."},
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload is None:
            return None
        if upload.size > MAX_BYTES:
            raise ValidationError(
                f"Ce message pèse {file_size(upload.size)} ; la limite est de "
                f"{file_size(MAX_BYTES)}. Copiez son texte et joignez à part les pièces utiles."
            )
        try:
            message = read_message(upload.read())
            check_length(message.text)
        except (NotAMessage, TextTooLong) as fault:
            raise ValidationError(str(fault)) from fault
        if not message.text:
            raise ValidationError("Ce message ne contient aucun texte : copiez-le ci-dessus.")
        return message

    def clean(self):
        super().clean()
        text, message = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if text and message:
            self.add_error(
                "file", "Un texte est aussi collé : gardez l’un ou l’autre, puis recommencez."
            )
        elif not text and not message and not self.errors:
            self.add_error("text", "Collez un texte, ou choisissez le fichier d’un message.")
        return self.cleaned_data

    def message(self):
        """What was given, as a message either way."""
        return self.cleaned_data["file"] or Message(
            subject="",
            sender="",
            sent_at=None,
            text=self.cleaned_data["text"],
            attachments=(),
            notes=tuple(self.fields["text"].notes),
        )


class ConfirmForm(Form):
    """What was read in a text, kind by kind, and the files that came with it.

    Nothing is ticked beforehand, not even the only commune found: a box ticked by the machine is
    passed over by the eye, and a wrong commune enters every map. One key confirms it.
    """

    marks_optional = False

    def __init__(self, *args, groups, files, **kwargs):
        super().__init__(*args, **kwargs)
        self.files = {str(file.pk): file for file in files}
        for kind, legend, findings, is_one in groups:
            field = forms.ChoiceField if is_one else forms.MultipleChoiceField
            widget = forms.RadioSelect if is_one else forms.CheckboxSelectMultiple
            self.fields[kind] = field(
                label=legend,
                required=False,
                widget=widget,
                choices=[(_sent(found), found.label) for found in findings],
            )
            self.fields[kind].choice_hints = {
                _sent(found): as_written(found) for found in findings
            }
        if self.files:
            self.fields["files"] = forms.MultipleChoiceField(
                label="Pièces jointes du message",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[
                    (pk, f"{file.name} ({file_size(file.size)})")
                    for pk, file in self.files.items()
                ],
            )

    def confirmed(self):
        """The ticked things as fields of the entry form, and the files that are wanted."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        fields = {}
        if "commune" in said:
            code, _, name = said.pop("commune").partition("|")
            fields["commune"] = [f"{name} ({code})"]
        if "date" in said:
            first, last = date_span(said.pop("date"))
            fields["occurred_on"] = [first.strftime("%d/%m/%Y")]
            if last != first:
                fields["occurred_until"] = [last.strftime("%d/%m/%Y")]
        if "neighbourhood" in said:
            fields["neighbourhood"] = [said.pop("neighbourhood")]
        for kind, name in (("place", "place"), ("hours", "days_and_hours")):
            if kind in said:
                fields[name] = [", ".join(said.pop(kind))]
        fields["amounts"] = [each for kind in AmountKind.values for each in said.pop(kind, [])]
        wanted = said.pop("files", [])
        fields["kept_files"] = wanted
        fields["products"] = said.pop("product", [])
        fields["identifiers"] = [each for values in said.values() for each in values]
        return fields, [self.files[pk] for pk in self.files if pk not in wanted]


def _sent(found):
    """What a box sends: enough to fill the entry form without reading the text again."""
    if found.kind == "commune":
        return f"{found.value}|{found.label}"
    if found.kind in {"date", "product", "neighbourhood"}:
        return found.value
    if found.kind in {"place", "hours"}:
        return found.label
    return sent(found)[1]
