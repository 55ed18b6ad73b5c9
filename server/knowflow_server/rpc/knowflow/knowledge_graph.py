"""Knowledge graphs on the core surface."""

from __future__ import annotations

from typing import Any

from knowflow.v1 import knowledge_graph_pb2, knowledge_graph_service_pb2, knowledge_graph_service_pb2_grpc
from knowflow_server.domain import parser_config
from knowflow_server.domain.graph.knowledge_graph import KnowledgeGraphs, ShownEdge, ShownGraph, ShownNode
from knowflow_server.rpc.call import caller


def view(shown: ShownGraph) -> knowledge_graph_pb2.KnowledgeGraph:
    """Return a graph as this surface shows it: in the document's words, and in RAGFlow's."""
    return knowledge_graph_pb2.KnowledgeGraph(
        nodes=[knowledge_graph_pb2.KnowledgeGraphNode(id=n.key, label=n.name, type=n.type) for n in shown.nodes],
        edges=[
            knowledge_graph_pb2.KnowledgeGraphEdge(source=e.source, target=e.target, relation=e.labels[0])
            for e in shown.edges
        ],
        graph=knowledge_graph_pb2.NodeLinkGraph(
            graph=knowledge_graph_pb2.NodeLinkAttributes(
                source_id=shown.document_ids, node_count=shown.node_count, edge_count=shown.edge_count
            ),
            nodes=map(_node, shown.nodes),
            edges=map(_edge, shown.edges),
        ),
        mind_map=parser_config.struct(shown.mind_map),
    )


def _node(node: ShownNode) -> knowledge_graph_pb2.NodeLinkNode:
    return knowledge_graph_pb2.NodeLinkNode(
        id=node.key,
        entity_name=node.name,
        entity_type=node.type,
        description=node.description,
        pagerank=node.pagerank,
        rank=node.degree,
        source_id=node.document_ids,
    )


def _edge(edge: ShownEdge) -> knowledge_graph_pb2.NodeLinkEdge:
    return knowledge_graph_pb2.NodeLinkEdge(
        source=edge.source,
        target=edge.target,
        src_id=edge.source,
        tgt_id=edge.target,
        description=edge.description,
        keywords=edge.labels,
        weight=edge.weight,
        source_id=edge.document_ids,
    )


class KnowledgeGraphService(knowledge_graph_service_pb2_grpc.KnowledgeGraphServiceServicer):
    """Answers for knowledge graphs."""

    def __init__(self, graphs: KnowledgeGraphs) -> None:
        self._graphs = graphs

    async def GetKnowledgeGraph(
        self, request: knowledge_graph_service_pb2.GetKnowledgeGraphRequest, context: Any
    ) -> knowledge_graph_service_pb2.GetKnowledgeGraphResponse:
        """Return the graph of a dataset."""
        shown = await self._graphs.get(caller(), request.dataset_id)
        return knowledge_graph_service_pb2.GetKnowledgeGraphResponse(code=0, data=view(shown))

    async def DeleteKnowledgeGraph(
        self, request: knowledge_graph_service_pb2.DeleteKnowledgeGraphRequest, context: Any
    ) -> knowledge_graph_service_pb2.DeleteKnowledgeGraphResponse:
        """Delete the graph of a dataset."""
        await self._graphs.delete(caller(), request.dataset_id)
        return knowledge_graph_service_pb2.DeleteKnowledgeGraphResponse(code=0)
