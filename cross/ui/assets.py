"""The static files we take from wheels: what our pages load, and nothing else.

The design system ships some 9,700 files, its apps hundreds more; collecting them all takes half a
minute and serves pages that nobody links. Django's own finder cannot choose, so this one does.
"""

from fnmatch import fnmatch
from importlib.resources import files
from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

# Package, then the paths under its static folder.
WANTED = {
    "dsfr": (
        "dsfr/dist/dsfr.main.min.css",
        "dsfr/dist/dsfr.module.min.js",
        "dsfr/dist/utility/icons/icons.main.min.css",
        "dsfr/dist/icons/*.svg",
        "dsfr/dist/fonts/*.woff2",
        "dsfr/dist/fonts/*.woff",
        "dsfr/dist/artwork/*.svg",
    ),
    "django_htmx": ("django_htmx/htmx-2.min.js",),
}


def is_wanted(path, patterns):
    return any(fnmatch(path, pattern) for pattern in patterns)


class WheelFilesFinder(BaseFinder):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.storages = {
            package: FileSystemStorage(location=str(files(package) / "static"))
            for package in WANTED
        }

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False):
        found = [
            storage.path(path)
            for package, storage in self.storages.items()
            if is_wanted(path, WANTED[package]) and storage.exists(path)
        ]
        if find_all:
            return found
        return found[0] if found else None

    def list(self, ignore_patterns):
        for package, storage in self.storages.items():
            root = Path(storage.location)
            for file in sorted(root.rglob("*")):
                path = file.relative_to(root).as_posix()
                wanted = file.is_file() and is_wanted(path, WANTED[package])
                if wanted and not matches_patterns(path, ignore_patterns):
                    yield path, storage
