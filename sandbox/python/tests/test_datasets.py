"""Against a real server, as from a laptop: see tests/tests/programs/python.rs."""

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import pandas as pd
import polars as pl

import atelier
from atelier.fs import AtelierFileSystem


def without_program():
    """As where only Python is."""
    return mock.patch("atelier._program.find", return_value=None)


def with_program():
    return mock.patch("atelier._program.find", return_value=os.environ["ATELIER_BIN"])


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        cache = str(self.folder / "cache")
        self.enterContext(mock.patch.dict(os.environ, {"XDG_CACHE_HOME": cache}))

    def tree(self):
        """A folder of files, of which one is larger than what is read at once."""
        tree = self.folder / "tree"
        for name, data in {
            "a.csv": b"x,y\n1,2\n",
            "raw/b c.bin": bytes(range(256)) * 40_000,
            "raw/Zürich/顧客": b"deep",
            "empty": b"",
        }.items():
            path = tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (tree / "run.sh").write_text("#!/bin/sh\n")
        (tree / "run.sh").chmod(0o755)
        return tree

    def same(self, one, other):
        def files(top):
            found = (path for path in top.rglob("*") if path.is_file())
            return {str(path.relative_to(top)): (path.read_bytes(), os.access(path, os.X_OK)) for path in found}

        self.assertEqual(files(one), files(other))


class Files(Case):
    def test_a_folder_comes_back_as_it_was(self):
        tree = self.tree()
        made = []
        for manner in (without_program, with_program):
            with self.subTest(manner.__name__), manner():
                dataset = atelier.dataset(f"folder-{manner.__name__.replace('_', '-')}")
                version = dataset.commit(tree, "all of it", create=True, tag="first")
                made.append(version)
                self.assertEqual((version.number, version.files, version.message), (1, 5, "all of it"))
                self.assertEqual(version.tags, ("first",))
                with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.folder / manner.__name__)}):
                    path = dataset.path()
                    self.same(tree, path)
                    # A second look fetches nothing.
                    inode = (path / "a.csv").stat().st_ino
                    again = atelier.dataset(f"{dataset.name}@first").path()
                    self.assertEqual(((again / "a.csv").stat().st_ino, again), (inode, path))
        # Cut by the server or by the program, it is the same.
        self.assertEqual(made[0].root, made[1].root)

    def test_versions_stay_as_they_are(self):
        with without_program():
            one = self.folder / "one"
            one.mkdir()
            (one / "x").write_text("1")
            dataset = atelier.dataset("versions")
            first = dataset.commit(one, create=True)
            (one / "x").write_text("2")
            (one / "y").write_text("y")
            second = dataset.commit(one, "two")
            replaced = dataset.commit(one / "y", "only y", name="deep/er", replace=True)
        self.assertEqual([version.number for version in dataset.versions()], [3, 2, 1])
        self.assertEqual((first.files, second.files, replaced.files), (1, 2, 1))
        self.assertEqual([file.path for file in atelier.dataset("versions").files()], ["deep/er/y"])
        for version, text in ((1, "1"), (2, "2")):
            with atelier.dataset("versions", version).open("x", "r") as file:
                self.assertEqual(file.read(), text)

    def test_only_what_is_read_is_fetched(self):
        tree = self.tree()
        whole = (tree / "raw/b c.bin").read_bytes()
        with without_program():
            dataset = atelier.dataset("parts")
            dataset.commit(tree, create=True)
        asked = []
        read = dataset._http.read
        dataset._http.read = lambda path, start, end: asked.append(end - start) or read(path, start, end)
        with dataset.open("raw/b c.bin") as file:
            file.seek(-1000, io.SEEK_END)
            self.assertEqual(file.read(), whole[-1000:])
            file.seek(5_000_000)
            self.assertEqual(file.read(10), whole[5_000_000:5_000_010])
        self.assertLess(sum(asked), len(whole) // 2)
        with dataset.open("raw/b c.bin") as file:
            self.assertEqual(file.read(), whole)
        with dataset.open("empty") as file:
            self.assertEqual(file.read(), b"")
        with self.assertRaises(FileNotFoundError):
            dataset.open("nothing")
        with self.assertRaises(ValueError):
            dataset.open("a.csv", "w")

    def test_nothing_outside_of_the_folder_is_sent(self):
        (self.folder / "secret").write_text("nobody's business")
        tree = self.folder / "linked"
        tree.mkdir()
        (tree / "inside").write_text("inside")
        (tree / "out").symlink_to("../secret")
        (tree / "up").symlink_to("..")
        with without_program(), contextlib.redirect_stderr(io.StringIO()) as said:
            atelier.dataset("linked").commit(tree, create=True)
        self.assertEqual([file.path for file in atelier.dataset("linked").files()], ["inside"])
        self.assertIn("Left out", said.getvalue())

    def test_what_is_refused_says_why(self):
        with self.assertRaises(atelier.NotFound):
            atelier.dataset("nothing").path()
        with self.assertRaises(FileNotFoundError):
            atelier.dataset("acme/none/nothing").versions()
        with mock.patch.dict(os.environ, {"ATELIER_TOKEN": "atl_wrong"}), self.assertRaises(atelier.NotSignedIn):
            atelier.dataset("nothing").versions()
        with mock.patch.dict(os.environ, {"ATELIER_URL": "http://127.0.0.1:9"}):
            with self.assertRaises(atelier.Unreachable):
                atelier.dataset("nothing").versions()
        with mock.patch.dict(os.environ, {"ATELIER_TOKEN": ""}), self.assertRaisesRegex(atelier.NotSignedIn, "login"):
            atelier.dataset("nothing")
        for wrong in ("a/b", "a/b/c/d", "//"):
            with self.assertRaises(ValueError):
                atelier.dataset(wrong)


class Frames(Case):
    def setUp(self):
        super().setUp()
        self.enterContext(without_program())
        self.frame = pd.DataFrame({"x": [1, 2, 3], "name": ["a", "é", None]})

    def test_frames_come_back_in_every_kind(self):
        for kind in ("parquet", "csv", "tsv", "jsonl"):
            for frame in (self.frame, pl.DataFrame({"x": [1, 2, 3], "name": ["a", "é", None]})):
                library = type(frame).__module__.partition(".")[0]
                with self.subTest(kind=kind, library=library):
                    name = f"{kind}-{library}"
                    version = atelier.dataset(name).commit(frame, name=f"tables/t.{kind}", create=True)
                    self.assertEqual(version.files, 1)
                    pd.testing.assert_frame_equal(atelier.dataset(name).pandas(), self.frame, check_dtype=False)
                    self.assertEqual(atelier.dataset(name).polars()["name"].to_list(), ["a", "é", None])

    def test_a_frame_has_the_name_of_its_dataset(self):
        atelier.dataset("named").commit(self.frame, create=True)
        self.assertEqual([file.path for file in atelier.dataset("named").files()], ["named.parquet"])

    def test_several_files_of_a_kind_are_one_frame(self):
        dataset = atelier.dataset("parts-of-one")
        dataset.commit(self.frame, name="day/1.csv", create=True)
        dataset.commit(self.frame, name="day/2.csv.gz")
        dataset.commit(self.frame, name="other.parquet")
        newest = atelier.dataset("parts-of-one")
        self.assertEqual(newest.pandas("day")["x"].tolist(), [1, 2, 3, 1, 2, 3])
        self.assertEqual(newest.polars("day")["x"].to_list(), [1, 2, 3, 1, 2, 3])
        self.assertEqual(len(newest.pandas("day/1.csv")), 3)
        with self.assertRaisesRegex(ValueError, "several kinds"):
            newest.pandas()
        with self.assertRaises(FileNotFoundError):
            newest.pandas("day/3.csv")

    def test_what_is_read_over_the_network_shows_how_far_it_is(self):
        atelier.dataset("far").commit(self.frame, name="far.csv", create=True)
        where = f"atelier://{os.environ['ATELIER_PROJECT']}/far/far.csv"

        def opened():
            with atelier.dataset("far").open("far.csv") as file:
                return file.read()

        by_address = lambda: AtelierFileSystem(skip_instance_cache=True).open(where).read()  # noqa: E731
        for read in (opened, by_address, atelier.dataset("far").pandas, atelier.dataset("far").polars):
            said = io.StringIO()
            said.isatty = lambda: True
            with self.subTest(read), mock.patch("sys.stderr", said), mock.patch("atelier._progress._EVERY", 0):
                read()
                self.assertRegex(said.getvalue(), r"^\rRead \d+ B of \d+ B, ")
