from editorial.admin import article, history

__all__ = ["article", "history"]
