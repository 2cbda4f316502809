from editorial.admin import accounts, article, audit_log, history, stages

__all__ = ["accounts", "article", "audit_log", "history", "stages"]
