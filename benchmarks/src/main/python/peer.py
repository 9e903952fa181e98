"""The rows of the table for CPython: peer.py asyncio|uvloop ROW [ARGUMENT...] prints microseconds, bytes or seconds."""

import asyncio
import gc
import random
import statistics
import sys
import time

GATHERED = 1_000
TIMERS = 100


async def sleep0(ops):
    for _ in range(ops):
        await asyncio.sleep(0)


async def value(x):
    return x


async def sleeper(x):
    await asyncio.sleep(0)
    return x


async def createAndAwait(ops):
    for i in range(ops):
        await asyncio.create_task(value(i))


async def gatherAtOnce(ops):
    for _ in range(ops // GATHERED):
        await asyncio.gather(*[value(i) for i in range(GATHERED)])


async def gatherSleepers(ops):
    for _ in range(ops // GATHERED):
        await asyncio.gather(*[sleeper(i) for i in range(GATHERED)])


async def callbackSetsFuture(ops):
    loop = asyncio.get_running_loop()
    for i in range(ops):
        future = loop.create_future()
        loop.call_soon(future.set_result, i)
        await future


async def callSoonChain(ops):
    loop = asyncio.get_running_loop()
    end = loop.create_future()
    left = ops

    def again():
        nonlocal left
        left -= 1
        if left == 0:
            end.set_result(None)
        else:
            loop.call_soon(again)

    loop.call_soon(again)
    await end


def nothing():
    pass


async def callLaterAndCancel(ops):
    loop = asyncio.get_running_loop()
    for _ in range(ops // TIMERS):
        for _ in range(TIMERS):
            loop.call_later(100, nothing).cancel()
        await asyncio.sleep(0)


async def taskGroup(ops):
    for _ in range(ops // GATHERED):
        async with asyncio.TaskGroup() as group:
            for i in range(GATHERED):
                group.create_task(value(i))


async def eagerGather(ops):
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await gatherAtOnce(ops)


async def queuePingPong(ops):
    there, back = asyncio.Queue(), asyncio.Queue()

    async def echo():
        for _ in range(ops):
            await back.put(await there.get())

    task = asyncio.create_task(echo())
    for i in range(ops):
        await there.put(i)
        await back.get()
    await task


async def uncontendedLock(ops):
    lock = asyncio.Lock()
    for _ in range(ops):
        async with lock:
            pass


async def timeoutBlock(ops):
    for _ in range(ops):
        async with asyncio.timeout(100):
            pass


HELLO = 13
MEBIBYTE = 1024 * 1024
CATALOGUE = {
    "title": "Spring catalogue",
    "total": 20,
    "articles": [
        {
            "id": 100_000 + i,
            "name": f"Article number {i}",
            "price": 9.99 + i,
            "inStock": i % 3 != 0,
            "tags": ["tools", f"shelf {i % 7}"],
        }
        for i in range(20)
    ],
}


def check(body, expected):
    if len(body) != expected:
        raise RuntimeError(f"{len(body)} bytes instead of {expected}")


async def get(session, url):
    async with session.get(url + "/") as response:
        check(await response.read(), HELLO)


async def post(session, url, body=b"Hello, server!" * 7):
    async with session.post(url + "/", data=body) as response:
        check(await response.read(), HELLO)


async def download(session, url):
    async with session.get(url + "/1m") as response:
        check(await response.read(), MEBIBYTE)


async def upload(session, url, body=bytes(MEBIBYTE)):
    await post(session, url, body)


async def getJson(session, url):
    async with session.get(url + "/json") as response:
        check((await response.json())["articles"], len(CATALOGUE["articles"]))


async def postJson(session, url):
    async with session.post(url + "/", json=CATALOGUE) as response:
        check(await response.read(), HELLO)


# What is done in a row of HTTP, and by how many at once.
ERRANDS = {
    "http1": (get, 1),
    "http64": (get, 64),
    "http1000": (get, 1_000),
    "post": (post, 64),
    "getJson": (getJson, 64),
    "postJson": (postJson, 64),
    "download": (download, 8),
    "upload": (upload, 8),
    "tls": (get, 64),
}


async def timed(work, ops, *arguments):
    """Microseconds for one operation: by the clock, and on a processor."""
    start, cpu = time.perf_counter(), time.process_time()
    await work(ops, *arguments)
    return (time.perf_counter() - start) / ops * 1e6, (time.process_time() - cpu) / ops * 1e6


async def measure(work, unit, *arguments):
    """Gets warm, then takes the median of five. Each run has a multiple of unit operations, and lasts a tenth of a second."""
    first, _ = await timed(work, 2 * unit, *arguments)
    ops = max(1, int(0.1e6 / first / unit)) * unit
    for _ in range(2):
        await timed(work, ops, *arguments)
    results = [await timed(work, ops, *arguments) for _ in range(5)]
    print("cpu", statistics.median(cpu for _, cpu in results))
    return statistics.median(clock for clock, _ in results)


async def http(row, url):
    import aiohttp

    errand, clients = ERRANDS[row]

    async def client(requests, session):
        for _ in range(requests):
            await errand(session, url)

    async def work(ops, session):
        await asyncio.gather(*[client(ops // clients, session) for _ in range(clients)])

    # One connection for each client, and no questions about the server's certificate.
    connector = aiohttp.TCPConnector(limit=1_000, ssl=False)
    async with aiohttp.ClientSession(connector=connector) as session:
        return await measure(work, clients * (100 if clients == 1 else 5), session)


FILE_MEBIBYTES = 64
FILE_LINES = 500_000


async def files(row):
    import os
    import tempfile

    import aiofiles

    with tempfile.TemporaryDirectory() as folder:
        source, copy = os.path.join(folder, "source"), os.path.join(folder, "copy")
        with open(source, "wb") as file:
            if row == "lines":
                file.write(b"a line of text that is neither long nor short, as many are\n" * FILE_LINES)
            else:
                file.write(bytes(range(256)) * (FILE_MEBIBYTES * 4096))

        async def copied(ops):
            portion = 64 * 1024 if row == "copy64k" else MEBIBYTE
            for _ in range(ops // FILE_MEBIBYTES):
                async with aiofiles.open(source, "rb") as old, aiofiles.open(copy, "wb") as new:
                    while data := await old.read(portion):
                        await new.write(data)

        async def lines(ops):
            async with aiofiles.open(source) as file:
                count = 0
                async for _ in file:
                    count += 1
                    if count == ops:
                        break

        # A line takes aiofiles so long that a part of the file is enough.
        return await (measure(lines, 5_000) if row == "lines" else measure(copied, FILE_MEBIBYTES))


async def memory(tasks):
    import tracemalloc

    async def waiter(future):
        return await future

    future = asyncio.get_running_loop().create_future()
    waiters = [None] * tasks
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for i in range(tasks):
        waiters[i] = asyncio.create_task(waiter(future))
    await asyncio.sleep(0.001)
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    future.set_result(1)
    await asyncio.gather(*waiters)
    return (after - before) / tasks


async def asleep(tasks, seconds):
    sleeping = most = woke = 0

    async def sleep(delay):
        nonlocal sleeping, most, woke
        sleeping += 1
        most = max(most, sleeping)
        await asyncio.sleep(delay)
        sleeping -= 1
        woke += 1

    loop = asyncio.get_running_loop()
    start = loop.time()
    chance = random.Random(1)
    waiting = [asyncio.create_task(sleep(start + seconds + 2 * chance.random() - loop.time())) for _ in range(tasks)]
    for task in waiting:
        await task
    print("asleep", most)
    print("woke", woke)
    return loop.time() - start


def main():
    loop, row, *arguments = sys.argv[1:]
    if loop == "uvloop":
        import uvloop

        uvloop.install()
    if row == "versions":
        result = versions()
        print("result", *result)
        return
    if row in ERRANDS:
        result = asyncio.run(http(row, arguments[0]))
    elif row in ("copy64k", "copy1m", "lines"):
        result = asyncio.run(files(row))
    elif row == "memory":
        result = asyncio.run(memory(int(arguments[0])))
    elif row == "asleep":
        result = asyncio.run(asleep(int(arguments[0]), float(arguments[1])))
    else:
        result = asyncio.run(measure(globals()[row], 1_000))
    print("result", result)


def versions():
    """What is there, and how fast this interpreter is: several may be installed, and the fastest is the one to beat."""
    found = [f"python={sys.version.split()[0]}"]
    for module in ("uvloop", "aiohttp", "aiofiles"):
        try:
            found.append(f"{module}={getattr(__import__(module), '__version__', 'yes')}")
        except ImportError:
            pass
    if hasattr(asyncio, "eager_task_factory"):
        found.append("eager=yes")
    return found + [f"sleep0={asyncio.run(measure(sleep0, 1_000)):.3f}"]


main()
