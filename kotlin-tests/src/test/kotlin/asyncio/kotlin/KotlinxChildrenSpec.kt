package asyncio.kotlin

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.ContextVar
import asyncio.DoneCallback
import asyncio.Future
import asyncio.Lock
import asyncio.Queue
import asyncio.Task
import asyncio.TimeoutException
import asyncio.internal.testing.collectReports
import asyncio.internal.testing.java
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import io.kotest.matchers.types.shouldNotBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Coroutines that kotlinx launches inside a task: each is a concurrent unit of its own. */
@OptIn(ExperimentalCoroutinesApi::class)
class KotlinxChildrenSpec :
    FunSpec({
        test("the call graph of a child shows the task whose scope waits for it") {
            runVirtually {
                val parent = Asyncio.currentTask()
                val children = ArrayList<Task<*>?>()
                val outsider = CoroutineScope(currentCoroutineContext() + Job())
                coroutineScope {
                    val child =
                        launch {
                            children.add(Asyncio.currentTask())
                            launch {
                                children.add(Asyncio.currentTask())
                                sleep(1.hours)
                            }
                            sleep(1.hours)
                        }
                    outsider.launch {
                        children.add(Asyncio.currentTask())
                        sleep(1.hours)
                    }
                    sleep(1.seconds)
                    val graphs = children.map { Asyncio.captureCallGraph(it)!! }
                    graphs[0].awaitedBy().map { it.future() } shouldBe listOf(parent)
                    val grandchild = graphs.first { it.awaitedBy().map { by -> by.future() } == listOf(children[0]) }
                    grandchild
                        .awaitedBy()
                        .single()
                        .awaitedBy()
                        .map { it.future() } shouldBe listOf(parent)
                    graphs.count { it.awaitedBy().isEmpty() } shouldBe 1
                    child.cancel()
                    outsider.cancel()
                }
            }
        }

        suspend fun turn() = sleep(Duration.ZERO)

        suspend fun settle() = repeat(10) { turn() }

        fun elapsed(start: java.time.Duration) = (Asyncio.getRunningLoop().time() - start).toMillis()

        val waits =
            listOf<Pair<String, suspend () -> Unit>>(
                "sleep" to { sleep(1.seconds) },
                "sleep(0)" to { sleep(Duration.ZERO) },
                "a task" to { await(createTask { sleep(1.seconds) }) },
                "a Java body" to { await(java { Asyncio.sleep(java.time.Duration.ofSeconds(1)).doAwait() }) },
                "a coroutine" to { await(coroutine { sleep(1.seconds) }) },
                "asyncio's sleep" to { await(Asyncio.sleep(java.time.Duration.ofSeconds(1))) },
                "timeout" to { timeout(1.hours) { sleep(1.seconds) } },
                "taskGroup" to { taskGroup { group -> group.createTask { sleep(1.seconds) } } },
                "toThread" to { toThread { } },
                "delay" to { delay(1000) },
            )
        for ((name, wait) in waits) {
            test("children of a scope await asyncio at once, and so does its body: $name") {
                runVirtually {
                    val start = Asyncio.getRunningLoop().time()
                    val log = ArrayList<String>()
                    coroutineScope {
                        for (child in listOf("a", "b", "c")) {
                            launch {
                                wait()
                                log.add(child)
                                wait()
                                log.add(child)
                            }
                        }
                        wait()
                        wait()
                        log.add("body")
                    }
                    log.size shouldBe 7
                    // Threads end in any order.
                    if (name != "toThread") log.filter { it != "body" }.take(3).toSet() shouldBe setOf("a", "b", "c")
                    (elapsed(start) <= 2000) shouldBe true
                    sleep(1.seconds)
                    delay(1)
                }
            }
        }

        test("two launches that sleep") {
            val log = ArrayList<String>()
            runVirtually {
                val start = Asyncio.getRunningLoop().time()
                coroutineScope {
                    launch {
                        sleep(20.milliseconds)
                        log.add("b")
                    }
                    launch {
                        sleep(10.milliseconds)
                        log.add("a")
                    }
                }
                elapsed(start) shouldBe 20
            }
            log shouldContainExactly listOf("a", "b")
        }

        test("async and awaitAll") {
            runVirtually {
                val start = Asyncio.getRunningLoop().time()
                coroutineScope {
                    (1..10)
                        .map {
                            async {
                                sleep((11 - it).seconds)
                                await(createTask { it * it })
                            }
                        }.awaitAll()
                } shouldBe (1..10).map { it * it }
                elapsed(start) shouldBe 10_000
            }
        }

        test("a buffered flow whose source and collector both await asyncio") {
            runVirtually {
                val start = Asyncio.getRunningLoop().time()
                val collected = ArrayList<Int>()
                flow {
                    for (i in 1..3) {
                        sleep(100.milliseconds)
                        emit(i)
                    }
                }.buffer().collect {
                    sleep(300.milliseconds)
                    collected.add(it)
                }
                collected shouldContainExactly listOf(1, 2, 3)
                elapsed(start) shouldBe 1000
            }
        }

        test("flatMapMerge of flows that await asyncio") {
            runVirtually {
                val start = Asyncio.getRunningLoop().time()
                flowOf(3, 2, 1)
                    .flatMapMerge {
                        flow {
                            sleep(it.seconds)
                            emit(it)
                        }
                    }.toList() shouldBe listOf(1, 2, 3)
                elapsed(start) shouldBe 3000
            }
        }

        test("10,000 children at once, and none of their tasks is left") {
            runVirtually {
                coroutineScope {
                    List(10_000) {
                        async {
                            if (it % 2 == 0) sleep(1.seconds) else await(createTask { turn() })
                            1
                        }
                    }.awaitAll().sum()
                } shouldBe 10_000
                Asyncio.allTasks() shouldBe setOf(Asyncio.currentTask())
            }
        }

        // ---- the child's task

        test("a child has a task of its own, and a scope that is only called has not") {
            runVirtually {
                val own = Asyncio.currentTask()
                coroutineScope {
                    Asyncio.currentTask() shouldBeSameInstanceAs own
                    val tasks =
                        List(2) {
                            async {
                                val task = Asyncio.currentTask()
                                turn()
                                Asyncio.currentTask() shouldBeSameInstanceAs task
                                withTimeout(1000) {
                                    delay(1)
                                    Asyncio.currentTask() shouldBeSameInstanceAs task
                                    coroutineScope { sleep(1.milliseconds) }
                                }
                                Asyncio.currentTask() shouldBeSameInstanceAs task
                                task
                            }
                        }.awaitAll()
                    (tasks + own).toSet().size shouldBe 3
                    tasks.all { it.done() && !it.cancelled() } shouldBe true
                }
                withContext(NonCancellable) { Asyncio.currentTask() shouldBeSameInstanceAs own }
                Asyncio.currentTask() shouldBeSameInstanceAs own
            }
        }

        test("the task of async has its value, that of a failed child its exception") {
            runVirtually {
                var good: Task<*>? = null
                var bad: Task<*>? = null
                supervisorScope {
                    val value =
                        async {
                            good = Asyncio.currentTask()
                            turn()
                            "value"
                        }
                    val failed =
                        async<Int> {
                            bad = Asyncio.currentTask()
                            turn()
                            error("bad")
                        }
                    value.await() shouldBe "value"
                    shouldThrow<IllegalStateException> { failed.await() }
                }
                good!!.result() shouldBe "value"
                bad!!.exception()!!.message shouldBe "bad"
            }
        }

        test("a child's context is a copy: what it sets stays its own") {
            val variable = ContextVar.create<String>("v")
            runVirtually {
                variable.set("outer")
                coroutineScope {
                    launch {
                        variable.get() shouldBe "outer"
                        variable.set("child")
                        turn()
                        variable.get() shouldBe "child"
                    }
                    launch {
                        turn()
                        turn()
                        variable.get() shouldBe "outer"
                    }
                    settle()
                    variable.get() shouldBe "outer"
                    variable.set("body")
                }
                variable.get() shouldBe "body"
            }
        }

        test("cancel of a child's task cancels the child, and the scope goes on") {
            runVirtually {
                val log = ArrayList<String>()
                coroutineScope {
                    var task: Task<*>? = null
                    val child =
                        launch {
                            task = Asyncio.currentTask()
                            try {
                                sleep(1.hours)
                            } catch (cancelled: CancellationException) {
                                log.add("cancelled: ${cancelled.message}")
                                throw cancelled
                            } finally {
                                withContext(NonCancellable) { sleep(1.seconds) }
                                log.add("finally")
                            }
                        }
                    settle()
                    task!!.cancel("enough") shouldBe true
                    child.join()
                    child.isCancelled shouldBe true
                    task.cancelled() shouldBe true
                    sleep(1.seconds)
                    log.add("on")
                }
                log shouldContainExactly listOf("cancelled: enough", "finally", "on")
                Asyncio.currentTask().cancelling() shouldBe 0
            }
        }

        test("cancel of the task cancels all children and waits for them") {
            runVirtually {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        coroutineScope {
                            for (i in 1..3) {
                                launch {
                                    try {
                                        if (i == 1) sleep(1.hours) else await(createTask { sleep(1.hours) })
                                    } finally {
                                        withContext(NonCancellable) { sleep(i.seconds) }
                                        log.add("child $i")
                                    }
                                }
                            }
                        }
                    }
                settle()
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                log shouldContainExactly listOf("child 1", "child 2", "child 3")
            }
        }

        test("a child that awaits asyncio and fails cancels its siblings that await asyncio") {
            runVirtually {
                val log = ArrayList<String>()
                val caught =
                    runCatching {
                        coroutineScope {
                            launch {
                                try {
                                    sleep(1.hours)
                                } catch (cancelled: CancellationException) {
                                    log.add("sibling")
                                    throw cancelled
                                }
                            }
                            launch {
                                sleep(1.seconds)
                                throw IllegalArgumentException("bad")
                            }
                            try {
                                sleep(1.hours)
                            } finally {
                                log.add("body")
                            }
                        }
                    }.exceptionOrNull()
                caught.shouldBeInstanceOf<IllegalArgumentException>()
                log.toSet() shouldBe setOf("sibling", "body")
                sleep(1.seconds)
                delay(1)
                Asyncio.currentTask().cancelling() shouldBe 0
            }
        }

        test("asyncio's timeout in a child ends the block and not the child") {
            val blocks =
                listOf<Pair<String, suspend () -> Unit>>(
                    "sleep" to { sleep(1.hours) },
                    "delay" to { delay(3_600_000) },
                    "task" to { await(createTask { sleep(1.hours) }) },
                    "Java" to { await(java { Asyncio.sleep(java.time.Duration.ofHours(1)).doAwait() }) },
                    "scope" to { coroutineScope { sleep(1.hours) } },
                    "children" to { coroutineScope { launch { sleep(1.hours) } } },
                    "queue" to { await(Queue.create<Int>().get()) },
                )
            for ((name, block) in blocks) {
                runVirtually {
                    val log = ArrayList<String>()
                    coroutineScope {
                        launch {
                            try {
                                timeout(1.seconds) { block() }
                            } catch (_: TimeoutException) {
                                log.add("timeout")
                            }
                            sleep(1.seconds)
                            delay(1)
                            try {
                                timeout(2.seconds) { timeout(1.hours) { block() } }
                            } catch (_: TimeoutException) {
                                log.add("outer")
                            }
                            timeout(1.seconds) { sleep(1.milliseconds) }
                            log.add("on")
                        }
                        sleep(10.seconds)
                        log.add("body $name")
                    }
                    log shouldContainExactly listOf("timeout", "outer", "on", "body $name")
                }
            }
        }

        test("asyncio's timeout in the body of a scope ends the block and not the scope") {
            runVirtually {
                coroutineScope {
                    val child = launch { delay(10_000) }
                    shouldThrow<TimeoutException> { timeout(1.seconds) { sleep(1.hours) } }
                    shouldThrow<TimeoutException> { timeout(1.seconds) { delay(3_600_000) } }
                    child.isActive shouldBe true
                    sleep(1.seconds)
                    delay(1)
                }
                Asyncio.currentTask().cancelling() shouldBe 0
            }
        }

        test("a block of asyncio in a child may survive a cancellation by its timeout, and then waits on") {
            runVirtually {
                coroutineScope {
                    launch {
                        val value =
                            timeout(1.seconds) {
                                try {
                                    sleep(1.hours)
                                } catch (_: CancelledError) {
                                    // Survived.
                                }
                                delay(1)
                                sleep(1.seconds)
                                "survived"
                            }
                        value shouldBe "survived"
                    }
                }
            }
        }

        test("a task group in a child whose task fails") {
            runVirtually {
                coroutineScope {
                    launch {
                        val error =
                            runCatching {
                                taskGroup { group ->
                                    group.createTask { sleep(1.hours) }
                                    group.createTask {
                                        sleep(1.seconds)
                                        error("bad")
                                    }
                                    delay(3_600_000)
                                }
                            }.exceptionOrNull()
                        error
                            .shouldBeInstanceOf<asyncio.ExceptionGroup>()
                            .exceptions()
                            .single()
                            .message shouldBe "bad"
                        sleep(1.seconds)
                        delay(1)
                    }
                }
            }
        }

        test("a scope that is cancelled around a block of asyncio in a child") {
            runVirtually {
                val log = ArrayList<String>()
                coroutineScope {
                    val child =
                        launch {
                            try {
                                timeout(1.hours) {
                                    try {
                                        sleep(1.hours)
                                    } catch (cancelled: CancelledError) {
                                        log.add("inside")
                                        sleep(1.seconds)
                                        throw cancelled
                                    }
                                }
                            } catch (cancelled: CancellationException) {
                                log.add("outside")
                                throw cancelled
                            }
                        }
                    settle()
                    child.cancelAndJoin()
                    log.add("on")
                    sleep(1.seconds)
                }
                log shouldContainExactly listOf("inside", "outside", "on")
            }
        }

        test("cancel of a child's task inside a block of asyncio cancels the child, not the scope") {
            runVirtually {
                val log = ArrayList<String>()
                coroutineScope {
                    var task: Task<*>? = null
                    val child =
                        launch {
                            task = Asyncio.currentTask()
                            timeout(1.hours) {
                                try {
                                    sleep(1.hours)
                                } catch (cancelled: CancelledError) {
                                    log.add("inside ${cancelled.message}")
                                    throw cancelled
                                }
                            }
                        }
                    settle()
                    task!!.cancel("m")
                    child.join()
                    child.isCancelled shouldBe true
                    sleep(1.seconds)
                    log.add("on")
                }
                log shouldContainExactly listOf("inside m", "on")
            }
        }

        // ---- Java bodies and primitives in scopes

        test("a Java body is reached by the withTimeout around it, and by the scope's cancellation") {
            runVirtually {
                val log = ArrayList<String>()
                val body =
                    java {
                        try {
                            Asyncio.sleep(java.time.Duration.ofHours(1)).doAwait()
                        } catch (cancelled: CancelledError) {
                            log.add("cancelled")
                            Asyncio.sleep(java.time.Duration.ofSeconds(1)).doAwait()
                            throw cancelled
                        }
                    }
                shouldThrow<TimeoutCancellationException> { withTimeout(1000) { await(body) } }
                log shouldContainExactly listOf("cancelled")
                withTimeoutOrNull(1000) {
                    await(java { Asyncio.sleep(java.time.Duration.ofHours(1)).doAwait() })
                } shouldBe null
                val failed =
                    runCatching {
                        coroutineScope {
                            launch { await(java { Asyncio.sleep(java.time.Duration.ofHours(1)).doAwait() }) }
                            launch {
                                delay(1)
                                error("bad")
                            }
                        }
                    }.exceptionOrNull()
                failed!!.message shouldBe "bad"
                sleep(1.seconds)
                Asyncio.currentTask().cancelling() shouldBe 0
            }
        }

        test("a primitive is not lost to a child that is cancelled while it waits") {
            runVirtually {
                val lock = Lock.create()
                await(lock.acquire())
                coroutineScope {
                    val waiting = List(3) { launch { lock.withLock { } } }
                    settle()
                    waiting[0].cancelAndJoin()
                    lock.release()
                    // It has been handed to the second one, which is cancelled now.
                    waiting[1].cancel()
                    waiting.joinAll()
                    lock.locked() shouldBe false
                }
                val queue = Queue.create<Int>()
                coroutineScope {
                    val first = launch { await(queue.get()) }
                    val second = async { await(queue.get()) }
                    settle()
                    queue.putNowait(1)
                    first.cancel()
                    second.await() shouldBe 1
                }
            }
        }

        // ---- what a cancellation must not leave behind

        val quick =
            listOf<Pair<String, suspend () -> Unit>>(
                "timeout" to { timeout(1.seconds) { } },
                "a coroutine" to { await(coroutine { }) },
                "taskGroup" to { taskGroup { } },
                "a Java body" to { await(java { }) },
                "a timeout around delay" to { runCatching { timeout(1.seconds) { delay(10) } } },
            )
        for ((name, block) in quick) {
            test("a block of asyncio in the finally of a cancelled scope takes its cancellation with it: $name") {
                runVirtually {
                    val log = ArrayList<String>()
                    withTimeoutOrNull(20) {
                        try {
                            delay(5000)
                        } finally {
                            block()
                            log.add("cleaned up")
                        }
                    }
                    delay(1)
                    sleep(1.milliseconds)
                    coroutineScope {
                        val child =
                            launch {
                                try {
                                    delay(5000)
                                } finally {
                                    block()
                                    withContext(NonCancellable) { timeout(1.seconds) { delay(10) } }
                                    log.add("child cleaned up")
                                }
                            }
                        delay(20)
                        child.cancelAndJoin()
                        sleep(1.milliseconds)
                    }
                    log shouldContainExactly listOf("cleaned up", "child cleaned up")
                    Asyncio.currentTask().cancelling() shouldBe 0
                }
            }
        }

        test("a scope that another thread cancels while a block of asyncio ends") {
            runOn {
                try {
                    coroutineScope {
                        val job = coroutineContext[Job]!!
                        timeout(1.hours) { Thread { job.cancel() }.also(Thread::start).join() }
                    }
                } catch (_: CancellationException) {
                    // It was cancelled.
                }
                delay(1)
                turn()
                Asyncio.currentTask().cancelling() shouldBe 0
            }
        }

        test("a timeout that ends code which cannot be cancelled leaves the task's Job alive") {
            runVirtually {
                timeout(30.milliseconds) { withContext(NonCancellable) { delay(60) } }
                delay(1)
                val log = ArrayList<String>()
                coroutineScope { launch { log.add("launched") } }
                log shouldContainExactly listOf("launched")
            }
        }

        test("a timeout around a scope that ends normally after its cancellation is a TimeoutException") {
            runVirtually {
                shouldThrow<TimeoutException> {
                    timeout(30.milliseconds) { coroutineScope { withContext(NonCancellable) { delay(60) } } }
                }
                shouldThrow<TimeoutException> {
                    timeout(30.milliseconds) { coroutineScope { runCatching { delay(5000) } } }
                }
                delay(1)
                coroutineScope { launch { sleep(1.milliseconds) } }
            }
        }

        test("a cancellation that code which cannot be cancelled has delayed is raised once") {
            runVirtually {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        withContext(NonCancellable) { delay(60) }
                        repeat(3) {
                            try {
                                delay(1)
                                log.add("on")
                            } catch (cancelled: CancelledError) {
                                log.add("cancelled ${cancelled.message}")
                            }
                        }
                    }
                delay(20)
                task.cancel("m")
                await(task)
                log shouldContainExactly listOf("cancelled m", "on", "on")
            }
        }

        test("a child that awaits what other code cancels is cancelled, and its scope goes on") {
            runVirtually {
                coroutineScope {
                    for (isLate in listOf(false, true)) {
                        val future = createTask { sleep(1.hours) }
                        val child =
                            launch {
                                if (isLate) sleep(1.seconds)
                                future.await()
                            }
                        val inside = launch { timeout(2.hours) { future.await() } }
                        delay(20)
                        future.cancel()
                        joinAll(child, inside)
                        child.isCancelled shouldBe true
                        inside.isCancelled shouldBe true
                        coroutineContext[Job]!!.isActive shouldBe true
                    }
                }
            }
        }

        test("await of a child that has failed raises what it has failed with") {
            runVirtually {
                val task =
                    createTask {
                        val failed =
                            CoroutineScope(currentCoroutineContext()).async {
                                delay(1)
                                throw IllegalArgumentException("bad")
                            }
                        runCatching { failed.await() }.exceptionOrNull().shouldBeInstanceOf<IllegalArgumentException>()
                    }
                shouldThrow<IllegalArgumentException> { await(task) }
            }
        }

        // ---- the dispatcher

        test("yield lets the others run") {
            runOn {
                var done = false
                var yields = 0
                createTask { done = true }
                while (!done) {
                    yield()
                    yields++
                }
                yields shouldBe 1
                val log = ArrayList<String>()
                val tasks =
                    listOf("a", "b").map { name ->
                        createTask {
                            repeat(3) {
                                log.add("$name$it")
                                yield()
                            }
                        }
                    }
                await(gather(tasks))
                log shouldContainExactly listOf("a0", "b0", "a1", "b1", "a2", "b2")
            }
        }

        test("a cancelled task sees it at a yield, once") {
            runOn {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        try {
                            while (true) yield()
                        } catch (_: CancelledError) {
                            log.add("cancelled")
                        }
                        yield()
                        delay(1)
                        turn()
                        log.add("survived")
                    }
                settle()
                task.cancel()
                await(task)
                log shouldContainExactly listOf("cancelled", "survived")
            }
        }

        test("thread-locals of kotlinx hold in every step") {
            val local = ThreadLocal.withInitial { "none" }
            runOn {
                val seen = ArrayList<String>()
                val task =
                    createTask {
                        withContext(local.asContextElement("A")) {
                            seen.add(local.get())
                            sleep(1.milliseconds)
                            seen.add(local.get())
                            delay(1)
                            seen.add(local.get())
                            turn()
                            seen.add(local.get())
                            await(coroutine { turn().also { seen.add(local.get()) } })
                            timeout(1.hours) {
                                turn()
                                seen.add(local.get())
                                delay(1)
                                seen.add(local.get())
                            }
                            seen.add(local.get())
                            withContext(Dispatchers.IO) { seen.add(local.get()) }
                            seen.add(local.get())
                            coroutineScope {
                                launch {
                                    turn()
                                    seen.add(local.get())
                                }
                                launch(local.asContextElement("B")) {
                                    seen.add(local.get())
                                    turn()
                                    turn()
                                    seen.add(local.get())
                                }
                            }
                            seen.add(local.get())
                        }
                        seen.add(local.get())
                        turn()
                        seen.add(local.get())
                    }
                val other = createTask { repeat(20) { turn().also { local.get() shouldBe "none" } } }
                await(gather(task, other))
                seen shouldContainExactly
                    listOf("A", "A", "A", "A", "A", "A", "A", "A", "A", "A", "B", "A", "B", "A", "none", "none")
                local.get() shouldBe "none"
            }
        }

        test("a child that starts at once has its own task from the beginning") {
            runVirtually {
                val own = Asyncio.currentTask()
                val log = ArrayList<String>()
                coroutineScope {
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        log.add("child")
                        Asyncio.currentTask() shouldNotBeSameInstanceAs own
                        sleep(1.seconds)
                        log.add("child slept")
                    }
                    log.add("body")
                    Asyncio.currentTask() shouldBeSameInstanceAs own
                    sleep(2.seconds)
                    log.add("body slept")
                }
                log shouldContainExactly listOf("child", "body", "child slept", "body slept")
            }
        }

        test("Dispatchers.Unconfined: code that other code of the loop resumes is still its own task") {
            runVirtually {
                val gate = CompletableDeferred<String>()
                val own = Asyncio.currentTask()
                coroutineScope {
                    val value =
                        async(Dispatchers.Unconfined) {
                            val task = Asyncio.currentTask()
                            task shouldNotBeSameInstanceAs own
                            val value = gate.await()
                            Asyncio.currentTask() shouldBeSameInstanceAs task
                            sleep(1.seconds)
                            Asyncio.currentTask() shouldBeSameInstanceAs task
                            value
                        }
                    turn()
                    gate.complete("opened")
                    Asyncio.currentTask() shouldBeSameInstanceAs own
                    sleep(1.hours)
                    value.await() shouldBe "opened"
                }
                withContext(Dispatchers.Unconfined) {
                    sleep(1.seconds)
                    Asyncio.currentTask() shouldBeSameInstanceAs own
                }
                sleep(1.seconds)
            }
        }

        test("a scope of one's own on the loop's dispatcher") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val scope = CoroutineScope(loop.asCoroutineDispatcher())
                val log = ArrayList<String>()
                val jobs =
                    listOf("a", "b").map {
                        scope.launch {
                            sleep(1.seconds)
                            log.add(it)
                            coroutineScope { sleep(1.seconds) }
                            delay(1)
                            timeout(1.seconds) { turn() }
                            log.add(it)
                        }
                    }
                jobs.joinAll()
                log shouldContainExactly listOf("a", "b", "a", "b")
                withContext(loop.asCoroutineDispatcher()) {
                    sleep(1.seconds)
                    delay(1)
                }
                CoroutineScope(loop.asCoroutineDispatcher().limitedParallelism(1))
                    .async {
                        sleep(1.seconds)
                        await(java { "body" })
                    }.await() shouldBe "body"
            }
        }

        // ---- the end of a task

        test("a task ends after the children that it has launched, as kotlinx's scopes do") {
            runVirtually {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        CoroutineScope(currentCoroutineContext()).launch {
                            delay(100)
                            sleep(100.milliseconds)
                            log.add("child done")
                        }
                        "body"
                    }
                log.add(await(task))
                log shouldContainExactly listOf("child done", "body")
            }
        }

        test("a child's failure fails the task, and cancels its body") {
            runVirtually {
                val log = ArrayList<String>()
                val waits = listOf<suspend () -> Unit>({ sleep(1.hours) }, { delay(3_600_000) }, { })
                for (wait in waits) {
                    val task =
                        createTask {
                            CoroutineScope(currentCoroutineContext()).launch {
                                sleep(1.seconds)
                                throw IllegalArgumentException("bad")
                            }
                            try {
                                wait()
                                log.add("ended")
                            } catch (cancelled: CancelledError) {
                                log.add("cancelled")
                                throw cancelled
                            }
                        }
                    shouldThrow<IllegalArgumentException> { await(task) }
                }
                log shouldContainExactly listOf("cancelled", "cancelled", "ended")
            }
        }

        test("cancel of a task whose body has ended cancels the children that it waits for") {
            runVirtually {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        CoroutineScope(currentCoroutineContext()).launch {
                            try {
                                sleep(1.hours)
                            } finally {
                                withContext(NonCancellable) { sleep(1.seconds) }
                                log.add("child")
                            }
                        }
                        log.add("body")
                    }
                settle()
                task.done() shouldBe false
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                log shouldContainExactly listOf("body", "child")
            }
        }

        test("a failure that no scope takes goes to the loop's exception handler") {
            runVirtually {
                val reports = collectReports()
                supervisorScope {
                    launch {
                        sleep(1.milliseconds)
                        error("bad")
                    }
                }
                settle()
                reports.single().exception()!!.message shouldBe "bad"
                reports.single().message() shouldContain "kotlinx"
            }
        }

        // ---- futures and Deferreds

        test("select over futures of asyncio") {
            runVirtually {
                val slow = createTask { sleep(2.seconds).let { "slow" } }
                val fast = createTask { sleep(1.seconds).let { "fast" } }
                select {
                    slow.onAwait { it }
                    fast.onAwait { it }
                } shouldBe "fast"
                select {
                    fast.onAwait { it }
                    slow.onAwait { it }
                } shouldBe "fast"
                await(slow) shouldBe "slow"
            }
        }

        test("select in a loop leaves nothing at a future that stays pending") {
            runVirtually {
                val pending = createTask { sleep(1.hours) }
                var callbacks = 0
                val counted =
                    object : Future<Unit> by pending {
                        override fun addDoneCallback(callback: DoneCallback<in Future<Unit>>) {
                            callbacks++
                            pending.addDoneCallback(callback)
                        }
                    }
                repeat(100) {
                    select {
                        counted.onAwait { "pending" }
                        onTimeout(1) { "time" }
                    } shouldBe "time"
                }
                callbacks shouldBe 1
                pending.cancel()
            }
        }

        test("a future as a Deferred, and back") {
            runVirtually {
                val task = createTask { sleep(1.seconds).let { 1 } }
                coroutineScope {
                    listOf(task.asDeferred(), async { sleep(2.seconds).let { 2 } }).awaitAll() shouldBe listOf(1, 2)
                    await(gather(async { sleep(1.seconds).let { 3 } }.asFuture(), createTask { 4 })) shouldBe
                        listOf(3, 4)
                }
                val cancelled = createTask { sleep(1.hours) }
                val deferred: Deferred<Unit> = cancelled.asDeferred()
                settle()
                deferred.cancel()
                settle()
                cancelled.cancelled() shouldBe true
                val failed = CompletableDeferred<Int>().asFuture()
                failed.cancel()
                settle()
                failed.cancelled() shouldBe true
                val bad = CompletableDeferred<Int>()
                val badFuture = bad.asFuture()
                bad.completeExceptionally(IllegalArgumentException("bad"))
                shouldThrow<IllegalArgumentException> { await(badFuture) }
                val job: Job = bad
                job.isCompleted shouldBe true
                badFuture shouldNotBe null
            }
        }
    })
