package asyncio.internal.task

import asyncio.internal.fiber.Fiber
import asyncio.spi.AsyncioProvider

/** Where a Java body stands when it awaits: finding the task and the fiber, or saying why there is none. */
internal object Suspension {
    /**
     * The driver whose Java body is calling.
     *
     * @throws IllegalStateException if the caller is not such a body
     */
    @JvmStatic
    fun ofJavaBody(what: String): CoroutineDriver<*> {
        val loop = TaskLoop.executing()
        if (loop == null || !loop.onFiber) refuse(what, loop)
        return loop.driver!!
    }

    /** The fiber of [driver], whose Java body is calling. */
    @JvmStatic
    fun fiberOf(driver: CoroutineDriver<*>): Fiber = driver.fiber!!

    private fun refuse(
        what: String,
        loop: TaskLoop?,
    ): Nothing {
        val advice =
            when {
                loop == null && TaskLoop.current() == null -> {
                    "outside a coroutine: " + (AsyncioProvider.get().adviceHere() ?: adviceForThread())
                }

                loop?.driver == null -> {
                    "outside a coroutine: this is a callback, which the loop cannot suspend." +
                        " Put the code into async(() -> …) and start it with createTask(…)"
                }

                else -> {
                    "in a Kotlin suspend function: a suspend function has no stack of its own to put aside." +
                        " Call asyncio.kotlin.await(x), or the x.await() of that package, which suspend"
                }
            }
        throw IllegalStateException("$what $advice")
    }

    private fun adviceForThread() =
        "no event loop runs in thread ${Thread.currentThread().name}." +
            " Put the code into async(() -> …) and start that with Asyncio.run(…), or with" +
            " runCoroutineThreadsafe(…) if a loop runs in another thread"
}
