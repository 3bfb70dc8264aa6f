"""The only place where settings become objects.

What cuts pages, loads files, writes, or speaks with a store is imported by who needs it: a question that is
asked from the command line would wait longer for these imports than for its answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa.domain.ports import (
    Encoder,
    EncoderIdentity,
    Failed,
    Loader,
    Progress,
    Publications,
    Reader,
    Snapshot,
)
from qa.engine.ask import Engine
from qa.engine.live import LiveAsker
from qa.engine.pace import Pace
from qa.errors import ModelMissing
from qa.models.confidence import load_confidence
from qa.models.memory import keep_freed_memory
from qa.ranking.confidence import ConfidenceModel
from qa.settings import Precision, Settings
from qa.store.answers import KeptAnswers
from qa.store.batches import KeptBatches
from qa.store.clock import WatchedClock
from qa.store.failures import surroundings
from qa.store.files import private_folder
from qa.store.findings import Verification
from qa.store.publications import LocalPublications
from qa.store.snapshot import Loaded, require
from qa.store.tokens import Tokens

if TYPE_CHECKING:
    from qa.cluster.address import Address
    from qa.cluster.labour import SharedLabour
    from qa.cluster.tasks import Standing, Workshop
    from qa.domain.sources import Source
    from qa.engine.articles import SegmentedSource
    from qa.engine.build import Builder
    from qa.engine.labour import Labour
    from qa.store.milvus.connection import Milvus
    from qa.store.milvus.writer import MilvusWriter
    from qa.store.moving import Moved
    from qa.store.writer import LocalWriter
    from qa.text.page_model import PageModel

PACKAGE = Path(__file__).parent
SHIPPED = (PACKAGE / "shipped", PACKAGE.parent / "models")
"""Where the models lie that come with the program: in an installed wheel, and in a checkout."""

SHIPPED_NAME = "wenbao-encoder"

CUTTING = ("domain", "text", "engine")
"""The packages of the program that cut pages into articles and passages."""

READER_NAME = "wenbao-reader"

BF16 = {Precision.AUTO: None, Precision.FP32: False, Precision.BF16: True}


def make_encoder(settings: Settings) -> Encoder:
    """Return the encoder that is set, or the one that is shipped.

    A plain BERT is computed by OpenVINO, any other model by sentence-transformers; the vectors are the same.

    :raises ModelMissing: When it is not there.
    """
    # Here and not above: what computes takes a while to import, and listing sources needs no model.
    from qa.models.bert import NotComputable
    from qa.models.bert_encoder import BertEncoder

    keep_freed_memory()
    model = settings.encoder or str(shipped_model("encoder"))
    named = {
        "name": settings.encoder or SHIPPED_NAME,
        "question_prompt": settings.query_prompt,
        "passage_prompt": settings.passage_prompt,
    }
    bf16 = BF16[settings.precision]
    try:
        return BertEncoder(model, **named, bf16=bf16, threads=settings.threads)
    except NotComputable:
        from qa.models.encoder import SentenceEncoder

        return SentenceEncoder(model, **named, bf16=bf16, threads=settings.threads)


def make_reader(settings: Settings) -> Reader:
    """Return the reader that is shipped.

    :raises ModelMissing: When it is not there.
    """
    # Here and not above, as for the encoder.
    from qa.models.span_reader import load_reader

    keep_freed_memory()
    folder = shipped_model("reader")
    return load_reader(folder, name=READER_NAME, bf16=BF16[settings.precision], threads=settings.threads)


def shipped_model(name: str) -> Path:
    """Return where a model lies that comes with the program.

    :raises ModelMissing: When it is not there.
    """
    folders = [folder / name for folder in SHIPPED]
    found = next((folder for folder in folders if folder.is_dir()), None)
    if found is None:
        raise ModelMissing(f"自带的模型不见了（应在 {folders[-1]}）；请重新安装")
    return found


def make_page_model() -> PageModel:
    """Return what segmentation has learnt about pages.

    :raises ModelMissing: When it is not there.
    """
    from qa.models.page_model import load_page_model

    return load_page_model(shipped_model("pages"))


def cutting_digest() -> str:
    """Return the SHA-256 of what articles and passages depend on besides sources: program and page model.

    :raises ModelMissing: When the page model is not there.
    """
    digest = hashlib.sha256()
    programs = [path for name in CUTTING for path in (PACKAGE / name).rglob("*.py")]
    for path in [*sorted(programs), *sorted(shipped_model("pages").glob("*.safetensors"))]:
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def loaders_with(settings: Settings) -> Mapping[str, Loader]:
    """Return the loader of each suffix, under the bounds that are set."""
    from qa.loaders.bounds import Bounds
    from qa.loaders.table import make_loaders

    return make_loaders(
        Bounds(
            file_bytes=settings.max_file_bytes,
            records_bytes=settings.max_jsonl_bytes,
            pages=settings.max_pages,
            pixels=settings.max_pixels,
            expanded_bytes=settings.max_expanded_bytes,
            expansion=settings.max_expansion,
            parse_seconds=settings.parse_seconds,
            ocr_seconds=settings.ocr_seconds,
            memory_bytes=settings.max_parser_bytes,
        )
    )


@contextmanager
def open_engine(settings: Settings, *, confidence: ConfidenceModel | None = None) -> Iterator[Engine]:
    """Open the index for asking; where there is one, the rest is loaded while it is being checked.

    :param confidence: Instead of the one that goes with the reader.

    :raises QaError: When there is no index, or it does not go with the encoder.
    """
    if not settings.store:
        require(settings.index)
    tokens = Tokens()
    with ExitStack() as stack:
        with ThreadPoolExecutor() as beside:
            beside.submit(tokens.load)
            reading = beside.submit(make_reader, settings)
            with checked(settings) as loaded:
                encoder = make_encoder(settings)
                snapshot = stack.enter_context(
                    opened(settings, encoder=encoder.identity, loaded=loaded, tokens=tokens)
                )
        yield Engine(
            snapshot,
            encoder,
            reading.result(),
            confidence=confidence or load_confidence(shipped_model("reader")),
            longest=settings.max_question,
            caution=settings.caution,
            pace=Pace(settings.read_ms),
        )


@contextmanager
def open_live(settings: Settings) -> Iterator[LiveAsker]:
    """Open the index for asking whatever version of it is published, with one copy of the models.

    :raises QaError: When there is no index, or it does not go with the encoder.
    """

    def over(snapshot: Snapshot) -> Engine:
        return Engine(
            snapshot,
            encoder,
            reader,
            confidence=confidence,
            longest=settings.max_question,
            caution=settings.caution,
            pace=Pace(settings.read_ms),
        )

    with ExitStack() as stack:
        with checked(settings) as loaded:
            encoder, reader = make_encoder(settings), make_reader(settings)
            confidence = load_confidence(shipped_model("reader"))
            published = stack.enter_context(publications(settings, encoder=encoder.identity, loaded=loaded))
            live = LiveAsker(published, over)
        stack.callback(live.close)
        yield live


def open_answers(settings: Settings) -> KeptAnswers | None:
    """Open where answers are kept; None where that is switched off.

    :raises QaError: When the file cannot be written.
    """
    if not settings.keep_answers:
        return None
    make_folder(settings)
    clock = WatchedClock().now
    return KeptAnswers(settings.index, days=settings.answer_days, most=settings.max_answers, clock=clock)


def open_batches(settings: Settings) -> KeptBatches | None:
    """Open where batches are kept, with nothing written before the first; None where that is switched off."""
    if not settings.batches:
        return None
    make_folder(settings)
    watched = WatchedClock().now
    return KeptBatches(settings.index, days=settings.batch_days, most=settings.max_batches, watched=watched)


@contextmanager
def checked(settings: Settings) -> Iterator[Loaded]:
    """Hold the index open, so that what is wrong with it is said before a model is loaded.

    Gives what was read and hashed for it, which opening it again meanwhile needs not do again.

    :raises QaError: When there is no index, or it is damaged.
    """
    loaded = Loaded()
    with opened(settings, encoder=None, loaded=loaded):
        yield loaded


def make_folder(settings: Settings) -> None:
    """Make the folder of the index where it holds only what a service keeps: all else is in a store.

    :raises SurroundingsFailed: When it cannot be made.
    """
    if settings.store:
        with surroundings(settings.index):
            private_folder(settings.index)


def connected(settings: Settings) -> Milvus:
    """Return the connection to the store that is set.

    :raises StoreFailed: When it does not answer.
    """
    from qa.store.milvus.connection import Address, Level, Milvus

    return Milvus(
        Address(
            uri=settings.store,
            token=settings.store_token.get_secret_value(),
            prefix=settings.store_prefix,
            level=Level(settings.store_consistency.value),
        )
    )


def verified_store(settings: Settings, *, deep: bool, encoder: Encoder | None) -> Verification:
    """Examine the version that is published in the store that is set; see ``verify_milvus``.

    :raises IndexMissing, StoreFailed: When there is nothing to be examined.
    """
    from qa.store.milvus.verify import verify_milvus

    with closing(connected(settings)) as milvus:
        return verify_milvus(milvus, tokens=Tokens(), deep=deep, encoder=encoder)


def export_index(settings: Settings, file: Path) -> Moved:
    """Write the index into a file that any store can take in.

    :raises QaError: When there is none, it is damaged, or the file cannot be written.
    """
    from qa.store.moving import export_folder, export_milvus

    if not settings.store:
        return export_folder(settings.index, file)
    with closing(connected(settings)) as milvus:
        return export_milvus(milvus, file, tokens=Tokens())


def import_index(settings: Settings, file: Path) -> Moved:
    """Make the index, which must be empty, what a file holds.

    :raises QaError: When the file is damaged, or the index is not empty.
    """
    from qa.store.moving import import_folder, import_milvus

    if not settings.store:
        return import_folder(file, settings.index, tokens=Tokens())
    with closing(connected(settings)) as milvus:
        return import_milvus(file, milvus, tokens=Tokens())


@contextmanager
def publications(
    settings: Settings,
    *,
    encoder: EncoderIdentity | None,
    loaded: Loaded | None = None,
    tokens: Tokens | None = None,
) -> Iterator[Publications]:
    """Give where versions come out: in the store that is set, or in the folder of the index.

    :param loaded: What was read of versions in the folder before.
    :param tokens: Where they are being loaded already.
    """
    tokens = tokens or Tokens()
    if not settings.store:
        yield LocalPublications(settings.index, encoder=encoder, tokens=tokens, loaded=loaded)
        return
    from qa.store.milvus.publications import MilvusPublications

    with closing(connected(settings)) as milvus:
        yield MilvusPublications(milvus, encoder=encoder, tokens=tokens)


@contextmanager
def opened(
    settings: Settings,
    *,
    encoder: EncoderIdentity | None,
    loaded: Loaded | None = None,
    tokens: Tokens | None = None,
) -> Iterator[Snapshot]:
    """Hold the version that is published now.

    :param encoder: What questions are embedded with; None when nothing will be searched.
    :param loaded: As for ``publications``, and so are ``tokens``.
    :raises QaError: When there is none, or it does not go with the encoder.
    """
    with (
        publications(settings, encoder=encoder, loaded=loaded, tokens=tokens) as published,
        closing(published.open()) as it,
    ):
        yield it


def open_writer(
    settings: Settings,
    *,
    encoder: EncoderIdentity | None,
    tokens: Tokens,
    create: bool,
    rebuild: bool = False,
    cutting: str = "",
) -> LocalWriter | MilvusWriter:
    """Open what may change the index; see the writers for what each is given.

    :raises QaError: When another process is writing, or the index does not go with the encoder.
    """
    from qa.store.writer import LocalWriter

    if settings.store:
        from qa.store.milvus.writer import MilvusWriter

        return MilvusWriter(
            connected(settings),
            encoder=encoder,
            tokens=tokens,
            create=create,
            rebuild=rebuild,
            cutting=cutting,
        )
    return LocalWriter(
        settings.index, encoder=encoder, tokens=tokens, create=create, rebuild=rebuild, cutting=cutting
    )


@contextmanager
def open_snapshot(settings: Settings) -> Iterator[Snapshot]:
    """Open the index for looking things up; loads no model."""
    with opened(settings, encoder=None) as snapshot:
        yield snapshot


@contextmanager
def open_changes(
    settings: Settings, *, encoder: Encoder, pages: PageModel, tokens: Tokens, progress: Progress
) -> Iterator[Builder]:
    """Open an index that is being served for adding and removing, with what is loaded already.

    :raises QaError: When the index is locked, damaged, or does not go with the encoder.
    """
    from qa.engine.build import Builder

    writer = open_writer(settings, encoder=encoder.identity, tokens=tokens, create=False)
    try:
        yield Builder(writer, encoder, pages=pages, progress=progress)
    finally:
        writer.close()


@contextmanager
def open_builder(
    settings: Settings,
    *,
    progress: Progress,
    rebuild: bool = False,
    encoder: Encoder | None = None,
    labour: Labour | None = None,
) -> Iterator[Builder]:
    """Open the index for adding sources, or for making all of it again.

    :param encoder: Where it is loaded already.
    :param labour: Who segments and embeds in the place of this process.
    :raises QaError: When the index is locked, damaged, or does not go with the encoder.
    """
    from qa.engine.build import Builder

    encoder, pages = encoder or make_encoder(settings), make_page_model()
    writer = open_writer(
        settings,
        encoder=encoder.identity,
        tokens=Tokens(),
        create=not rebuild,
        rebuild=rebuild,
        cutting=cutting_digest() if rebuild else "",
    )
    try:
        yield Builder(writer, encoder, pages=pages, progress=progress, labour=labour)
    finally:
        writer.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A builder, and what reads paths for it."""

    builder: Builder
    read: Callable[[Sequence[str]], Iterable[Source | SegmentedSource | Failed]]


@contextmanager
def open_building(
    settings: Settings, *, progress: Progress, rebuild: bool = False, cluster: Address | None = None
) -> Iterator[Building]:
    """Open the index for adding files, or for making all of it again.

    :param cluster: Whose workers read, segment and embed; None for this process.
    :raises QaError: As for ``open_builder``; or when the cluster cannot be reached, or does not go with us.
    """
    from qa.loaders.walk import load_all

    limit, loaders = settings.max_source_bytes, loaders_with(settings)
    if cluster is None:
        with open_builder(settings, progress=progress, rebuild=rebuild) as builder:
            yield Building(builder=builder, read=partial(load_all, limit=limit, loaders=loaders))
        return
    from qa.cluster.inputs import inputs_of

    encoder = make_encoder(settings)
    with (
        open_labour(settings, cluster, encoder=encoder.identity) as labour,
        open_builder(settings, progress=progress, rebuild=rebuild, encoder=encoder, labour=labour) as builder,
    ):

        def read(paths: Sequence[str]) -> Iterable[Source | SegmentedSource | Failed]:
            return labour.found(inputs_of(paths, limit=limit, loaders=loaders), held=builder.digests())

        yield Building(builder=builder, read=read)


@contextmanager
def open_labour(settings: Settings, cluster: Address, *, encoder: EncoderIdentity) -> Iterator[SharedLabour]:
    """Give the labour of a cluster, whose workers load what is set here.

    :param encoder: What they must embed with.
    :raises QaError: When the cluster cannot be reached, or something else is there than here.
    """
    from qa.cluster.labour import SharedLabour
    from qa.cluster.pool import Pool
    from qa.cluster.ray_connection import open_crew

    wanted = standing_with(encoder)
    with open_crew(cluster, make=make_workshop, settings=settings, wanted=wanted) as crew:
        yield SharedLabour(Pool(crew))


def make_workshop(settings: Settings) -> Workshop:
    """Load what a worker needs; called where it works.

    :raises ModelMissing: When something is not there.
    """
    return workshop_with(settings, make_encoder(settings))


def workshop_with(settings: Settings, encoder: Encoder) -> Workshop:
    """Return what a worker needs, around an encoder."""
    from qa.cluster.tasks import Workshop

    return Workshop(
        encoder=encoder,
        pages=make_page_model(),
        loaders=loaders_with(settings),
        limit=settings.max_source_bytes,
        standing=standing_with(encoder.identity),
    )


def standing_with(encoder: EncoderIdentity) -> Standing:
    """Return what results depend on where this program embeds with an encoder."""
    from qa.cluster.tasks import Standing

    return Standing(encoder=encoder, cutting=cutting_digest())


@contextmanager
def open_remover(settings: Settings, *, progress: Progress) -> Iterator[Builder]:
    """Open the index for removing sources; loads a model only if something must be embedded for it.

    :raises QaError: When the index is locked or damaged, or then does not go with the encoder.
    """
    from qa.engine.build import Builder
    from qa.models.deferred import DeferredEncoder

    pages = make_page_model()
    writer = open_writer(settings, encoder=None, tokens=Tokens(), create=False)

    def make() -> Encoder:
        encoder = make_encoder(settings)
        writer.require(encoder.identity)
        return encoder

    try:
        yield Builder(writer, DeferredEncoder(make), pages=pages, progress=progress)
    finally:
        writer.close()
