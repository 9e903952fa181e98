"""Runs programs that are given as data, one per line of standard input, under CPython's asyncio in virtual time.

A program is a list of statements, each (operation argument…); an argument is a number or a list of statements or items. The
output repeats each program after "P ", and then says, in lines that begin with "> ", what happened: the time, whose statement it
was, which one, and how it ended. asyncio.programs.JavaBodies and SuspendBodies do the same with asyncio4j.

To record the programs that CPythonTest compares with, run

    mvn test -pl core-tests -am -Dtest=CPythonTest -Dtests.required=false -Dsurefire.failIfNoSpecifiedTests=false \
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
import types


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
                if isinstance(error, Stop):
                    raise RuntimeError from error
                if error is not None:
                    try:
                        raise error
                    finally:
                        # Else an AsyncExitStack makes it its own context, and hangs in the circle.
                        error.__context__ = None
                return False
            case 5:
                return None
            case _:
                return isinstance(error, asyncio.CancelledError)


class GeneratorManager(contextlib._AsyncGeneratorContextManager):
    """What contextlib.asynccontextmanager makes. It knows what StopIteration becomes on its way through the generator."""

    async def __aexit__(self, kind, error, trace):
        try:
            return await super().__aexit__(kind, error, trace)
        except RuntimeError as raised:
            if isinstance(error, Stop) and raised.__cause__ is error:
                return False
            raise


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


class Stop(Exception):
    """A StopIteration on its way through the coroutines of this script, each of which would make a RuntimeError of it."""


class stopping:
    """Around what is the body of a coroutine of the program."""

    def __enter__(self):
        pass

    def __exit__(self, kind, error, trace):
        if isinstance(error, Stop):
            raise RuntimeError from error


def name_of(error):
    if isinstance(error, BaseExceptionGroup):
        return "Group[" + " ".join(name_of(e) for e in error.exceptions) + "]"
    if type(error) is Stop:
        return "StopIteration"
    # A value sent too early is a TypeError, and a coroutine that drives itself a ValueError: RuntimeErrors in asyncio4j.
    if type(error) is TypeError or type(error) is ValueError and error.args == ("coroutine already executing",):
        return "RuntimeError"
    name = type(error).__name__
    if type(error) is ValueError and isinstance(error.args[0], int):
        return f"{name}({error.args[0]})"
    return name


@types.coroutine
def yielded(value):
    return (yield value)


class Hand:
    """A coroutine that is driven by hand."""

    def __init__(self, coroutine, is_of_generator):
        self.coroutine = coroutine
        self.is_of_generator = is_of_generator
        self.has_begun = False


class Source:
    """Writes a body as Python."""

    def __init__(self, label, body):
        self.label = label
        self.body = body
        self.lines = []
        self.statements = {}

    def block_of(self, program, group):
        self.add(0, "async def block(program, statements, group):")
        self.block(1, self.body, "group")
        return self.run("block", program, group)

    def coroutine(self, program):
        self.add(0, "async def coroutine(program, statements, group):")
        self.whole()
        self.add(1, f"return {self.label}")
        return self.run("coroutine", program, None)

    def generator(self, program):
        name = f"generator{self.label}"
        self.add(0, f"async def {name}(program, statements, group):")
        self.whole()
        self.add(1, "if False:")
        self.add(2, "yield")
        return self.run(name, program, None)

    def whole(self):
        self.add(1, "with stopping():")
        self.add(2, "try:")
        self.block(3, self.body, "group")
        self.add(2, "except BaseException as error:")
        self.add(3, f"program.log({self.label}, 'end', name_of(error))")
        self.add(3, "raise")
        self.add(1, f"program.log({self.label}, 'end', '')")

    def run(self, name, program, group):
        names = {}
        exec("\n".join(self.lines), globals(), names)
        return names[name](program, self.statements, group)

    def add(self, indent, line):
        self.lines.append(" " * indent + line)

    def block(self, indent, body, group):
        for statement in body:
            self.statement(indent, statement, group)
        self.add(indent, "pass")

    def statement(self, indent, it, group):
        write = getattr(self, it.op + "_", None)
        self.statements[it.number] = it
        if write is None:
            self.add(indent, f"await program.statement({self.label}, statements[{it.number}], {group})")
            return
        result = f"result{it.number}"
        self.add(indent, f"{result} = ''")
        self.add(indent, "try:")
        write(indent + 1, it, group, result)
        self.add(indent, "except BaseException as error:")
        self.add(indent + 1, f"program.log({self.label}, {it.number}, '{it.op} ! ' + name_of(error))")
        self.add(indent + 1, "raise")
        self.add(indent, f"program.log({self.label}, {it.number}, f'{it.op} {{{result}}}')")

    def log(self, indent, it, what):
        self.add(indent, f"program.log({self.label}, {it.number}, {what})")

    def gyield_(self, indent, it, group, result):
        self.add(indent, f"{result} = given_text((yield {it.number}))")

    def lock_(self, indent, it, group, result):
        self.locked(indent, it, f"program.locks[{it.args[0]}]", it.args[1], group)

    def sem_(self, indent, it, group, result):
        self.locked(indent, it, f"program.sems[{it.args[0]}]", it.args[1], group)

    def cond_(self, indent, it, group, result):
        self.locked(indent, it, "program.condition", it.args[0], group)

    def locked(self, indent, it, lock, body, group):
        self.add(indent, f"async with {lock}:")
        self.log(indent + 1, it, "'in'")
        self.block(indent + 1, body, group)

    def timeout_(self, indent, it, group, result):
        self.add(indent, f"async with asyncio.timeout({it.args[0]}) as timeout{it.number}:")
        self.block(indent + 1, it.args[1], group)
        self.add(indent, f"{result} = text_of(timeout{it.number}.expired())")

    def tm_(self, indent, it, group, result):
        index, delay, body = it.args
        timeout = f"timeout{it.number}"
        self.add(indent, f"async with asyncio.timeout({None if delay < 0 else delay}) as {timeout}:")
        self.add(indent + 1, f"program.timeouts[{index}] = {timeout}")
        self.block(indent + 1, body, group)
        self.add(indent, f"{result} = text_of({timeout}.expired())")

    def group_(self, indent, it, group, result):
        self.add(indent, f"async with Group() as group{it.number}:")
        self.block(indent + 1, it.args[0], f"group{it.number}")

    def tg_(self, indent, it, group, result):
        index, cancelled, body = it.args
        inner = f"group{it.number}"
        self.add(indent, f"{result} = 'swallowed'")
        self.add(indent, f"{inner} = Group()")
        if cancelled:
            self.add(indent, f"{inner}.cancel()")
        self.add(indent, f"async with {inner}:")
        self.add(indent + 1, f"program.groups[{index}] = {inner}")
        self.block(indent + 1, body, inner)
        self.add(indent + 1, f"{result} = 'done'")

    def tlate_(self, indent, it, group, result):
        timeout = f"timeout{it.number}"
        self.add(indent, f"{timeout} = asyncio.timeout({it.args[0]})")
        self.block(indent, it.args[1], group)
        self.add(indent, f"async with {timeout}:")
        self.block(indent + 1, it.args[2], group)
        self.add(indent, f"{result} = text_of({timeout}.expired())")

    def again_(self, indent, it, group, result):
        entered = f"entered{it.number}"
        self.add(indent, f"{entered} = program.{('timeouts', 'groups')[it.args[0]]}.get({it.args[1]})")
        self.add(indent, f"{result} = 'none'")
        self.add(indent, f"if {entered} is not None:")
        self.add(indent + 1, f"async with {entered}:")
        self.block(indent + 2, it.args[2], group)
        self.add(indent + 1, f"{result} = ''")

    def exit_(self, indent, it, group, result):
        self.add(indent, f"{result} = 'swallowed'")
        self.add(indent, f"async with Manager(program, {self.label}, statements[{it.number}], {group}) as entered:")
        self.log(indent + 1, it, "f'in {entered}'")
        self.block(indent + 1, it.args[3], group)
        self.add(indent + 1, f"{result} = 'done'")

    def manager_(self, indent, it, group, result):
        self.add(indent, f"{result} = 'swallowed'")
        self.add(indent, f"async with program.generator_manager(statements[{it.number}]) as entered:")
        self.log(indent + 1, it, "f'in {entered}'")
        self.block(indent + 1, it.args[2], group)
        self.add(indent + 1, f"{result} = 'done'")

    def stack_(self, indent, it, group, result):
        this = f"program, {self.label}, statements[{it.number}], {group}, stack{it.number}"
        popped = f"popped{it.number}"
        self.add(indent, f"left{it.number} = 'swallowed'")
        self.add(indent, f"{popped} = None")
        self.add(indent, f"async with contextlib.AsyncExitStack() as stack{it.number}:")
        self.add(indent + 1, f"await Program.fill({this})")
        self.block(indent + 1, it.args[2], group)
        self.add(indent + 1, f"{popped} = await Program.empty({this})")
        self.add(indent + 1, f"left{it.number} = 'done'")
        self.log(indent, it, f"'left ' + left{it.number}")
        self.add(indent, f"if {popped} is not None:")
        self.add(indent + 1, f"await {popped}.aclose()")

    def gfor_(self, indent, it, group, result):
        index, most, body = it.args
        self.add(indent, f"{result} = 'none'")
        self.add(indent, f"if {index} in program.generators:")
        self.add(indent + 1, f"{result} = 0")
        self.add(indent + 1, f"async for item in program.generators[{index}]:")
        self.log(indent + 2, it, "f'item {item}'")
        self.block(indent + 2, body, group)
        self.add(indent + 2, f"{result} += 1")
        self.add(indent + 2, f"if {result} == {most}:")
        self.add(indent + 3, "break")

    def gwith_(self, indent, it, group, result):
        index, body = it.args
        self.add(indent, f"{result} = 'none'")
        self.add(indent, f"if {index} in program.generators:")
        self.add(indent + 1, f"async with contextlib.aclosing(program.generators[{index}]):")
        self.block(indent + 2, body, group)
        self.add(indent + 1, f"{result} = ''")

    def try_(self, indent, it, group, result):
        kind, body, handler = it.args
        self.add(indent, "try:")
        self.block(indent + 1, body, group)
        if kind == 3:
            self.add(indent, "finally:")
        else:
            types = "(Exception, BaseExceptionGroup)" if kind == 2 else "asyncio.CancelledError"
            self.add(indent, f"except {types} as error:")
            self.log(indent + 1, it, "'caught ' + name_of(error)")
        self.block(indent + 1, handler, group)
        if kind == 1:
            self.add(indent + 1, "raise")


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
        self.timers = {}
        self.generators = {}
        self.hands = {}
        self.to_close = []
        self.given_up = []
        self.condition = asyncio.Condition()
        self.barrier = asyncio.Barrier(2)

    def log(self, label, number, what):
        self.trace.append(f"{int(self.loop.time())} t{label} {number} {what}")

    async def task(self, label, body):
        """The body of a task."""
        self.tasks.setdefault(label, asyncio.current_task())
        return await self.coroutine(label, body)

    def coroutine(self, label, body):
        return Source(label, body).coroutine(self)

    async def block(self, label, body, group):
        with stopping():
            await Source(label, body).block_of(self, group)

    async def statement(self, label, statement, group):
        number, op = statement.number, statement.op
        if op in INSTANT:
            self.instant(label, statement, group)
            return
        try:
            result = await BLOCKING[op](self, label, statement, group)
        except BaseException as error:
            self.log(label, number, f"{op} ! {name_of(error)}")
            raise
        self.log(label, number, f"{op} {result}")

    # ---- what does not wait

    def instant(self, label, statement, group):
        try:
            result = INSTANT[statement.op](self, label, statement, group)
        except Exception as error:
            result = name_of(error)
        self.log(label, statement.number, f"{statement.op} {result}")

    def soon(self, label, statement, group):
        self.loop.call_soon(self.log, label, statement.number, "called")
        return ""

    def handle(self, label, statement, group):
        self.handles[statement.args[0]] = self.loop.call_soon(self.log, label, statement.number, "called")
        return ""

    def hlater(self, label, statement, group):
        index, delay = statement.args
        self.timers[index] = self.loop.call_later(delay, self.log, label, statement.number, "called")
        return ""

    def tmcancel(self, label, statement, group):
        timer = self.timers.get(statement.args[0])
        if timer is None:
            return "none"
        timer.cancel()
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

        future = asyncio.run_coroutine_threadsafe(self.task(child, body), self.loop)
        self.given[index] = (child, future)
        future.add_done_callback(done)
        return ""

    def givencancel(self, label, statement, group):
        child, future = self.given.get(statement.args[0], (None, None))
        # asyncio4j does not begin what is cancelled before that.
        return text_of(future.cancel()) if child in self.tasks else "none"

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

    def hmake(self, label, statement, group):
        index, child, body = statement.args
        coroutine = self.coroutine(child, body)
        self.hands[index] = Hand(coroutine, False)
        self.to_close.append(coroutine)
        return child

    def hgen(self, label, statement, group):
        index, generator, how, _ = statement.args
        if generator not in self.generators:
            return "none"
        it = self.generators[generator]
        match how:
            case 0:
                call = it.__anext__()
            case 1:
                call = it.asend(statement.number)
            case 2:
                call = it.athrow(error_of(statement))
            case _:
                call = it.aclose()
        self.hands[index] = Hand(call, True)
        # None goes away before the end, which would close it.
        self.given_up.append(call)
        return ""

    def hsend(self, label, statement, group):
        index, value = statement.args
        hand = self.hands.get(index)
        if hand is None:
            return "none"
        value = None if hand.is_of_generator and not hand.has_begun else value_of(value)
        hand.has_begun = True
        return step_of(lambda: hand.coroutine.send(value))

    def hthrow(self, label, statement, group):
        hand = self.hands.get(statement.args[0])
        # A step of a generator that has not begun passes it to the generator itself; asyncio4j's ends by itself.
        if hand is None or hand.is_of_generator and not hand.has_begun:
            return "none"
        hand.has_begun = True
        return step_of(lambda: hand.coroutine.throw(error_of(statement)))

    def hclose(self, label, statement, group):
        hand = self.hands.get(statement.args[0])
        # As above.
        if hand is None or hand.is_of_generator and not hand.has_begun:
            return "none"
        hand.has_begun = True
        try:
            hand.coroutine.close()
        except BaseException as error:
            return name_of(error)
        return ""

    def htask(self, label, statement, group):
        index, child = statement.args
        hand = self.hands.get(index)
        # One that has begun is not taken. CPython makes no task of a generator's step.
        if hand is None or hand.has_begun or hand.is_of_generator:
            return "none"
        del self.hands[index]
        self.to_close.remove(hand.coroutine)
        self.tasks[child] = self.loop.create_task(hand.coroutine)
        return child

    def gmake(self, label, statement, group):
        index, child, body = statement.args
        self.generators[index] = Source(child, body).generator(self)
        self.to_close.append(self.generators[index])
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

    def left(self, label, statement, error):
        self.log(label, statement.number, "left " + ("" if error is None else name_of(error)))

    def leave(self, label, statement):
        self.left(label, statement, None)
        if statement.args[0] == 1:
            raise ValueError(statement.number)

    def generator_manager(self, statement):
        label, body = statement.args[:2]
        return GeneratorManager(lambda: Source(label, body).generator(self), (), {})

    async def fill(self, label, statement, group, stack):
        for entry in statement.args[1]:
            match entry.op:
                case "enter":
                    entered = await stack.enter_async_context(Manager(self, label, entry, group))
                    self.log(label, entry.number, f"in {entered}")
                case "entermanager":
                    entered = await stack.enter_async_context(self.generator_manager(entry))
                    self.log(label, entry.number, f"in {entered}")
                case "push":
                    stack.push_async_exit(Manager(self, label, entry, group))
                case "acall":
                    stack.push_async_callback(self.acall, label, entry, group)
                case "close":
                    stack.enter_context(Resource(functools.partial(self.leave, label, entry)))
                case _:
                    stack.callback(self.leave, label, entry)

    async def empty(self, label, statement, group, stack):
        if statement.args[0] == 1:
            return stack.pop_all()
        if statement.args[0] == 2:
            await stack.aclose()
            self.log(label, statement.number, "closed")
        return None

    async def acall(self, label, entry, group):
        self.left(label, entry, None)
        await self.block(label, entry.args[0], group)

    async def raise_(self, label, statement, group):
        raise error_of(statement)

    async def yield_(self, label, statement, group):
        return given_text(await yielded(value_of(statement.args[0])))

    async def hawait(self, label, statement, group):
        hand = self.hands.pop(statement.args[0], None)
        if hand is None:
            return "none"
        if not hand.has_begun and hand.coroutine in self.to_close:
            self.to_close.remove(hand.coroutine)
        return given_text(await hand.coroutine)

    async def gnext(self, label, statement, group):
        generator = self.generators.get(statement.args[0])
        return "none" if generator is None else given_text(await generator.__anext__())

    async def gdefault(self, label, statement, group):
        generator = self.generators.get(statement.args[0])
        return "none" if generator is None else await anext(generator, -1)

    async def gsend(self, label, statement, group):
        generator = self.generators.get(statement.args[0])
        return "none" if generator is None else given_text(await generator.asend(value_of(statement.args[1])))

    async def gthrow(self, label, statement, group):
        generator = self.generators.get(statement.args[0])
        if generator is None:
            return "none"
        return given_text(await generator.athrow(error_of(statement)))

    async def gclose(self, label, statement, group):
        generator = self.generators.get(statement.args[0])
        return "none" if generator is None else given_text(await generator.aclose())

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
        if body and body[0].op == "before":
            for statement in body[0].args[0]:
                self.instant(0, statement, None)
            body = body[1:]
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
        for it in list(self.to_close):
            closing = loop.create_task(self.close(it))
            loop.run_forever()
            for _ in range(3):
                if closing.done():
                    break
                closing.cancel()
                loop.run_forever()
            self.trace.append("closed" if closing.done() else "not closed")
        for future in self.futures:
            self.trace.append("future " + ("pending" if not future.done() else "cancelled" if future.cancelled() else "done"))
        drain = loop.create_task(self.drain())
        loop.run_forever()
        self.trace.append(drain.result() if drain.done() else "stuck")

    async def close(self, it):
        try:
            if isinstance(it, types.AsyncGeneratorType):
                await it.aclose()
            else:
                it.close()
            self.trace.append("closing")
        except BaseException as error:
            self.trace.append("closing " + name_of(error))

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


def value_of(number):
    return None if number < 0 else number


def given_text(value):
    return "none" if value is None else "future" if asyncio.isfuture(value) else str(value)


def error_of(statement):
    """The last number of a statement says what it raises."""
    match statement.args[-1]:
        case 0:
            return ValueError(statement.number)
        case 1:
            return Stop(statement.number)
        case 2:
            return GeneratorExit()
        case 3:
            return asyncio.CancelledError()
        case 4:
            return StopAsyncIteration()
        case _:
            return RuntimeError()


def step_of(step):
    try:
        return "gave " + given_text(step())
    except StopIteration as end:
        return "returned " + given_text(end.value)
    except Stop as end:
        return f"returned {end.args[0]}"
    except BaseException as error:
        return name_of(error)


def text_of(flag):
    return "true" if flag else "false"


INSTANT = {
    name: getattr(Program, name)
    for name in (
        "soon tsoon handle hlater tmcancel thread soonthread thandle hcancel tcancel give givencancel fcb tcb later spawn espawn gspawn hmake hgen hsend hthrow hclose htask gmake gadd gcancel resched expired cancel uncancel cancelling set clear putn getn done qshut fset fexc fcancel notify"
    ).split()
}
BLOCKING = {
    name: getattr(Program, name)
    for name in (
        "s0 sleep throw join call cwait ewait put get qjoin fwait gather wait ascomp waitfor shield hawait gnext gdefault gsend gthrow gclose"
    ).split()
}
BLOCKING["yield"] = Program.yield_
BLOCKING["raise"] = Program.raise_
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
