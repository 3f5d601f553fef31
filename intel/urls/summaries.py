"""Addresses: summaries."""

from django.urls import path

from intel.views import summaries as views

urlpatterns = [
    path("syntheses/", views.summary_list, name="summary_list"),
    path("syntheses/construire/", views.build_summary, name="build_summary"),
    path("syntheses/<int:pk>/", views.summary_page, name="summary_page"),
    path("syntheses/<int:pk>/export/", views.export_summary, name="export_summary"),
    path("syntheses/<int:pk>/reviser/", views.revise_summary, name="revise_summary"),
    path("territoires/<str:code>/", views.territory_page, name="territory_page"),
    path("travaux/<uuid:pk>/", views.job_progress, name="job_progress"),
]
