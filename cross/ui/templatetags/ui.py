"""Components. Blocks wrap what they hold; plain tags draw one thing. All are in the gallery.

Each draws one template of `templates/components/`, whose first lines say what it expects. What a
list draws on every row (badge, state, grade, key) is born in `format_html`: a template per cell
would cost more than the query.
"""

from django import template
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify

from cross.ui.keyset import AFTER, BEFORE
from cross.ui.templatetags.words import number

register = template.Library()

# A page of a list is named by a cursor; a new sort or filter starts again from the first page.
SORT = "tri"
CURSORS = (AFTER, BEFORE)

# The colour says the same as the word, never more: read in black and white, nothing is lost.
STATE_TONES = {
    "brouillon": "quiet",
    "recu": "new",
    "a_completer": "waiting",
    "urgent": "alert",
    "doublon": "quiet",
    "hors_champ": "quiet",
    "trie": "new",
    "cote": "progress",
    "enrichi": "progress",
    "oriente": "progress",
    "pris_en_compte": "progress",
    "refuse": "alert",
    "exploite": "done",
    "sans_suite": "quiet",
    "retour_fait": "done",
    "archive": "quiet",
    "efface": "quiet",
    "proposee": "waiting",
    "validee": "progress",
    "publiee": "done",
    "remplacee": "quiet",
}


def _draw(component, /, **context):
    return render_to_string(f"components/{component}.html", context)


# --- Blocks ------------------------------------------------------------------------------------


@register.simple_block_tag
def card(content, title="", *, level=2, id="", tone="", count=None):
    """A titled box: `{% card title="Partages" %}…{% endcard %}`. `tone="quiet"` has no border."""
    anchor = id or (f"card-{slugify(title)}" if title else "")
    return _draw(
        "card", content=content, title=title, level=level, id=anchor, tone=tone, count=count
    )


@register.simple_block_tag
def table(content, caption, *, show_caption=False, stack=True, id="", of=""):
    """`<thead>` and `<tbody>` inside; scrolls in its own region, or stacks as cards when narrow.

    With `stack`, each `<td>` carries `data-label="Commune"`: the label that its card shows. `of`
    is what the caption is about, where several tables of a page have the same.
    """
    return _draw(
        "table",
        content=content,
        caption=caption,
        show_caption=show_caption,
        stack=stack,
        id=id,
        of=of,
    )


@register.simple_block_tag
def empty_state(content, title, *, level=2, icon=""):
    """Nothing here, and what to do next: a title, a sentence, one or two actions."""
    return _draw("empty_state", content=content, title=title, level=level, icon=icon)


@register.simple_block_tag
def notice(content, title="", *, tone="info", id="", live=False, level=2):
    """A message in the page. Tones: info, success, warning, error. `live` when it comes later."""
    return _draw("notice", content=content, title=title, tone=tone, id=id, live=live, level=level)


@register.simple_block_tag
def facts(content, *, columns=2):
    """A list of label and value pairs, drawn by `{% fact %}`."""
    return _draw("facts", content=content, columns=columns)


@register.simple_block_tag
def fact(content, label, *, wide=False, note=""):
    """`{% fact "Commune" %}Uzemain{% endfact %}`; an empty value is said, never left blank."""
    return _draw(
        "fact", content=content, filled=bool(content.strip()), label=label, wide=wide, note=note
    )


@register.simple_block_tag
def actions(content, label="Actions"):
    """The bar of buttons of a page or of a sheet."""
    return _draw("actions", content=content, label=label)


@register.simple_block_tag
def menu(content, label, *, icon="", align="end", kind="secondary"):
    """A button that opens a few links or buttons: `<li>` elements inside. Works without script."""
    return _draw("menu", content=content, label=label, icon=icon, align=align, kind=kind)


@register.simple_block_tag
def dialog(content, title, *, id, wide=False):
    """A modal window, opened by any `<button data-opens="id">`."""
    return _draw("dialog", content=content, title=title, id=id, wide=wide)


@register.simple_block_tag
def history(content, label="Historique"):
    """What happened, latest first, drawn by `{% event %}`."""
    return _draw("history", content=content, label=label)


@register.simple_block_tag
def event(content, title, *, at=None, by="", tone=""):
    """One line of a history: what, when, who; the reason inside."""
    return _draw(
        "event",
        content=content,
        filled=bool(content.strip()),
        title=title,
        at=at,
        by=by,
        tone=tone,
    )


@register.simple_block_tag
def fold(content, title, *, open=False, count=None):
    """What can wait, folded: a `<details>`."""
    return _draw("fold", content=content, title=title, open=open, count=count)


@register.simple_block_tag
def fields(content, legend, *, hint="", id=""):
    """A group of fields under one legend: a `<fieldset>`."""
    anchor = id or f"fields-{slugify(legend)}"
    return _draw("fields", content=content, legend=legend, hint=hint, id=anchor)


@register.simple_block_tag(takes_context=True)
def post_form(context, content, url, *, label="", confirm="", id="", draft_url=""):
    """`<form method="post">` with its token, around whatever it holds."""
    return _draw(
        "post_form",
        content=content,
        url=url,
        label=label,
        confirm=confirm,
        id=id,
        draft_url=draft_url,
        token=get_token(context["request"]),
    )


# --- One thing ---------------------------------------------------------------------------------


@register.simple_tag
def icon(name):
    """A decoration: `{% icon "search-line" %}`; screen readers pass over it."""
    return format_html('<span class="fr-icon-{} cx-icon" aria-hidden="true"></span>', name)


@register.simple_tag
def badge(text, tone="quiet"):
    """A word in a box. Tones: quiet, new, progress, waiting, done, alert."""
    return format_html('<span class="cx-badge" data-tone="{}">{}</span>', tone, text)


@register.simple_tag
def state_badge(thing, field="state"):
    """The state of a thing, from its own field of choices; its tone from the table above."""
    code = getattr(thing, field)
    label = getattr(thing, f"get_{field}_display")()
    return format_html(
        '<span class="cx-badge cx-badge--state" data-tone="{}">{}</span>',
        STATE_TONES.get(code, "quiet"),
        label,
    )


@register.simple_tag
def grade(source="", information="", *, kind="", source_label="", information_label=""):
    """The two grades side by side, never merged; `kind="proposed"` has a dashed frame."""
    if not source and not information:
        return format_html('<span class="cx-grade cx-grade--none">{}</span>', "Non coté")
    return format_html(
        '<span class="cx-grade" data-kind="{}">'
        '<span title="{}"><span class="cx-hidden">Source&nbsp;: </span>{}</span>'
        '<span title="{}"><span class="cx-hidden">, information&nbsp;: </span>{}</span></span>',
        kind,
        f"Source : {source_label or source or 'non cotée'}",
        source or "–",
        f"Information : {information_label or information or 'non cotée'}",
        information or "–",
    )


@register.simple_tag
def handling_mark(code, words=""):
    """What may be done with a text, beside it wherever it is shown: `H2`, its words on hover."""
    if not code:
        return ""
    return format_html(
        '<span class="cx-code" data-code="{}" title="{}">'
        '<span class="cx-hidden">Code d’exploitation&nbsp;: </span>{}</span>',
        code,
        words,
        code,
    )


@register.simple_tag
def key(shortcut):
    """The key drawn inside a button; screen readers have `aria-keyshortcuts` instead."""
    return format_html(
        '<kbd class="cx-key" aria-hidden="true">{}</kbd>', shortcut.upper() if shortcut else ""
    )


@register.simple_tag
def link_button(url, label, *, kind="secondary", icon="", shortcut="", id=""):
    """A link that looks like a button. Kinds: primary, secondary, tertiary."""
    return _draw(
        "link_button", url=url, label=label, kind=kind, icon=icon, shortcut=shortcut, id=id
    )


@register.simple_tag(takes_context=True)
def post_button(
    context, url, label, *, kind="secondary", icon="", shortcut="", confirm="", name="", value=""
):
    """A button that changes something: a one-button form with its token."""
    return _draw(
        "post_button",
        url=url,
        label=label,
        kind=kind,
        icon=icon,
        shortcut=shortcut,
        confirm=confirm,
        name=name,
        value=value,
        token=get_token(context["request"]),
    )


@register.simple_tag
def submit_button(
    label,
    *,
    kind="primary",
    icon="",
    shortcut="",
    name="",
    value="",
    busy="",
    action="",
    autofocus=False,
):
    """The button of a form; `busy` replaces its label while the answer is awaited; `action` is
    where it sends the form, when that is not where the form goes; `autofocus` when the page asks
    for nothing but this press."""
    return _draw(
        "submit_button",
        label=label,
        kind=kind,
        icon=icon,
        shortcut=shortcut,
        name=name,
        value=value,
        busy=busy,
        action=action,
        autofocus=autofocus,
    )


@register.simple_tag
def figure_link(value, label, url="", *, detail="", tone=""):
    """A figure that opens what it counts: `{% figure_link 75 "à trier" triage_url %}`.

    A number is written in French; any other text ("< 5") is drawn as it is.
    """
    shown = number(value) if isinstance(value, int | float) else value
    return _draw(
        "figure_link",
        value=shown,
        label=label,
        url=url,
        detail=detail,
        tone=tone,
        is_zero=not value,
    )


@register.simple_tag
def progress(value, total, *, label, id="", detail=""):
    """How far a long work is; `total=None` when nobody knows yet."""
    return _draw("progress", value=value, total=total, label=label, id=id, detail=detail)


@register.simple_tag
def steps(current, titles):
    """Where one is in a wizard. `titles`: the names of all steps; `current` counts from 1."""
    titles = titles.split("|") if isinstance(titles, str) else list(titles)
    return _draw(
        "steps",
        current=current,
        total=len(titles),
        title=titles[current - 1],
        following=titles[current] if current < len(titles) else "",
    )


# --- Forms -------------------------------------------------------------------------------------


@register.simple_tag
def field(bound, *, size="", label="", hint=""):
    """One field with label, hint and error. `size`: narrow, half, wide (filters)."""
    if label:
        bound.label = label
    if hint:
        bound.help_text = hint
    return render_to_string(bound.template_name, {"field": bound, "size": size})


@register.simple_tag
def error_summary(*forms, kept=True):
    """Every error of these forms, with a link to its field; nothing when there is none.

    `kept=False` where what was typed is not drawn again (a password).
    """
    lines = []
    for form in forms:
        lines += [("", error) for error in form.non_field_errors()]
        lines += [
            (bound, error) for bound in form if not bound.is_hidden for error in bound.errors
        ]
        lines += [("", error) for bound in form.hidden_fields() for error in bound.errors]
    return _draw("error_summary", lines=lines, count=len(lines), kept=kept) if lines else ""


# --- Lists -------------------------------------------------------------------------------------


def _address(request, *, drop=(), **changes):
    """The query of this page with some values replaced, and back to the first page."""
    query = request.GET.copy()
    for name in (*CURSORS, *drop):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sortable(context, label, name, *, numeric=False, descending=False):
    """`<th>` with a link that sorts. The current sort is `sort` of the context, else `?tri=`.

    `descending`: the first click gives the highest first (dates, counts).
    """
    request = context["request"]
    current = context.get("sort") or request.GET.get(SORT, "")
    is_current = current.removeprefix("-") == name
    direction = ("descending" if current.startswith("-") else "ascending") if is_current else ""
    turned = name if current == f"-{name}" else f"-{name}"
    target = turned if is_current else (f"-{name}" if descending else name)
    return _draw(
        "sortable",
        label=label,
        url=_address(request, **{SORT: target}),
        direction=direction,
        numeric=numeric,
    )


@register.simple_tag(takes_context=True)
def chips(context, chosen, clear_url=None):
    """The filters in force, each with a link that lifts it.

    `chosen`: dictionaries `{"name", "value", "label", "text"}`: the parameter and its value as in
    the address, then the words for people ("État", "Coté").
    """
    request = context["request"]
    lines = []
    for chip in chosen or ():
        query = request.GET.copy()
        left = [value for value in query.getlist(chip["name"]) if value != str(chip["value"])]
        query.setlist(chip["name"], left)
        for name in CURSORS:
            query.pop(name, None)
        lines.append({**chip, "url": f"?{query.urlencode()}"})
    return _draw("chips", lines=lines, clear_url=clear_url or request.path) if lines else ""


@register.simple_tag(takes_context=True)
def pager(context, page, label="Pages de la liste"):
    """Previous and next by cursor. `page` has `previous` and `next` (cursors or None)."""
    request = context["request"]

    def address(name, cursor):
        return _address(request, **{name: cursor}) if cursor else ""

    return _draw(
        "pager",
        label=label,
        previous_url=address(BEFORE, page.previous),
        next_url=address(AFTER, page.next),
        first_url=_address(request) if page.previous else "",
    )


@register.simple_tag(takes_context=True)
def kept_query(context, *names):
    """Hidden inputs that carry these parameters of the address through a form sent by GET."""
    query = context["request"].GET
    pairs = [(name, value) for name in names for value in query.getlist(name)]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)
