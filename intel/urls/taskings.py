"""Addresses: what is expected from units, and what courts decided."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import taskings as views

urlpatterns = [
    path("orientations/", views.tasking_list, name="tasking_list"),
    path("orientations/taux/", views.rates_page, name="rates_page"),
    path(f"{ONE}parquet/", views.refer_report, name="refer_report"),
    path("parquet/<uuid:key>/", views.change_referral, name="change_referral"),
]
