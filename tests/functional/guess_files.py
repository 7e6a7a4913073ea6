"""Small files of invented companies in several languages, written for the tests of init."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from random import Random

_NAMES = {
    "de": ("Hans Jürgen Petra Günther Anja Björn Käthe Ödön", "Müller Schmidt Weiß Schäfer Vogt Größer", "Köln Berlin Gütersloh"),
    "fr": ("Jean Hélène François Élise Benoît Zoé", "Lefèvre Dubois Garnier Béranger Côté", "Paris Lyon Besançon"),
    "pt": ("João Conceição Tiago Inês Gonçalo", "Silva Gonçalves Araújo Simões Melo", "Lisboa Porto Évora"),
    "es": ("José María Begoña Álvaro Lucía", "García Muñoz Ibáñez Peña Núñez", "Madrid Cádiz León"),
    "it": ("Giuseppe Niccolò Chiara Luca Giada", "Rossi Bianchi D'Angelo Conti Greco", "Roma Forlì Milano"),
    "nl": ("Jan Sanne Daan Femke Willem", "Jansen Visser Bakker Smit Mulder", "Utrecht Breda Assen"),
    "en": ("James Mary Olivia Harry Amelia Freya", "Smith Jones Taylor O'Brien Khan", "Leeds Bath York"),
}  # fmt: skip


@dataclass(frozen=True)
class Someone:
    """An invented person."""

    number: int
    given: str
    family: str
    city: str
    email: str
    year: int
    month: int
    day: int
    house: str
    zip: str
    tail: str  # seven digits

    def born(self, form: str) -> str:
        return form.format(d=self.day, m=self.month, y=self.year)


def someone(language: str, number: int) -> Someone:
    """The same person each time for a language and number."""
    random = Random(f"{language}-{number}")
    given, family, city = (random.choice(words.split()) for words in _NAMES[language])
    return Someone(
        number, given, family, city, f"p{number}.{language}@mail.example", random.randint(1935, 2005),
        random.randint(1, 12), random.randint(1, 28), str(random.randint(1, 200)), str(random.randint(10000, 99999)),
        str(random.randint(1_000_000, 9_999_999)),
    )  # fmt: skip


def people(language: str, count: int = 200) -> list[Someone]:
    return [someone(language, n) for n in range(count)]


def write_csv(
    path: Path, header: list[str], rows: list[list[object]], *, delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """A CSV file, packed when its name ends in .gz."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    data = text.getvalue().encode(encoding)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
