"""Runs programs that are given as data, one per line of standard input, under CPython's asyncio in virtual time.

A program is a list of statements, each (operation argument…); an argument is a number or a list of statements or items. The
output repeats each program after "P ", and then says, in lines that begin with "> ", what happened: the time, whose statement it
was, which one, and how it ended. asyncio.programs.JavaBodies and SuspendBodies do the same with asyncio4j.

To record the programs that CPythonTest compares with, run

    mvn test -pl vertx-bridge -am -Dtest=CPythonTest -Dtests.required=false -Dsurefire.failIfNoSpecifiedTests=false \
        -Dkotest.phase=none -Dasyncio.python=python3.13 -Dasyncio.programs.record=true

The messages of cancellations are left out: only the first who awaits a cancelled task sees its message, which has nothing to
recommend it. CPython leaves open in which order a TaskGroup cancels its tasks; here it is the order of their creation, as in asyncio4j.
"""

import asyncio
import contextlib
import functools
import selectors
import sys
import threading


class Clock(selectors.SelectSelector):
    """Nothing ever happens but timers, and waiting for them takes no time."""

    loop = None

    def select(self, timeout=None):
        if timeout is None:
            self.loop.stop()
        elif timeout > 0:
            self.loop.now += timeout
        return []


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        clock = Clock()
        super().__init__(clock)
        clock.loop = self
        self.now = 0.0

    def time(self):
        return self.now


class InOrder(dict):
    """A set that remembers the order."""

    def add(self, item):
        self[item] = True

    def discard(self, item):
        self.pop(item, None)


class Group(asyncio.TaskGroup):
    """A group as CPython has it after 3.14: it can be cancelled, keeps a cancellation that comes while it ends, and starts tasks
    eagerly."""

    def __init__(self):
        super().__init__()
        self._tasks = InOrder()
        self.cancelled_before = False

    async def __aenter__(self):
        await super().__aenter__()
        if self.cancelled_before:
            self.cancel()
        return self

    def create_task(self, coroutine, eager=False):
        is_refused = self._aborting or self._exiting and not self._tasks
        if is_refused or not eager:
            return super().create_task(coroutine)
        task = asyncio.Task(coroutine, loop=self._loop, eager_start=True)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        if self._aborting and not task.done():
            task.cancel()
        return task

    def cancel(self):
        if not self._entered:
            self.cancelled_before = True
        elif not self._aborting and (self._tasks or not self._exiting):
            self._abort()
            if not self._parent_cancel_requested:
                self._parent_cancel_requested = True
                self._parent_task.cancel()

    async def __aexit__(self, kind, error, trace):
        self._exiting = True
        is_cancelled = isinstance(error, asyncio.CancelledError)
        cancellation = error if is_cancelled else None
        latest = None
        if error is not None and not self._aborting:
            self._abort()
        while self._tasks:
            self._on_completed_fut = self._loop.create_future()
            try:
                await self._on_completed_fut
            except asyncio.CancelledError as while_ending:
                latest = while_ending
                if not self._aborting:
                    cancellation = latest
                    self._abort()
        self._on_completed_fut = None
        if self._parent_cancel_requested:
            if self._parent_task.uncancel() == 0:
                cancellation = None
            elif cancellation is None:
                cancellation = latest
        if cancellation is not None and not self._errors:
            raise cancellation
        if error is not None and not is_cancelled:
            self._errors.append(error)
        if not self._errors:
            return True
        if self._parent_task.cancelling():
            self._parent_task.uncancel()
            self._parent_task.cancel()
        if isinstance(error, GeneratorExit) and len(self._errors) == 1:
            raise error
        raise BaseExceptionGroup("some tasks have failed", self._errors) from None


class Manager:
    """What "exit" enters and leaves."""

    def __init__(self, program, label, statement, group):
        self.program = program
        self.label = label
        self.statement = statement
        self.group = group

    async def __aenter__(self):
        await self.program.block(self.label, self.statement.args[1], self.group)
        return self.statement.number

    async def __aexit__(self, kind, error, trace):
        how, number = self.statement.args[0], self.statement.number
        self.program.left(self.label, self.statement, error)
        await self.program.block(self.label, self.statement.args[2], self.group)
        match how:
            case 0:
                return False
            case 1:
                return True
            case 2:
                raise ValueError(number)
            case 3:
                raise asyncio.CancelledError
            case 4:
                if error is not None:
                    try:
                        raise error
                    finally:
                        # Else an AsyncExitStack makes it its own context, and hangs in the circle.
                        error.__context__ = None
                return False
            case _:
                return isinstance(error, asyncio.CancelledError)


class Resource:
    def __init__(self, leave):
        self.leave = leave

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.leave()


class Statement:
    def __init__(self, number, op, args):
        self.number = number
        self.op = op
        self.args = args


def parse(text):
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()
    place = 0
    count = 0

    def items():
        nonlocal place, count
        result = []
        while tokens[place] != ")":
            if tokens[place] == "(":
                place += 1
                if tokens[place] in "()":
                    result.append(items())
                else:
                    number = count
                    count += 1
                    op = tokens[place]
                    place += 1
                    result.append(Statement(number, op, items()))
                place += 1
            else:
                result.append(int(tokens[place]))
                place += 1
        return result

    place = 1
    return items()


def name_of(error):
    if isinstance(error, BaseExceptionGroup):
        return "Group[" + " ".join(name_of(e) for e in error.exceptions) + "]"
    name = type(error).__name__
    if type(error) is ValueError and isinstance(error.args[0], int):
        return f"{name}({error.args[0]})"
    return name


class Program:
    def __init__(self, loop):
        self.loop = loop
        self.trace = []
        self.tasks = {}
        self.locks = [asyncio.Lock() for _ in range(2)]
        self.sems = [asyncio.Semaphore(1), asyncio.Semaphore(2)]
        self.events = [asyncio.Event() for _ in range(2)]
        self.queues = [asyncio.Queue(1), asyncio.Queue()]
        self.futures = [loop.create_future() for _ in range(2)]
        self.groups = {}
        self.timeouts = {}
        self.given = {}
        self.handles = {}
        self.condition = asyncio.Condition()
        self.barrier = asyncio.Barrier(2)

    def log(self, label, number, what):
        self.trace.append(f"{int(self.loop.time())} t{label} {number} {what}")

    async def task(self, label, body):
        """The body of a task."""
        self.tasks.setdefault(label, asyncio.current_task())
        return await self.coroutine(label, body)

    async def coroutine(self, label, body):
        try:
            await self.block(label, body, None)
        except BaseException as error:
            self.log(label, "end", name_of(error))
            raise
        self.log(label, "end", "")
        return label

    async def block(self, label, body, group):
        for statement in body:
            await self.statement(label, statement, group)

    async def statement(self, label, statement, group):
        number, op = statement.number, statement.op
        if op in INSTANT:
            try:
                result = INSTANT[op](self, label, statement, group)
            except Exception as error:
                result = name_of(error)
            self.log(label, number, f"{op} {result}")
            return
        try:
            result = await BLOCKING[op](self, label, statement, group)
        except BaseException as error:
            self.log(label, number, f"{op} ! {name_of(error)}")
            raise
        self.log(label, number, f"{op} {result}")

    # ---- what does not wait

    def soon(self, label, statement, group):
        self.loop.call_soon(self.log, label, statement.number, "called")
        return ""

    def handle(self, label, statement, group):
        self.handles[statement.args[0]] = self.loop.call_soon(self.log, label, statement.number, "called")
        return ""

    def thread(self, label, statement, group):
        self.in_thread(label, statement.args[0])
        return ""

    def soonthread(self, label, statement, group):
        self.loop.call_soon(self.in_thread, label, statement.args[0])
        return ""

    def in_thread(self, label, statements):
        def calls():
            for it in statements:
                self.log(label, it.number, f"{it.op} {INSTANT[it.op](self, label, it, None)}")

        thread = threading.Thread(target=calls)
        thread.start()
        thread.join()

    # these may be called from other threads as well

    def thandle(self, label, statement, group):
        self.handles[statement.args[0]] = self.loop.call_soon_threadsafe(self.log, label, statement.number, "called")
        return ""

    def hcancel(self, label, statement, group):
        handle = self.handles.get(statement.args[0])
        if handle is None:
            return "none"
        handle.cancel()
        return ""

    def tcancel(self, label, statement, group):
        task = self.tasks.get(statement.args[0])
        if task is None:
            return "none"
        message = f"m{statement.number}"
        self.loop.call_soon_threadsafe(
            lambda: self.log(label, statement.number, "called " + text_of(task.cancel(message)))
        )
        return ""

    def give(self, label, statement, group):
        index, child, body = statement.args

        def done(future):
            if future.cancelled():
                result = "CancelledError"
            elif future.exception() is not None:
                result = name_of(future.exception())
            else:
                result = future.result()
            self.log(label, statement.number, f"given {result}")

        self.given[index] = asyncio.run_coroutine_threadsafe(self.task(child, body), self.loop)
        self.given[index].add_done_callback(done)
        return ""

    def givencancel(self, label, statement, group):
        future = self.given.get(statement.args[0])
        return "none" if future is None else text_of(future.cancel())

    def tsoon(self, label, statement, group):
        self.loop.call_soon_threadsafe(self.log, label, statement.number, "called")
        return ""

    def fcb(self, label, statement, group):
        self.futures[statement.args[0]].add_done_callback(lambda it: self.log(label, statement.number, "called"))
        return ""

    def tcb(self, label, statement, group):
        task = self.tasks.get(statement.args[0])
        if task is None:
            return "none"
        task.add_done_callback(lambda it: self.log(label, statement.number, "called"))
        return ""

    def later(self, label, statement, group):
        self.loop.call_later(statement.args[0], self.log, label, statement.number, "called")
        return ""

    def spawn(self, label, statement, group):
        child, body = statement.args
        self.tasks[child] = self.loop.create_task(self.task(child, body))
        return child

    def espawn(self, label, statement, group):
        child, body = statement.args
        self.tasks[child] = asyncio.Task(self.task(child, body), loop=self.loop, eager_start=True)
        return child

    def gspawn(self, label, statement, group):
        child, body = statement.args
        coroutine = self.task(child, body)
        try:
            self.tasks[child] = group.create_task(coroutine)
        finally:
            if child not in self.tasks:
                coroutine.close()
        return child

    def gadd(self, label, statement, group):
        index, eager, child, body = statement.args
        if index not in self.groups:
            return "none"
        coroutine = self.task(child, body)
        try:
            self.tasks[child] = self.groups[index].create_task(coroutine, eager == 1)
        finally:
            if child not in self.tasks:
                coroutine.close()
        return child

    def gcancel(self, label, statement, group):
        index = statement.args[0]
        if index not in self.groups:
            return "none"
        self.groups[index].cancel()
        return ""

    def resched(self, label, statement, group):
        index, delay = statement.args
        if index not in self.timeouts:
            return "none"
        self.timeouts[index].reschedule(None if delay < 0 else self.loop.time() + delay)
        return ""

    def expired(self, label, statement, group):
        index = statement.args[0]
        return text_of(self.timeouts[index].expired()) if index in self.timeouts else "none"

    def cancel(self, label, statement, group):
        task = self.tasks.get(statement.args[0])
        return "none" if task is None else text_of(task.cancel(f"m{statement.number}"))

    def uncancel(self, label, statement, group):
        return asyncio.current_task().uncancel()

    def cancelling(self, label, statement, group):
        return asyncio.current_task().cancelling()

    def set(self, label, statement, group):
        self.events[statement.args[0]].set()
        return ""

    def clear(self, label, statement, group):
        self.events[statement.args[0]].clear()
        return ""

    def putn(self, label, statement, group):
        self.queues[statement.args[0]].put_nowait(statement.number)
        return ""

    def getn(self, label, statement, group):
        return self.queues[statement.args[0]].get_nowait()

    def done(self, label, statement, group):
        self.queues[statement.args[0]].task_done()
        return ""

    def qshut(self, label, statement, group):
        self.queues[statement.args[0]].shutdown(statement.args[1] == 1)
        return ""

    def fset(self, label, statement, group):
        self.futures[statement.args[0]].set_result(statement.number)
        return ""

    def fexc(self, label, statement, group):
        self.futures[statement.args[0]].set_exception(ValueError(statement.number))
        return ""

    def fcancel(self, label, statement, group):
        return text_of(self.futures[statement.args[0]].cancel(f"m{statement.number}"))

    def notify(self, label, statement, group):
        self.condition.notify(statement.args[0])
        return ""

    # ---- what may wait

    async def s0(self, label, statement, group):
        await asyncio.sleep(0)
        return ""

    async def sleep(self, label, statement, group):
        await asyncio.sleep(statement.args[0])
        return ""

    async def throw(self, label, statement, group):
        raise ValueError(statement.number)

    async def join(self, label, statement, group):
        task = self.tasks.get(statement.args[0])
        return "none" if task is None else await task

    async def call(self, label, statement, group):
        return await self.coroutine(*statement.args)

    async def lock(self, label, statement, group):
        async with self.locks[statement.args[0]]:
            self.log(label, statement.number, "in")
            await self.block(label, statement.args[1], group)
        return ""

    async def sem(self, label, statement, group):
        async with self.sems[statement.args[0]]:
            self.log(label, statement.number, "in")
            await self.block(label, statement.args[1], group)
        return ""

    async def cond(self, label, statement, group):
        async with self.condition:
            self.log(label, statement.number, "in")
            await self.block(label, statement.args[0], group)
        return ""

    async def cwait(self, label, statement, group):
        await self.condition.wait()
        return ""

    async def ewait(self, label, statement, group):
        await self.events[statement.args[0]].wait()
        return ""

    async def put(self, label, statement, group):
        await self.queues[statement.args[0]].put(statement.number)
        return ""

    async def get(self, label, statement, group):
        return await self.queues[statement.args[0]].get()

    async def qjoin(self, label, statement, group):
        await self.queues[statement.args[0]].join()
        return ""

    async def fwait(self, label, statement, group):
        return await self.futures[statement.args[0]]

    async def barrier_wait(self, label, statement, group):
        return await self.barrier.wait()

    async def gather(self, label, statement, group):
        outcomes, items = statement.args
        results = await asyncio.gather(*self.awaitables(items), return_exceptions=outcomes == 1)
        return " ".join(name_of(r) if isinstance(r, BaseException) else str(r) for r in results)

    async def wait(self, label, statement, group):
        when, delay, items = statement.args
        tasks = [task for task in self.awaitables(items) if isinstance(task, asyncio.Task)]
        if not tasks:
            return "nothing"
        done, pending = await asyncio.wait(
            tasks,
            timeout=None if delay < 0 else delay,
            return_when=(asyncio.ALL_COMPLETED, asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION)[when],
        )
        return f"{len(done)} {len(pending)}"

    async def ascomp(self, label, statement, group):
        delay, items = statement.args
        tasks = [it for it in self.awaitables(items) if isinstance(it, asyncio.Task) and not it.done()]
        for earliest in asyncio.as_completed(tasks, timeout=None if delay < 0 else delay):
            try:
                result = await earliest
            except ValueError as error:
                result = name_of(error)
            self.log(label, statement.number, f"came {result}")
        return ""

    async def waitfor(self, label, statement, group):
        delay, items = statement.args
        for awaitable in self.awaitables(items, inline=True):
            return await asyncio.wait_for(awaitable, delay)
        return "nothing"

    async def shield(self, label, statement, group):
        for awaitable in self.awaitables(statement.args[0]):
            return await asyncio.shield(awaitable)
        return "nothing"

    async def timeout(self, label, statement, group):
        async with asyncio.timeout(statement.args[0]) as timeout:
            await self.block(label, statement.args[1], group)
        return text_of(timeout.expired())

    async def group(self, label, statement, group):
        async with Group() as inner:
            await self.block(label, statement.args[0], inner)
        return ""

    async def tg(self, label, statement, group):
        index, cancelled, body = statement.args
        result = "swallowed"
        inner = Group()
        if cancelled:
            inner.cancel()
        async with inner:
            self.groups[index] = inner
            await self.block(label, body, inner)
            result = "done"
        return result

    async def tm(self, label, statement, group):
        index, delay, body = statement.args
        async with asyncio.timeout(None if delay < 0 else delay) as timeout:
            self.timeouts[index] = timeout
            await self.block(label, body, group)
        return text_of(timeout.expired())

    async def exit(self, label, statement, group):
        result = "swallowed"
        async with Manager(self, label, statement, group) as entered:
            self.log(label, statement.number, f"in {entered}")
            await self.block(label, statement.args[3], group)
            result = "done"
        return result

    def left(self, label, statement, error):
        self.log(label, statement.number, "left " + ("" if error is None else name_of(error)))

    def leave(self, label, statement):
        self.left(label, statement, None)
        if statement.args[0] == 1:
            raise ValueError(statement.number)

    async def stack(self, label, statement, group):
        how, entries, body = statement.args
        popped = None
        result = "swallowed"
        async with contextlib.AsyncExitStack() as stack:
            for entry in entries:
                match entry.op:
                    case "enter":
                        entered = await stack.enter_async_context(Manager(self, label, entry, group))
                        self.log(label, entry.number, f"in {entered}")
                    case "push":
                        stack.push_async_exit(Manager(self, label, entry, group))
                    case "acall":
                        stack.push_async_callback(self.acall, label, entry, group)
                    case "close":
                        stack.enter_context(Resource(functools.partial(self.leave, label, entry)))
                    case _:
                        stack.callback(self.leave, label, entry)
            await self.block(label, body, group)
            if how == 1:
                popped = stack.pop_all()
            elif how == 2:
                await stack.aclose()
                self.log(label, statement.number, "closed")
            result = "done"
        self.log(label, statement.number, f"left {result}")
        if popped is not None:
            await popped.aclose()
        return ""

    async def acall(self, label, entry, group):
        self.left(label, entry, None)
        await self.block(label, entry.args[0], group)

    async def try_(self, label, statement, group):
        kind, body, handler = statement.args
        if kind == 0:
            try:
                await self.block(label, body, group)
            except asyncio.CancelledError as error:
                self.log(label, statement.number, f"caught {name_of(error)}")
                await self.block(label, handler, group)
        elif kind == 1:
            try:
                await self.block(label, body, group)
            except asyncio.CancelledError as error:
                self.log(label, statement.number, f"caught {name_of(error)}")
                await self.block(label, handler, group)
                raise
        elif kind == 2:
            try:
                await self.block(label, body, group)
            except (Exception, BaseExceptionGroup) as error:
                self.log(label, statement.number, f"caught {name_of(error)}")
                await self.block(label, handler, group)
        else:
            try:
                await self.block(label, body, group)
            finally:
                await self.block(label, handler, group)
        return ""

    def awaitables(self, items, inline=False):
        """(old n) is a task that exists already, if it does; (new n body) is a coroutine; (made n body) a new task."""
        result = []
        for item in items:
            label = item.args[0]
            if item.op == "old":
                if label in self.tasks:
                    result.append(self.tasks[label])
            elif item.op == "new":
                result.append((self.coroutine if inline else self.task)(label, item.args[1]))
            else:
                self.tasks[label] = self.loop.create_task(self.task(label, item.args[1]))
                result.append(self.tasks[label])
        return result

    # ---- the whole

    def run(self, body):
        loop = self.loop
        self.tasks[0] = loop.create_task(self.task(0, body))
        loop.run_forever()
        for _ in range(5):
            left = [label for label, task in sorted(self.tasks.items()) if not task.done()]
            self.trace.append("left " + " ".join(map(str, left)))
            if not left:
                break
            for label in left:
                self.tasks[label].cancel("end")
            loop.run_forever()
        for future in self.futures:
            self.trace.append("future " + ("pending" if not future.done() else "cancelled" if future.cancelled() else "done"))
        drain = loop.create_task(self.drain())
        loop.run_forever()
        self.trace.append(drain.result() if drain.done() else "stuck")

    async def drain(self):
        result = [f"{int(self.loop.time())}"]
        result += ["locked" if lock.locked() else "free" for lock in self.locks + [self.condition]]
        for sem in self.sems:
            permits = 0
            while not sem.locked():
                await sem.acquire()
                permits += 1
            result.append(str(permits))
        for queue in self.queues:
            items = []
            while not queue.empty():
                items.append(str(queue.get_nowait()))
            result.append("[" + " ".join(items) + "]")
        return " ".join(result)


def text_of(flag):
    return "true" if flag else "false"


INSTANT = {
    name: getattr(Program, name)
    for name in (
        "soon tsoon handle thread soonthread thandle hcancel tcancel give givencancel fcb tcb later spawn espawn gspawn gadd gcancel resched expired cancel uncancel cancelling set clear putn getn done qshut fset fexc fcancel notify"
    ).split()
}
BLOCKING = {
    name: getattr(Program, name)
    for name in (
        "s0 sleep throw join call lock sem cond cwait ewait put get qjoin fwait gather wait ascomp waitfor shield timeout group tg tm exit stack"
    ).split()
}
BLOCKING["try"] = Program.try_
BLOCKING["barrier"] = Program.barrier_wait


def main():
    for line in sys.stdin:
        line = line.strip()
        loop = Loop()
        loop.set_exception_handler(lambda loop, context: None)
        asyncio.set_event_loop(loop)
        program = Program(loop)
        program.run(parse(line))
        print("P", line)
        for entry in program.trace:
            print(">", entry.rstrip())
        # Whoever asks for one at a time waits for this.
        print("E", flush=True)
        loop.close()


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    # What is stuck to the end is thrown away with its loop closed.
    sys.unraisablehook = lambda unraisable: None
    main()
