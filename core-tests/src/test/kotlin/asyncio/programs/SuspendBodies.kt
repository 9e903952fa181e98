package asyncio.programs

import asyncio.AsyncContextManager
import asyncio.AsyncExitStack
import asyncio.AsyncGenerator
import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.ReturnWhen
import asyncio.StopIteration
import asyncio.TaskGroup
import asyncio.kotlin.AsyncGeneratorScope
import asyncio.kotlin.asCompleted
import asyncio.kotlin.asyncContextManager
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.gather
import asyncio.kotlin.iterator
import asyncio.kotlin.shield
import asyncio.kotlin.sleep
import asyncio.kotlin.taskGroup
import asyncio.kotlin.timeout
import asyncio.kotlin.use
import asyncio.kotlin.wait
import asyncio.kotlin.waitFor
import asyncio.kotlin.withLock
import asyncio.kotlin.withPermit
import asyncio.programs.ProgramRun.nameOf
import asyncio.programs.ProgramRun.tasksOf
import asyncio.programs.ProgramRun.textOf
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Random programs as suspend functions. JavaBodies does the same, line by line. */
internal class SuspendBodies(
    private val run: ProgramRun,
) {
    private val yielders = HashMap<Int, AsyncGeneratorScope<Int>>()

    fun task(
        label: Int,
        body: List<Statement>,
    ): Coroutine<Int> =
        coroutine {
            run.started(label)
            await(coroutine(label, body))
        }

    fun coroutine(
        label: Int,
        body: List<Statement>,
    ): Coroutine<Int> =
        coroutine {
            ending {
                try {
                    block(label, body, null)
                } catch (error: Throwable) {
                    run.log(label, "end", nameOf(error))
                    throw error
                }
            }
            run.log(label, "end", "")
            label
        }

    /** A suspend function that awaits another one sees its StopIteration. In CPython it never does. */
    private inline fun <R> ending(block: () -> R): R =
        try {
            block()
        } catch (error: StopIteration) {
            throw IllegalStateException(error)
        }

    fun generator(
        label: Int,
        body: List<Statement>,
    ): AsyncGenerator<Int> = asyncGenerator { generatorBody(label, body, this) }

    fun generatorManager(
        label: Int,
        body: List<Statement>,
    ): AsyncContextManager<Int> = asyncContextManager { generatorBody(label, body, this) }

    private suspend fun generatorBody(
        label: Int,
        body: List<Statement>,
        scope: AsyncGeneratorScope<Int>,
    ) {
        yielders[label] = scope
        try {
            block(label, body, null)
        } catch (error: Throwable) {
            run.log(label, "end", nameOf(error))
            throw error
        }
        run.log(label, "end", "")
    }

    private suspend fun block(
        label: Int,
        body: List<Statement>,
        group: TaskGroup?,
    ) {
        for (statement in body) {
            if (run.instant(label, statement, group)) continue
            val result =
                try {
                    statement(label, statement, group)
                } catch (error: Throwable) {
                    run.log(label, statement.number(), statement.op() + " ! " + nameOf(error))
                    throw error
                }
            run.log(label, statement.number(), statement.op() + " " + (if (result == Unit) "" else result))
        }
    }

    private suspend fun statement(
        label: Int,
        it: Statement,
        group: TaskGroup?,
    ): Any? =
        when (it.op()) {
            "s0" -> {
                sleep(Duration.ZERO)
            }

            "sleep" -> {
                sleep(it.number(0).seconds)
            }

            "throw" -> {
                throw ProgramRun.Thrown(it.number())
            }

            "join" -> {
                run.tasks[it.number(0)]?.let { task -> await(task) } ?: "none"
            }

            "call" -> {
                await(run.coroutine(it.number(0), it.block(1)))
            }

            "lock" -> {
                run.locks[it.number(0)].withLock {
                    run.log(label, it.number(), "in")
                    block(label, it.block(1), group)
                }
            }

            "sem" -> {
                run.sems[it.number(0)].withPermit {
                    run.log(label, it.number(), "in")
                    block(label, it.block(1), group)
                }
            }

            "cond" -> {
                run.condition.withLock {
                    run.log(label, it.number(), "in")
                    block(label, it.block(0), group)
                }
            }

            "cwait" -> {
                await(run.condition.waitNotified())
                ""
            }

            "ewait" -> {
                await(run.events[it.number(0)].waitSet())
                ""
            }

            "put" -> {
                await(run.queues[it.number(0)].put(it.number()))
                ""
            }

            "get" -> {
                await(run.queues[it.number(0)].get())
            }

            "qjoin" -> {
                await(run.queues[it.number(0)].join())
                ""
            }

            "fwait" -> {
                await(run.futures[it.number(0)])
            }

            "barrier" -> {
                await(run.barrier.waitAll())
            }

            "gather" -> {
                val items = run.awaitables(it.block(1), false)
                if (it.number(0) == 1) {
                    textOf(await(Asyncio.gatherOutcomes(items)))
                } else {
                    textOf(await(gather(*items.toTypedArray())))
                }
            }

            "wait" -> {
                val tasks = tasksOf(run.awaitables(it.block(2), false))
                if (tasks.isEmpty()) {
                    "nothing"
                } else {
                    val delay = if (it.number(1) < 0) null else it.number(1).seconds
                    val result = wait(tasks, delay, ReturnWhen.entries[it.number(0)])
                    "${result.done().size} ${result.pending().size}"
                }
            }

            "ascomp" -> {
                val tasks = tasksOf(run.awaitables(it.block(1), false)).filter { task -> !task.done() }
                for (earliest in asCompleted(tasks, if (it.number(0) < 0) null else it.number(0).seconds)) {
                    val result =
                        try {
                            await(earliest)
                        } catch (error: ProgramRun.Thrown) {
                            nameOf(error)
                        }
                    run.log(label, it.number(), "came " + result)
                }
            }

            "waitfor" -> {
                run.awaitables(it.block(1), true).firstOrNull()?.let { awaitable ->
                    waitFor(awaitable, it.number(0).seconds)
                } ?: "nothing"
            }

            "shield" -> {
                run.awaitables(it.block(0), false).firstOrNull()?.let { awaitable -> await(shield(awaitable)) }
                    ?: "nothing"
            }

            "timeout" -> {
                timeout(it.number(0).seconds) { timeout ->
                    block(label, it.block(1), group)
                    timeout
                }.expired()
            }

            "group" -> {
                taskGroup { inner -> block(label, it.block(0), inner) }
                ""
            }

            "tg" -> {
                if (it.number(1) == 1) {
                    val inner = Asyncio.taskGroup()
                    inner.cancel()
                    inner.use { entered -> groupBlock(label, it, entered) }
                } else {
                    taskGroup { entered -> groupBlock(label, it, entered) }
                } ?: "swallowed"
            }

            "tm" -> {
                timeout(if (it.number(1) < 0) null else it.number(1).seconds) { entered ->
                    run.timeouts[it.number(0)] = entered
                    block(label, it.block(2), group)
                    entered
                }.expired()
            }

            "tlate" -> {
                val timeout = Asyncio.timeout(java.time.Duration.ofSeconds(it.number(0).toLong()))
                block(label, it.block(1), group)
                timeout.use { _ -> block(label, it.block(2), group) }
                timeout.expired()
            }

            "again" -> {
                run.entered(it)?.let { manager ->
                    manager.use { _ -> block(label, it.block(2), group) }
                    ""
                } ?: "none"
            }

            "exit" -> {
                run.manager(label, it, group).use { entered ->
                    run.log(label, it.number(), "in $entered")
                    block(label, it.block(3), group)
                    "done"
                } ?: "swallowed"
            }

            "manager" -> {
                run.generatorManager(it.number(0), it.block(1)).use { entered ->
                    run.log(label, it.number(), "in $entered")
                    block(label, it.block(2), group)
                    "done"
                } ?: "swallowed"
            }

            "stack" -> {
                stack(label, it, group)
            }

            "raise" -> {
                throw ProgramRun.errorOf(it)
            }

            "yield" -> {
                await(run.yielded(it))
            }

            "hawait" -> {
                run.takeHand(it.number(0))?.let { coroutine -> ProgramRun.givenText(await(coroutine)) } ?: "none"
            }

            "gyield" -> {
                ProgramRun.givenText(yielders.getValue(label).yield(it.number()))
            }

            "gnext", "gsend", "gthrow", "gclose" -> {
                run.generators[it.number(0)]?.let { generator ->
                    ProgramRun.givenText(
                        await(
                            when (it.op()) {
                                "gnext" -> generator.anext()
                                "gsend" -> generator.asend(ProgramRun.valueOf(it.number(1)))
                                "gthrow" -> generator.athrow(ProgramRun.errorOf(it))
                                else -> generator.aclose()
                            },
                        ),
                    )
                } ?: "none"
            }

            "gdefault" -> {
                run.generators[it.number(0)]?.let { generator -> await(Asyncio.anext(generator, -1)) } ?: "none"
            }

            "gfor" -> {
                run.generators[it.number(0)]?.let { generator ->
                    var count = 0
                    for (item in generator) {
                        run.log(label, it.number(), "item $item")
                        block(label, it.block(2), group)
                        if (++count == it.number(1)) break
                    }
                    count
                } ?: "none"
            }

            "gwith" -> {
                run.generators[it.number(0)]?.let { generator ->
                    Asyncio.aclosing(generator).use { _ -> block(label, it.block(1), group) }
                    ""
                } ?: "none"
            }

            "try" -> {
                tryBlock(label, it, group)
            }

            else -> {
                throw IllegalArgumentException(it.toString())
            }
        }

    private suspend fun groupBlock(
        label: Int,
        it: Statement,
        group: TaskGroup,
    ): String {
        run.groups[it.number(0)] = group
        block(label, it.block(2), group)
        return "done"
    }

    /** Awaits on both ways, and ends as the number says. */
    fun manager(
        label: Int,
        it: Statement,
        group: TaskGroup?,
    ): AsyncContextManager<Int> =
        object : AsyncContextManager<Int> {
            override fun aenter() =
                coroutine {
                    ending { block(label, it.block(1), group) }
                    it.number()
                }

            override fun aexit(error: Throwable?) =
                coroutine {
                    run.left(label, it, error)
                    ending {
                        block(label, it.block(2), group)
                        run.isSwallowed(it, error)
                    }
                }
        }

    private suspend fun stack(
        label: Int,
        it: Statement,
        group: TaskGroup?,
    ) {
        var popped: AsyncExitStack? = null
        val result =
            AsyncExitStack.create().use { stack ->
                for (entry in it.block(1)) {
                    when (entry.op()) {
                        "enter" -> {
                            val entered = await(stack.enterAsyncContext(run.manager(label, entry, group)))
                            run.log(label, entry.number(), "in $entered")
                        }

                        "entermanager" -> {
                            val manager = run.generatorManager(entry.number(0), entry.block(1))
                            val entered = await(stack.enterAsyncContext(manager))
                            run.log(label, entry.number(), "in $entered")
                        }

                        "push" -> {
                            stack.pushAsyncExit(run.manager(label, entry, group))
                        }

                        "acall" -> {
                            stack.pushAsyncCallback {
                                coroutine {
                                    run.left(label, entry, null)
                                    ending { block(label, entry.block(0), group) }
                                }
                            }
                        }

                        "close" -> {
                            stack.enterContext(AutoCloseable { run.leave(label, entry) })
                        }

                        else -> {
                            stack.callback { run.leave(label, entry) }
                        }
                    }
                }
                block(label, it.block(2), group)
                if (it.number(0) == 1) {
                    popped = stack.popAll()
                } else if (it.number(0) == 2) {
                    await(stack.aclose())
                    run.log(label, it.number(), "closed")
                }
                "done"
            }
        run.log(label, it.number(), "left " + (result ?: "swallowed"))
        popped?.let { await(it.aclose()) }
    }

    private suspend fun tryBlock(
        label: Int,
        it: Statement,
        group: TaskGroup?,
    ) {
        when (it.number(0)) {
            0 -> {
                try {
                    block(label, it.block(1), group)
                } catch (error: CancelledError) {
                    run.log(label, it.number(), "caught " + nameOf(error))
                    block(label, it.block(2), group)
                }
            }

            1 -> {
                try {
                    block(label, it.block(1), group)
                } catch (error: CancelledError) {
                    run.log(label, it.number(), "caught " + nameOf(error))
                    block(label, it.block(2), group)
                    throw error
                }
            }

            2 -> {
                try {
                    block(label, it.block(1), group)
                } catch (error: Exception) {
                    run.log(label, it.number(), "caught " + nameOf(error))
                    block(label, it.block(2), group)
                }
            }

            else -> {
                try {
                    block(label, it.block(1), group)
                } finally {
                    block(label, it.block(2), group)
                }
            }
        }
    }
}
