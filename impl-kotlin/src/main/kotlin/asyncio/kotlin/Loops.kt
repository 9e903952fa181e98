package asyncio.kotlin

import asyncio.Action
import asyncio.Asyncio
import asyncio.EventLoop
import asyncio.Task
import asyncio.Timeout
import asyncio.TimerHandle
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/** Runs [callback] after [delay]; see [EventLoop.callLater]. Python: `loop.call_later`. */
public fun EventLoop.callLater(
    delay: Duration,
    callback: () -> Unit,
): TimerHandle = callLater(delay.toJavaDuration(), Action { callback() })

/** Runs [callback] at [whenDue] on the clock of [now]; see [EventLoop.callAt]. Python: `loop.call_at`. */
public fun EventLoop.callAt(
    whenDue: Duration,
    callback: () -> Unit,
): TimerHandle = callAt(whenDue.toJavaDuration(), Action { callback() })

/** The loop's clock; see [EventLoop.time]. Python: `loop.time`. */
public fun EventLoop.now(): Duration = time().toKotlinDuration()

/** When it is due on the clock of [now]; see [TimerHandle.when]. */
public val TimerHandle.whenDue: Duration get() = `when`().toKotlinDuration()

/**
 * Runs blocking code in [executor], or in the loop's own if that is null, and waits for what it returns; see
 * [EventLoop.runInExecutor]. Python: `await loop.run_in_executor(executor, f)`.
 */
public suspend fun <T> runInExecutor(
    executor: Executor?,
    call: () -> T,
): T = await(Asyncio.getRunningLoop().runInExecutor(executor, Callable<T> { call() }))

/** Makes a task of [block] on this loop, which need not be running yet; see [EventLoop.createTask]. Python: `loop.create_task`. */
public fun <T> EventLoop.createTask(block: suspend () -> T): Task<T> = createTask(coroutine(block))

/** Has [loop] run [block]; from any thread. See [Asyncio.runCoroutineThreadsafe]. Python: `asyncio.run_coroutine_threadsafe`. */
public fun <T> runCoroutineThreadsafe(
    loop: EventLoop,
    block: suspend () -> T,
): CompletableFuture<T> = Asyncio.runCoroutineThreadsafe(coroutine(block), loop)

/** Moves the deadline to [whenDue] on the clock of [now]; null for none. See [Timeout.reschedule]. Python: `Timeout.reschedule`. */
public fun Timeout.reschedule(whenDue: Duration?): Unit = reschedule(whenDue?.toJavaDuration())
