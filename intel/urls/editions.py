"""Addresses: the local strategy briefs."""

from django.urls import path

from intel.views import editions as views

urlpatterns = [
    path("notes/", views.edition_list, name="edition_list"),
    path("notes/nouvelle/", views.new_edition, name="new_edition"),
    path("notes/impressions/<str:key>/", views.print_page, name="print_page"),
    path("notes/impressions/<str:key>/fichier", views.print_file, name="print_file"),
    path("notes/<str:number>/", views.edition_page, name="edition_page"),
    path("notes/<str:number>/rediger/", views.write_edition, name="write_edition"),
    path("notes/<str:number>/brouillon/", views.keep_words, name="keep_words"),
    path("notes/<str:number>/brouillon/supprimer/", views.drop_words, name="drop_words"),
    path("notes/<str:number>/valider/", views.validate_edition, name="validate_edition"),
    path("notes/<str:number>/rouvrir/", views.reopen_edition, name="reopen_edition"),
    path("notes/<str:number>/imprimer/", views.print_edition, name="print_edition"),
    path("notes/<str:number>/pdf", views.edition_pdf, name="edition_pdf"),
]
