"""Whether a headline, or another short text, gives away what happens to somebody.

It does when it holds what happens in its very words, or somebody's name together with a word of fate in the
language of the text. Names and words are compared without accents and case, whole words only. A name counts
in full or by one of its longer words: headlines say “Félix”. This finds what is said outright; what is only
hinted at is for people to notice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from catalog.folding import search_key

_LEAST = 4  # letters: shorter words of a name, such as “Don” or “El”, are said of many

# Folded as `search_key` folds; what ends in * begins a word.
FATES: Mapping[str, str] = {
    "en": "die dies died dying dead death* kill* murder* execut* shot assassinat* arrest* captur* caught "
    "jail* imprison* prison betray* kidnap* tortur* surviv* killer fate downfall",
    "de": "stirbt starb sterben gestorben tot tote* tod todes* ermord* mord getotet totet erschoss* "
    "erschiess* hingerichtet verhaft* festgenommen festnahme gefangnis inhaftiert eingesperrt verrat* "
    "verraten entfuhrt* gefoltert uberlebt schicksal sturz",
    "es": "muere mueren murio morir muert* mata matan mato asesin* ejecut* detenid* detencion arrest* "
    "captur* encarcel* carcel prision preso traicion* secuestr* tortur* sobreviv* destino caida",
}


def gives_away(text: str, language: str, names: Collection[str], value: str) -> bool:
    """Whether the text says `value`, or names one of `names` together with a word of fate."""
    folded = search_key(text)
    if _holds(folded, search_key(value)):
        return True
    return tells_a_fate(text, language) and any(_names(folded, name) for name in names)


def tells_a_fate(text: str, language: str) -> bool:
    """Whether a word of the text says what becomes of people. Languages without words of ours: English."""
    return _fates(language.partition("-")[0].lower()).search(search_key(text)) is not None


def _names(folded: str, name: str) -> bool:
    words = [word for word in name.split() if len(search_key(word)) >= _LEAST and word[0].isupper()]
    return any(_holds(folded, search_key(one)) for one in (name, *words))


def _holds(folded: str, key: str) -> bool:
    """Whether the words of `key` stand in the folded text, one after the other."""
    return bool(key) and f" {key} " in f" {folded} "


@cache
def _fates(language: str) -> re.Pattern[str]:
    words = FATES.get(language, FATES["en"]).split()
    return re.compile(rf"\b(?:{'|'.join(word.replace('*', '[^ ]*') for word in words)})\b")
