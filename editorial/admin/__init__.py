from editorial.admin import (
    accounts,
    article,
    audit_log,
    front,
    history,
    reports,
    stages,
    table_imports,
    transfer_checks,
)

__all__ = [
    "accounts",
    "article",
    "audit_log",
    "front",
    "history",
    "reports",
    "stages",
    "table_imports",
    "transfer_checks",
]
