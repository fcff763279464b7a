"""Our categories as services, and their forms as service definitions."""

from collections.abc import Mapping
from typing import Any

from api.feedback.categories.category import Category, CategoryLibrary, FieldKind, FormField
from api.feedback.open311.documents import Listed, Single
from api.feedback.open311.errors import UnknownServiceCode
from api.kit.errors import N_
from api.kit.localized import best_language
from locales import translator

_GROUP = N_("Province of {province}")
_CALL_FIRST = N_("In danger call first: {numbers}.")
_YES_NO = (("yes", N_("Yes")), ("no", N_("No")))
_DATATYPES = {
    FieldKind.TEXT: "string",
    FieldKind.CHOICE: "singlevaluelist",
    FieldKind.NUMBER: "number",
    FieldKind.YES_NO: "singlevaluelist",
}


def services(library: CategoryLibrary, language: str) -> Listed:
    """Return the list of services, in the order of the file."""
    rows = tuple(_service(one, language) for one in library.categories.values())
    return Listed("services", "service", rows)


def definition(library: CategoryLibrary, code: str, language: str) -> Single:
    """Return what a service asks. Raises UnknownServiceCode."""
    category = library.categories.get(code)
    if category is None:
        raise UnknownServiceCode
    attributes = tuple(
        _attribute(field, order, language) for order, field in enumerate(category.fields, start=1)
    )
    document = {
        "service_code": category.code,
        "attributes": Listed("attributes", "attribute", attributes),
    }
    return Single("service_definition", document)


def service_name(category: Category, language: str) -> str:
    return _in(category.names, language)


def _service(category: Category, language: str) -> dict[str, Any]:
    names = list(dict.fromkeys(category.names.values()))
    return {
        "service_code": category.code,
        "service_name": service_name(category, language),
        "description": _description(category, language),
        "metadata": bool(category.fields),
        "type": "realtime",
        # A comma parts keywords, so none may hold one.
        "keywords": ",".join(one.replace(",", "").replace("、", " ") for one in names),
        "group": translator(language)(_GROUP),
    }


def _description(category: Category, language: str) -> str:
    hint = _in(category.hints, language)
    if not category.emergency_numbers:
        return hint
    numbers = ", ".join(category.emergency_numbers)
    first = translator(language)(_CALL_FIRST).format(numbers=numbers)
    return "\n".join((first, hint))


def _attribute(field: FormField, order: int, language: str) -> dict[str, Any]:
    return {
        "variable": True,
        "code": field.code,
        "datatype": _DATATYPES[field.kind],
        "required": field.is_required,
        "datatype_description": None,
        "order": order,
        "description": _in(field.labels, language),
        "values": Listed("values", "value", _values(field, language)),
    }


def _values(field: FormField, language: str) -> tuple[dict[str, str], ...]:
    if field.kind is FieldKind.YES_NO:
        translate = translator(language)
        return tuple({"key": key, "name": translate(name)} for key, name in _YES_NO)
    return tuple({"key": one.code, "name": _in(one.labels, language)} for one in field.choices)


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts[best_language(texts, language) or "vi"]
