from editorial.models.article import (
    Article,
    ArticleKind,
    ArticleStatus,
    Contribution,
    Contributor,
    Revision,
)
from editorial.models.audit import AuditEntry
from editorial.models.correction import Correction, CorrectionKind
from editorial.models.desk import (
    Autosave,
    Comment,
    CommentState,
    MailChoice,
    Notification,
    Override,
    Preference,
    Presence,
    PreviewLink,
    Rendering,
    SentenceVerdict,
)
from editorial.models.due import DueItem, DueOutcome, DueVerb, Heartbeat
from editorial.models.edition import Bylined, Edition, Footnote, Mention, Pictured
from editorial.models.pick import Pick
from editorial.models.report import AnswerState, ReaderReport, ReportOutcome, ReportState
from editorial.models.review import (
    Approval,
    Stage,
    Step,
    Submission,
    SubmissionOutcome,
    Verdict,
)
from editorial.models.search import EntryKind, SearchEntry, SearchWord
from editorial.models.table_import import BUNDLE, HeaderMapping, ImportedRow, ImportState, TableImport

__all__ = [
    "BUNDLE",
    "AnswerState",
    "Approval",
    "Article",
    "ArticleKind",
    "ArticleStatus",
    "AuditEntry",
    "Autosave",
    "Bylined",
    "Comment",
    "CommentState",
    "Contribution",
    "Contributor",
    "Correction",
    "CorrectionKind",
    "DueItem",
    "DueOutcome",
    "DueVerb",
    "Edition",
    "EntryKind",
    "Footnote",
    "HeaderMapping",
    "Heartbeat",
    "ImportState",
    "ImportedRow",
    "MailChoice",
    "Mention",
    "Notification",
    "Override",
    "Pick",
    "Pictured",
    "Preference",
    "Presence",
    "PreviewLink",
    "ReaderReport",
    "Rendering",
    "ReportOutcome",
    "ReportState",
    "Revision",
    "SearchEntry",
    "SearchWord",
    "SentenceVerdict",
    "Stage",
    "Step",
    "Submission",
    "SubmissionOutcome",
    "TableImport",
    "Verdict",
]
