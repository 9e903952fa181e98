# A buffered protocol gets what fits into its buffer, nothing while it is paused, and what is left goes to the protocol after it.
import asyncio

def say(*items):
    print(*items)


class Portions(asyncio.BufferedProtocol):
    def __init__(self, successor):
        self.successor, self.buffer = successor, bytearray(4)
        self.filled = asyncio.Queue()

    def connection_made(self, transport):
        self.transport = transport

    def get_buffer(self, sizehint):
        return self.buffer

    def buffer_updated(self, count):
        text = bytes(self.buffer[:count]).decode()
        say('filled', text)
        if text == 'ghij':
            self.transport.set_protocol(self.successor)
        else:
            self.transport.pause_reading()
        self.filled.put_nowait(text)


class Rest(asyncio.Protocol):
    def __init__(self):
        self.lost = asyncio.get_running_loop().create_future()

    def data_received(self, data):
        say('rest', data.decode())

    def eof_received(self):
        say('rest eof')

    def connection_lost(self, error):
        say('rest lost')
        self.lost.set_result(None)


async def main():
    loop = asyncio.get_running_loop()
    rest = Rest()
    portions = Portions(rest)
    server = await loop.create_server(lambda: portions, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    transport, client = await loop.create_connection(asyncio.Protocol, '127.0.0.1', port)
    transport.write(b'0123456789efghijklm')
    transport.close()
    transport.write(b'too late')
    for _ in range(3):
        text = await portions.filled.get()
        await asyncio.sleep(0.01)
        say('resume after', text)
        portions.transport.resume_reading()
    await rest.lost
    server.close()
    await server.wait_closed()

asyncio.run(main())
