package benchmarks.http;

import benchmarks.work.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The rows of HTTP. A subclass is one client; it is opened for one errand, and keeps its connections. */
public abstract class HttpWork extends Work {
    /** Requests in one invocation of http1000. */
    private static final int MANY_REQUESTS = 10_000;

    private static final int MANY_CLIENTS = 1_000;

    /** Large bodies that are under way at once, and in one invocation. */
    private static final int LARGE_BODIES_AT_ONCE = 8;

    private static final int LARGE_BODIES = 64;

    protected Errand errand;

    @Setup
    public void open(BenchmarkParams benchmark) throws Exception {
        errand = Errand.of(benchmark);
        open();
    }

    @TearDown
    public void shut() throws Exception {
        close();
    }

    /** Makes the client ready for the errand. */
    protected abstract void open() throws Exception;

    /** Runs the errand: so many clients at once, each with so many requests, one after the other. */
    protected abstract void run(int clients, int requestsOfEach) throws Exception;

    protected void close() throws Exception {}

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void http1() throws Exception {
        run(1, REQUESTS);
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public void http64() throws Exception {
        run(CLIENTS, CONCURRENT_REQUESTS / CLIENTS);
    }

    @Benchmark
    @OperationsPerInvocation(MANY_REQUESTS)
    public void http1000() throws Exception {
        run(MANY_CLIENTS, MANY_REQUESTS / MANY_CLIENTS);
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public void post() throws Exception {
        run(CLIENTS, CONCURRENT_REQUESTS / CLIENTS);
    }

    @Benchmark
    @OperationsPerInvocation(LARGE_BODIES)
    public void download() throws Exception {
        run(LARGE_BODIES_AT_ONCE, LARGE_BODIES / LARGE_BODIES_AT_ONCE);
    }

    @Benchmark
    @OperationsPerInvocation(LARGE_BODIES)
    public void upload() throws Exception {
        run(LARGE_BODIES_AT_ONCE, LARGE_BODIES / LARGE_BODIES_AT_ONCE);
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public void getJson() throws Exception {
        run(CLIENTS, CONCURRENT_REQUESTS / CLIENTS);
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public void postJson() throws Exception {
        run(CLIENTS, CONCURRENT_REQUESTS / CLIENTS);
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public void tls() throws Exception {
        run(CLIENTS, CONCURRENT_REQUESTS / CLIENTS);
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public void http2() throws Exception {
        run(CLIENTS, CONCURRENT_REQUESTS / CLIENTS);
    }
}
