package asyncio.internal.task

import asyncio.ExceptionContext
import asyncio.StopIteration
import asyncio.internal.loop.isFatal
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.Collections

/**
 * The async generators that were begun on one loop and have not ended. One that is garbage is closed by a task
 * of its own, as asyncio does; the rest when the loop shuts down.
 */
internal class AsyncGenerators(
    private val loop: TaskLoop,
) {
    /** A generator that is driven by hand may move on to another thread. */
    private val left = Collections.synchronizedSet(LinkedHashSet<Registration>())
    private val collected = ReferenceQueue<AsyncGeneratorImpl<*>>()
    private var isShutDown = false

    val areLeft: Boolean get() = left.isNotEmpty()

    fun register(
        owner: AsyncGeneratorImpl<*>?,
        body: GeneratorBody<*>,
    ): Registration {
        if (isShutDown) {
            logger.log(
                System.Logger.Level.WARNING,
                "An async generator was begun after shutdownAsyncgens(): nobody will close it",
            )
        }
        return Registration(owner, body).also(left::add)
    }

    /** What is to be done in the loop about one that is garbage; null if there is none. From any thread. */
    fun pollCollected(): Runnable? {
        val registration = collected.poll() as Registration? ?: return null
        return Runnable {
            if (registration in left && registration.body.isSuspended) loop.newTask(closing(registration), null)
        }
    }

    suspend fun shutdown() {
        isShutDown = true
        val all = takeAll()
        if (all.isEmpty()) return
        val outcomes = awaitFuture(gatherOutcomes(loop, all.map(::closing)) as FutureImpl)
        for ((registration, outcome) in all.zip(outcomes)) {
            reportClosing(registration, outcome.exception() ?: continue)
        }
    }

    private fun takeAll(): List<Registration> = synchronized(left) { left.toList().also { left.clear() } }

    private fun reportClosing(
        registration: Registration,
        error: Throwable,
    ): Unit =
        loop.callExceptionHandler(
            ExceptionContext
                .of("an error occurred during closing of asynchronous generator ${registration.body}")
                .withException(error)
                .withDetail("asyncgen", registration.get() ?: registration.body),
        )

    /** The loop closes: has their `finally` blocks run, as far as they need not wait. */
    fun abandon() {
        for (registration in takeAll()) {
            if (!registration.body.isSuspended) continue
            try {
                val hand = ManualDriver(loop, closing(registration))
                hand.send(null)
                hand.close()
            } catch (_: StopIteration) {
                // It ended.
            } catch (error: Throwable) {
                if (isFatal(error)) throw error
                reportClosing(registration, error)
            }
        }
    }

    private fun closing(registration: Registration): GeneratorCall<Any?> =
        GeneratorCall(null, registration.body, GeneratorCall.CLOSE, null)

    inner class Registration(
        owner: AsyncGeneratorImpl<*>?,
        val body: GeneratorBody<*>,
    ) : WeakReference<AsyncGeneratorImpl<*>>(owner, collected) {
        val loop: TaskLoop get() = this@AsyncGenerators.loop

        fun end() {
            left.remove(this)
        }
    }

    private companion object {
        val logger: System.Logger = System.getLogger("asyncio")
    }
}
