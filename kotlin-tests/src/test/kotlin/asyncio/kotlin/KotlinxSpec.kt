package asyncio.kotlin

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.Future
import asyncio.internal.testing.collectReports
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.isActive
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CountDownLatch
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.coroutines.suspendCoroutine
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** kotlinx's own suspending functions inside an asyncio task. */
class KotlinxSpec :
    FunSpec({
        suspend fun turn() = sleep(Duration.ZERO)

        suspend fun settle() = repeat(10) { turn() }

        /** Runs [part] and checks that it comes back where it left: on the loop, in its task. */
        suspend fun <T> comesBack(part: suspend () -> T): T {
            val task = Asyncio.currentTask()
            val loop = Asyncio.getRunningLoop()
            val thread = Thread.currentThread()
            try {
                return part()
            } finally {
                Asyncio.currentTask() shouldBeSameInstanceAs task
                Asyncio.getRunningLoop() shouldBeSameInstanceAs loop
                Thread.currentThread() shouldBeSameInstanceAs thread
            }
        }

        test("a completion handler of the Job that throws does not lose the other tasks") {
            val unwound = ArrayList<Int>()
            val reports = ArrayList<String>()
            runAsyncio {
                Asyncio.getRunningLoop().setExceptionHandler { _, report -> reports.add(report.message()) }
                repeat(3) {
                    createTask {
                        try {
                            sleep(1.hours)
                        } finally {
                            unwound.add(it)
                        }
                    }
                }
                await(
                    createTask {
                        currentCoroutineContext()[Job]!!.invokeOnCompletion {
                            throw IllegalStateException(
                                "in the handler",
                            )
                        }
                    },
                )
            }
            unwound shouldContainExactly listOf(0, 1, 2)
            reports.single() shouldContain "Job"
        }

        // ---- what works

        test("delay waits on the loop's own clock, while others run") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                val log = ArrayList<String>()
                val other =
                    createTask {
                        delay(1.hours)
                        log.add("an hour")
                    }
                comesBack { delay(2.hours) }
                log.add("two hours")
                await(other)
                log shouldContainExactly listOf("an hour", "two hours")
                loop.time() - start shouldBe java.time.Duration.ofHours(2)
                delay(0)
                delay(-1)
            }
        }

        test("a channel between two tasks") {
            runOn {
                val channel = Channel<Int>()
                val sender =
                    createTask {
                        repeat(100) { comesBack { channel.send(it) } }
                        channel.close()
                    }
                val received = ArrayList<Int>()
                comesBack { for (item in channel) received.add(item) }
                await(sender)
                received shouldBe (0 until 100).toList()
            }
        }

        test("a channel to a task from a foreign thread") {
            runOn {
                val channel = Channel<Int>(Channel.UNLIMITED)
                Thread { repeat(1000) { channel.trySend(it) } }.start()
                List(1000) { comesBack { channel.receive() } } shouldBe (0 until 1000).toList()
            }
        }

        test("a flow that waits, for asyncio and for kotlinx") {
            runVirtually {
                val numbers =
                    flow {
                        repeat(5) {
                            delay(1.seconds)
                            emit(it)
                            sleep(1.seconds)
                        }
                    }
                comesBack { numbers.map { it * 2 }.toList() } shouldBe listOf(0, 2, 4, 6, 8)
                comesBack { numbers.first() } shouldBe 0
            }
        }

        test("flows that have coroutines of their own, and are left early") {
            runOn {
                val numbers =
                    channelFlow {
                        repeat(100) {
                            delay(1)
                            send(it)
                        }
                    }
                comesBack { numbers.first() } shouldBe 0
                comesBack { numbers.flowOn(Dispatchers.Default).first { it == 3 } } shouldBe 3
                comesBack {
                    flow { repeat(10) { emit(it) } }.flowOn(Dispatchers.Default).toList()
                } shouldBe (0 until 10).toList()
                settle()
            }
        }

        test("withContext runs elsewhere and comes back") {
            runOn {
                val here = Thread.currentThread()
                val there = comesBack { withContext(Dispatchers.IO) { Thread.currentThread() } }
                there shouldNotBe here
                val bad = IllegalArgumentException("bad")
                val caught = comesBack { runCatching { withContext(Dispatchers.IO) { throw bad } }.exceptionOrNull() }
                caught.shouldBeInstanceOf<IllegalArgumentException>()
                // kotlinx hands on a copy with the original as its cause when it recovers stacks.
                (caught === bad || caught.cause === bad) shouldBe true
                comesBack { withContext(NonCancellable) { delay(1).let { "stayed" } } } shouldBe "stayed"
            }
        }

        test("coroutineScope with launch and async: the children are on the loop too") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                val thread = Thread.currentThread()
                val sum =
                    comesBack {
                        coroutineScope {
                            val parts =
                                List(10) {
                                    async {
                                        delay((10 - it).seconds)
                                        Thread.currentThread() shouldBeSameInstanceAs thread
                                        Asyncio.currentTask() shouldNotBe null
                                        it
                                    }
                                }
                            val jobs = List(10) { launch { delay(1.seconds) } }
                            jobs.joinAll()
                            parts.awaitAll().sum()
                        }
                    }
                sum shouldBe 45
                loop.time() - start shouldBe java.time.Duration.ofSeconds(10)
            }
        }

        test("a child that fails fails its scope, and the task can catch that") {
            runVirtually {
                val log = ArrayList<String>()
                val caught =
                    runCatching {
                        coroutineScope {
                            launch {
                                try {
                                    delay(1.hours)
                                } catch (cancelled: CancellationException) {
                                    log.add("sibling cancelled")
                                    throw cancelled
                                }
                            }
                            launch {
                                delay(1.seconds)
                                throw IllegalArgumentException("bad")
                            }
                        }
                    }.exceptionOrNull()
                caught.shouldBeInstanceOf<IllegalArgumentException>()
                log shouldContainExactly listOf("sibling cancelled")
                delay(1.seconds)
                sleep(1.seconds)
            }
        }

        test("a child that its scope cancels is no cancellation of the task") {
            runVirtually {
                comesBack {
                    coroutineScope {
                        val child = launch { delay(1.hours) }
                        delay(1.seconds)
                        child.cancel()
                        child.join()
                        child.isCancelled shouldBe true
                        delay(1.seconds)
                        "on"
                    }
                } shouldBe "on"
                Asyncio.currentTask()!!.cancelling() shouldBe 0
            }
        }

        test("one child of a scope may await asyncio's things") {
            runVirtually {
                coroutineScope {
                    val child =
                        async {
                            sleep(1.seconds)
                            await(java { Asyncio.sleep(java.time.Duration.ofSeconds(1), "slept").doAwait() })
                        }
                    child.await()
                } shouldBe "slept"
            }
        }

        test("a child that waits for kotlinx while the task waits for asyncio") {
            runVirtually {
                val log = ArrayList<String>()
                coroutineScope {
                    launch {
                        repeat(3) {
                            delay(1.seconds)
                            log.add("child $it")
                        }
                    }
                    sleep(2500.milliseconds)
                    log.add("body")
                    await(createTask { sleep(100.milliseconds) })
                    log.add("body again")
                }
                log shouldContainExactly listOf("child 0", "child 1", "body", "body again", "child 2")
            }
        }

        test("a continuation that another thread resumes") {
            runOn {
                repeat(200) { n ->
                    val value =
                        comesBack {
                            suspendCancellableCoroutine<Int> { continuation ->
                                Thread { continuation.resume(n) }.start()
                            }
                        }
                    value shouldBe n
                    comesBack {
                        suspendCoroutine<Int> { continuation -> Thread { continuation.resume(n) }.start() }
                    } shouldBe n
                }
                val bad = IllegalArgumentException("bad")
                val caught =
                    comesBack {
                        runCatching {
                            suspendCancellableCoroutine<Int> { continuation ->
                                Thread { continuation.resumeWithException(bad) }.start()
                            }
                        }.exceptionOrNull()
                    }
                caught.shouldBeInstanceOf<IllegalArgumentException>().message shouldBe "bad"
                suspendCancellableCoroutine<Int> { it.resume(1) } shouldBe 1
            }
        }

        test("continuations that many threads resume while the loop stands still") {
            runOn {
                val loop = Asyncio.getRunningLoop()
                val resumptions = ArrayList<CancellableContinuation<Int>>()
                val tasks =
                    List(2_000) { n ->
                        createTask { suspendCancellableCoroutine { resumptions.add(it) } + n }
                    }
                settle()
                resumptions.size shouldBe 2_000
                val threads =
                    List(4) { part ->
                        Thread { for (i in part until 2_000 step 4) resumptions[i].resume(i) }.apply { start() }
                    }
                var turns = 0
                while (threads.any { it.isAlive }) loop.callSoon { turns++ }
                await(gather(*tasks.toTypedArray())) shouldBe List(2_000) { 2 * it }
            }
        }

        test("withTimeout of kotlinx: the block that is late ends with kotlinx's exception, the task goes on") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                shouldThrow<TimeoutCancellationException> { comesBack { withTimeout(1.seconds) { delay(1.hours) } } }
                comesBack { withTimeoutOrNull(1.seconds) { delay(1.hours) } } shouldBe null
                comesBack { withTimeoutOrNull(1.hours) { delay(1.seconds).let { "in time" } } } shouldBe "in time"
                comesBack { withTimeout(1.hours) { sleep(1.seconds).let { "in time" } } } shouldBe "in time"
                loop.time() - start shouldBe java.time.Duration.ofSeconds(4)
                Asyncio.currentTask()!!.cancelling() shouldBe 0
                delay(1.seconds)
            }
        }

        test("withTimeout of kotlinx reaches what waits for asyncio in it") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                val futures = ArrayList<Future<*>>()
                val waits =
                    listOf<suspend () -> Unit>(
                        { sleep(1.hours) },
                        { await(loop.createFuture<Int>().also(futures::add)) },
                        { await(createTask { sleep(1.hours) }.also(futures::add)) },
                        { coroutineScope { launch { await(Asyncio.sleep(java.time.Duration.ofHours(1))) } } },
                    )
                for (wait in waits) {
                    shouldThrow<TimeoutCancellationException> { comesBack { withTimeout(1.seconds) { wait() } } }
                    comesBack { withTimeoutOrNull(1.seconds) { wait() } } shouldBe null
                }
                futures.map { it.cancelled() } shouldBe List(4) { true }
                loop.time() - start shouldBe java.time.Duration.ofSeconds(8)
                Asyncio.currentTask()!!.cancelling() shouldBe 0
                sleep(1.seconds)
            }
        }

        test("a child that its scope cancels while it waits for asyncio is no cancellation of the task") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                coroutineScope {
                    val child = launch { sleep(1.hours) }
                    delay(1.seconds)
                    child.cancel()
                    child.join()
                    sleep(1.seconds)
                }
                loop.time() - start shouldBe java.time.Duration.ofSeconds(2)
                Asyncio.currentTask()!!.cancelling() shouldBe 0
            }
        }

        test("kotlinx's Mutex, its Deferred and a Job of one's own") {
            runOn {
                val mutex = Mutex()
                var inside = 0
                val tasks =
                    List(20) {
                        createTask {
                            mutex.withLock {
                                (++inside) shouldBe 1
                                if (it % 2 == 0) turn() else delay(1)
                                inside--
                            }
                        }
                    }
                await(gather(*tasks.toTypedArray()))
                val deferred = CompletableDeferred<String>()
                val waiting = createTask { comesBack { deferred.await() } }
                turn()
                Thread { deferred.complete("there") }.start()
                await(waiting) shouldBe "there"
            }
        }

        test("a Deferred that somebody cancels cancels who waits for it, and nobody asked for that") {
            runOn {
                val deferred = CompletableDeferred<String>()
                val waiting = createTask { deferred.await() }
                turn()
                deferred.cancel()
                shouldThrow<CancelledError> { await(waiting) }
                waiting.cancelled() shouldBe true
                waiting.cancelling() shouldBe 0
            }
        }

        test("a kotlinx wait in a suspend function that a Java body awaits, on every kind of fiber") {
            for (kind in fiberKinds) {
                runOn(kind) {
                    await(
                        java {
                            val task = Asyncio.currentTask()
                            val values =
                                List(20) { n ->
                                    coroutine {
                                        delay(1)
                                        withContext(Dispatchers.IO) { n }
                                    }.doAwait()
                                }
                            Asyncio.currentTask() shouldBeSameInstanceAs task
                            values
                        },
                    ) shouldBe (0 until 20).toList()
                }
            }
        }

        // ---- cancellation

        val waits: List<Pair<String, suspend () -> Unit>> =
            listOf(
                "delay" to { delay(1.hours) },
                "a channel's receive" to { Channel<Int>().receive() },
                "a channel's send" to { Channel<Int>().send(1) },
                "a channel's iteration" to { for (item in Channel<Int>()) error("$item") },
                "a flow" to { flow<Int> { delay(1.hours) }.toList() },
                "a flow that collects asyncio" to { flow<Int> { sleep(1.hours) }.toList() },
                "a flow on another dispatcher" to { flow<Int> { delay(1.hours) }.flowOn(Dispatchers.Default).toList() },
                "withContext" to { withContext(Dispatchers.IO) { delay(1.hours) } },
                "coroutineScope" to { coroutineScope { delay(1.hours) } },
                "coroutineScope with asyncio" to { coroutineScope { sleep(1.hours) } },
                "launch" to { coroutineScope { repeat(3) { launch { delay(1.hours) } } } },
                "launch with asyncio" to { coroutineScope { launch { sleep(1.hours) } } },
                "launch beside asyncio" to {
                    coroutineScope {
                        launch { delay(1.hours) }
                        sleep(1.hours)
                    }
                },
                "supervisorScope" to { supervisorScope { launch { delay(1.hours) } } },
                "supervisorScope with asyncio" to { supervisorScope { launch { sleep(1.hours) } } },
                "async" to { coroutineScope { List(3) { async { delay(1.hours) } }.awaitAll() } },
                "join" to { coroutineScope { launch { delay(1.hours) }.join() } },
                "suspendCancellableCoroutine" to { suspendCancellableCoroutine<Unit> { } },
                "withTimeout" to { withTimeout(2.hours) { delay(1.hours) } },
                "withTimeoutOrNull" to { withTimeoutOrNull(2.hours) { delay(1.hours) } },
                "withTimeout around asyncio" to { withTimeout(2.hours) { sleep(1.hours) } },
                "a Mutex" to { Mutex(locked = true).lock() },
                "a Deferred" to { CompletableDeferred<Unit>().await() },
                "a Java body that awaits it" to { await(java { coroutine { delay(1.hours) }.doAwait() }) },
            )
        for ((name, wait) in waits) {
            test("cancel reaches $name and comes out as CancelledError") {
                runOn {
                    val reports = collectReports()
                    val log = ArrayList<Throwable>()
                    val task =
                        createTask {
                            try {
                                comesBack { wait() }
                            } catch (error: Throwable) {
                                log.add(error)
                                throw error
                            }
                        }
                    settle()
                    task.done() shouldBe false
                    task.cancel("stop") shouldBe true
                    val error = shouldThrow<CancelledError> { await(task) }
                    error.message shouldBe "stop"
                    task.cancelled() shouldBe true
                    task.cancelling() shouldBe 1
                    log.size shouldBe 1
                    log[0].shouldBeInstanceOf<CancelledError>()
                    reports.shouldBeEmpty()
                }
            }

            test("a cancellation at $name can be caught, once, and survived") {
                runOn {
                    var begun = 0
                    val task =
                        createTask {
                            var caught = 0
                            repeat(3) {
                                begun++
                                try {
                                    comesBack { wait() }
                                } catch (_: CancelledError) {
                                    caught++
                                }
                                comesBack { delay(1) }
                                sleep(1.milliseconds)
                                comesBack { withContext(Dispatchers.IO) { } }
                                comesBack { coroutineScope { launch { delay(1) } } }
                                currentCoroutineContext().isActive shouldBe true
                                currentCoroutineContext().ensureActive()
                            }
                            caught
                        }
                    for (n in 1..3) {
                        while (begun < n) sleep(1.milliseconds)
                        settle()
                        task.cancel()
                    }
                    await(task) shouldBe 3
                    task.cancelling() shouldBe 3
                    task.cancelled() shouldBe false
                }
            }

            test("a task that cancels itself sees it at $name") {
                runOn {
                    val task =
                        createTask {
                            Asyncio.currentTask()!!.cancel("self")
                            try {
                                wait()
                                "not here"
                            } catch (cancelled: CancelledError) {
                                delay(1)
                                cancelled.message
                            }
                        }
                    await(task) shouldBe "self"
                }
            }
        }

        test("uncancelled before it waits, it waits") {
            runVirtually {
                val task =
                    createTask {
                        val self = Asyncio.currentTask()!!
                        self.cancel()
                        self.uncancel()
                        delay(1.seconds)
                        "waited"
                    }
                await(task) shouldBe "waited"
            }
        }

        test("uncancelled after the wait was cut short, the error still comes, as from a cancelled future") {
            runOn {
                val task =
                    createTask {
                        try {
                            delay(1.hours)
                            "not here"
                        } catch (_: CancelledError) {
                            delay(1)
                            "caught"
                        }
                    }
                settle()
                task.cancel()
                task.uncancel()
                await(task) shouldBe "caught"
            }
        }

        test("cancelled twice before it is delivered: one error") {
            runOn {
                val task =
                    createTask {
                        val caught = runCatching { delay(1.hours) }.exceptionOrNull()
                        delay(1)
                        caught
                    }
                settle()
                task.cancel()
                task.cancel()
                await(task).shouldBeInstanceOf<CancelledError>()
                task.cancelling() shouldBe 2
            }
        }

        test("a value that was there when the cancel came is lost, as with a future") {
            runOn {
                var resumption: CancellableContinuation<Int>? = null
                val log = ArrayList<String>()
                val task =
                    createTask {
                        try {
                            log.add("got ${suspendCancellableCoroutine { resumption = it }}")
                        } catch (_: CancelledError) {
                            log.add("caught")
                        }
                    }
                settle()
                resumption!!.resume(1)
                task.cancel()
                await(task)
                log shouldContainExactly listOf("caught")
            }
        }

        test("an item of a channel is not lost to a cancelled receiver") {
            runOn {
                val channel = Channel<Int>()
                val receiver = createTask { channel.receive() }
                settle()
                receiver.cancel()
                settle()
                receiver.cancelled() shouldBe true
                val second = createTask { channel.receive() }
                settle()
                channel.trySend(7).isSuccess shouldBe true
                await(second) shouldBe 7
            }
        }

        test("a Mutex, a permit, an element that a task gets and is cancelled before it goes on are given back") {
            runVirtually {
                val mutex = Mutex()
                val permits = Semaphore(1)
                var undelivered = 0
                val channel = Channel<Int>(onUndeliveredElement = { undelivered = it })
                mutex.lock()
                permits.acquire()
                val tasks =
                    listOf(
                        createTask { mutex.withLock { } },
                        createTask { permits.withPermit { } },
                        createTask { channel.receive() },
                    )
                settle()
                mutex.unlock()
                permits.release()
                channel.trySend(7).isSuccess shouldBe true
                tasks.forEach { it.cancel() }
                await(gatherOutcomes(tasks))
                tasks.all { it.cancelled() } shouldBe true
                mutex.isLocked shouldBe false
                permits.availablePermits shouldBe 1
                undelivered shouldBe 7
            }
        }

        test("NonCancellable protects what is in it, and the error comes at the first wait after it, once") {
            runVirtually {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        withContext(NonCancellable) {
                            delay(2.seconds)
                            sleep(2.seconds)
                            delay(2.seconds)
                            log.add("protected")
                        }
                        try {
                            sleep(Duration.ZERO)
                            log.add("not here")
                        } catch (_: CancelledError) {
                            log.add("caught")
                        }
                        delay(1.seconds)
                        sleep(1.seconds)
                        log.add("survived")
                    }
                delay(1.seconds)
                task.cancel()
                delay(2.seconds)
                task.cancel()
                await(task)
                log shouldContainExactly listOf("protected", "caught", "survived")
            }
        }

        test("blocking code in withContext(IO) goes on to its end, and only then is the task cancelled") {
            runOn {
                val begun = CountDownLatch(1)
                val free = CountDownLatch(1)
                val log = java.util.Collections.synchronizedList(ArrayList<String>())
                val task =
                    createTask {
                        try {
                            withContext(Dispatchers.IO) {
                                begun.countDown()
                                free.await()
                                log.add("blocking code ends")
                            }
                        } catch (cancelled: CancelledError) {
                            log.add("caught")
                            throw cancelled
                        }
                    }
                toThread { begun.await() }
                task.cancel()
                settle()
                task.done() shouldBe false
                free.countDown()
                shouldThrow<CancelledError> { await(task) }
                log.toList() shouldContainExactly listOf("blocking code ends", "caught")
            }
        }

        test("children that are cancelled with the task clean up before it ends") {
            runVirtually {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        coroutineScope {
                            repeat(3) {
                                launch {
                                    try {
                                        delay(1.hours)
                                    } finally {
                                        withContext(NonCancellable) { delay(it.seconds) }
                                        log.add("child $it")
                                    }
                                }
                            }
                        }
                    }
                settle()
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                log shouldContainExactly listOf("child 0", "child 1", "child 2")
            }
        }

        test("a cancelled delay leaves no timer behind") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                val tasks = List(100) { createTask { delay(1.hours) } }
                settle()
                for (task in tasks) task.cancel()
                await(Asyncio.gatherOutcomes(tasks))
                sleep(1.seconds)
                sleep(1.seconds)
                loop.time() - start shouldBe java.time.Duration.ofSeconds(2)
            }
        }

        // ---- the Job

        test("a task's Job is active while it runs and done when it has ended, however that was") {
            runOn {
                val jobs = ArrayList<Job>()
                val contexts = ArrayList<CoroutineContext>()

                suspend fun note() {
                    jobs.add(currentCoroutineContext()[Job]!!)
                    contexts.add(currentCoroutineContext())
                    jobs.last().isActive shouldBe true
                }
                val good = createTask { note() }
                val bad =
                    createTask {
                        note()
                        error("bad")
                    }
                val cancelled =
                    createTask {
                        note()
                        delay(1.hours)
                    }
                val survivor =
                    createTask {
                        note()
                        runCatching { delay(1.hours) }
                        note()
                        delay(1)
                    }
                settle()
                cancelled.cancel()
                survivor.cancel()
                await(Asyncio.gatherOutcomes(listOf(good, bad, cancelled, survivor)))
                jobs.size shouldBe 5
                jobs.map { it.isCompleted } shouldBe List(5) { true }
                contexts.map { it[Job]!!.isActive } shouldBe List(5) { false }
            }
        }

        test("a context that was first asked for its Job after the task's end has none that is active") {
            runOn {
                var context: CoroutineContext? = null
                await(createTask { context = currentCoroutineContext() })
                context!![Job]!!.isActive shouldBe false
            }
        }

        // ---- misuse

        val asyncioThings: List<Pair<String, suspend () -> Unit>> =
            listOf(
                "sleep" to { sleep(1.milliseconds) },
                "sleep(0)" to { sleep(Duration.ZERO) },
                "await of a Java body" to { await(java { }) },
                "await of asyncio's sleep" to { await(Asyncio.sleep(java.time.Duration.ofMillis(1))) },
                "await of a coroutine that sleeps" to { await(coroutine { sleep(1.milliseconds) }) },
            )
        for ((name, call) in asyncioThings) {
            test("$name inside withContext(IO) is refused, with advice, and the task takes no harm") {
                runOn {
                    repeat(20) {
                        val error = runCatching { withContext(Dispatchers.IO) { call() } }.exceptionOrNull()
                        error.shouldBeInstanceOf<IllegalStateException>()
                        error.message!! shouldContain "off its loop"
                        error.message!! shouldContain "withContext"
                        comesBack { sleep(Duration.ZERO) }
                    }
                }
            }
        }

        test("await of a pending future inside withContext(IO) is refused") {
            runOn {
                val pending = Asyncio.getRunningLoop().createFuture<Int>()
                val error = runCatching { withContext(Dispatchers.IO) { await(pending) } }.exceptionOrNull()
                error.shouldBeInstanceOf<IllegalStateException>().message!! shouldContain "off its loop"
                val noLoop = runCatching { withContext(Dispatchers.IO) { createTask { } } }.exceptionOrNull()
                noLoop.shouldBeInstanceOf<IllegalStateException>().message!! shouldContain "No running event loop"
                val thread = runCatching { withContext(Dispatchers.IO) { toThread { } } }.exceptionOrNull()
                thread.shouldBeInstanceOf<IllegalStateException>()
                sleep(Duration.ZERO)
            }
        }
    })
