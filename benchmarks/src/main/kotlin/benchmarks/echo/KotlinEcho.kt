package benchmarks.echo

import asyncio.Coroutine
import asyncio.io.Server
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.io.startServer

/** The server of streams whose tasks are suspend functions. */
public object KotlinEcho {
    private const val PORTION = 64 * 1024

    public fun server(): Coroutine<Server> =
        coroutine {
            startServer("127.0.0.1", 0) { reader, writer ->
                var data = await(reader.read(PORTION))
                while (data.isNotEmpty()) {
                    writer.write(data)
                    await(writer.drain())
                    data = await(reader.read(PORTION))
                }
                writer.close()
            }
        }
}
