"""The config of a people source: which column is which part of a person."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from cxid.config.genders import gender_code, packed
from cxid.config.guess.columns import ID_MEANINGS, ColumnGuess
from cxid.config.guess.datasets import Dataset
from cxid.config.guess.found import Draft
from cxid.config.guess.identity import Identity
from cxid.config.guess.keys import KeyGuess
from cxid.config.guess.kinds import times
from cxid.config.guess.shapes import separator
from cxid.config.guess.words import fold, free_name, read_header, words_of
from cxid.model import DEFAULT_TYPES

_SLOTS = {"given_name": 2, "middle_name": 1, "family_name": 3, "email": 3, "phone": 4}
_NUMBERS = ("national_id", "tax_id", "passport_no", "licence_no", "insurance_no")
_STABLE = (
    "birth_place", "occupation", "nationality", "race", "ethnicity", "religion", "marital_status", "language",
    "education", "suffix",
)  # fmt: skip
_PLACE_RANK = ("", "home", "mailing", "billing", "work", "shipping", "previous")
_PARTS = ("street", "house_number", "city", "region", "postcode", "country")
_EXTRAS = ("unit", "district", "po_box")
# Of two columns for one part of an address the word that means it most plainly wins.
_PLAIN = {"city": ("city", "town", "ort", "stadt", "ville", "cidade", "ciudad", "citta", "comune", "suburb"),
          "region": ("state", "region", "province", "provincia", "bundesland", "uf", "estado", "county")}  # fmt: skip
_SPEAKING = frozenset(("email", "phone", "full_name", "birth_date", *_NUMBERS))
_AGREE_ROWS, _AGREE = 10, 0.4  # rows that share an identifier, and the share of them that must share a name
_LONG_TEXT = 80  # letters: longer values are no attribute of a person


def people_source(
    dataset: Dataset, key: KeyGuess, identity: Identity, base: dict[str, Any], *, twice: bool = False
) -> Draft:
    """The source as plain config, with the evidence; `twice` when the file is read as events too."""
    builder = _People(dataset, key, identity, Draft(dataset.name, {**base, "kind": "people"}))
    builder.twice = twice
    return builder.build()


class _People:
    """Fills the columns of one people source, each part of a person in turn."""

    def __init__(self, dataset: Dataset, key: KeyGuess, identity: Identity, draft: Draft) -> None:
        self.data = dataset
        self.key = key
        self.identity = identity
        self.draft = draft
        self.columns: dict[str, Any] = {}
        self.ids: dict[str, Any] = {}
        self.twice = False

    def build(self) -> Draft:
        draft = self.draft
        draft.source["key"] = self.key.columns[0] if len(self.key.columns) == 1 else list(self.key.columns)
        draft.note(("key",), ", ".join(self.key.columns[:4]), self.key.why, 0.95 if self.key.unique else 0.2)
        if self.key.broken:
            draft.warnings.append(f"{draft.name}.{self.key.columns[0]}: {self.key.why}")
        if not self.key.unique:
            draft.warnings.append(
                f"{draft.name}: no column names its rows, and some rows are equal: the equal ones will be rejected"
            )
        # A key that also says something about the person (an e-mail, a tax id) is a field too.
        draft.used |= {
            c.name for c in self.data.columns if (c.name,) == self.key.columns and c.meaning not in _SPEAKING
        }
        self._shared_ids()
        self._names()
        self._reach()
        self._birth()
        self._address()
        self._person()
        self._updated()
        self._rest()
        draft.source["columns"] = self.columns
        if self.ids:
            draft.source["ids"] = self.ids
        return draft

    # ---- placing a column -----------------------------------------------------------------------------------------

    def _take(self, field: str, columns: Iterable[ColumnGuess], limit: int = 1, **more: Any) -> list[ColumnGuess]:
        """Map columns to a field; those beyond the limit stay for the rest."""
        free = [c for c in columns if c.name not in self.draft.used and c.values.filled]
        taken = free[:limit]
        if taken:
            names: Any = taken[0].name if len(taken) == 1 else [c.name for c in taken]
            self.columns[field] = {"from": names, **more} if more else names
            for c in taken:
                self.draft.used.add(c.name)
                self.draft.note(("columns", field), c.name, c.why, c.sure)
        return taken

    def _take_typed(self, field: str, columns: Iterable[ColumnGuess], kind: str) -> None:
        if field in DEFAULT_TYPES:
            self._take(field, columns)
        else:
            self._take(field, columns, type=kind)

    def _own(self, *meanings: str) -> list[ColumnGuess]:
        return [c for c in self.data.find(*meanings) if c.name not in self.draft.used]

    # ---- parts of a person ----------------------------------------------------------------------------------------

    def _shared_ids(self) -> None:
        """Identifiers: trusted to name one person, so only those that are one per person."""
        for c in self.data.columns:
            place = (self.data.name, c.name)
            kind = self.identity.types.get(place)
            own = self.key.columns == (c.name,)
            if c.meaning in _NUMBERS and place in self.identity.shared and kind:
                self.ids[kind] = c.name  # a field, and the way in which rows of other sources name the person
                self.draft.note(("ids", kind), c.name, self.identity.reasons.get(place, c.why), 0.8)
                continue
            if kind is None or not (place in self.identity.shared or (c.meaning in ID_MEANINGS and not own)):
                continue
            if c.meaning in ("account_id", "contract_id", "person_id") and place not in self.identity.shared:
                continue
            if c.values.variety < 0.2 and not own and not self._names_agree(c):
                self.draft.drop(c.name, "many rows share each of its values: it names no person")
                continue
            why = self.identity.reasons.get(place, c.why)
            before = self.ids.get(kind)
            self.ids[kind] = c.name if before is None else [*([before] if isinstance(before, str) else before), c.name]
            self.draft.note(("ids", kind), c.name, why, 0.9 if place in self.identity.shared else c.sure)
            self.draft.used.add(c.name)

    def _names_agree(self, c: ColumnGuess) -> bool:
        """Whether rows that share a value of the column mostly share a name or an e-mail too: one person's visits."""
        named = self.data.find("full_name", "family_name", "email")
        if not named:
            return False
        seen: dict[str, str] = {}
        same = total = 0
        for value, name in zip(self.data.cells(c.name), self.data.cells(named[0].name), strict=True):
            if not value or not name:
                continue
            if value in seen:
                total, same = total + 1, same + (seen[value] == fold(name))
            seen.setdefault(value, fold(name))
        return total >= _AGREE_ROWS and same >= _AGREE * total

    def _names(self) -> None:
        given, family, full = self._own("given_name"), self._own("family_name"), self._own("full_name")
        if full and given and family and not self._parts_lack(given, family, full):
            for c in full:
                self.draft.drop(c.name, "says the same as the given and family names")
            full = []
        if full and not (given and family and not full):
            best = max(full, key=lambda c: (c.values.fill > 0.5, c.values.words))
            self._take("full_name", [best])
            for c in (*full, *given, *family):
                if c is not best:
                    self.draft.drop(c.name, f"{best.name} holds the whole name")
        else:
            self._take("given_name", sorted(given, key=lambda c: c.reading.index), _SLOTS["given_name"])
            self._middle_name(given)
            self._family_name(sorted(family, key=lambda c: c.reading.index))
            if not (given or family):
                self._organisation()
            return
        self._take("middle_name", self._own("middle_name"))
        if maiden := [c for c in self._own("maiden_name") if c.values.fill >= 0.01]:
            self._take("maiden_name", maiden, type="family_name")

    def _organisation(self) -> None:
        """The name of a company, where the rows are companies and not people."""
        named = [
            c
            for c in self.data.columns
            if c.reading.meaning == "company" and "EMPLOYER" not in read_header(c.name).atoms
            and c.values.words > 1.2 and c.values.variety > 0.2
        ]  # fmt: skip
        self._take("organisation", named, type="text")

    def _middle_name(self, given: list[ColumnGuess]) -> None:
        """The middle name; initials that only repeat the given name's are none."""
        found = self._own("middle_name")
        if found and given and found[0].values.length < 3:
            pairs = zip(self.data.cells(given[0].name), self.data.cells(found[0].name), strict=True)
            both = [fold(g)[:1] == fold(m)[:1] for g, m in pairs if g and m]
            if both and sum(both) >= 0.7 * len(both):
                self.draft.drop(found[0].name, "repeats the first letter of the given name")
        self._take("middle_name", self._own("middle_name"))

    def _family_name(self, family: list[ColumnGuess]) -> None:
        """Family names and the maiden name, each a value; a prefix such as van in its own column is put before."""
        maiden = [c for c in self._own("maiden_name") if c.values.fill >= 0.01]
        prefix = self._own("infix")
        if len(family) == 1 and prefix and prefix[0].values.filled and not maiden:
            self._take("family_name", [prefix[0], *family], 2, join=" ")
        else:
            self._take("family_name", [*family, *maiden], _SLOTS["family_name"])

    def _parts_lack(self, given: list[ColumnGuess], family: list[ColumnGuess], full: list[ColumnGuess]) -> bool:
        """The whole name is there for most rows where its parts are not."""
        first, last = self.data.cells(given[0].name), self.data.cells(family[0].name)
        whole = self.data.cells(full[0].name)
        there = [(a, b) for a, b, w in zip(first, last, whole, strict=True) if w]
        return bool(there) and sum(1 for a, b in there if not a and not b) > 0.5 * len(there)

    def _reach(self) -> None:
        self._take_several("email", sorted(self._own("email"), key=_place_rank))
        phones = sorted(self._own("phone"), key=_place_rank)
        personal = [c for c in phones if c.reading.place != "work"]
        self._take_several("phone", personal or phones)
        if isinstance(self.columns.get("phone"), dict) or isinstance(self.columns.get("email"), dict):
            return
        mixed = [c for c in self.data.find("email") if c.values.phone >= 0.2 and c.name in self.draft.used]
        if mixed:  # one column for either: each part of it reads what it understands
            before = self.columns.get("phone", [])
            names = [*([before] if isinstance(before, str) else before), mixed[0].name]
            self.columns["phone"] = names if len(names) > 1 else names[0]
            self.draft.note(("columns", "phone"), mixed[0].name, f"{mixed[0].values.phone:.0%} of it are phones", 0.6)

    def _take_several(self, field: str, columns: list[ColumnGuess]) -> None:
        """E-mails or phones, cells with several of them taken apart."""
        signs = [sign for c in columns[: _SLOTS[field]] if (sign := separator(field, c.values.sample))]
        taken = self._take(field, columns, _SLOTS[field], **({"split": signs[0]} if signs else {}))
        if taken and signs:
            self.draft.note(("columns", field, "split"), taken[0].name, "cells with several values", 0.8)

    def _birth(self) -> None:
        dated = self._own("birth_date")
        if dated:
            best = max(dated, key=lambda c: (c.sure, c.values.fill))
            shape = best.values.dates
            form = shape.format if shape else "%Y-%m-%d"
            self._take("birth_date", [best], format=form)
            if shape:
                sure = 0.95 if shape.certain else 0.5
                self.draft.note(("columns", "birth_date", "format"), best.name, shape.why, sure)
                if not shape.certain:
                    self.draft.warnings.append(f"{self.draft.name}.{best.name}: {shape.why}")
            return
        year, month, day = self._own("birth_year"), self._own("birth_month"), self._own("birth_day")
        if year and month and day:
            self._take("birth_date", [year[0], month[0], day[0]], 3, join="-", format="%Y-%m-%d")
        elif year:
            self._take("birth_year", year, type="category")

    def _address(self) -> None:
        self._take("postcode_city", self._own("postcode_city"), type="text")
        found = self._own(*_PARTS, *_EXTRAS)
        if not found:
            return
        places = {c.reading.place for c in found}
        core = {p: {c.meaning for c in found if c.reading.place == p} for p in places}
        best = min(
            places,
            key=lambda p: (not core[p] & {"street", "postcode", "city"}, -min(len(core[p]), 3), _PLACE_RANK.index(p)),
        )
        for part in _PARTS:
            own = [c for c in found if c.meaning == part and c.reading.place == best]
            if part == "street":
                own.sort(
                    key=lambda c: (
                        c.reading.index > 1,
                        "address" in words_of(c.name) and len(own) > 1 and c.values.words < 2,
                    )
                )
            elif part in _PLAIN:
                own.sort(key=lambda c: _plainness(part, c))
            if part == "country" and own and own[0].values.constant:
                self._take("country", own, type="attribute")
                continue
            if own:
                self._take(part, own)
        for c in found:
            if c.name in self.draft.used:
                continue
            if c.reading.place == best and c.meaning in ("street", "district", "region", "unit"):
                self._second_part(c)
            elif c.reading.place != best:
                self._attribute(
                    c,
                    f"belongs to another address ({c.reading.place or 'plain'}); {best or 'plain'} is the one compared",
                )

    def _second_part(self, c: ColumnGuess) -> None:
        """A second line, a district, a county: it helps to tell people apart where it is filled and varied."""
        if c.values.fill < 0.05 or c.values.distinct < 5:
            return
        kind = "category" if c.meaning in ("region", "district") else "attribute" if c.meaning == "unit" else "text"
        if kind != "attribute":
            self._take(self._free_name(c), [c], type=kind)

    def _person(self) -> None:
        told = [c for c in self._own("gender") if c.values.distinct >= 2]
        spoken = [c for c in self._own("title") if c.values.distinct >= 2 and _is_salutation(c)]
        self._take("gender", told or [c.as_("gender", "a salutation that says man or woman", 0.7) for c in spoken])
        for meaning in _NUMBERS:
            self._take_typed(meaning, self._own(meaning), "identifier")
        for meaning in _STABLE:
            for c in self._own(meaning)[:1]:
                if _tells_apart(c):
                    self._take_typed(meaning, [c], "category")

    def _updated(self) -> None:
        changed = [c for c in self._own("updated_at") if c.values.dates and c.values.dates.share >= 0.8]
        if not changed and self.twice:  # the row was written when the person came
            changed = [c for c in times(self.data) if c.name not in self.draft.used]
        for c in changed[:1]:
            self.draft.source["updated_at"] = dated_column(c)
            self.draft.used.add(c.name)
            self.draft.note(("updated_at",), c.name, c.why, c.sure)

    # ---- everything else ------------------------------------------------------------------------------------------

    def _rest(self) -> None:
        for c in self.data.columns:
            if c.name in self.draft.used:
                continue
            if not c.values.filled:
                self.draft.drop(c.name, "no value in the sample")
            elif c.values.constant:
                self.draft.drop(c.name, "the same value in every row")
            elif c.meaning == "truth":
                self.draft.drop(c.name, "says which records belong together: an answer, not customer data")
            elif c.meaning in ("note", "screen") or c.values.length > _LONG_TEXT:
                self.draft.drop(c.name, "free text that says nothing stable about a person")
            else:
                whose = "about somebody or something else; " if c.reading.stranger else ""
                why = f"{c.meaning.replace('_', ' ')} by its {c.why}" if c.meaning else "meaning not known"
                self._attribute(c, f"{whose}{why}")

    def _attribute(self, c: ColumnGuess, why: str) -> None:
        if c.values.constant:
            self.draft.drop(c.name, "the same value in every row")
            return
        name = self._free_name(c)
        close = get_close_matches(name, DEFAULT_TYPES, n=1, cutoff=0.85)
        self.columns[name] = {"from": c.name, "type": "attribute"} if close else c.name
        self.draft.used.add(c.name)
        self.draft.note(("columns", name), c.name, f"not compared: {why}", max(c.sure, 0.3))

    def _free_name(self, c: ColumnGuess) -> str:
        """The header as a field's name that means nothing else."""
        return free_name(c.name, {*DEFAULT_TYPES, *self.columns}, c.reading.place or self.data.name)


def _place_rank(c: ColumnGuess) -> tuple[int, int]:
    return _PLACE_RANK.index(c.reading.place), c.reading.index


def _is_salutation(c: ColumnGuess) -> bool:
    said = [(gender_code(v) in ("m", "f") and len(packed(v)) > 1) or packed(v) == "m" for v in c.values.sample]
    return sum(said) >= 0.9 * len(said)


def _plainness(part: str, c: ColumnGuess) -> int:
    words = words_of(c.name)
    return next((i for i, w in enumerate(_PLAIN[part]) if w in words), 5)


def _tells_apart(c: ColumnGuess) -> bool:
    """Filled, several values, none of which nearly everybody has."""
    if c.values.fill < 0.05 or c.values.distinct < 2:
        return False
    counts: dict[str, int] = {}
    for value in c.values.sample:
        counts[value] = counts.get(value, 0) + 1
    return max(counts.values()) < 0.95 * len(c.values.sample)


def dated_column(c: ColumnGuess) -> Any:
    """A date or time column for the config: its format where it is not ISO."""
    shape = c.values.dates
    if shape is None or shape.iso:
        return c.name
    if shape.epoch:
        return {"from": c.name, "format": f"epoch_{shape.epoch}"}
    return {"from": c.name, "format": shape.format}
