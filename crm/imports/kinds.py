"""The kinds of import and the chunk that works each."""

from typing import Any

from crm.imports.activities import ActivityChunk
from crm.imports.chunk import Chunk
from crm.imports.contacts import ContactChunk
from crm.imports.work import CustomerChunk
from crm.models import ImportBatch

CHUNKS: dict[str, type[Chunk]] = {chunk.kind: chunk for chunk in (CustomerChunk, ContactChunk, ActivityChunk)}


def chunk_of(batch: ImportBatch, **how: Any) -> Chunk:
    """The chunk that works the lines of a batch."""
    return CHUNKS[batch.kind](batch, **how)
