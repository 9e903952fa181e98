package benchmarks.work;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all peers have in common. A subclass is one peer, and each of its benchmarks is a row of the table, by its name.
 *
 * <p>One invocation hands many operations to the peer's loop and waits for the end of the last, so that the way to the
 * loop and back does not count. Peers on slow carriers are given fewer (-Dbenchmarks.ops together with JMH's -opi).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public abstract class Work {
    /** Operations in one invocation, unless the command line says otherwise. */
    public static final int OPS = 100_000;

    /** Requests in one invocation of a row with one client. */
    public static final int REQUESTS = 1_000;

    /** Requests in one invocation of a row with 64 clients. */
    public static final int CONCURRENT_REQUESTS = 6_400;

    /** Clients at once, unless a row says otherwise. */
    public static final int CLIENTS = 64;

    /** Size of one gather. */
    public static final int GATHERED = 1_000;

    /** Timers that are set and cancelled before the loop gets its turn. */
    public static final int TIMERS = 100;

    /** Connections a pool may open: one for each client, however many there are. */
    public static final int POOL = 1_000;

    /** Where the servers of the HTTP rows listen. */
    public static final String HOST = "127.0.0.1";

    protected final int ops = Integer.getInteger("benchmarks.ops", OPS);

    public static int port() {
        return Integer.getInteger("benchmarks.port", 8080);
    }

    public static int tlsPort() {
        return Integer.getInteger("benchmarks.tlsPort", 8443);
    }
}
