package benchmarks.work;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Vert.x's own await, on a context of the model VIRTUAL_THREAD. */
public class VertxAwait extends Work {
    private Context context;
    private HttpClient client;
    private RequestOptions request;

    @Setup
    public void open(VertxLoop loop) throws Exception {
        context = loop.context(ThreadingModel.VIRTUAL_THREAD);
        client = loop.httpClient();
        request = VertxLoop.request();
    }

    /** Vert.x has no sleep(0): what is queued behind this code completes what it waits for. */
    @Benchmark
    @OperationsPerInvocation(OPS)
    public void sleep0() throws InterruptedException {
        VertxLoop.runAndWait(context, 1, end -> {
            for (int i = 0; i < ops; i++) {
                var promise = Promise.<Integer>promise();
                context.runOnContext(v -> promise.complete(1));
                Future.await(promise.future());
            }
            end.countDown();
        });
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void vertxDone(Blackhole results) throws InterruptedException {
        VertxLoop.runAndWait(context, 1, end -> {
            var future = Future.succeededFuture(1);
            for (int i = 0; i < ops; i++) {
                results.consume(future.await());
            }
            end.countDown();
        });
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void vertxPending() throws InterruptedException {
        sleep0();
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void eventBus() throws InterruptedException {
        VertxLoop.runAndWait(context, 1, end -> {
            var bus = context.owner().eventBus();
            var consumer = bus.<Integer>consumer("echo", message -> message.reply(message.body()));
            int sum = 0;
            for (int i = 0; i < ops; i++) {
                sum += bus.<Integer>request("echo", i).await().body();
            }
            consumer.unregister().await();
            if (sum != 0) {
                end.countDown();
            }
        });
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void http1() throws InterruptedException {
        VertxLoop.runAndWait(context, 1, end -> get(REQUESTS, end));
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public void http64() throws InterruptedException {
        VertxLoop.runAndWait(context, CLIENTS, end -> {
            for (int i = 0; i < CLIENTS; i++) {
                context.runOnContext(v -> get(CONCURRENT_REQUESTS / CLIENTS, end));
            }
        });
    }

    private void get(int requests, CountDownLatch end) {
        long bytes = 0;
        for (int i = 0; i < requests; i++) {
            var response = client.request(request).await().send().await();
            bytes += response.body().await().length();
        }
        if (bytes > 0) {
            end.countDown();
        }
    }
}
