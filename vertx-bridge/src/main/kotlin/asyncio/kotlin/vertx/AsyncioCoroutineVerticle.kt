package asyncio.kotlin.vertx

import asyncio.Coroutine
import asyncio.EventLoop
import asyncio.Task
import asyncio.TaskOptions
import asyncio.internal.vertx.VerticleLife
import asyncio.kotlin.coroutine
import io.vertx.core.Context
import io.vertx.core.Deployable
import io.vertx.core.Future
import io.vertx.core.Vertx
import io.vertx.core.json.JsonObject

/**
 * A verticle whose [start] and [stop] are suspend functions on the loop of its own context: they may await, of asyncio and of kotlinx.
 * See [asyncio.vertx.AsyncioVerticle], its twin for Java, for what a deployment and an undeployment do.
 *
 * ```
 * class Web : AsyncioCoroutineVerticle() {
 *     override suspend fun start() {
 *         await(vertx.createHttpServer().requestHandler(::handle).listen(8080))
 *         createTask {
 *             while (true) {
 *                 sleep(1.minutes)
 *                 refresh()
 *             }
 *         }
 *     }
 * }
 * ```
 */
public abstract class AsyncioCoroutineVerticle : Deployable {
    /** The Vert.x that has deployed this verticle. */
    protected lateinit var vertx: Vertx
        private set

    /** The context of this verticle. */
    protected lateinit var context: Context
        private set

    private val life = VerticleLife(this, ::undeploysOnFailure)

    /** Runs when the verticle is deployed, in a task on its loop. The deployment fails with what this throws. */
    protected open suspend fun start(): Unit = Unit

    /** Runs when the verticle is undeployed, in a task on its loop, before the other tasks are cancelled and awaited. */
    protected open suspend fun stop(): Unit = Unit

    /** Makes a background task of the verticle; see [asyncio.vertx.AsyncioVerticle.createTask]. On the verticle's context. */
    protected fun <T> createTask(block: suspend () -> T): Task<T> = createTask(coroutine(block))

    /** [createTask] with a name. */
    protected fun <T> createTask(
        name: String,
        block: suspend () -> T,
    ): Task<T> = createTask(coroutine(block), TaskOptions.named(name))

    /** [createTask] of a coroutine, perhaps with a name, a context, or an eager start. */
    protected fun <T> createTask(
        coroutine: Coroutine<T>,
        options: TaskOptions = TaskOptions.NONE,
    ): Task<T> = life.createTask(coroutine, options)

    /** Whether a background task that fails after the start ends the verticle. */
    protected open fun undeploysOnFailure(): Boolean = false

    /** The loop of the verticle's context; a closed one once the verticle is undeployed. From any thread, once it is deployed. */
    public val loop: EventLoop get() = life.loop

    /** The configuration that the verticle was deployed with. */
    public val config: JsonObject get() = context.config() ?: JsonObject()

    /** The ID of the deployment. */
    public val deploymentID: String get() = context.deploymentID()

    /** For Vert.x. */
    final override fun deploy(context: Context): Future<*> {
        vertx = context.owner()
        this.context = context
        return life.deploy(context, coroutine { start() })
    }

    /** For Vert.x. */
    final override fun undeploy(context: Context): Future<*> = life.undeploy(coroutine { stop() })
}
