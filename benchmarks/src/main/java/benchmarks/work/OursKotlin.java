package benchmarks.work;

import static asyncio.Asyncio.newEventLoop;

import asyncio.Asyncio;
import asyncio.EventLoop;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** asyncio4j from Kotlin; the work itself is in {@link OursKotlinWork}. */
public class OursKotlin extends Work {
    private EventLoop loop;

    @Setup
    public void open() {
        loop = newEventLoop();
    }

    @TearDown
    public void close() {
        loop.close();
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void sleep0() {
        loop.runUntilComplete(OursKotlinWork.sleep0(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int createAndAwait() {
        return loop.runUntilComplete(OursKotlinWork.createAndAwait(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherAtOnce() {
        return loop.runUntilComplete(OursKotlinWork.gatherAtOnce(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherSleepers() {
        return loop.runUntilComplete(OursKotlinWork.gatherSleepers(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int callbackSetsFuture() {
        return loop.runUntilComplete(OursKotlinWork.callbackSetsFuture(loop, ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void taskGroup() {
        loop.runUntilComplete(OursKotlinWork.taskGroup(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int eagerGather() {
        loop.setTaskFactory(Asyncio.eagerTaskFactory());
        return loop.runUntilComplete(OursKotlinWork.gatherAtOnce(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int queuePingPong() {
        return loop.runUntilComplete(OursKotlinWork.queuePingPong(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int uncontendedLock() {
        return loop.runUntilComplete(OursKotlinWork.uncontendedLock(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int timeoutBlock() {
        return loop.runUntilComplete(OursKotlinWork.timeoutBlock(ops));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int vertxDone(VertxLoop vertx) {
        return OursKotlinWork.vertxDone(vertx.vertx, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int vertxPending(VertxLoop vertx) {
        return OursKotlinWork.vertxPending(vertx.vertx, ops);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int eventBus(VertxLoop vertx) {
        return OursKotlinWork.eventBus(vertx.vertx, ops);
    }
}
