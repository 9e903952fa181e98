package benchmarks.work;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A Vert.x with one event loop, for the peers that stand on it. It ends with its process: to close it takes seconds.
 */
@State(Scope.Thread)
public class VertxLoop {
    public Vertx vertx;

    @Setup
    public void open() {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    }

    /** The context of a verticle of this model. */
    public Context context(ThreadingModel model) throws Exception {
        var verticle = new AbstractVerticle() {
            Context context() {
                return context;
            }
        };
        vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return verticle.context();
    }

    public HttpClient httpClient() {
        return vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(Work.POOL));
    }

    public static RequestOptions request() {
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(Work.HOST)
                .setPort(Work.port())
                .setURI("/");
    }

    /** Runs the work on the context, and waits until it has counted down to zero. */
    public static void runAndWait(Context context, int count, Consumer<CountDownLatch> work)
            throws InterruptedException {
        var end = new CountDownLatch(count);
        context.runOnContext(v -> work.accept(end));
        end.await();
    }
}
