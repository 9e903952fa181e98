package benchmarks.work;

import java.util.concurrent.ThreadFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Virtual threads on a carrier of our own and nothing else: what the JVM itself takes. */
public class BareVirtualThreads extends Work {
    private static final Runnable NOTHING = () -> {};

    private final Carrier carrier = new Carrier();
    private final ThreadFactory threads = carrier.threads();
    private int sum;

    /** One {@code Thread.yield()}: away from the carrier and back. */
    @Benchmark
    @OperationsPerInvocation(OPS)
    public void sleep0() {
        threads.newThread(() -> {
                    for (int i = 0; i < ops; i++) {
                        Thread.yield();
                    }
                })
                .start();
        carrier.run();
    }

    /** From the start of a thread to its end. */
    @Benchmark
    @OperationsPerInvocation(OPS)
    public void createAndAwait() {
        for (int i = 0; i < ops; i++) {
            threads.newThread(NOTHING).start();
            carrier.run();
        }
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherAtOnce() {
        for (int i = 0; i < ops; i += GATHERED) {
            for (int j = 0; j < GATHERED; j++) {
                int value = j;
                threads.newThread(() -> sum += value).start();
            }
            carrier.run();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherSleepers() {
        for (int i = 0; i < ops; i += GATHERED) {
            for (int j = 0; j < GATHERED; j++) {
                int value = j;
                threads.newThread(() -> {
                            Thread.yield();
                            sum += value;
                        })
                        .start();
            }
            carrier.run();
        }
        return sum;
    }
}
