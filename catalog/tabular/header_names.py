"""What other people's files call our columns, in English, German and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.folding import search_key

# By the name of a column, or by `kind of record.column` where that kind means something of its own by it.
_OTHERS: Mapping[str, str] = {
    "person": (
        "actor, actress, actor name, actors, performer, performed by, played by, portrayed by, cast, "
        "cast member, talent, star, starring, people, name, full name, person name, artist, "
        "schauspieler, schauspielerin, schauspieler/in, schauspielerinnen, darsteller, darstellerin, "
        "besetzung, gespielt von, dargestellt von, mitwirkende, actriz, actores, intérprete, "
        "interpretado por, reparto, elenco, artista"
    ),
    "character": (
        "role, roles, role name, character name, characters, part, plays, as, rolle, rollen, "
        "rollenname, figur, figuren, charakter, spielt, als, personaje, personajes, papel, rol, como"
    ),
    "crewcredit.person": "crew, crew member, credit, staff, mitarbeiter, stab, equipo, nombre",
    "billed_as": (
        "billing, billed, credited as, credit, credit name, genannt, im Abspann, nennung, "
        "acreditado como, crédito"
    ),
    "series": (
        "show, series title, tv series, tv show, program, programme, serie, sendung, programa, "
        "título de la serie"
    ),
    "season": "season number, season no, staffel, staffelnummer, temporada, número de temporada, s",
    "episode": "episode number, episode no, ep, folge, episodennummer, folgennummer, episodio, capítulo",
    "season.number": "season, season number, season no, staffel, staffelnummer, temporada, no, nr, s",
    "season.premiere": (
        "air date, first aired, premiere date, release date, released, start, start date, "
        "erstausstrahlung, startdatum, veröffentlichung, estreno, fecha de estreno"
    ),
    "series.premiere": (
        "air date, first aired, premiere date, release date, released, start, start date, year, "
        "erstausstrahlung, startdatum, jahr, estreno, fecha de estreno, año"
    ),
    "season.episode_count": (
        "episodes, number of episodes, episode total, folgen, anzahl folgen, folgenzahl, episodios"
    ),
    "season.status": "state, renewal, zustand, estado",
    "season.renewed": "renewed on, renewal date, verlängert, verlängerung, renovada, fecha de renovación",
    "season.filming_start": "filming began, shooting start, drehbeginn, inicio de rodaje",
    "season.filming_end": "filming ended, shooting end, wrap, drehende, fin de rodaje",
    "episode.number": (
        "episode, episode number, episode no, ep, no, nr, folge, folgennummer, episodio, capítulo"
    ),
    "episode.title": "episode title, name, episode name, folgentitel, titel, título, título del episodio",
    "episode.aired": (
        "air date, aired on, original air date, broadcast, date, release date, erstausstrahlung, "
        "sendedatum, ausstrahlung, datum, emisión, fecha de emisión, fecha"
    ),
    "series.title": "name, show, series, series title, titel, serientitel, serie, título, nombre",
    "series.network": (
        "channel, broadcaster, platform, streamer, sender, kanal, plattform, cadena, plataforma"
    ),
    "original_language": "language, original language, sprache, originalsprache, idioma, idioma original",
    "production_company": "studio, production, produced by, produktion, produktionsfirma, productora",
    "summary": (
        "synopsis, logline, description, plot, inhalt, zusammenfassung, beschreibung, sinopsis, resumen"
    ),
    "status": "state, zustand, bestätigt, estado, situación",
    "status_as_of": "as of, status date, stand, stand vom, a fecha de",
    "position": "order, rank, billing order, sort, no, reihenfolge, rang, platz, orden, posición",
    "note": (
        "notes, remark, remarks, comment, comments, notiz, bemerkung, anmerkung, kommentar, nota, "
        "observaciones"
    ),
    "job": (
        "role, position, credit, department, function, funktion, aufgabe, tätigkeit, beruf, puesto, "
        "cargo, función"
    ),
    "name": (
        "full name, display name, vollständiger name, nombre, nombre completo, actor, schauspieler, "
        "personaje, figur"
    ),
    "sort_name": "sort, sortable name, last name first, index name, sortiername, nombre de orden",
    "slug": "id, key, identifier, kennung, schlüssel, identificador, clave",
    "text": "alias, also known as, aka, nickname, spitzname, auch bekannt als, alias, apodo",
    "language": "lang, locale, sprache, idioma",
    "kind": "type, art, typ, tipo, clase",
    "title": "name, heading, titel, título",
    "earlierwork.title": "known for, seen in, earlier work, bekannt aus, conocido por",
    "label": "fact, what, bezeichnung, etiqueta, dato",
    "value": "says, wert, valor",
    "publisher": "site, outlet, website, medium, herausgeber, verlag, medio, editorial",
    "author": "by, byline, writer, autor, autorin, verfasser, autora",
    "published": (
        "date, published on, publication date, datum, veröffentlicht, erschienen, fecha, publicado"
    ),
    "url": "link, address, web address, adresse, enlace, dirección",
    "credit": "photographer, photo by, foto, fotograf, crédito, fotógrafo",
    "alt": "alt text, description, alternativtext, beschreibung, texto alternativo",
    "source": "source slug, quelle, fuente",
    "quote": "quotation, cited words, zitat, cita",
    "passage": "passage key, citation key, beleg, textstelle, pasaje",
    "says": "said, stated, sagt, angabe, dice",
    "field": "cited field, feld, campo",
}


def other_names(kind: str, column: str) -> tuple[str, ...]:
    """The folded headers by which other files mean this column of the table of that kind of record."""
    texts = [text for text in (_OTHERS.get(f"{kind}.{column}"), _OTHERS.get(column)) if text]
    return tuple(dict.fromkeys(key for text in texts for key in map(search_key, text.split(","))))
