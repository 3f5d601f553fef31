"""Addresses: totals that others counted."""

from django.urls import path

from protocols.views import totals as views

urlpatterns = [
    path("strategie/chiffres/", views.total_list, name="total_list"),
    path("strategie/chiffres/nouveau/", views.new_total, name="new_total"),
    path("strategie/chiffres/<int:pk>/corriger/", views.correct_total, name="correct_total"),
    path("strategie/chiffres/<int:pk>/retirer/", views.remove_total, name="remove_total"),
    path("strategie/chiffres/<int:pk>/remettre/", views.restore_total, name="restore_total"),
]
