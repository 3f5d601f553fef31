"""Components draw what their arguments say, and never let through what a person typed."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, engines
from django.test import RequestFactory

from cross.ui.forms import Day, Form
from cross.ui.templatetags import ui
from intel.models import Edition
from intel.states import State

TEMPLATES = settings.BASE_DIR / "templates"
CARDS = settings.BASE_DIR / "static/css/cards.css"
MARKUP = "<script>alert(1)</script>"


def draw(source, path="/", **context):
    request = RequestFactory().get(path)
    return engines["django"].from_string(source).render(context, request)


class Sample(Form):
    what = forms.CharField(label="Quoi")
    where = forms.CharField(label="Où", required=False, help_text="Une commune.")
    urgency = forms.ChoiceField(
        label="Urgence", choices=[("n", "Normale"), ("u", "Urgente")], widget=forms.RadioSelect
    )


def test_every_tone_that_a_page_writes_is_one_that_is_drawn():
    # A word that the style knows nothing of is grey, and nobody is told.
    drawn = set(re.findall(r'\.cx-badge\[data-tone="(\w+)"\]', CARDS.read_text())) | {"quiet"}
    written = {
        (page.name, tone)
        for page in TEMPLATES.rglob("*.html")
        for call in re.findall(r"{% badge ((?:[^%]|%(?!}))*)%}", page.read_text())
        for tone in re.findall(r'^(?:"[^"]*"|\S+) (?:tone=)?"(\w+)"', call)
    }
    assert len(written) > 50
    assert {(page, tone) for page, tone in written if tone not in drawn} == set()


def test_every_state_of_a_report_and_of_a_brief_has_its_tone():
    assert set(ui.STATE_TONES) == {*State.values, *Edition.State.values}


def test_a_state_reads_its_own_label():
    thing = SimpleNamespace(state="cote", get_state_display=lambda: "Coté")
    assert '<span class="cx-badge cx-badge--state" data-tone="progress">Coté</span>' in draw(
        "{% state_badge thing %}", thing=thing
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% card title=typed %}{{ typed }}{% endcard %}",
        "{% table typed %}{{ typed }}{% endtable %}",
        "{% empty_state typed %}{{ typed }}{% endempty_state %}",
        "{% notice typed %}{{ typed }}{% endnotice %}",
        "{% facts %}{% fact typed note=typed %}{{ typed }}{% endfact %}{% endfacts %}",
        "{% history %}{% event typed by=typed %}{{ typed }}{% endevent %}{% endhistory %}",
        "{% badge typed %}{% grade typed typed source_label=typed %}{% key typed %}",
        "{% link_button typed typed shortcut=typed %}",
        "{% post_button typed typed confirm=typed value=typed name=typed %}",
        "{% figure_link typed typed typed detail=typed %}",
        "{% progress 1 2 label=typed detail=typed %}",
        "{% chips chosen %}",
        "{% sortable typed 'x' %}",
        "{% menu typed %}<li>{{ typed }}</li>{% endmenu %}",
        "{% fold typed %}{{ typed }}{% endfold %}",
        "{% fields typed hint=typed %}{{ typed }}{% endfields %}",
        "{% dialog typed id='d' %}{{ typed }}{% enddialog %}",
        "{% steps 1 typed %}",
        "{% kept_query 'q' %}",
    ],
)
def test_what_people_type_stays_text(source):
    chosen = [{"name": "q", "value": MARKUP, "label": MARKUP, "text": MARKUP}]
    html = draw(source, path=f"/?q={MARKUP}", typed=MARKUP, chosen=chosen)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_an_empty_fact_says_so():
    assert "Non renseigné" in draw("{% fact 'Mode' %} {% endfact %}")
    html = draw("{% fact 'Cotation' %}{% grade 'B' '2' %}{% endfact %}")
    assert "Non renseigné" not in html
    assert 'class="cx-grade"' in html


def test_grades_stay_two():
    html = draw("{% grade 'B' '2' %}")
    assert ">B</span>" in html
    assert ">2</span>" in html
    assert "B2" not in html
    assert "Non coté" in draw("{% grade %}")


# --- Forms -------------------------------------------------------------------------------------


def test_a_refused_form_tells_each_error_beside_its_field_and_on_top():
    form = Sample({"what": "", "where": "Épinal"})
    html = draw("{% error_summary form %}{{ form }}", form=form)
    assert "2 points à corriger" in html
    assert '<a href="#id_what">Quoi</a>' in html
    assert '<a href="#id_urgency_0">Urgence</a>' in html
    assert 'aria-describedby="id_what_error"' in html
    assert 'id="id_what_error"' in html
    assert 'value="Épinal"' in html  # nothing typed is lost
    assert html.count("cette réponse est nécessaire.") == 2
    assert html.count("Choisissez une réponse.") == 2


def test_a_clean_form_has_no_summary():
    assert draw("{% error_summary form %}", form=Sample()) == ""


def test_a_field_says_its_hint_and_that_it_is_optional():
    html = draw("{% field form.where %}", form=Sample())
    assert 'aria-describedby="id_where_helptext"' in html
    assert 'id="id_where_helptext">Une commune.</span>' in html
    assert "facultatif" in html
    assert "facultatif" not in draw("{% field form.what %}", form=Sample())


def test_what_its_hint_says_when_it_is_needed_is_not_called_optional():
    form = Sample()
    form.fields["where"].says_when = True
    assert "facultatif" not in draw("{% field form.where %}", form=form)


@pytest.mark.parametrize(
    ("typed", "shown", "meant"),
    [
        ("03/09/2026", "03/09/2026", date(2026, 9, 3)),
        ("3/9/26", "3/9/26", date(2026, 9, 3)),
        ("03.09.2026", "03.09.2026", date(2026, 9, 3)),
        ("2026-09-03", "03/09/2026", date(2026, 9, 3)),  # from the address of a list
        ("31/02/2026", "31/02/2026", None),
        ("03/09/0026", "03/09/0026", None),
    ],
)
def test_a_day_is_understood_as_it_is_typed_and_drawn_as_it_is_written(typed, shown, meant):
    class Sent(Form):
        day = Day(label="Jour")

    form = Sent({"day": typed})
    assert form.is_valid() == (meant is not None)
    assert form.cleaned_data.get("day") == meant
    html = draw("{% field form.day %}", form=form)
    assert f'value="{shown}"' in html
    assert 'type="text"' in html
    assert 'value="03/09/2026"' in draw(
        "{% field form.day %}", form=Sent(initial={"day": date(2026, 9, 3)})
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22/11", date(2026, 11, 22)),
        ("15/1", date(2027, 1, 15)),
        ("21/05", date(2027, 5, 21)),  # 180 days
        ("22/05", "celui de 2027"),
        ("21/11", "Écrivez aussi l’année : le prochain 21/11 est celui de 2027."),  # yesterday
        ("29/02", "celui de 2028"),
        ("31/02", "Cette date n’existe pas"),
        ("21/11/2027", date(2027, 11, 21)),
    ],
)
def test_a_day_without_its_year_is_near_or_is_asked_its_year(typed, meant):
    class Ahead(Form):
        day = Day(coming=True, label="Dernier jour")

    form = Ahead({"day": typed})
    form.fields["day"].today = date(2026, 11, 22)
    if isinstance(meant, date):
        assert form.is_valid()
        assert form.cleaned_data["day"] == meant
    else:
        assert meant in " ".join(form.errors["day"]).replace("\u00a0", " ")


def test_a_choice_may_have_a_hint():
    form = Sample()
    form.fields["urgency"].choice_hints = {"u": "Dans l’heure."}
    html = draw("{% field form.urgency %}", form=form)
    assert 'aria-describedby="id_urgency_1_hint"' in html
    assert html.count("fr-hint-text") == 1


# --- Lists -------------------------------------------------------------------------------------


def test_sorting_turns_and_goes_back_to_the_first_page():
    path = "/?etat=cote&tri=date&apres=xyz"
    html = draw("{% sortable 'Date' 'date' %}{% sortable 'Lieu' 'lieu' %}", path=path)
    assert 'aria-sort="ascending"' in html
    assert 'href="?etat=cote&amp;tri=-date"' in html
    assert 'href="?etat=cote&amp;tri=lieu"' in html
    assert html.count("aria-sort") == 1


def test_a_date_sorts_the_latest_first():
    html = draw("{% sortable 'Date' 'date' descending=True %}")
    assert 'href="?tri=-date"' in html


def test_a_chip_lifts_its_own_value_only():
    chosen = [{"name": "etat", "value": "cote", "label": "État", "text": "Coté"}]
    html = draw("{% chips chosen %}", path="/r/?etat=cote&etat=trie&q=a&avant=x", chosen=chosen)
    assert 'href="?etat=trie&amp;q=a"' in html
    assert "Tout effacer" not in html
    assert draw("{% chips chosen %}", chosen=[]) == ""


def test_pages_keep_the_filters():
    page = SimpleNamespace(previous="p", next="n")
    html = draw("{% pager page %}", path="/?q=a&apres=m", page=page)
    assert 'href="?q=a&amp;apres=n"' in html
    assert 'href="?q=a&amp;avant=p"' in html
    assert 'href="?q=a"' in html


def test_a_single_page_draws_nothing():
    assert draw("{% pager page %}", page=SimpleNamespace(previous=None, next=None)).strip() == ""


def test_a_figure_is_written_in_french_and_opens_what_it_counts():
    html = draw("{% figure_link 1234 'à trier' '/tri/' %}")
    assert "1\u202f234" in html
    assert '<a href="/tri/">' in html
    assert "&lt; 5" in draw("{% figure_link shown 'masqués' %}", shown="< 5")


def test_a_component_needs_no_request_when_it_changes_nothing():
    html = Template("{% card title='Faits' %}x{% endcard %}").render(Context())
    assert 'aria-labelledby="card-faits"' in html
