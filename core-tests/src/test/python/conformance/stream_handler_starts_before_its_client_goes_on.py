# The task that serves a connection begins before the client that has opened it goes on.
import asyncio

def say(*items):
    print(*items)


async def serve(reader, writer):
    say('server starts')
    say('server got', (await reader.readline()).decode().strip())
    writer.write(b'done\n')
    writer.close()


async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    for name in ('first', 'second'):
        reader, writer = await asyncio.open_connection('127.0.0.1', port)
        say(name, 'is connected')
        writer.write(name.encode() + b'\n')
        say(name, 'got', (await reader.read()).decode().strip())
        writer.close()
        await writer.wait_closed()
    server.close()
    await server.wait_closed()

asyncio.run(main())
