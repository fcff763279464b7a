"""What goes to a solver's process and comes back: a line of JSON each way."""

from typing import Any, cast

import orjson

from api.guide.planner.routing_problem import Day, Meal, Rests, Routes, RoutingProblem, Stop, Window


def problem_line(number: int, problem: RoutingProblem) -> bytes:
    """Return the line that asks for `problem` to be solved."""
    return orjson.dumps({"number": number, "problem": problem}) + b"\n"


def problem_in(line: bytes) -> tuple[int, RoutingProblem]:
    """Return what a line asks."""
    message = orjson.loads(line)
    return message["number"], _problem(message["problem"])


def routes_line(number: int, routes: Routes) -> bytes:
    """Return the line that answers."""
    return orjson.dumps({"number": number, "routes": routes}) + b"\n"


def routes_in(line: bytes) -> tuple[int, Routes]:
    """Return an answer. Raises ValueError or KeyError for what is none."""
    message = cast("dict[str, Any]", orjson.loads(line))
    return int(message["number"]), [[int(stop) for stop in route] for route in message["routes"]]


def _windows(said: list[list[int]]) -> tuple[Window, ...]:
    return tuple((opens, closes) for opens, closes in said)


def _problem(said: dict[str, Any]) -> RoutingProblem:
    return RoutingProblem(
        stops=tuple(
            Stop(**stop | {"windows": _windows(stop["windows"])}) for stop in said["stops"]
        ),
        days=tuple(
            Day(**day | {"meals": tuple(Meal(**meal) for meal in day["meals"])})
            for day in said["days"]
        ),
        matrices=tuple(
            tuple(tuple(int(it) for it in row) for row in matrix) for matrix in said["matrices"]
        ),
        rest_percent=said["rest_percent"],
        solutions_at_most=said["solutions_at_most"],
        seconds_at_most=said["seconds_at_most"],
        rests=Rests(**said["rests"]),
    )
