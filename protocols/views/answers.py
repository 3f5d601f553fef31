"""How an act on a protocol or a seat ends: its sentence, or its form again."""

from django.contrib import messages
from django.shortcuts import redirect

from cross.ui.forms import render_form


def done(request, protocol, sentence):
    messages.success(request, sentence)
    return redirect(protocol)


def form_page(request, protocol, form, template, **more):
    return render_form(request, template, form, protocol=protocol, **more)
