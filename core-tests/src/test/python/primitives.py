"""Writes primitives.txt.gz: random programs of locks, queues and the like, and what CPython makes of them.

    python3.13 core-tests/src/test/python/primitives.py | gzip -9n > core-tests/src/test/resources/asyncio/random/primitives.txt.gz

A program has a line for each of its tasks, with their operations, and then a line for each thing that happened: in which
iteration of the loop, in which task, at which of its operations, and how that ended.
"""
import asyncio
import random

SLEEP = ['sleep']
KINDS = {
    'lock': ['acquire', 'acquire', 'release', 'release'],
    'semaphore': ['take', 'take', 'give', 'give'],
    'event': ['wait_set', 'wait_set', 'set', 'clear'],
    'condition': ['c_acquire', 'c_wait', 'c_wait', 'c_notify 1', 'c_notify 2', 'c_notify_all', 'c_release', 'c_with'],
    'queue': ['put', 'put', 'get', 'get', 'put_nowait', 'get_nowait', 'task_done', 'join'],
    'closed queue': ['put', 'put', 'get', 'get', 'put_nowait', 'get_nowait', 'task_done', 'join', 'shutdown'],
    'barrier': ['meet', 'meet', 'meet', 'b_reset', 'b_abort'],
}


def make(rng):
    kinds = rng.sample(list(KINDS), rng.choice([1, 1, 1, 2, 3]))
    operations = [op for kind in kinds for op in KINDS[kind]]
    size = rng.randint(2, 6)
    cancels = rng.random() < 0.7

    def operation():
        chance = rng.random()
        if cancels and chance < 0.15:
            return f'cancel {rng.randrange(size)}'
        return 'sleep' if chance < 0.3 else rng.choice(operations)
    return [[operation() for _ in range(rng.randint(3, 10))] for _ in range(size)]


class Run:
    def __init__(self, program):
        self.program, self.log, self.iteration, self.ticking = program, [], 0, True
        self.lock, self.semaphore, self.event = asyncio.Lock(), asyncio.Semaphore(1), asyncio.Event()
        self.condition, self.barrier = asyncio.Condition(), asyncio.Barrier(2)
        self.queue = asyncio.PriorityQueue(2)

    def tick(self):
        self.iteration += 1
        if self.ticking:
            asyncio.get_running_loop().call_soon(self.tick)

    async def perform(self, operation, item):
        name, _, argument = operation.partition(' ')
        match name:
            case 'sleep': await asyncio.sleep(0)
            case 'acquire': await self.lock.acquire()
            case 'release': self.lock.release()
            case 'take': await self.semaphore.acquire()
            case 'give': self.semaphore.release()
            case 'wait_set': await self.event.wait()
            case 'set': self.event.set()
            case 'clear': self.event.clear()
            case 'c_acquire': await self.condition.acquire()
            case 'c_release': self.condition.release()
            case 'c_wait': await self.condition.wait()
            case 'c_notify': self.condition.notify(int(argument))
            case 'c_notify_all': self.condition.notify_all()
            case 'c_with':
                async with self.condition:
                    await self.condition.wait()
            case 'put': await self.queue.put(item)
            case 'put_nowait': self.queue.put_nowait(item)
            case 'get': return await self.queue.get()
            case 'get_nowait': return self.queue.get_nowait()
            case 'task_done': self.queue.task_done()
            case 'join': await self.queue.join()
            case 'shutdown': self.queue.shutdown()
            case 'meet': await self.barrier.wait()
            case 'b_reset': await self.barrier.reset()
            case 'b_abort': await self.barrier.abort()
            case 'cancel': self.tasks[int(argument)].cancel()
        return 'ok'

    async def task(self, number):
        for index, operation in enumerate(self.program[number]):
            try:
                # Every item is another one, so that their order is certain.
                result = await self.perform(operation, number * 100 + (index * 37) % 100)
            except (Exception, asyncio.CancelledError) as e:
                result = type(e).__name__
            self.log.append(f'{self.iteration} {number} {index} {result}')

    async def main(self):
        asyncio.get_running_loop().call_soon(self.tick)
        await asyncio.sleep(0)
        self.tasks = [asyncio.create_task(self.task(n)) for n in range(len(self.program))]
        for _ in range(60):
            await asyncio.sleep(0)
        self.log.append(
            f'end {self.lock.locked()} {self.semaphore.locked()} {self.event.is_set()} {self.condition.locked()}'
            f' {self.queue.qsize()} {self.barrier.n_waiting} {self.barrier.broken}'
            f' {[task.done() for task in self.tasks]}'.lower())
        self.ticking = False
        return self.log


if __name__ == '__main__':
    rng = random.Random(19)
    for n in range(300):
        program = make(rng)
        for operations in program:
            print('task: ' + ', '.join(operations))
        # Not asyncio.run: somebody may wait for ever, whoever cancels it.
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, context: None)
        for line in loop.run_until_complete(Run(program).main()):
            print(line)
        print(flush=True)
