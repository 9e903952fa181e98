package asyncio.internal.task

import asyncio.Coroutine
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.CancellationException
import kotlin.coroutines.Continuation

/**
 * The task of a coroutine that kotlinx launched in a task: with it the coroutine can await asyncio beside its siblings, can be
 * found, cancelled and limited in time. kotlinx starts, resumes and ends the coroutine; this follows [launched], its Job.
 *
 * ```
 * AWAY <--kotlinx suspends or resumes it--> STEPPING <--> WAITING, YIELDED: it awaits asyncio
 *   \-------------------launched is completed-------------------------> ENDED
 * ```
 *
 * [cancel] cancels the Job, which cannot be survived; in a [TaskScope] it cancels only that, as in any task.
 */
internal class ChildTask private constructor(
    val element: ChildElement,
    private val launched: Job?,
    state: Any?,
) : TaskImpl<Any?>(element.loop, LaunchedCoroutine(), null, state) {
    override fun awaitedByKotlinx(): Continuation<*>? = element.innermost()

    override fun interrupt(message: String?) {
        val isInScope = contextOrNull != null
        if (isInScope || launched == null) super.interrupt(message) else cancelLaunched(CancellationException(message))
    }

    /** The task that waits for this one's end at the end of a scope; null if there is none. */
    @OptIn(ExperimentalCoroutinesApi::class)
    fun taskOfScope(): TaskImpl<*>? {
        val task = element.parent?.task ?: return null
        var job = launched?.parent
        while (job != null) {
            if (task.ownsJob(job)) return task.takeIf { it.isPending }
            job = job.parent
        }
        return null
    }

    override fun ownsJob(job: Job): Boolean = job === launched || super.ownsJob(job)

    fun cancelLaunched(cause: CancellationException) {
        launched?.cancel(cause)
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private fun ended(cause: Throwable?) {
        if (!isPending) return
        val value = if (cause == null) (launched as? Deferred<*>)?.getCompleted() else null
        endWith(if (cause == null) Result.success(value) else Result.failure(cause))
        // kotlinx gives the failure to the scope, or to the handler of exceptions.
        markRetrieved()
    }

    private class LaunchedCoroutine : CoroutineImpl<Any?>(BODY) {
        override val ownName: String get() = "kotlinx.coroutines.launch"

        override fun doAwait(): Any? = refuse()

        override fun awaitIn(continuation: Continuation<Any?>): Any? = refuse()

        override fun startIn(
            driver: CoroutineDriver<Any?>,
            body: Any,
        ): Any? = refuse()

        private fun refuse(): Nothing =
            throw IllegalStateException("A coroutine that kotlinx launched is awaited with join() or await()")

        private companion object {
            val BODY = Any()
        }
    }

    companion object {
        /** The task of the code whose Job is [launched]; code of the loop only. */
        @OptIn(InternalCoroutinesApi::class)
        fun of(
            element: ChildElement,
            launched: Job?,
            state: Any?,
        ): ChildTask {
            val loop = element.loop
            val task = ChildTask(element, launched, state)
            task.stage = AWAY
            loop.tasks.add(task)
            loop.debugging?.made(task)
            launched?.invokeOnCompletion(false, true) { cause ->
                if (!loop.isClosed) loop.runInLoop { task.ended(cause) }
            }
            return task
        }
    }
}
