package asyncio.kotlin

import asyncio.AsCompleted
import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.DoneAndPending
import asyncio.Future
import asyncio.ReturnWhen
import asyncio.Task
import asyncio.TaskGroup
import asyncio.Timeout
import asyncio.internal.task.TaskGroupImpl
import asyncio.internal.task.TimeoutImpl
import asyncio.internal.task.around
import asyncio.internal.task.currentDriver
import asyncio.internal.task.currentTask
import asyncio.internal.task.inTask
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * Runs [block], and cancels it when the time is over; see [Timeout]. It is the counterpart of kotlinx's `withTimeout` for
 * asyncio tasks. Python: `async with asyncio.timeout(delay)`.
 *
 * @param delay how long; null for no limit
 * @throws asyncio.TimeoutException if the block was cancelled because the time was over
 */
public suspend fun <R> timeout(
    delay: Duration?,
    block: suspend (Timeout) -> R,
): R {
    currentDriver().checkRunning()
    val task = currentTask()
    val timeout = TimeoutImpl.after(task.loop, delay?.toJavaDuration())
    return inTask { timeout.around(task) { block(timeout) } }
}

/**
 * Runs [block], and then waits for all tasks that were created in its group; see [TaskGroup]. Python:
 * `async with asyncio.TaskGroup()`.
 *
 * ```
 * taskGroup { group ->
 *     group.createTask { fetch(first) }
 *     group.createTask { fetch(second) }
 * }
 * ```
 *
 * @return what the block returned; null if it was ended by [TaskGroup.cancel]
 * @throws asyncio.ExceptionGroup of what failed, the block included
 */
public suspend fun <R> taskGroup(block: suspend (TaskGroup) -> R): R? = inTask { groupAround(block) }

private suspend fun <R> groupAround(block: suspend (TaskGroup) -> R): R? {
    currentDriver().checkRunning()
    val task = currentTask()
    val group = TaskGroupImpl()
    group.enter(task)
    val result =
        try {
            block(group)
        } catch (error: Throwable) {
            if (group.exit(error)) return null
            throw error
        }
    group.exit(null)
    return result
}

/** Makes a task of [block] that belongs to the group; see [TaskGroup.createTask]. */
public fun <T> TaskGroup.createTask(block: suspend () -> T): Task<T> = createTask(coroutine(block))

/** [createTask] with a name. */
public fun <T> TaskGroup.createTask(
    name: String,
    block: suspend () -> T,
): Task<T> = createTask(coroutine(block), name)

/**
 * Waits for [awaitable], which is cancelled when the time is over; see [Asyncio.waitFor]. Python: `asyncio.wait_for`.
 *
 * @param timeout how long; null for no limit
 * @throws asyncio.TimeoutException if it was cancelled because the time was over
 */
public suspend fun <T> waitFor(
    awaitable: Awaitable<out T>,
    timeout: Duration?,
): T = await(Asyncio.waitFor<T>(awaitable, timeout?.toJavaDuration()))

/** Waits until some of [futures] are done; see [Asyncio.wait]. Python: `asyncio.wait`. */
public suspend fun <F : Future<*>> wait(
    futures: Collection<F>,
    timeout: Duration? = null,
    returnWhen: ReturnWhen = ReturnWhen.ALL_COMPLETED,
): DoneAndPending<F> = await(Asyncio.wait(futures, timeout?.toJavaDuration(), returnWhen))

/** For `val (done, pending) = wait(tasks)`. */
public operator fun <F : Future<*>> DoneAndPending<F>.component1(): MutableSet<F> = done()

/** For `val (done, pending) = wait(tasks)`. */
public operator fun <F : Future<*>> DoneAndPending<F>.component2(): MutableSet<F> = pending()

/** Gives [awaitables] in the order in which they end; see [Asyncio.asCompleted]. Python: `asyncio.as_completed`. */
public fun <T> asCompleted(
    awaitables: Iterable<Awaitable<out T>>,
    timeout: Duration? = null,
): AsCompleted<T> = Asyncio.asCompleted(awaitables, timeout?.toJavaDuration())

/** A future that ends as [awaitable] does, which hears nothing of its cancellation; see [Asyncio.shield]. */
public fun <T> shield(awaitable: Awaitable<T>): Future<T> = Asyncio.shield(awaitable)
