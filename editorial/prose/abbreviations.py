"""What full stops mean in the languages the desk writes: the word lists behind `sentences`.

Abbreviations are written without their last full stop; a space in one may be missing in the text. Lists are
short on purpose: an abbreviation that is not here splits a sentence in two, which the writer sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


def _ending(words: str) -> re.Pattern[str]:
    """Matches a text whose last word is one of these abbreviations (separated by `|`) with its full stop."""
    alternatives = "|".join(re.escape(word.strip()).replace(r"\ ", r"\s?") for word in words.split("|"))
    return re.compile(rf"(?<!\w)(?:{alternatives})\.$")


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, slots=True)
class Rules:
    """How one language reads a full stop."""

    joins: re.Pattern[str]  # never ends a sentence: “e.g.”, “vs.”
    titles: re.Pattern[str]  # goes with the name that follows: “Dr. Ruiz”
    numbers: re.Pattern[str]  # goes with a number that follows: “No. 5”, “Feb. 13”
    ends: re.Pattern[str]  # ends a sentence before a capital letter: “etc.”, “in the U.S.”
    ends_not_before: frozenset[str]  # … except before these: “U.S. Attorney”, “9 p.m. ET”
    starters: frozenset[str]  # words that, with a capital letter, begin a sentence
    ordinals_before: frozenset[str]  # what a number with a full stop counts: “13. Februar”
    quotes: re.Pattern[str]  # a quotation short enough to stand in one sentence


_AFTER_US = _words(
    "Agent Agents Air Ambassador Army Attorney Attorneys Border Coast Congress Congressman Consul"
    " Consulate Court Customs Department Dollar Dollars District Drug Embassy Federal Government House"
    " Immigration Justice Marine Marines Marshal Marshals Military Navy Open President Secretary"
    " Senate Senator Special State States Supreme Treasury Virgin ET EST EDT CT CST CDT MT MST MDT PT"
    " PST PDT GMT BST CET MEZ UTC Eastern Central Pacific Mountain Uhr"
)
_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
_ENDS = "U.S|U.S.A|U.K|E.U|U.N|D.C|L.A|D.E.A|F.B.I|C.I.A|EE. UU|a. m|p. m|A.M|P.M|etc|Inc|Ltd|Corp|Jr"
_STRAIGHT = r'(?<![^\s(\[—–])"(?=\S)[^"\n]{1,160}(?<=\S)"(?!\w)'

_ENGLISH = Rules(
    joins=_ending("vs|e.g|i.e|cf|approx|ca|feat|ft|a.k.a|incl"),
    titles=_ending(
        "Dr|Mr|Mrs|Ms|Mx|Prof|Gen|Col|Lt|Sgt|Cpl|Capt|Cmdr|Maj|Adm|Gov|Sen|Rep|Rev|Hon|Pres|Det|Insp|Supt"
        "|Messrs|Mme"
    ),
    numbers=_ending(
        f"No|Nos|no|nos|Ep|Eps|ep|eps|Vol|Vols|vol|vols|Pt|Pts|pt|Ch|ch|Fig|fig|Sec|Art|p|pp|{_MONTHS}"
    ),
    ends=_ending(_ENDS),
    ends_not_before=_AFTER_US,
    starters=_words(
        "The A An He She It They We I You This That These Those There Then When While After Before"
        " But And Or So In On At For From With By As If Its His Her Their Our My Your Who What Where"
        " Why How Both Each Every Some Many Most Several All Not Now Later Meanwhile However Still Yet"
        " Since Until Although Though Because Another One Nobody Nothing Only Even Also Once Between"
        " During Here"
    ),
    ordinals_before=frozenset(),
    quotes=re.compile(rf"“[^“”\n]{{1,160}}”|{_STRAIGHT}"),
)
_GERMAN = Rules(
    joins=_ending("vs|z. B|d. h|u. a|u. U|i. d. R|bzw|ca|evtl|ggf|inkl|exkl|sog|vgl|feat|e.g|i.e"),
    titles=_ending("Dr|Prof|Hr|Frl|Mr|Mrs|Ms|St|Gen|Lt|Dipl|Ing|Mio|Mrd|Tsd"),
    numbers=_ending(f"Nr|Nrn|Ep|Kap|Bd|Bde|Abs|Art|Abb|S|Vol|No|{_MONTHS}|Jän|Mär|Okt|Dez|Mo|Di|Mi|Do|Sa|So"),
    ends=_ending(f"{_ENDS}|usw|ff|u. a. m|o. Ä|u. Ä|Jh|Jhd|Jhdt"),
    ends_not_before=_AFTER_US,
    starters=_words(
        "Der Die Das Den Dem Des Ein Eine Einen Einem Einer Er Sie Es Wir Ich Ihr Man Dies Diese"
        " Dieser Dieses Diesen Und Aber Oder Doch Denn Dann Danach Dabei Damit Dort Da Daher Hier Nun"
        " Jetzt Im In Am An Auf Aus Bei Beim Mit Nach Von Vom Vor Zu Zum Zur Für Über Unter Um Als Wie"
        " Wenn Weil Während Seit Bis Nur Auch Noch Schon So Sein Seine Seinen Ihre Ihren Wer Was Wo"
        " Warum Wann Beide Alle Viele Einige Kein Keine Nicht Laut Ob Zwar Trotz Später Zuvor Zudem"
        " Außerdem Jeder Jede Mehr Niemand"
    ),
    ordinals_before=_words(
        "Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember"
        " Staffel Staffeln Staffelfinale Folge Folgen Episode Episoden Kapitel Kapitels Teil Teils"
        " Teile Season Jahrhundert Jahrhunderts Jahrhunderte Jahrtausend Platz Platzes Rang Weltkrieg"
        " Weltkriegs Quartal Quartals Halbjahr Halbjahrs Mal Tag Tages Jahr Jahres Jahrestag"
        " Geburtstag Liga Runde Akt Auflage Etage Klasse Minute Stunde Woche Monat"
    ),
    quotes=re.compile(rf"„[^„“”\n]{{1,160}}[“”]|»[^»«\n]{{1,160}}«|{_STRAIGHT}"),
)
_SPANISH = Rules(
    joins=_ending("vs|p. ej|P. ej|aprox|Aprox|a. k. a|i.e|e.g"),
    titles=_ending(
        "Sr|Sra|Srta|Sres|Dr|Dra|Dres|D|Dña|Prof|Lic|Ing|Arq|Mtro|Mtra|Gral|Gob|Cnel|Cap|Cmte|Tte|Sgto|Pdte"
        "|Av|Avda|Col|Fco|Ma|St|Sta|Sto|Ud|Uds|Vd|Vds|Mr|Mrs|mill|d"
    ),
    numbers=_ending(
        "n|N|núm|Núm|núms|Núms|nro|Nro|ep|Ep|eps|cap|caps|temp|Temp|vol|Vol|vols|pág|Pág|págs|p|pp|fig|Fig"
        "|art|Art|ene|feb|abr|jun|jul|ago|sep|sept|oct|nov|dic|s"
    ),
    ends=_ending(f"{_ENDS}|S. A|S.A. de C.V"),
    ends_not_before=_AFTER_US,
    starters=_words(
        "El La Los Las Un Una Unos Unas Él Ella Ellos Ellas Lo Le Les Se Su Sus Este Esta Estos Estas"
        " Esto Ese Esa Eso Aquel Y E O Pero Sin Con En De Del Al A Por Para Desde Hasta Cuando"
        " Mientras Luego Después Antes Entonces Ahora Aquí Así Aunque Como Si No Sí También Además Ya"
        " Más Muchos Todos Todo Cada Hay Es Fue Son Era Según Tras Entre Sobre Qué Quién Nadie Nada"
        " Durante"
    ),
    ordinals_before=frozenset(),
    quotes=re.compile(rf"«[^«»\n]{{1,160}}»|“[^“”\n]{{1,160}}”|{_STRAIGHT}"),
)

RULES: Mapping[str, Rules] = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH}
