# What a protocol raises in data_received ends its connection; what it raises in connection_made is only reported. An OSError is not reported.
import asyncio

def say(*items):
    def text(v):
        if isinstance(v, (list, tuple)):
            return '[' + ', '.join(map(text, v)) + ']'
        if isinstance(v, BaseException):
            return type(v).__name__
        return {'None': 'null', 'True': 'true', 'False': 'false'}.get(str(v), str(v))
    print(*map(text, items))


class Fragile(asyncio.Protocol):
    def __init__(self, fails, error):
        self.fails, self.error = fails, error
        self.lost = asyncio.get_running_loop().create_future()

    def heard(self, method, *what):
        say('server', method, *what)
        if method == self.fails:
            raise self.error

    def connection_made(self, transport):
        self.heard('made')

    def data_received(self, data):
        self.heard('data', data.decode())

    def eof_received(self):
        self.heard('eof')

    def connection_lost(self, error):
        say('server lost', error)
        self.lost.set_result(None)


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: say('reported', context['exception']))
    for fails, error in (('made', ValueError()), ('data', ValueError()), ('data', OSError()), ('eof', ValueError())):
        say(fails, 'raises', error)
        protocol = Fragile(fails, error)
        server = await loop.create_server(lambda: protocol, '127.0.0.1', 0)
        port = server.sockets[0].getsockname()[1]
        transport, client = await loop.create_connection(asyncio.Protocol, '127.0.0.1', port)
        transport.write(b'hello')
        if fails != 'data':
            transport.write_eof()
        await protocol.lost
        transport.close()
        server.close()
        await server.wait_closed()

asyncio.run(main())
