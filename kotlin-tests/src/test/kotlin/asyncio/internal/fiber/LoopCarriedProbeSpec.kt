package asyncio.internal.fiber

import asyncio.internal.thread.VirtualThreads
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor

/** What the start-up probe says of JVMs that run virtual threads in other ways. */
class LoopCarriedProbeSpec :
    FunSpec({
        val hasSchedulers = VirtualThreads.whyNoScheduler == null

        test("this JVM passes").config(enabled = hasSchedulers) {
            LoopCarriedProbe.failure shouldBe null
            FiberKind.available().first() shouldBe FiberKind.LOOP
        }

        test("a JVM with the builder's constructor only passes").config(enabled = hasSchedulers) {
            val create = VirtualThreads.fromBuilder()
            LoopCarriedProbe.failureWith { scheduler, body -> create.invoke(scheduler, body) as Thread } shouldBe null
        }

        test("a JVM that wraps what it hands over").config(enabled = hasSchedulers) {
            LoopCarriedProbe.failureWith { scheduler, body ->
                VirtualThreads.create(Executor { task -> scheduler.execute { task.run() } }, body)
            } shouldBe "a yield is handed over as another object"
        }

        test("a JVM that hands over on another thread").config(enabled = hasSchedulers) {
            var isFirst = true
            LoopCarriedProbe.failureWith { scheduler, body ->
                VirtualThreads.create(
                    Executor { task ->
                        if (isFirst) {
                            isFirst = false
                            scheduler.execute(task)
                        } else {
                            CompletableFuture.runAsync { scheduler.execute(task) }.join()
                        }
                    },
                    body,
                )
            } shouldBe "a yield is handed over on another thread"
        }

        test("a JVM that runs virtual threads without the scheduler").config(enabled = VirtualThreads.factory != null) {
            LoopCarriedProbe.failureWith { _, body -> VirtualThreads.factory!!.newThread(body) } shouldBe
                "a start is handed over 0 times"
        }

        test("an interrupt does not make it fail, and is kept").config(enabled = hasSchedulers) {
            Thread.currentThread().interrupt()
            LoopCarriedProbe.failureWith(VirtualThreads::create) shouldBe null
            Thread.interrupted() shouldBe true
        }

        test("a JVM whose threads cannot be made") {
            LoopCarriedProbe.failureWith { _, _ -> throw IllegalAccessError("closed") } shouldBe
                "a virtual thread with a scheduler of ours fails: java.lang.IllegalAccessError: closed"
        }
    })
