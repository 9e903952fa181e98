package asyncio.vertx;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.Task;
import asyncio.TaskOptions;
import asyncio.internal.vertx.VerticleLife;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A verticle whose {@link #start()} and {@link #stop()} are coroutines on the loop of its own context: they may await,
 * and throw what they like.
 *
 * <p>{@snippet : public final class Web extends AsyncioVerticle { public void start() {
 * await(vertx.createHttpServer().requestHandler(this::handle).listen(8080)); createTask(() -> { while (true) {
 * await(sleep(ofSeconds(60))); refresh(); } }); } } }
 *
 * <p>The deployment has succeeded when {@code start()} returns. When the verticle is undeployed, {@code stop()} runs
 * first; then all tasks of the loop are cancelled and awaited, so that their {@code finally} blocks run, and the loop
 * is closed. Each instance has its own context, and so its own loop. The threading model has to be EVENT_LOOP, the
 * default: with another one the deployment fails, because a loop needs one thread that never blocks.
 *
 * <p>It implements {@link Deployable} and does not extend {@link io.vertx.core.VerticleBase}, whose {@code start()}
 * returns a future.
 */
public abstract class AsyncioVerticle implements Deployable {
    /** The Vert.x that has deployed this verticle. */
    protected Vertx vertx;

    /** The context of this verticle. */
    protected Context context;

    private @Nullable VerticleLife life;

    /** For subclasses. Vert.x sets the fields before {@link #start()} runs. */
    @SuppressWarnings("NullAway.Init")
    protected AsyncioVerticle() {}

    /**
     * Runs when the verticle is deployed, in a task on its loop. The deployment fails with what this throws.
     *
     * @throws Exception for the deployment to fail with
     */
    public void start() throws Exception {}

    /**
     * Runs when the verticle is undeployed, in a task on its loop; the other tasks still run. The undeployment ends
     * with what this throws, after the tasks were cancelled and awaited. It does not run if the deployment has failed.
     *
     * @throws Exception for the undeployment to fail with
     */
    public void stop() throws Exception {}

    /**
     * Makes a background task of the verticle, which ends with it at the latest. On the verticle's context.
     *
     * <p>If it fails and no code takes its exception, by awaiting it for example, then the verticle has failed: while
     * {@code start()} runs, that is cancelled and the deployment fails with the exception; later the exception is
     * reported to {@linkplain EventLoop#setExceptionHandler the exception handler of the loop}, or logged, and the
     * verticle is undeployed if {@link #undeploysOnFailure()}. Python: {@code asyncio.create_task}.
     *
     * @throws IllegalStateException if the verticle is not deployed, or the calling code is not on its context
     */
    protected final <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
        return life().createTask(coroutine, TaskOptions.NONE);
    }

    /** {@link #createTask(Coroutine)} with a name; null for one that is made up. */
    protected final <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name) {
        return life().createTask(coroutine, name == null ? TaskOptions.NONE : TaskOptions.named(name));
    }

    /** {@link #createTask(Coroutine)} with a name, a context, or an eager start. */
    protected final <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options) {
        return life().createTask(coroutine, options);
    }

    /** {@link #createTask(Coroutine)} of a body. */
    protected final <T extends @Nullable Object> Task<T> createTask(Callable<? extends T> body) {
        return life().createTask(Asyncio.async(body), TaskOptions.NONE);
    }

    /** {@link #createTask(Coroutine)} of a body without a result. */
    protected final Task<@Nullable Void> createTask(Action body) {
        return life().createTask(Asyncio.async(body), TaskOptions.NONE);
    }

    /**
     * Whether a background task that fails after the start ends the verticle. False unless a subclass says otherwise.
     */
    protected boolean undeploysOnFailure() {
        return false;
    }

    /**
     * The loop of the verticle's context; a closed one once the verticle is undeployed. From any thread.
     *
     * @throws IllegalStateException if the verticle is not deployed yet
     */
    public final EventLoop loop() {
        return life().getLoop();
    }

    /** The configuration that the verticle was deployed with. */
    public final JsonObject config() {
        return context.config();
    }

    /** The ID of the deployment. */
    public final String deploymentID() {
        return context.deploymentID();
    }

    /** For Vert.x. */
    @Override
    public final Future<?> deploy(Context context) {
        this.vertx = context.owner();
        this.context = context;
        var life = new VerticleLife(this, this::undeploysOnFailure);
        this.life = life;
        return life.deploy(context, Asyncio.async(this::start));
    }

    /** For Vert.x. */
    @Override
    public final Future<?> undeploy(Context context) {
        return life().undeploy(Asyncio.async(this::stop));
    }

    private VerticleLife life() {
        var life = this.life;
        if (life == null) {
            throw new IllegalStateException("This verticle is not deployed: call this in start(), or later");
        }
        return life;
    }
}
