"""Sends back what it gets: echo.py cpython-streams | uvloop-streams | cpython-protocol | uvloop-protocol. Prints its port; ends with its input."""

import asyncio
import sys
import threading

PORTION = 64 * 1024


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def echo(reader, writer):
    while data := await reader.read(PORTION):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main(kind):
    loop = asyncio.get_running_loop()
    if kind == 'protocol':
        server = await loop.create_server(Echo, '127.0.0.1', 0)
    else:
        server = await asyncio.start_server(echo, '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    await ended.wait()


machine, kind = sys.argv[1].split('-')
if machine == 'uvloop':
    import uvloop

    uvloop.run(main(kind))
else:
    asyncio.run(main(kind))
