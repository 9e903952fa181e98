package asyncio.internal.task

import asyncio.AsyncGenerator
import asyncio.StopIteration
import asyncio.internal.fiber.Fiber
import java.util.concurrent.Callable
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/** The body of an async generator that is Java code, on a stack of its own. */
internal class JavaGeneratorBody<T>(
    body: AsyncGenerator.Body<T>,
) : GeneratorBody<T>(),
    AsyncGenerator.Yielder<T> {
    private var body: AsyncGenerator.Body<T>? = body
    private var fiber: Fiber? = null

    override fun resume(
        consumer: GeneratorConsumer,
        isFirst: Boolean,
    ): Any? {
        if (isFirst) {
            fiber =
                consumer.driver.loop.fibers
                    .create(Callable<Any?> { runBody() })
        }
        fiber!!.parent = consumer
        consumer.driver.resumeNext(fiber!!)
        return COROUTINE_SUSPENDED
    }

    override fun canGoOnIn(loop: TaskLoop): Boolean = fiber!!.canGoOnWith(loop.fibers)

    override fun goOnIn(loop: TaskLoop) {
        fiber!!.loop = loop
    }

    private fun runBody() {
        val body = body!!
        this.body = null
        try {
            body.run(this)
        } catch (end: StopIteration) {
            throw raisedByGenerator(end)
        }
    }

    override fun <S> yield(item: T): S {
        val driver = Suspension.ofJavaBody("yield")
        val fiber = driver.fiber!!
        check(fiber === this.fiber && !fiber.isFinished) {
            "yield belongs into the generator's own body, while that runs, and not into a task or callback of it"
        }
        suspended()
        // No local variable here may hold the consumer: it holds the generator, which can become garbage now.
        (fiber.parent as GeneratorConsumer).give(item)
        try {
            fiber.suspend()
        } catch (notSuspended: Throwable) {
            notSuspended()
            driver.forgetNext()
            throw notSuspended
        }
        @Suppress("UNCHECKED_CAST")
        return takeSent().getOrThrow() as S
    }

    override fun forgetConsumer() {
        fiber?.parent = null
    }
}
