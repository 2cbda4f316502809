"""`manage.py publish SLUG…`"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.core.management import BaseCommand, CommandError, CommandParser

from editorial.actions import PublicationRefused, StaleArticle, TransitionRefused, publish_article
from editorial.models import Article


class Command(BaseCommand):
    help = "Publishes articles, or says what keeps each from it. Exits 1 if any was refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="+", metavar="SLUG")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES])
        parser.add_argument("--user", metavar="NAME", help="who publishes; without it the system itself does")

    def handle(self, *args, slugs: list[str], language: str | None, user: str | None, **options) -> None:
        publisher = find_user(user) if user else None
        refused = 0
        for slug in slugs:
            try:
                article = find_article(slug, language)
                edition = publish_article(user=publisher, article=article)
            except (CommandError, PermissionDenied, StaleArticle, TransitionRefused) as error:
                refused += 1
                self.stderr.write(f"{slug}: {error}")
            except PublicationRefused as error:
                refused += 1
                self.stderr.write(f"{slug}: not published.")
                for problem in error.problems:
                    self.stderr.write(f"  {problem.message} {problem.where}".rstrip())
            else:
                self.stdout.write(f"{edition.get_absolute_url()} is published, edition {edition.number}.")
        if refused:
            raise CommandError(f"{refused} of {len(slugs)} articles not published.")


def find_user(name: str) -> AbstractUser:
    user = get_user_model().objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active account {name!r}.")
    return user


def find_article(slug: str, language: str | None) -> Article:
    """The only article of that slug, in that language if one is named. Raises CommandError otherwise."""
    found = Article.objects.filter(slug=slug).order_by("language")
    if language:
        found = found.filter(language=language)
    if not found:
        raise CommandError("there is no such article" + (f" in {language!r}." if language else "."))
    if len(found) > 1:
        languages = ", ".join(article.language for article in found)
        raise CommandError(f"there is one in each of {languages}: say which with --language.")
    return found[0]
