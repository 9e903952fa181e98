package asyncio.internal.task

import asyncio.AsyncContextManager
import asyncio.AsyncGenerator
import asyncio.Awaitable
import asyncio.StopAsyncIteration
import asyncio.StopIteration
import asyncio.spi.Errors

/** contextlib's asynccontextmanager: [generator] runs to its only yield at the entry, and to its end at the exit. */
internal class GeneratorContextManager<V>(
    private val generator: AsyncGenerator<V>,
) : AsyncContextManager<V> {
    private var wasEntered = false

    override fun aenter(): Awaitable<V> = Enter()

    override fun aexit(error: Throwable?): Awaitable<Boolean> = Exit(error)

    private inner class Enter : DualCoroutine<V>() {
        override fun runOnFiber(driver: CoroutineDriver<*>): V = enter { generator.anext().doAwait() }

        override suspend fun run(): V = enter { awaitAny(generator.anext()) }
    }

    private inner class Exit(
        private val error: Throwable?,
    ) : DualCoroutine<Boolean>() {
        override fun runOnFiber(driver: CoroutineDriver<*>): Boolean =
            leave(
                error,
                { generator.anext().doAwait() },
                { generator.athrow(it).doAwait() },
                { generator.aclose().doAwait() },
            )

        override suspend fun run(): Boolean =
            leave(
                error,
                { awaitAny(generator.anext()) },
                { awaitAny(generator.athrow(it)) },
                { awaitAny(generator.aclose()) },
            )
    }

    private inline fun enter(anext: () -> V): V {
        check(!wasEntered) {
            "cannot enter twice: a context manager from a generator can be used once." +
                " Call the function that made it again"
        }
        wasEntered = true
        try {
            return anext()
        } catch (_: StopAsyncIteration) {
            throw IllegalStateException(
                "generator didn't yield: the body of an asyncContextManager has to yield once, what the block gets",
            )
        }
    }

    /** Whether [error], which the block raised, was swallowed. */
    private inline fun leave(
        error: Throwable?,
        anext: () -> Unit,
        athrow: (Throwable) -> Unit,
        aclose: () -> Unit,
    ): Boolean {
        try {
            if (error == null) anext() else athrow(error)
        } catch (end: StopAsyncIteration) {
            return error != null && end !== error
        } catch (raised: Throwable) {
            if (error != null && (raised === error || isStopOf(raised, error))) return false
            Errors.keep(error, raised)
            throw raised
        }
        val refusal =
            IllegalStateException(
                if (error == null) {
                    "generator didn't stop: the body of an asyncContextManager must yield only once"
                } else {
                    "generator didn't stop after athrow(): it must not yield again after an error of the block"
                },
            )
        Errors.keep(error, refusal)
        try {
            aclose()
        } catch (raised: Throwable) {
            Errors.keep(refusal, raised)
            throw raised
        }
        throw refusal
    }

    /** A generator cannot raise what means the end of one, so that [raised] comes for it. */
    private fun isStopOf(
        raised: Throwable,
        error: Throwable,
    ): Boolean =
        (error is StopAsyncIteration || error is StopIteration) &&
            raised is IllegalStateException && raised.cause === error
}
