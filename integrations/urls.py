"""Addresses at which connected systems leave their answers."""

from django.urls import path

from integrations import views

app_name = "integrations"

urlpatterns = [
    path("<slug:connector>/", views.answer, name="answer"),
]
