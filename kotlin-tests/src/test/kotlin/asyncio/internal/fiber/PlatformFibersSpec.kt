package asyncio.internal.fiber

import asyncio.internal.run.EventLoopImpl
import asyncio.internal.testing.ThreadHost
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.concurrent.ThreadFactory

class PlatformFibersSpec :
    FunSpec({
        fun start(error: Throwable) {
            val loop = EventLoopImpl(ThreadHost(), FiberKind.PLATFORM)
            try {
                PlatformFibers(loop, ThreadFactory { throw error }).start {}
            } finally {
                loop.close()
            }
        }

        test("a thread that the machine refuses is a refusal with advice") {
            val before = ThreadLimit.inUse
            val error =
                OutOfMemoryError(
                    "unable to create native thread: possibly out of memory or process/resource limits reached",
                )
            val refusal = shouldThrow<IllegalStateException> { start(error) }
            refusal.message shouldContain "the machine starts no more"
            refusal.message shouldContain "Java 21"
            refusal.cause shouldBeSameInstanceAs error
            ThreadLimit.inUse shouldBe before
        }

        test("any other error goes on as it is") {
            val before = ThreadLimit.inUse
            for (error in listOf(OutOfMemoryError("Java heap space"), InternalError("other"))) {
                shouldThrow<Error> { start(error) } shouldBeSameInstanceAs error
            }
            ThreadLimit.inUse shouldBe before
        }
    })
