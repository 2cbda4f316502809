from catalog.admin import cast, citations, people, photos, screen, sources, statements

__all__ = ["cast", "citations", "people", "photos", "screen", "sources", "statements"]
