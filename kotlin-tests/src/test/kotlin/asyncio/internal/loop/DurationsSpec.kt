package asyncio.internal.loop

import asyncio.Asyncio
import asyncio.TimerHandle
import asyncio.internal.testing.Ticks
import asyncio.internal.testing.java
import asyncio.internal.testing.runJavaVirtually
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import asyncio.kotlin.await
import asyncio.kotlin.sleep
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.math.BigInteger
import java.time.Duration
import java.util.Random
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

class DurationsSpec :
    FunSpec({
        val longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)
        val shortest = Duration.ofSeconds(Long.MIN_VALUE)

        test("nanosOf is exact where nanoseconds fit, and keeps the sign where they do not") {
            nanosOf(Duration.ZERO) shouldBe 0
            nanosOf(Duration.ofNanos(1)) shouldBe 1
            nanosOf(Duration.ofNanos(-1)) shouldBe -1
            nanosOf(Duration.ofSeconds(-1, 1)) shouldBe -999_999_999
            nanosOf(Duration.ofDays(36_500)) shouldBe 36_500L * 86_400 * 1_000_000_000
            nanosOf(longest) shouldBe Long.MAX_VALUE
            nanosOf(shortest) shouldBe Long.MIN_VALUE
        }

        test("nanosOf is monotonic, and right but for the last two seconds, all over the range") {
            val random = Random(1)
            val durations =
                List(20_000) {
                    Duration.ofSeconds(random.nextLong() shr random.nextInt(64), random.nextInt(1_000_000_000).toLong())
                }.sorted()
            durations.zipWithNext { a, b -> check(nanosOf(a) <= nanosOf(b)) { "$a $b" } }
            val second = BigInteger.valueOf(1_000_000_000)
            val max = BigInteger.valueOf(Long.MAX_VALUE)
            for (duration in durations) {
                val exact = BigInteger.valueOf(duration.seconds) * second + BigInteger.valueOf(duration.nano.toLong())
                val nanos = BigInteger.valueOf(nanosOf(duration))
                if (exact.abs() < max - second - second) {
                    check(nanos == exact) { "$duration" }
                } else {
                    check(nanos.signum() == exact.signum() && nanos.abs() >= max - second - second) { "$duration" }
                }
            }
        }

        for (overdue in listOf(shortest, Duration.ofSeconds(-9_300_000_000), Duration.ofNanos(-1), Duration.ZERO)) {
            test("callLater, callAt and sleep that are overdue by $overdue are due at once, not in a day") {
                runVirtually {
                    val loop = Asyncio.getRunningLoop()
                    sleep(5.seconds)
                    val before = loop.time()
                    repeat(3) {
                        val later = loop.createFuture<String>()
                        loop.callLater(overdue) { later.setResult("due") }
                        await(later) shouldBe "due"
                        val fromCallback = loop.createFuture<String>()
                        loop.callSoon { loop.callLater(overdue) { fromCallback.setResult("due") } }
                        await(fromCallback) shouldBe "due"
                        val at = loop.createFuture<String>()
                        loop.callAt(overdue) { at.setResult("due") }
                        await(at) shouldBe "due"
                        await(Asyncio.sleep(overdue, "due")) shouldBe "due"
                        sleep(overdue.toKotlinDuration())
                    }
                    // Virtual time moves only when the loop waits for a timer.
                    loop.time() shouldBe before
                }
                // The real clock goes on between the setting and the looking.
                runOn {
                    val loop = Asyncio.getRunningLoop()
                    val later = loop.createFuture<String>()
                    loop.callLater(overdue) { later.setResult("due") }
                    await(later) shouldBe "due"
                    val at = loop.createFuture<String>()
                    loop.callAt(overdue) { at.setResult("due") }
                    await(at) shouldBe "due"
                }
            }
        }

        test("those that never come are in nobody's way") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val never =
                    List(2) { loop.callLater(longest) { error("came") } } + loop.callAt(longest) { error("came") }
                val sleeper = loop.createTask(Asyncio.sleep(longest))
                val start = loop.time()
                sleep(1.seconds)
                sleep(30.hours)
                loop.time() - start shouldBe Duration.ofHours(30).plusSeconds(1)
                never[2].`when`() shouldBe longest
                sleeper.done() shouldBe false
                never.forEach { it.cancel() }
                sleeper.cancel()
            }
        }

        test("a timer beyond a day comes on time, though the host is never asked for more than a day") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                sleep(1000.hours)
                loop.time() - start shouldBe Duration.ofHours(1000)
            }
        }

        test("timers come in the order of their deadlines, equal ones in the order they were set") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val log = ArrayList<String>()
                val at = loop.time().plusSeconds(3)
                for (name in listOf("a", "b", "c", "d", "e", "f")) loop.callAt(at) { log.add(name) }
                loop.callAt(at.minusNanos(1)) { log.add("before") }
                loop.callAt(at.plusNanos(1)) { log.add("after") }
                loop.callSoon { log.add("soon") }
                sleep(4.seconds)
                log shouldBe listOf("soon", "before", "a", "b", "c", "d", "e", "f", "after")
            }
        }

        test("a timer that was called off does not come, not even of the same moment") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val log = ArrayList<String>()
                val at = loop.time().plusSeconds(1)
                val handles = ArrayList<TimerHandle>()
                loop.callAt(at) {
                    log.add("first")
                    handles[0].cancel()
                }
                handles.add(loop.callAt(at) { log.add("second") })
                sleep(2.seconds)
                log shouldBe listOf("first")
                handles[0].cancelled() shouldBe true
            }
        }

        test("a nanosecond is a wait, for a suspend function and for a Java body") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                sleep(1.nanoseconds)
                loop.time() - start shouldBe Duration.ofNanos(1)
            }
            runJavaVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                Asyncio.sleep(Duration.ofNanos(1)).doAwait()
                loop.time() - start shouldBe Duration.ofNanos(1)
            }
        }

        test("an earlier timer wakes a loop that fell asleep for a later one") {
            runOn {
                val loop = Asyncio.getRunningLoop()
                val late = loop.callLater(Duration.ofHours(5)) { error("came") }
                val done = loop.createFuture<String>()
                Thread {
                    loop.callSoonThreadsafe {
                        loop.callLater(
                            Duration.ofMillis(1),
                        ) { done.setResult("early") }
                    }
                }.start()
                await(done) shouldBe "early"
                late.cancel()
            }
        }

        test("an endless chain of callbacks starves no timer") {
            runOn {
                val ticks = Ticks()
                await(java { Asyncio.sleep(Duration.ofMillis(20)).doAwait() })
                ticks.stop()
                ticks.count > 10
            } shouldBe true
        }
    })
