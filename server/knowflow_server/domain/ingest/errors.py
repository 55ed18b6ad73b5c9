"""The one error that this package raises on purpose."""


class IngestError(Exception):
    """A file cannot be turned into chunks.

    Attributes:
        sentence: What is wrong with the file and, where something helps, what to do. English, fit for the file's
            owner; it never holds a path, a library's own words or a part of the file.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
