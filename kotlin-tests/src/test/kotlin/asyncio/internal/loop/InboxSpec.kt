package asyncio.internal.loop

import asyncio.internal.callback.ThreadsafeHandle
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.testing.ThreadHost
import asyncio.internal.testing.onNewThread
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

class InboxSpec :
    FunSpec({
        val loop = EventLoopImpl(ThreadHost())
        afterSpec { loop.close() }

        test("tells whoever put the first in, and gives all in order") {
            val inbox = Inbox()
            val ready = ReadyQueue()
            val taken = ArrayList<Int>()
            inbox.isEmpty() shouldBe true
            List(5) { i -> inbox.put(ThreadsafeHandle(loop) { taken.add(i) }) } shouldBe
                listOf(true, false, false, false, false)
            inbox.isEmpty() shouldBe false
            inbox.drainTo(ready)
            inbox.isEmpty() shouldBe true
            inbox.put(ThreadsafeHandle(loop) { taken.add(5) }) shouldBe true
            inbox.drainTo(ready)
            while (ready.size > 0) ready.poll().turn()
            taken shouldBe listOf(0, 1, 2, 3, 4, 5)
        }

        test("drained while empty, it gives nothing") {
            val ready = ReadyQueue()
            Inbox().drainTo(ready)
            ready.size shouldBe 0
        }

        test("cleared, it is empty, and the next one is the first again") {
            val inbox = Inbox()
            inbox.put(ThreadsafeHandle(loop) {})
            inbox.clear()
            inbox.isEmpty() shouldBe true
            inbox.put(ThreadsafeHandle(loop) {}) shouldBe true
        }

        test("from many threads: nothing is lost, each thread's own order is kept, each emptiness is noticed once") {
            val threads = 6
            val each = 20_000
            val inbox = Inbox()
            val ready = ReadyQueue()
            val seen = Array(threads) { ArrayList<Int>(each) }
            val firsts = AtomicInteger()
            val start = CountDownLatch(1)
            var drains = 0
            onNewThread {
                val senders =
                    List(threads) { sender ->
                        thread(isDaemon = true) {
                            start.await()
                            repeat(each) { i ->
                                if (inbox.put(ThreadsafeHandle(loop) { seen[sender].add(i) })) firsts.incrementAndGet()
                            }
                        }
                    }
                start.countDown()
                var taken = 0
                while (taken < threads * each) {
                    if (inbox.isEmpty()) {
                        check(senders.any { it.isAlive } || !inbox.isEmpty()) { "lost ${threads * each - taken}" }
                        continue
                    }
                    inbox.drainTo(ready)
                    drains++
                    while (ready.size > 0) {
                        ready.poll().turn()
                        taken++
                    }
                }
                senders.forEach { it.join() }
            }
            inbox.isEmpty() shouldBe true
            seen.forEach { it shouldBe (0 until each).toList() }
            firsts.get() shouldBe drains
        }
    })
