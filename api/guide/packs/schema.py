from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.guide.packs.scope import PackAreaKind
from api.guide.packs.service import OfflinePack as PackFound
from api.guide.packs.service import PackDownload as DownloadFound

strawberry.enum(PackAreaKind, description="What an offline pack is of.")


@strawberry.type(description="The bytes of an offline pack, and how to fetch and check them.")
class PackDownload:
    url: str = strawberry.field(
        description="To GET until `urlExpiresAt`; takes Range, to go on after a break."
    )
    url_expires_at: datetime = strawberry.field(description="Then ask for the pack again.")
    since: str | None = strawberry.field(
        description="The version that this is to be laid over; null: it is whole."
    )
    item_count: int = strawberry.field(description="Items in it; those removed do not count.")
    byte_count: int = strawberry.field(description="Size in bytes, compressed.")
    sha256: str = strawberry.field(description="Of the bytes, in hexadecimal; also their ETag.")
    signature: str = strawberry.field(
        description="A JWT (EdDSA) over `sha256`, `byteCount`, the version, area and language; its keys stand at"
        " /v1/packs/keys.json."
    )

    @classmethod
    def of(cls, found: DownloadFound) -> "PackDownload":
        return cls(
            url=found.url,
            url_expires_at=found.expires_at,
            since=found.file.since,
            item_count=found.file.item_count,
            byte_count=found.file.byte_count,
            sha256=found.file.sha256,
            signature=found.signature,
        )


@strawberry.type(
    description="What a phone needs of an area where there is no network: tours with their zones and stories, places"
    " with their hours, trails, emergency numbers. Not warnings and closures: those need a network."
)
class OfflinePack:
    area_kind: PackAreaKind = strawberry.field(description="What it is of.")
    area_id: strawberry.ID | None = strawberry.field(
        description="Of the tour or commune; null for the province."
    )
    language: str = strawberry.field(
        description="BCP 47 tag; a text that is not there in it says in which language it is."
    )
    version: str = strawberry.field(
        description="Opaque; the same as long as nothing in it has changed."
    )
    item_count: int = strawberry.field(description="Items in the whole pack.")
    download: PackDownload | None = strawberry.field(
        description="Null when `since` is this version: there is nothing to fetch."
    )

    @classmethod
    def of(cls, found: PackFound) -> "OfflinePack":
        edition = found.edition
        return cls(
            area_kind=edition.scope.kind,
            area_id=strawberry.ID(edition.scope.id) if edition.scope.id else None,
            language=edition.language,
            version=edition.version,
            item_count=edition.item_count,
            download=PackDownload.of(found.download) if found.download else None,
        )


@strawberry.type
class PackQueries:
    @strawberry.field(
        description="The offline pack of a tour, of a commune or, without either, of the whole province."
    )
    async def offline_pack(
        self,
        info: Info,
        tour: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        commune: Annotated[
            strawberry.ID | None, strawberry.argument(description="Its code.")
        ] = None,
        language: Annotated[
            str | None, strawberry.argument(description="BCP 47 tag. Null: the reader's.")
        ] = None,
        since: Annotated[
            str | None,
            strawberry.argument(
                description="The version a phone has: then only what changed is to be fetched. One that is not known"
                " any more counts as none."
            ),
        ] = None,
    ) -> OfflinePack:
        packs = info.context.services.guide.packs
        scope = packs.scope(tour_id=tour, commune_code=commune)
        asked = info.context.language if language is None else language
        return OfflinePack.of(await packs.pack(scope, asked, since))
