# Starts `true` and waits for its end, again and again. Prints microseconds for each, one at a time and 20 at a time.
import asyncio
import sys
import time


async def several(count):
    for _ in range(count):
        process = await asyncio.create_subprocess_exec('true')
        await process.wait()


async def microseconds(count, at_a_time):
    began = time.perf_counter()
    await asyncio.gather(*(several(count // at_a_time) for _ in range(at_a_time)))
    return round((time.perf_counter() - began) * 1e6 / count)


async def main():
    warmup, count = map(int, sys.argv[1:])
    await several(warmup)
    print(await microseconds(count, 1), await microseconds(count, 20))

asyncio.run(main())
