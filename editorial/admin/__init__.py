from editorial.admin import article, history, stages

__all__ = ["article", "history", "stages"]
