"""The lessons of samples/lessons in Python.

python3 lessons.py FOLDER writes what each prints to FOLDER/NAME.txt; LessonsTest compares that with the programs in Java. Numbers that a
program takes by chance come from a list here, and are the same there.
"""

import asyncio
import contextlib
import io
import itertools
import pathlib
import sys


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its clock stands while anything is ready, and then jumps to the next timer."""

    def __init__(self):
        self.now = 0.0
        super().__init__()

    def time(self):
        # No two timers are due at the same time: the earlier one was made first.
        self.now += 1e-9
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


class Clock:
    def __init__(self, begun=None):
        self.begun = asyncio.get_running_loop().time() if begun is None else begun

    def seconds(self):
        return f"{asyncio.get_running_loop().time() - self.begun:.2f} seconds"


async def nested():
    print("nested runs")
    return 42


async def lesson_await():
    made = nested()
    print("made, and nothing has run")
    print(await made)
    print(await nested())


async def lesson_task():
    task = asyncio.create_task(nested())
    print(f"made, and it has not begun: {str(task.done()).lower()}")
    print(await task)
    print(f"it has ended: {str(task.done()).lower()}")


async def say_after(delay, what):
    await asyncio.sleep(delay)
    print(what)


async def lesson_say_after():
    clock = Clock()
    await say_after(1, "hello")
    await say_after(2, "world")
    print("finished after", clock.seconds())


async def lesson_say_after_tasks():
    hello = asyncio.create_task(say_after(1, "hello"))
    world = asyncio.create_task(say_after(2, "world"))
    clock = Clock()
    await hello
    await world
    print("finished after", clock.seconds())


def lesson_lazy_greet(loop):
    async def lazy_greet(message):
        await asyncio.sleep(1)
        print(message)

    loop.run_until_complete(lazy_greet("hello"))
    loop.close()
    print(f"closed: {str(loop.is_closed()).lower()}")


async def lesson_greetings():
    delays = iter([3, 1, 5, 4, 2])

    async def lazy_greet(message, delay):
        print(message, "will be displayed in", delay, "seconds")
        await asyncio.sleep(delay)
        return message.upper()

    messages = ["hello", "world", "apple", "banana", "cherry"]
    greetings = [asyncio.ensure_future(lazy_greet(message, next(delays))) for message in messages]
    for greeting in asyncio.as_completed(greetings):
        print(await greeting)


async def lesson_random_numbers():
    numbers = itertools.cycle([4, 10, 7, 2, 9, 8, 10, 0, 6])

    async def make_random(index, threshold):
        print(f"Initiated makeRandom({index})")
        number = next(numbers)
        while number <= threshold:
            print(f"makeRandom({index}) == {number} too low; retrying")
            await asyncio.sleep(index + 1)
            number = next(numbers)
        print(f"---> Finished: makeRandom({index}) == {number}")
        return number

    r1, r2, r3 = await asyncio.gather(*(make_random(i, 10 - i - 1) for i in range(3)))
    print(f"r1: {r1}, r2: {r2}, r3: {r3}")


async def lesson_chain():
    delays = itertools.cycle([2, 4, 1, 0, 3])

    async def part1(number):
        delay = next(delays)
        print(f"part1({number}) sleeping for {delay} seconds")
        await asyncio.sleep(delay)
        result = f"result{number}-1"
        print(f"Returning part1({number}) == {result}")
        return result

    async def part2(number, before):
        delay = next(delays)
        print(f"part2({number}, {before}) sleeping for {delay} seconds")
        await asyncio.sleep(delay)
        result = f"result{number}-2 derived from {before}"
        print(f"Returning part2({number}, {before}) == {result}")
        return result

    async def chain(number):
        clock = Clock()
        first = await part1(number)
        second = await part2(number, first)
        print(f"-->Chained result{number} => {second} (took {clock.seconds()})")

    clock = Clock()
    await asyncio.gather(*(chain(number) for number in (1, 2, 3)))
    print("Program finished in", clock.seconds())


async def lesson_producers():
    queue = asyncio.Queue()
    random = itertools.cycle([1, 3, 0, 2, 5])

    async def produce(producer):
        for i in range(2):
            await asyncio.sleep(next(random))
            name = f"item {producer}-{i}"
            await queue.put((name, asyncio.get_running_loop().time()))
            print(f"Producer {producer} added <{name}>")

    async def consume(consumer):
        while True:
            await asyncio.sleep(next(random))
            name, made = await queue.get()
            print(f"Consumer {consumer} got <{name}> after {Clock(made).seconds()}")
            queue.task_done()

    producing = [asyncio.create_task(produce(i)) for i in range(2)]
    consuming = [asyncio.create_task(consume(i)) for i in range(3)]
    await asyncio.gather(*producing)
    await queue.join()
    for consumer in consuming:
        consumer.cancel()
    print("all items are processed")


def lesson_every_second(loop):
    async def in_coroutine(name):
        while True:
            for i in range(3):
                print(f"{i} s (coroutine {name})")
                await asyncio.sleep(1)
            asyncio.get_running_loop().stop()

    def in_callback(second):
        print(f"{second} s (callback)")
        loop.call_later(1.01, in_callback, second + 1)

    loop.call_soon(in_callback, 0)
    loop.call_soon(lambda: asyncio.ensure_future(in_coroutine("B")))
    first = loop.create_task(in_coroutine("A"))
    loop.run_forever()
    print(f"stopped; coroutine A has ended: {str(first.done()).lower()}")
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.close()


def lesson_turns(loop):
    async def steps(name):
        print(f"{name}: Start")
        await asyncio.sleep(0)
        print(f"{name}: a")
        await asyncio.sleep(0)
        print(f"{name}: b")
        await asyncio.sleep(0)
        print(f"{name}: end")

    left = [steps("C1"), steps("C2")]
    while left:
        for coroutine in list(left):
            try:
                coroutine.send(None)
            except StopIteration:
                left.remove(coroutine)
    loop.close()


async def lesson_kinds():
    async def noop():
        pass

    async def doubled(x):
        same = await asyncio.sleep(0, x)
        return 2 * same

    async def up_to(limit):
        for i in range(1, limit + 1):
            await asyncio.sleep(0)
            yield i

    print("noop:", "null" if await noop() is None else "something")
    print("doubled:", await doubled(21))
    async for number in up_to(3):
        print("generated:", number)


async def lesson_documents():
    class Documents:
        def __init__(self, pages):
            self.pages = pages
            self.fetched = 0

        async def fetch_page(self):
            await asyncio.sleep(0.1)
            page = self.pages[self.fetched] if self.fetched < len(self.pages) else []
            self.fetched += 1
            print(f"fetched page {self.fetched}: {len(page)}")
            return page

        async def generated(self):
            page = await self.fetch_page()
            while page:
                for document in page:
                    yield document
                page = await self.fetch_page()

        def iterated(self):
            return Iterated(self)

    class Iterated:
        def __init__(self, documents):
            self.documents = documents
            self.buffer = []

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self.buffer:
                self.buffer.extend(await self.documents.fetch_page())
            if not self.buffer:
                raise StopAsyncIteration
            return self.buffer.pop(0)

    pages = [["one", "two"], ["three"]]
    async for document in Documents(pages).generated():
        print("generated", document)
    async for document in Documents(pages).iterated():
        print("iterated", document)


async def lesson_blocks():
    class Telling:
        def __init__(self, name):
            self.name = name

        async def __aenter__(self):
            await asyncio.sleep(0.01)
            print("enter", self.name)
            return self.name

        async def __aexit__(self, kind, error, traceback):
            await asyncio.sleep(0.01)
            print(f"exit {self.name}: {'no error' if error is None else error}")
            return isinstance(error, OSError)

    async def by_hand(manager):
        name = await manager.__aenter__()
        try:
            print("body of", name)
            raise OSError("disk full")
        except OSError as error:
            if not await manager.__aexit__(type(error), error, error.__traceback__):
                raise

    async with Telling("block") as name:
        print("body of", name)
    async with Telling("failing block"):
        raise OSError("disk full")
    await by_hand(Telling("by hand"))
    lock = asyncio.Lock()
    async with lock:
        print(f"locked: {str(lock.locked()).lower()}")
    print(f"locked: {str(lock.locked()).lower()}")


async def lesson_spinner():
    async def spin(message):
        shown = 0
        try:
            while True:
                picture = "|/-\\"[shown % 4] + " " + message
                print(picture + "\b" * len(picture), end="")
                shown += 1
                await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            width = len(message) + 2
            print(" " * width + "\b" * width, end="")

    async def slow_function():
        await asyncio.sleep(3)
        return 42

    spinner = asyncio.create_task(spin("thinking!"), name="spinner")
    print("spinner object:", spinner.get_name())
    result = await slow_function()
    spinner.cancel()
    await spinner
    print("Answer:", result)


def main(folder):
    for function, lesson in list(globals().items()):
        if not function.startswith("lesson_"):
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            if asyncio.iscoroutinefunction(lesson):
                asyncio.run(lesson(), loop_factory=VirtualLoop)
            else:
                lesson(VirtualLoop())
        name = function.removeprefix("lesson_").replace("_", "-")
        (pathlib.Path(folder) / f"{name}.txt").write_text(printed.getvalue())


if __name__ == "__main__":
    main(sys.argv[1])
