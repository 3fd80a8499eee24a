"""Compiled: one number of every lane of a block, as the processor computes with it.

numba leaves it to its compiler to find loops over lanes that can be done as vectors, and
the compiler keeps every sum in memory when it does. Here the vector is a type: the
accounts are written for one age at a time, sums stay in registers from the first age to
the last, and a rate is read once for all lanes.

A vector of `LANES` numbers, in the precision of the array it was loaded from, is added,
subtracted, multiplied and divided with others and with scalars.
"""

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

#: Draws in a block, and numbers in a vector: two registers of AVX-512, four of AVX2.
LANES = 16
#: Bytes in a line of the cache, and in `LANES` numbers of the smallest precision.
LINE = 64

_BITS = {types.float32: ir.FloatType(), types.float64: ir.DoubleType()}


def _compiled_as(generator: Callable) -> Callable[..., Any]:
    """Offer what a generator generates; numba hands it its first parameter itself."""
    return intrinsic(generator)


class Vector(types.Type):
    """The type of one number of every lane."""

    def __init__(self, dtype: types.Float) -> None:
        self.dtype = dtype
        super().__init__(name=f"Vector({dtype})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    """A vector is one value to the compiler."""

    def __init__(self, manager: Any, vector: Vector) -> None:
        super().__init__(manager, vector, ir.VectorType(_BITS[vector.dtype], LANES))


@_compiled_as
def load(_context, array, _start):
    """Load a vector from `LANES` numbers of a flat array."""

    def generate(context, builder, signature, values):
        place = _place(context, builder, signature.args[0], values)
        return builder.load(place, align=array.dtype.bitwidth // 8)

    return Vector(array.dtype)(array, types.intp), generate


@_compiled_as
def store(_context, array, _start, vector):
    """Store a vector to `LANES` numbers of a flat array, in the array's precision."""

    def generate(context, builder, signature, values):
        _store(context, builder, signature, values)
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), generate


@_compiled_as
def write(_context, array, _start, vector):
    """Store a vector that is not read again soon: whole lines, past the caches.

    An ordinary store first reads what it is to write over, and that for whole lines is
    waste: writing past them saves a fifth of the time for one country. The place must be a
    multiple of `LINE` bytes.
    """

    def generate(context, builder, signature, values):
        stored = _store(context, builder, signature, values)
        stored.align = LINE
        stored.set_metadata("nontemporal", builder.module.add_metadata([ir.IntType(32)(1)]))
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), generate


@_compiled_as
def zeros(_context, array):
    """Make a vector of zeros in the precision of an array."""

    def generate(context, _builder, signature, _values):
        return ir.Constant(context.get_value_type(signature.return_type), None)

    return Vector(array.dtype)(array), generate


@_compiled_as
def smaller(_context, one, _other):
    """Choose the smaller number, lane by lane."""

    def generate(_context, builder, _signature, values):
        return builder.select(builder.fcmp_ordered("<", *values), *values)

    return one(one, one), generate


def _store(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    """Store a vector, in the precision of the array."""
    array, _, vector = signature.args
    place, numbers = _place(context, builder, array, values[:2]), values[2]
    if vector.dtype.bitwidth > array.dtype.bitwidth:
        numbers = builder.fptrunc(numbers, place.type.pointee)
    elif vector.dtype.bitwidth < array.dtype.bitwidth:
        numbers = builder.fpext(numbers, place.type.pointee)
    return builder.store(numbers, place, align=array.dtype.bitwidth // 8)


def _place(context: Any, builder: Any, array: Any, values: Any) -> Any:
    """Point to where a vector begins in an array."""
    data = context.make_array(array)(context, builder, values[0]).data
    vector = context.get_value_type(Vector(array.dtype))
    return builder.bitcast(builder.gep(data, [values[1]]), vector.as_pointer())


def _spread(context: Any, builder: Any, value: Any, kind: Any, vector: Vector) -> Any:
    """Give a scalar to every lane; a vector stays as it is."""
    if kind == vector:
        return value
    form = context.get_value_type(vector)
    scalar = context.cast(builder, value, kind, vector.dtype)
    first = builder.insert_element(ir.Constant(form, ir.Undefined), scalar, ir.IntType(32)(0))
    nowhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(form, ir.Undefined), nowhere)


def _type_of(_context: Any) -> Callable:
    """Type the result of an operation on a vector and a vector or scalar."""

    def result(one, other):
        vectors = {kind for kind in (one, other) if isinstance(kind, Vector)}
        fits = all(isinstance(kind, Vector | types.Float) for kind in (one, other))
        return vectors.pop() if len(vectors) == 1 and fits else None

    return result


def _define(symbol: Callable, instruction: str) -> None:
    """Let the compiler know an operator on vectors."""

    def generate(context, builder, signature, values):
        vector = signature.return_type
        pair = [
            _spread(context, builder, value, kind, vector)
            for value, kind in zip(values, signature.args, strict=True)
        ]
        return getattr(builder, instruction)(*pair)

    type_callable(symbol)(_type_of)
    for pair in ((Vector, Vector), (Vector, types.Float), (types.Float, Vector)):
        lower_builtin(symbol, *pair)(generate)


for _symbol, _instruction in {
    operator.add: "fadd",
    operator.iadd: "fadd",
    operator.sub: "fsub",
    operator.isub: "fsub",
    operator.mul: "fmul",
    operator.imul: "fmul",
}.items():
    _define(_symbol, _instruction)
