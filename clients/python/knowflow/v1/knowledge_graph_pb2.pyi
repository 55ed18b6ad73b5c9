from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class KnowledgeGraph(_message.Message):
    __slots__ = ("nodes", "edges", "graph", "mind_map")
    NODES_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    GRAPH_FIELD_NUMBER: _ClassVar[int]
    MIND_MAP_FIELD_NUMBER: _ClassVar[int]
    nodes: _containers.RepeatedCompositeFieldContainer[KnowledgeGraphNode]
    edges: _containers.RepeatedCompositeFieldContainer[KnowledgeGraphEdge]
    graph: NodeLinkGraph
    mind_map: _struct_pb2.Struct
    def __init__(self, nodes: _Optional[_Iterable[_Union[KnowledgeGraphNode, _Mapping]]] = ..., edges: _Optional[_Iterable[_Union[KnowledgeGraphEdge, _Mapping]]] = ..., graph: _Optional[_Union[NodeLinkGraph, _Mapping]] = ..., mind_map: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class KnowledgeGraphNode(_message.Message):
    __slots__ = ("id", "label", "type")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    id: str
    label: str
    type: str
    def __init__(self, id: _Optional[str] = ..., label: _Optional[str] = ..., type: _Optional[str] = ...) -> None: ...

class KnowledgeGraphEdge(_message.Message):
    __slots__ = ("source", "target", "relation")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    source: str
    target: str
    relation: str
    def __init__(self, source: _Optional[str] = ..., target: _Optional[str] = ..., relation: _Optional[str] = ...) -> None: ...

class NodeLinkGraph(_message.Message):
    __slots__ = ("directed", "multigraph", "graph", "nodes", "edges")
    DIRECTED_FIELD_NUMBER: _ClassVar[int]
    MULTIGRAPH_FIELD_NUMBER: _ClassVar[int]
    GRAPH_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    directed: bool
    multigraph: bool
    graph: NodeLinkAttributes
    nodes: _containers.RepeatedCompositeFieldContainer[NodeLinkNode]
    edges: _containers.RepeatedCompositeFieldContainer[NodeLinkEdge]
    def __init__(self, directed: _Optional[bool] = ..., multigraph: _Optional[bool] = ..., graph: _Optional[_Union[NodeLinkAttributes, _Mapping]] = ..., nodes: _Optional[_Iterable[_Union[NodeLinkNode, _Mapping]]] = ..., edges: _Optional[_Iterable[_Union[NodeLinkEdge, _Mapping]]] = ...) -> None: ...

class NodeLinkAttributes(_message.Message):
    __slots__ = ("source_id", "node_count", "edge_count")
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_COUNT_FIELD_NUMBER: _ClassVar[int]
    EDGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    source_id: _containers.RepeatedScalarFieldContainer[str]
    node_count: int
    edge_count: int
    def __init__(self, source_id: _Optional[_Iterable[str]] = ..., node_count: _Optional[int] = ..., edge_count: _Optional[int] = ...) -> None: ...

class NodeLinkNode(_message.Message):
    __slots__ = ("id", "entity_name", "entity_type", "description", "pagerank", "rank", "source_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ENTITY_NAME_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PAGERANK_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    entity_name: str
    entity_type: str
    description: str
    pagerank: float
    rank: int
    source_id: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., entity_name: _Optional[str] = ..., entity_type: _Optional[str] = ..., description: _Optional[str] = ..., pagerank: _Optional[float] = ..., rank: _Optional[int] = ..., source_id: _Optional[_Iterable[str]] = ...) -> None: ...

class NodeLinkEdge(_message.Message):
    __slots__ = ("source", "target", "src_id", "tgt_id", "description", "keywords", "weight", "source_id")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    SRC_ID_FIELD_NUMBER: _ClassVar[int]
    TGT_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    source: str
    target: str
    src_id: str
    tgt_id: str
    description: str
    keywords: _containers.RepeatedScalarFieldContainer[str]
    weight: float
    source_id: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, source: _Optional[str] = ..., target: _Optional[str] = ..., src_id: _Optional[str] = ..., tgt_id: _Optional[str] = ..., description: _Optional[str] = ..., keywords: _Optional[_Iterable[str]] = ..., weight: _Optional[float] = ..., source_id: _Optional[_Iterable[str]] = ...) -> None: ...
