package asyncio.internal.fiber

import asyncio.Action
import asyncio.Block
import asyncio.StopIteration
import asyncio.ValueBlock
import java.util.concurrent.Callable

/** Runs the body of a coroutine of Java: a [Callable] or [Action]; or a [ValueBlock] or [Block], the forms for blocks. */
internal fun callJavaBody(body: Any): Any? {
    when (body) {
        is Callable<*> -> return body.call()
        is Action -> body.run()
        is ValueBlock<*, *> -> return body.call()
        else -> (body as Block<*>).run()
    }
    return null
}

/** To its driver a [StopIteration] that a body raises would look like a return; PEP 479 makes this of it. */
internal fun raisedByCoroutine(end: StopIteration) = IllegalStateException("coroutine raised StopIteration", end)
