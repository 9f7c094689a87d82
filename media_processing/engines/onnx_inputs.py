"""Mends two ONNX models in memory so that onnxruntime runs them, and runs them fast; the package stays as it is.

Graph inputs that are weights are dropped (SFace: newer loaders refuse them). Shapes of inputs and outputs are
dropped, so that any picture fits. Weights with one scale are said to have one (YuNet calls them blocks, which
onnxruntime refuses). ModelProto 7 = graph; GraphProto 1 = node, 5 = initializer, 11 = input, 12 = output, 13 = value.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from media_processing.engines.onnx_fields import bodies, fields, numbers, text, with_body, with_value

Mend = Callable[[bytes], Iterable[bytes]]
GRAPH = 7
NODE, INITIALIZER, INPUT, OUTPUT, VALUE = 1, 5, 11, 12, 13
NODE_INPUT, NODE_OPERATION, NODE_ATTRIBUTE = 1, 4, 5
ATTRIBUTE_NAME, ATTRIBUTE_NUMBER = 1, 3
TENSOR_DIMENSIONS, TENSOR_NAME = 1, 8
INFO_NAME, INFO_TYPE, TYPE_TENSOR, TENSOR_SHAPE = 1, 2, 1, 2


def with_inputs(model: bytes, kept: Collection[str]) -> bytes:
    """The model with no graph inputs but those named; everything else byte for byte."""
    return _with_graph(model, lambda graph: _kept(graph, kept))


def of_any_size(model: bytes) -> bytes:
    """The model without the sizes it was written down with."""
    return _with_graph(model, _shapeless)


def with_single_scales(model: bytes) -> bytes:
    """The model whose weights with one scale have no blocks."""
    return _with_graph(model, _unblocked)


def _with_graph(model: bytes, mend: Mend) -> bytes:
    parts = []
    for field in fields(model):
        whole = field.number != GRAPH or field.body is None
        parts.append(field.raw if whole else with_body(GRAPH, mend(field.body or b"")))
    return b"".join(parts)


def _kept(graph: bytes, kept: Collection[str]) -> Iterator[bytes]:
    for field in fields(graph):
        if field.number != INPUT or field.body is None or text(field.body, INFO_NAME) in kept:
            yield field.raw


def _shapeless(graph: bytes) -> Iterator[bytes]:
    for field in fields(graph):
        if field.number in (INPUT, OUTPUT) and field.body is not None:
            yield with_body(field.number, _info_without_shape(field.body))
        elif field.number != VALUE:
            yield field.raw


def _info_without_shape(info: bytes) -> Iterator[bytes]:
    for field in fields(info):
        if field.number != INFO_TYPE or field.body is None:
            yield field.raw
            continue
        for tensor in bodies(field.body, TYPE_TENSOR):
            rest = (part.raw for part in fields(tensor) if part.number != TENSOR_SHAPE)
            yield with_body(INFO_TYPE, [with_body(TYPE_TENSOR, rest)])


def _unblocked(graph: bytes) -> Iterator[bytes]:
    single = {
        text(tensor, TENSOR_NAME)
        for tensor in bodies(graph, INITIALIZER)
        if numbers(tensor, TENSOR_DIMENSIONS) == (1,)
    }
    for field in fields(graph):
        if field.number == NODE and field.body is not None and _has_one_scale(field.body, single):
            yield with_body(NODE, _without_block(field.body))
        else:
            yield field.raw


def _has_one_scale(node: bytes, single: Collection[str]) -> bool:
    inputs = [body.decode() for body in bodies(node, NODE_INPUT)]
    return text(node, NODE_OPERATION) == "DequantizeLinear" and inputs[1] in single


def _without_block(node: bytes) -> Iterator[bytes]:
    for field in fields(node):
        is_block = field.number == NODE_ATTRIBUTE and text(field.body or b"", ATTRIBUTE_NAME) == "block_size"
        if is_block and field.body is not None:
            others = [part.raw for part in fields(field.body) if part.number != ATTRIBUTE_NUMBER]
            yield with_body(NODE_ATTRIBUTE, [*others, with_value(ATTRIBUTE_NUMBER, 0)])
        else:
            yield field.raw
