"""Tables of contributors and articles. Bodies are files beside the table; no file publishes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from import_export import fields

from catalog.capture import CaptureError, capture
from catalog.key_queries import Parts
from catalog.models import Photo, Season, Series
from catalog.resources import Known, TableResource
from catalog.resources.base import RowsRefused
from catalog.resources.columns import number_of, reference, slug_of
from catalog.resources.widgets import ReferenceList
from editorial.actions import StaleArticle, TransitionRefused, keep_stray, save_article
from editorial.models import Article, Contributor, Revision
from editorial.prose.document import sanitise

BODY_MAX_BYTES = 2 * 1024 * 1024


def address_of(article: Article) -> str:
    """How tables and bundles name an article: `language/slug`."""
    return f"{article.language}/{article.slug}"


def address_parts(key: str) -> Parts:
    """What of an article `address_of` writes, by path. Raises ValueError."""
    language, slug = key.split("/")
    return {"language": language, "slug": slug}


@dataclass(frozen=True, slots=True)
class Late:
    """A row whose text came too late: its line, its article as the row says, what it was made from."""

    line: int
    article: Article
    based_on: int | None


class ContributorResource(TableResource):
    later = frozenset({"portrait"})
    relations = ("portrait",)

    portrait = reference("portrait", Photo)

    class Meta:
        model = Contributor
        import_id_fields = ["slug"]
        fields = ("slug", "name", "role", "biography", "portrait")

    def key(self, instance: Contributor) -> str:
        return instance.slug


class ArticleResource(TableResource):
    """Rows become revisions through `save_article`. `read_body(language/slug)` gives a body's bytes.

    Without `read_body` the bodies stay as they are. A row that says in `based_on` which revision it was made
    from is refused when that is not the newest and it would change the text; `late` has it then.
    """

    optional = ("based_on",)
    batch_rows = 200
    writes_by_itself = True

    series = reference("series", Series)
    season = reference("season", Season, "series", "season", part=number_of)
    spoils_through = reference("spoils_through", Season, "series", "spoils_through", part=number_of)
    photo = reference("photo", Photo)
    contributors = fields.Field(
        "byline", "contributors", ReferenceList(Contributor, "contributors", part=slug_of)
    )
    translation_of = reference("translation_of", Article, part=address_of)

    class Meta:
        model = Article
        import_id_fields = ["language", "slug"]
        fields = (
            "kind",
            "language",
            "slug",
            "title",
            "spoiler_free_title",
            "standfirst",
            "series",
            "season",
            "spoils_through",
            "photo",
            "contributors",
            "review_by",
            "translation_of",
        )

    def __init__(
        self,
        known: Known | None = None,
        *,
        user: AbstractBaseUser | None = None,
        read_body: Callable[[str], bytes | None] | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(known, **kwargs)
        self.user = user
        self.read_body = read_body
        self.late: list[Late] = []
        self.known.read_with(Contributor, Contributor.objects.all, slug_of, lambda key: {"slug": key})
        self.known.read_with(Article, Article.objects.all, address_of, address_parts)

    def get_queryset(self) -> models.QuerySet:
        relations = ("series", "season", "spoils_through", "photo", "translation_of")
        byline = models.Prefetch("contributions__contributor")
        newest = models.Max("revisions__number", filter=models.Q(revisions__is_stray=False))
        return Article.objects.select_related(*relations).prefetch_related(byline).annotate(newest=newest)

    def key(self, instance: Article) -> str:
        return address_of(instance)

    def dehydrate_contributors(self, article: Article) -> str:
        return self.fields["contributors"].widget.render(byline_of(article))

    def stored(self) -> models.QuerySet:
        return self.get_queryset()

    def held(self, there: models.QuerySet) -> models.QuerySet:
        """Nobody is kept from an article: `save_article` refuses what was made from an older revision."""
        return there

    def complete(self, instance: Article, row: Mapping[str, str], line: int, changed: bool) -> bool:
        before = instance.body
        self._import_body(instance)
        changed = changed or instance.body != before
        if changed:
            instance.row_line = line
            self._refuse_late(instance, row.get("based_on", "").strip(), line)
        return changed

    def _refuse_late(self, instance: Article, given: str, line: int) -> None:
        """Raises ValidationError for a text that was made from a revision which is not the newest."""
        if not given:
            return
        if not (given.isascii() and given.isdigit() and len(given) < 10):
            raise ValidationError(
                {"based_on": gettext("Give the number of a revision, or leave the cell empty.")}
            )
        newest = getattr(instance, "newest", None)
        if newest not in (None, int(given)):  # one that is not here yet is made from the row
            self.late.append(Late(line, instance, int(given)))
            text = gettext(
                "Somebody has saved this article since: its newest revision is %(newest)s. Bring the two "
                "texts together and write %(newest)s here."
            )
            raise ValidationError({"based_on": text % {"newest": newest}})

    def _import_body(self, instance: Article) -> None:
        if self.read_body is None:
            return
        name = f"articles/{address_of(instance)}.html"
        raw = self.read_body(address_of(instance))
        if raw is None:
            raise ValidationError(
                {"slug": gettext("Its text, %(name)s, did not come along.") % {"name": name}}
            )
        try:
            instance.body = sanitise(capture(raw, limit=BODY_MAX_BYTES))
        except CaptureError as error:
            raise ValidationError({"slug": f"{name}: {error}"}) from error

    def write(self, new: list[Article], changed: list[Article]) -> None:
        waiting = [*new, *changed]
        while waiting:
            ready = [article for article in waiting if _original_is_written(article)]
            if not ready:
                reason = gettext("These articles are translations of each other. One must be the original.")
                raise RowsRefused([(article, reason) for article in waiting])
            for article in ready:
                article.translation_of = article.translation_of  # takes up the id of a row written now
                try:
                    save_article(
                        user=self.user,
                        article=article,
                        based_on=getattr(article, "newest", None),
                        contributors=byline_of(article),
                    )
                except TransitionRefused as refusal:
                    raise RowsRefused([(article, str(refusal))]) from refusal
                except StaleArticle as stale:
                    self.late.append(Late(article.row_line, article, article.newest))
                    reason = gettext("Somebody saved this article while the file was read. Import it again.")
                    raise RowsRefused([(article, reason)]) from stale
            waiting = [article for article in waiting if article not in ready]


@transaction.atomic
def keep_strays(user: AbstractBaseUser | None, late: Iterable[Late]) -> dict[int, Revision]:
    """The texts that came too late, kept though their rows are not written; by the line of the row."""
    return {
        row.line: keep_stray(
            user=user, article=row.article, based_on=row.based_on, contributors=list(byline_of(row.article))
        )
        for row in late
    }


def byline_of(article: Article) -> Iterable[Contributor]:
    """The contributors in order: those a row just gave, else those of the database."""
    given = getattr(article, "byline", None)
    if given is not None:
        return given
    return [contribution.contributor for contribution in article.contributions.all()] if article.pk else []


def _original_is_written(article: Article) -> bool:
    return article.translation_of is None or article.translation_of.pk is not None
