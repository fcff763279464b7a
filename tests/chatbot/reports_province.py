"""A province for dialogues about reports: answers in the shapes of the published documents, and words kept an hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialogue.province import Answer
from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, parse

from tests.chatbot.sent_documents import CheckedProvince
from tests.conftest import OPERATIONS

KEPT, READ = "bot/KeepChatWords", "bot/ChatWords"


@dataclass
class ReportsProvince(CheckedProvince):
    """`words` by id, as the API keeps them; `refuses_words`: what it says to whatever is to be kept."""

    words: dict[str, str] = field(default_factory=dict)
    refuses_words: str | None = None

    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer:
        if operation == KEPT:
            self.answers[operation] = self._kept(variables["input"]["text"])
        if operation == READ:
            text = self.words.get(variables["id"])
            words = None if text is None else {"id": variables["id"], "text": text}
            self.answers[operation] = {"chatWords": words}
        answer = await super().ask(operation, variables, language=language)
        assert missing(operation, answer) == []
        return answer

    def _kept(self, text: str) -> Answer:
        if self.refuses_words:
            problem = {"__typename": "ChatError", "code": "MESSAGE_TOO_LONG"}
            return {"keepChatWords": {**problem, "message": self.refuses_words}}
        words_id = f"w{len(self.words) + 1}"
        self.words[words_id] = text
        return {"keepChatWords": {"__typename": "KeepChatWordsSuccess", "words": {"id": words_id}}}


def _document(operation: str) -> Path:
    return OPERATIONS / f"{operation}.graphql"


def missing(operation: str, answer: Answer) -> list[str]:
    """Return the fields that a document asks for and an answer of ours lacks."""
    (definition,) = parse(_document(operation).read_text(encoding="utf-8")).definitions
    return _missing(definition.selection_set, answer, operation)


def _missing(wanted: SelectionSetNode | None, value: object, path: str) -> list[str]:
    if wanted is None or value is None:
        return []
    if isinstance(value, list):
        return [one for item in value for one in _missing(wanted, item, path)]
    assert isinstance(value, dict)
    lacking: list[str] = []
    for node in wanted.selections:
        if isinstance(node, InlineFragmentNode):
            if node.type_condition.name.value == value.get("__typename"):
                lacking += _missing(node.selection_set, value, path)
        elif isinstance(node, FieldNode):
            name = node.name.value
            below = f"{path}.{name}"
            lacking += (
                [below] if name not in value else _missing(node.selection_set, value[name], below)
            )
    return lacking


def text(words: str) -> Answer:
    return {"text": words, "language": "en"}


def page(root: str, nodes: list[Answer]) -> Answer:
    edges = [{"cursor": "c", "node": node} for node in nodes]
    return {root: {"edges": edges, "pageInfo": {"hasNextPage": False, "endCursor": None}}}


def form_field(
    code: str, kind: str, label: str, choices: Sequence[str] = (), required: bool = True
) -> Answer:
    labelled = [{"code": one, "label": text(one)} for one in choices]
    return {
        "code": code,
        "kind": kind,
        "label": text(label),
        "isRequired": required,
        "choices": labelled,
    }


def category(
    code: str, name: str, numbers: tuple[str, ...] = (), fields: Sequence[Answer] = ()
) -> Answer:
    term = {"amount": 5, "unit": "WORKING_DAYS"}
    called = [{"number": one, "url": f"tel:{one}", "callText": f"Call {one}"} for one in numbers]
    return {
        "code": code,
        "name": text(name),
        "hint": text("…"),
        "isUrgent": bool(numbers),
        "emergencyNumbers": called,
        "acceptWithin": term,
        "answerWithin": term,
        "fixWithin": term,
        "fields": list(fields),
    }


ROAD = form_field("road", "CHOICE", "Which road", ("QL4D", "QL70"), required=False)
CATEGORIES = [
    category("road-damage", "Pothole or damaged road", fields=[ROAD]),
    category("street-light", "Street light out"),
    category(
        "landslide",
        "Landslide, falling rocks, blocked road",
        ("112", "114"),
        [
            form_field("blocked", "YES_NO", "Is the road wholly blocked"),
            form_field("people", "YES_NO", "Is anybody trapped"),
        ],
    ),
    category(
        "tourist-services",
        "Tourist services, overcharging",
        fields=[form_field("business", "TEXT", "Which business")],
    ),
    category("depth", "Deep water", fields=[form_field("depth", "NUMBER", "How deep, in cm")]),
    category(
        "waste",
        "Rubbish",
        fields=[form_field("kind", "CHOICE", "What it is", ("household", "building"))],
    ),
    category("other", "Something else"),
]
LISTED = {"reportCategories": {"categories": CATEGORIES}}


def suggested(*codes: str) -> Answer:
    known = {one["code"]: {"code": one["code"], "name": one["name"]} for one in CATEGORIES}
    found = [{"share": 0.5, "category": known[code]} for code in codes]
    return {"suggestCategory": {"suggestions": found}}


def step(
    move: str, state: str, by: str = "AGENCY", words: str | None = None, **more: object
) -> Answer:
    return {
        "move": move,
        "state": state,
        "by": by,
        "at": "2026-11-28T02:00:00Z",
        "agency": {"id": "construction", "name": text("Department of Construction")},
        "words": {"text": words, "language": "vi", "translation": None} if words else None,
        "refusal": None,
        "toAgency": None,
        "otherCode": None,
        "level": None,
        "photos": [],
        **more,
    }


def report(code: str = "LC-7K3-943", state: str = "RECEIVED", **more: object) -> Answer:
    """Return a report with the fields of MyReport; those of Report among them."""
    return {
        "code": code,
        "category": {"code": "street-light", "name": text("Street light out"), "isUrgent": False},
        "state": state,
        "stateName": {"RECEIVED": "Received", "FIXED": "Fixed", "ANSWERED": "Answered"}.get(
            state, state.capitalize()
        ),
        "communeCode": "03006",
        "agency": {
            "id": "commune-03006",
            "kind": "COMMUNE",
            "name": text("People’s Committee of Sa Pa Ward"),
            "communeCode": "03006",
        },
        "agencyReason": "It lies in this commune.",
        "people": 1,
        "receivedAt": "2026-11-27T02:00:00Z",
        "stateSince": "2026-11-27T02:00:00Z",
        "due": {
            "accept": "2026-12-01T10:00:00Z",
            "answer": "2026-12-07T10:00:00Z",
            "fix": "2026-12-09T10:00:00Z",
        },
        "steps": [step("RECEIVE", "RECEIVED", "REPORTER")],
        "isMine": True,
        "visibility": "PUBLIC",
        "position": {"latitude": 22.336, "longitude": 103.844},
        "capturedAt": "2026-11-27T02:00:00Z",
        "text": {"text": "…", "language": "en", "translation": None},
        "canConfirm": state == "FIXED",
        "canReopen": state in {"FIXED", "ANSWERED"},
        "photos": [],
        "reportedBy": None,
        **more,
    }


def done(mutation: str, **success: object) -> Answer:
    return {mutation: {"__typename": f"{mutation[0].upper()}{mutation[1:]}Success", **success}}


def refusal(mutation: str, code: str, message: str) -> Answer:
    problem = {"code": code, "field": None, "message": message, "retryAfter": None}
    return {mutation: {"__typename": "FeedbackError", **problem}}


def place(place_id: str = "P013", name: str = "Love Waterfall") -> Answer:
    return {
        "place": {
            "id": place_id,
            "name": text(name),
            "names": [text(name)],
            "namesUnchecked": [],
            "otherNames": [],
            "description": None,
            "category": "WATERFALL",
            "categoryName": "Waterfall",
            "position": {"latitude": 22.35, "longitude": 103.78},
            "positionAccuracy": 300.0,
            "altitude": None,
            "commune": None,
            "formerUnit": None,
            "formerProvince": None,
            "openingNote": None,
            "confidence": "HIGH",
            "pictures": [],
            "markets": [],
        }
    }


def found_places(*named: tuple[str, str]) -> Answer:
    whole = [{**place(key, name)["place"], "distance": None} for key, name in named]
    return page("places", whole)


def communes() -> Answer:
    sa_pa = {
        "code": "03006",
        "name": text("Sa Pa Ward"),
        "kind": "WARD",
        "kindName": "Ward",
        "formerNames": [],
        "formerDistrict": None,
        "formerProvince": "Lào Cai",
        "position": {"latitude": 22.33, "longitude": 103.84},
        "area": 60.0,
    }
    return page("communes", [sa_pa])


def rating(rating_id: str = "r1", kind: str = "REPORT", **more: object) -> Answer:
    return {
        "id": rating_id,
        "kind": kind,
        "reportCode": "LC-7K3-943" if kind == "REPORT" else None,
        "appointmentId": None if kind == "REPORT" else "a1",
        "office": {"kind": "AGENCY", "id": "commune-03006", "name": text("Sa Pa Ward")},
        "askedAt": "2026-11-27T02:00:00Z",
        "openUntil": "2026-12-27T02:00:00Z",
        "grade": None,
        "reasons": [],
        "words": None,
        "ratedAt": None,
        **more,
    }


GRADES = [
    {"code": "VERY_SATISFIED", "name": "Very satisfied"},
    {"code": "SATISFIED", "name": "Satisfied"},
    {"code": "NEUTRAL", "name": "Neither satisfied nor dissatisfied"},
    {"code": "DISSATISFIED", "name": "Dissatisfied"},
]
RATING_FORMS = {
    "ratingForms": {
        "forms": [{"kind": one, "grades": GRADES, "reasons": []} for one in ("REPORT", "VISIT")]
    }
}


def help_centre(name: str, phone: str | None) -> Answer:
    at = {"latitude": 22.335, "longitude": 103.842}
    return {"id": "H1", "name": text(name), "position": at, "phone": phone}
