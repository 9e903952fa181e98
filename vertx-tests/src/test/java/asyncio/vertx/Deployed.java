package asyncio.vertx;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A Vert.x for a test, and what a test's own thread does with it. */
final class Deployed implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();

    /** Waits, for tens of seconds at most: that long only where the test fails. */
    static <T> T get(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) throw error;
            throw (Exception) failed.getCause();
        }
    }

    static <E extends Throwable> E failure(Class<E> type, Future<?> future) {
        return assertThrows(type, () -> get(future));
    }

    /** Runs {@code call} as a handler on a new event-loop context. */
    <T> T inHandler(Callable<T> call) throws Exception {
        return get(Future.future(promise -> vertx.getOrCreateContext().runOnContext(ignored -> {
            try {
                promise.complete(call.call());
            } catch (Throwable error) {
                promise.fail(error);
            }
        })));
    }

    @Override
    public void close() throws Exception {
        get(vertx.close());
    }
}
