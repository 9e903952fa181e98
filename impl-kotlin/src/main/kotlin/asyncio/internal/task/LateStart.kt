package asyncio.internal.task

import asyncio.internal.fiber.Fiber
import asyncio.internal.fiber.ThreadPermit
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.sync.WaitQueue
import java.util.Collections
import java.util.IdentityHashMap
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/** A Java body that has to wait for a thread before it begins. Its task waits for the [permit] meanwhile, and can be cancelled. */
internal abstract class LateStart(
    protected val steps: Steps<*>,
    private val body: Any,
    /** Who awaits the body; null where it is a task's own. */
    @JvmField val caller: Continuation<Any?>?,
) : Continuation<Any?> {
    lateinit var permit: ThreadPermit

    override val context: CoroutineContext get() = caller?.context ?: steps.kotlinContext

    override fun resumeWith(result: Result<Any?>) {
        val error = result.exceptionOrNull()
        if (error != null) {
            if (permit.withdraw(steps)) steps.loop.fibers.giveBackPermit()
            return refuse(error)
        }
        val fiber =
            try {
                steps.loop.fibers.createPermitted(body, this is LateGenerator<*>)
            } catch (refused: IllegalStateException) {
                return refuse(refused)
            }
        if (fiber == null) steps.startLater(this, permit.depth, isAgain = true) else begin(fiber)
    }

    protected abstract fun begin(fiber: Fiber)

    /** It will never run. */
    protected abstract fun refuse(error: Throwable)
}

/** The body of a coroutine. */
internal class LateBody(
    steps: Steps<*>,
    body: Any,
    parent: Continuation<Any?>?,
) : LateStart(steps, body, parent) {
    override fun begin(fiber: Fiber) {
        val value =
            try {
                steps.runOn(fiber, caller)
            } catch (error: Throwable) {
                return refuse(error)
            }
        if (value !== COROUTINE_SUSPENDED) end(Result.success(value))
    }

    override fun refuse(error: Throwable): Unit = end(Result.failure(error))

    @Suppress("UNCHECKED_CAST")
    private fun end(result: Result<Any?>): Unit = (caller ?: steps as Continuation<Any?>).resumeWith(result)
}

/** The body of an async generator. */
internal class LateGenerator<T>(
    private val generator: JavaGeneratorBody<T>,
    body: Any,
    private val consumer: GeneratorConsumer,
) : LateStart(consumer.steps, body, consumer) {
    override fun begin(fiber: Fiber): Unit = generator.beginOn(fiber, consumer)

    override fun refuse(error: Throwable): Unit = consumer.refuse(error)
}

/**
 * Whether all tasks wait for each other, for a primitive, or for a thread: then nothing goes on unless some other thread calls
 * the loop.
 */
internal fun EventLoopImpl.waitsForItselfOnly(): Boolean {
    val tasks = tasks.oldestFirst()
    val waiting = Collections.newSetFromMap(IdentityHashMap<FutureImpl<*>, Boolean>())
    for (task in tasks) {
        val left = ArrayDeque(task.awaiters())
        while (true) {
            val awaiter = left.removeFirstOrNull() ?: break
            if (waiting.add(awaiter) && awaiter !is TaskImpl) left.addAll(awaiter.awaiters())
        }
    }
    return foreignStages == 0 &&
        tasks.all { task ->
            val waiter = task.waiter
            task.stage == Steps.WAITING &&
                (waiter is WaitQueue.Place || waiter is ThreadPermit || waiter is TaskImpl || task in waiting)
        }
}
