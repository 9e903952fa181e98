package benchmarks.work;

import io.vertx.core.Context;
import io.vertx.core.ThreadingModel;
import io.vertx.core.http.HttpClient;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** kotlinx-coroutines on the dispatcher of a Vert.x context; the work itself is in {@link KotlinxWork}. */
public class Kotlinx extends Work {
    private Context context;
    private HttpClient client;

    @Setup
    public void open(VertxLoop loop) throws Exception {
        context = loop.context(ThreadingModel.EVENT_LOOP);
        client = loop.httpClient();
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void sleep0() {
        KotlinxWork.sleep0(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int createAndAwait() {
        return KotlinxWork.createAndAwait(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherAtOnce() {
        return KotlinxWork.gatherAtOnce(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherSleepers() {
        return KotlinxWork.gatherSleepers(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int callbackSetsFuture() {
        return KotlinxWork.callbackSetsFuture(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void callLaterAndCancel() {
        KotlinxWork.callLaterAndCancel(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void taskGroup() {
        KotlinxWork.taskGroup(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int eagerGather() {
        return KotlinxWork.eagerGather(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int queuePingPong() {
        return KotlinxWork.queuePingPong(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int uncontendedLock() {
        return KotlinxWork.uncontendedLock(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int timeoutBlock() {
        return KotlinxWork.timeoutBlock(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int vertxDone() {
        return KotlinxWork.vertxDone(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int vertxPending() {
        return KotlinxWork.vertxPending(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int eventBus() {
        return KotlinxWork.eventBus(context, ops);
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long http1() {
        return KotlinxWork.http(context, client, 1, REQUESTS);
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public long http64() {
        return KotlinxWork.http(context, client, CLIENTS, CONCURRENT_REQUESTS / CLIENTS);
    }
}
