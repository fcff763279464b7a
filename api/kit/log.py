"""One log for the process: structured events on standard error, as text for people or JSON for machines.

No personal data, tokens, positions or variables are logged, by whoever logs (design, section 8).
"""

import logging
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import Processor


def configure_log(level: str, format: str) -> None:
    """Set up structlog, and send the standard library's log (uvicorn's) the same way.

    `level`: debug, info, warning or error. `format`: json, or anything else for text.
    """
    minimum = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    shared = _shared_processors()
    rendered = _renderers(format)
    structlog.configure(
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(minimum),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    logging.basicConfig(level=minimum, handlers=[handler], force=True)
    # What uvicorn would say for each request we say ourselves, with the operation and trace id.
    logging.getLogger("uvicorn.access").disabled = True
    # A line or more a call, with its whole URL or body: ours name what failed, and nothing else.
    for name in ("httpx", "boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(max(minimum, logging.WARNING))


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderers(format: str) -> Iterable[Processor]:
    # Never with the frames' local variables, which hold what people sent.
    if format == "json":
        transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [
            structlog.processors.ExceptionRenderer(transformer),
            structlog.processors.JSONRenderer(),
        ]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
