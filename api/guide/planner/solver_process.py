"""The process that solves: reads a problem a line, answers with the routes, ends with its input.

It alone imports OR-Tools, which keeps the interpreter's lock while it searches and takes memory that the API
shall not. When the API is killed its end of the pipe closes, and this ends too.
"""

import resource
import sys
from typing import BinaryIO

from api.guide.planner.routing_solver import solved
from api.guide.planner.solver_messages import problem_in, routes_line

_MEMORY_BYTES_AT_MOST = 2 * 1024**3


def serve(problems: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there are no more problems."""
    for line in problems:
        number, problem = problem_in(line)
        answers.write(routes_line(number, solved(problem)))
        answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES_AT_MOST, _MEMORY_BYTES_AT_MOST))
    serve(sys.stdin.buffer, sys.stdout.buffer)
