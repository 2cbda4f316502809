from editorial.admin import accounts, article, audit_log, front, history, stages

__all__ = ["accounts", "article", "audit_log", "front", "history", "stages"]
