package asyncio.internal.task

import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/** The driver of the calling suspend function. */
internal suspend fun currentDriver(): CoroutineDriver<*> =
    suspendCoroutineUninterceptedOrReturn {
        driverOf(it.context)
    }

/**
 * The task in which the calling suspend function runs.
 *
 * @throws IllegalStateException if it is driven by hand outside of any
 */
internal suspend fun currentTask(): TaskImpl<*> =
    currentDriver().task ?: throw IllegalStateException("This needs a task: start the coroutine with createTask or run")
