package asyncio.internal.task

import asyncio.Action
import asyncio.AsyncContextManager
import asyncio.AsyncExitStack
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.spi.Errors
import java.util.concurrent.Callable

/** contextlib's AsyncExitStack. Whatever takes an exit off calls it, so that each is called once. */
internal class AsyncExitStackImpl(
    private val exits: ArrayDeque<AsyncExitStack.Exit> = ArrayDeque(),
) : AsyncExitStack {
    override fun aenter(): Awaitable<AsyncExitStack> = SuspendCoroutine { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> = SuspendCoroutine { leave(error) }

    override fun aclose(): Coroutine<Void?> =
        SuspendCoroutine {
            leave(null)
            null
        }

    override fun <V> enterAsyncContext(manager: AsyncContextManager<V>): Coroutine<V> =
        SuspendCoroutine {
            val value = awaitAny(manager.aenter())
            pushAsyncExit(manager)
            value
        }

    override fun <R : AutoCloseable> enterContext(resource: R): R {
        callback { resource.close() }
        return resource
    }

    override fun pushAsyncExit(exit: AsyncExitStack.Exit) {
        exits.addLast(exit)
    }

    override fun pushAsyncCallback(callback: Callable<out Awaitable<*>>) {
        exits.addLast {
            JavaCoroutine(
                Callable {
                    callback.call().doAwait()
                    false
                },
            )
        }
    }

    override fun callback(callback: Action) {
        exits.addLast {
            JavaCoroutine(
                Callable {
                    callback.run()
                    false
                },
            )
        }
    }

    override fun popAll(): AsyncExitStack {
        val all = ArrayDeque(exits)
        exits.clear()
        return AsyncExitStackImpl(all)
    }

    /** Whether [received] was swallowed. */
    private suspend fun leave(received: Throwable?): Boolean {
        var error = received
        while (true) {
            val exit = exits.removeLastOrNull() ?: break
            try {
                if (awaitAny(exit.aexit(error)) == true) error = null
            } catch (raised: Throwable) {
                Errors.keep(error, raised)
                error = raised
            }
        }
        if (error != null && error !== received) throw error
        return received != null && error == null
    }
}
