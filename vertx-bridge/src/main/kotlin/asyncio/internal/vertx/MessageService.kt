package asyncio.internal.vertx

import asyncio.Coroutine
import asyncio.Future
import asyncio.Task
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.whenInLoop
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.gatherOutcomes
import io.vertx.core.eventbus.Message
import io.vertx.core.eventbus.MessageConsumer
import io.vertx.core.eventbus.ReplyException
import io.vertx.core.eventbus.ReplyFailure

/** One task for each message of a consumer, as many at a time as [limit]; it ends when it is cancelled, or the consumer is unregistered. */
internal class MessageService<T>(
    private val loop: EventLoopImpl,
    private val consumer: MessageConsumer<T>,
    private val limit: Int,
    private val answer: (Message<T>) -> Coroutine<*>,
) {
    private val tasks = LinkedHashSet<Task<*>>()
    private val ended: Future<Unit> = loop.createFuture()

    suspend fun run(): Void? {
        consumer.pause()
        consumer.exceptionHandler { error -> loop.whenInLoop { if (!ended.done()) ended.setException(error) } }
        consumer.endHandler { loop.whenInLoop { if (!ended.done()) ended.setResult(Unit) } }
        consumer.handler(::came)
        consumer.fetch(limit.toLong())
        try {
            await(consumer.completion().let { VertxOperation(loop, it) })
            await(ended)
        } finally {
            unregister()
            val left = tasks.toList()
            for (task in left) task.cancel()
            await(gatherOutcomes(left))
        }
        return null
    }

    private suspend fun unregister() {
        val unregistered = loop.createFuture<Unit>()
        (loop.host as VertxHost).execute {
            consumer.unregister().onComplete { _, _ ->
                loop.whenInLoop { if (!unregistered.done()) unregistered.setResult(Unit) }
            }
        }
        await(unregistered)
    }

    /** In the context of the message, which its task keeps. */
    private fun came(message: Message<T>): Unit =
        loop.whenInLoop {
            try {
                val task = loop.createTask(answer(message), "message to ${message.address()}")
                tasks.add(task)
                task.addDoneCallback { ended(message, it) }
            } catch (refused: IllegalStateException) {
                fail(message, refused)
            }
        }

    private fun ended(
        message: Message<T>,
        task: Future<*>,
    ) {
        tasks.remove(task)
        consumer.fetch(1)
        val error = if (task.cancelled()) IllegalStateException("The consumer has ended") else task.exception()
        when {
            error != null -> fail(message, error)
            message.replyAddress() != null -> reply(message, task.result())
        }
    }

    private fun reply(
        message: Message<T>,
        value: Any?,
    ) {
        try {
            message.reply(value)
        } catch (noCodec: IllegalArgumentException) {
            fail(message, noCodec)
        }
    }

    private fun fail(
        message: Message<T>,
        error: Throwable,
    ) {
        if (message.replyAddress() == null) {
            loop.callExceptionHandler(
                asyncio.ExceptionContext
                    .of("A message to ${message.address()} was not handled")
                    .withException(error),
            )
            return
        }
        val code =
            if (error is ReplyException && error.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
                error.failureCode()
            } else {
                -1
            }
        message.fail(code, error.message ?: error.toString())
    }
}

/** What stands behind the functions for the event bus. */
public object EventBusMessages {
    @JvmStatic
    public fun <T> serve(
        consumer: MessageConsumer<T>,
        limit: Int,
        answer: (Message<T>) -> Coroutine<*>,
    ): Coroutine<Void?> {
        require(limit > 0) { "limit is how many messages may be handled at a time, and at least 1: $limit" }
        val loop = ContextLoops.here("serve")
        return coroutine { MessageService(loop, consumer, limit, answer).run() }
    }
}
