package asyncio.internal.stream

import asyncio.Awaitable
import asyncio.internal.task.ReadyAction
import asyncio.io.StreamConnection
import asyncio.io.StreamReader
import asyncio.io.StreamWriter

/** The two ends of a connection that this side has opened. */
internal class StreamConnectionImpl(
    private val reader: StreamReader,
    private val writer: StreamWriter,
) : StreamConnection {
    override fun reader(): StreamReader = reader

    override fun writer(): StreamWriter = writer

    override fun aenter(): Awaitable<StreamConnection> = ReadyAction { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> = closing(writer, error)

    override fun toString(): String = "<StreamConnection $writer>"
}
