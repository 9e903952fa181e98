package asyncio.internal.stream

import asyncio.Awaitable
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.awaitAny
import asyncio.io.StreamWriter
import asyncio.spi.Errors

/** Closes [writer] and waits for that, at the end of a block that raised [error]; what that raises does not replace [error]. */
internal fun closing(
    writer: StreamWriter,
    error: Throwable?,
): Awaitable<Boolean> =
    SuspendCoroutine {
        writer.close()
        try {
            awaitAny(writer.waitClosed())
        } catch (raised: Exception) {
            if (error == null) throw raised
            Errors.keep(raised, error)
        }
        false
    }
