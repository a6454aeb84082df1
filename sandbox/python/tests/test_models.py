"""Against a real server, as from a laptop."""

import math
import os
import pickle
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import atelier
from atelier import _kept


class Rule:
    """Something that was trained."""

    def __init__(self, weights):
        self.weights = weights

    def __eq__(self, other):
        return self.weights == other.weights


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        cache = str(self.folder / "cache")
        self.enterContext(mock.patch.dict(os.environ, {"XDG_CACHE_HOME": cache}))


class Saved(Case):
    def test_an_object_comes_back_with_what_was_told_of_it(self):
        churn = atelier.model("object")
        metrics = {"auc": 0.1 + 0.2, "loss": 5e-324, "n": 3}
        first = churn.save(Rule([1, 2]), metrics, "First", parameters={"depth": 5}, tag="champion")
        self.assertEqual((first.number, first.message, first.tags), (1, "First", ("champion",)))
        self.assertEqual((first.metrics, first.parameters), (metrics, {"depth": "5"}))
        second = churn.save(Rule([3]))
        self.assertEqual((second.number, second.metrics), (2, {}))
        self.assertEqual(atelier.model("object").load(), Rule([3]))
        self.assertEqual(atelier.model("object@champion").load(), Rule([1, 2]))
        self.assertEqual(atelier.model("object", 1).load(), Rule([1, 2]))
        self.assertEqual([version.metrics for version in churn.versions()], [{}, metrics])
        self.assertIn("atelier.json", [file.path for file in atelier.model("object").files()])

    def test_files_come_back_as_they_were_and_none_of_the_version_before(self):
        folder = self.folder / "weights"
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "a.bin").write_bytes(bytes(range(256)) * 1000)
        (folder / "config.json").write_text("{}")
        model = atelier.model("files")
        model.save(folder)
        path = atelier.model("files@1").path()
        self.assertEqual((path / "deep" / "a.bin").read_bytes(), bytes(range(256)) * 1000)
        model.save(folder / "config.json")
        self.assertEqual([file.path for file in atelier.model("files").files()], ["config.json"])
        with self.assertRaisesRegex(ValueError, "saved from files"):
            atelier.model("files").load()

    def test_it_says_of_which_data(self):
        (self.folder / "a.csv").write_text("x\n1\n")
        customers = atelier.dataset("inputs")
        customers.commit(self.folder / "a.csv", create=True)
        model = atelier.model("of-data")
        model.save(Rule([1]), datasets=[customers, "inputs@1"])
        told = next(iter(model._http.pages(*model._address, "versions")))
        self.assertEqual(told["provenance"]["datasets"], [{"dataset": "inputs", "number": 1}])
        with self.assertRaises(atelier.NotFound):
            model.save(Rule([1]), datasets=["absent"])

    def test_what_makes_no_sense_is_refused_before_anything_is_sent(self):
        model = atelier.model("nonsense")
        for metrics, error in (({"auc": math.nan}, ValueError), ({"auc": "high"}, TypeError), ({"auc": None}, TypeError)):
            with self.assertRaises(error):
                model.save(Rule([1]), metrics)
        with self.assertRaises(ValueError):
            model.save(Rule([1]), format="onnx")
        with self.assertRaises(FileNotFoundError):
            model.save(self.folder / "nothing")
        with self.assertRaises(atelier.NotFound):
            atelier.model("never").save(Rule([1]), create=False)
        with self.assertRaises(atelier.NotFound):
            atelier.model("never").load()


class Kept(Case):
    def test_it_says_how_it_was_written_and_warns_of_other_versions(self):
        _kept.write(Rule([1]), self.folder, "pickle")
        self.assertEqual(_kept.read(self.folder), Rule([1]))
        about = (self.folder / "atelier.json").read_text()
        self.assertIn('"format": "pickle"', about)
        self.assertIn(f'"type": "{Rule.__module__}.Rule"', about)
        text = about.replace('"packages": {}', '"packages": {"pip": "0.0.1"}')
        (self.folder / "atelier.json").write_text(text)
        with self.assertWarnsRegex(UserWarning, "written with pip 0.0.1"):
            _kept.read(self.folder)

    def test_without_joblib_it_is_pickle(self):
        with mock.patch("importlib.util.find_spec", return_value=None):
            _kept.write(Rule([1]), self.folder)
        with (self.folder / "model.pkl").open("rb") as file:
            self.assertEqual(pickle.load(file), Rule([1]))

    def test_other_formats_are_not_guessed(self):
        (self.folder / "atelier.json").write_text('{"format": "onnx", "packages": {}}')
        with self.assertRaisesRegex(ValueError, "onnx"):
            _kept.read(self.folder)


if __name__ == "__main__":
    unittest.main()
