"""Which two versions of a protocol are looked at side by side."""

from django import forms

from cross.ui.forms import Form


class CompareForm(Form):
    """Receives `versions`, from the oldest; without an answer, the first and the last."""

    marks_optional = False

    avant = forms.ChoiceField(label="Version de départ", required=False)
    apres = forms.ChoiceField(label="Version d’arrivée", required=False)

    def __init__(self, data, *, versions):
        self.by_rank = {str(version.rank): version for version in versions}
        usual = {"avant": min(self.by_rank, key=int), "apres": max(self.by_rank, key=int)}
        known = {name: data.get(name, "") for name in usual}
        super().__init__(
            {name: known[name] if known[name] in self.by_rank else usual[name] for name in usual}
        )
        for name in usual:
            self.fields[name].choices = [
                (rank, version.label) for rank, version in self.by_rank.items()
            ]

    def pair(self):
        return self.by_rank[self.data["avant"]], self.by_rank[self.data["apres"]]
