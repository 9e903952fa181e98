package asyncio.kotlin

import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.Future
import asyncio.Outcome
import asyncio.Task
import asyncio.TaskOptions
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.awaitIn
import asyncio.internal.task.sleepNanos
import java.util.concurrent.Callable
import java.util.concurrent.CompletionStage
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.time.Duration

/**
 * A coroutine whose body is [block]: lazy and one-shot, to be awaited or made a task, from Kotlin or from Java. It costs no
 * thread of any kind. Python: the call of an `async def` function.
 */
public fun <T> coroutine(block: suspend () -> T): Coroutine<T> = SuspendCoroutine(block)

/**
 * Waits for [awaitable]; others run meanwhile. Python: `await x`.
 *
 * For suspend functions that run in an asyncio task.
 *
 * @throws asyncio.CancelledError if the waiting task, or what it waits for, was cancelled
 * @throws IllegalStateException if the calling suspend function runs in no asyncio task, or off its loop
 */
public suspend fun <T> await(awaitable: Awaitable<T>): T =
    suspendCoroutineUninterceptedOrReturn { awaitIn(it, awaitable) }

/**
 * Waits for this; others run meanwhile. Python: `await x`.
 *
 * @throws asyncio.CancelledError if the waiting task, or what it waits for, was cancelled
 * @throws IllegalStateException if the calling suspend function runs in no asyncio task, or off its loop
 */
@JvmName("awaitThis")
public suspend fun <T> Awaitable<T>.await(): T = await(this)

/** Waits for one of Java's own futures; see [Asyncio.wrapFuture]. */
public suspend fun <T> await(stage: CompletionStage<T>): T = await(Asyncio.wrapFuture(stage))

/**
 * Waits for [delay]; zero or less lets every other ready piece of code run once. Python: `asyncio.sleep`.
 *
 * @throws asyncio.CancelledError if the task is cancelled meanwhile
 */
public suspend fun sleep(delay: Duration): Unit = sleepNanos(delay.inWholeNanoseconds)

/**
 * Runs [main] in a new loop; see [Asyncio.run]. From any thread that runs no loop. Python: `asyncio.run`.
 *
 * It is not called `run`, because inside a class Kotlin would take that for its own scope function.
 */
public fun <T> runAsyncio(main: suspend () -> T): T = Asyncio.run(coroutine(main))

/** Makes a task of [block], which starts soon; see [Asyncio.createTask]. Python: `asyncio.create_task`. */
public fun <T> createTask(block: suspend () -> T): Task<T> = Asyncio.createTask(coroutine(block))

/** Makes a task of [coroutine], which starts soon; see [Asyncio.createTask]. Python: `asyncio.create_task`. */
public fun <T> createTask(coroutine: Coroutine<T>): Task<T> = Asyncio.createTask(coroutine)

/** [createTask] with a name. */
public fun <T> createTask(
    coroutine: Coroutine<T>,
    name: String,
): Task<T> = Asyncio.createTask(coroutine, name)

/** [createTask] with a name. */
public fun <T> createTask(
    name: String,
    block: suspend () -> T,
): Task<T> = Asyncio.createTask(coroutine(block), name)

/** [createTask] with a name, a context, or an eager start. */
public fun <T> createTask(
    options: TaskOptions,
    block: suspend () -> T,
): Task<T> = Asyncio.createTask(coroutine(block), options)

/** Runs all at once and gives their results in order; see [Asyncio.gather]. Python: `asyncio.gather`. */
public fun <T> gather(vararg awaitables: Awaitable<out T>): Future<List<T>> = Asyncio.gather(awaitables.asList())

/** [gather] of any number. */
public fun <T> gather(awaitables: Iterable<Awaitable<out T>>): Future<List<T>> = Asyncio.gather(awaitables)

/** Waits for all, and tells how each one ended; see [Asyncio.gatherOutcomes]. Python: `gather(…, return_exceptions=True)`. */
public fun <T> gatherOutcomes(vararg awaitables: Awaitable<out T>): Future<List<Outcome<T>>> =
    Asyncio.gatherOutcomes(awaitables.asList())

/** [gatherOutcomes] of any number. */
public fun <T> gatherOutcomes(awaitables: Iterable<Awaitable<out T>>): Future<List<Outcome<T>>> =
    Asyncio.gatherOutcomes(awaitables)

/** Runs blocking code in the loop's pool of threads. Python: `asyncio.to_thread`. */
public suspend fun <T> toThread(call: () -> T): T = await(Asyncio.toThread(Callable { call() }))
