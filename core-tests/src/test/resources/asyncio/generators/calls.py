"""Writes calls.txt: what becomes of calls of async generators in every state, and what CPython makes of them.

    python3.13 calls.py > calls.txt

A line has the name of the generator, the calls one after another, how each of them ended, and what the generator noted.
"""
import asyncio
import itertools


async def noting(log):
    try:
        yield 1
        yield 2
    except BaseException as e:
        log.append(type(e).__name__)
        raise
    finally:
        await asyncio.sleep(0)
        log.append('finally')


async def stubborn(log):
    try:
        yield 1
    except GeneratorExit:
        log.append('ignored')
        yield 2
    try:
        yield 3
    except BaseException as e:
        log.append(type(e).__name__)
        raise


async def failing(log):
    yield 1
    raise LookupError('body')


async def answering(log):
    try:
        log.append((yield 1))
    except ValueError:
        yield 'answer'
    yield 'next'


async def swallowing(log):
    try:
        yield 1
    except BaseException as e:
        log.append('swallowed ' + type(e).__name__)


CALLS = {
    'anext': lambda g: g.__anext__(),
    'asend': lambda g: g.asend('value'),
    'athrow': lambda g: g.athrow(ValueError('thrown')),
    'athrow-StopAsyncIteration': lambda g: g.athrow(StopAsyncIteration()),
    'athrow-StopIteration': lambda g: g.athrow(StopIteration()),
    'athrow-GeneratorExit': lambda g: g.athrow(GeneratorExit()),
    'aclose': lambda g: g.aclose(),
}


async def outcome(call):
    try:
        return str(await call)
    except BaseException as e:
        return type(e).__name__ + ('' if e.__cause__ is None else ' from ' + type(e.__cause__).__name__)


def sequences():
    for length in 1, 2:
        yield from itertools.product(CALLS, repeat=length)
    for rest in itertools.product(CALLS, repeat=2):
        yield 'anext', *rest
        yield 'anext', 'aclose', *rest


async def main():
    for body in noting, stubborn, failing, answering, swallowing:
        for calls in sequences():
            # Python's await takes a StopIteration for a return: it gives None where the generator has not begun.
            begun = itertools.dropwhile(lambda call: call == 'asend', calls)
            if next(begun, None) == 'athrow-StopIteration':
                continue
            log = []
            generator = body(log)
            ends = [await outcome(CALLS[call](generator)) for call in calls]
            print(body.__name__, ' '.join(calls), ', '.join(ends), ', '.join(map(str, log)), sep=' | ')
            for _ in range(3):
                await outcome(generator.__anext__())


asyncio.run(main())
