"""``atelier://`` in fsspec and in what reads by it."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import fsspec
import pandas as pd

import atelier
from atelier.fs import AtelierFileSystem

NAME = "by-address"


class FileSystem(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # In an installed package the entry point does this.
        fsspec.register_implementation("atelier", AtelierFileSystem, clobber=True)
        cls.data = bytes(range(256)) * 8_000
        cls.place = f"{os.environ['ATELIER_PROJECT']}/{NAME}"
        with tempfile.TemporaryDirectory() as folder, mock.patch("atelier._program.find", return_value=None):
            (Path(folder) / "raw").mkdir()
            (Path(folder) / "raw/x.csv").write_text("x\n1\n2\n")
            (Path(folder) / "raw/big.bin").write_bytes(cls.data)
            (Path(folder) / "empty").write_bytes(b"")
            atelier.dataset(NAME).commit(folder, create=True)
            (Path(folder) / "raw/x.csv").write_text("x\n3\n")
            atelier.dataset(NAME).commit(folder)
        cls.fs = AtelierFileSystem(skip_instance_cache=True)

    def test_pandas_reads_by_address(self):
        self.assertEqual(pd.read_csv(f"atelier://{self.place}@1/raw/x.csv")["x"].tolist(), [1, 2])
        self.assertEqual(pd.read_csv(f"atelier://{self.place}/raw/x.csv")["x"].tolist(), [3])

    def test_folders_are_listed(self):
        self.assertIn(self.place, self.fs.ls(os.environ["ATELIER_PROJECT"], detail=False))
        top = self.fs.ls(f"atelier://{self.place}@1")
        found = {entry["name"]: (entry["type"], entry["size"]) for entry in top}
        expected = {f"{self.place}@1/empty": ("file", 0), f"{self.place}@1/raw": ("directory", 0)}
        self.assertEqual(found, expected)
        self.assertEqual(
            sorted(self.fs.find(f"{self.place}@1")),
            [f"{self.place}@1/{name}" for name in ("empty", "raw/big.bin", "raw/x.csv")],
        )
        self.assertEqual(self.fs.glob(f"{self.place}/raw/*.csv"), [f"{self.place}/raw/x.csv"])

    def test_files_and_folders_are_told_apart(self):
        self.assertTrue(self.fs.isfile(f"{self.place}/raw/x.csv"))
        self.assertTrue(self.fs.isdir(f"{self.place}/raw"))
        self.assertTrue(self.fs.isdir(self.place))
        self.assertFalse(self.fs.exists(f"{self.place}/nothing"))
        self.assertFalse(self.fs.exists(f"{self.place}@9/raw"))
        self.assertEqual(self.fs.size(f"{self.place}/raw/big.bin"), len(self.data))
        self.assertEqual(self.fs.size(f"{self.place}/empty"), 0)
        with self.assertRaises(FileNotFoundError):
            self.fs.info("only/two-words-and/")

    def test_parts_are_read(self):
        big = f"{self.place}/raw/big.bin"
        self.assertEqual(self.fs.cat_file(big, 1000, 1010), self.data[1000:1010])
        self.assertEqual(self.fs.cat_file(big, -10), self.data[-10:])
        self.assertEqual(self.fs.cat_file(big, 5, -5), self.data[5:-5])
        self.assertEqual(self.fs.cat_file(f"{self.place}/empty"), b"")
        ranges = self.fs.cat_ranges([big, big, f"{self.place}/none"], [0, 100, 0], [10, 200, 10])
        self.assertEqual(ranges[:2], [self.data[:10], self.data[100:200]])
        self.assertIsInstance(ranges[2], FileNotFoundError)
        with fsspec.open(f"atelier://{big}", block_size=64 << 10) as file:
            file.seek(-3, os.SEEK_END)
            self.assertEqual(file.read(), self.data[-3:])
            file.seek(0)
            self.assertEqual(file.read(), self.data)

    def test_nothing_is_written(self):
        with self.assertRaisesRegex(ValueError, "never change"), self.fs.open(f"{self.place}/new", "wb"):
            pass
