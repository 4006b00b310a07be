"""How static files are named when they are published."""

import hashlib
from collections.abc import Iterator
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

OUR_MODULES = "js/"


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Files named by their content, so browsers may keep them for ever; imports between our modules follow.

    Each lies there compressed as well. By gzip: brotli gains a tenth and takes half a minute of the first start.

    Our modules may import each other in a circle, which has no fixed point when each name holds the hash of a text
    that holds the other names. So they carry one hash together, of all their sources.
    """

    support_js_module_import_aggregation = True
    modules_hash = ""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hash our modules' sources first, then name and rewrite everything."""
        digest = hashlib.sha256()
        for name in sorted(path for path in paths if path.startswith(OUR_MODULES)):
            storage, stored = paths[name]
            with storage.open(stored) as file:
                digest.update(name.encode() + file.read())
        self.modules_hash = digest.hexdigest()[:12]
        yield from super().post_process(paths, dry_run, **options)

    def file_hash(self, name: str | None, content: Any = None) -> str | None:
        """Return the common hash for our modules, the content's for the rest."""
        if self.modules_hash and name and name.replace("\\", "/").startswith(OUR_MODULES):
            return self.modules_hash
        found: str | None = super().file_hash(name, content)  # type: ignore[arg-type]  # the manifest has no name
        return found

    def create_compressor(self, **options: Any) -> Compressor:
        """Return what compresses published files."""
        return Compressor(**{**options, "use_brotli": False})
