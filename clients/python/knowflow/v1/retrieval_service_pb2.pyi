from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import retrieval_pb2 as _retrieval_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RetrieveRequest(_message.Message):
    __slots__ = ("question", "dataset_ids", "document_ids", "page", "page_size", "similarity_threshold", "vector_similarity_weight", "top_k", "rerank_id", "keyword", "highlight", "cross_languages", "metadata_condition", "use_kg", "explain")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    DATASET_IDS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    VECTOR_SIMILARITY_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    RERANK_ID_FIELD_NUMBER: _ClassVar[int]
    KEYWORD_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_FIELD_NUMBER: _ClassVar[int]
    CROSS_LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    METADATA_CONDITION_FIELD_NUMBER: _ClassVar[int]
    USE_KG_FIELD_NUMBER: _ClassVar[int]
    EXPLAIN_FIELD_NUMBER: _ClassVar[int]
    question: str
    dataset_ids: _containers.RepeatedScalarFieldContainer[str]
    document_ids: _containers.RepeatedScalarFieldContainer[str]
    page: int
    page_size: int
    similarity_threshold: float
    vector_similarity_weight: float
    top_k: int
    rerank_id: str
    keyword: bool
    highlight: bool
    cross_languages: _containers.RepeatedScalarFieldContainer[str]
    metadata_condition: _struct_pb2.Struct
    use_kg: bool
    explain: bool
    def __init__(self, question: _Optional[str] = ..., dataset_ids: _Optional[_Iterable[str]] = ..., document_ids: _Optional[_Iterable[str]] = ..., page: _Optional[int] = ..., page_size: _Optional[int] = ..., similarity_threshold: _Optional[float] = ..., vector_similarity_weight: _Optional[float] = ..., top_k: _Optional[int] = ..., rerank_id: _Optional[str] = ..., keyword: _Optional[bool] = ..., highlight: _Optional[bool] = ..., cross_languages: _Optional[_Iterable[str]] = ..., metadata_condition: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., use_kg: _Optional[bool] = ..., explain: _Optional[bool] = ...) -> None: ...

class RetrieveResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: RetrievalPage
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[RetrievalPage, _Mapping]] = ...) -> None: ...

class RetrievalPage(_message.Message):
    __slots__ = ("chunks", "doc_aggs", "total", "page", "page_size")
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    DOC_AGGS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    chunks: _containers.RepeatedCompositeFieldContainer[_retrieval_pb2.RetrievedChunk]
    doc_aggs: _containers.RepeatedCompositeFieldContainer[_retrieval_pb2.DocumentHits]
    total: int
    page: int
    page_size: int
    def __init__(self, chunks: _Optional[_Iterable[_Union[_retrieval_pb2.RetrievedChunk, _Mapping]]] = ..., doc_aggs: _Optional[_Iterable[_Union[_retrieval_pb2.DocumentHits, _Mapping]]] = ..., total: _Optional[int] = ..., page: _Optional[int] = ..., page_size: _Optional[int] = ...) -> None: ...
