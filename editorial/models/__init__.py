from editorial.models.article import (
    Article,
    ArticleKind,
    ArticleStatus,
    Contribution,
    Contributor,
    Revision,
)
from editorial.models.audit import AuditEntry
from editorial.models.edition import Edition, Footnote

__all__ = [
    "Article",
    "ArticleKind",
    "ArticleStatus",
    "AuditEntry",
    "Contribution",
    "Contributor",
    "Edition",
    "Footnote",
    "Revision",
]
