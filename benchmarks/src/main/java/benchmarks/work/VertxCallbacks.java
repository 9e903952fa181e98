package benchmarks.work;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.ThreadingModel;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** Vert.x as it is written without coroutines. */
public class VertxCallbacks extends Work {
    private static final Handler<Long> NOTHING = id -> {};

    private Context context;
    private HttpClient client;
    private RequestOptions request;
    private long bytes;

    @Setup
    public void open(VertxLoop loop) throws Exception {
        context = loop.context(ThreadingModel.EVENT_LOOP);
        client = loop.httpClient();
        request = VertxLoop.request();
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void callSoonChain() throws InterruptedException {
        VertxLoop.runAndWait(
                context,
                1,
                end -> context.runOnContext(new Handler<>() {
                    private int left = ops;

                    @Override
                    public void handle(Void nothing) {
                        if (--left == 0) {
                            end.countDown();
                        } else {
                            context.runOnContext(this);
                        }
                    }
                }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void callLaterAndCancel() throws InterruptedException {
        VertxLoop.runAndWait(
                context,
                1,
                end -> context.runOnContext(new Handler<>() {
                    private int left = ops;

                    @Override
                    public void handle(Void nothing) {
                        var vertx = context.owner();
                        for (int i = 0; i < TIMERS; i++) {
                            vertx.cancelTimer(vertx.setTimer(100_000, NOTHING));
                        }
                        left -= TIMERS;
                        if (left <= 0) {
                            end.countDown();
                        } else {
                            context.runOnContext(this);
                        }
                    }
                }));
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
                get(CONCURRENT_REQUESTS / CLIENTS, end);
            }
        });
    }

    private void get(int requests, CountDownLatch end) {
        if (requests == 0) {
            end.countDown();
            return;
        }
        client.request(request)
                .onComplete(
                        toServer -> toServer.send()
                                .onComplete(
                                        response -> response.body()
                                                .onComplete(body -> got(body.getBytes(), requests, end), this::failed),
                                        this::failed),
                        this::failed);
    }

    private void got(byte[] body, int requests, CountDownLatch end) {
        bytes += body.length;
        get(requests - 1, end);
    }

    private void failed(Throwable failure) {
        failure.printStackTrace();
    }
}
