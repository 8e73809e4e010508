"""Rebuild ``web/front_end``: the few files of Solara's front end that a page needs, so that it opens with no internet.

``pip install solara-assets`` would bring the same files, but 239 MB of others with them; asking the content delivery
network when a page is opened would need the internet, and tell it who teaches what. These are 4 MB, copied unchanged
from the public source distribution ``solara-assets``: ``pip download --no-deps solara-assets==1.58.2``, then
``python -m ci_sim.app.vendor solara_assets-1.58.2.tar.gz``. What they are licensed under stands in ``web/NOTICE.md``.
"""

from __future__ import annotations

import re
import sys
import tarfile
from pathlib import Path

__all__ = ["FOLDER", "PLACES", "rebuild"]

FOLDER = Path(__file__).parent / "web" / "front_end"
PLACES = {
    "requirejs@2.3.6": r"require\.js",
    "@widgetti/solara-vuetify-app@10.1.1/dist": (
        r"(main8|fonts)\.css|solara-vuetify-app8\.min\.js(\.LICENSE\.txt)?|[0-9a-f]+\.woff2"
    ),
}
"""Where the page template of Solara 1.64 (ipywidgets 8, ipyvuetify 1) looks for what; all of it lies in one folder."""


def rebuild(archive: Path) -> list[str]:
    """Copy the wanted files out of the source distribution; return their names."""
    wanted = re.compile("|".join(f"{re.escape(place)}/({names})" for place, names in PLACES.items()))
    FOLDER.mkdir(parents=True, exist_ok=True)
    copied = []
    with tarfile.open(archive) as packed:
        for member in packed:
            name = member.name.partition("/cdn/")[2]
            file = packed.extractfile(member) if wanted.fullmatch(name) else None
            if file is not None:
                (FOLDER / Path(name).name).write_bytes(file.read())
                copied.append(name)
    return sorted(copied)


if __name__ == "__main__":
    print("\n".join(rebuild(Path(sys.argv[1]))))
