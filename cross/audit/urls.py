"""Addresses of the journal."""

from django.urls import path

from cross.audit import views

urlpatterns = [
    path("journal/", views.journal_page, name="journal"),
    path("journal/sceaux/", views.seals_page, name="journal_seals"),
    path("journal/sceaux/verifier/", views.check_journal, name="check_journal"),
    path("journal/sceaux/releve/", views.take_seals, name="take_seals"),
    path("journal/a-relire/", views.oddity_list, name="oddity_list"),
    path("journal/a-relire/<int:pk>/", views.oddity_page, name="oddity_page"),
    path("journal/a-relire/<int:pk>/rouvrir/", views.reopen_oddity, name="reopen_oddity"),
    path("journal/exports/", views.handout_list, name="handout_list"),
    path("journal/exports/nouveau/", views.new_handout, name="new_handout"),
    path("journal/exports/<uuid:key>/", views.handout_page, name="handout_page"),
    path("journal/exports/<uuid:key>/suivi/", views.handout_progress, name="handout_progress"),
    path("journal/exports/<uuid:key>/fichier/", views.handout_file, name="handout_file"),
]
