"""Addresses: the local strategy briefs."""

from django.urls import path

from intel.views import copies
from intel.views import edition_life as life
from intel.views import editions as views

urlpatterns = [
    path("notes/", views.edition_list, name="edition_list"),
    path("notes/nouvelle/", views.new_edition, name="new_edition"),
    path("notes/impressions/<str:key>/", copies.print_page, name="print_page"),
    path("notes/impressions/<str:key>/fichier", copies.print_file, name="print_file"),
    path("notes/impressions/<str:key>/avancement/", copies.print_progress, name="print_progress"),
    path("notes/exemplaires/", copies.copy_register, name="copy_register"),
    path("notes/exemplaires/registre.csv", copies.export_copies, name="export_copies"),
    path("notes/exemplaires/<uuid:key>/fin/", copies.end_copy, name="end_copy"),
    path("notes/exemplaires/<uuid:key>/fin/annuler/", copies.reopen_copy, name="reopen_copy"),
    path("notes/<str:number>/", views.edition_page, name="edition_page"),
    path("notes/<str:number>/comparer/", views.edition_changes, name="edition_changes"),
    path("notes/<str:number>/reprendre/", views.refresh_edition, name="refresh_edition"),
    path("notes/<str:number>/rediger/", views.write_edition, name="write_edition"),
    path("notes/<str:number>/brouillon/", views.keep_words, name="keep_words"),
    path("notes/<str:number>/brouillon/supprimer/", views.drop_words, name="drop_words"),
    path("notes/<str:number>/valider/", life.validate_edition, name="validate_edition"),
    path("notes/<str:number>/renvoyer/", life.send_back_edition, name="send_back_edition"),
    path("notes/<str:number>/publier/", life.publish_edition, name="publish_edition"),
    path("notes/<str:number>/rectifier/", life.correct_edition, name="correct_edition"),
    path("notes/<str:number>/imprimer/", copies.print_edition, name="print_edition"),
    path("notes/<str:number>/pdf", copies.edition_pdf, name="edition_pdf"),
]
