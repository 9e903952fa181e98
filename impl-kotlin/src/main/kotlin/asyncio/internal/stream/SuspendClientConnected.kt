package asyncio.internal.stream

import asyncio.io.ClientConnectedCallback
import asyncio.io.StreamReader
import asyncio.io.StreamWriter

/** Serves a connection by a suspend function, which needs no stack of its own. */
public class SuspendClientConnected(
    internal val body: suspend (StreamReader, StreamWriter) -> Unit,
) : ClientConnectedCallback {
    override fun clientConnected(
        reader: StreamReader,
        writer: StreamWriter,
    ): Unit = throw AssertionError("A suspend function is not called as Java code")
}
