"""`makemigrations`, whose new models come whole (config/folding.py says why)."""

from django.core.management.commands.makemigrations import Command as DjangoMakeMigrations

from config.folding import FoldingAutodetector


class Command(DjangoMakeMigrations):
    """Django's command with our autodetector."""

    autodetector = FoldingAutodetector
