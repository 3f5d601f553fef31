"""Addresses: imports of citizens' tips."""

from django.urls import path

from intel.views import imports

urlpatterns = [
    path("signalements/import/", imports.import_list, name="import_list"),
    path("signalements/import/nouveau/", imports.import_new, name="import_new"),
    path("signalements/import/exemple.csv", imports.import_sample, name="import_sample"),
    path("signalements/import/<int:pk>/", imports.import_page, name="import_page"),
    path("signalements/import/<int:pk>/colonnes/", imports.import_columns, name="import_columns"),
    path("signalements/import/<int:pk>/lancer/", imports.import_start, name="import_start"),
    path("signalements/import/<int:pk>/annuler/", imports.import_undo, name="import_undo"),
    path("signalements/import/<int:pk>/avancement/", imports.import_progress,
         name="import_progress"),
    path("signalements/import/<int:pk>/fautes.csv", imports.import_faults, name="import_faults"),
]  # fmt: skip
