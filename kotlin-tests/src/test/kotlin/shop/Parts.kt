package shop

import asyncio.Asyncio
import java.time.Duration
import java.util.concurrent.Callable

/** Two Java bodies, one of which awaits the other. Of a user's package: frames of the library are cut out of stack traces. */
internal fun outerPart() {
    Asyncio.async(Callable { innerPart() }).doAwait()
}

private fun innerPart() {
    Asyncio.sleep(Duration.ZERO).doAwait()
    throw IllegalArgumentException("bad")
}
