package asyncio.internal.testing

import asyncio.Asyncio
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.internal.fiber.FiberKind
import asyncio.internal.loop.LoopHost
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.run.runMain
import asyncio.internal.testing.VirtualLoop
import asyncio.kotlin.coroutine
import java.util.Collections
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** The kinds of fibers that this JVM, with its flags, can offer. */
internal val fiberKinds: List<FiberKind> = FiberKind.available()

/** A coroutine whose body is Java code, as far as the machine can tell. */
internal fun <T> java(body: () -> T): Coroutine<T> = Asyncio.async(Callable { body() })

/** `run` of [main] on a loop of this kind, and not for ever. */
internal fun <T> runOn(
    kind: FiberKind = FiberKind.chosen,
    host: LoopHost = ThreadHost(),
    main: suspend () -> T,
): T = runCoroutineOn(kind, host) { coroutine(main) }

/** [runOn] of a Java body. */
internal fun <T> runJavaOn(
    kind: FiberKind = FiberKind.chosen,
    host: LoopHost = ThreadHost(),
    main: () -> T,
): T = runCoroutineOn(kind, host) { java(main) }

/** [runOn] in virtual time. */
internal fun <T> runVirtually(
    kind: FiberKind = FiberKind.chosen,
    main: suspend () -> T,
): T = onNewThread { runMain(coroutine(main)) { VirtualLoop(kind) } }

/** [runVirtually] of a Java body. */
internal fun <T> runJavaVirtually(
    kind: FiberKind = FiberKind.chosen,
    main: () -> T,
): T = onNewThread { runMain(java(main)) { VirtualLoop(kind) } }

private fun <T> runCoroutineOn(
    kind: FiberKind,
    host: LoopHost,
    main: () -> Coroutine<T>,
): T = onNewThread { runMain(main()) { EventLoopImpl(host, kind) } }

/** Runs [code] on a daemon thread, so that what hangs is a failure and not the end of all tests. */
internal fun <T> onNewThread(code: () -> T): T {
    val task = FutureTask { runCatching(code) }
    val thread = Thread(task, "main of a test")
    thread.isDaemon = true
    thread.start()
    try {
        return task.get(30, TimeUnit.SECONDS).getOrThrow()
    } catch (_: TimeoutException) {
        val stacks =
            Thread.getAllStackTraces().entries.joinToString("\n\n") { (other, stack) ->
                other.toString() + stack.joinToString("") { "\n    $it" }
            }
        throw AssertionError("It hangs.\n$stacks")
    }
}

/** Waits for what another thread brings about. */
internal fun waitUntil(condition: () -> Boolean) {
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30)
    while (!condition()) {
        if (System.nanoTime() - end > 0) throw AssertionError("waited in vain")
        Thread.onSpinWait()
    }
}

/** Has the running loop collect its reports instead of logging them. */
internal fun collectReports(): MutableList<ExceptionContext> {
    val reports = Collections.synchronizedList(ArrayList<ExceptionContext>())
    Asyncio.getRunningLoop().setExceptionHandler { _, context -> reports.add(context) }
    return reports
}

/** Counts the iterations of the running loop. */
internal class Ticks {
    private val loop = Asyncio.getRunningLoop()
    private var stopped = false

    var count = 0
        private set

    init {
        tick()
    }

    private fun tick() {
        if (stopped) return
        loop.callSoon {
            count++
            tick()
        }
    }

    fun stop() {
        stopped = true
    }
}
