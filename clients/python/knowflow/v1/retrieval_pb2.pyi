from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RetrievedChunk(_message.Message):
    __slots__ = ("id", "content", "content_ltks", "document_id", "document_name", "document_keyword", "dataset_id", "kb_id", "positions", "page_number", "similarity", "vector_similarity", "term_similarity", "important_keywords", "questions", "image_id", "doc_type_kwd", "highlight", "children", "tag_feas", "explanation")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CONTENT_LTKS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_KEYWORD_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    KB_ID_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    PAGE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    VECTOR_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    TERM_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    IMPORTANT_KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    DOC_TYPE_KWD_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_FIELD_NUMBER: _ClassVar[int]
    CHILDREN_FIELD_NUMBER: _ClassVar[int]
    TAG_FEAS_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    id: str
    content: str
    content_ltks: str
    document_id: str
    document_name: str
    document_keyword: str
    dataset_id: str
    kb_id: str
    positions: _containers.RepeatedCompositeFieldContainer[_struct_pb2.ListValue]
    page_number: int
    similarity: float
    vector_similarity: float
    term_similarity: float
    important_keywords: _containers.RepeatedScalarFieldContainer[str]
    questions: _containers.RepeatedScalarFieldContainer[str]
    image_id: str
    doc_type_kwd: str
    highlight: str
    children: _containers.RepeatedCompositeFieldContainer[RetrievedChild]
    tag_feas: _struct_pb2.Struct
    explanation: ScoreExplanation
    def __init__(self, id: _Optional[str] = ..., content: _Optional[str] = ..., content_ltks: _Optional[str] = ..., document_id: _Optional[str] = ..., document_name: _Optional[str] = ..., document_keyword: _Optional[str] = ..., dataset_id: _Optional[str] = ..., kb_id: _Optional[str] = ..., positions: _Optional[_Iterable[_Union[_struct_pb2.ListValue, _Mapping]]] = ..., page_number: _Optional[int] = ..., similarity: _Optional[float] = ..., vector_similarity: _Optional[float] = ..., term_similarity: _Optional[float] = ..., important_keywords: _Optional[_Iterable[str]] = ..., questions: _Optional[_Iterable[str]] = ..., image_id: _Optional[str] = ..., doc_type_kwd: _Optional[str] = ..., highlight: _Optional[str] = ..., children: _Optional[_Iterable[_Union[RetrievedChild, _Mapping]]] = ..., tag_feas: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., explanation: _Optional[_Union[ScoreExplanation, _Mapping]] = ...) -> None: ...

class RetrievedChild(_message.Message):
    __slots__ = ("id", "content", "similarity", "vector_similarity", "term_similarity", "positions", "page_number")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    VECTOR_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    TERM_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    PAGE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    id: str
    content: str
    similarity: float
    vector_similarity: float
    term_similarity: float
    positions: _containers.RepeatedCompositeFieldContainer[_struct_pb2.ListValue]
    page_number: int
    def __init__(self, id: _Optional[str] = ..., content: _Optional[str] = ..., similarity: _Optional[float] = ..., vector_similarity: _Optional[float] = ..., term_similarity: _Optional[float] = ..., positions: _Optional[_Iterable[_Union[_struct_pb2.ListValue, _Mapping]]] = ..., page_number: _Optional[int] = ...) -> None: ...

class ScoreExplanation(_message.Message):
    __slots__ = ("similarity", "parts", "wording", "cosine", "terms", "bm25", "best_bm25", "word_share", "term_similarity", "rerank_score", "similarity_before", "threshold")
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    WORDING_FIELD_NUMBER: _ClassVar[int]
    COSINE_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    BM25_FIELD_NUMBER: _ClassVar[int]
    BEST_BM25_FIELD_NUMBER: _ClassVar[int]
    WORD_SHARE_FIELD_NUMBER: _ClassVar[int]
    TERM_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    RERANK_SCORE_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_BEFORE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    similarity: float
    parts: _containers.RepeatedCompositeFieldContainer[ScorePart]
    wording: str
    cosine: float
    terms: _containers.RepeatedCompositeFieldContainer[TermScore]
    bm25: float
    best_bm25: float
    word_share: float
    term_similarity: float
    rerank_score: float
    similarity_before: float
    threshold: float
    def __init__(self, similarity: _Optional[float] = ..., parts: _Optional[_Iterable[_Union[ScorePart, _Mapping]]] = ..., wording: _Optional[str] = ..., cosine: _Optional[float] = ..., terms: _Optional[_Iterable[_Union[TermScore, _Mapping]]] = ..., bm25: _Optional[float] = ..., best_bm25: _Optional[float] = ..., word_share: _Optional[float] = ..., term_similarity: _Optional[float] = ..., rerank_score: _Optional[float] = ..., similarity_before: _Optional[float] = ..., threshold: _Optional[float] = ...) -> None: ...

class ScorePart(_message.Message):
    __slots__ = ("name", "weight", "value", "share")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    name: str
    weight: float
    value: float
    share: float
    def __init__(self, name: _Optional[str] = ..., weight: _Optional[float] = ..., value: _Optional[float] = ..., share: _Optional[float] = ...) -> None: ...

class TermScore(_message.Message):
    __slots__ = ("word", "tf", "idf", "bm25")
    WORD_FIELD_NUMBER: _ClassVar[int]
    TF_FIELD_NUMBER: _ClassVar[int]
    IDF_FIELD_NUMBER: _ClassVar[int]
    BM25_FIELD_NUMBER: _ClassVar[int]
    word: str
    tf: int
    idf: float
    bm25: float
    def __init__(self, word: _Optional[str] = ..., tf: _Optional[int] = ..., idf: _Optional[float] = ..., bm25: _Optional[float] = ...) -> None: ...

class DocumentHits(_message.Message):
    __slots__ = ("doc_name", "doc_id", "count")
    DOC_NAME_FIELD_NUMBER: _ClassVar[int]
    DOC_ID_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    doc_name: str
    doc_id: str
    count: int
    def __init__(self, doc_name: _Optional[str] = ..., doc_id: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...
