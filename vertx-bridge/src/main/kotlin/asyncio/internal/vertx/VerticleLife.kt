package asyncio.internal.vertx

import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.Task
import asyncio.TaskOptions
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.onUnseenFailure
import io.vertx.core.Context
import io.vertx.core.Deployable
import io.vertx.core.Future
import io.vertx.core.internal.ContextInternal

/**
 * A verticle whose begin and end are coroutines on the loop of its context.
 *
 * ```
 * NEW --deploy--> STARTING --start() returns--> STARTED --undeploy: stop(), then the loop ends--> the deployment has ended
 *                     \--start() or a background task fails: the loop ends--> the deployment has failed
 * ```
 *
 * Code of the verticle's loop changes it.
 */
public class VerticleLife(
    private val verticle: Deployable,
    private val undeploysOnFailure: () -> Boolean,
) {
    private lateinit var context: ContextInternal

    /** That of the verticle's context, also after its end. */
    public lateinit var loop: EventLoopImpl
        private set

    /** The task of start() until that has ended. */
    private var starting: Task<*>? = null

    /** What a background task has failed with, meanwhile. */
    private var failure: Throwable? = null

    public fun deploy(
        context: Context,
        start: Coroutine<*>,
    ): Future<*> {
        this.context = context as ContextInternal
        loop =
            try {
                ContextLoops.of(context)
            } catch (refused: IllegalStateException) {
                start.close()
                return context.failedFuture<Void>(refused)
            }
        val deployed = context.promise<Void>()
        val task = loop.createTask(start, "start of $name")
        starting = task
        task.addDoneCallback {
            starting = null
            val error = failure ?: errorOf(task)
            // Where it is undeployed during the start, Vert.x has failed the deployment, and takes no other outcome.
            if (context.closeFuture().isClosed) return@addDoneCallback
            if (error == null) {
                deployed.tryComplete()
            } else {
                end().onComplete { _, _ -> deployed.tryFail(error) }
            }
        }
        return deployed.future()
    }

    public fun undeploy(stop: Coroutine<*>): Future<*> {
        if (loop.isClosed) {
            stop.close()
            return context.succeededFuture<Void>()
        }
        val undeployed = context.promise<Void>()
        val task = loop.createTask(stop, "stop of $name")
        task.addDoneCallback {
            val error = errorOf(task)
            end().onComplete { _, endError -> undeployed.complete(null, error ?: endError) }
        }
        return undeployed.future()
    }

    private fun end(): Future<Void> = ContextLoops.end(context)

    /** A task of the verticle: its failure is the verticle's, unless some code takes it. */
    public fun <T> createTask(
        coroutine: Coroutine<T>,
        options: TaskOptions,
    ): Task<T> {
        val task = loop.createTask(coroutine, options)
        onUnseenFailure(task) { failed(task, it) }
        return task
    }

    private fun failed(
        task: Task<*>,
        error: Throwable,
    ) {
        val starting = starting
        if (starting != null) {
            if (failure == null) failure = error else loop.callExceptionHandler(report(task, error))
            starting.cancel("A background task of the verticle has failed")
            return
        }
        loop.callExceptionHandler(report(task, error))
        val deploymentId = context.deploymentID()
        if (undeploysOnFailure() && deploymentId != null) context.owner().undeploy(deploymentId)
    }

    private fun report(
        task: Task<*>,
        error: Throwable,
    ) = ExceptionContext.of("A background task of $name has failed").withException(error).withFuture(task)

    private fun errorOf(task: Task<*>): Throwable? =
        if (task.cancelled()) CancelledError("${task.getName()} was cancelled") else task.exception()

    private val name: String get() = "verticle ${verticle.javaClass.simpleName.ifEmpty { verticle.javaClass.name }}"
}
