"""The map: one include per room."""

urlpatterns = []
