"""Runs the wire server in memory on a free port of the loopback, and prints its address.

Runs in the peer's own environment (Python 3.13), until its standard input is closed.

One error of mongoeco 4.11 is corrected here: its $gt, $gte, $lt and $lte compare values of different
types by the order of sorting, where MongoDB documents that a comparison stays within one type
("type bracketing"). Other differences are left, and named where a test leaves them out.
"""

import asyncio
import sys
from typing import Any

from mongoeco.compat import MONGODB_DIALECT_70
from mongoeco.core import query_plan
from mongoeco.core.bson_scalars import wrap_bson_numeric
from mongoeco.core.compiled_query import CompiledQuery
from mongoeco.core.filtering import QueryEngine
from mongoeco.engines import MemoryEngine
from mongoeco.wire.proxy import AsyncMongoEcoProxyServer

CONDITIONS = {
    ">": query_plan.GreaterThanCondition,
    ">=": query_plan.GreaterThanOrEqualCondition,
    "<": query_plan.LessThanCondition,
    "<=": query_plan.LessThanOrEqualCondition,
}
compares_across_types = QueryEngine._comparison_matches_candidate
compares_at_top = CompiledQuery._comparison_code


Value = Any  # of a document


def kind(value: Value) -> type:
    return float if wrap_bson_numeric(value) is not None else type(value)


def compares_within_type(candidate: Value, target: Value, operator: str, **options: Value) -> bool:
    same = kind(candidate) is kind(target)
    return same and compares_across_types(candidate, target, operator, **options)


def comparison_code(self: CompiledQuery, field: str, value: Value, operator: str) -> str:
    if "." not in field:
        return compares_at_top(self, field, value, operator)
    node = self._store("node", CONDITIONS[operator](field=field, value=value))
    return f"match_plan(doc, {node}, dialect=dialect, collation=collation, variables=variables)"


QueryEngine._comparison_matches_candidate = staticmethod(compares_within_type)
CompiledQuery._comparison_code = comparison_code


async def main() -> None:
    async with AsyncMongoEcoProxyServer(
        engine=MemoryEngine(), mongodb_dialect=MONGODB_DIALECT_70
    ) as server:
        sys.stdout.write(f"{server.address.uri}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
