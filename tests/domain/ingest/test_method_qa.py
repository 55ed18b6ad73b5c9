"""The qa method on small documents, with pairs written by hand. A token is a word here."""

from pathlib import Path

from tests.domain.ingest.files import Result, docx, paragraph, pdf, run, save


def pairs(result: Result) -> list[tuple[str, str]]:
    """Questions and contents, after checking that each content is made of its question."""
    for chunk in result.chunks:
        assert all(chunk.content.startswith(f"Question: {question}\tAnswer:") for question in chunk.questions)
    return [(" | ".join(chunk.questions), chunk.content) for chunk in result.chunks]


MARKDOWN = """\
# Help centre

Welcome to our answers.

## Account

### How do I reset my password?

Open **Settings** and choose *Reset*.

- You get a mail.

### Can I change my name?

No.

## Billing

Invoices come monthly.
"""


RESET = """\
Question: Help centre > Account > How do I reset my password?\tAnswer: Open **Settings** and choose *Reset*.

- You get a mail."""


def test_qa_markdown_heading_chain_is_the_question_and_the_text_below_the_answer(tmp_path: Path) -> None:
    assert pairs(run(save(tmp_path, "a.md", MARKDOWN), "qa")) == [
        ("Help centre", "Question: Help centre\tAnswer: Welcome to our answers."),
        (
            "Help centre > Account > How do I reset my password?",
            RESET,
        ),
        (
            "Help centre > Account > Can I change my name?",
            "Question: Help centre > Account > Can I change my name?\tAnswer: No.",
        ),
        ("Help centre > Billing", "Question: Help centre > Billing\tAnswer: Invoices come monthly."),
    ]


def test_qa_html_and_docx_headings_are_questions(tmp_path: Path) -> None:
    html = save(tmp_path, "a.html", "<p>Intro</p><h2>What is it?</h2><p>A tool.</p><h2>Empty one?</h2>")
    assert run(html, "qa").contents == [
        "Intro",
        "Question: What is it?\tAnswer: A tool.",
        "Question: Empty one?\tAnswer:",
    ]
    style = '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    body = f"<w:p>{style}<w:r><w:t>What is it?</w:t></w:r></w:p><w:p><w:r><w:t>A tool.</w:t></w:r></w:p>"
    assert run(save(tmp_path, "a.docx", docx(body)), "qa").contents == ["Question: What is it?\tAnswer: A tool."]


def test_qa_underlined_heading_is_a_question_without_its_line(tmp_path: Path) -> None:
    path = save(tmp_path, "a.md", "Why? ##\n====\nBecause.\n")
    assert run(path, "qa").contents == ["Question: Why? ##\tAnswer: Because."]


def test_qa_lines_with_a_tab_are_pairs_and_other_lines_go_on_with_the_answer(tmp_path: Path) -> None:
    text = "Our answers\n\nWhat is KnowFlow?\tA backend, self-hosted.\nIt is for teams.\n\nIs it free?\tYes.\n"
    assert pairs(run(save(tmp_path, "a.txt", text), "qa")) == [
        ("", "Our answers"),
        ("What is KnowFlow?", "Question: What is KnowFlow?\tAnswer: A backend, self-hosted.\nIt is for teams."),
        ("Is it free?", "Question: Is it free?\tAnswer: Yes."),
    ]


def test_qa_lines_with_a_comma_are_pairs_and_quotation_marks_keep_commas_together(tmp_path: Path) -> None:
    text = 'Which colours?,"Red, green and blue"\nWhich sizes?,All\n'
    assert run(save(tmp_path, "a.txt", text), "qa").contents == [
        "Question: Which colours?\tAnswer: Red, green and blue",
        "Question: Which sizes?\tAnswer: All",
    ]


def test_qa_csv_rows_are_pairs_and_names_of_columns_are_not(tmp_path: Path) -> None:
    text = 'Question,Answer\nWhat is a|b?,"Two\nlines, one cell"\nmore about it,,\nIs it free?,Yes\n'
    assert pairs(run(save(tmp_path, "a.csv", text), "qa")) == [
        ("What is a|b?", "Question: What is a|b?\tAnswer: Two lines, one cell\nmore about it"),
        ("Is it free?", "Question: Is it free?\tAnswer: Yes"),
    ]


def test_qa_pdf_numbered_questions_are_pairs_with_their_place(tmp_path: Path) -> None:
    first = paragraph(
        "1. What is a chunk?", "A part of a document.", "2. How long is it, when a document has", "tables?"
    )
    second = paragraph("As long as its rows.", "3. Who reads it?", "Models do.")
    result = run(save(tmp_path, "a.pdf", pdf([first, second])), "qa")
    assert pairs(result) == [
        ("What is a chunk?", "Question: What is a chunk?\tAnswer: A part of a document."),
        (
            "How long is it, when a document has tables?",
            "Question: How long is it, when a document has tables?\tAnswer: As long as its rows.",
        ),
        ("Who reads it?", "Question: Who reads it?\tAnswer: Models do."),
    ]
    assert [[position[0] for position in chunk.positions] for chunk in result.chunks] == [[1], [1, 2], [2]]


def test_qa_marked_questions_and_answers_lose_their_marks(tmp_path: Path) -> None:
    text = "Q1: Where are you?\nA1: In Bonn.\nAnd in Rome.\n\nQ2: Tell me\nA2: No.\n\n问题3：什么？\n答案：文档。\n"
    assert run(save(tmp_path, "a.txt", text), "qa").contents == [
        "Question: Where are you?\tAnswer: In Bonn.\nAnd in Rome.",
        "Question: Tell me\tAnswer: No.",
        "Question: 什么？\tAnswer: 文档。",
    ]


def test_qa_numbered_list_in_an_answer_is_no_question(tmp_path: Path) -> None:
    text = "Q: How do I start?\nA: In two steps.\n1. Install it.\n2. Run it.\n"
    assert run(save(tmp_path, "a.txt", text), "qa").contents == [
        "Question: How do I start?\tAnswer: In two steps.\n1. Install it.\n2. Run it."
    ]


def test_qa_pair_stays_together_up_to_2048_tokens_and_its_parts_repeat_the_question(tmp_path: Path) -> None:
    whole = run(save(tmp_path, "a.txt", "Q: Why?\n" + "word " * 2045), "qa", chunk_token_num=5)
    assert [chunk.token_count for chunk in whole.chunks] == [2048]
    cut = run(save(tmp_path, "b.txt", "Q: Why?\n" + "word " * 2046), "qa", chunk_token_num=5)
    assert [(chunk.token_count, chunk.questions) for chunk in cut.chunks] == [(2048, ("Why?",)), (4, ("Why?",))]
    assert all(content.startswith("Question: Why?\tAnswer: word") for content in cut.contents)


def test_qa_prose_is_served_by_naive_with_a_message(tmp_path: Path) -> None:
    result = run(
        save(tmp_path, "a.txt", "One sentence, with a comma.\nAnother one.\nA third.\n"), "qa", chunk_token_num=5
    )
    assert result.contents == ["One sentence, with a comma.\n", "Another one.\nA third.\n"]
    assert result.messages[-2:] == [
        "The method qa expects questions with answers; the file has none and is served by naive.",
        "Made 2 chunks.",
    ]
